-- A municipality's own wording is read by everybody it is shown to, and written where one coordinates or administers.
ALTER TABLE consent_texts ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON consent_texts TO stafetten_staff;
GRANT UPDATE (state, version) ON consent_texts TO stafetten_staff;
CREATE POLICY read ON consent_texts FOR SELECT TO stafetten_staff
  USING (municipality_id = ANY ((SELECT app.my_municipalities())::uuid[]));
CREATE POLICY write ON consent_texts FOR INSERT TO stafetten_staff
  WITH CHECK (municipality_id = ANY ((SELECT app.municipalities_as('coordinator'))::uuid[])
    OR municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[]));
CREATE POLICY retire ON consent_texts FOR UPDATE TO stafetten_staff
  USING (municipality_id = ANY ((SELECT app.municipalities_as('coordinator'))::uuid[])
    OR municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[]));
GRANT SELECT ON consent_texts TO stafetten_family;
CREATE POLICY family ON consent_texts FOR SELECT TO stafetten_family
  USING (municipality_id IN (SELECT municipality_id FROM cases));

-- What somebody read before answering: added to, never changed; one of the family sees what that one read. It names the
-- child, so jobs may write it down when somebody answers by the family's own door, and never read it.
ALTER TABLE consent_readings ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON consent_readings TO stafetten_staff;
CREATE POLICY scope ON consent_readings FOR ALL TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[]));
GRANT SELECT ON consent_readings TO stafetten_family;
CREATE POLICY family ON consent_readings FOR SELECT TO stafetten_family
  USING (consent_id IN (SELECT id FROM consents));
GRANT INSERT ON consent_readings TO stafetten_work;
CREATE POLICY jobs ON consent_readings FOR INSERT TO stafetten_work WITH CHECK (true);

-- Whether somebody whose answer counts has been asked anew and has not answered: asked by services that do not see the
-- case yet, so that they can be told what they wait for.
CREATE FUNCTION app.asked_anew(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM consents s
    WHERE s.case_id = wanted AND s.asked_anew_at IS NOT NULL
      AND EXISTS (SELECT 1 FROM app.consenters(wanted) AS n(n) WHERE n.n IS NOT DISTINCT FROM s.guardian_id))
$$;
REVOKE ALL ON FUNCTION app.asked_anew(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.asked_anew(uuid) TO stafetten_staff, stafetten_work;
-- A service that joins may end the sight of others until the family has answered anew; the house carries it out.
GRANT EXECUTE ON FUNCTION app.end_unreached(uuid, uuid, timestamptz) TO stafetten_work;

-- Whether a case is about somebody with a protected address: the child, or a guardian it may live with. Jobs and families
-- are told this and nothing more of it.
CREATE FUNCTION app.is_protected(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM cases c JOIN children k ON k.id = c.child_id
    WHERE c.id = wanted AND (k.protected_address
      OR EXISTS (SELECT 1 FROM guardians g WHERE g.child_id = k.id AND g.protected_address)))
$$;

-- From every guardian who is not protected as well: of two parents, one may be hiding from the other.
CREATE FUNCTION app.place_hidden_from(wanted uuid, person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT app.is_protected(wanted)
    AND NOT EXISTS (SELECT 1 FROM guardians g WHERE g.id = person AND g.protected_address AND NOT g.kept_out)
$$;

CREATE FUNCTION app.place_hidden_from_me(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT app.is_protected(wanted)
    AND NOT EXISTS (
      SELECT 1 FROM cases c WHERE c.id = wanted AND (c.child_id = ANY (app.myself())
        OR EXISTS (SELECT 1 FROM guardians g WHERE g.child_id = c.child_id AND g.protected_address
          AND g.id = ANY (app.my_guardianships()))))
$$;

-- Whoever meets the child in a file says that its address is protected, or is so no longer.
CREATE FUNCTION app.protect_child(wanted uuid, hidden boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE children k SET protected_address = hidden, version = k.version + 1
  WHERE k.id = wanted AND k.id = ANY (app.filed_children()) AND k.id <> ALL (app.barred_children());
  RETURN FOUND;
END
$$;
REVOKE ALL ON FUNCTION app.is_protected(uuid), app.place_hidden_from(uuid, uuid), app.place_hidden_from_me(uuid),
  app.protect_child(uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.is_protected(uuid) TO stafetten_staff, stafetten_family, stafetten_work;
GRANT EXECUTE ON FUNCTION app.place_hidden_from(uuid, uuid) TO stafetten_staff, stafetten_family;
GRANT EXECUTE ON FUNCTION app.place_hidden_from_me(uuid) TO stafetten_family;
GRANT EXECUTE ON FUNCTION app.protect_child(uuid, boolean) TO stafetten_staff;
