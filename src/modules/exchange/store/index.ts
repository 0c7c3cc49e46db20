export * from './blobs.ts';
export * from './collect.ts';
export * from './events.ts';
export * from './inbox.ts';
export * from './outbox.ts';
export * from './peers.ts';
export * from './streams.ts';
export * from './waits.ts';
export type { ReceiveStatus, SendStatus } from './tables.ts';
