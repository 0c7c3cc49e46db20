CREATE TABLE http_writes (
  scope text NOT NULL,
  key text NOT NULL,
  request_sha256 text NOT NULL,
  at timestamptz NOT NULL,
  committed boolean NOT NULL DEFAULT false,
  status integer,
  location text,
  body_sealed bytea,
  PRIMARY KEY (scope, key)
);
COMMENT ON TABLE http_writes IS 'One row per write that carried an idempotency key, so that a form or call sent twice takes effect once; kept seven days';
COMMENT ON COLUMN http_writes.scope IS 'Who sent it: person, token or public session';
COMMENT ON COLUMN http_writes.key IS 'Key sent by the form or in the Idempotency-Key header';
COMMENT ON COLUMN http_writes.request_sha256 IS 'SHA-256 of method, path and body; another body under one key is refused';
COMMENT ON COLUMN http_writes.at IS 'When the first attempt arrived';
COMMENT ON COLUMN http_writes.committed IS 'Set in the transaction of the change itself';
COMMENT ON COLUMN http_writes.status IS 'Status of the first answer, null while it is being worked on';
COMMENT ON COLUMN http_writes.location IS 'Address the first answer sent the reader to';
COMMENT ON COLUMN http_writes.body_sealed IS 'First answer of an API call, sealed under the node key';
CREATE INDEX http_writes_at ON http_writes (at);
GRANT SELECT, INSERT, UPDATE, DELETE ON http_writes TO comity_app;

CREATE TABLE kept_forms (
  id_sha256 text PRIMARY KEY,
  path text NOT NULL,
  body_sealed bytea NOT NULL,
  at timestamptz NOT NULL
);
COMMENT ON TABLE kept_forms IS 'What a person had typed when the session ended, sealed; shown again after sign-in, kept one day';
COMMENT ON COLUMN kept_forms.id_sha256 IS 'SHA-256 of the secret in the return address';
COMMENT ON COLUMN kept_forms.path IS 'Page the form was sent to';
COMMENT ON COLUMN kept_forms.body_sealed IS 'Names and values of the form, sealed under the node key';
COMMENT ON COLUMN kept_forms.at IS 'When it was kept';
GRANT SELECT, INSERT, DELETE ON kept_forms TO comity_app;
