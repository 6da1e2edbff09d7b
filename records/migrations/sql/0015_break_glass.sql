-- Emergency reads. Written and read by functions alone: whoever breaks the glass sees the least there is to know, for a
-- few hours; whoever reviews it sees that it was done and why, and nothing of the child.

ALTER TABLE broken_glasses ENABLE ROW LEVEL SECURITY;

-- Somebody at work in child welfare, for a child named with its date of birth in a municipality they serve. Answers
-- nothing for a child that is not there, or that one is kept away from.
CREATE FUNCTION app.break_glass(fresh uuid, first text, last text, born date, named text, why text, at timestamptz,
  until timestamptz, due date) RETURNS TABLE (id uuid, child_id uuid, case_id uuid, municipality_id uuid, leader_id uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  place services%ROWTYPE;
  child children%ROWTYPE;
  theirs uuid;
BEGIN
  SELECT s.* INTO place FROM services s
  WHERE s.id = ANY (app.my_practice()) AND s.kind = 'child_welfare' LIMIT 1;
  IF place.id IS NULL THEN
    RETURN;
  END IF;
  SELECT k.* INTO child FROM children k
  WHERE app.fold(k.first_name) = app.fold(trim(first)) AND app.fold(k.last_name) = app.fold(trim(last))
    AND k.born_on = born
    AND k.municipality_id = ANY (app.my_municipalities())
    AND k.id <> ALL (app.barred_children())
  LIMIT 1;
  IF child.id IS NULL THEN
    RETURN;
  END IF;
  SELECT c.id INTO theirs FROM cases c WHERE c.child_id = child.id ORDER BY (c.state = 'closed'), c.opened_at DESC LIMIT 1;
  INSERT INTO broken_glasses (id, municipality_id, practitioner_id, service_id, child_id, case_id, emergency, reason,
    opened_at, closes_at, review_by, review, version)
  VALUES (fresh, child.municipality_id, app.actor_id(), place.id, child.id, theirs, named, why, at, until, due, '', 1);
  RETURN QUERY SELECT fresh, child.id, theirs, child.municipality_id, place.leader_id;
END
$$;

-- The least one must know, as long as the glass is open, for whoever broke it.
CREATE FUNCTION app.behind_glass(wanted uuid, at timestamptz) RETURNS TABLE (
  id uuid, closes_at timestamptz, child_name text, born_on date, language text, interpreter boolean, unit_name text,
  unit_phone text, protected_address boolean, holder_name text, holder_title text, holder_phone text, case_state text,
  reported boolean, guardians jsonb, case_id uuid, child_id uuid, municipality_id uuid
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT b.id, b.closes_at, k.first_name || ' ' || k.last_name, k.born_on, k.language, k.interpreter,
    coalesce(u.name, ''), coalesce(u.phone, ''), k.protected_address, coalesce(h.name, ''), coalesce(h.title, ''),
    coalesce(h.phone, ''), coalesce(c.state, ''), coalesce(c.concern_reported_at IS NOT NULL, false),
    coalesce((SELECT jsonb_agg(jsonb_build_object('name', g.name, 'relation', g.relation, 'phone', g.phone,
        'responsible', g.responsible, 'protected', g.protected_address, 'kept_out', g.kept_out) ORDER BY g.name)
      FROM guardians g WHERE g.child_id = k.id), '[]'),
    b.case_id, k.id, b.municipality_id
  FROM broken_glasses b
  JOIN children k ON k.id = b.child_id
  LEFT JOIN services u ON u.id = k.unit_id
  LEFT JOIN cases c ON c.id = b.case_id AND c.state <> 'closed'
  LEFT JOIN practitioners h ON h.id = c.holder_id
  WHERE b.id = wanted AND b.practitioner_id = app.actor_id() AND at < b.closes_at
    AND k.id <> ALL (app.barred_children())
$$;

-- One's own emergency reads, and those of the service one leads. No child in it.
CREATE FUNCTION app.broken_glasses() RETURNS TABLE (
  id uuid, name text, emergency text, reason text, opened_at timestamptz, closes_at timestamptz, review_by date,
  reviewed_at timestamptz, verdict text, review text, mine boolean, may_review boolean, municipality_id uuid,
  case_id uuid, version integer
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT b.id, p.name, b.emergency, b.reason, b.opened_at, b.closes_at, b.review_by, b.reviewed_at, b.verdict, b.review,
    b.practitioner_id = app.actor_id(), s.leader_id = app.actor_id() AND b.practitioner_id <> app.actor_id(),
    b.municipality_id, b.case_id, b.version
  FROM broken_glasses b
  JOIN practitioners p ON p.id = b.practitioner_id
  JOIN services s ON s.id = b.service_id
  WHERE b.practitioner_id = app.actor_id() OR s.leader_id = app.actor_id()
  ORDER BY (b.reviewed_at IS NOT NULL), b.opened_at DESC
  LIMIT 200
$$;

CREATE FUNCTION app.review_glass(wanted uuid, decided text, why text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE broken_glasses b SET verdict = decided, review = why, reviewed_at = at, reviewed_by_id = app.actor_id(),
    version = b.version + 1
  WHERE b.id = wanted AND EXISTS (SELECT 1 FROM app.broken_glasses() g WHERE g.id = wanted AND g.may_review);
  RETURN FOUND;
END
$$;

REVOKE ALL ON FUNCTION app.break_glass(uuid, text, text, date, text, text, timestamptz, timestamptz, date),
  app.behind_glass(uuid, timestamptz), app.broken_glasses(), app.review_glass(uuid, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.break_glass(uuid, text, text, date, text, text, timestamptz, timestamptz, date),
  app.behind_glass(uuid, timestamptz), app.broken_glasses(), app.review_glass(uuid, text, text, timestamptz)
  TO stafetten_staff;
