-- Operators see how the machinery stands and set it going again: rows of ids, counts, codes and times. Of a letter
-- they see that it was given up and why, never to whom or about what.

CREATE FUNCTION app.is_operator() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT cardinality(app.municipalities_as('operator')) > 0
$$;

-- The database itself, the letters and the trail, in figures; no row for anybody but operators.
CREATE FUNCTION app.machinery() RETURNS TABLE (
  size bigint, version text, tables text, letters_waiting bigint, letters_oldest_at timestamptz, letters_failed bigint,
  anchored_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT pg_database_size(current_database()), current_setting('server_version'),
    (SELECT v.version_num FROM alembic_version v),
    (SELECT count(*) FROM notices n WHERE n.state = 'written'),
    (SELECT min(n.written_at) FROM notices n WHERE n.state = 'written'),
    (SELECT count(*) FROM notices n WHERE n.state = 'failed'),
    (SELECT max(a.made_at) FROM audit_anchors a)
  WHERE app.is_operator()
$$;

-- Letters that were given up, newest first.
CREATE FUNCTION app.letters_given_up(most integer) RETURNS TABLE (
  id uuid, kind text, code text, attempts integer, written_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n.id, n.kind, coalesce(n.error, 'unknown'), n.attempts, n.written_at
  FROM notices n
  WHERE n.state = 'failed' AND app.is_operator()
  ORDER BY n.written_at DESC
  LIMIT most
$$;

-- A letter that was given up waits once more, under the same id, so that whoever got it after all knows it again.
-- Answers whether there was one.
CREATE FUNCTION app.write_letter_again(wanted uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE notices n SET state = 'written', attempts = 0, error = NULL, claimed_until = NULL
  WHERE n.id = wanted AND n.state = 'failed' AND app.is_operator();
  RETURN FOUND;
END
$$;

REVOKE ALL ON FUNCTION app.is_operator(), app.machinery(), app.letters_given_up(integer),
  app.write_letter_again(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.is_operator(), app.machinery(), app.letters_given_up(integer),
  app.write_letter_again(uuid) TO stafetten_staff;

ALTER TABLE contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE flow_reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE operator_acts ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON contacts, flow_reports TO stafetten_staff;
GRANT SELECT, INSERT ON operator_acts TO stafetten_staff;
GRANT SELECT, UPDATE ON outbox TO stafetten_staff;
CREATE POLICY operate ON contacts FOR SELECT TO stafetten_staff USING ((SELECT app.is_operator()));
CREATE POLICY operate ON flow_reports FOR SELECT TO stafetten_staff USING ((SELECT app.is_operator()));
CREATE POLICY operate ON operator_acts FOR SELECT TO stafetten_staff USING ((SELECT app.is_operator()));
CREATE POLICY ask ON operator_acts FOR INSERT TO stafetten_staff
  WITH CHECK (asked_by_id = (SELECT app.actor_id()) AND (SELECT app.is_operator()));
CREATE POLICY operate ON outbox FOR ALL TO stafetten_staff USING ((SELECT app.is_operator()));

GRANT SELECT, INSERT, UPDATE, DELETE ON contacts, flow_reports TO stafetten_work;
GRANT SELECT, UPDATE ON operator_acts TO stafetten_work;
CREATE POLICY jobs ON contacts FOR ALL TO stafetten_work USING (true) WITH CHECK (true);
CREATE POLICY jobs ON flow_reports FOR ALL TO stafetten_work USING (true) WITH CHECK (true);
CREATE POLICY jobs ON operator_acts FOR ALL TO stafetten_work USING (true) WITH CHECK (true);
