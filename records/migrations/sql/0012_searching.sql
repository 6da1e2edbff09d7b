-- Children the actor may be told the name of by searching: as app.filed_children(), but an open invitation names nobody
-- unless the family's consent reaches the service that was asked.
CREATE FUNCTION app.named_children() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT found.child_id), '{}')
  FROM (
    SELECT c.child_id FROM cases c WHERE c.id = ANY (app.visible_cases()) OR c.offered_to_id = app.actor_id()
    UNION
    SELECT c.child_id
    FROM invitations i JOIN cases c ON c.id = i.case_id
    WHERE i.service_id = ANY (app.my_services()) AND i.state <> 'withdrawn' AND c.state <> 'closed'
      AND app.consent_reaches(c.id, i.service_id)
    UNION
    SELECT s.child_id FROM signals s WHERE s.id = ANY (app.visible_signals())
    UNION
    SELECT r.child_id FROM concern_reports r
    WHERE r.reporter_id = app.actor_id() OR r.service_id = ANY (app.my_practice())
  ) found
  WHERE found.child_id <> ALL (app.barred_children())
$$;

REVOKE ALL ON FUNCTION app.named_children() FROM PUBLIC;

CREATE OR REPLACE FUNCTION app.search_children(words text, most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT k.id
  FROM children k
  WHERE (k.unit_id = ANY (app.my_units()) OR k.id = ANY (app.named_children()))
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
