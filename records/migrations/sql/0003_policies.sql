-- Row security and rights. Three ways in, each with its own role and its own policies, so that policies are
-- never OR-ed together: staff (people at work), work (jobs), door (who are you?).

DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['stafetten_staff', 'stafetten_work', 'stafetten_door'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
    END IF;
    EXECUTE format('GRANT %I TO stafetten_app', wanted);
  END LOOP;
END
$$;

GRANT USAGE ON SCHEMA public, app TO stafetten_staff, stafetten_work, stafetten_door;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO stafetten_staff, stafetten_work;
GRANT EXECUTE ON FUNCTION app.actor_id(), app.today(), app.write_act(jsonb, jsonb, jsonb, uuid, text, timestamptz),
  app.seal(bytea, uuid, bigint, timestamptz, uuid, text, text, text) TO stafetten_door;

-- Every table is closed unless a policy below opens it.
DO $$
DECLARE
  wanted text;
BEGIN
  FOR wanted IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', wanted);
  END LOOP;
END
$$;

-- The directory: who works where. No child is in it.
GRANT SELECT ON municipalities, services, service_reaches, practitioners, assignments, guides
  TO stafetten_staff, stafetten_work;
GRANT SELECT ON municipalities, services, practitioners, assignments TO stafetten_door;
GRANT INSERT, UPDATE ON services, service_reaches, practitioners, assignments, guides TO stafetten_staff;
GRANT DELETE ON service_reaches TO stafetten_staff;
GRANT UPDATE (settings, name, duty_phone, language) ON municipalities TO stafetten_staff;
CREATE POLICY directory_read ON municipalities FOR SELECT USING (true);
CREATE POLICY directory_read ON services FOR SELECT USING (true);
CREATE POLICY directory_read ON service_reaches FOR SELECT USING (true);
CREATE POLICY directory_read ON practitioners FOR SELECT USING (true);
CREATE POLICY directory_read ON assignments FOR SELECT USING (true);
CREATE POLICY directory_read ON guides FOR SELECT USING (true);
CREATE POLICY administer ON municipalities FOR UPDATE TO stafetten_staff
  USING (id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[]));
CREATE POLICY administer ON services FOR ALL TO stafetten_staff
  USING (municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[]));
CREATE POLICY administer ON guides FOR ALL TO stafetten_staff
  USING (municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[]));
CREATE POLICY administer ON service_reaches FOR ALL TO stafetten_staff
  USING (service_id IN (SELECT id FROM services
    WHERE municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[])));
CREATE POLICY administer ON assignments FOR ALL TO stafetten_staff
  USING (service_id IN (SELECT id FROM services
    WHERE municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[])));
CREATE POLICY administer_new ON practitioners FOR INSERT TO stafetten_staff
  WITH CHECK (cardinality((SELECT app.municipalities_as('administrator'))) > 0);
CREATE POLICY administer ON practitioners FOR UPDATE TO stafetten_staff
  USING (cardinality((SELECT app.municipalities_as('administrator'))) > 0 OR id = (SELECT app.actor_id()));

-- The door: sessions and keys, and nothing about any child.
GRANT SELECT, INSERT, UPDATE ON sign_ins, api_tokens TO stafetten_door;
GRANT UPDATE (subject, language) ON practitioners TO stafetten_door;
CREATE POLICY door ON sign_ins FOR ALL TO stafetten_door USING (true);
CREATE POLICY door ON api_tokens FOR ALL TO stafetten_door USING (true);
CREATE POLICY door ON practitioners FOR UPDATE TO stafetten_door USING (true);

-- Children: those of the actor's units, and those met in a file. Barred comes first.
GRANT SELECT, INSERT, UPDATE ON children, guardians TO stafetten_staff;
CREATE POLICY scope ON children FOR SELECT TO stafetten_staff
  USING ((unit_id = ANY ((SELECT app.my_units())::uuid[]) OR id = ANY ((SELECT app.filed_children())::uuid[]))
    AND id <> ALL ((SELECT app.barred_children())::uuid[]));
CREATE POLICY register ON children FOR INSERT TO stafetten_staff
  WITH CHECK (unit_id = ANY ((SELECT app.my_units())::uuid[]));
CREATE POLICY keep ON children FOR UPDATE TO stafetten_staff
  USING (unit_id = ANY ((SELECT app.my_units())::uuid[]) OR id = ANY ((SELECT app.filed_children())::uuid[]));
CREATE POLICY scope ON guardians FOR SELECT TO stafetten_staff
  USING (child_id = ANY ((SELECT app.filed_children())::uuid[]));
CREATE POLICY register ON guardians FOR INSERT TO stafetten_staff
  WITH CHECK (child_id IN (SELECT id FROM children));
