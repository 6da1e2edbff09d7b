-- Siblings' meetings that a lost consent parts, in the transaction that lost it.

-- Whether somebody at work sits in a case's circle now.
CREATE FUNCTION app.sits_in(who uuid, wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM participations p
    WHERE p.case_id = wanted AND p.practitioner_id = who AND p.until IS NULL)
$$;

-- A case's shared meetings ahead that consent lets be shared no longer: the link does not hold, or somebody called in
-- both files has left one of them.
CREATE FUNCTION app.unreached_shares(wanted uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT x.id
  FROM sibling_links l
  JOIN sibling_shares x ON x.link_id = l.id AND x.parted_at IS NULL
  JOIN meetings m ON m.id = x.meeting_id
  JOIN meetings o ON o.id = x.other_meeting_id
  WHERE wanted IN (l.case_id, l.other_case_id)
    AND 'summoned' IN (m.state, o.state)
    AND (NOT app.siblings_live(l.id) OR EXISTS (
      SELECT 1 FROM attendances a
      JOIN attendances b ON b.meeting_id = o.id AND b.practitioner_id = a.practitioner_id
      WHERE a.meeting_id = m.id
        AND NOT (app.sits_in(a.practitioner_id, m.case_id) AND app.sits_in(a.practitioner_id, o.case_id))))
$$;

REVOKE ALL ON FUNCTION app.sits_in(uuid, uuid), app.unreached_shares(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.sits_in(uuid, uuid), app.unreached_shares(uuid) TO stafetten_staff, stafetten_work;

-- As in 0004, and held with the files it shares meetings with, in the order everybody takes them.
CREATE OR REPLACE FUNCTION app.hold_open_case(wanted uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found_case uuid;
BEGIN
  SELECT c.id INTO found_case
  FROM cases c JOIN children k ON k.id = c.child_id
  WHERE c.child_id = wanted
    AND c.state <> 'closed'
    AND (k.unit_id = ANY (app.my_units()) OR k.id = ANY (app.filed_children()))
    AND k.id <> ALL (app.barred_children());
  PERFORM app.hold_with_siblings(found_case);
  SELECT c.id INTO found_case FROM cases c WHERE c.id = found_case AND c.state <> 'closed' FOR UPDATE;
  RETURN found_case;
END
$$;

-- As in 0027, and a pregnancy written as ended goes on when its case is opened again.
CREATE OR REPLACE FUNCTION app.check_kind() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind <> OLD.kind AND NOT (OLD.kind IN ('unborn', 'ended') AND NEW.kind IN ('child', 'unborn', 'ended')) THEN
    RAISE EXCEPTION 'a % does not become a %', OLD.kind, NEW.kind USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END
$$;
