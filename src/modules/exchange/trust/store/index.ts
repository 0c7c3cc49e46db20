export * from './roots.ts';
export * from './records.ts';
export * from './keys.ts';
export * from './archive.ts';