CREATE POLICY keep ON guardians FOR UPDATE TO stafetten_staff
  USING (child_id = ANY ((SELECT app.filed_children())::uuid[]));

-- Worries: the author and the nearest leader.
GRANT SELECT, INSERT, UPDATE ON signals TO stafetten_staff;
GRANT SELECT, INSERT ON signal_notes TO stafetten_staff;
CREATE POLICY scope ON signals FOR SELECT TO stafetten_staff
  USING ((author_id = (SELECT app.actor_id()) OR leader_id = (SELECT app.actor_id()))
    AND child_id <> ALL ((SELECT app.barred_children())::uuid[]));
CREATE POLICY note ON signals FOR INSERT TO stafetten_staff WITH CHECK (author_id = (SELECT app.actor_id()));
CREATE POLICY decide ON signals FOR UPDATE TO stafetten_staff
  USING (author_id = (SELECT app.actor_id()) OR leader_id = (SELECT app.actor_id()));
CREATE POLICY scope ON signal_notes FOR SELECT TO stafetten_staff
  USING (signal_id = ANY ((SELECT app.visible_signals())::uuid[]));
CREATE POLICY note ON signal_notes FOR INSERT TO stafetten_staff
  WITH CHECK (author_id = (SELECT app.actor_id()) AND signal_id = ANY ((SELECT app.visible_signals())::uuid[]));

-- Cases: takers-part see inside; those who only have something to answer see the row itself.
GRANT SELECT, INSERT, UPDATE ON cases, participations, handovers TO stafetten_staff;
CREATE POLICY scope ON cases FOR SELECT TO stafetten_staff
  USING (id = ANY ((SELECT app.reachable_cases())::uuid[]));
CREATE POLICY found ON cases FOR INSERT TO stafetten_staff
  WITH CHECK (municipality_id = ANY ((SELECT app.my_municipalities())::uuid[]));
CREATE POLICY act ON cases FOR UPDATE TO stafetten_staff
  USING (id = ANY ((SELECT app.reachable_cases())::uuid[])) WITH CHECK (true);
CREATE POLICY scope ON participations FOR SELECT TO stafetten_staff
  USING (case_id = ANY ((SELECT app.reachable_cases())::uuid[]));
CREATE POLICY join_in ON participations FOR INSERT TO stafetten_staff
  WITH CHECK (case_id = ANY ((SELECT app.reachable_cases())::uuid[]) OR app.is_new_case(case_id));
CREATE POLICY leave ON participations FOR UPDATE TO stafetten_staff
  USING (case_id = ANY ((SELECT app.reachable_cases())::uuid[])) WITH CHECK (true);
