-- An open case has exactly one holder, and it is the one the case names. Acts let the next holder in before the
-- former goes out, so both are looked at when the transaction ends, and not before.

ALTER TABLE participations ADD CONSTRAINT uq_participations_holder
  EXCLUDE USING btree (case_id WITH =) WHERE (kind = 'holder' AND until IS NULL) DEFERRABLE INITIALLY DEFERRED;

CREATE FUNCTION app.hold_to_one(wanted uuid) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  named uuid;
  holding uuid[];
BEGIN
  SELECT c.holder_id INTO named FROM cases c WHERE c.id = wanted AND c.state <> 'closed';
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT array_agg(p.practitioner_id) INTO holding FROM participations p
  WHERE p.case_id = wanted AND p.kind = 'holder' AND p.until IS NULL;
  IF holding IS DISTINCT FROM ARRAY[named] THEN
    RAISE EXCEPTION 'an open case has one holder, the one it names' USING ERRCODE = '23514', CONSTRAINT = 'one_holder';
  END IF;
END
$$;

CREATE FUNCTION app.one_holder() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'cases' THEN
    PERFORM app.hold_to_one(NEW.id);
  ELSE
    IF TG_OP <> 'INSERT' THEN
      PERFORM app.hold_to_one(OLD.case_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
      PERFORM app.hold_to_one(NEW.case_id);
    END IF;
  END IF;
  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER one_holder AFTER INSERT OR UPDATE OF holder_id, state ON cases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.one_holder();
CREATE CONSTRAINT TRIGGER one_holder AFTER INSERT OR UPDATE OR DELETE ON participations
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.one_holder();

-- Who is away today, until when, and who stands in. Why is nobody's business, and stands nowhere.
CREATE FUNCTION app.away_now() RETURNS TABLE (practitioner_id uuid, until_on date, substitute_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT ON (a.practitioner_id) a.practitioner_id, a.until_on, a.substitute_id
  FROM absences a
  WHERE a.ended_at IS NULL AND app.today() BETWEEN a.from_on AND a.until_on
  ORDER BY a.practitioner_id, a.until_on DESC
$$;

-- Whether the actor leads a service where this person works today.
CREATE FUNCTION app.leads(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM assignments a JOIN services s ON s.id = a.service_id
    WHERE a.practitioner_id = wanted
      AND s.leader_id = app.actor_id()
      AND a.since <= app.today()
      AND (a.until IS NULL OR a.until >= app.today())
  )
$$;

-- Holders of the open cases in the units the actor leads, as numbers: batons, and deadlines that have passed.
CREATE FUNCTION app.batons_in_my_units(day date) RETURNS TABLE (practitioner_id uuid, batons bigint, late bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.holder_id, count(*), sum((
    SELECT count(*) FROM deadlines d WHERE d.case_id = c.id AND d.settled_at IS NULL AND d.target_on < day
  ))::bigint
  FROM cases c JOIN services u ON u.id = c.unit_id
  WHERE u.leader_id = app.actor_id()
    AND c.state <> 'closed'
    AND c.child_id <> ALL (app.barred_children())
  GROUP BY c.holder_id
$$;

-- The batons of one person that the actor may move: in units led, barred children excepted, and, seen by nobody,
-- all of them in a municipality where the actor administers.
CREATE FUNCTION app.batons_to_move(wanted uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id
  FROM cases c JOIN services u ON u.id = c.unit_id
  WHERE c.holder_id = wanted
    AND c.state <> 'closed'
    AND (c.municipality_id = ANY (app.municipalities_as('administrator'))
      OR (u.leader_id = app.actor_id() AND c.child_id <> ALL (app.barred_children())))
  ORDER BY c.id
$$;

-- What drifts in the municipality, for whoever coordinates there: numbers of cases and units, and no name.
CREATE FUNCTION app.drift_overview(day date, most integer) RETURNS TABLE (
  drift_id uuid, kind text, number text, unit_id uuid, found_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.id, d.kind, c.number, c.unit_id, d.found_at
  FROM drifts d JOIN cases c ON c.id = d.case_id
  WHERE d.municipality_id = ANY (app.municipalities_as('coordinator'))
    AND d.settled_at IS NULL
    AND (d.snoozed_until IS NULL OR d.snoozed_until <= day)
  ORDER BY d.found_at, d.id
  LIMIT most
$$;

REVOKE ALL ON FUNCTION app.hold_to_one(uuid), app.one_holder(), app.away_now(), app.leads(uuid),
  app.batons_in_my_units(date), app.batons_to_move(uuid), app.drift_overview(date, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.away_now(), app.leads(uuid), app.batons_in_my_units(date), app.batons_to_move(uuid),
  app.drift_overview(date, integer) TO stafetten_staff;
GRANT EXECUTE ON FUNCTION app.away_now() TO stafetten_work;

-- An absence is read by whom it is about, who stands in, and who leads; set by the person or the leader.
ALTER TABLE absences ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON absences TO stafetten_staff, stafetten_work;
CREATE POLICY scope ON absences FOR SELECT TO stafetten_staff
  USING (practitioner_id = (SELECT app.actor_id()) OR substitute_id = (SELECT app.actor_id())
    OR app.leads(practitioner_id));
CREATE POLICY set ON absences FOR INSERT TO stafetten_staff
  WITH CHECK (registered_by_id = (SELECT app.actor_id())
    AND (practitioner_id = (SELECT app.actor_id()) OR app.leads(practitioner_id)));
CREATE POLICY keep ON absences FOR UPDATE TO stafetten_staff
  USING (practitioner_id = (SELECT app.actor_id()) OR app.leads(practitioner_id));
CREATE POLICY jobs ON absences FOR ALL TO stafetten_work USING (true) WITH CHECK (true);

-- What drifts is read and put off by whose it is, as long as the case is theirs to see; found by the jobs only.
ALTER TABLE drifts ENABLE ROW LEVEL SECURITY;
GRANT SELECT, UPDATE ON drifts TO stafetten_staff;
GRANT SELECT, INSERT, UPDATE ON drifts TO stafetten_work;
CREATE POLICY scope ON drifts FOR SELECT TO stafetten_staff
  USING (owner_id = (SELECT app.actor_id()) AND case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY snooze ON drifts FOR UPDATE TO stafetten_staff
  USING (owner_id = (SELECT app.actor_id()) AND case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY jobs ON drifts FOR ALL TO stafetten_work USING (true) WITH CHECK (true);
