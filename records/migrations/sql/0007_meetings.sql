-- Times proposed for a meeting are seen by whoever sees the case; the calendar's address is one's own.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['meeting_proposals', 'proposal_slots', 'proposal_answers', 'calendar_feeds'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', wanted);
  END LOOP;
  FOREACH wanted IN ARRAY ARRAY['meeting_proposals', 'proposal_slots', 'proposal_answers'] LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO stafetten_staff', wanted);
    EXECUTE format('GRANT SELECT, UPDATE ON %I TO stafetten_work', wanted);
    EXECUTE format('CREATE POLICY jobs ON %I FOR ALL TO stafetten_work USING (true) WITH CHECK (true)', wanted);
  END LOOP;
END
$$;

CREATE POLICY scope ON meeting_proposals FOR ALL TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY scope ON proposal_slots FOR ALL TO stafetten_staff
  USING (proposal_id IN (SELECT id FROM meeting_proposals));
CREATE POLICY scope ON proposal_answers FOR ALL TO stafetten_staff
  USING (proposal_id IN (SELECT id FROM meeting_proposals));

-- The door finds out whose calendar it is, and nothing more.
GRANT SELECT, INSERT, UPDATE ON calendar_feeds TO stafetten_staff;
GRANT SELECT ON calendar_feeds TO stafetten_door;
CREATE POLICY own ON calendar_feeds FOR ALL TO stafetten_staff
  USING (practitioner_id = (SELECT app.actor_id()));
CREATE POLICY door ON calendar_feeds FOR SELECT TO stafetten_door USING (true);
