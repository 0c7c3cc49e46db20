-- What waits is found in order, and what stops a stream beside it, without reading what was sent.
CREATE INDEX outbox_unsent ON outbox (place) WHERE sent_at IS NULL;
DROP INDEX outbox_waiting;
