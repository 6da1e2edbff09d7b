-- A pause is inside its case, and is ended by the jobs when its last day has passed.

ALTER TABLE case_pauses ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON case_pauses TO stafetten_staff, stafetten_work;
CREATE POLICY scope ON case_pauses FOR ALL TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY jobs ON case_pauses FOR ALL TO stafetten_work USING (true) WITH CHECK (true);
