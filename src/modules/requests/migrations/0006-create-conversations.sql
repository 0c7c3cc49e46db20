-- The case on both sides of the border: conversation with the other authority, its messages, the acts both sides see,
-- questions, remarks, supplements and notes; drafts shown for remarks; what was not taken.

ALTER TABLE requests ADD COLUMN conversation_id text;
ALTER TABLE requests ADD COLUMN own_authority text;
ALTER TABLE requests ADD COLUMN other_authority text;
ALTER TABLE requests ADD COLUMN other_reference text;
ALTER TABLE requests ADD COLUMN changed_by_other_side boolean NOT NULL DEFAULT false;
ALTER TABLE requests ADD COLUMN received_at timestamptz;
COMMENT ON COLUMN requests.conversation_id IS '128 random bits that name the conversation with the other authority';
COMMENT ON COLUMN requests.own_authority IS 'Authority of this node in the conversation';
COMMENT ON COLUMN requests.other_authority IS 'The other authority';
COMMENT ON COLUMN requests.other_reference IS 'Reference at the other State';
COMMENT ON COLUMN requests.changed_by_other_side IS 'The other side changed it and nobody acknowledged that yet';
COMMENT ON COLUMN requests.received_at IS 'When an incoming request was received, by the receipt of this node';
CREATE UNIQUE INDEX requests_conversation ON requests (conversation_id, side) WHERE conversation_id IS NOT NULL;
CREATE UNIQUE INDEX requests_other_reference ON requests (other_authority, other_reference) WHERE side = 'incoming';
CREATE INDEX requests_side ON requests (side, changed_at DESC, id);
GRANT UPDATE (conversation_id, own_authority, other_authority, other_reference, changed_by_other_side) ON requests TO comity_app;
ALTER POLICY add ON requests WITH CHECK (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
ALTER POLICY change ON requests USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
ALTER POLICY add ON request_revisions
  WITH CHECK (saved_by = current_setting('comity.actor', true)
              AND (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files())));
ALTER POLICY add ON request_actions
  WITH CHECK (actor = current_setting('comity.actor', true)
              AND (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files())));

CREATE TABLE shared_drafts (
  id uuid PRIMARY KEY,
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  conversation_id text NOT NULL,
  own_authority text NOT NULL,
  from_state text NOT NULL,
  from_authority text NOT NULL,
  reference text NOT NULL,
  received_at timestamptz NOT NULL,
  expires_on date NOT NULL,
  message_id text NOT NULL UNIQUE,
  sealed_body bytea NOT NULL
);
CREATE INDEX shared_drafts_case_file ON shared_drafts (case_file_id);
CREATE INDEX shared_drafts_conversation ON shared_drafts (conversation_id);
COMMENT ON TABLE shared_drafts IS 'Drafts that other States show for remarks; they are no requests. Append-only.';
COMMENT ON COLUMN shared_drafts.id IS 'UUIDv7 made in code';
COMMENT ON COLUMN shared_drafts.case_file_id IS 'Case file whose data key seals it';
COMMENT ON COLUMN shared_drafts.conversation_id IS 'Conversation with the other authority';
COMMENT ON COLUMN shared_drafts.own_authority IS 'Authority that it was shown to';
COMMENT ON COLUMN shared_drafts.from_state IS 'State that shows it';
COMMENT ON COLUMN shared_drafts.from_authority IS 'Authority that shows it';
COMMENT ON COLUMN shared_drafts.reference IS 'Its reference there';
COMMENT ON COLUMN shared_drafts.received_at IS 'When it was received';
COMMENT ON COLUMN shared_drafts.expires_on IS 'No remarks after this day';
COMMENT ON COLUMN shared_drafts.message_id IS 'Message that brought it';
COMMENT ON COLUMN shared_drafts.sealed_body IS 'JSON of the message, sealed';

CREATE TABLE request_messages (
  id text PRIMARY KEY,
  request_id uuid REFERENCES requests (id),
  draft_id uuid REFERENCES shared_drafts (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  conversation_id text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('in', 'out')),
  kind text NOT NULL,
  at timestamptz NOT NULL,
  state text NOT NULL,
  state_at timestamptz NOT NULL,
  reason text,
  act_id uuid,
  sealed_content bytea NOT NULL,
  CHECK (request_id IS NOT NULL OR draft_id IS NOT NULL)
);
CREATE INDEX request_messages_request ON request_messages (request_id, at);
COMMENT ON TABLE request_messages IS 'Messages of a request, both ways, with what became of them; the content is sealed.';
COMMENT ON COLUMN request_messages.id IS 'Id of the message';
COMMENT ON COLUMN request_messages.request_id IS 'Request it belongs to';
COMMENT ON COLUMN request_messages.draft_id IS 'Draft of another State it belongs to';
COMMENT ON COLUMN request_messages.case_file_id IS 'Case file, for row-level security';
COMMENT ON COLUMN request_messages.conversation_id IS 'Conversation';
COMMENT ON COLUMN request_messages.direction IS 'out: we sent it; in: it came';
COMMENT ON COLUMN request_messages.kind IS 'Kind with its version, request-reply/1';
COMMENT ON COLUMN request_messages.at IS 'Put in the outbox, or received';
COMMENT ON COLUMN request_messages.state IS 'queued, what its delivery came to; taken, late or conflict for one that came';
COMMENT ON COLUMN request_messages.state_at IS 'When that was, as its proof says';
COMMENT ON COLUMN request_messages.reason IS 'Code of a refusal';
COMMENT ON COLUMN request_messages.act_id IS 'Shared act that it carries';
COMMENT ON COLUMN request_messages.sealed_content IS 'Body, subject and ids of files, sealed';

