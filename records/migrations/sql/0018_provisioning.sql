-- A municipality's identity provider comes in by a way of its own: it keeps people and the roles their groups give, and
-- meets neither a child nor a case. Whoever fills in the school's register does it by another: jobs' rights, and the
-- register of the municipalities one administers.

DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['stafetten_provisioning', 'stafetten_rosters'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
    END IF;
    EXECUTE format('GRANT %I TO stafetten_app', wanted);
    EXECUTE format('GRANT USAGE ON SCHEMA public, app TO %I', wanted);
  END LOOP;
END
$$;
GRANT stafetten_work TO stafetten_rosters;

-- The municipality whose token acts; null for everybody else, and for a token that has been revoked.
CREATE FUNCTION app.provisioned_municipality() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.municipality_id FROM provisioning_tokens t WHERE t.id = app.actor_id() AND t.revoked_at IS NULL
$$;

-- People of that municipality: those its provider has told of, and those who have worked there; less those it deleted.
CREATE FUNCTION app.provisionable() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(found.id), '{}') FROM (
    SELECT v.practitioner_id AS id FROM provisioned_people v
    WHERE v.municipality_id = app.provisioned_municipality()
    UNION
    SELECT a.practitioner_id FROM assignments a JOIN services s ON s.id = a.service_id
    WHERE s.municipality_id = app.provisioned_municipality()
  ) found
$$;

