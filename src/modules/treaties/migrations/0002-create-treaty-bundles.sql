CREATE TABLE treaty_bundles (
  id uuid PRIMARY KEY,
  owner text NOT NULL,
  seq integer NOT NULL,
  hash text NOT NULL UNIQUE,
  jws text NOT NULL,
  root jsonb NOT NULL,
  body jsonb NOT NULL,
  diff jsonb,
  losses_reason text,
  brought_by text NOT NULL,
  brought_at timestamptz NOT NULL
);
COMMENT ON TABLE treaty_bundles IS 'Signed sets of treaty data: those this node published, and those it got from a secretariat';
COMMENT ON COLUMN treaty_bundles.id IS 'UUIDv7 of this row';
COMMENT ON COLUMN treaty_bundles.owner IS 'Who signed it';
COMMENT ON COLUMN treaty_bundles.seq IS 'Number of the record in the feed of its owner';
COMMENT ON COLUMN treaty_bundles.hash IS 'Hash of the canonical record';
COMMENT ON COLUMN treaty_bundles.jws IS 'The record as signed';
COMMENT ON COLUMN treaty_bundles.root IS 'Public root key against which it was checked';
COMMENT ON COLUMN treaty_bundles.body IS 'Version, day, data files with their hashes, acts and coverage accepted by the owner';
COMMENT ON COLUMN treaty_bundles.diff IS 'What it changes against the data of this node; null for one published here';
COMMENT ON COLUMN treaty_bundles.losses_reason IS 'Reason given for more than 2 percent of the rows being gone';
COMMENT ON COLUMN treaty_bundles.brought_by IS 'Id of the person who brought or published it';
COMMENT ON COLUMN treaty_bundles.brought_at IS 'When it was brought or published';

CREATE TABLE treaty_bundle_decisions (
  bundle_id uuid PRIMARY KEY REFERENCES treaty_bundles (id),
  decision text NOT NULL CHECK (decision IN ('accepted', 'refused', 'published')),
  decided_by text NOT NULL,
  decided_at timestamptz NOT NULL
);
COMMENT ON TABLE treaty_bundle_decisions IS 'What became of a bundle; a bundle without a row waits for a second person';
COMMENT ON COLUMN treaty_bundle_decisions.bundle_id IS 'The bundle';
COMMENT ON COLUMN treaty_bundle_decisions.decision IS 'accepted, refused, or published by this node itself';
COMMENT ON COLUMN treaty_bundle_decisions.decided_by IS 'Id of the person';
COMMENT ON COLUMN treaty_bundle_decisions.decided_at IS 'When';

CREATE TABLE treaty_reading_confirmations (
  reading_id uuid PRIMARY KEY,
  confirmed_by text NOT NULL,
  confirmed_at timestamptz NOT NULL
);
COMMENT ON TABLE treaty_reading_confirmations IS 'Readings of declarations behind which an official of this node stands';
COMMENT ON COLUMN treaty_reading_confirmations.reading_id IS 'Id made from State, provision, position and source of the reading';
COMMENT ON COLUMN treaty_reading_confirmations.confirmed_by IS 'Id of the person';
COMMENT ON COLUMN treaty_reading_confirmations.confirmed_at IS 'When';

GRANT SELECT, INSERT ON treaty_bundles, treaty_bundle_decisions, treaty_reading_confirmations TO comity_app;
GRANT SELECT ON treaty_bundles, treaty_bundle_decisions, treaty_reading_confirmations TO comity_reader;
