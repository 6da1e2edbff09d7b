-- The fourth way in: the family's own door. Its role has policies of its own and none of the staff's.

DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'stafetten_family') THEN
    CREATE ROLE stafetten_family NOLOGIN;
  END IF;
  GRANT stafetten_family TO stafetten_app;
END
$$;
GRANT USAGE ON SCHEMA public, app TO stafetten_family;

-- The guardianships by which the actor looks in: parental responsibility, not kept out, and a child not of age.
CREATE FUNCTION app.my_guardianships() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(g.id), '{}')
  FROM guardians g JOIN children k ON k.id = g.child_id
  WHERE g.member_id = app.actor_id()
    AND g.responsible
    AND NOT g.kept_out
    AND k.born_on > app.today() - interval '18 years'
$$;

-- The actor as a child or youth of their own; nobody before the age at which one comes in alone.
CREATE FUNCTION app.myself() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(k.id), '{}')
  FROM children k
  WHERE k.member_id = app.actor_id() AND k.born_on <= app.today() - interval '12 years'
$$;

-- Cases about the actor, and cases about the actor's children.
CREATE FUNCTION app.own_cases() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(c.id), '{}') FROM cases c WHERE c.child_id = ANY (app.myself())
$$;
CREATE FUNCTION app.family_cases() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT app.own_cases() || coalesce(array_agg(c.id), '{}')
  FROM cases c
  WHERE c.child_id IN (SELECT g.child_id FROM guardians g WHERE g.id = ANY (app.my_guardianships()))
$$;

