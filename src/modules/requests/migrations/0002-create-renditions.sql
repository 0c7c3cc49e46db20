CREATE TABLE request_renditions (
  file_sha256 text PRIMARY KEY,
  content_hash text NOT NULL,
  reference text NOT NULL,
  request_version integer NOT NULL,
  language text NOT NULL,
  format text NOT NULL CHECK (format IN ('pdf', 'docx', 'json')),
  released_at timestamptz NOT NULL
);
COMMENT ON TABLE request_renditions IS 'Files released of signed requests, so that a paper can be recognised by its own hash; written once';
COMMENT ON COLUMN request_renditions.file_sha256 IS 'SHA-256 of the released file';
COMMENT ON COLUMN request_renditions.content_hash IS 'Hash of the content it renders';
COMMENT ON COLUMN request_renditions.reference IS 'Reference of the request';
COMMENT ON COLUMN request_renditions.request_version IS 'Version of the request';
COMMENT ON COLUMN request_renditions.language IS 'Languages of the paper in their order';
COMMENT ON COLUMN request_renditions.format IS 'pdf, docx or json';
COMMENT ON COLUMN request_renditions.released_at IS 'When the text was signed';
CREATE INDEX request_renditions_content ON request_renditions (content_hash);
GRANT SELECT, INSERT ON request_renditions TO comity_app;
