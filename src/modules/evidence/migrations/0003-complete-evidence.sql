-- Large files in pieces, files that arrive before their case file, use limitation, quarantine, time stamps.
ALTER TABLE evidence_files ADD COLUMN pieces integer NOT NULL DEFAULT 1 CHECK (pieces > 0);
ALTER TABLE evidence_files ADD COLUMN stored_bytes bigint NOT NULL DEFAULT 0;
ALTER TABLE evidence_files ADD COLUMN linked_from uuid REFERENCES evidence_files (id);
ALTER TABLE evidence_files ADD COLUMN sealed_findings bytea;
COMMENT ON COLUMN evidence_files.pieces IS 'How many sealed blobs hold the file; with more than one, blob_key names the list of them';
COMMENT ON COLUMN evidence_files.stored_bytes IS 'Bytes of ciphertext, for quotas';
COMMENT ON COLUMN evidence_files.linked_from IS 'File of another case file with the same bytes, when it was opened for this one';
COMMENT ON COLUMN evidence_files.sealed_findings IS 'Sealed JSON: what the check of the content found, as codes';
CREATE INDEX evidence_files_to_scan ON evidence_files (added_at) WHERE scan IN ('not-scanned', 'scanner-down');

CREATE TABLE evidence_uploads (
  id uuid PRIMARY KEY,
  case_file_id uuid REFERENCES case_files (id),
  person_id text NOT NULL,
  sealed_about bytea,
  declared bigint NOT NULL CHECK (declared >= 0),
  received bigint NOT NULL DEFAULT 0 CHECK (received >= 0),
  began_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL
);
CREATE INDEX evidence_uploads_last ON evidence_uploads (last_at);
CREATE INDEX evidence_uploads_person ON evidence_uploads (person_id);
CREATE INDEX evidence_uploads_case_file ON evidence_uploads (case_file_id);
COMMENT ON TABLE evidence_uploads IS 'Files on their way in: sealed pieces are stored, the file is not taken yet. Left alone for a day, they go.';
COMMENT ON COLUMN evidence_uploads.id IS 'UUIDv7 made in code; becomes the id of the file';
COMMENT ON COLUMN evidence_uploads.case_file_id IS 'Case file it is for; null for what arrives with a message';
COMMENT ON COLUMN evidence_uploads.person_id IS 'Who brings it: person, or system: and a name';
COMMENT ON COLUMN evidence_uploads.sealed_about IS 'Name and file key, sealed under the case file''s key; null for what arrives with a message';
COMMENT ON COLUMN evidence_uploads.declared IS 'Bytes announced; 0 when not known';
COMMENT ON COLUMN evidence_uploads.received IS 'Bytes of plaintext in stored pieces';
COMMENT ON COLUMN evidence_uploads.began_at IS 'When it began';
COMMENT ON COLUMN evidence_uploads.last_at IS 'When the last piece was stored';

CREATE TABLE evidence_upload_pieces (
  upload_id uuid NOT NULL REFERENCES evidence_uploads (id) ON DELETE CASCADE,
  seq integer NOT NULL CHECK (seq >= 0),
  blob_key text NOT NULL CHECK (blob_key ~ '^[0-9a-f]{64}$'),
  plain integer NOT NULL CHECK (plain > 0),
  sealed integer NOT NULL CHECK (sealed > 0),
  stored boolean NOT NULL DEFAULT false,
  PRIMARY KEY (upload_id, seq)
);
COMMENT ON TABLE evidence_upload_pieces IS 'Sealed pieces of a file on its way in.';
COMMENT ON COLUMN evidence_upload_pieces.upload_id IS 'Upload';
COMMENT ON COLUMN evidence_upload_pieces.seq IS 'Counts from 0';
COMMENT ON COLUMN evidence_upload_pieces.blob_key IS 'SHA-256 of the sealed piece';
COMMENT ON COLUMN evidence_upload_pieces.plain IS 'Bytes of plaintext';
COMMENT ON COLUMN evidence_upload_pieces.sealed IS 'Bytes of ciphertext';
COMMENT ON COLUMN evidence_upload_pieces.stored IS 'False between the promise to store it and the store''s answer, so that a stop leaves nothing that nobody knows of';

