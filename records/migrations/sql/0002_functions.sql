-- Who is asking, and what that person may see. Every policy calls these once per statement, never per row.

CREATE SCHEMA app;

-- The actor of this transaction; null when nobody has said who they are, and then nothing is visible.
CREATE FUNCTION app.actor_id() RETURNS uuid
LANGUAGE sql STABLE AS $$
  SELECT NULLIF(current_setting('app.actor', true), '')::uuid
$$;

-- The day according to the injected clock.
CREATE FUNCTION app.today() RETURNS date
LANGUAGE sql STABLE AS $$
  SELECT coalesce(NULLIF(current_setting('app.today', true), '')::date, current_date)
$$;

-- Every service the actor works in today, in any role.
CREATE FUNCTION app.my_services() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT a.service_id), '{}')
  FROM assignments a
  WHERE a.practitioner_id = app.actor_id()
    AND a.since <= app.today()
    AND (a.until IS NULL OR a.until >= app.today())
$$;

-- Services where the actor meets children, as opposed to steering or running the system.
CREATE FUNCTION app.my_practice() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT a.service_id), '{}')
  FROM assignments a
  WHERE a.practitioner_id = app.actor_id()
    AND a.role IN ('educator', 'health_nurse', 'counsellor', 'child_welfare_worker', 'unit_leader')
    AND a.since <= app.today()
    AND (a.until IS NULL OR a.until >= app.today())
$$;

-- Units whose children the actor works with: the own unit, and those the service reaches.
CREATE FUNCTION app.my_units() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT app.my_practice() || coalesce(array_agg(r.unit_id), '{}')
  FROM service_reaches r
  WHERE r.service_id = ANY (app.my_practice())
    AND r.unit_id IS NOT NULL
$$;

-- Municipalities the actor serves: those of the own services, and those a shared service covers.
CREATE FUNCTION app.my_municipalities() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT found.id), '{}')
  FROM (
    SELECT s.municipality_id AS id FROM services s WHERE s.id = ANY (app.my_services())
    UNION
    SELECT r.municipality_id FROM service_reaches r WHERE r.service_id = ANY (app.my_services())
    UNION
    SELECT s.municipality_id FROM service_reaches r JOIN services s ON s.id = r.unit_id
    WHERE r.service_id = ANY (app.my_services())
  ) found
  WHERE found.id IS NOT NULL
$$;

-- Municipalities where the actor holds this role today.
CREATE FUNCTION app.municipalities_as(wanted text) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT s.municipality_id), '{}')
  FROM assignments a JOIN services s ON s.id = a.service_id
  WHERE a.practitioner_id = app.actor_id()
    AND a.role = wanted
    AND a.since <= app.today()
    AND (a.until IS NULL OR a.until >= app.today())
$$;

-- Children the actor is kept away from; asked before anything that grants.
CREATE FUNCTION app.barred_children() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(b.child_id), '{}')
  FROM bars b
  WHERE b.practitioner_id = app.actor_id() AND b.until IS NULL
$$;

-- Whether somebody else is kept away from a child: asked before a baton is offered or a service let in.
CREATE FUNCTION app.is_barred(practitioner uuid, child uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM bars b WHERE b.practitioner_id = practitioner AND b.child_id = child AND b.until IS NULL
  )
$$;

-- How many batons somebody carries, so that the next one can be offered with care.
CREATE FUNCTION app.batons_held(practitioner uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) FROM cases c WHERE c.holder_id = practitioner AND c.state <> 'closed'
$$;

-- Cases the actor takes part in now.
CREATE FUNCTION app.visible_cases() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT p.case_id), '{}')
  FROM participations p JOIN cases c ON c.id = p.case_id
  WHERE p.practitioner_id = app.actor_id()
    AND p.until IS NULL
    AND c.child_id <> ALL (app.barred_children())
$$;

-- Cases the actor may answer for without being inside: an offered baton, an open invitation to the service.
CREATE FUNCTION app.reachable_cases() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT app.visible_cases() || coalesce(array_agg(DISTINCT found.id), '{}')
  FROM (
    SELECT c.id, c.child_id FROM cases c WHERE c.offered_to_id = app.actor_id()
    UNION
    SELECT c.id, c.child_id
    FROM invitations i JOIN cases c ON c.id = i.case_id
    WHERE i.service_id = ANY (app.my_services()) AND i.state <> 'withdrawn' AND c.state <> 'closed'
  ) found
  WHERE found.child_id <> ALL (app.barred_children())
$$;

-- Worries the actor wrote, or is the nearest leader of.
CREATE FUNCTION app.visible_signals() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(s.id), '{}')
  FROM signals s
  WHERE (s.author_id = app.actor_id() OR s.leader_id = app.actor_id())
    AND s.child_id <> ALL (app.barred_children())
$$;

