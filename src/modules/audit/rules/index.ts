export * from './merkle.ts';
export * from './tree.ts';
