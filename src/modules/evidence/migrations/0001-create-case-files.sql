CREATE TABLE case_files (
  id uuid PRIMARY KEY,
  number text NOT NULL CHECK (number <> ''),
  office_id text NOT NULL,
  handling jsonb NOT NULL,
  sealed_title bytea NOT NULL,
  wrapping_kid text NOT NULL,
  wrapped_key bytea,
  retain_until date,
  on_hold boolean NOT NULL DEFAULT false,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  version integer NOT NULL DEFAULT 1,
  UNIQUE (office_id, number)
);
COMMENT ON TABLE case_files IS 'An office''s own file on a matter; content of everything in it is sealed under its data key.';
COMMENT ON COLUMN case_files.id IS 'UUIDv7 made in code';
COMMENT ON COLUMN case_files.number IS 'The office''s own number, unique in the office';
COMMENT ON COLUMN case_files.office_id IS 'Office that keeps the file';
COMMENT ON COLUMN case_files.handling IS 'Handling marks, platform/values/handling';
COMMENT ON COLUMN case_files.sealed_title IS 'Title, sealed under the data key';
COMMENT ON COLUMN case_files.wrapping_kid IS 'Key of the key store that wraps the data key';
COMMENT ON COLUMN case_files.wrapped_key IS 'Data key, wrapped; null once destroyed: nothing in the file can be read then';
COMMENT ON COLUMN case_files.retain_until IS 'Day on which a person looks whether the file may go';
COMMENT ON COLUMN case_files.on_hold IS 'Under a hold nothing of it is erased';
COMMENT ON COLUMN case_files.created_by IS 'Person who opened it';
COMMENT ON COLUMN case_files.created_at IS 'When it was opened';
COMMENT ON COLUMN case_files.version IS 'Counts changes; a change names the version it was made on';

CREATE TABLE case_file_numbers (
  office_id text NOT NULL,
  year integer NOT NULL,
  last integer NOT NULL,
  PRIMARY KEY (office_id, year)
);
COMMENT ON TABLE case_file_numbers IS 'Last number given by the node, per office and year.';
COMMENT ON COLUMN case_file_numbers.office_id IS 'Office';
COMMENT ON COLUMN case_file_numbers.year IS 'Calendar year in the node''s time zone';
COMMENT ON COLUMN case_file_numbers.last IS 'Last number given';

CREATE TABLE case_file_members (
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  person_id text NOT NULL,
  from_at timestamptz NOT NULL,
  until_at timestamptz,
  added_by text NOT NULL,
  ended_by text,
  PRIMARY KEY (case_file_id, person_id, from_at)
);
CREATE INDEX case_file_members_person ON case_file_members (person_id, case_file_id);
-- One open membership a person and file: two officers adding the same colleague make one row.
CREATE UNIQUE INDEX case_file_members_open ON case_file_members (case_file_id, person_id) WHERE until_at IS NULL;
COMMENT ON TABLE case_file_members IS 'Who may know of a case file, and for how long.';
COMMENT ON COLUMN case_file_members.case_file_id IS 'Case file';
COMMENT ON COLUMN case_file_members.person_id IS 'Person';
COMMENT ON COLUMN case_file_members.from_at IS 'Begin, inclusive';
COMMENT ON COLUMN case_file_members.until_at IS 'End, exclusive; null while it lasts';
COMMENT ON COLUMN case_file_members.added_by IS 'Who added the person';
COMMENT ON COLUMN case_file_members.ended_by IS 'Who ended the membership';

CREATE TABLE evidence_files (
  id uuid PRIMARY KEY,
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  blob_key text NOT NULL CHECK (blob_key ~ '^[0-9a-f]{64}$'),
  sealed_about bytea NOT NULL,
  scan text NOT NULL CHECK (scan IN ('not-scanned', 'clean', 'quarantined', 'too-big-to-scan', 'scanner-down')),
  added_by text NOT NULL,
  added_at timestamptz NOT NULL
);
CREATE INDEX evidence_files_case_file ON evidence_files (case_file_id, id);
CREATE INDEX evidence_files_blob ON evidence_files (blob_key);
COMMENT ON TABLE evidence_files IS 'Files of a case file; the bytes are a sealed blob.';
COMMENT ON COLUMN evidence_files.id IS 'UUIDv7 made in code; part of what the blob is sealed for';
COMMENT ON COLUMN evidence_files.case_file_id IS 'Case file whose data key seals it';
COMMENT ON COLUMN evidence_files.blob_key IS 'SHA-256 of the sealed bytes';
COMMENT ON COLUMN evidence_files.sealed_about IS 'Sealed JSON: name, type by content, size and SHA-256 of the plaintext';
COMMENT ON COLUMN evidence_files.scan IS 'Outcome of the virus scan; only clean reads as clean';
COMMENT ON COLUMN evidence_files.added_by IS 'Who added it';
COMMENT ON COLUMN evidence_files.added_at IS 'When it was added';

