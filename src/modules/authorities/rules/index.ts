export * from './candidates.ts';
export * from './chooser.ts';
export * from './directory.ts';
export * from './entry.ts';
export * from './history.ts';
export * from './profile.ts';
export * from './time.ts';
export * from './trust.ts';
