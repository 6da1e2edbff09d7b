-- Families who move: seen by those inside the case, and by the jobs that let an unanswered offer come back.
ALTER TABLE relocations ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON relocations TO stafetten_staff;
CREATE POLICY scope ON relocations FOR ALL TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[]));
GRANT SELECT, UPDATE ON relocations TO stafetten_work;
CREATE POLICY jobs ON relocations FOR ALL TO stafetten_work USING (true) WITH CHECK (true);