CREATE TABLE custody_entries (
  id uuid PRIMARY KEY,
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  file_id uuid NOT NULL REFERENCES evidence_files (id),
  seq integer NOT NULL CHECK (seq > 0),
  entry jsonb NOT NULL,
  previous_hash text,
  hash text NOT NULL,
  UNIQUE (file_id, seq)
);
COMMENT ON TABLE custody_entries IS 'Every touch of a file, in order; never changed or removed.';
COMMENT ON COLUMN custody_entries.id IS 'UUIDv7 made in code';
COMMENT ON COLUMN custody_entries.case_file_id IS 'Case file of the file';
COMMENT ON COLUMN custody_entries.file_id IS 'File touched';
COMMENT ON COLUMN custody_entries.seq IS 'Counts from 1 per file, without gaps';
COMMENT ON COLUMN custody_entries.entry IS 'What, who, when: codes and ids';
COMMENT ON COLUMN custody_entries.previous_hash IS 'Hash of the entry before, null for the first';
COMMENT ON COLUMN custody_entries.hash IS 'Hash over entry and previous hash';

-- Case files that the actor of this transaction may know of. Reads as the owner, so that the policies below do not
-- call themselves; with nobody named it answers nothing. Evaluated once per statement when used as IN (SELECT …).
CREATE FUNCTION visible_case_files() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.id FROM case_files c WHERE current_setting('comity.actor', true) LIKE 'system:%'
  UNION ALL
  SELECT m.case_file_id FROM case_file_members m
   WHERE m.person_id = current_setting('comity.actor', true) AND (m.until_at IS NULL OR m.until_at > now())
  UNION ALL
  SELECT c.id FROM case_files c
   WHERE c.created_by = current_setting('comity.actor', true)
     AND NOT EXISTS (SELECT 1 FROM case_file_members m WHERE m.case_file_id = c.id)
$$;
COMMENT ON FUNCTION visible_case_files() IS 'Ids of the case files that comity.actor may know of: for row-level security of every table that names a case file.';
REVOKE ALL ON FUNCTION visible_case_files() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION visible_case_files() TO comity_app, comity_owner;

ALTER TABLE case_files ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_files FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON case_files TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON case_files FOR SELECT TO comity_app USING (id IN (SELECT visible_case_files()));
CREATE POLICY open ON case_files FOR INSERT TO comity_app WITH CHECK (created_by = current_setting('comity.actor', true));
CREATE POLICY change ON case_files FOR UPDATE TO comity_app USING (id IN (SELECT visible_case_files()));

ALTER TABLE case_file_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_file_members FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON case_file_members TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON case_file_members FOR SELECT TO comity_app USING (case_file_id IN (SELECT visible_case_files()));
CREATE POLICY add ON case_file_members FOR INSERT TO comity_app
  WITH CHECK (added_by = current_setting('comity.actor', true) AND case_file_id IN (SELECT visible_case_files()));
CREATE POLICY end_membership ON case_file_members FOR UPDATE TO comity_app
  USING (case_file_id IN (SELECT visible_case_files())) WITH CHECK (true);

ALTER TABLE evidence_files ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_files FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON evidence_files TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON evidence_files FOR SELECT TO comity_app USING (case_file_id IN (SELECT visible_case_files()));
CREATE POLICY add ON evidence_files FOR INSERT TO comity_app
  WITH CHECK (added_by = current_setting('comity.actor', true) AND case_file_id IN (SELECT visible_case_files()));
CREATE POLICY change ON evidence_files FOR UPDATE TO comity_app USING (case_file_id IN (SELECT visible_case_files()));

ALTER TABLE custody_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE custody_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON custody_entries TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON custody_entries FOR SELECT TO comity_app USING (case_file_id IN (SELECT visible_case_files()));
CREATE POLICY add ON custody_entries FOR INSERT TO comity_app WITH CHECK (case_file_id IN (SELECT visible_case_files()));

GRANT SELECT, INSERT ON case_files, case_file_members, evidence_files, custody_entries TO comity_app;
GRANT UPDATE (handling, sealed_title, wrapping_kid, wrapped_key, retain_until, on_hold, version) ON case_files TO comity_app;
GRANT UPDATE (until_at, ended_by) ON case_file_members TO comity_app;
GRANT UPDATE (scan) ON evidence_files TO comity_app;
GRANT SELECT, INSERT, UPDATE ON case_file_numbers TO comity_app;
