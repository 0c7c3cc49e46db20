import { open, readFile, rename } from 'node:fs/promises';
import type { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import {
  checkpointText,
  isNoteSignedBy,
  readCheckpoint,
  readNote,
  signNote,
  type KeyInfo,
  type KeyStore,
  type NoteKey,
  type TreeHead,
} from '../../platform/crypto/index.ts';
import { withTransaction, type Db, type Tx } from '../../platform/db/index.ts';
import { Conflict, Unavailable } from '../../platform/errors.ts';
import type { Random } from '../../platform/random.ts';
import { canonical, type Instant } from '../../platform/values/index.ts';
import { appendLeaf, getOrigin, originOf, rootAt } from './log.ts';
import type { AuditCheckpointEntry, LogName } from './schema.ts';
import { beginNextEpoch, findNewestCheckpoint, getHead, getLogName, insertCheckpoint, nameLog } from './store/index.ts';

/** Label of the Ed25519 key that signs checkpoints and cosigns those of others. */
export const logKeyLabel = 'log/sign';

/** A checkpoint waits for ten entries or a minute, unless a receipt or a release asks for it at once. */
const mostEntries = 10;
const longestWait = 60_000;

export interface LogsOptions {
  keys: KeyStore;
  clock: Clock;
  random: Random;
  /** In the origin of the log: alpha-2 code of the State, or id of a node without a State. Never changes. */
  name: string;
  /** File beside the database that remembers the newest checkpoint, so that a database turned back is found at start. */
  checkpointFile?: string;
}

/** What was found when the log is shorter than, or different from, what it once was. `from` entries once, `to` now. */
export interface WentBack {
  from: number;
  to: number;
  /** `shorter`: entries are missing; `different`: the entries are not those of before. */
  what: 'shorter' | 'different';
  /** The checkpoint of before, signed by this node. */
  note: string;
}

/** The own logs with the key that signs their states. */
export interface Logs {
  readonly name: string;
  /** At start, after migrations: names the log, makes the key, and looks whether history went back. */
  open(db: Db): Promise<WentBack | undefined>;
  key(): Promise<KeyInfo>;
  /** Every key that ever signed checkpoints here, newest last. */
  allKeys(): Promise<KeyInfo[]>;
  /**
   * Signs the log as it stands in this transaction, so that a receipt can carry a checkpoint that holds its own leaf.
   * Call after the last append of a commit group. Throws `audit.history-went-back` when a larger tree was signed before.
   */
  checkpoint(tx: Tx, log?: LogName): Promise<string>;
  /** Makes what is due: every ten entries of either log, or after a minute. Answers whether there was anything. */
  makeDue(tx: Tx): Promise<boolean>;
  /** Writes the newest checkpoint beside the database. Call after the commit that made it. */
  remember(tx: Tx): Promise<void>;
  /** Looks whether a checkpoint that this node signed still fits its log. */
  findWentBack(tx: Tx, note: string): Promise<WentBack | undefined>;
  /** After lost history: the log goes on under a new origin, with a new key. */
  nextEpoch(tx: Tx): Promise<string>;
}

export function createLogs({ keys, clock, random, name, checkpointFile }: LogsOptions): Logs {
  const key = () => keys.ensure(logKeyLabel, 'EdDSA');

  async function noteKeyOf(info: KeyInfo, origin: string): Promise<NoteKey> {
    if (!info.publicKey) throw new Unavailable('crypto.no-key');
    return { name: origin, publicKey: info.publicKey };
  }

  async function allKeys(): Promise<KeyInfo[]> {
    return (await keys.list()).filter((one) => one.label === logKeyLabel);
  }

  async function isOwn(note: string): Promise<TreeHead | undefined> {
    const read = readNote(note);
    const head = read && readCheckpoint(read.text);
    if (!read || !head || !/^comity\/[^/]+\/exchange\/\d+$/.test(head.origin)) return undefined;
    if (head.origin.split('/')[1] !== name) return undefined;
    for (const info of await allKeys()) if (isNoteSignedBy(read, await noteKeyOf(info, head.origin))) return head;
    return undefined;
  }

  const logs: Logs = {
    name,
    key,
    allKeys,
    async open(db) {
      await key();
      return withTransaction(db, 'system:log', async (tx) => {
        const known = await getLogName(tx);
        if (known.name === null) await nameLog(tx, name);
        else if (known.name !== name) throw new Conflict('audit.other-log-name', { params: { name: known.name } });
        const newest = await findNewestCheckpoint(tx, 'exchange', await getOrigin(tx));
        if (checkpointFile !== undefined) {
          const remembered = await readIfThere(checkpointFile);
          // The first start leaves a file: signed states without one came with a restored backup.
          if (remembered === undefined && newest)
            return { from: newest.size, to: (await getHead(tx, 'exchange')).size, what: 'shorter', note: newest.note };
          if (remembered === undefined) await writeWhole(checkpointFile, nothingYet);
          const found = remembered === undefined ? undefined : await logs.findWentBack(tx, remembered);
          if (found) return found;
        }
        return newest && logs.findWentBack(tx, newest.note);
      });
    },
    async checkpoint(tx, log = 'exchange') {
      const { epoch } = await getLogName(tx);
      const origin = originOf(log, name, epoch);
      const [head, newest] = [await getHead(tx, log), await findNewestCheckpoint(tx, log, origin)];
      if (newest?.size === head.size && newest.root.equals(head.root)) return newest.note;
      if (newest && newest.size >= head.size) {
        throw new Unavailable('audit.history-went-back', { params: { from: newest.size, to: head.size } });
      }
      const info = await key();
      const { size, root } = head;
      const note = await signNote(
        keys,
        info.kid,
        await noteKeyOf(info, origin),
        checkpointText({ origin, size, root }),
      );
      await insertCheckpoint(tx, log, { origin, size, root, note, at: clock.now() });
      return note;
    },
    async makeDue(tx) {
      let made = false;
      for (const log of ['audit', 'exchange'] as const) {
        const origin = await getOrigin(tx, log);
        const { size, root } = await getHead(tx, log);
        const newest = await findNewestCheckpoint(tx, log, origin);
        const grown = size - (newest?.size ?? 0);
        const waited = Date.parse(clock.now()) - Date.parse(newest?.at ?? ('1970-01-01T00:00:00.000Z' as Instant));
        if (grown === 0 || (grown < mostEntries && waited < longestWait)) continue;
        if (log === 'audit') {
          const fixed: z.infer<typeof AuditCheckpointEntry> = {
            kind: 'log.audit-checkpoint',
            version: 1,
            at: clock.now(),
            origin,
            size,
            rootSha256: root.toString('hex'),
          };
          await appendLeaf(tx, 'exchange', canonical(fixed), random);
        }
        await logs.checkpoint(tx, log);
        made = true;
      }
      return made;
    },
    async remember(tx) {
      if (checkpointFile === undefined) return;
      const newest = await findNewestCheckpoint(tx, 'exchange', await getOrigin(tx));
      if (!newest || (await readIfThere(checkpointFile)) === newest.note) return;
      await writeWhole(checkpointFile, newest.note);
    },
    async findWentBack(tx, note) {
      const before = await isOwn(note);
      if (!before) return undefined;
      // What an earlier epoch lost was looked at by two persons when the present one began.
      if (before.origin !== (await getOrigin(tx))) return undefined;
      const { size } = await getHead(tx, 'exchange');
      if (size < before.size) return { from: before.size, to: size, what: 'shorter', note };
      const root = await rootAt(tx, 'exchange', before.size);
      return root.equals(before.root) ? undefined : { from: before.size, to: size, what: 'different', note };
    },
    async nextEpoch(tx) {
      await keys.rotate(logKeyLabel, 'EdDSA');
      return originOf('exchange', name, await beginNextEpoch(tx));
    },
  };
  return logs;
}

const nothingYet = 'No checkpoint was signed yet.\n';

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(`${path}.part`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
