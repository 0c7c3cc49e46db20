export * from './blank.ts';
export * from './calendar.ts';
export * from './choice.ts';
export * from './custodian.ts';
export * from './entry.ts';
export * from './functions.ts';
export * from './layers.ts';
export * from './profile.ts';
