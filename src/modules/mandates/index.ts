export { mandatesApi } from './api.ts';
export { mandatesCommands } from './cli.ts';
export { mandatesMessages } from './messages/index.ts';
export { mandatesPages } from './pages.tsx';
export { createReadings, type Readings } from './readings.ts';
export { toAkomaNtoso } from './rules/akn/export.ts';
export { Resolution } from './schema.ts';
export { readFile, readResolution, readResolutions, type ReadSetting } from './service.ts';
export { tables } from './tables.ts';
