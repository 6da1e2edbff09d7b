-- Odd readings, the access log and why somebody sees a case. The data protection officer reads who did what and when, on
-- files named by numbers; a child's name, and what stands in a file, are in none of these answers.

-- What a file is called by those who may not know whose it is: the case's number, or the last letters of the child's id.
CREATE FUNCTION app.child_of_file(file uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(
    (SELECT c.child_id FROM cases c WHERE c.id = file),
    (SELECT s.child_id FROM signals s WHERE s.id = file),
    (SELECT r.child_id FROM concern_reports r WHERE r.id = file),
    (SELECT k.id FROM children k WHERE k.id = file))
$$;
CREATE FUNCTION app.file_name(file uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(
    (SELECT c.number FROM cases c WHERE c.id = file),
    'B-' || upper(right(app.child_of_file(file)::text, 6)), '')
$$;
CREATE FUNCTION app.files_of_child(child uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT array_agg(found.id) FROM (
    SELECT child AS id
    UNION ALL SELECT c.id FROM cases c WHERE c.child_id = child
    UNION ALL SELECT s.id FROM signals s WHERE s.child_id = child
    UNION ALL SELECT r.id FROM concern_reports r WHERE r.child_id = child
  ) found
$$;

-- Whether somebody had a part in a case, something to answer in it, or a service asked into it, at a moment in the past.
CREATE FUNCTION app.was_in_case(person uuid, wanted uuid, moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM participations p
    WHERE p.case_id = wanted AND p.practitioner_id = person AND p.since <= moment
      AND (p.until IS NULL OR p.until >= moment)
    UNION ALL
    SELECT 1 FROM handovers h
    WHERE h.case_id = wanted AND h.to_id = person AND h.offered_at <= moment
      AND (h.settled_at IS NULL OR h.settled_at >= moment)
    UNION ALL
    SELECT 1 FROM invitations i JOIN assignments a ON a.service_id = i.service_id
    WHERE i.case_id = wanted AND i.asked_at <= moment AND i.state <> 'withdrawn' AND a.practitioner_id = person
      AND a.since <= moment::date AND (a.until IS NULL OR a.until >= moment::date)
  )
$$;

-- The same for any file: a worry's author and leader, a report's sender and receiving service, and a child through these.
CREATE FUNCTION app.was_related(person uuid, file uuid, moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT app.was_in_case(person, file, moment) OR EXISTS (
    SELECT 1 FROM signals s
    WHERE (s.id = file OR s.child_id = file) AND (s.author_id = person OR s.leader_id = person)
    UNION ALL
    SELECT 1 FROM cases c WHERE c.child_id = file AND app.was_in_case(person, c.id, moment)
    UNION ALL
    SELECT 1 FROM concern_reports r
    WHERE (r.id = file OR r.child_id = file)
      AND (r.reporter_id = person OR EXISTS (
        SELECT 1 FROM assignments a
        WHERE a.practitioner_id = person AND a.service_id = r.service_id AND a.since <= moment::date
          AND (a.until IS NULL OR a.until >= moment::date)))
  )
$$;

-- What the nightly rules ask about each read and each look-up that found nobody: answers, and no name. For jobs.
CREATE FUNCTION app.looks(since timestamptz, before timestamptz, acts text[]) RETURNS TABLE (
  entry_id uuid, municipality_id uuid, reader_id uuid, at timestamptz, file_id uuid, child_id uuid, act text,
  related boolean, on_duty boolean, same_name boolean, closed_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.municipality_id, a.actor_id, a.at, a.file_id, k.id, a.act,
    k.id IS NULL OR app.was_related(a.actor_id, a.file_id, a.at),
    EXISTS (
      SELECT 1 FROM assignments d JOIN services s ON s.id = d.service_id
      WHERE d.practitioner_id = a.actor_id AND s.kind = 'child_welfare' AND d.since <= a.at::date
        AND (d.until IS NULL OR d.until >= a.at::date)),
    coalesce(last.names && (regexp_split_to_array(app.fold(k.last_name), '[\s-]+') || coalesce((
      SELECT array_agg(part) FROM guardians g
      CROSS JOIN regexp_split_to_table(regexp_replace(app.fold(trim(g.name)), '^.*\s', ''), '-') AS part
      WHERE g.child_id = k.id), '{}')), false),
    (SELECT CASE WHEN m.after = 'closed' THEN m.moved_at END FROM case_moves m
      WHERE m.case_id = a.file_id AND m.moved_at <= a.at ORDER BY m.moved_at DESC LIMIT 1)
  FROM audit a
  JOIN practitioners p ON p.id = a.actor_id
  LEFT JOIN children k ON k.id = app.child_of_file(a.file_id)
  CROSS JOIN LATERAL (
    SELECT regexp_split_to_array(regexp_replace(app.fold(trim(p.name)), '^.*\s', ''), '-') AS names
  ) last
  WHERE a.at >= since AND a.at < before AND a.act = ANY (acts)
$$;

-- The odd readings somebody may know of: the officer all but the own, the reader those one was asked about, the leader
-- those passed on.
CREATE FUNCTION app.visible_readings() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(o.id), '{}') FROM odd_readings o
  WHERE (o.child_id IS NULL OR o.child_id <> ALL (app.barred_children()))
    AND ((o.municipality_id = ANY (app.municipalities_as('data_protection_officer'))
        AND o.reader_id <> app.actor_id())
      OR (o.reader_id = app.actor_id() AND o.asked_at IS NOT NULL)
      OR (o.passed_to_id = app.actor_id() AND o.reader_id <> app.actor_id()))
$$;
CREATE FUNCTION app.listed_readings() RETURNS TABLE (
  id uuid, municipality_id uuid, reader_id uuid, name text, title text, sign text, day date, reads integer,
  file_name text, case_id uuid, found_at timestamptz, state text, question text, asked_at timestamptz,
  passed_to_id uuid, passed_to text, answer text, answered_at timestamptz, answered_by text, reason text,
  judged_at timestamptz, judged_by text, version integer
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT o.id, o.municipality_id, o.reader_id, p.name, p.title, o.sign, o.day, cardinality(o.entry_ids),
    CASE WHEN o.file_id = o.reader_id THEN '' ELSE app.file_name(o.file_id) END,
    (SELECT c.id FROM cases c WHERE c.id = o.file_id), o.found_at, o.state, o.question, o.asked_at, o.passed_to_id,
    coalesce(l.name, ''), o.answer, o.answered_at, coalesce(b.name, ''), o.reason, o.judged_at, coalesce(j.name, ''),
    o.version
  FROM odd_readings o
  JOIN practitioners p ON p.id = o.reader_id
  LEFT JOIN practitioners l ON l.id = o.passed_to_id
  LEFT JOIN practitioners b ON b.id = o.answered_by_id
  LEFT JOIN practitioners j ON j.id = o.judged_by_id
  WHERE o.id = ANY (app.visible_readings())
  ORDER BY o.day DESC, o.found_at DESC, o.id
$$;
CREATE FUNCTION app.odd_looks(wanted uuid) RETURNS TABLE (
  at timestamptz, role text, act text, page text, file_name text, case_id uuid
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.at, a.role, a.act, coalesce(a.body::jsonb ->> 'page', ''), app.file_name(a.file_id),
    (SELECT c.id FROM cases c WHERE c.id = a.file_id)
  FROM odd_readings o JOIN audit a ON a.id = ANY (o.entry_ids)
  WHERE o.id = wanted AND o.id = ANY (app.visible_readings())
    AND coalesce(app.child_of_file(a.file_id) <> ALL (app.barred_children()), true)
  ORDER BY a.at, a.id
$$;

-- The reader's own words, or the leader's, as long as they are waited for. Answers whether they were.
CREATE FUNCTION app.answer_reading(wanted uuid, decided text, said text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE odd_readings o SET state = decided, answer = said, answered_at = at, answered_by_id = app.actor_id(),
    version = o.version + 1
  WHERE o.id = wanted AND ((o.state = 'asked' AND o.reader_id = app.actor_id())
    OR (o.state = 'passed_on' AND o.passed_to_id = app.actor_id() AND o.reader_id <> app.actor_id()));
  RETURN FOUND;
END
$$;
CREATE FUNCTION app.choose_reading_limits(town uuid, chosen jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE municipalities m SET settings = m.settings || chosen
  WHERE m.id = town AND m.id = ANY (app.municipalities_as('data_protection_officer'))
    AND NOT EXISTS (SELECT 1 FROM jsonb_object_keys(chosen) AS name WHERE NOT starts_with(name, 'reading_'));
  RETURN FOUND;
END
$$;

-- The access log, newest first, a page at a time; nothing about a child one is kept away from.
CREATE FUNCTION app.access_log(person uuid, child uuid, since timestamptz, before timestamptz, acts text[],
  after uuid, most integer) RETURNS TABLE (
  id uuid, at timestamptz, actor_id uuid, name text, title text, role text, act text, page text, file_kind text,
  file_name text, case_id uuid, child_id uuid
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.at, a.actor_id, coalesce(p.name, ''), coalesce(p.title, ''), a.role, a.act,
    coalesce(a.body::jsonb ->> 'page', ''), a.file_kind, app.file_name(a.file_id),
    (SELECT c.id FROM cases c WHERE c.id = a.file_id), app.child_of_file(a.file_id)
  FROM audit a LEFT JOIN practitioners p ON p.id = a.actor_id
  WHERE a.municipality_id = ANY ((SELECT app.municipalities_as('data_protection_officer'))::uuid[])
    AND a.at >= since AND a.at < before
    AND (person IS NULL OR a.actor_id = person)
    AND (child IS NULL OR a.file_id = ANY ((SELECT app.files_of_child(child))::uuid[]))
    AND (acts IS NULL OR a.act = ANY (acts))
    AND (after IS NULL OR (a.at, a.id) < ((SELECT b.at FROM audit b WHERE b.id = after), after))
    AND coalesce(app.child_of_file(a.file_id) <> ALL ((SELECT app.barred_children())::uuid[]), true)
  ORDER BY a.at DESC, a.id DESC
  LIMIT most
$$;

-- A child the officer was asked about by name or number; its opaque name comes back.
CREATE FUNCTION app.child_by_number(hashed bytea) RETURNS TABLE (child_id uuid, municipality_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT k.id, k.municipality_id FROM children k
  WHERE k.identity_index = hashed
    AND k.municipality_id = ANY (app.municipalities_as('data_protection_officer'))
    AND k.id <> ALL (app.barred_children())
$$;
CREATE FUNCTION app.child_by_name(first text, last text, born date) RETURNS TABLE (child_id uuid, municipality_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT k.id, k.municipality_id FROM children k
  WHERE app.fold(k.first_name) = app.fold(trim(first)) AND app.fold(k.last_name) = app.fold(trim(last))
    AND k.born_on = born
    AND k.municipality_id = ANY (app.municipalities_as('data_protection_officer'))
    AND k.id <> ALL (app.barred_children())
$$;

CREATE FUNCTION app.child_by_case(number text) RETURNS TABLE (child_id uuid, municipality_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.child_id, c.municipality_id FROM cases c
  WHERE c.number = child_by_case.number
    AND c.municipality_id = ANY (app.municipalities_as('data_protection_officer'))
    AND c.child_id <> ALL (app.barred_children())
$$;
CREATE FUNCTION app.child_in_log(child uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT app.file_name(k.id) FROM children k
  WHERE k.id = child AND k.municipality_id = ANY (app.municipalities_as('data_protection_officer'))
    AND k.id <> ALL (app.barred_children())
$$;

-- A case by its number, for whoever may ask why somebody sees it.
CREATE FUNCTION app.askable_cases() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM cases c LEFT JOIN services u ON u.id = c.unit_id
  WHERE c.child_id <> ALL (app.barred_children())
    AND (c.id = ANY (app.reachable_cases()) OR u.leader_id = app.actor_id()
      OR c.municipality_id = ANY (app.municipalities_as('data_protection_officer')))
$$;
CREATE FUNCTION app.case_by_number(wanted text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM cases c WHERE c.number = wanted AND c.id IN (SELECT app.askable_cases()) LIMIT 1
$$;

-- What decides whether somebody sees a case, for the person itself, the leader of both, and the officer.
CREATE FUNCTION app.reason_facts(person uuid, wanted uuid) RETURNS TABLE (
  number text, municipality_id uuid, closed boolean, barred_since timestamptz, kinds text[], holds boolean,
  offered boolean, invited text[], consent boolean, emergency_until timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH asked AS (
    SELECT i.service_id, s.name FROM invitations i JOIN services s ON s.id = i.service_id
    JOIN assignments a ON a.service_id = i.service_id
    WHERE i.case_id = wanted AND i.state <> 'withdrawn' AND a.practitioner_id = person
      AND a.since <= app.today() AND (a.until IS NULL OR a.until >= app.today())
  ), parts AS (
    SELECT p.kind, p.service_id FROM participations p
    WHERE p.case_id = wanted AND p.practitioner_id = person AND p.until IS NULL
  )
  SELECT c.number, c.municipality_id, c.state = 'closed',
    (SELECT b.since FROM bars b WHERE b.practitioner_id = person AND b.child_id = c.child_id AND b.until IS NULL),
    ARRAY(SELECT DISTINCT p.kind FROM parts p), c.holder_id = person AND c.state <> 'closed',
    coalesce(c.offered_to_id = person, false), ARRAY(SELECT DISTINCT a.name FROM asked a),
    EXISTS (SELECT 1 FROM parts p WHERE p.kind = 'service' AND app.consent_reaches(wanted, p.service_id)
      UNION ALL SELECT 1 FROM asked a WHERE app.consent_reaches(wanted, a.service_id)),
    (SELECT max(g.closes_at) FROM broken_glasses g WHERE g.practitioner_id = person AND g.child_id = c.child_id)
  FROM cases c LEFT JOIN services u ON u.id = c.unit_id
  WHERE c.id = wanted
    AND c.child_id <> ALL (app.barred_children())
    AND (c.municipality_id = ANY (app.municipalities_as('data_protection_officer'))
      OR (person = app.actor_id() AND c.id = ANY (app.reachable_cases()))
      OR (app.leads(person) AND (u.leader_id = app.actor_id() OR c.id = ANY (app.visible_cases()))))
$$;

-- Which family's code was tried with a wrong date of birth: for the trail. For the door.
CREATE FUNCTION app.family_code_tried(code text) RETURNS TABLE (code_id uuid, child_id uuid, municipality_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT f.id, f.child_id, f.municipality_id FROM family_codes f WHERE f.code_hash = code
$$;

REVOKE ALL ON FUNCTION app.child_of_file(uuid), app.file_name(uuid), app.files_of_child(uuid),
  app.was_in_case(uuid, uuid, timestamptz), app.was_related(uuid, uuid, timestamptz),
  app.looks(timestamptz, timestamptz, text[]), app.visible_readings(), app.odd_looks(uuid), app.listed_readings(),
  app.answer_reading(uuid, text, text, timestamptz), app.choose_reading_limits(uuid, jsonb),
  app.access_log(uuid, uuid, timestamptz, timestamptz, text[], uuid, integer), app.child_by_number(bytea),
  app.child_by_name(text, text, date), app.child_by_case(text), app.child_in_log(uuid), app.askable_cases(), app.case_by_number(text), app.reason_facts(uuid, uuid),
  app.family_code_tried(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.visible_readings(), app.odd_looks(uuid), app.listed_readings(),
  app.answer_reading(uuid, text, text, timestamptz), app.choose_reading_limits(uuid, jsonb),
  app.access_log(uuid, uuid, timestamptz, timestamptz, text[], uuid, integer), app.child_by_number(bytea),
  app.child_by_name(text, text, date), app.child_by_case(text), app.child_in_log(uuid), app.case_by_number(text), app.reason_facts(uuid, uuid) TO stafetten_staff;
GRANT EXECUTE ON FUNCTION app.looks(timestamptz, timestamptz, text[]), app.child_of_file(uuid) TO stafetten_work;
GRANT EXECUTE ON FUNCTION app.family_code_tried(text) TO stafetten_door;

-- Written by the nightly job; looked at and judged by the officer, never about oneself.
ALTER TABLE odd_readings ENABLE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE ON odd_readings TO stafetten_staff;
CREATE POLICY scope ON odd_readings FOR SELECT TO stafetten_staff
  USING (id = ANY ((SELECT app.visible_readings())::uuid[]));
CREATE POLICY judge ON odd_readings FOR UPDATE TO stafetten_staff
  USING (municipality_id = ANY ((SELECT app.municipalities_as('data_protection_officer'))::uuid[])
    AND reader_id <> (SELECT app.actor_id()));
GRANT SELECT, INSERT, UPDATE ON odd_readings TO stafetten_work;
CREATE POLICY jobs ON odd_readings FOR ALL TO stafetten_work USING (true) WITH CHECK (true);

ALTER TABLE trail_checks ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON trail_checks TO stafetten_staff;
GRANT SELECT, INSERT ON trail_checks TO stafetten_work;
CREATE POLICY officer ON trail_checks FOR SELECT TO stafetten_staff
  USING (municipality_id = ANY ((SELECT app.municipalities_as('data_protection_officer'))::uuid[]));
CREATE POLICY jobs ON trail_checks FOR ALL TO stafetten_work USING (true) WITH CHECK (true);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trail_checks
  FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
GRANT SELECT (municipality_id, day, files, until, made_at) ON audit_anchors TO stafetten_staff;
CREATE POLICY officer ON audit_anchors FOR SELECT TO stafetten_staff
  USING (municipality_id = ANY ((SELECT app.municipalities_as('data_protection_officer'))::uuid[]));

-- Emergency reads are counted for the figures of the month: when, where, and what the leader found.
GRANT SELECT (id, municipality_id, opened_at, verdict) ON broken_glasses TO stafetten_work;
CREATE POLICY count ON broken_glasses FOR SELECT TO stafetten_work USING (true);
