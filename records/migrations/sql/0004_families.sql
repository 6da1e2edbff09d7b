-- A family is changed by whoever meets the child; what follows for the child's case follows there, also when that
-- person stands outside the case and may not know of it.

-- The child's open case, held until the act is over; null when there is none. The case is held before its people
-- everywhere, so that two acts never wait for each other.
CREATE FUNCTION app.hold_open_case(wanted uuid) RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id
  FROM cases c JOIN children k ON k.id = c.child_id
  WHERE c.child_id = wanted
    AND c.state <> 'closed'
    AND (k.unit_id = ANY (app.my_units()) OR k.id = ANY (app.filed_children()))
    AND k.id <> ALL (app.barred_children())
  FOR UPDATE OF c
$$;

-- Ends the sight of every service that consent does not reach, and says so in the case's log; answers which. It never
-- gives sight, so it does no harm in anybody's hands.
CREATE FUNCTION app.end_unreached(wanted uuid, entry uuid, at timestamptz) RETURNS uuid[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  ended uuid[];
  named text;
BEGIN
  WITH gone AS (
    UPDATE participations p SET until = at
    WHERE p.case_id = wanted
      AND p.kind = 'service'
      AND p.until IS NULL
      AND NOT app.consent_reaches(wanted, p.service_id)
    RETURNING p.service_id
  )
  SELECT coalesce(array_agg(DISTINCT s.id), '{}'), string_agg(DISTINCT s.name, ', ') INTO ended, named
  FROM gone JOIN services s ON s.id = gone.service_id;
  IF cardinality(ended) > 0 THEN
    INSERT INTO log_entries (id, municipality_id, case_id, kind, code, facts, body, happened_at, written_at, author_id,
      for_family)
    SELECT entry, c.municipality_id, c.id, 'consent', 'sight_ended', jsonb_build_object('services', named), '', at, at,
      app.actor_id(), true
    FROM cases c WHERE c.id = wanted;
    UPDATE cases c SET version = c.version + 1, last_activity_at = at WHERE c.id = wanted;
  END IF;
  RETURN ended;
END
$$;

REVOKE ALL ON FUNCTION app.hold_open_case(uuid), app.end_unreached(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.hold_open_case(uuid), app.end_unreached(uuid, uuid, timestamptz) TO stafetten_staff;