CREATE POLICY scope ON handovers FOR SELECT TO stafetten_staff
  USING (to_id = (SELECT app.actor_id()) OR case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY offer ON handovers FOR INSERT TO stafetten_staff
  WITH CHECK (case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY settle ON handovers FOR UPDATE TO stafetten_staff
  USING (to_id = (SELECT app.actor_id()) OR case_id = ANY ((SELECT app.visible_cases())::uuid[]));

-- Everything inside a case.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['case_steps', 'case_moves', 'child_views', 'consents', 'coordinations', 'measures',
    'evaluations', 'meetings', 'archive_packages'] LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO stafetten_staff', wanted);
    EXECUTE format('CREATE POLICY scope ON %I FOR ALL TO stafetten_staff
      USING (case_id = ANY ((SELECT app.visible_cases())::uuid[]))', wanted);
  END LOOP;
END
$$;
REVOKE UPDATE ON archive_packages, case_moves FROM stafetten_staff;
GRANT SELECT, INSERT ON log_entries TO stafetten_staff;
CREATE POLICY scope ON log_entries FOR SELECT TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY write ON log_entries FOR INSERT TO stafetten_staff
  WITH CHECK (case_id = ANY ((SELECT app.reachable_cases())::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON attendances TO stafetten_staff;
CREATE POLICY scope ON attendances FOR ALL TO stafetten_staff
  USING (practitioner_id = (SELECT app.actor_id())
    OR meeting_id IN (SELECT id FROM meetings WHERE case_id = ANY ((SELECT app.visible_cases())::uuid[])));
GRANT SELECT, INSERT, UPDATE ON invitations TO stafetten_staff;
CREATE POLICY scope ON invitations FOR SELECT TO stafetten_staff
  USING (case_id = ANY ((SELECT app.reachable_cases())::uuid[]));
CREATE POLICY ask ON invitations FOR INSERT TO stafetten_staff
  WITH CHECK (case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY answer ON invitations FOR UPDATE TO stafetten_staff
  USING (case_id = ANY ((SELECT app.reachable_cases())::uuid[]));

-- Deadlines, letters, drafts, reports of concern.
GRANT SELECT, INSERT, UPDATE ON deadlines TO stafetten_staff;
CREATE POLICY scope ON deadlines FOR ALL TO stafetten_staff
  USING (owner_id = (SELECT app.actor_id())
    OR case_id = ANY ((SELECT app.reachable_cases())::uuid[])
    OR signal_id = ANY ((SELECT app.visible_signals())::uuid[]))
  WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON notices TO stafetten_staff;
CREATE POLICY scope ON notices FOR SELECT TO stafetten_staff
  USING (practitioner_id = (SELECT app.actor_id()) OR case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY write ON notices FOR INSERT TO stafetten_staff WITH CHECK (true);
CREATE POLICY settle ON notices FOR UPDATE TO stafetten_staff
  USING (practitioner_id = (SELECT app.actor_id()) OR case_id = ANY ((SELECT app.reachable_cases())::uuid[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON drafts TO stafetten_staff;
CREATE POLICY own ON drafts FOR ALL TO stafetten_staff USING (practitioner_id = (SELECT app.actor_id()));
GRANT SELECT, INSERT, UPDATE ON concern_reports TO stafetten_staff;
CREATE POLICY scope ON concern_reports FOR SELECT TO stafetten_staff
  USING ((reporter_id = (SELECT app.actor_id()) OR service_id = ANY ((SELECT app.my_practice())::uuid[]))
    AND child_id <> ALL ((SELECT app.barred_children())::uuid[]));
CREATE POLICY send ON concern_reports FOR INSERT TO stafetten_staff
  WITH CHECK (reporter_id = (SELECT app.actor_id()));
CREATE POLICY open ON concern_reports FOR UPDATE TO stafetten_staff
  USING (service_id = ANY ((SELECT app.my_practice())::uuid[]));

-- Bars are written by those who decide them and read by nobody: only the functions ask.
GRANT SELECT, INSERT, UPDATE ON bars TO stafetten_staff;
CREATE POLICY decide ON bars FOR ALL TO stafetten_staff USING (barred_by_id = (SELECT app.actor_id()));

-- The trail: read by those inside the file; written only by app.write_act; changed by nobody.
GRANT SELECT ON audit TO stafetten_staff;
CREATE POLICY scope ON audit FOR SELECT TO stafetten_staff
  USING (actor_id = (SELECT app.actor_id())
    OR file_id = ANY ((SELECT app.visible_cases())::uuid[])
    OR file_id = ANY ((SELECT app.visible_signals())::uuid[])
    OR (file_kind IN ('guide', 'staff') AND municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[])));
CREATE FUNCTION app.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is only added to' USING ERRCODE = '42501';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_anchors
  FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_moves
  FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();

-- Figures: counts without anybody in them, read where one leads or coordinates.
GRANT SELECT ON indicator_figures TO stafetten_staff;
CREATE POLICY lead ON indicator_figures FOR SELECT TO stafetten_staff
  USING (municipality_id = ANY ((SELECT app.municipalities_as('manager'))::uuid[])
    OR municipality_id = ANY ((SELECT app.municipalities_as('coordinator'))::uuid[]));

-- Jobs: everything they must follow up, and of a child nothing at all.
GRANT SELECT, INSERT, UPDATE ON cases, participations, handovers, consents, coordinations, invitations, measures,
  meetings, attendances, deadlines, notices, signals, concern_reports, case_moves TO stafetten_work;
REVOKE UPDATE ON case_moves FROM stafetten_work;
GRANT DELETE ON signals, deadlines TO stafetten_work;
GRANT INSERT ON log_entries TO stafetten_work;
GRANT SELECT (id, case_id, kind, written_at) ON log_entries TO stafetten_work;
GRANT SELECT (id, email, language, municipality_id) ON guardians TO stafetten_work;
GRANT SELECT ON evaluations, audit, audit_heads, audit_anchors TO stafetten_work;
GRANT INSERT ON audit_anchors TO stafetten_work;
GRANT SELECT, INSERT, DELETE ON indicator_figures TO stafetten_work;
GRANT SELECT, UPDATE, DELETE ON outbox TO stafetten_work;
GRANT SELECT, DELETE ON done_acts, drafts, sign_ins TO stafetten_work;
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['cases', 'participations', 'handovers', 'consents', 'coordinations', 'invitations',
    'measures', 'meetings', 'attendances', 'deadlines', 'notices', 'signals', 'concern_reports', 'case_moves',
    'log_entries', 'guardians', 'evaluations', 'audit', 'audit_heads', 'audit_anchors', 'outbox', 'done_acts',
    'drafts', 'sign_ins', 'indicator_figures'] LOOP
    EXECUTE format('CREATE POLICY jobs ON %I FOR ALL TO stafetten_work USING (true) WITH CHECK (true)', wanted);
  END LOOP;
END
$$;