CREATE TABLE evidence_consents (
  file_id uuid NOT NULL REFERENCES evidence_files (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  consent_id text NOT NULL CHECK (consent_id <> ''),
  by_authority text NOT NULL,
  on_day date NOT NULL,
  sealed_covers bytea NOT NULL,
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (file_id, consent_id)
);
COMMENT ON TABLE evidence_consents IS 'Consent of the State that gave a file to use beyond what it was given for.';
COMMENT ON COLUMN evidence_consents.file_id IS 'File';
COMMENT ON COLUMN evidence_consents.case_file_id IS 'Case file of the file';
COMMENT ON COLUMN evidence_consents.consent_id IS 'Id of the consent: the message or paper it stands in';
COMMENT ON COLUMN evidence_consents.by_authority IS 'Authority that consented';
COMMENT ON COLUMN evidence_consents.on_day IS 'Day of the consent';
COMMENT ON COLUMN evidence_consents.sealed_covers IS 'What it covers, in words, sealed';
COMMENT ON COLUMN evidence_consents.recorded_by IS 'Who recorded it: person, or system: and a name';
COMMENT ON COLUMN evidence_consents.recorded_at IS 'When it was recorded';

CREATE TABLE evidence_quarantine (
  file_id uuid PRIMARY KEY REFERENCES evidence_files (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  found text NOT NULL,
  found_at timestamptz NOT NULL,
  proposed_by text,
  proposed_at timestamptz,
  reason text CHECK (reason IN ('false-alarm', 'needed-as-evidence', 'examined-apart')),
  confirmed_by text,
  confirmed_at timestamptz,
  CHECK (confirmed_by IS NULL OR (proposed_by IS NOT NULL AND confirmed_by <> proposed_by))
);
COMMENT ON TABLE evidence_quarantine IS 'Files kept locked because the scanner found something, and the two persons who let one out.';
COMMENT ON COLUMN evidence_quarantine.file_id IS 'File';
COMMENT ON COLUMN evidence_quarantine.case_file_id IS 'Case file of the file';
COMMENT ON COLUMN evidence_quarantine.found IS 'Name that the scanner gives to what it found';
COMMENT ON COLUMN evidence_quarantine.found_at IS 'When it was found';
COMMENT ON COLUMN evidence_quarantine.proposed_by IS 'First person, who asks for the release';
COMMENT ON COLUMN evidence_quarantine.proposed_at IS 'When it was asked for';
COMMENT ON COLUMN evidence_quarantine.reason IS 'Why, as a code';
COMMENT ON COLUMN evidence_quarantine.confirmed_by IS 'Second person, never the first';
COMMENT ON COLUMN evidence_quarantine.confirmed_at IS 'When the release was confirmed';

CREATE TABLE time_stamps (
  subject text PRIMARY KEY,
  imprint text NOT NULL CHECK (imprint ~ '^[0-9a-f]{64}$'),
  asked_at timestamptz NOT NULL,
  next_try timestamptz NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  last_code text,
  token bytea,
  stamped_at timestamptz
);
CREATE INDEX time_stamps_waiting ON time_stamps (next_try) WHERE token IS NULL;
COMMENT ON TABLE time_stamps IS 'RFC 3161 time stamps asked for, and the tokens that came.';
COMMENT ON COLUMN time_stamps.subject IS 'What is stamped: checkpoint: and its origin and size';
COMMENT ON COLUMN time_stamps.imprint IS 'SHA-256 of what is stamped';
COMMENT ON COLUMN time_stamps.asked_at IS 'When it was asked for';
COMMENT ON COLUMN time_stamps.next_try IS 'When the authority is asked next';
COMMENT ON COLUMN time_stamps.tries IS 'How often it was asked in vain';
COMMENT ON COLUMN time_stamps.last_code IS 'Why the last try failed';
COMMENT ON COLUMN time_stamps.token IS 'The token, DER; null while waiting';
COMMENT ON COLUMN time_stamps.stamped_at IS 'Time that the token states';

ALTER TABLE evidence_uploads ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_uploads FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON evidence_uploads TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY own ON evidence_uploads TO comity_app
  USING (acts_for_the_node() OR person_id = current_setting('comity.actor', true))
  WITH CHECK (person_id = current_setting('comity.actor', true));

ALTER TABLE evidence_upload_pieces ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_upload_pieces FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON evidence_upload_pieces TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY own ON evidence_upload_pieces TO comity_app
  USING (upload_id IN (SELECT id FROM evidence_uploads)) WITH CHECK (upload_id IN (SELECT id FROM evidence_uploads));

ALTER TABLE evidence_consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_consents FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON evidence_consents TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON evidence_consents FOR SELECT TO comity_app
  USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
CREATE POLICY add ON evidence_consents FOR INSERT TO comity_app
  WITH CHECK (recorded_by = current_setting('comity.actor', true) AND (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files())));

ALTER TABLE evidence_quarantine ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence_quarantine FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON evidence_quarantine TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON evidence_quarantine FOR SELECT TO comity_app
  USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
CREATE POLICY add ON evidence_quarantine FOR INSERT TO comity_app WITH CHECK (acts_for_the_node());
CREATE POLICY decide ON evidence_quarantine FOR UPDATE TO comity_app
  USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));

ALTER TABLE time_stamps ENABLE ROW LEVEL SECURITY;
ALTER TABLE time_stamps FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON time_stamps TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON time_stamps FOR SELECT TO comity_app USING (true);
CREATE POLICY ask ON time_stamps FOR INSERT TO comity_app WITH CHECK (true);
CREATE POLICY answer ON time_stamps FOR UPDATE TO comity_app USING (acts_for_the_node());

GRANT SELECT, INSERT, DELETE ON evidence_uploads, evidence_upload_pieces TO comity_app;
GRANT UPDATE (received, last_at) ON evidence_uploads TO comity_app;
GRANT UPDATE (stored) ON evidence_upload_pieces TO comity_app;
GRANT SELECT, INSERT ON evidence_consents, evidence_quarantine, time_stamps TO comity_app;
GRANT UPDATE (proposed_by, proposed_at, reason, confirmed_by, confirmed_at) ON evidence_quarantine TO comity_app;
GRANT UPDATE (next_try, tries, last_code, token, stamped_at) ON time_stamps TO comity_app;
GRANT UPDATE (sealed_findings) ON evidence_files TO comity_app;
