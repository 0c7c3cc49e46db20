export { mandatesMessages } from './messages/index.ts';
export { Resolution } from './schema.ts';
export { readResolution } from './service.ts';
export { tables } from './tables.ts';
