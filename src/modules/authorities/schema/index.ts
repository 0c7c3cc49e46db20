export * from './calendar.ts';
export * from './choice.ts';
export * from './entry.ts';
export * from './functions.ts';
export * from './layers.ts';
export * from './profile.ts';
