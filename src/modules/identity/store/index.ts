export * from './attempts.ts';
export * from './credentials.ts';
export * from './links.ts';
export * from './people.ts';
export * from './sessions.ts';
export * from './tokens.ts';
