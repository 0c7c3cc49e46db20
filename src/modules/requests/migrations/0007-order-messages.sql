ALTER TABLE request_messages ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;
COMMENT ON COLUMN request_messages.seq IS 'Order in which they were kept; two may share one moment';
CREATE UNIQUE INDEX request_messages_seq ON request_messages (seq);
