-- Whoever comes of age to consent answers alone from that day: the parts of services in their cases that no consent
-- reaches any more. Jobs see no child; this tells them which parts to end, and nothing about whom. A week back, so that
-- a job that was late finds them too.

CREATE FUNCTION app.parts_come_of_age(day date, most integer) RETURNS TABLE (
  part_id uuid, case_id uuid, service_id uuid, municipality_id uuid, holder_id uuid
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.id, c.id, p.service_id, c.municipality_id, c.holder_id
  FROM children k
  JOIN cases c ON c.child_id = k.id AND c.state <> 'closed'
  JOIN municipalities m ON m.id = c.municipality_id
  JOIN participations p ON p.case_id = c.id AND p.kind = 'service' AND p.until IS NULL
  WHERE k.born_on + make_interval(years => coalesce((m.settings ->> 'youth_consent_age')::int, 16))
      BETWEEN day - 7 AND day
    AND NOT app.consent_reaches(c.id, p.service_id)
  LIMIT most
$$;

REVOKE ALL ON FUNCTION app.parts_come_of_age(date, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.parts_come_of_age(date, integer) TO stafetten_work;
