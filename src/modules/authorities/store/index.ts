export * from './contacts.ts';
export * from './drafts.ts';
export * from './feed.ts';
export * from './reports.ts';
export * from './tables.ts';
export * from './versions.ts';
