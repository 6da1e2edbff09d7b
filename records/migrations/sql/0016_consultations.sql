-- Questions without a child. Seen by the asker and by those who meet children in the asked service; what was learnt, by
-- everybody at work in the municipality. No table here has a key that leads to a child, a family or a case.

-- The actor's own questions, and those put to the actor's services unless they were withdrawn.
CREATE FUNCTION app.visible_consultations() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(c.id), '{}')
  FROM consultations c
  WHERE c.asker_id = app.actor_id() OR (c.service_id = ANY (app.my_practice()) AND c.state <> 'withdrawn')
$$;

ALTER TABLE consultations ENABLE ROW LEVEL SECURITY;
ALTER TABLE consultation_messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge ENABLE ROW LEVEL SECURITY;

GRANT SELECT, INSERT ON consultations, consultation_messages TO stafetten_staff;
GRANT UPDATE (state, taken_by_id, moved_at, knowledge_state, knowledge_question, knowledge_answer, version)
  ON consultations TO stafetten_staff;
CREATE POLICY scope ON consultations FOR SELECT TO stafetten_staff
  USING (asker_id = (SELECT app.actor_id())
    OR (service_id = ANY ((SELECT app.my_practice())::uuid[]) AND state <> 'withdrawn'));
CREATE POLICY ask ON consultations FOR INSERT TO stafetten_staff
  WITH CHECK (asker_id = (SELECT app.actor_id()) AND state = 'asked'
    AND cardinality((SELECT app.my_practice())) > 0
    AND municipality_id = ANY ((SELECT app.my_municipalities())::uuid[]));
CREATE POLICY move ON consultations FOR UPDATE TO stafetten_staff
  USING (asker_id = (SELECT app.actor_id()) OR service_id = ANY ((SELECT app.my_practice())::uuid[]));
CREATE POLICY scope ON consultation_messages FOR SELECT TO stafetten_staff
  USING (consultation_id = ANY ((SELECT app.visible_consultations())::uuid[]));
CREATE POLICY write ON consultation_messages FOR INSERT TO stafetten_staff
  WITH CHECK (author_id = (SELECT app.actor_id())
    AND consultation_id = ANY ((SELECT app.visible_consultations())::uuid[]));

-- A question's deadline is met, moved and dropped by those who see the question.
CREATE POLICY consultations ON deadlines FOR ALL TO stafetten_staff
  USING (subject_kind = 'consultation' AND subject_id = ANY ((SELECT app.visible_consultations())::uuid[]));

-- What was learnt: read by all at work in the municipality, laid aside by the service it came from, and made in one way.
GRANT SELECT, UPDATE (retired_on, version) ON knowledge TO stafetten_staff;
CREATE POLICY scope ON knowledge FOR SELECT TO stafetten_staff
  USING (municipality_id = ANY ((SELECT app.my_municipalities())::uuid[]));
CREATE POLICY retire ON knowledge FOR UPDATE TO stafetten_staff
  USING (service_id = ANY ((SELECT app.my_practice())::uuid[]));

-- Keeps the wording that was proposed, when its asker agrees, and forgets where it came from. Answers whether it did.
CREATE FUNCTION app.keep_knowledge(wanted uuid, fresh uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO knowledge (id, municipality_id, service_id, age_band, sector, theme, question, answer, kept_on, version)
  SELECT fresh, c.municipality_id, c.service_id, c.age_band, c.sector, c.theme, c.knowledge_question,
    c.knowledge_answer, app.today(), 1
  FROM consultations c
  WHERE c.id = wanted AND c.asker_id = app.actor_id() AND c.knowledge_state = 'proposed';
  RETURN FOUND;
END
$$;

-- Jobs remind, give back what somebody who leaves had taken, count and forget; they read nothing that was written.
GRANT SELECT (id, municipality_id, service_id, asker_id, taken_by_id, state, asked_at, moved_at, version),
  UPDATE (state, taken_by_id, version), DELETE ON consultations TO stafetten_work;
CREATE POLICY jobs ON consultations FOR ALL TO stafetten_work USING (true) WITH CHECK (true);

REVOKE ALL ON FUNCTION app.visible_consultations(), app.keep_knowledge(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.visible_consultations(), app.keep_knowledge(uuid, uuid) TO stafetten_staff;
