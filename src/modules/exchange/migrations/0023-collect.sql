-- Nodes that accept no connection collect what waits for them. Each collection has a number, counted per peer: the peer names
-- the last one it kept, so that what was lost on the way is given again at once and nothing else is.
alter table exchange_outbox add column given_as bigint;
comment on column exchange_outbox.given_as is 'Number of the collection in which it was given last to a peer that collects; null: never';
alter table exchange_peer add column given_cursor bigint not null default 0;
comment on column exchange_peer.given_cursor is 'Number of the last collection that this peer was given something in';
grant update (given_as) on exchange_outbox to comity_app;