-- Ends every visit, key and calendar address of somebody, for whoever may show that person out.
CREATE FUNCTION app.shut_out(person uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT (
    person = ANY (app.provisionable())
    OR EXISTS (SELECT 1 FROM assignments a JOIN services s ON s.id = a.service_id
      WHERE a.practitioner_id = person AND s.municipality_id = ANY (app.municipalities_as('administrator')))
  ) THEN
    RAISE EXCEPTION 'not yours to show out' USING ERRCODE = '42501';
  END IF;
  UPDATE sign_ins s SET ended_at = at WHERE s.practitioner_id = person AND s.ended_at IS NULL;
  UPDATE api_tokens t SET revoked_at = at WHERE t.practitioner_id = person AND t.revoked_at IS NULL;
  UPDATE calendar_feeds f SET revoked_at = at WHERE f.practitioner_id = person AND f.revoked_at IS NULL;
END
$$;

-- Who can sign in no more and still has a hand on something: in the units the actor leads, in the services led where
-- the person answers for the service, and, as numbers only, in the municipality one administers.
CREATE FUNCTION app.leavers() RETURNS TABLE (
  practitioner_id uuid, batons bigint, offers bigint, measures bigint, meetings bigint, contacts bigint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH mine AS (
    SELECT c.id, c.holder_id, c.offered_to_id
    FROM cases c JOIN services u ON u.id = c.unit_id
    WHERE c.state <> 'closed'
      AND (c.municipality_id = ANY (app.municipalities_as('administrator'))
        OR (u.leader_id = app.actor_id() AND c.child_id <> ALL (app.barred_children())))
  ),
  hands AS (
    SELECT m.holder_id AS person, 'batons' AS kind FROM mine m
    UNION ALL SELECT m.offered_to_id, 'offers' FROM mine m WHERE m.offered_to_id IS NOT NULL
    UNION ALL SELECT x.responsible_id, 'measures' FROM measures x JOIN mine m ON m.id = x.case_id WHERE x.state <> 'ended'
    UNION ALL SELECT t.practitioner_id, 'meetings' FROM attendances t
      JOIN meetings g ON g.id = t.meeting_id AND g.state IN ('planned', 'summoned') JOIN mine m ON m.id = g.case_id
      WHERE t.practitioner_id IS NOT NULL
    UNION ALL SELECT i.contact_id, 'contacts' FROM invitations i JOIN services s ON s.id = i.service_id
      JOIN cases c ON c.id = i.case_id AND c.state <> 'closed'
      WHERE i.state = 'accepted' AND i.contact_id IS NOT NULL
        AND (s.leader_id = app.actor_id() OR s.municipality_id = ANY (app.municipalities_as('administrator')))
  )
  SELECT h.person, count(*) FILTER (WHERE h.kind = 'batons'), count(*) FILTER (WHERE h.kind = 'offers'),
    count(*) FILTER (WHERE h.kind = 'measures'), count(*) FILTER (WHERE h.kind = 'meetings'),
    count(*) FILTER (WHERE h.kind = 'contacts')
  FROM hands h JOIN practitioners p ON p.id = h.person
  WHERE p.left_on < app.today() OR NOT EXISTS (
    SELECT 1 FROM assignments a WHERE a.practitioner_id = h.person AND a.since <= app.today()
      AND (a.until IS NULL OR a.until >= app.today())
  )
  GROUP BY h.person
$$;

-- Open cases of the units one leads whose child is no longer in the unit's register.
CREATE FUNCTION app.pupils_gone() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM cases c JOIN services u ON u.id = c.unit_id JOIN children k ON k.id = c.child_id
  WHERE u.leader_id = app.actor_id() AND c.state <> 'closed' AND k.unit_id IS DISTINCT FROM c.unit_id
    AND c.id = ANY (app.visible_cases())
  ORDER BY c.id
$$;

-- Which of some national numbers, as keyed hashes, stand in the register of a municipality one does not administer.
CREATE FUNCTION app.numbers_elsewhere(wanted bytea[]) RETURNS SETOF bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT k.identity_index FROM children k
  WHERE k.identity_index = ANY (wanted)
    AND k.municipality_id <> ALL (app.municipalities_as('administrator'))
$$;

REVOKE ALL ON FUNCTION app.provisioned_municipality(), app.provisionable(), app.shut_out(uuid, timestamptz),
  app.leavers(), app.pupils_gone(), app.numbers_elsewhere(bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.provisioned_municipality(), app.provisionable(), app.shut_out(uuid, timestamptz),
  app.actor_id(), app.today(), app.write_act(jsonb, jsonb, jsonb, uuid, text, timestamptz),
  app.seal(bytea, uuid, bigint, timestamptz, uuid, text, text, text), app.municipalities_as(text)
  TO stafetten_provisioning;
GRANT EXECUTE ON FUNCTION app.shut_out(uuid, timestamptz), app.leavers(), app.pupils_gone() TO stafetten_staff;
GRANT EXECUTE ON FUNCTION app.shut_out(uuid, timestamptz), app.numbers_elsewhere(bytea[]),
  app.end_unreached(uuid, uuid, timestamptz) TO stafetten_rosters;

-- The administrator makes and revokes the keys and says what a group stands for; the door finds out whose a key is.
ALTER TABLE provisioning_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE provisioned_people ENABLE ROW LEVEL SECURITY;
ALTER TABLE provisioned_groups ENABLE ROW LEVEL SECURITY;
ALTER TABLE provisioned_members ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON provisioning_tokens TO stafetten_staff;
GRANT SELECT, UPDATE (used_at) ON provisioning_tokens TO stafetten_door;
GRANT SELECT, UPDATE ON provisioned_groups, provisioned_members TO stafetten_staff;
CREATE POLICY administer ON provisioning_tokens FOR ALL TO stafetten_staff
  USING (municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[]));
CREATE POLICY door ON provisioning_tokens FOR ALL TO stafetten_door USING (true);
CREATE POLICY administer ON provisioned_groups FOR ALL TO stafetten_staff
  USING (municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[]));
CREATE POLICY administer ON provisioned_members FOR ALL TO stafetten_staff
  USING (group_id IN (SELECT id FROM provisioned_groups));

-- The identity provider: its own municipality's people, and no role that could make or run anything here.
GRANT SELECT ON municipalities, services TO stafetten_provisioning;
GRANT SELECT, INSERT, UPDATE ON practitioners, provisioned_people TO stafetten_provisioning;
GRANT SELECT, INSERT, UPDATE (until) ON assignments TO stafetten_provisioning;
GRANT SELECT, INSERT, UPDATE, DELETE ON provisioned_groups, provisioned_members TO stafetten_provisioning;
CREATE POLICY provision ON provisioned_people FOR ALL TO stafetten_provisioning
  USING (municipality_id = (SELECT app.provisioned_municipality()));
CREATE POLICY provision ON provisioned_groups FOR ALL TO stafetten_provisioning
  USING (municipality_id = (SELECT app.provisioned_municipality()));
CREATE POLICY provision ON provisioned_members FOR ALL TO stafetten_provisioning
  USING (group_id IN (SELECT id FROM provisioned_groups));
CREATE POLICY provision_new ON practitioners FOR INSERT TO stafetten_provisioning
  WITH CHECK ((SELECT app.provisioned_municipality()) IS NOT NULL);
CREATE POLICY provision ON practitioners FOR UPDATE TO stafetten_provisioning
  USING (id = ANY ((SELECT app.provisionable())::uuid[]));
CREATE POLICY provision_new ON assignments FOR INSERT TO stafetten_provisioning
  WITH CHECK (role NOT IN ('administrator', 'operator', 'archivist', 'data_protection_officer')
    AND service_id IN (SELECT id FROM services WHERE municipality_id = (SELECT app.provisioned_municipality())));
CREATE POLICY provision ON assignments FOR UPDATE TO stafetten_provisioning
  USING (service_id IN (SELECT id FROM services WHERE municipality_id = (SELECT app.provisioned_municipality())));

-- The school's register, compared and filled in as the municipality's administrator says, with nothing of a case read.
GRANT SELECT, INSERT, UPDATE ON children, guardians TO stafetten_rosters;
CREATE POLICY rosters ON children FOR ALL TO stafetten_rosters
  USING (municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[]));
CREATE POLICY rosters ON guardians FOR ALL TO stafetten_rosters
  USING (municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[]));

-- What was read of a file belongs to whoever uploaded it; the jobs throw away what has run out.
ALTER TABLE roster_drafts ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON roster_drafts TO stafetten_staff;
GRANT SELECT, DELETE ON roster_drafts TO stafetten_work;
CREATE POLICY own ON roster_drafts FOR ALL TO stafetten_staff
  USING (made_by_id = (SELECT app.actor_id())
    AND municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[]));
CREATE POLICY jobs ON roster_drafts FOR ALL TO stafetten_work USING (true);

GRANT DELETE ON attendances TO stafetten_work;
