export * from './directory.ts';
export * from './draft.ts';
export * from './feed.ts';
export * from './load.ts';
export * from './needs.ts';
export * from './read.ts';
export * from './treaty-facts.ts';
export * from './write.ts';
