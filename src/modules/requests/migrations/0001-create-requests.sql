-- Requests of the requesting side: the row to list and sort by, its sealed working copies, and its append-only actions.

CREATE TABLE requests (
  id uuid PRIMARY KEY,
  reference text NOT NULL UNIQUE,
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  office_id text NOT NULL,
  side text NOT NULL DEFAULT 'outgoing' CHECK (side IN ('outgoing', 'incoming')),
  requesting_state text NOT NULL,
  requested_state text,
  types text[] NOT NULL,
  status text NOT NULL,
  urgent boolean NOT NULL DEFAULT false,
  deadline date,
  request_version integer NOT NULL DEFAULT 1,
  rule_set text NOT NULL,
  content_hash text NOT NULL,
  revision integer NOT NULL,
  head_action uuid NOT NULL,
  tasks_done integer NOT NULL DEFAULT 0,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX requests_case_file ON requests (case_file_id);
CREATE INDEX requests_status ON requests (status, changed_at DESC, id);
CREATE INDEX requests_changed ON requests (changed_at DESC, id);
CREATE INDEX requests_deadline ON requests (deadline, id) WHERE deadline IS NOT NULL;
COMMENT ON TABLE requests IS 'Requests for assistance: what is needed to list, sort and match; the text is sealed in request_revisions.';
COMMENT ON COLUMN requests.id IS 'UUIDv7 made in code';
COMMENT ON COLUMN requests.reference IS 'Own reference with check letter';
COMMENT ON COLUMN requests.case_file_id IS 'Case file it belongs to, whose data key seals its text';
COMMENT ON COLUMN requests.office_id IS 'Office of the person who opened it';
COMMENT ON COLUMN requests.side IS 'outgoing: we ask; incoming: we are asked';
COMMENT ON COLUMN requests.requesting_state IS 'State that asks';
COMMENT ON COLUMN requests.requested_state IS 'State asked, once chosen';
COMMENT ON COLUMN requests.types IS 'Kinds of help, T1 to T38';
COMMENT ON COLUMN requests.status IS 'Fold over its actions, kept for lists';
COMMENT ON COLUMN requests.urgent IS 'Marked as urgent';
COMMENT ON COLUMN requests.deadline IS 'Latest day for the answer, as the drafter set it';
COMMENT ON COLUMN requests.request_version IS 'Counts what was or will be transmitted';
COMMENT ON COLUMN requests.rule_set IS 'Definitions that the text follows';
COMMENT ON COLUMN requests.content_hash IS 'Hash of the shared part as it stands';
COMMENT ON COLUMN requests.revision IS 'Number of the newest working copy';
COMMENT ON COLUMN requests.head_action IS 'Newest action: a write names the one it saw';
COMMENT ON COLUMN requests.tasks_done IS 'Completed tasks of eight at the last save';
COMMENT ON COLUMN requests.created_by IS 'Person who opened it';
COMMENT ON COLUMN requests.created_at IS 'When it was opened';
COMMENT ON COLUMN requests.changed_at IS 'Last save or action';

CREATE TABLE request_counters (
  month text PRIMARY KEY,
  last integer NOT NULL
);
COMMENT ON TABLE request_counters IS 'Last number given to a request, per month.';
COMMENT ON COLUMN request_counters.month IS 'YYYY-MM in the node''s time zone';
COMMENT ON COLUMN request_counters.last IS 'Last number given';

CREATE TABLE request_revisions (
  request_id uuid NOT NULL REFERENCES requests (id),
  revision integer NOT NULL,
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  section text NOT NULL,
  content_hash text NOT NULL,
  sealed_request bytea NOT NULL,
  saved_by text NOT NULL,
  saved_at timestamptz NOT NULL,
  PRIMARY KEY (request_id, revision)
);
COMMENT ON TABLE request_revisions IS 'Every save of a request, whole and sealed; append-only.';
COMMENT ON COLUMN request_revisions.request_id IS 'Request';
COMMENT ON COLUMN request_revisions.revision IS 'Number, counted from 1';
COMMENT ON COLUMN request_revisions.case_file_id IS 'Case file, for row-level security';
COMMENT ON COLUMN request_revisions.section IS 'Task whose part changed, or all';
COMMENT ON COLUMN request_revisions.content_hash IS 'Hash of the shared part';
COMMENT ON COLUMN request_revisions.sealed_request IS 'JSON of the request, sealed under the data key of its case file';
COMMENT ON COLUMN request_revisions.saved_by IS 'Person who saved it';
COMMENT ON COLUMN request_revisions.saved_at IS 'When it was saved';

CREATE TABLE request_actions (
  id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES requests (id),
  seq integer NOT NULL,
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  at timestamptz NOT NULL,
  actor text NOT NULL,
  kind text NOT NULL,
  shared boolean NOT NULL,
  causes uuid,
  sealed_data bytea NOT NULL,
  UNIQUE (request_id, seq)
);
COMMENT ON TABLE request_actions IS 'What was done to a request, in order; its status is a fold over them. Append-only.';
COMMENT ON COLUMN request_actions.id IS 'UUIDv7 made in code';
COMMENT ON COLUMN request_actions.request_id IS 'Request';
COMMENT ON COLUMN request_actions.seq IS 'Place, counted from 1 without gaps';
COMMENT ON COLUMN request_actions.case_file_id IS 'Case file, for row-level security';
COMMENT ON COLUMN request_actions.at IS 'When';
COMMENT ON COLUMN request_actions.actor IS 'Person, or system';
COMMENT ON COLUMN request_actions.kind IS 'Action, a key of the nextActions table';
COMMENT ON COLUMN request_actions.shared IS 'Whether the other State sees it';
COMMENT ON COLUMN request_actions.causes IS 'Action that it answers';
COMMENT ON COLUMN request_actions.sealed_data IS 'JSON of its data (reason, content hash, proof of signature), sealed';

ALTER TABLE requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE requests FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON requests TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON requests FOR SELECT TO comity_app USING (case_file_id IN (SELECT visible_case_files()));
CREATE POLICY add ON requests FOR INSERT TO comity_app WITH CHECK (case_file_id IN (SELECT visible_case_files()));
CREATE POLICY change ON requests FOR UPDATE TO comity_app USING (case_file_id IN (SELECT visible_case_files()));

ALTER TABLE request_revisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE request_revisions FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON request_revisions TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON request_revisions FOR SELECT TO comity_app USING (case_file_id IN (SELECT visible_case_files()));
CREATE POLICY add ON request_revisions FOR INSERT TO comity_app
  WITH CHECK (saved_by = current_setting('comity.actor', true) AND case_file_id IN (SELECT visible_case_files()));

ALTER TABLE request_actions ENABLE ROW LEVEL SECURITY;
ALTER TABLE request_actions FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON request_actions TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON request_actions FOR SELECT TO comity_app USING (case_file_id IN (SELECT visible_case_files()));
CREATE POLICY add ON request_actions FOR INSERT TO comity_app
  WITH CHECK (actor = current_setting('comity.actor', true) AND case_file_id IN (SELECT visible_case_files()));

GRANT SELECT, INSERT ON requests, request_revisions, request_actions TO comity_app;
GRANT UPDATE (requested_state, types, status, urgent, deadline, request_version, rule_set, content_hash, revision, head_action, tasks_done, changed_at)
  ON requests TO comity_app;
GRANT SELECT, INSERT, UPDATE ON request_counters TO comity_app;
