-- Whom a file is about decides who must consent and who looks in, so the database holds it to what can happen: only a
-- pregnancy ever becomes something else.
CREATE FUNCTION app.check_kind() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind <> OLD.kind AND NOT (OLD.kind IN ('unborn', 'ended') AND NEW.kind IN ('child', 'ended')) THEN
    RAISE EXCEPTION 'a % does not become a %', OLD.kind, NEW.kind USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER about BEFORE UPDATE OF kind ON children FOR EACH ROW EXECUTE FUNCTION app.check_kind();

-- A group has no family and no door of its own, and before birth nobody answers but the pregnant woman.
CREATE FUNCTION app.check_family() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  about text;
BEGIN
  SELECT k.kind INTO STRICT about FROM children k WHERE k.id = NEW.child_id;
  IF about = 'group' THEN
    RAISE EXCEPTION 'a group has no family' USING ERRCODE = '23514';
  END IF;
  IF TG_TABLE_NAME = 'guardians' AND about <> 'child' THEN
    IF NEW.responsible AND (NEW.relation <> 'mother' OR EXISTS (SELECT 1 FROM guardians g
        WHERE g.child_id = NEW.child_id AND g.responsible AND g.id <> NEW.id)) THEN
      RAISE EXCEPTION 'before birth the woman alone answers' USING ERRCODE = '23514';
    END IF;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER about BEFORE INSERT OR UPDATE OF child_id, responsible, relation ON guardians
  FOR EACH ROW EXECUTE FUNCTION app.check_family();
CREATE TRIGGER about BEFORE INSERT ON family_codes FOR EACH ROW EXECUTE FUNCTION app.check_family();

-- The groups, so that figures about children can be counted without them.
CREATE FUNCTION app.groups() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(k.id), '{}') FROM children k WHERE k.kind = 'group'
$$;
CREATE INDEX ix_children_groups ON children (id) WHERE kind = 'group';

REVOKE ALL ON FUNCTION app.check_kind(), app.check_family(), app.groups() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.groups() TO stafetten_work;
GRANT SELECT (kind) ON children TO stafetten_family;

-- When a pregnancy has ended, letters to the family that have not been sent yet are not sent: somebody talks with her.
CREATE FUNCTION app.drop_family_letters(wanted uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE notices n SET state = 'dropped'
  WHERE n.case_id = wanted AND wanted = ANY (app.visible_cases()) AND n.guardian_id IS NOT NULL AND n.state = 'written'
$$;

-- How old the child of a guardian is, so that no letter goes to the parents of somebody who is of age.
CREATE FUNCTION app.age_of_ward(wanted uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN k.kind = 'child' THEN extract(year FROM age(app.today(), k.born_on))::integer ELSE 0 END
  FROM guardians g JOIN children k ON k.id = g.child_id WHERE g.id = wanted
$$;
REVOKE ALL ON FUNCTION app.drop_family_letters(uuid), app.age_of_ward(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.drop_family_letters(uuid) TO stafetten_staff;
GRANT EXECUTE ON FUNCTION app.age_of_ward(uuid) TO stafetten_staff, stafetten_work;