CREATE TABLE request_shared_acts (
  request_id uuid NOT NULL REFERENCES requests (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  act_id uuid NOT NULL,
  kind text NOT NULL,
  n integer NOT NULL,
  side text NOT NULL CHECK (side IN ('requesting', 'requested')),
  at timestamptz NOT NULL,
  causes uuid,
  message_id text,
  PRIMARY KEY (request_id, act_id, kind)
);
COMMENT ON TABLE request_shared_acts IS 'Acts that both sides know, from which both fold the same stage. Append-only.';
COMMENT ON COLUMN request_shared_acts.request_id IS 'Request';
COMMENT ON COLUMN request_shared_acts.case_file_id IS 'Case file, for row-level security';
COMMENT ON COLUMN request_shared_acts.act_id IS 'Id of the act, the same on both sides';
COMMENT ON COLUMN request_shared_acts.kind IS 'What was done';
COMMENT ON COLUMN request_shared_acts.n IS 'Place in the order of both sides';
COMMENT ON COLUMN request_shared_acts.side IS 'Side that acted';
COMMENT ON COLUMN request_shared_acts.at IS 'When, by the clock of that side';
COMMENT ON COLUMN request_shared_acts.causes IS 'Act that it answers';
COMMENT ON COLUMN request_shared_acts.message_id IS 'Message that carried it';

CREATE TABLE request_thread (
  id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES requests (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  question_id uuid NOT NULL,
  type text NOT NULL CHECK (type IN ('question', 'answer', 'settle')),
  side text NOT NULL CHECK (side IN ('requesting', 'requested')),
  at timestamptz NOT NULL,
  message_id text,
  sealed_entry bytea NOT NULL
);
CREATE INDEX request_thread_request ON request_thread (request_id, at);
COMMENT ON TABLE request_thread IS 'Questions, answers and settlements between the two authorities. Append-only.';
COMMENT ON COLUMN request_thread.id IS 'Id of the entry, the same on both sides';
COMMENT ON COLUMN request_thread.request_id IS 'Request';
COMMENT ON COLUMN request_thread.case_file_id IS 'Case file, for row-level security';
COMMENT ON COLUMN request_thread.question_id IS 'Question that it is or belongs to';
COMMENT ON COLUMN request_thread.type IS 'question, answer or settle';
COMMENT ON COLUMN request_thread.side IS 'Side that wrote it';
COMMENT ON COLUMN request_thread.at IS 'When, by the clock of that side';
COMMENT ON COLUMN request_thread.message_id IS 'Message that carried it';
COMMENT ON COLUMN request_thread.sealed_entry IS 'JSON of the entry, sealed';

CREATE TABLE request_notes (
  id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES requests (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  at timestamptz NOT NULL,
  by_person text NOT NULL,
  sealed_note bytea NOT NULL
);
CREATE INDEX request_notes_request ON request_notes (request_id, at);
COMMENT ON TABLE request_notes IS 'Notes of the own desk, which never leave. Append-only.';
COMMENT ON COLUMN request_notes.id IS 'UUIDv7 made in code';
COMMENT ON COLUMN request_notes.request_id IS 'Request';
COMMENT ON COLUMN request_notes.case_file_id IS 'Case file, for row-level security';
COMMENT ON COLUMN request_notes.at IS 'When';
COMMENT ON COLUMN request_notes.by_person IS 'Person who wrote it';
COMMENT ON COLUMN request_notes.sealed_note IS 'Text, sealed';

CREATE TABLE request_supplements (
  id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES requests (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  direction text NOT NULL CHECK (direction IN ('in', 'out')),
  status text NOT NULL CHECK (status IN ('prepared', 'sent', 'dropped', 'received', 'decided')),
  request_version integer NOT NULL,
  at timestamptz NOT NULL,
  by_whom text NOT NULL,
  sealed_body bytea NOT NULL
);
CREATE INDEX request_supplements_request ON request_supplements (request_id, at);
COMMENT ON TABLE request_supplements IS 'New versions of requests that are out, with their changes; the text is sealed.';
COMMENT ON COLUMN request_supplements.id IS 'Id of the supplement, the same on both sides';
COMMENT ON COLUMN request_supplements.request_id IS 'Request';
COMMENT ON COLUMN request_supplements.case_file_id IS 'Case file, for row-level security';
COMMENT ON COLUMN request_supplements.direction IS 'out: ours; in: of the other side';
COMMENT ON COLUMN request_supplements.status IS 'prepared, sent or dropped; received or decided';
COMMENT ON COLUMN request_supplements.request_version IS 'Version that it makes';
COMMENT ON COLUMN request_supplements.at IS 'Prepared or received';
COMMENT ON COLUMN request_supplements.by_whom IS 'Person, or authority';
COMMENT ON COLUMN request_supplements.sealed_body IS 'Changes, text and decisions, sealed';

CREATE TABLE request_remarks (
  id uuid PRIMARY KEY,
  request_id uuid REFERENCES requests (id),
  draft_id uuid REFERENCES shared_drafts (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  at timestamptz NOT NULL,
  by_whom text NOT NULL,
  sealed_remark bytea NOT NULL,
  CHECK (request_id IS NOT NULL OR draft_id IS NOT NULL)
);
CREATE INDEX request_remarks_request ON request_remarks (request_id, at);
CREATE INDEX request_remarks_draft ON request_remarks (draft_id, at);
COMMENT ON TABLE request_remarks IS 'Remarks on drafts: of the other side on ours, of ours on theirs. Append-only.';
COMMENT ON COLUMN request_remarks.id IS 'Id of the remark, the same on both sides';
COMMENT ON COLUMN request_remarks.request_id IS 'Own draft it is about';
COMMENT ON COLUMN request_remarks.draft_id IS 'Draft of another State it is about';
COMMENT ON COLUMN request_remarks.case_file_id IS 'Case file, for row-level security';
COMMENT ON COLUMN request_remarks.at IS 'When';
COMMENT ON COLUMN request_remarks.by_whom IS 'Person, or authority';
COMMENT ON COLUMN request_remarks.sealed_remark IS 'JSON of the remark, sealed';

CREATE TABLE request_files (
  request_id uuid NOT NULL REFERENCES requests (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  file_id uuid NOT NULL,
  message_id text NOT NULL,
  item text NOT NULL,
  PRIMARY KEY (request_id, file_id, message_id, item)
);
COMMENT ON TABLE request_files IS 'Files that came with messages of a request, and what they are there. Append-only.';
COMMENT ON COLUMN request_files.request_id IS 'Request';
COMMENT ON COLUMN request_files.case_file_id IS 'Case file, for row-level security';
COMMENT ON COLUMN request_files.file_id IS 'File in the case file';
COMMENT ON COLUMN request_files.message_id IS 'Message that brought it';
COMMENT ON COLUMN request_files.item IS 'annex:n, result:id of the other side, or thread:id';

CREATE TABLE request_quarantine (
  message_id text PRIMARY KEY,
  from_authority text NOT NULL,
  kind text NOT NULL,
  code text NOT NULL,
  message_sha256 text NOT NULL,
  at timestamptz NOT NULL
);
COMMENT ON TABLE request_quarantine IS 'Messages that were not taken, and why; their sealed bytes stay with the exchange. Append-only.';
COMMENT ON COLUMN request_quarantine.message_id IS 'Message';
COMMENT ON COLUMN request_quarantine.from_authority IS 'Authority that sent it';
COMMENT ON COLUMN request_quarantine.kind IS 'Kind with its version';
COMMENT ON COLUMN request_quarantine.code IS 'What was wrong';
COMMENT ON COLUMN request_quarantine.message_sha256 IS 'SHA-256 of the signed message';
COMMENT ON COLUMN request_quarantine.at IS 'When';

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['shared_drafts', 'request_messages', 'request_shared_acts', 'request_thread', 'request_notes',
                              'request_supplements', 'request_remarks', 'request_files'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY owner_all ON %I TO comity_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY see ON %I FOR SELECT TO comity_app USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()))', name);
    EXECUTE format('CREATE POLICY add ON %I FOR INSERT TO comity_app WITH CHECK (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()))', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO comity_app', name);
  END LOOP;
END $$;
CREATE POLICY change ON request_messages FOR UPDATE TO comity_app
  USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
GRANT UPDATE (state, state_at, reason) ON request_messages TO comity_app;
CREATE POLICY change ON request_supplements FOR UPDATE TO comity_app
  USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
GRANT UPDATE (status, sealed_body) ON request_supplements TO comity_app;
GRANT SELECT, INSERT ON request_quarantine TO comity_app;
