export * from './entries.ts';
export * from './leaves.ts';
