CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  place bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  stream text NOT NULL,
  kind text NOT NULL,
  payload jsonb NOT NULL,
  next_at timestamptz NOT NULL,
  leased_until timestamptz,
  tries integer NOT NULL DEFAULT 0,
  last_code text,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  dead_at timestamptz
);
CREATE INDEX outbox_waiting ON outbox (stream, place) WHERE sent_at IS NULL AND dead_at IS NULL;
COMMENT ON TABLE outbox IS 'What must leave the node, written in the transaction that causes it; in order per stream.';
COMMENT ON COLUMN outbox.id IS 'Id of the message: the receiver takes it once';
COMMENT ON COLUMN outbox.place IS 'Order of writing';
COMMENT ON COLUMN outbox.stream IS 'Conversation and pair of authorities: one leaves after the other';
COMMENT ON COLUMN outbox.kind IS 'Kind and version of the message, request/1';
COMMENT ON COLUMN outbox.payload IS 'Ids of what is to be sealed and sent, never contents';
COMMENT ON COLUMN outbox.next_at IS 'Not before';
COMMENT ON COLUMN outbox.leased_until IS 'A worker holds it until then; a worker that died loses it';
COMMENT ON COLUMN outbox.tries IS 'Times it has failed';
COMMENT ON COLUMN outbox.last_code IS 'Code of the last failure';
COMMENT ON COLUMN outbox.created_at IS 'When it was written';
COMMENT ON COLUMN outbox.sent_at IS 'When the receiver confirmed';
COMMENT ON COLUMN outbox.dead_at IS 'When it was put aside for a person to look at; its stream waits';
GRANT SELECT, INSERT ON outbox TO comity_app;
GRANT UPDATE (next_at, leased_until, tries, last_code, sent_at, dead_at) ON outbox TO comity_app;
