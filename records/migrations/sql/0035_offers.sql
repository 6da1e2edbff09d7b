-- What was once asked of oneself stays one's own, until one is kept away from the child: then nothing of it is in sight.
DROP POLICY scope ON handovers;
CREATE POLICY scope ON handovers FOR SELECT TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[])
    OR (to_id = (SELECT app.actor_id()) AND case_id <> ALL ((SELECT app.barred_cases())::uuid[])));
DROP POLICY settle ON handovers;
CREATE POLICY settle ON handovers FOR UPDATE TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[])
    OR (to_id = (SELECT app.actor_id()) AND case_id <> ALL ((SELECT app.barred_cases())::uuid[])));
DROP POLICY scope ON deadlines;
CREATE POLICY scope ON deadlines FOR ALL TO stafetten_staff
  USING ((owner_id = (SELECT app.actor_id())
      AND (case_id IS NULL OR case_id <> ALL ((SELECT app.barred_cases())::uuid[])))
    OR case_id = ANY ((SELECT app.reachable_cases())::uuid[])
    OR signal_id = ANY ((SELECT app.visible_signals())::uuid[]))
  WITH CHECK (true);
