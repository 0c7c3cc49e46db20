-- Resolutions that were read here, and what officials said of what the parser found.

CREATE TABLE mandates_secret (
  id integer PRIMARY KEY CHECK (id = 1),
  wrapping_kid text NOT NULL,
  wrapped_key bytea NOT NULL
);
COMMENT ON TABLE mandates_secret IS 'Key that seals texts and judgements and from which the key of the hashes is drawn, wrapped by the key store; one row';
COMMENT ON COLUMN mandates_secret.id IS 'Always 1';
COMMENT ON COLUMN mandates_secret.wrapping_kid IS 'Key of the key store that wraps it';
COMMENT ON COLUMN mandates_secret.wrapped_key IS 'The wrapped key';

CREATE TABLE mandates_texts (
  id uuid PRIMARY KEY,
  text_hash bytea NOT NULL UNIQUE,
  added_by text NOT NULL,
  added_at timestamptz NOT NULL,
  sealed bytea NOT NULL
);
COMMENT ON TABLE mandates_texts IS 'Resolutions that were read here; append-only';
COMMENT ON COLUMN mandates_texts.id IS 'UUIDv7';
COMMENT ON COLUMN mandates_texts.text_hash IS 'HMAC of the text: the same text is kept once';
COMMENT ON COLUMN mandates_texts.added_by IS 'Id of the person';
COMMENT ON COLUMN mandates_texts.added_at IS 'When';
COMMENT ON COLUMN mandates_texts.sealed IS 'Text and title, sealed';

CREATE TABLE mandates_judgements (
  id uuid PRIMARY KEY,
  paragraph_hash bytea NOT NULL,
  judged_by text NOT NULL,
  judged_at timestamptz NOT NULL,
  sealed bytea NOT NULL
);
COMMENT ON TABLE mandates_judgements IS 'What officials say a paragraph asks of whom, over what the parser found; append-only';
COMMENT ON COLUMN mandates_judgements.id IS 'UUIDv7';
COMMENT ON COLUMN mandates_judgements.paragraph_hash IS 'HMAC of the words of the paragraph: a judgement holds wherever the same words are read again';
COMMENT ON COLUMN mandates_judgements.judged_by IS 'Id of the person';
COMMENT ON COLUMN mandates_judgements.judged_at IS 'When';
COMMENT ON COLUMN mandates_judgements.sealed IS 'Kind, addressees and reason, sealed';
CREATE INDEX mandates_judgements_paragraph ON mandates_judgements (paragraph_hash);

CREATE TABLE mandates_judgement_withdrawals (
  judgement_id uuid PRIMARY KEY REFERENCES mandates_judgements (id),
  withdrawn_by text NOT NULL,
  withdrawn_at timestamptz NOT NULL
);
COMMENT ON TABLE mandates_judgement_withdrawals IS 'Judgements that were taken back; the judgement itself stays';
COMMENT ON COLUMN mandates_judgement_withdrawals.judgement_id IS 'The judgement';
COMMENT ON COLUMN mandates_judgement_withdrawals.withdrawn_by IS 'Id of the person';
COMMENT ON COLUMN mandates_judgement_withdrawals.withdrawn_at IS 'When';

GRANT SELECT, INSERT ON mandates_secret, mandates_texts, mandates_judgements, mandates_judgement_withdrawals TO comity_app;
GRANT SELECT ON mandates_texts, mandates_judgements, mandates_judgement_withdrawals TO comity_reader;
