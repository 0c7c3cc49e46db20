export * from './desk.ts';
export * from './matches.ts';
export * from './requests.ts';
