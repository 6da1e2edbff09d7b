-- Siblings side by side. A link is seen by whoever may see both files and by nobody else, so that a reader of one
-- child's file never learns of the other by it.

-- Whether a link holds now: linked, both files open, and everybody who must has said yes and not taken it back. Who
-- must is asked each time, so that the link stands still the day a youth decides alone.
CREATE FUNCTION app.siblings_live(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(bool_and(
    c.state <> 'closed'
    AND app.consent_reaches(c.id, NULL)
    AND NOT EXISTS (
      SELECT 1 FROM app.consenters(c.id) AS n(n)
      WHERE NOT EXISTS (
        SELECT 1 FROM sibling_consents s
        WHERE s.link_id = wanted AND s.case_id = c.id AND s.guardian_id IS NOT DISTINCT FROM n.n
          AND s.withdrawn_at IS NULL
      )
    )), false)
  FROM sibling_links l JOIN cases c ON c.id IN (l.case_id, l.other_case_id)
  WHERE l.id = wanted AND l.state = 'linked'
$$;
REVOKE ALL ON FUNCTION app.siblings_live(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.siblings_live(uuid) TO stafetten_staff, stafetten_family, stafetten_work;

ALTER TABLE sibling_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE sibling_consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE sibling_shares ENABLE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE ON sibling_links, sibling_consents TO stafetten_staff;
GRANT SELECT, INSERT ON sibling_shares TO stafetten_staff;
CREATE POLICY sees_both ON sibling_links FOR ALL TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[])
    AND other_case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY sees_both ON sibling_consents FOR ALL TO stafetten_staff
  USING (link_id IN (SELECT id FROM sibling_links));
CREATE POLICY sees_both ON sibling_shares FOR ALL TO stafetten_staff
  USING (link_id IN (SELECT id FROM sibling_links));

-- Families: a parent of both sees the link; a parent of only one, and a youth, sees the own yes and may take it back.
GRANT SELECT ON sibling_links, sibling_consents TO stafetten_family;
CREATE POLICY family ON sibling_links FOR SELECT TO stafetten_family
  USING (case_id = ANY ((SELECT app.family_cases())::uuid[])
    AND other_case_id = ANY ((SELECT app.family_cases())::uuid[]));
CREATE POLICY family ON sibling_consents FOR SELECT TO stafetten_family
  USING ((guardian_id = ANY ((SELECT app.my_guardianships())::uuid[])
      AND case_id = ANY ((SELECT app.family_cases())::uuid[]))
    OR (guardian_id IS NULL AND case_id = ANY ((SELECT app.own_cases())::uuid[])));

-- What follows when one of a family takes the yes back, or a file is closed.
GRANT SELECT, UPDATE ON sibling_links, sibling_consents TO stafetten_work;
CREATE POLICY jobs ON sibling_links FOR ALL TO stafetten_work USING (true) WITH CHECK (true);
CREATE POLICY jobs ON sibling_consents FOR ALL TO stafetten_work USING (true) WITH CHECK (true);
