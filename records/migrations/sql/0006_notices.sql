-- How far letters came. Whoever coordinates or administers sees ids, kinds and ages; nobody sees an address.

ALTER TABLE notice_choices ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON notice_choices TO stafetten_staff;
GRANT SELECT ON notice_choices TO stafetten_work;
CREATE POLICY own ON notice_choices FOR ALL TO stafetten_staff
  USING (practitioner_id = (SELECT app.actor_id())) WITH CHECK (practitioner_id = (SELECT app.actor_id()));
CREATE POLICY jobs ON notice_choices FOR SELECT TO stafetten_work USING (true);

ALTER TABLE inbox_counts ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON inbox_counts TO stafetten_work;
GRANT SELECT ON inbox_counts TO stafetten_staff;
CREATE POLICY jobs ON inbox_counts FOR ALL TO stafetten_work USING (true) WITH CHECK (true);
CREATE POLICY operate ON inbox_counts FOR SELECT TO stafetten_staff
  USING (cardinality((SELECT app.municipalities_as('operator'))) > 0);

-- Whoever sent a report of concern sees how far its letter came, though no case holds it.
CREATE POLICY reported ON notices FOR SELECT TO stafetten_staff
  USING (subject_kind = 'concern_report'
    AND subject_id IN (SELECT r.id FROM concern_reports r WHERE r.reporter_id = (SELECT app.actor_id())));
CREATE POLICY reported_settle ON notices FOR UPDATE TO stafetten_staff
  USING (subject_kind = 'concern_report'
    AND subject_id IN (SELECT r.id FROM concern_reports r WHERE r.reporter_id = (SELECT app.actor_id())));

-- The receiver has opened the page a notice is about: the person written to, or somebody of the service written to.
CREATE FUNCTION app.open_notices(about text, wanted uuid, at timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH opened AS (
    UPDATE notices n SET seen_at = at
    WHERE n.subject_id = wanted
      AND n.subject_kind = about
      AND n.seen_at IS NULL
      AND (n.practitioner_id = app.actor_id() OR n.service_id = ANY (app.my_services()))
    RETURNING 1
  )
  SELECT count(*) FROM opened
$$;

-- Letters that came nowhere, for whoever steers or runs the municipality: no name, no case, no address.
CREATE FUNCTION app.unmatched_deliveries(most integer) RETURNS TABLE (
  id uuid, municipality_id uuid, kind text, channel text, state text, unmatched text, written_at timestamptz,
  unmatched_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n.id, n.municipality_id, n.kind, n.channel, n.state, n.unmatched, n.written_at, n.unmatched_at
  FROM notices n
  WHERE n.unmatched IS NOT NULL
    AND n.settled_at IS NULL
    AND n.municipality_id = ANY (
      app.municipalities_as('coordinator') || app.municipalities_as('administrator')
      || app.municipalities_as('operator'))
  ORDER BY n.unmatched_at, n.id
  LIMIT most
$$;

-- Closes one of them with a reason; answers its municipality, or null when it is not there to be closed.
CREATE FUNCTION app.settle_delivery(wanted uuid, how text, why text, at timestamptz) RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE notices n SET settled_as = how, settled_reason = why, settled_by_id = app.actor_id(), settled_at = at
  WHERE n.id = wanted
    AND n.unmatched IS NOT NULL
    AND n.settled_at IS NULL
    AND trim(why) <> ''
    AND n.municipality_id = ANY (
      app.municipalities_as('coordinator') || app.municipalities_as('administrator')
      || app.municipalities_as('operator'))
  RETURNING n.municipality_id
$$;

REVOKE ALL ON FUNCTION app.open_notices(text, uuid, timestamptz), app.unmatched_deliveries(integer),
  app.settle_delivery(uuid, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.open_notices(text, uuid, timestamptz), app.unmatched_deliveries(integer),
  app.settle_delivery(uuid, text, text, timestamptz) TO stafetten_staff;
