CREATE TABLE treaty_imports (
  id uuid PRIMARY KEY,
  instrument text NOT NULL,
  source text NOT NULL,
  as_of date NOT NULL,
  file_sha256 text NOT NULL,
  diff jsonb NOT NULL,
  proposed_by text NOT NULL,
  proposed_at timestamptz NOT NULL,
  UNIQUE (instrument, file_sha256)
);
COMMENT ON TABLE treaty_imports IS 'Status tables brought in by one person and waiting for, or decided by, another; never changed';
COMMENT ON COLUMN treaty_imports.id IS 'UUIDv7 made in code';
COMMENT ON COLUMN treaty_imports.instrument IS 'Number of the depositary, XVIII-12';
COMMENT ON COLUMN treaty_imports.source IS 'Name of the source as given';
COMMENT ON COLUMN treaty_imports.as_of IS 'Day to which the source spoke';
COMMENT ON COLUMN treaty_imports.file_sha256 IS 'SHA-256 of the file: the same file twice is one import';
COMMENT ON COLUMN treaty_imports.diff IS 'New, changed and vanished rows with the acts proposed, and the reading list';
COMMENT ON COLUMN treaty_imports.proposed_by IS 'Id of the person who brought it in';
COMMENT ON COLUMN treaty_imports.proposed_at IS 'When it was brought in';

CREATE TABLE treaty_import_decisions (
  import_id uuid PRIMARY KEY REFERENCES treaty_imports (id),
  decision text NOT NULL CHECK (decision IN ('accepted', 'refused')),
  reason text,
  decided_by text NOT NULL,
  decided_at timestamptz NOT NULL
);
COMMENT ON TABLE treaty_import_decisions IS 'Decision of a second person on an import; one for each, never changed';
COMMENT ON COLUMN treaty_import_decisions.import_id IS 'The import decided on';
COMMENT ON COLUMN treaty_import_decisions.decision IS 'accepted or refused';
COMMENT ON COLUMN treaty_import_decisions.reason IS 'Reason, required where many rows vanished or for a refusal';
COMMENT ON COLUMN treaty_import_decisions.decided_by IS 'Id of the second person';
COMMENT ON COLUMN treaty_import_decisions.decided_at IS 'When it was decided';

CREATE TABLE treaty_acts (
  id uuid PRIMARY KEY,
  instrument text NOT NULL,
  participant text NOT NULL,
  kind text NOT NULL,
  done_on jsonb NOT NULL,
  deposited_on jsonb NOT NULL,
  effect_on jsonb NOT NULL,
  effect_basis text NOT NULL CHECK (effect_basis IN ('stated', 'derived', 'not-derived')),
  territory jsonb,
  provisions jsonb NOT NULL,
  effect_on_provision text NOT NULL,
  prevents_relations boolean,
  read_by text,
  confirmed_by text,
  text text,
  language text,
  translation_of uuid,
  refers_to uuid,
  source text NOT NULL,
  source_locator text,
  as_of text NOT NULL,
  authenticity text NOT NULL,
  note text,
  import_id uuid REFERENCES treaty_imports (id),
  recorded_at timestamptz NOT NULL,
  recorded_by text NOT NULL
);
CREATE INDEX treaty_acts_by_participation ON treaty_acts (instrument, participant);
COMMENT ON TABLE treaty_acts IS 'Acts about treaties recorded at this node beside the shipped data; append-only, a correction is a new act';
COMMENT ON COLUMN treaty_acts.id IS 'Id of the act, made from its content for imported acts';
COMMENT ON COLUMN treaty_acts.instrument IS 'Number of the depositary';
COMMENT ON COLUMN treaty_acts.participant IS 'Code of the State or organization';
COMMENT ON COLUMN treaty_acts.kind IS 'Kind of act, as in the schema of the module';
COMMENT ON COLUMN treaty_acts.done_on IS 'Day, window or unknown: signature of the act itself';
COMMENT ON COLUMN treaty_acts.deposited_on IS 'Day, window or unknown: received by the depositary';
COMMENT ON COLUMN treaty_acts.effect_on IS 'Day, window or unknown: own date of effect';
COMMENT ON COLUMN treaty_acts.effect_basis IS 'stated by the source, derived by the final clause, or not derived';
COMMENT ON COLUMN treaty_acts.territory IS 'Territories concerned; null for the whole State';
COMMENT ON COLUMN treaty_acts.provisions IS 'Provisions concerned, 16(5)(a)';
COMMENT ON COLUMN treaty_acts.effect_on_provision IS 'What a named reader read it to do';
COMMENT ON COLUMN treaty_acts.prevents_relations IS 'For objections: excludes relations between the two';
COMMENT ON COLUMN treaty_acts.read_by IS 'Reader of the text';
COMMENT ON COLUMN treaty_acts.confirmed_by IS 'Official who confirmed the reading; null until one has';
COMMENT ON COLUMN treaty_acts.text IS 'Words as the source has them, where this node holds them';
COMMENT ON COLUMN treaty_acts.language IS 'BCP 47 tag of the words';
COMMENT ON COLUMN treaty_acts.translation_of IS 'Act whose words these translate';
COMMENT ON COLUMN treaty_acts.refers_to IS 'Act withdrawn, objected to, replaced or corrected';
COMMENT ON COLUMN treaty_acts.source IS 'Source';
COMMENT ON COLUMN treaty_acts.source_locator IS 'Place in the source';
COMMENT ON COLUMN treaty_acts.as_of IS 'Day, month or year to which the source spoke';
COMMENT ON COLUMN treaty_acts.authenticity IS 'Rank of the source: depositary, official, press, secondary';
COMMENT ON COLUMN treaty_acts.note IS 'Short factual note of our own';
COMMENT ON COLUMN treaty_acts.import_id IS 'Import that brought it; null when entered by hand';
COMMENT ON COLUMN treaty_acts.recorded_at IS 'When this node recorded it';
COMMENT ON COLUMN treaty_acts.recorded_by IS 'Who recorded it';

