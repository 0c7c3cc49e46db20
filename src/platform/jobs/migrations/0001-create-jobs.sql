CREATE TABLE jobs (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  key text,
  payload jsonb NOT NULL,
  run_at timestamptz NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  last_code text,
  dead_at timestamptz,
  created_at timestamptz NOT NULL
);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE dead_at IS NULL;
CREATE UNIQUE INDEX jobs_key ON jobs (kind, key) WHERE dead_at IS NULL AND key IS NOT NULL;
COMMENT ON TABLE jobs IS 'Work to be done once, later; a finished job leaves the table in the transaction of its effects.';
COMMENT ON COLUMN jobs.id IS 'UUIDv7 made in code';
COMMENT ON COLUMN jobs.kind IS 'Which handler runs it';
COMMENT ON COLUMN jobs.key IS 'One open job per kind and key; null: as many as asked';
COMMENT ON COLUMN jobs.payload IS 'Ids and codes, never contents';
COMMENT ON COLUMN jobs.run_at IS 'Not before';
COMMENT ON COLUMN jobs.tries IS 'Times it has failed';
COMMENT ON COLUMN jobs.last_code IS 'Code of the last failure';
COMMENT ON COLUMN jobs.dead_at IS 'When it was put aside for a person to look at';
COMMENT ON COLUMN jobs.created_at IS 'When it was asked for';
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs TO comity_app;
