CREATE SEQUENCE knowledge_revision;
GRANT USAGE ON SEQUENCE knowledge_revision TO comity_app;

CREATE TABLE knowledge_unit (
  id text COLLATE "C" PRIMARY KEY,
  access text COLLATE "C" NOT NULL,
  source text NOT NULL,
  work text NOT NULL,
  unit json NOT NULL,
  sha256 text NOT NULL,
  revision bigint NOT NULL,
  first_revision bigint NOT NULL
);
CREATE INDEX knowledge_unit_by_revision ON knowledge_unit (revision);
CREATE INDEX knowledge_unit_by_access ON knowledge_unit (access, id);
CREATE INDEX knowledge_unit_by_source ON knowledge_unit (source, id);
COMMENT ON TABLE knowledge_unit IS 'What may be searched: provisions and passages of published or internal texts, in clear; never a sealed matter';
COMMENT ON COLUMN knowledge_unit.id IS 'Work, place in it and language: XVIII-12#art_18__para_15@en';
COMMENT ON COLUMN knowledge_unit.access IS 'Who may read it: public, state or group:id';
COMMENT ON COLUMN knowledge_unit.source IS 'Which part of the node brings it, so that it can bring all it has anew';
COMMENT ON COLUMN knowledge_unit.work IS 'Work it belongs to';
COMMENT ON COLUMN knowledge_unit.unit IS 'Titles, text, facets and dates, as the search shows them';
COMMENT ON COLUMN knowledge_unit.sha256 IS 'Hash of the canonical unit: the same content is not indexed twice';
COMMENT ON COLUMN knowledge_unit.revision IS 'Number of its last change; numbers are given in the order of commits';
COMMENT ON COLUMN knowledge_unit.first_revision IS 'Number of the change that brought it';

CREATE TABLE knowledge_index (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  version bigint NOT NULL,
  through bigint NOT NULL,
  analysis text NOT NULL
);
COMMENT ON TABLE knowledge_index IS 'State of the search index; derived, may be dropped';
COMMENT ON COLUMN knowledge_index.one IS 'There is one row';
COMMENT ON COLUMN knowledge_index.version IS 'Grows with every change that a search can see';
COMMENT ON COLUMN knowledge_index.through IS 'Revision up to which units are indexed';
COMMENT ON COLUMN knowledge_index.analysis IS 'Version of the analysis that made it; another version builds it anew';

CREATE TABLE knowledge_segment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  access text COLLATE "C" NOT NULL,
  units integer NOT NULL,
  through bigint NOT NULL,
  columns bytea NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL
);
ALTER TABLE knowledge_segment ALTER COLUMN columns SET STORAGE EXTERNAL;
COMMENT ON TABLE knowledge_segment IS 'Parts of the search index, each written once and of one access class; derived, may be dropped';
COMMENT ON COLUMN knowledge_segment.id IS 'Number of the part';
COMMENT ON COLUMN knowledge_segment.access IS 'Access class of all its units';
COMMENT ON COLUMN knowledge_segment.units IS 'How many units it was made of';
COMMENT ON COLUMN knowledge_segment.through IS 'Revision it was made at: later marks tell which of its units are gone';
COMMENT ON COLUMN knowledge_segment.columns IS 'Ids, lengths, works, days and facets of its units';
COMMENT ON COLUMN knowledge_segment.bytes IS 'Size of columns and postings';
COMMENT ON COLUMN knowledge_segment.sha256 IS 'Hash over columns and postings, for the check of the index';

CREATE TABLE knowledge_posting (
  segment bigint NOT NULL REFERENCES knowledge_segment (id) ON DELETE CASCADE,
  term text COLLATE "C" NOT NULL,
  units integer NOT NULL,
  postings bytea NOT NULL,
  positions bytea NOT NULL,
  PRIMARY KEY (segment, term)
);
ALTER TABLE knowledge_posting ALTER COLUMN postings SET STORAGE EXTERNAL;
ALTER TABLE knowledge_posting ALTER COLUMN positions SET STORAGE EXTERNAL;
COMMENT ON TABLE knowledge_posting IS 'Where each word stands; derived, may be dropped';
COMMENT ON COLUMN knowledge_posting.segment IS 'Part of the index';
COMMENT ON COLUMN knowledge_posting.term IS 'Language and stem (en:confisc), language and word (en=confiscation), or the name of a unit';
COMMENT ON COLUMN knowledge_posting.units IS 'In how many units';
COMMENT ON COLUMN knowledge_posting.postings IS 'Units and frequencies by field';
COMMENT ON COLUMN knowledge_posting.positions IS 'Places within the fields, for phrases';

CREATE TABLE knowledge_mark (
  unit_id text COLLATE "C" PRIMARY KEY,
  revision bigint NOT NULL
);
COMMENT ON TABLE knowledge_mark IS 'Units that are gone or changed: no part of the index older than the mark finds them';
COMMENT ON COLUMN knowledge_mark.unit_id IS 'The unit';
COMMENT ON COLUMN knowledge_mark.revision IS 'Change that made it so';

GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge_unit, knowledge_index, knowledge_segment, knowledge_posting, knowledge_mark TO comity_app;
