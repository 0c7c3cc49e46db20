-- What two requests may have in common, as keyed hashes: enough to tell that there is another, not whom it names.

CREATE TABLE request_match_secret (
  id integer PRIMARY KEY CHECK (id = 1),
  wrapping_kid text NOT NULL,
  wrapped_key bytea NOT NULL
);
COMMENT ON TABLE request_match_secret IS 'Key of the hashes in request_match_keys, wrapped by the key store; one row.';
COMMENT ON COLUMN request_match_secret.id IS 'Always 1';
COMMENT ON COLUMN request_match_secret.wrapping_kid IS 'Key of the key store that wraps it';
COMMENT ON COLUMN request_match_secret.wrapped_key IS 'Key for HMAC-SHA-256, wrapped';
GRANT SELECT, INSERT ON request_match_secret TO comity_app;

CREATE TABLE request_match_keys (
  request_id uuid NOT NULL REFERENCES requests (id),
  case_file_id uuid NOT NULL REFERENCES case_files (id),
  kind text NOT NULL CHECK (kind IN ('person', 'document', 'account', 'phone', 'thing', 'other-reference', 'case-number')),
  key_hash text NOT NULL CHECK (key_hash ~ '^[0-9a-f]{64}$'),
  frozen boolean NOT NULL DEFAULT false,
  PRIMARY KEY (request_id, kind, key_hash)
);
CREATE INDEX request_match_keys_hash ON request_match_keys (key_hash);
COMMENT ON TABLE request_match_keys IS 'Keyed hashes of persons, documents, accounts and numbers of the newest text of each request.';
COMMENT ON COLUMN request_match_keys.request_id IS 'Request';
COMMENT ON COLUMN request_match_keys.case_file_id IS 'Case file, for row-level security';
COMMENT ON COLUMN request_match_keys.kind IS 'What is hashed';
COMMENT ON COLUMN request_match_keys.key_hash IS 'HMAC-SHA-256 of the normalised value';
COMMENT ON COLUMN request_match_keys.frozen IS 'The request asks to freeze or seize it';

ALTER TABLE request_match_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE request_match_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON request_match_keys TO comity_owner USING (true) WITH CHECK (true);
CREATE POLICY see ON request_match_keys FOR SELECT TO comity_app
  USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
CREATE POLICY add ON request_match_keys FOR INSERT TO comity_app
  WITH CHECK (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
CREATE POLICY take_out ON request_match_keys FOR DELETE TO comity_app
  USING (acts_for_the_node() OR case_file_id IN (SELECT visible_case_files()));
GRANT SELECT, INSERT, DELETE ON request_match_keys TO comity_app;

-- Other open requests that share a hash. Reads as the owner: the reference and the status of one that the actor may not
-- know of stay null, and the caller turns its id into something that tells nothing.
CREATE FUNCTION request_matches(of_request uuid, hashes text[])
RETURNS TABLE (request_id uuid, kind text, key_hash text, frozen boolean, reference text, status text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT k.request_id, k.kind, k.key_hash,
         k.frozen AND seen.it,
         CASE WHEN seen.it THEN r.reference END,
         CASE WHEN seen.it THEN r.status END
    FROM request_match_keys k
    JOIN requests r ON r.id = k.request_id
    CROSS JOIN LATERAL (
      SELECT acts_for_the_node() OR r.case_file_id IN (SELECT visible_case_files()) AS it
    ) seen
   WHERE k.key_hash = ANY (hashes)
     AND k.request_id <> of_request
     AND r.status NOT IN ('discarded', 'withdrawn', 'closed')
     -- The number of a case is shared by every request of its file.
     AND NOT (k.kind = 'case-number' AND r.case_file_id = (SELECT o.case_file_id FROM requests o WHERE o.id = of_request))
$$;
COMMENT ON FUNCTION request_matches(uuid, text[]) IS 'Open requests that share a keyed hash with a request; what the actor may not know of comes without reference and status.';
REVOKE ALL ON FUNCTION request_matches(uuid, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION request_matches(uuid, text[]) TO comity_app, comity_owner;
