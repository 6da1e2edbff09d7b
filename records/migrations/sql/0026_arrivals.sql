-- Families who move within the house: seen by the leader of the unit that is asked, and by nobody else there, until
-- somebody there has taken the case.
CREATE FUNCTION app.offers_here() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(r.id), '{}') FROM relocations r
  JOIN services s ON s.id = r.to_unit_id JOIN cases c ON c.id = r.case_id
  WHERE r.state = 'offered' AND s.leader_id = app.actor_id()
    AND c.child_id <> ALL (app.barred_children())
$$;
CREATE POLICY asked ON relocations FOR SELECT TO stafetten_staff
  USING (id = ANY ((SELECT app.offers_here())::uuid[]));

ALTER TABLE arrivals ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON arrivals TO stafetten_staff;
CREATE POLICY scope ON arrivals FOR ALL TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[]));

-- Two lines about one person: by number, or by name where one of them has none.
CREATE FUNCTION app.same_guardian(one guardians, other guardians) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT coalesce(one.identity_index = other.identity_index, app.fold(one.name) = app.fold(other.name))
$$;

-- The child and its family in the register of the unit that takes the case: found by number, or by name and birth date
-- in the unit itself, or else written anew. Whoever is kept out, or away
-- from the child, is so in both; a tie the new municipality has assessed itself stands as it is there. Of a
-- guardian already there the new municipality's particulars stand.
CREATE FUNCTION app.take_in_child(wanted uuid, fresh uuid[]) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  unit services%ROWTYPE;
  child children%ROWTYPE;
  known uuid;
BEGIN
  IF NOT (wanted = ANY (app.offers_here())) THEN
    RETURN NULL;
  END IF;
  SELECT s.* INTO STRICT unit FROM relocations r JOIN services s ON s.id = r.to_unit_id WHERE r.id = wanted;
  SELECT k.* INTO STRICT child FROM relocations r JOIN cases c ON c.id = r.case_id JOIN children k ON k.id = c.child_id
  WHERE r.id = wanted;
  SELECT k.id INTO known FROM children k
  WHERE k.municipality_id = unit.municipality_id
    AND (k.identity_index = child.identity_index
      OR (k.unit_id = unit.id AND k.born_on = child.born_on
        AND app.fold(k.first_name) = app.fold(child.first_name) AND app.fold(k.last_name) = app.fold(child.last_name)
        AND (k.identity_index IS NULL OR child.identity_index IS NULL)))
  ORDER BY (k.identity_index = child.identity_index) DESC NULLS LAST LIMIT 1;
  IF known IS NULL THEN
    known := fresh[1];
    INSERT INTO children (id, municipality_id, unit_id, first_name, last_name, born_on, group_name, language, interpreter,
      protected_address, identity_cipher, identity_index, member_id, version)
    VALUES (known, unit.municipality_id, unit.id, child.first_name, child.last_name, child.born_on, '', child.language,
      child.interpreter, child.protected_address, child.identity_cipher, child.identity_index, child.member_id, 1);
  ELSE
    UPDATE children k SET protected_address = k.protected_address OR child.protected_address,
      member_id = coalesce(k.member_id, child.member_id), interpreter = k.interpreter OR child.interpreter,
      identity_cipher = coalesce(k.identity_cipher, child.identity_cipher),
      identity_index = coalesce(k.identity_index, child.identity_index), version = k.version + 1
    WHERE k.id = known;
  END IF;
  UPDATE guardians g SET kept_out = g.kept_out OR o.kept_out, version = g.version + 1,
    protected_address = g.protected_address OR o.protected_address, member_id = coalesce(g.member_id, o.member_id)
  FROM guardians o
  WHERE g.child_id = known AND o.child_id = child.id AND app.same_guardian(g, o);
  INSERT INTO guardians (id, child_id, municipality_id, name, relation, responsible, phone, email, language,
    protected_address, kept_out, member_id, identity_index, version)
  SELECT fresh[1 + row_number() OVER (ORDER BY o.id)], known, unit.municipality_id, o.name, o.relation, o.responsible,
    o.phone, o.email, o.language, o.protected_address, o.kept_out, o.member_id, o.identity_index, 1
  FROM guardians o
  WHERE o.child_id = child.id
    AND NOT EXISTS (SELECT 1 FROM guardians g WHERE g.child_id = known AND app.same_guardian(g, o));
  INSERT INTO bars (id, municipality_id, practitioner_id, child_id, reason, barred_by_id, since, state, tie, assessment,
    assessed_by_id, assessed_at, version)
  SELECT fresh[cardinality(fresh) + 1 - row_number() OVER (ORDER BY b.id)], unit.municipality_id, b.practitioner_id,
    known, b.reason, b.barred_by_id, b.since, b.state, b.tie, b.assessment, b.assessed_by_id, b.assessed_at, 1
  FROM bars b
  WHERE b.child_id = child.id AND b.until IS NULL
    AND EXISTS (SELECT 1 FROM assignments a JOIN services s ON s.id = a.service_id
      WHERE a.practitioner_id = b.practitioner_id AND s.municipality_id = unit.municipality_id)
  ON CONFLICT (practitioner_id, child_id) DO NOTHING;
  RETURN known;
END
$$;

REVOKE ALL ON FUNCTION app.offers_here(), app.take_in_child(uuid, uuid[]), app.same_guardian(guardians, guardians)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.offers_here(), app.take_in_child(uuid, uuid[]) TO stafetten_staff;

-- Whether a number stands in another municipality's register is no longer anybody's business: each keeps its own.
DROP FUNCTION app.numbers_elsewhere(bytea[]);
