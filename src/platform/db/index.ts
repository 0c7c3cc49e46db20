import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export type { Tables } from './tables.ts';
export { connect, isDamaged, sqlState, withTransaction, type Connection } from './connect.ts';
export { listMigrations, migrate, schemaHash, type Migration } from './migrate.ts';
export { openNodeDatabase, prepareServer, type NodeDatabase, type OpenOptions } from './open.ts';
export { checkPages, nameOfFile, ownServerData, type PageReport } from './damage.ts';
export { isFolderInUse, openPostgres, type PostgresServer } from './postgres.ts';
export type Db = Kysely<Tables>;
/** Every store function takes one first. */
export type Tx = Transaction<Tables>;
export { dbMessages } from './messages/index.ts';
export { backupNode, restoreNode, type BackupReport, type Folders } from './backup/index.ts';
