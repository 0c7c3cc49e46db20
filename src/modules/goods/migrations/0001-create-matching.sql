-- Name matching: lists screened against, the keys by which their names are found, and the ledger of judgements.

CREATE TABLE goods_secret (
  id integer PRIMARY KEY CHECK (id = 1),
  wrapping_kid text NOT NULL,
  wrapped_key bytea NOT NULL
);
COMMENT ON TABLE goods_secret IS 'Key that seals entries and reasons and from which the key of the hashes is drawn, wrapped by the key store; one row';
COMMENT ON COLUMN goods_secret.id IS 'Always 1';
COMMENT ON COLUMN goods_secret.wrapping_kid IS 'Key of the key store that wraps it';
COMMENT ON COLUMN goods_secret.wrapped_key IS 'The wrapped key';

CREATE TABLE goods_lists (
  id text NOT NULL,
  version text NOT NULL,
  entries integer NOT NULL,
  names integer NOT NULL,
  sha256 text NOT NULL,
  loaded_by text NOT NULL,
  loaded_at timestamptz NOT NULL,
  PRIMARY KEY (id, version)
);
COMMENT ON TABLE goods_lists IS 'Versions of lists that were loaded; none is bundled. The newest one is screened against';
COMMENT ON COLUMN goods_lists.id IS 'Name of the list, the same in all its versions';
COMMENT ON COLUMN goods_lists.version IS 'Version as its publisher or the operator names it';
COMMENT ON COLUMN goods_lists.entries IS 'Entries in it';
COMMENT ON COLUMN goods_lists.names IS 'Names in it, each way of reading counted: what rarity is measured against';
COMMENT ON COLUMN goods_lists.sha256 IS 'Hash of the canonical entries';
COMMENT ON COLUMN goods_lists.loaded_by IS 'Id of the person or system that loaded it';
COMMENT ON COLUMN goods_lists.loaded_at IS 'When it was loaded';

CREATE TABLE goods_list_entries (
  list_id text NOT NULL,
  list_version text NOT NULL,
  number integer NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (list_id, list_version, number),
  FOREIGN KEY (list_id, list_version) REFERENCES goods_lists (id, version)
);
COMMENT ON TABLE goods_list_entries IS 'Entries of a list version in the order of its file';
COMMENT ON COLUMN goods_list_entries.list_id IS 'The list';
COMMENT ON COLUMN goods_list_entries.list_version IS 'Its version';
COMMENT ON COLUMN goods_list_entries.number IS 'Place in the file, from 0';
COMMENT ON COLUMN goods_list_entries.sealed IS 'Names, births, countries and identifiers, sealed';

CREATE TABLE goods_match_keys (
  list_id text NOT NULL,
  list_version text NOT NULL,
  key_hash bytea NOT NULL,
  name integer NOT NULL,
  entry integer NOT NULL,
  size smallint NOT NULL,
  PRIMARY KEY (list_id, list_version, key_hash, name),
  FOREIGN KEY (list_id, list_version) REFERENCES goods_lists (id, version)
);
COMMENT ON TABLE goods_match_keys IS 'Keys of the names of a list, by which candidates are found';
COMMENT ON COLUMN goods_match_keys.list_id IS 'The list';
COMMENT ON COLUMN goods_match_keys.list_version IS 'Its version';
COMMENT ON COLUMN goods_match_keys.key_hash IS 'HMAC of kind and text of the key, ten bytes: the table alone tells no name';
COMMENT ON COLUMN goods_match_keys.name IS 'Number of the name in the list';
COMMENT ON COLUMN goods_match_keys.entry IS 'Number of the entry that bears it';
COMMENT ON COLUMN goods_match_keys.size IS 'Parts of the name';

CREATE TABLE goods_judgements (
  id uuid PRIMARY KEY,
  left_id text NOT NULL,
  right_id text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('POSITIVE', 'NEGATIVE', 'UNSURE')),
  compartment text NOT NULL,
  judged_by text NOT NULL,
  judged_at timestamptz NOT NULL,
  sealed bytea NOT NULL,
  CHECK (left_id <> right_id)
);
COMMENT ON TABLE goods_judgements IS 'The merge ledger: what officials said of two entities; append-only';
COMMENT ON COLUMN goods_judgements.id IS 'UUIDv7';
COMMENT ON COLUMN goods_judgements.left_id IS 'Id of the one entity';
COMMENT ON COLUMN goods_judgements.right_id IS 'Id of the other entity';
COMMENT ON COLUMN goods_judgements.verdict IS 'POSITIVE: the same; NEGATIVE: not the same; UNSURE: cannot say';
COMMENT ON COLUMN goods_judgements.compartment IS 'Set of handling groups within which it holds';
COMMENT ON COLUMN goods_judgements.judged_by IS 'Id of the person, or rule';
COMMENT ON COLUMN goods_judgements.judged_at IS 'When';
COMMENT ON COLUMN goods_judgements.sealed IS 'Reason, both numbers and the explanation that stood before the person, sealed';
CREATE INDEX goods_judgements_left ON goods_judgements (left_id);
CREATE INDEX goods_judgements_right ON goods_judgements (right_id);

CREATE TABLE goods_judgement_withdrawals (
  judgement_id uuid PRIMARY KEY REFERENCES goods_judgements (id),
  withdrawn_by text NOT NULL,
  withdrawn_at timestamptz NOT NULL,
  sealed bytea NOT NULL
);
COMMENT ON TABLE goods_judgement_withdrawals IS 'Judgements that were taken back; the judgement itself stays';
COMMENT ON COLUMN goods_judgement_withdrawals.judgement_id IS 'The judgement';
COMMENT ON COLUMN goods_judgement_withdrawals.withdrawn_by IS 'Id of the person';
COMMENT ON COLUMN goods_judgement_withdrawals.withdrawn_at IS 'When';
COMMENT ON COLUMN goods_judgement_withdrawals.sealed IS 'Reason, sealed';

GRANT SELECT, INSERT ON goods_secret, goods_lists, goods_list_entries, goods_match_keys, goods_judgements,
  goods_judgement_withdrawals TO comity_app;
GRANT SELECT ON goods_lists, goods_judgements, goods_judgement_withdrawals TO comity_reader;
