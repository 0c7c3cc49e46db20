-- Cards of the works whose texts this node holds, and what their provisions cite.

CREATE TABLE knowledge_works (
  work text NOT NULL,
  language text NOT NULL,
  slug text NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  short_titles jsonb NOT NULL,
  body text,
  date date,
  provisions integer NOT NULL,
  origin jsonb NOT NULL,
  PRIMARY KEY (work, language)
);
COMMENT ON TABLE knowledge_works IS 'Cards of public works in each language: treaties and resolutions of accepted packs';
COMMENT ON COLUMN knowledge_works.work IS 'Id as citations name it: depositary number of a treaty, symbol of a resolution';
COMMENT ON COLUMN knowledge_works.language IS 'Language of title and text';
COMMENT ON COLUMN knowledge_works.slug IS 'The id as it stands in addresses; the same in every language';
COMMENT ON COLUMN knowledge_works.kind IS 'treaty or resolution';
COMMENT ON COLUMN knowledge_works.title IS 'Official title';
COMMENT ON COLUMN knowledge_works.short_titles IS 'Short titles and symbols, the one in print first';
COMMENT ON COLUMN knowledge_works.body IS 'Id of the body that adopted it; null where none is recorded';
COMMENT ON COLUMN knowledge_works.date IS 'Day of adoption; null where it is not known';
COMMENT ON COLUMN knowledge_works.provisions IS 'How many provisions of the text are found on their own';
COMMENT ON COLUMN knowledge_works.origin IS 'Pack, its day, licence and sources: shown beside every text';
CREATE INDEX knowledge_works_slug ON knowledge_works (slug);

CREATE TABLE knowledge_citations (
  unit_id text NOT NULL,
  place integer NOT NULL,
  span_from integer NOT NULL,
  span_to integer NOT NULL,
  target_work text NOT NULL,
  target_e_id text,
  PRIMARY KEY (unit_id, place)
);
COMMENT ON TABLE knowledge_citations IS 'Derived; may be dropped. What the text of a public unit cites and leads to an existing target';
COMMENT ON COLUMN knowledge_citations.unit_id IS 'The citing unit';
COMMENT ON COLUMN knowledge_citations.place IS 'Order within the unit, from 0';
COMMENT ON COLUMN knowledge_citations.span_from IS 'Where the words of the citation begin in the text of the unit';
COMMENT ON COLUMN knowledge_citations.span_to IS 'Where they end, exclusive';
COMMENT ON COLUMN knowledge_citations.target_work IS 'Work cited';
COMMENT ON COLUMN knowledge_citations.target_e_id IS 'Provision cited; null when the work as a whole is';
CREATE INDEX knowledge_citations_target ON knowledge_citations (target_work, target_e_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge_works, knowledge_citations TO comity_app;
GRANT SELECT ON knowledge_works, knowledge_citations TO comity_reader;
