export * from './conversation.ts';
export * from './desk.ts';
export * from './incoming.ts';
export * from './lists.ts';
export * from './matches.ts';
export * from './request-row.ts';
export * from './requests.ts';
export * from './unsent.ts';
