-- Attachments are seen as the log is: by those inside the case, and by the family where the log's own rule lets it.
-- What was put is never changed: the content is held to its digest, and can only go, with who, when and why left behind.

ALTER TABLE attachments ALTER COLUMN content SET STORAGE EXTERNAL;  -- PDFs and pictures are packed already
ALTER TABLE attachments ENABLE ROW LEVEL SECURITY;

GRANT SELECT, INSERT ON attachments TO stafetten_staff;
GRANT UPDATE (content, taken_away_at, taken_away_by_id, taken_away_why, version) ON attachments TO stafetten_staff;
CREATE POLICY scope ON attachments FOR SELECT TO stafetten_staff
  USING (case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY put ON attachments FOR INSERT TO stafetten_staff
  WITH CHECK (put_by_id = (SELECT app.actor_id()) AND scan_state = 'not_scanned'
    AND case_id = ANY ((SELECT app.visible_cases())::uuid[]));
CREATE POLICY take_away ON attachments FOR UPDATE TO stafetten_staff
  USING (taken_away_at IS NULL AND case_id = ANY ((SELECT app.visible_cases())::uuid[]))
  WITH CHECK (taken_away_by_id = (SELECT app.actor_id()));

-- The family: what is shown to it, and never what belongs to an entry or a word that this reader does not see.
GRANT SELECT (id, municipality_id, case_id, entry_id, word_id, title, kind, size, digest, content, put_by_id, member_id,
  put_at, for_family, scan_state, scanned_at, taken_away_at, version), INSERT ON attachments TO stafetten_family;
CREATE POLICY family ON attachments FOR SELECT TO stafetten_family
  USING (case_id = ANY ((SELECT app.family_cases())::uuid[]) AND for_family
    AND (entry_id IS NULL OR EXISTS (SELECT 1 FROM log_entries l WHERE l.id = attachments.entry_id))
    AND (word_id IS NULL OR EXISTS (SELECT 1 FROM family_words w WHERE w.id = attachments.word_id)));
CREATE POLICY family_put ON attachments FOR INSERT TO stafetten_family
  WITH CHECK (member_id = (SELECT app.actor_id()) AND for_family AND scan_state = 'not_scanned' AND entry_id IS NULL
    AND EXISTS (SELECT 1 FROM family_words w WHERE w.id = attachments.word_id
      AND w.case_id = attachments.case_id AND w.member_id = (SELECT app.actor_id())));

-- Jobs set the mark. What an attachment is called they do not read, and its content only to scan or to archive it.
GRANT SELECT (id, municipality_id, case_id, put_at, scan_state, scanned_at, taken_away_at),
  UPDATE (scan_state, scanned_at, scanned_by, finding) ON attachments TO stafetten_work;
CREATE POLICY jobs ON attachments FOR ALL TO stafetten_work USING (true) WITH CHECK (true);

CREATE FUNCTION app.attachment_to_scan(wanted uuid) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.content FROM attachments a WHERE a.id = wanted
$$;

-- What goes with an archive copy that has not been packed yet; what a scanner has found infected does not.
CREATE FUNCTION app.archive_attachments(wanted uuid) RETURNS TABLE (id uuid, content bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.id, a.content
  FROM archive_deliveries d JOIN attachments a ON a.case_id = d.case_id
  WHERE d.id = wanted AND d.packed_at IS NULL AND a.content IS NOT NULL AND a.scan_state <> 'infected'
$$;

REVOKE ALL ON FUNCTION app.attachment_to_scan(uuid), app.archive_attachments(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.attachment_to_scan(uuid), app.archive_attachments(uuid) TO stafetten_work;