CREATE TABLE treaty_agreements (
  entry uuid PRIMARY KEY,
  id text NOT NULL,
  body jsonb NOT NULL,
  entered_by text NOT NULL,
  entered_at timestamptz NOT NULL
);
CREATE INDEX treaty_agreements_by_id ON treaty_agreements (id, entered_at);
COMMENT ON TABLE treaty_agreements IS 'Treaties of two or more States entered by this node, or its statement that there is none; the latest entry of an id counts';
COMMENT ON COLUMN treaty_agreements.entry IS 'UUIDv7 of this entry';
COMMENT ON COLUMN treaty_agreements.id IS 'Name of the agreement, the same in all its entries';
COMMENT ON COLUMN treaty_agreements.body IS 'Parties, kind, days, territory, who confirmed';
COMMENT ON COLUMN treaty_agreements.entered_by IS 'Id of the person';
COMMENT ON COLUMN treaty_agreements.entered_at IS 'When it was entered';

CREATE TABLE treaty_dataset_versions (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version text NOT NULL,
  sha256 text NOT NULL,
  import_id uuid REFERENCES treaty_imports (id),
  made_by text NOT NULL,
  made_at timestamptz NOT NULL
);
COMMENT ON TABLE treaty_dataset_versions IS 'Versions of the data this node answers from, after the shipped one; processes reload when a new row appears';
COMMENT ON COLUMN treaty_dataset_versions.seq IS 'Order in which versions were made';
COMMENT ON COLUMN treaty_dataset_versions.version IS 'Shipped version and a running number';
COMMENT ON COLUMN treaty_dataset_versions.sha256 IS 'Hash over the previous version and what was added';
COMMENT ON COLUMN treaty_dataset_versions.import_id IS 'Import accepted; null for an agreement';
COMMENT ON COLUMN treaty_dataset_versions.made_by IS 'Id of the person who accepted';
COMMENT ON COLUMN treaty_dataset_versions.made_at IS 'When it was made';

GRANT SELECT, INSERT ON treaty_imports, treaty_import_decisions, treaty_acts, treaty_agreements, treaty_dataset_versions TO comity_app;
GRANT SELECT ON treaty_imports, treaty_import_decisions, treaty_acts, treaty_agreements, treaty_dataset_versions TO comity_reader;
