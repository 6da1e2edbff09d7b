-- What is kept from the family is looked at again. Only what is hidden can be changed, and of it only that: whether it is
-- shown, by which law not, and until when. Nobody hides by this what the family has been shown.

-- Open cases in which the actor may hide and show: as the holder, or as somebody inside who works in child welfare.
CREATE FUNCTION app.hiding_cases() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(c.id), '{}')
  FROM unnest(app.visible_cases()) AS seen(id) JOIN cases c ON c.id = seen.id
  WHERE c.state <> 'closed'
    AND (c.holder_id = app.actor_id() OR EXISTS (
      SELECT 1 FROM services s WHERE s.kind = 'child_welfare' AND s.id = ANY (app.my_services())))
$$;
REVOKE ALL ON FUNCTION app.hiding_cases() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.hiding_cases() TO stafetten_staff;

GRANT UPDATE (for_family, hidden_reason, hidden_until) ON log_entries, attachments TO stafetten_staff;
CREATE POLICY review ON log_entries FOR UPDATE TO stafetten_staff
  USING (NOT for_family AND case_id = ANY ((SELECT app.hiding_cases())::uuid[]))
  WITH CHECK (case_id = ANY ((SELECT app.hiding_cases())::uuid[]));
CREATE POLICY review ON attachments FOR UPDATE TO stafetten_staff
  USING (NOT for_family AND case_id = ANY ((SELECT app.hiding_cases())::uuid[]))
  WITH CHECK (case_id = ANY ((SELECT app.hiding_cases())::uuid[]));

ALTER TABLE hiding_reviews ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON hiding_reviews TO stafetten_staff;
CREATE POLICY scope ON hiding_reviews FOR SELECT TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY review ON hiding_reviews FOR INSERT TO stafetten_staff
  WITH CHECK (reviewed_by_id = (SELECT app.actor_id()) AND case_id = ANY ((SELECT app.hiding_cases())::uuid[]));
