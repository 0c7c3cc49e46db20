export { mandatesMessages } from './messages/index.ts';
export { parseResolution, type ParseSetting } from './rules/parse/index.ts';
export { Resolution } from './schema.ts';
export { tables } from './tables.ts';
