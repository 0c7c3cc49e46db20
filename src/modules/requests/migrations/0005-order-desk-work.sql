ALTER TABLE request_desk ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;
COMMENT ON COLUMN request_desk.seq IS 'Order of the entries; two may share one moment';
CREATE UNIQUE INDEX request_desk_seq ON request_desk (seq);
