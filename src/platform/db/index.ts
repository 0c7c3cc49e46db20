import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

export type { Tables } from './tables.ts';
export type Db = Kysely<Tables>;
/** Every store function takes one first. */
export type Tx = Transaction<Tables>;
