export { goodsCommands } from './cli.ts';
export { goodsMessages } from './messages/index.ts';
export { compareNames } from './compare.ts';
export * from './schema/index.ts';
export { goodsBench } from './bench.ts';
