-- Packages for the archive, holds, and the only ways anything of a file is deleted. The archivist sees numbers, never a
-- case: what is shown stands in the deliveries themselves, and a package is opened to be handed on, until it has been.

ALTER TABLE archive_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE retention_holds ENABLE ROW LEVEL SECURITY;
ALTER TABLE retention_counts ENABLE ROW LEVEL SECURITY;

GRANT SELECT, INSERT ON archive_deliveries TO stafetten_staff;
GRANT UPDATE (taken_over_at, taken_over_by_id, archive_reference, version) ON archive_deliveries TO stafetten_staff;
CREATE POLICY scope ON archive_deliveries FOR SELECT TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[])
    OR (municipality_id = ANY ((SELECT app.municipalities_as('archivist'))::uuid[])
      AND case_id <> ALL ((SELECT app.barred_cases())::uuid[])));
CREATE POLICY close ON archive_deliveries FOR INSERT TO stafetten_staff
  WITH CHECK (case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY take_over ON archive_deliveries FOR UPDATE TO stafetten_staff
  USING (municipality_id = ANY ((SELECT app.municipalities_as('archivist'))::uuid[])
    AND case_id <> ALL ((SELECT app.barred_cases())::uuid[]));

GRANT SELECT, INSERT ON retention_holds TO stafetten_staff;
GRANT UPDATE (lifted_at, lifted_by_id, lift_reason, version) ON retention_holds TO stafetten_staff;
CREATE POLICY scope ON retention_holds FOR ALL TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[])
    OR (municipality_id = ANY ((SELECT app.municipalities_as('archivist'))::uuid[])
      AND case_id <> ALL ((SELECT app.barred_cases())::uuid[])));

GRANT SELECT ON retention_counts TO stafetten_staff;
CREATE POLICY archivist ON retention_counts FOR SELECT TO stafetten_staff
  USING (municipality_id = ANY ((SELECT app.municipalities_as('archivist'))::uuid[])
    OR (municipality_id IS NULL AND cardinality((SELECT app.municipalities_as('archivist'))::uuid[]) > 0));

-- Jobs pack and delete; what is in a package, or in a copy already packed, they do not read.
GRANT SELECT (id, municipality_id, case_id, made_at) ON archive_packages TO stafetten_work;
GRANT SELECT (id, municipality_id, case_id, archive_id, number, unit_id, closed_at, made_at, package_digest, packed_at,
  taken_over_at, archive_reference, version), INSERT ON archive_deliveries TO stafetten_work;
GRANT UPDATE (package, package_digest, packed_at) ON archive_deliveries TO stafetten_work;
GRANT SELECT, INSERT ON retention_counts TO stafetten_work;
GRANT DELETE ON notices TO stafetten_work;
GRANT SELECT (id), DELETE ON broken_glasses TO stafetten_work;
GRANT SELECT (id, expires_at), DELETE ON family_codes TO stafetten_work;
GRANT SELECT (id, revoked_at), DELETE ON calendar_feeds TO stafetten_work;
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['archive_packages', 'archive_deliveries', 'retention_counts', 'broken_glasses',
    'family_codes', 'calendar_feeds'] LOOP
    EXECUTE format('DROP POLICY IF EXISTS jobs ON %I', wanted);
    EXECUTE format('CREATE POLICY jobs ON %I FOR ALL TO stafetten_work USING (true) WITH CHECK (true)', wanted);
  END LOOP;
END
$$;

