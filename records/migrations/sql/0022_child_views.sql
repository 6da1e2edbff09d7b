-- How often a child was not asked, by reason: a count for the figures, so that jobs need not read what children said.

CREATE FUNCTION app.children_not_asked(from_at timestamptz, before_at timestamptz) RETURNS TABLE (
  municipality_id uuid, part text, numerator bigint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT v.municipality_id, coalesce(v.not_asked, 'other'), count(*)
  FROM child_views v
  WHERE v.why_not <> '' AND v.written_at >= from_at AND v.written_at < before_at
  GROUP BY 1, 2
$$;
REVOKE ALL ON FUNCTION app.children_not_asked(timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.children_not_asked(timestamptz, timestamptz) TO stafetten_work;
