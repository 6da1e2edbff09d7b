-- From which age a youth answers alone: as the guide the case follows says, else as the municipality has set, else 16.
CREATE FUNCTION app.consent_age(guide uuid, town uuid) RETURNS interval
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT make_interval(years => coalesce(
    (SELECT g.youth_consent_age FROM guides g WHERE g.id = guide),
    (SELECT (m.settings ->> 'youth_consent_age')::int FROM municipalities m WHERE m.id = town),
    16))
$$;
REVOKE ALL ON FUNCTION app.consent_age(uuid, uuid) FROM PUBLIC;

CREATE OR REPLACE FUNCTION app.consenters(wanted uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT g.id
  FROM cases c
  JOIN children k ON k.id = c.child_id
  JOIN guardians g ON g.child_id = k.id AND g.responsible
  WHERE c.id = wanted AND k.born_on > app.today() - app.consent_age(c.guide_id, c.municipality_id)
  UNION ALL
  SELECT NULL
  FROM cases c
  JOIN children k ON k.id = c.child_id
  WHERE c.id = wanted AND k.born_on <= app.today() - app.consent_age(c.guide_id, c.municipality_id)
$$;

CREATE OR REPLACE FUNCTION app.parts_come_of_age(day date, most integer)
RETURNS TABLE (part_id uuid, case_id uuid, service_id uuid, municipality_id uuid, holder_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.id, c.id, p.service_id, c.municipality_id, c.holder_id
  FROM children k
  JOIN cases c ON c.child_id = k.id AND c.state <> 'closed'
  JOIN participations p ON p.case_id = c.id AND p.kind = 'service' AND p.until IS NULL
  WHERE k.born_on + app.consent_age(c.guide_id, c.municipality_id) BETWEEN day - 7 AND day
    AND NOT app.consent_reaches(c.id, p.service_id)
  LIMIT most
$$;