-- One archive copy, for as long as it has not been packed. `known` says whether the archive has the case's folder.
CREATE FUNCTION app.archive_copy(wanted uuid) RETURNS TABLE (
  content bytea, digest text, made_at timestamptz, municipality_id uuid, case_id uuid, settings jsonb, known boolean
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.content, a.digest, a.made_at, d.municipality_id, d.case_id, m.settings,
    EXISTS (SELECT 1 FROM archive_deliveries e WHERE e.case_id = d.case_id AND e.taken_over_at IS NOT NULL)
  FROM archive_deliveries d
  JOIN archive_packages a ON a.id = d.archive_id
  JOIN municipalities m ON m.id = d.municipality_id
  WHERE d.id = wanted AND d.packed_at IS NULL
$$;

-- The case of that number in one of the archivist's municipalities, to put it on hold without seeing it.
CREATE FUNCTION app.archived_case(wanted text, town uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM cases c
  WHERE c.number = wanted AND c.municipality_id = town AND town = ANY (app.municipalities_as('archivist'))
    AND c.id <> ALL (app.barred_cases())
$$;

-- A municipality's own term; within which bounds, casework sees to.
CREATE FUNCTION app.choose_term(town uuid, setting text, months integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE municipalities m SET settings = m.settings || jsonb_build_object(setting, months)
  WHERE m.id = town AND town = ANY (app.municipalities_as('archivist'));
  RETURN FOUND;
END
$$;

-- Whether a closed case may go: the archive has its newest copy, nobody holds it, and the family waits for no answer.
CREATE FUNCTION app.may_go(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM cases c WHERE c.id = wanted AND c.state = 'closed')
    AND coalesce((SELECT d.taken_over_at IS NOT NULL FROM archive_deliveries d WHERE d.case_id = wanted
      ORDER BY d.made_at DESC LIMIT 1), false)
    AND NOT EXISTS (SELECT 1 FROM archive_packages a WHERE a.case_id = wanted
      AND NOT EXISTS (SELECT 1 FROM archive_deliveries d WHERE d.archive_id = a.id)
      AND a.made_at >= (SELECT max(d.made_at) FROM archive_deliveries d WHERE d.case_id = wanted))
    AND NOT EXISTS (SELECT 1 FROM retention_holds h WHERE h.case_id = wanted AND h.lifted_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM family_words w
      WHERE w.case_id = wanted AND w.answer_by IS NOT NULL AND w.answered_at IS NULL)
$$;

-- What of one kind is past a municipality's term at a moment: asked by the night and by the forecast alike.
CREATE FUNCTION app.expired(town uuid, kind text, at timestamptz, months integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM cases c
  WHERE kind = 'case' AND c.municipality_id = town AND c.state = 'closed'
    AND c.closed_at < at - make_interval(months => months) AND app.may_go(c.id)
  UNION ALL
  SELECT s.id FROM signals s
  WHERE kind = 'signal' AND s.municipality_id = town AND s.state = 'resolved'
    AND s.decided_at < at - make_interval(months => months)
  UNION ALL
  SELECT d.id FROM archive_deliveries d
  WHERE kind = 'package' AND d.municipality_id = town AND d.package IS NOT NULL
    AND d.taken_over_at < at - make_interval(months => months)
    AND NOT EXISTS (SELECT 1 FROM retention_holds h WHERE h.case_id = d.case_id AND h.lifted_at IS NULL)
  UNION ALL
  SELECT n.id FROM notices n
  WHERE kind = 'notice' AND n.municipality_id = town AND n.state <> 'written'
    AND (n.unmatched IS NULL OR n.settled_at IS NOT NULL)
    AND n.written_at < at - make_interval(months => months)
    AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = n.case_id AND c.state <> 'closed')
    AND NOT EXISTS (SELECT 1 FROM retention_holds h WHERE h.case_id = n.case_id AND h.lifted_at IS NULL)
  UNION ALL
  SELECT b.id FROM broken_glasses b
  WHERE kind = 'emergency_read' AND b.municipality_id = town AND b.reviewed_at < at - make_interval(months => months)
    AND NOT EXISTS (SELECT 1 FROM retention_holds h WHERE h.case_id = b.case_id AND h.lifted_at IS NULL)
  UNION ALL
  SELECT h.id FROM audit_heads h
  WHERE kind = 'trail' AND h.municipality_id = town AND h.file_kind IN ('case', 'signal')
    AND h.changed_at < at - make_interval(months => months)
    AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = h.id)
    AND NOT EXISTS (SELECT 1 FROM signals s WHERE s.id = h.id)
$$;

CREATE FUNCTION app.retention_forecast(town uuid, at timestamptz, terms jsonb) RETURNS TABLE (kind text, number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.key, (SELECT count(*) FROM app.expired(town, t.key, at, t.value::integer))
  FROM jsonb_each_text(terms) t WHERE town = ANY (app.municipalities_as('archivist'))
$$;

-- A case and everything that belongs to it, in one statement so that no part is missed by its order. What only points at
-- it (a report of concern, an emergency read) stays and points no more. Tables made later are found by their keys.
CREATE FUNCTION app.forget_case(wanted uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  parts text;
  loose record;
BEGIN
  PERFORM 1 FROM cases c WHERE c.id = wanted FOR UPDATE;
  IF NOT app.may_go(wanted) THEN
    RAISE EXCEPTION 'this case must still be kept' USING ERRCODE = '42501';
  END IF;
  FOR loose IN
    SELECT k.conrelid::regclass AS place, a.attname AS link FROM pg_constraint k
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND k.confrelid = 'cases'::regclass AND NOT a.attnotnull
      AND k.conrelid <> ALL (ARRAY['deadlines'::regclass, 'notices'::regclass, 'signals'::regclass])
  LOOP
    EXECUTE format('UPDATE %s SET %I = NULL WHERE %I = $1', loose.place, loose.link, loose.link) USING wanted;
  END LOOP;
  SELECT string_agg(format('part_%s AS (DELETE FROM %s WHERE %I = $1)', k.oid, k.conrelid::regclass, a.attname), ', ')
  INTO parts FROM pg_constraint k
  JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
  WHERE k.contype = 'f' AND k.confrelid = 'cases'::regclass
    AND (a.attnotnull OR k.conrelid = ANY (ARRAY['deadlines'::regclass, 'notices'::regclass, 'signals'::regclass]));
  PERFORM set_config('app.forgetting', 'on', true);
  DELETE FROM deadlines d USING signals s WHERE s.case_id = wanted AND d.signal_id = s.id;
  EXECUTE format('WITH %s DELETE FROM cases WHERE id = $1', parts) USING wanted;
  PERFORM set_config('app.forgetting', '', true);
END
$$;

-- Whole trails of files that are gone, head and all: a chain is kept entire or not at all, so what is left verifies.
CREATE FUNCTION app.forget_trails(town uuid, at timestamptz, months integer, most integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  gone uuid[];
BEGIN
  SELECT array_agg(e.id) INTO gone FROM (SELECT * FROM app.expired(town, 'trail', at, months) AS e(id) LIMIT most) e;
  PERFORM set_config('app.forgetting', 'on', true);
  DELETE FROM audit a WHERE a.file_id = ANY (gone);
  PERFORM set_config('app.forgetting', '', true);
  DELETE FROM audit_heads h WHERE h.id = ANY (gone);
  RETURN coalesce(cardinality(gone), 0);
END
$$;

-- Trail and moves are still only added to; but for the two functions above, which run as the tables' owner.
CREATE OR REPLACE FUNCTION app.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME IN ('audit', 'case_moves') AND current_setting('app.forgetting', true) = 'on'
    AND current_user = (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = TG_RELID) THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'the audit trail is only added to' USING ERRCODE = '42501';
END
$$;

REVOKE ALL ON FUNCTION app.archive_copy(uuid), app.archived_case(text, uuid), app.choose_term(uuid, text, integer),
  app.may_go(uuid), app.expired(uuid, text, timestamptz, integer), app.retention_forecast(uuid, timestamptz, jsonb),
  app.forget_case(uuid), app.forget_trails(uuid, timestamptz, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.archive_copy(uuid), app.expired(uuid, text, timestamptz, integer), app.forget_case(uuid),
  app.forget_trails(uuid, timestamptz, integer, integer) TO stafetten_work;
GRANT EXECUTE ON FUNCTION app.archived_case(text, uuid), app.choose_term(uuid, text, integer),
  app.retention_forecast(uuid, timestamptz, jsonb) TO stafetten_staff;
