CREATE TABLE packs (
  id text NOT NULL,
  version text NOT NULL,
  manifest jsonb NOT NULL,
  manifest_sha256 text NOT NULL,
  status text NOT NULL CHECK (status IN ('proposed', 'accepted', 'removed')),
  proposed_by text NOT NULL,
  proposed_at timestamptz NOT NULL,
  decided_by text,
  decided_at timestamptz,
  PRIMARY KEY (id, version)
);
COMMENT ON TABLE packs IS 'Reference packs known to this node; their files stand in the packs folder under id and version';
COMMENT ON COLUMN packs.id IS 'Name of the pack, the same in all its versions';
COMMENT ON COLUMN packs.version IS 'Version as the maker of the pack names it';
COMMENT ON COLUMN packs.manifest IS 'pack.json as imported: files with hashes, licence, sources';
COMMENT ON COLUMN packs.manifest_sha256 IS 'SHA-256 of the bytes of pack.json';
COMMENT ON COLUMN packs.status IS 'proposed, accepted or removed';
COMMENT ON COLUMN packs.proposed_by IS 'Who imported it';
COMMENT ON COLUMN packs.proposed_at IS 'When it was imported';
COMMENT ON COLUMN packs.decided_by IS 'Second person who accepted it, or who removed it';
COMMENT ON COLUMN packs.decided_at IS 'When it was accepted or removed';
GRANT SELECT, INSERT, UPDATE ON packs TO comity_app;
