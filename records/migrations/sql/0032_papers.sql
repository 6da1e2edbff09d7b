-- What one of a family sends is seen by that one alone of the family, unless a child lets its parents read it.
UPDATE attachments a SET only_for_id = a.member_id
FROM family_words w WHERE w.id = a.word_id AND (w.guardian_id IS NOT NULL OR NOT w.for_guardians);

GRANT SELECT (only_for_id, origin), UPDATE (content, taken_away_at, version) ON attachments TO stafetten_family;
GRANT SELECT (archived_at) ON cases TO stafetten_family;
DROP POLICY family ON attachments;
CREATE POLICY family ON attachments FOR SELECT TO stafetten_family
  USING (case_id = ANY ((SELECT app.family_cases())::uuid[]) AND for_family
    AND (only_for_id IS NULL OR only_for_id = (SELECT app.actor_id()))
    AND (entry_id IS NULL OR EXISTS (SELECT 1 FROM log_entries l WHERE l.id = attachments.entry_id))
    AND (word_id IS NULL OR EXISTS (SELECT 1 FROM family_words w WHERE w.id = attachments.word_id)));
DROP POLICY family_put ON attachments;
CREATE POLICY family_put ON attachments FOR INSERT TO stafetten_family
  WITH CHECK (member_id = (SELECT app.actor_id()) AND for_family AND scan_state = 'not_scanned' AND entry_id IS NULL
    AND origin IS NULL
    AND EXISTS (SELECT 1 FROM family_words w WHERE w.id = attachments.word_id
      AND w.case_id = attachments.case_id AND w.member_id = (SELECT app.actor_id())
      AND (attachments.only_for_id IS NOT NULL OR (w.guardian_id IS NULL AND w.for_guardians))));

-- One's own can be taken back, and nothing else done with it; not when it has become part of an archived copy.
CREATE POLICY family_take_back ON attachments FOR UPDATE TO stafetten_family
  USING (member_id = (SELECT app.actor_id()) AND taken_away_at IS NULL
    AND case_id = ANY ((SELECT app.family_cases())::uuid[])
    AND EXISTS (SELECT 1 FROM cases c WHERE c.id = attachments.case_id AND c.state <> 'closed'
      AND (c.archived_at IS NULL OR c.archived_at < attachments.put_at)))
  WITH CHECK (member_id = (SELECT app.actor_id()) AND taken_away_at IS NOT NULL AND content IS NULL);

-- The log tells of such a document as it is seen itself.
DROP POLICY family ON log_entries;
CREATE POLICY family ON log_entries FOR SELECT TO stafetten_family
  USING (case_id = ANY ((SELECT app.family_cases())::uuid[])
    AND for_family
    AND (kind <> 'consent' OR code = 'consent_asked' OR facts ->> 'consent' IN (SELECT c.id::text FROM consents c))
    AND (facts ->> 'only_for' IS NULL OR facts ->> 'only_for' = (SELECT app.actor_id())::text));

-- Which documents may go along when a family moves: what it sees itself, is there still, and is not infected. What one
-- of the family has sent for itself alone goes only when that one is among those whose yes is asked.
CREATE FUNCTION app.may_go_along(wanted uuid) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(a.id), '{}')
  FROM attachments a JOIN cases c ON c.id = a.case_id JOIN children k ON k.id = c.child_id
  WHERE a.case_id = wanted AND a.for_family AND a.taken_away_at IS NULL AND a.scan_state <> 'infected'
    AND (a.entry_id IS NULL OR EXISTS (SELECT 1 FROM log_entries l WHERE l.id = a.entry_id AND l.for_family))
    AND (a.only_for_id IS NULL OR a.only_for_id IN (
      SELECT CASE WHEN n.n IS NULL THEN k.member_id ELSE g.member_id END
      FROM app.consenters(wanted) AS n(n) LEFT JOIN guardians g ON g.id = n.n))
$$;

-- Those of them that are chosen for an offer that stands; for whoever is inside the case, and for the leader asked.
CREATE FUNCTION app.attachments_along(wanted uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(m.id), '{}')
  FROM relocations r CROSS JOIN LATERAL unnest(app.may_go_along(r.case_id)) AS m(id)
  WHERE r.id = wanted AND r.state = 'offered' AND r.attachments ? m.id::text
    AND (r.case_id = ANY (app.visible_cases()) OR r.id = ANY (app.offers_here()))
$$;

-- Copies of them in the case that was opened here, which are its own from now on; the scan's mark comes along.
CREATE FUNCTION app.take_in_attachments(wanted uuid, into_case uuid, fresh uuid[], at timestamptz)
RETURNS TABLE (id uuid, source_id uuid, title text, scan_state text, only_for_id uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  here uuid;
BEGIN
  SELECT c.municipality_id INTO here
  FROM relocations r JOIN services s ON s.id = r.to_unit_id JOIN cases c ON c.unit_id = s.id
  WHERE r.id = wanted AND r.id = ANY (app.offers_here()) AND c.id = into_case AND c.id = ANY (app.visible_cases());
  IF here IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH along AS (
    SELECT a.*, row_number() OVER (ORDER BY a.put_at, a.id) AS place, coalesce(p.name, g.name, '') AS who, m.name AS town
    FROM attachments a JOIN municipalities m ON m.id = a.municipality_id
    LEFT JOIN practitioners p ON p.id = a.put_by_id
    LEFT JOIN family_words w ON w.id = a.word_id LEFT JOIN guardians g ON g.id = w.guardian_id
    WHERE a.id = ANY (app.attachments_along(wanted))
  ), kept AS (
    INSERT INTO attachments AS i (id, municipality_id, case_id, title, kind, size, digest, content, put_by_id, member_id,
      only_for_id, put_at, for_family, scan_state, scanned_at, scanned_by, finding, taken_away_why, version, origin)
    SELECT fresh[a.place], here, into_case, a.title, a.kind, a.size, a.digest, a.content,
      CASE WHEN a.member_id IS NULL THEN app.actor_id() END, a.member_id, a.only_for_id, at, true, a.scan_state,
      a.scanned_at, a.scanned_by, a.finding, '', 1,
      coalesce(a.origin, jsonb_build_object('town', a.town, 'who', a.who, 'put_at', a.put_at))
    FROM along a
    RETURNING i.id, i.title, i.scan_state, i.only_for_id
  )
  SELECT k.id, a.id, k.title, k.scan_state, k.only_for_id
  FROM kept k JOIN along a ON fresh[a.place] = k.id ORDER BY a.place;
END
$$;

REVOKE ALL ON FUNCTION app.may_go_along(uuid), app.attachments_along(uuid),
  app.take_in_attachments(uuid, uuid, uuid[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.may_go_along(uuid), app.attachments_along(uuid),
  app.take_in_attachments(uuid, uuid, uuid[], timestamptz) TO stafetten_staff;
