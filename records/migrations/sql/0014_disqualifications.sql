-- Who steps aside, and who decides whether it was needed. Bars are written and assessed by functions alone, because
-- those who assess them do not see the child's file, and those who are barred see it least of all.

-- Keeps somebody away from a child's files from now on. Oneself, those one leads, or those in a case one leads.
CREATE FUNCTION app.bar(fresh uuid, person uuid, child uuid, named text, why text, at timestamptz) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  made uuid;
BEGIN
  IF NOT (
    person = app.actor_id()
    OR EXISTS (SELECT 1 FROM assignments a JOIN services s ON s.id = a.service_id
      WHERE a.practitioner_id = person AND s.leader_id = app.actor_id())
    OR EXISTS (SELECT 1 FROM cases c JOIN services s ON s.id = c.unit_id
      WHERE c.child_id = child AND s.leader_id = app.actor_id())
  ) THEN
    RAISE EXCEPTION 'not yours to keep away' USING ERRCODE = '42501';
  END IF;
  INSERT INTO bars (id, municipality_id, practitioner_id, child_id, reason, barred_by_id, since, state, tie, assessment,
    version)
  SELECT fresh, k.municipality_id, person, child, why, app.actor_id(), at, 'declared', named, '', 1
  FROM children k WHERE k.id = child
  ON CONFLICT (practitioner_id, child_id) DO UPDATE SET reason = excluded.reason, tie = excluded.tie,
    barred_by_id = excluded.barred_by_id, since = excluded.since, until = NULL, state = 'declared', assessment = '',
    assessed_by_id = NULL, assessed_at = NULL, version = bars.version + 1
  RETURNING id INTO made;
  RETURN made;
END
$$;

-- Declared ties the actor decides about: as the nearest leader of the child's unit, or as coordinator where the leader
-- is the one in question. One's own are listed too, without a way to decide. No child's name; the case's number.
CREATE FUNCTION app.disqualifications() RETURNS TABLE (
  id uuid, practitioner_id uuid, name text, tie text, reason text, state text, since timestamptz, assessment text,
  assessed_at timestamptz, case_id uuid, case_number text, municipality_id uuid, mine boolean, version integer
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT b.id, b.practitioner_id, p.name, b.tie, b.reason, b.state, b.since, b.assessment, b.assessed_at, c.id,
    c.number, b.municipality_id, b.practitioner_id = app.actor_id(), b.version
  FROM bars b
  JOIN practitioners p ON p.id = b.practitioner_id
  JOIN LATERAL (
    SELECT c.id, c.number, c.unit_id FROM cases c WHERE c.child_id = b.child_id ORDER BY c.opened_at DESC LIMIT 1
  ) c ON true
  JOIN services u ON u.id = c.unit_id
  WHERE b.practitioner_id = app.actor_id()
    OR (b.child_id <> ALL (app.barred_children()) AND b.tie <> 'leader' AND (
      (u.leader_id = app.actor_id() AND b.practitioner_id <> u.leader_id)
      OR (b.municipality_id = ANY (app.municipalities_as('coordinator'))
        AND (u.leader_id IS NULL OR app.is_barred(u.leader_id, b.child_id)
          OR EXISTS (SELECT 1 FROM services s WHERE s.leader_id = b.practitioner_id)))
    ))
  ORDER BY (b.state <> 'declared'), b.since DESC
$$;

-- Decides about one of those; whatever followed for the leader's unit follows the leader. Answers whether there was one.
CREATE FUNCTION app.assess_disqualification(wanted uuid, decided text, why text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found bars%ROWTYPE;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM app.disqualifications() d WHERE d.id = wanted AND NOT d.mine) THEN
    RETURN false;
  END IF;
  UPDATE bars b SET state = decided, assessment = why, assessed_by_id = app.actor_id(), assessed_at = at,
    until = CASE WHEN decided = 'cleared' THEN at END, version = b.version + 1
  WHERE b.id = wanted
  RETURNING * INTO found;
  UPDATE bars b SET state = decided, until = found.until, version = b.version + 1
  WHERE b.child_id = found.child_id AND b.tie = 'leader' AND b.barred_by_id = found.practitioner_id;
  RETURN true;
END
$$;

-- The cases of children the actor is kept away from: what was written to the actor about them is out of sight as well.
CREATE FUNCTION app.barred_cases() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(c.id), '{}') FROM cases c WHERE c.child_id = ANY (app.barred_children())
$$;
REVOKE ALL ON FUNCTION app.barred_cases() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.barred_cases() TO stafetten_staff;
DROP POLICY scope ON notices;
CREATE POLICY scope ON notices FOR SELECT TO stafetten_staff
  USING ((practitioner_id = (SELECT app.actor_id()) OR case_id = ANY ((SELECT app.visible_cases())::uuid[]))
    AND (case_id IS NULL OR case_id <> ALL ((SELECT app.barred_cases())::uuid[])));

-- Whether a letter's receiver is kept away from the child of its case: then it is not sent.
CREATE FUNCTION app.is_barred_from_case(practitioner uuid, wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM cases c WHERE c.id = wanted AND app.is_barred(practitioner, c.child_id))
$$;
REVOKE ALL ON FUNCTION app.is_barred_from_case(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.is_barred_from_case(uuid, uuid) TO stafetten_work;

REVOKE ALL ON FUNCTION app.bar(uuid, uuid, uuid, text, text, timestamptz), app.disqualifications(),
  app.assess_disqualification(uuid, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.bar(uuid, uuid, uuid, text, text, timestamptz), app.disqualifications(),
  app.assess_disqualification(uuid, text, text, timestamptz) TO stafetten_staff;
