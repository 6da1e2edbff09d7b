-- Siblings' meetings: one meeting in two files, acted on together while the link holds. What follows for the file one
-- does not see is asked through these functions, so that no reader of one file ever learns of the other by them.

-- Both files held in the order of their ids, before anything in either: two at once wait, and never for each other.
CREATE FUNCTION app.hold_with_siblings(wanted uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM c.id FROM cases c
  WHERE c.id IN (
    SELECT unnest(ARRAY[l.case_id, l.other_case_id]) FROM sibling_shares x JOIN sibling_links l ON l.id = x.link_id
    WHERE x.parted_at IS NULL AND x.meeting_id IS NOT NULL AND wanted IN (l.case_id, l.other_case_id)
  )
  ORDER BY c.id FOR UPDATE;
END
$$;

-- The same meeting in the other file. The first one's calendar entry is the one that goes to whoever is in both.
CREATE FUNCTION app.meeting_beside(wanted uuid) RETURNS TABLE (
  share_id uuid, link_id uuid, meeting_id uuid, case_id uuid, leads boolean, live boolean
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT x.id, x.link_id, m.id, m.case_id, x.meeting_id = wanted, app.siblings_live(x.link_id)
  FROM sibling_shares x
  JOIN meetings m ON m.id IN (x.meeting_id, x.other_meeting_id) AND m.id <> wanted
  WHERE x.parted_at IS NULL AND wanted IN (x.meeting_id, x.other_meeting_id)
$$;

-- Whether two seats are one person's: a practitioner's, or a parent's, who stands once with each child and is known by
-- how they come in or by their address.
CREATE FUNCTION app.same_person(one attendances, other attendances) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(one.practitioner_id = other.practitioner_id, false) OR EXISTS (
    SELECT 1 FROM guardians g, guardians h
    WHERE g.id = one.guardian_id AND h.id = other.guardian_id
      AND (g.member_id = h.member_id OR (g.email <> '' AND lower(g.email) = lower(h.email))))
$$;

CREATE FUNCTION app.seats_beside(first uuid, second uuid) RETURNS TABLE (seat uuid, beside uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, b.id FROM attendances a JOIN attendances b ON b.meeting_id = second AND app.same_person(a, b)
  WHERE a.meeting_id = first
$$;

-- Those at the second meeting who get their letters for the first, and so none for this one.
CREATE FUNCTION app.called_in_both(first uuid, second uuid)
RETURNS TABLE (seat uuid, practitioner_id uuid, guardian_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT b.id, b.practitioner_id, b.guardian_id
  FROM app.seats_beside(first, second) s
  JOIN attendances a ON a.id = s.seat
  JOIN attendances b ON b.id = s.beside
  JOIN meetings m ON m.id = first
  JOIN cases c ON c.id = m.case_id
  LEFT JOIN guardians g ON g.id = a.guardian_id
  WHERE (a.practitioner_id IS NOT NULL AND NOT app.is_barred(a.practitioner_id, c.child_id))
    OR (g.email <> '' AND NOT g.kept_out)
$$;

-- From now on each of them stands alone; answers whether anything is ahead that stood together until now.
CREATE FUNCTION app.part_meetings(wanted uuid, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE sibling_shares x SET parted_at = at
  WHERE x.id = wanted AND x.parted_at IS NULL
    AND EXISTS (SELECT 1 FROM meetings m WHERE m.id IN (x.meeting_id, x.other_meeting_id) AND m.state = 'summoned');
  RETURN FOUND;
END
$$;

-- What must be told when they part: each meeting that is still ahead, its file, and who answers for it.
CREATE FUNCTION app.parted_meetings(wanted uuid) RETURNS TABLE (
  meeting_id uuid, case_id uuid, municipality_id uuid, holder_id uuid, sequence integer, leads boolean, ahead boolean
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.id, m.case_id, m.municipality_id, c.holder_id, m.sequence, m.id = x.meeting_id, m.state = 'summoned'
  FROM sibling_shares x
  JOIN meetings m ON m.id IN (x.meeting_id, x.other_meeting_id)
  JOIN cases c ON c.id = m.case_id
  WHERE x.id = wanted ORDER BY m.case_id
$$;

-- What follows when one of a family takes the yes back.
GRANT SELECT ON sibling_shares TO stafetten_work;
CREATE POLICY jobs ON sibling_shares FOR SELECT TO stafetten_work USING (true);

REVOKE ALL ON FUNCTION app.hold_with_siblings(uuid), app.meeting_beside(uuid),
  app.same_person(attendances, attendances), app.seats_beside(uuid, uuid), app.called_in_both(uuid, uuid),
  app.part_meetings(uuid, timestamptz), app.parted_meetings(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.hold_with_siblings(uuid), app.meeting_beside(uuid), app.seats_beside(uuid, uuid),
  app.called_in_both(uuid, uuid), app.part_meetings(uuid, timestamptz), app.parted_meetings(uuid)
  TO stafetten_staff, stafetten_work;

-- Worries that are held: seen and lifted by whoever may see the worry at all; the archivist learns how many, and why.
ALTER TABLE signal_holds ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON signal_holds TO stafetten_staff;
GRANT UPDATE (lifted_at, lifted_by_id, lift_reason, version) ON signal_holds TO stafetten_staff;
CREATE POLICY scope ON signal_holds FOR ALL TO stafetten_staff
  USING (signal_id = ANY ((SELECT app.visible_signals())::uuid[]));

CREATE FUNCTION app.held_signals(town uuid) RETURNS TABLE (ground text, number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT h.ground, count(DISTINCT h.signal_id) FROM signal_holds h
  WHERE h.municipality_id = town AND h.lifted_at IS NULL AND town = ANY (app.municipalities_as('archivist'))
  GROUP BY h.ground ORDER BY h.ground
$$;
REVOKE ALL ON FUNCTION app.held_signals(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.held_signals(uuid) TO stafetten_staff;

-- As in 0017, and no worry that is held goes, nor a case it led to, nor a letter about it.
CREATE OR REPLACE FUNCTION app.may_go(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM cases c WHERE c.id = wanted AND c.state = 'closed')
    AND coalesce((SELECT d.taken_over_at IS NOT NULL FROM archive_deliveries d WHERE d.case_id = wanted
      ORDER BY d.made_at DESC LIMIT 1), false)
    AND NOT EXISTS (SELECT 1 FROM archive_packages a WHERE a.case_id = wanted
      AND NOT EXISTS (SELECT 1 FROM archive_deliveries d WHERE d.archive_id = a.id)
      AND a.made_at >= (SELECT max(d.made_at) FROM archive_deliveries d WHERE d.case_id = wanted))
    AND NOT EXISTS (SELECT 1 FROM retention_holds h WHERE h.case_id = wanted AND h.lifted_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM signals s JOIN signal_holds h ON h.signal_id = s.id AND h.lifted_at IS NULL
      WHERE s.case_id = wanted)
    AND NOT EXISTS (SELECT 1 FROM family_words w
      WHERE w.case_id = wanted AND w.answer_by IS NOT NULL AND w.answered_at IS NULL)
$$;

CREATE OR REPLACE FUNCTION app.expired(town uuid, kind text, at timestamptz, months integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM cases c
  WHERE kind = 'case' AND c.municipality_id = town AND c.state = 'closed'
    AND c.closed_at < at - make_interval(months => months) AND app.may_go(c.id)
  UNION ALL
  SELECT s.id FROM signals s
  WHERE kind = 'signal' AND s.municipality_id = town AND s.state = 'resolved'
    AND s.decided_at < at - make_interval(months => months)
    AND NOT EXISTS (SELECT 1 FROM signal_holds h WHERE h.signal_id = s.id AND h.lifted_at IS NULL)
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
    AND NOT EXISTS (SELECT 1 FROM signal_holds h WHERE h.signal_id = n.subject_id AND h.lifted_at IS NULL)
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

-- As in 0025, without the kind of guess, which is part of the hashed place already and was read by nobody.
CREATE FUNCTION app.count_try(fresh uuid, hashed bytea, at timestamptz, within interval) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO tries AS t (id, place, since, times) VALUES (fresh, hashed, at, 1)
  ON CONFLICT (place) DO UPDATE SET
    times = CASE WHEN t.since + within <= at THEN 1 ELSE t.times + 1 END,
    since = CASE WHEN t.since + within <= at THEN at ELSE t.since END
$$;
REVOKE ALL ON FUNCTION app.count_try(uuid, bytea, timestamptz, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.count_try(uuid, bytea, timestamptz, interval) TO stafetten_door, stafetten_staff;

-- A municipality's own limits of advice; within which bounds, casework sees to.
CREATE FUNCTION app.choose_advice_limits(town uuid, chosen jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE municipalities m SET settings = m.settings || chosen
  WHERE m.id = town AND m.id = ANY (app.municipalities_as('administrator'))
    AND NOT EXISTS (SELECT 1 FROM jsonb_object_keys(chosen) AS name WHERE NOT starts_with(name, 'advice_'));
  RETURN FOUND;
END
$$;
REVOKE ALL ON FUNCTION app.choose_advice_limits(uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.choose_advice_limits(uuid, jsonb) TO stafetten_staff;