-- Who has looked into the case, as the family is told: name and work for staff, «family» for the others.
CREATE FUNCTION app.family_readers(wanted uuid, acts text[], most integer) RETURNS TABLE (
  name text, title text, role text, at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(p.name, ''), coalesce(p.title, ''), a.role, max(a.at)
  FROM audit a LEFT JOIN practitioners p ON p.id = a.actor_id
  WHERE a.file_id = wanted
    AND wanted = ANY (app.family_cases())
    AND a.act = ANY (acts)
    AND a.actor_id <> app.actor_id()
    AND (p.id IS NOT NULL OR a.role = 'family')
  GROUP BY 1, 2, 3, (a.at AT TIME ZONE 'Europe/Oslo')::date
  ORDER BY 4 DESC
  LIMIT most
$$;

-- How many entries the family does not see, by the written reason; the reason is the family's to know.
CREATE FUNCTION app.family_hidden(wanted uuid) RETURNS TABLE (reason text, number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(l.hidden_reason, ''), count(*)
  FROM log_entries l
  WHERE l.case_id = wanted AND wanted = ANY (app.family_cases()) AND NOT l.for_family
  GROUP BY 1
  ORDER BY 2 DESC
$$;

-- Somebody with a code: right once, in time, and with the child's date of birth. Answers who it is and for which
-- child, or nothing; a wrong date is counted, and the fifth closes the code.
CREATE FUNCTION app.use_family_code(code text, born date, fresh uuid, at timestamptz) RETURNS TABLE (
  member_id uuid, child_id uuid, municipality_id uuid
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found family_codes%ROWTYPE;
  child children%ROWTYPE;
  guardian guardians%ROWTYPE;
  known uuid;
BEGIN
  SELECT * INTO found FROM family_codes f WHERE f.code_hash = code FOR UPDATE;
  IF found.id IS NULL OR found.used_at IS NOT NULL OR found.expires_at <= at OR found.tries >= 5 THEN
    RETURN;
  END IF;
  SELECT * INTO STRICT child FROM children k WHERE k.id = found.child_id;
  IF child.born_on <> born THEN
    UPDATE family_codes f SET tries = f.tries + 1 WHERE f.id = found.id;
    RETURN;
  END IF;
  IF found.guardian_id IS NOT NULL THEN
    SELECT * INTO STRICT guardian FROM guardians g WHERE g.id = found.guardian_id;
    IF NOT guardian.responsible OR guardian.kept_out THEN
      RETURN;
    END IF;
    known := guardian.member_id;
  ELSE
    known := child.member_id;
  END IF;
  IF known IS NULL THEN
    known := fresh;
    INSERT INTO family_members (id, municipality_id, name, came_as, language, identity_index, joined_at)
    SELECT fresh, child.municipality_id,
      coalesce(guardian.name, child.first_name || ' ' || child.last_name),
      CASE WHEN guardian.id IS NULL THEN 'youth' ELSE 'guardian' END,
      CASE WHEN m.language IN ('nb', 'nn', 'en') THEN m.language ELSE 'nb' END, NULL, at
    FROM municipalities m WHERE m.id = child.municipality_id;
    IF guardian.id IS NULL THEN
      UPDATE children k SET member_id = fresh WHERE k.id = child.id;
    ELSE
      UPDATE guardians g SET member_id = fresh WHERE g.id = guardian.id;
    END IF;
  END IF;
  UPDATE family_codes f SET used_at = at WHERE f.id = found.id;
  RETURN QUERY SELECT known, child.id, child.municipality_id;
END
$$;

-- Somebody whom a public sign-in knows by national number; answers the member, or nothing for a stranger. Every child
-- who has this person as guardian, and the person's own file, come together under one member.
CREATE FUNCTION app.family_by_number(hashed bytea, fresh uuid, at timestamptz) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  known uuid;
BEGIN
  SELECT m.id INTO known FROM family_members m WHERE m.identity_index = hashed;
  IF known IS NULL THEN
    SELECT found.member_id INTO known FROM (
      SELECT g.member_id FROM guardians g WHERE g.identity_index = hashed AND g.member_id IS NOT NULL
      UNION ALL
      SELECT k.member_id FROM children k WHERE k.identity_index = hashed AND k.member_id IS NOT NULL
    ) found LIMIT 1;
    UPDATE family_members m SET identity_index = hashed WHERE m.id = known;
  END IF;
  IF known IS NULL THEN
    INSERT INTO family_members (id, municipality_id, name, came_as, language, identity_index, joined_at)
    SELECT fresh, found.municipality_id, found.name, found.came_as, m.language, hashed, at
    FROM (
      SELECT g.municipality_id, g.name, 'guardian' AS came_as FROM guardians g
      WHERE g.identity_index = hashed AND g.responsible AND NOT g.kept_out
      UNION ALL
      SELECT k.municipality_id, k.first_name || ' ' || k.last_name, 'youth' FROM children k
      WHERE k.identity_index = hashed AND k.born_on <= at::date - interval '12 years'
    ) found JOIN municipalities m ON m.id = found.municipality_id
    LIMIT 1
    RETURNING id INTO known;
  END IF;
  UPDATE guardians g SET member_id = known WHERE g.identity_index = hashed AND g.member_id IS NULL AND known IS NOT NULL;
  UPDATE children k SET member_id = known WHERE k.identity_index = hashed AND k.member_id IS NULL AND known IS NOT NULL;
  RETURN known;
END
$$;

REVOKE ALL ON FUNCTION app.my_guardianships(), app.myself(), app.own_cases(), app.family_cases(),
  app.family_readers(uuid, text[], integer), app.family_hidden(uuid),
  app.use_family_code(text, date, uuid, timestamptz), app.family_by_number(bytea, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.my_guardianships(), app.myself(), app.own_cases(), app.family_cases(),
  app.family_readers(uuid, text[], integer), app.family_hidden(uuid), app.actor_id(), app.today(),
  app.consenters(uuid), app.consent_reaches(uuid, uuid), app.done_under(text),
  app.write_act(jsonb, jsonb, jsonb, uuid, text, timestamptz),
  app.seal(bytea, uuid, bigint, timestamptz, uuid, text, text, text) TO stafetten_family;
GRANT EXECUTE ON FUNCTION app.use_family_code(text, date, uuid, timestamptz),
  app.family_by_number(bytea, uuid, timestamptz) TO stafetten_door;

ALTER TABLE family_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE family_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE family_words ENABLE ROW LEVEL SECURITY;

-- What the family sees. No telephone number, address or date of another person; nothing of the other parent.
GRANT SELECT (id, municipality_id, unit_id, first_name, last_name, born_on, group_name, member_id) ON children
  TO stafetten_family;
CREATE POLICY family ON children FOR SELECT TO stafetten_family
  USING (id = ANY ((SELECT app.myself())::uuid[])
    OR id IN (SELECT child_id FROM guardians WHERE id = ANY ((SELECT app.my_guardianships())::uuid[])));
GRANT SELECT (id, child_id, municipality_id, name, relation, responsible, phone, email, language, kept_out, member_id)
  ON guardians TO stafetten_family;
CREATE POLICY family ON guardians FOR SELECT TO stafetten_family
  USING (id = ANY ((SELECT app.my_guardianships())::uuid[]));
GRANT SELECT (id, municipality_id, number, child_id, unit_id, guide_id, level_id, step_id, state, level_since,
  holder_id, holder_since, shared_log, opened_at, log_opened_at, closed_at, child_view_at, paused_until, version)
  ON cases TO stafetten_family;
GRANT SELECT ON consents, measures, participations, child_views TO stafetten_family;
GRANT SELECT (id, municipality_id, case_id, measure_id, result, guardians_said, onward, evaluated_at) ON evaluations
  TO stafetten_family;
GRANT SELECT (id, municipality_id, case_id, kind, state, starts_at, ends_at, place, minutes, decisions, minutes_at,
  held_at) ON meetings TO stafetten_family;
CREATE POLICY family ON cases FOR SELECT TO stafetten_family
  USING (id = ANY ((SELECT app.family_cases())::uuid[]));
CREATE POLICY family ON consents FOR SELECT TO stafetten_family
  USING ((guardian_id = ANY ((SELECT app.my_guardianships())::uuid[])
      AND case_id = ANY ((SELECT app.family_cases())::uuid[]))
    OR (guardian_id IS NULL AND case_id = ANY ((SELECT app.own_cases())::uuid[])));
CREATE POLICY family ON measures FOR SELECT TO stafetten_family
  USING (case_id = ANY ((SELECT app.family_cases())::uuid[]));
CREATE POLICY family ON evaluations FOR SELECT TO stafetten_family
  USING (case_id = ANY ((SELECT app.family_cases())::uuid[]));
CREATE POLICY family ON meetings FOR SELECT TO stafetten_family
  USING (case_id = ANY ((SELECT app.family_cases())::uuid[]));
CREATE POLICY family ON participations FOR SELECT TO stafetten_family
  USING (case_id = ANY ((SELECT app.family_cases())::uuid[]));
CREATE POLICY family ON child_views FOR SELECT TO stafetten_family
  USING (case_id = ANY ((SELECT app.own_cases())::uuid[]));
-- What one of the family answered about consent is for that one alone, also where the log speaks of it.
GRANT SELECT (id, municipality_id, case_id, kind, code, facts, body, happened_at, written_at, author_id, for_family,
  corrects_id) ON log_entries TO stafetten_family;
CREATE POLICY family ON log_entries FOR SELECT TO stafetten_family
  USING (case_id = ANY ((SELECT app.family_cases())::uuid[])
    AND for_family
    AND (kind <> 'consent' OR code = 'consent_asked' OR facts ->> 'consent' IN (SELECT c.id::text FROM consents c)));
GRANT SELECT (id, municipality_id, kind, name, phone) ON services TO stafetten_family;
GRANT SELECT (id, name, title) ON practitioners TO stafetten_family;
GRANT SELECT (id, name, language, duty_phone, settings) ON municipalities TO stafetten_family;
GRANT SELECT ON guides TO stafetten_family;

GRANT SELECT ON family_members TO stafetten_door, stafetten_family;
GRANT SELECT (id, name, came_as) ON family_members TO stafetten_staff;
CREATE POLICY door ON family_members FOR SELECT TO stafetten_door USING (true);
CREATE POLICY own ON family_members FOR SELECT TO stafetten_family USING (id = (SELECT app.actor_id()));
CREATE POLICY scope ON family_members FOR SELECT TO stafetten_staff
  USING (id IN (SELECT member_id FROM guardians) OR id IN (SELECT member_id FROM children));

-- Codes: written by whoever is inside the child's file, read by nobody; only the door's function asks.
GRANT INSERT ON family_codes TO stafetten_staff;
CREATE POLICY hand_out ON family_codes FOR INSERT TO stafetten_staff
  WITH CHECK (made_by_id = (SELECT app.actor_id())
    AND child_id IN (SELECT child_id FROM cases WHERE id = ANY ((SELECT app.visible_cases())::uuid[])));

-- Words: one's own; the child's own, to the parents when the child says so; and to those inside the case.
GRANT SELECT, INSERT ON family_words TO stafetten_family;
CREATE POLICY read ON family_words FOR SELECT TO stafetten_family
  USING ((member_id = (SELECT app.actor_id()) AND case_id = ANY ((SELECT app.family_cases())::uuid[]))
    OR (guardian_id IS NULL AND for_guardians AND case_id = ANY ((SELECT app.family_cases())::uuid[])));
CREATE POLICY say ON family_words FOR INSERT TO stafetten_family
  WITH CHECK (member_id = (SELECT app.actor_id())
    AND ((guardian_id = ANY ((SELECT app.my_guardianships())::uuid[])
        AND case_id = ANY ((SELECT app.family_cases())::uuid[]))
      OR (guardian_id IS NULL AND case_id = ANY ((SELECT app.own_cases())::uuid[]))));
GRANT SELECT ON family_words TO stafetten_staff;
GRANT UPDATE (answer, answered_by_id, answered_at, version) ON family_words TO stafetten_staff;
CREATE POLICY scope ON family_words FOR SELECT TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY answer ON family_words FOR UPDATE TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[]));

-- What one of a family has typed and not sent is kept like anybody's.
GRANT SELECT, INSERT, UPDATE, DELETE ON drafts TO stafetten_family;
CREATE POLICY own_family ON drafts FOR ALL TO stafetten_family USING (owner_id = (SELECT app.actor_id()));

-- Jobs ask whether a guardian can come in, to know who is told of a consent that runs out.
GRANT SELECT (member_id, kept_out) ON guardians TO stafetten_work;
