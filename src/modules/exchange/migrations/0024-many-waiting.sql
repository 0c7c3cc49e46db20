-- What waits is found without reading all of it: heads of streams, and events per pair of authorities.
create index exchange_outbox_heads on exchange_outbox (peer, stream, sequence) where not is_settled;
create index exchange_outbox_events on exchange_outbox (from_authority, to_authority) where kind = 'event/1' and not is_settled;
drop index exchange_event_untold;
create index exchange_event_untold on exchange_event (as_authority, for_authority, place)
  where as_authority is not null and for_authority is not null and carried_by is null;
