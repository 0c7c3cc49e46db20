export { packsCommands } from './cli.ts';
export { buildDevelopmentPack, developmentData } from './development.ts';
export { packsMessages } from './messages/index.ts';
export { packsPages } from './pages.tsx';
export { packsApi } from './api.ts';
export { Pack, PackFileKind, PackManifest } from './schema.ts';
export {
  acceptPack,
  checkPack,
  importPack,
  listInstalledFiles,
  listPacks,
  packsChanged,
  removePack,
  type InstalledFile,
} from './service.ts';
