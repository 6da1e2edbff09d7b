-- Homes are compared inside the functions below and read by nobody; whoever may correct somebody's file may say where
-- they live.
ALTER TABLE homes ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON homes TO stafetten_staff, stafetten_rosters, stafetten_provisioning;
CREATE POLICY keep ON homes FOR ALL TO stafetten_staff
  USING (child_id IN (SELECT id FROM children) OR guardian_id IN (SELECT id FROM guardians)
    OR practitioner_id = (SELECT app.actor_id())
    OR (practitioner_id IS NOT NULL AND municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[])));
CREATE POLICY rosters ON homes FOR ALL TO stafetten_rosters
  USING (municipality_id = ANY ((SELECT app.municipalities_as('administrator'))::uuid[]));
CREATE POLICY provision ON homes FOR ALL TO stafetten_provisioning
  USING (practitioner_id = ANY ((SELECT app.provisionable())::uuid[]));

-- Whether somebody at work has a last name in common with a child or one of its guardians.
CREATE FUNCTION app.shares_name(person uuid, child uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT coalesce((
    SELECT regexp_split_to_array(regexp_replace(app.fold(trim(p.name)), '^.*\s', ''), '-')
      && (regexp_split_to_array(app.fold(k.last_name), '[\s-]+') || coalesce((
        SELECT array_agg(part) FROM guardians g
        CROSS JOIN regexp_split_to_table(regexp_replace(app.fold(trim(g.name)), '^.*\s', ''), '-') AS part
        WHERE g.child_id = k.id), '{}'))
    FROM practitioners p, children k WHERE p.id = person AND k.id = child AND k.kind <> 'group'), false)
$$;

-- Whether they live in the same road.
CREATE FUNCTION app.shares_road(person uuid, child uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM homes h JOIN homes o ON o.road = h.road
    WHERE h.practitioner_id = person
      AND (o.child_id = child OR o.guardian_id IN (SELECT g.id FROM guardians g WHERE g.child_id = child)))
$$;

-- The digits two telephone numbers are compared by; none of one that is short, or stands for no number at all.
CREATE FUNCTION app.own_number(phone text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN length(digits) >= 8 AND right(digits, 8) !~ '^(\d)\1*$' THEN right(digits, 8) END
  FROM regexp_replace(phone, '\D', '', 'g') AS digits
$$;

-- What may tie somebody at work to a child's family, for that one, or for somebody inside a case about the child. Nothing
-- once somebody has decided that it means nothing.
CREATE FUNCTION app.tie_signs(person uuid, child uuid) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT array_remove(ARRAY[
    CASE WHEN EXISTS (
      SELECT 1 FROM practitioners p JOIN guardians g ON g.child_id = child
        AND ((g.email <> '' AND lower(g.email) = lower(p.email))
          OR (app.own_number(g.phone) = app.own_number(p.phone) AND NOT EXISTS (  -- a switchboard is nobody's own
            SELECT 1 FROM practitioners o WHERE o.id <> p.id AND app.own_number(o.phone) = app.own_number(p.phone))))
      WHERE p.id = person) THEN 'guardian' END,
    CASE WHEN EXISTS (
      SELECT 1 FROM homes h JOIN homes o ON o.house = h.house
      WHERE h.practitioner_id = person
        AND (o.child_id = child OR o.guardian_id IN (SELECT g.id FROM guardians g WHERE g.child_id = child)))
      THEN 'same_home' END,
    CASE WHEN person = app.actor_id() AND EXISTS (  -- that a sibling has a file is nobody else's to know
      SELECT 1 FROM bars b
      JOIN guardians other ON other.child_id = b.child_id
      JOIN guardians mine ON mine.child_id = child
        AND (mine.identity_index = other.identity_index OR (mine.email <> '' AND lower(mine.email) = lower(other.email))
          OR app.own_number(mine.phone) = app.own_number(other.phone))
      WHERE b.practitioner_id = person AND b.child_id <> child AND b.state <> 'cleared' AND b.until IS NULL
        AND b.tie <> 'leader') THEN 'declared' END,
    CASE WHEN app.shares_name(person, child) THEN 'same_name' END
  ], NULL)
  WHERE (person = app.actor_id()
      OR EXISTS (SELECT 1 FROM cases c WHERE c.child_id = child AND c.id = ANY (app.visible_cases())))
    AND NOT EXISTS (
      SELECT 1 FROM bars b WHERE b.practitioner_id = person AND b.child_id = child AND b.state = 'cleared')
$$;

DROP FUNCTION app.looks(timestamptz, timestamptz, text[]);
CREATE FUNCTION app.looks(since timestamptz, before timestamptz, acts text[]) RETURNS TABLE (
  entry_id uuid, municipality_id uuid, reader_id uuid, at timestamptz, file_id uuid, child_id uuid, act text,
  related boolean, on_duty boolean, same_name boolean, neighbour boolean, closed_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.municipality_id, a.actor_id, a.at, a.file_id, k.id, a.act,
    k.id IS NULL OR app.was_related(a.actor_id, a.file_id, a.at),
    EXISTS (
      SELECT 1 FROM assignments d JOIN services s ON s.id = d.service_id
      WHERE d.practitioner_id = a.actor_id AND s.kind = 'child_welfare' AND d.since <= a.at::date
        AND (d.until IS NULL OR d.until >= a.at::date)),
    app.shares_name(a.actor_id, k.id), app.shares_road(a.actor_id, k.id),
    (SELECT CASE WHEN m.after = 'closed' THEN m.moved_at END FROM case_moves m
      WHERE m.case_id = a.file_id AND m.moved_at <= a.at ORDER BY m.moved_at DESC LIMIT 1)
  FROM audit a
  JOIN practitioners p ON p.id = a.actor_id
  LEFT JOIN children k ON k.id = app.child_of_file(a.file_id)
  WHERE a.at >= since AND a.at < before AND a.act = ANY (acts)
$$;

REVOKE ALL ON FUNCTION app.shares_name(uuid, uuid), app.shares_road(uuid, uuid), app.own_number(text),
  app.tie_signs(uuid, uuid), app.looks(timestamptz, timestamptz, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.tie_signs(uuid, uuid) TO stafetten_staff;
GRANT EXECUTE ON FUNCTION app.looks(timestamptz, timestamptz, text[]) TO stafetten_work;

-- The jobs throw drafts away by their day; what somebody has typed is theirs alone.
REVOKE SELECT ON drafts FROM stafetten_work;
GRANT SELECT (id, saved_at) ON drafts TO stafetten_work;
