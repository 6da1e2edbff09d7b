-- What was hidden before anybody was asked again: a day where none was named, and a deadline in every open case. A day
-- that has passed, or is here, is put a week ahead, so that nobody is late with what nobody was asked. Safe to run again.

UPDATE log_entries SET hidden_until = current_date WHERE NOT for_family AND hidden_until IS NULL;
UPDATE attachments SET hidden_until = current_date WHERE NOT for_family AND hidden_until IS NULL;

-- The lines that tell of a hidden document are shown with it, and so say which one it is.
UPDATE log_entries l SET facts = l.facts || jsonb_build_object('attachment', a.id)
FROM attachments a
WHERE NOT a.for_family AND a.case_id = l.case_id AND a.title = l.facts ->> 'title' AND NOT l.facts ? 'attachment'
  AND ((l.code = 'attachment_put' AND l.author_id = a.put_by_id AND l.written_at = a.put_at)
    OR (l.code = 'attachment_taken_away' AND l.author_id = a.taken_away_by_id AND l.written_at = a.taken_away_at));

-- An entry is asked about in its newest wording, and a document as long as there is one.
INSERT INTO deadlines (id, municipality_id, case_id, subject_kind, subject_id, clock, source, due, owner_id, started_at,
  target_on, due_at, remind_at, rung, suspensions, state)
SELECT gen_random_uuid(), c.municipality_id, c.id, 'hiding', h.id, 'agreed', 'agreement', 'hiding', c.holder_id, h.at,
  d.day, (d.day + 1)::timestamp AT TIME ZONE 'Europe/Oslo',
  (d.day - 3 + time '07:00') AT TIME ZONE 'Europe/Oslo', 0, '[]', 'running'
FROM (
  SELECT l.id, l.case_id, l.hidden_until, l.written_at AS at FROM log_entries l
  WHERE NOT l.for_family AND l.code IS NULL
    AND NOT EXISTS (SELECT 1 FROM log_entries n WHERE n.corrects_id = l.id AND NOT n.for_family)
  UNION ALL
  SELECT a.id, a.case_id, a.hidden_until, a.put_at FROM attachments a WHERE NOT a.for_family AND a.taken_away_at IS NULL
) h
JOIN cases c ON c.id = h.case_id AND c.state <> 'closed'
CROSS JOIN LATERAL (
  SELECT CASE WHEN h.hidden_until > current_date THEN h.hidden_until ELSE current_date + 7 END AS day
) d
WHERE NOT EXISTS (SELECT 1 FROM deadlines n WHERE n.subject_id = h.id AND n.due = 'hiding' AND n.settled_at IS NULL);
