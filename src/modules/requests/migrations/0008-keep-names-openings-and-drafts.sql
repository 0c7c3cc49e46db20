-- Names that are only alike: sealed as the request is, found by the year of birth that two people must share as well.

CREATE TABLE request_match_names (
  request_id uuid NOT NULL REFERENCES requests (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  born_hash text NOT NULL CHECK (born_hash ~ '^[0-9a-f]{64}$'),
  n integer NOT NULL,
  sealed_names bytea NOT NULL,
  PRIMARY KEY (request_id, n)
);
CREATE INDEX request_match_names_born ON request_match_names (born_hash);
COMMENT ON TABLE request_match_names IS 'Names of the persons of the newest text of each request, sealed, by year of birth.';
COMMENT ON COLUMN request_match_names.request_id IS 'Request';
COMMENT ON COLUMN request_match_names.case_file_id IS 'Case file, for row-level security and the key of the names';
COMMENT ON COLUMN request_match_names.born_hash IS 'HMAC-SHA-256 of the year of birth';
COMMENT ON COLUMN request_match_names.n IS 'Place of the person in the text';
COMMENT ON COLUMN request_match_names.sealed_names IS 'Names of the person, sealed under the key of the case file';

ALTER TABLE request_match_names ENABLE ROW LEVEL SECURITY;
ALTER TABLE request_match_names FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON request_match_names TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON request_match_names FOR SELECT TO comity_app
  USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
CREATE POLICY add ON request_match_names FOR INSERT TO comity_app
  WITH CHECK (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
CREATE POLICY take_out ON request_match_names FOR DELETE TO comity_app
  USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
GRANT SELECT, INSERT, DELETE ON request_match_names TO comity_app;

-- When an official first opened what came, told to the other State once.
ALTER TABLE request_messages ADD COLUMN opened_at timestamptz;
COMMENT ON COLUMN request_messages.opened_at IS 'When an official first opened what came, or null';
GRANT UPDATE (opened_at) ON request_messages TO comity_app;

-- Long answers while they are written: nothing typed is lost when a line or a session breaks.
CREATE TABLE request_unsent (
  request_id uuid NOT NULL REFERENCES requests (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  place text NOT NULL CHECK (length(place) <= 100),
  person_id text NOT NULL,
  at timestamptz NOT NULL,
  sealed_form bytea NOT NULL,
  PRIMARY KEY (request_id, place, person_id)
);
COMMENT ON TABLE request_unsent IS 'What a person has typed into a form of a request and not sent, sealed; gone once it is sent.';
COMMENT ON COLUMN request_unsent.request_id IS 'Request';
COMMENT ON COLUMN request_unsent.case_file_id IS 'Case file, for row-level security and the key of the words';
COMMENT ON COLUMN request_unsent.place IS 'Form it belongs to: the act, or the question answered';
COMMENT ON COLUMN request_unsent.person_id IS 'Who typed it';
COMMENT ON COLUMN request_unsent.at IS 'When it was last kept';
COMMENT ON COLUMN request_unsent.sealed_form IS 'Fields as typed, sealed under the key of the case file';

ALTER TABLE request_unsent ENABLE ROW LEVEL SECURITY;
ALTER TABLE request_unsent FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON request_unsent TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY own ON request_unsent TO comity_app
  USING (case_file_id IN (SELECT visible_case_files())
         AND current_setting('comity.actor', true) = person_id)
  WITH CHECK (case_file_id IN (SELECT visible_case_files())
              AND current_setting('comity.actor', true) = person_id);
GRANT SELECT, INSERT, DELETE, UPDATE (at, sealed_form) ON request_unsent TO comity_app;
