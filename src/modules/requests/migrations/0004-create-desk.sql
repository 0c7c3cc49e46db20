-- Whose desk a request lies on, until when it waits, which terms run and what was said about them.

ALTER TABLE requests ADD COLUMN owner_id text;
ALTER TABLE requests ADD COLUMN waiting_until date;
ALTER TABLE requests ADD COLUMN due_on date;
COMMENT ON COLUMN requests.owner_id IS 'Person who has it in hand; null: whoever opened it';
COMMENT ON COLUMN requests.waiting_until IS 'Put aside until this day';
COMMENT ON COLUMN requests.due_on IS 'First day on which one of its terms ends';
CREATE INDEX requests_owner ON requests (owner_id, due_on) WHERE owner_id IS NOT NULL;
CREATE INDEX requests_due ON requests (due_on, id) WHERE due_on IS NOT NULL;
GRANT UPDATE (owner_id, waiting_until, due_on) ON requests TO comity_app;

CREATE TABLE request_desk (
  id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES requests (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  at timestamptz NOT NULL,
  actor text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('assign', 'wait', 'undo')),
  owner_id text,
  waiting_until date,
  undoes uuid REFERENCES request_desk (id)
);
CREATE INDEX request_desk_request ON request_desk (request_id, id);
COMMENT ON TABLE request_desk IS 'Desk work on a request, in order: each row is what held after it. Append-only.';
COMMENT ON COLUMN request_desk.id IS 'UUIDv7 made in code';
COMMENT ON COLUMN request_desk.request_id IS 'Request';
COMMENT ON COLUMN request_desk.case_file_id IS 'Case file, for row-level security';
COMMENT ON COLUMN request_desk.at IS 'When';
COMMENT ON COLUMN request_desk.actor IS 'Who did it';
COMMENT ON COLUMN request_desk.kind IS 'assign, wait or undo';
COMMENT ON COLUMN request_desk.owner_id IS 'Owner after it';
COMMENT ON COLUMN request_desk.waiting_until IS 'Put aside until this day, after it';
COMMENT ON COLUMN request_desk.undoes IS 'Row that it takes back';

CREATE TABLE request_clocks (
  request_id uuid NOT NULL REFERENCES requests (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  kind text NOT NULL,
  item text NOT NULL DEFAULT '',
  start_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  paused boolean NOT NULL,
  PRIMARY KEY (request_id, kind, item)
);
CREATE INDEX request_clocks_due ON request_clocks (due_at);
COMMENT ON TABLE request_clocks IS 'Terms that run for a request now; written anew at each save and act.';
COMMENT ON COLUMN request_clocks.request_id IS 'Request';
COMMENT ON COLUMN request_clocks.case_file_id IS 'Case file, for row-level security';
COMMENT ON COLUMN request_clocks.kind IS 'stage, deadline, hearing, measure or retention';
COMMENT ON COLUMN request_clocks.item IS 'Id of the measure, or empty';
COMMENT ON COLUMN request_clocks.start_at IS 'When the term began';
COMMENT ON COLUMN request_clocks.due_at IS 'When it ends; a day ends at midnight in the node''s zone';
COMMENT ON COLUMN request_clocks.paused IS 'The other State is waited for';

CREATE TABLE request_notices (
  id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES requests (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  kind text NOT NULL,
  item text NOT NULL,
  due_at timestamptz NOT NULL,
  level integer NOT NULL CHECK (level IN (50, 80, 100, 110)),
  at timestamptz NOT NULL,
  UNIQUE (request_id, kind, item, due_at, level)
);
COMMENT ON TABLE request_notices IS 'How much of a term had passed when the desk was told; written by the node, append-only.';
COMMENT ON COLUMN request_notices.id IS 'Made by the database';
COMMENT ON COLUMN request_notices.request_id IS 'Request';
COMMENT ON COLUMN request_notices.case_file_id IS 'Case file, for row-level security';
COMMENT ON COLUMN request_notices.kind IS 'Kind of term';
COMMENT ON COLUMN request_notices.item IS 'Id of the measure, or empty';
COMMENT ON COLUMN request_notices.due_at IS 'End of the term it speaks of: a moved term is told anew';
COMMENT ON COLUMN request_notices.level IS 'Per cent of the term: 50 and 80 for the owner, 100 for the deputy, 110 for the head';
COMMENT ON COLUMN request_notices.at IS 'When it was told';

ALTER TABLE request_desk ENABLE ROW LEVEL SECURITY;
ALTER TABLE request_desk FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON request_desk TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON request_desk FOR SELECT TO comity_app
  USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
CREATE POLICY add ON request_desk FOR INSERT TO comity_app
  WITH CHECK (actor = current_setting('comity.actor', true) AND case_file_id IN (SELECT visible_case_files()));

ALTER TABLE request_clocks ENABLE ROW LEVEL SECURITY;
ALTER TABLE request_clocks FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON request_clocks TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON request_clocks FOR SELECT TO comity_app
  USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
CREATE POLICY add ON request_clocks FOR INSERT TO comity_app
  WITH CHECK (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
CREATE POLICY take_out ON request_clocks FOR DELETE TO comity_app
  USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));

ALTER TABLE request_notices ENABLE ROW LEVEL SECURITY;
ALTER TABLE request_notices FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON request_notices TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON request_notices FOR SELECT TO comity_app
  USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
CREATE POLICY add ON request_notices FOR INSERT TO comity_app WITH CHECK (acts_for_the_node());

ALTER POLICY see ON requests USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
ALTER POLICY see ON request_revisions USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
ALTER POLICY see ON request_actions USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));

GRANT SELECT, INSERT ON request_desk, request_notices TO comity_app;
GRANT SELECT, INSERT, DELETE ON request_clocks TO comity_app;