-- Children the actor meets in a file: through a case, an answerable case, a worry or a received report.
CREATE FUNCTION app.filed_children() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT found.child_id), '{}')
  FROM (
    SELECT c.child_id FROM cases c WHERE c.id = ANY (app.reachable_cases())
    UNION
    SELECT s.child_id FROM signals s WHERE s.id = ANY (app.visible_signals())
    UNION
    SELECT r.child_id FROM concern_reports r
    WHERE r.reporter_id = app.actor_id() OR r.service_id = ANY (app.my_practice())
  ) found
  WHERE found.child_id <> ALL (app.barred_children())
$$;

-- Whether a child has an open case: a yes or no, so that nobody opens a second one unawares.
CREATE FUNCTION app.has_open_case(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM cases c WHERE c.child_id = wanted AND c.state <> 'closed')
$$;

-- How many open cases still live under a guide's version.
CREATE FUNCTION app.open_cases_under(wanted uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) FROM cases c WHERE c.guide_id = wanted AND c.state <> 'closed'
$$;

-- True until somebody takes part: the one moment a first participant may be written.
CREATE FUNCTION app.is_new_case(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT NOT EXISTS (SELECT 1 FROM participations p WHERE p.case_id = wanted)
$$;

-- Who must say yes before this child's case is shared: the youth alone from the municipality's age,
-- otherwise everybody with parental responsibility. Null stands for the child.
CREATE FUNCTION app.consenters(wanted uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT g.id
  FROM cases c
  JOIN children k ON k.id = c.child_id
  JOIN municipalities m ON m.id = c.municipality_id
  JOIN guardians g ON g.child_id = k.id AND g.responsible
  WHERE c.id = wanted
    AND k.born_on > app.today() - make_interval(years => coalesce((m.settings ->> 'youth_consent_age')::int, 16))
  UNION ALL
  SELECT NULL
  FROM cases c
  JOIN children k ON k.id = c.child_id
  JOIN municipalities m ON m.id = c.municipality_id
  WHERE c.id = wanted
    AND k.born_on <= app.today() - make_interval(years => coalesce((m.settings ->> 'youth_consent_age')::int, 16))
$$;

-- The one answer to «may this be shared»: everybody who must has said yes, and it has not run out.
-- A null service asks about the log itself.
CREATE FUNCTION app.consent_reaches(wanted uuid, service uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH needed AS (SELECT n.n AS guardian_id FROM app.consenters(wanted) AS n(n)),
  answered AS (
    SELECT n.guardian_id,
      EXISTS (
        SELECT 1 FROM consents s
        WHERE s.case_id = wanted
          AND s.service_id IS NOT DISTINCT FROM service
          AND s.guardian_id IS NOT DISTINCT FROM n.guardian_id
          AND s.state IN ('given', 'limited')
          AND (s.expires_on IS NULL OR s.expires_on >= app.today())
      ) AS yes
    FROM needed n
  )
  SELECT count(*) > 0 AND bool_and(yes) FROM answered
$$;

-- Lower case without the marks that people leave out when they search.
CREATE FUNCTION app.fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT translate(lower(words), 'åäàáâæøöòóôèéêëìíîïùúûüčđŋšŧž', 'aaaaaaoooooeeeeiiiiuuuucdnstz')
$$;

-- Children in the actor's units whose names begin with the words; the same scope as the list.
CREATE FUNCTION app.search_children(words text, most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT k.id
  FROM children k
  WHERE (k.unit_id = ANY (app.my_units()) OR k.id = ANY (app.filed_children()))
    AND k.id <> ALL (app.barred_children())
    AND NOT EXISTS (
      SELECT 1
      FROM unnest(regexp_split_to_array(trim(app.fold(words)), '\s+')) AS word
      WHERE NOT EXISTS (
        SELECT 1
        FROM unnest(regexp_split_to_array(app.fold(k.first_name || ' ' || k.last_name), '[\s-]+')) AS part
        WHERE starts_with(part, word)
      )
    )
  ORDER BY app.fold(k.last_name), app.fold(k.first_name)
  LIMIT most
$$;

-- Open cases without a name in sight, for whoever coordinates there: nearest deadline first, read from the
-- deadlines' own order so that the length of the list, not of the table, is what it costs.
CREATE FUNCTION app.case_overview(wanted text, day date, most integer) RETURNS TABLE (
  case_id uuid, number text, unit_id uuid, state text, holder_id uuid, relay_state text, due text, due_on date,
  last_activity_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  (
    SELECT DISTINCT ON (d.target_on, c.id) c.id, c.number, c.unit_id, c.state, c.holder_id, c.relay_state, d.due,
      d.target_on, c.last_activity_at
    FROM deadlines d JOIN cases c ON c.id = d.case_id
    WHERE wanted <> 'no_deadline'
      AND d.municipality_id = ANY (app.municipalities_as('coordinator'))
      AND d.settled_at IS NULL
      AND c.state <> 'closed'
      AND d.target_on BETWEEN CASE wanted WHEN 'this_week' THEN day WHEN 'on_track' THEN day + 8
          ELSE '-infinity'::date END
        AND CASE wanted WHEN 'overdue' THEN day - 1 WHEN 'this_week' THEN day + 7 ELSE 'infinity'::date END
    ORDER BY d.target_on, c.id
    LIMIT most
  )
  UNION ALL
  (
    SELECT c.id, c.number, c.unit_id, c.state, c.holder_id, c.relay_state, NULL, NULL, c.last_activity_at
    FROM cases c
    WHERE wanted = 'no_deadline'
      AND c.municipality_id = ANY (app.municipalities_as('coordinator'))
      AND c.state <> 'closed'
      AND NOT EXISTS (SELECT 1 FROM deadlines d WHERE d.case_id = c.id AND d.settled_at IS NULL)
    ORDER BY c.last_activity_at
    LIMIT most
  )
$$;

-- How many of those deadlines stand in each group.
CREATE FUNCTION app.case_overview_counts(day date) RETURNS TABLE (
  overdue bigint, this_week bigint, on_track bigint, open bigint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT
    (SELECT count(*) FROM deadlines d WHERE d.municipality_id = ANY (app.municipalities_as('coordinator'))
      AND d.case_id IS NOT NULL AND d.settled_at IS NULL AND d.target_on < day),
    (SELECT count(*) FROM deadlines d WHERE d.municipality_id = ANY (app.municipalities_as('coordinator'))
      AND d.case_id IS NOT NULL AND d.settled_at IS NULL AND d.target_on BETWEEN day AND day + 7),
    (SELECT count(*) FROM deadlines d WHERE d.municipality_id = ANY (app.municipalities_as('coordinator'))
      AND d.case_id IS NOT NULL AND d.settled_at IS NULL AND d.target_on > day + 7),
    (SELECT count(*) FROM cases c WHERE c.municipality_id = ANY (app.municipalities_as('coordinator'))
      AND c.state <> 'closed')
$$;

-- Seals one act: an audit entry per file, the flows to start, and the key it was done under. The only way
-- in to these tables, so no act can be written without its trail.
CREATE FUNCTION app.write_act(
  notes jsonb, flows jsonb, done jsonb, actor uuid, role text, at timestamptz
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  note jsonb;
  head audit_heads%ROWTYPE;
  sealed bytea;
BEGIN
  IF actor IS DISTINCT FROM app.actor_id() THEN
    RAISE EXCEPTION 'an act is written by whoever acts' USING ERRCODE = '42501';
  END IF;
  FOR note IN SELECT * FROM jsonb_array_elements(notes) LOOP
    INSERT INTO audit_heads (id, municipality_id, file_kind, seq, hash, changed_at)
    VALUES ((note ->> 'file_id')::uuid, (note ->> 'municipality_id')::uuid, note ->> 'file_kind', 0,
      sha256(convert_to(note ->> 'file_id', 'UTF8')), at)
    ON CONFLICT (id) DO NOTHING;
    SELECT * INTO STRICT head FROM audit_heads WHERE id = (note ->> 'file_id')::uuid FOR UPDATE;
    sealed := app.seal(head.hash, head.id, head.seq + 1, at, actor, role, note ->> 'act', note ->> 'body');
    INSERT INTO audit (id, municipality_id, file_kind, file_id, seq, at, actor_id, role, act, body, previous, hash)
    VALUES ((note ->> 'id')::uuid, head.municipality_id, head.file_kind, head.id, head.seq + 1, at, actor, role,
      note ->> 'act', note ->> 'body', head.hash, sealed);
    UPDATE audit_heads SET seq = head.seq + 1, hash = sealed, changed_at = at WHERE id = head.id;
  END LOOP;
  INSERT INTO outbox (id, flow, ids, not_before, created_at, attempts, handovers)
  SELECT (f ->> 'id')::uuid, f ->> 'flow', f -> 'ids', coalesce((f ->> 'not_before')::timestamptz, at), at, 0, 0
  FROM jsonb_array_elements(flows) AS f;
  IF done IS NOT NULL AND done <> 'null'::jsonb THEN
    INSERT INTO done_acts (id, actor_id, key, act, fingerprint, result, at)
    VALUES ((done ->> 'id')::uuid, actor, done ->> 'key', done ->> 'act', done ->> 'fingerprint',
      done -> 'result', at);
  END IF;
END
$$;

-- The seal of one audit entry: everything it says, and the seal before it.
CREATE FUNCTION app.seal(
  previous bytea, file uuid, seq bigint, at timestamptz, actor uuid, role text, act text, body text
) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(previous || convert_to(
    concat_ws(E'\x1f', file::text, seq::text, extract(epoch FROM at)::numeric(20, 6)::text, actor::text, role, act,
      body), 'UTF8'))
$$;

-- What was done under a key, if anything; only for the actor it belongs to.
CREATE FUNCTION app.done_under(wanted text) RETURNS SETOF done_acts
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM done_acts d WHERE d.actor_id = app.actor_id() AND d.key = wanted
$$;

-- The next running number of a municipality's cases.
CREATE FUNCTION app.next_case_number(wanted uuid) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE municipalities SET case_counter = case_counter + 1
  WHERE id = wanted AND id = ANY (app.my_municipalities())
  RETURNING case_counter
$$;
