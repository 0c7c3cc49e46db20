export * from './entries.ts';
export * from './leaves.ts';
export * from './checkpoints.ts';
