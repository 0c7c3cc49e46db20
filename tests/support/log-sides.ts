import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { sql } from 'kysely';
import { appendLeaves, createLogs, type Logs } from '../../src/modules/audit/index.ts';
import {
  buildEvent,
  buildMessage,
  buildReceipt,
  buildTransport,
  type Signed,
} from '../../src/modules/exchange/envelope.ts';
import { logEntry } from '../../src/modules/exchange/service/record.ts';
import { answerReconcile, type ReconcileParts } from '../../src/modules/exchange/service/reconcile.ts';
import { createWatch } from '../../src/modules/exchange/service/witness.ts';
import {
  streamOf,
  type AuthorityRef,
  type Message,
  type MessageId,
  type NodeId,
  type Receipt,
  type TrustView,
  type VerifyingKey,
} from '../../src/modules/exchange/schema.ts';
import { fakeClock } from '../../src/platform/clock.ts';
import { openFileKeyStore } from '../../src/platform/crypto/index.ts';
import { withTransaction, type Tx } from '../../src/platform/db/index.ts';
import { Invalid, Unavailable } from '../../src/platform/errors.ts';
import { systemRandom, uuidv7 } from '../../src/platform/random.ts';
import type { Instant, Sha256 } from '../../src/platform/values/index.ts';
import { testDatabase, type TestDatabase } from './database.ts';

/** One node as far as logs and histories go: database, keys, log; no port. */
export interface LogSide {
  node: NodeId;
  database: TestDatabase;
  logs: Logs;
  parts: ReconcileParts;
  /** Whether others reach it. */
  up: boolean;
  inside<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface LogSides {
  clock: ReturnType<typeof fakeClock>;
  sides: Record<string, LogSide>;
  trust: TrustView;
  /** Publishes the key of an authority. */
  addAuthority(id: string, node: string, key: { kid: string; publicKey?: JWK }): void;
  /** Questions asked so far. */
  asked: number;
  close(): Promise<void>;
}

/** Nodes that know each other's keys and ask each other in one process: `logSides('XA', 'XB')` are `xa` and `xb`. */
export async function logSides(...names: string[]): Promise<LogSides> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-sides-'));
  const clock = fakeClock('2026-05-14T12:00:00.000Z');
  const random = systemRandom;
  const published = new Map<string, { kid: string; use: string; publicKey: JWK }[]>();
  const origins = new Map<string, string>();
  const authorities = new Map<string, { node: string; kid: string; publicKey: JWK }>();
  const trust = {
    nodeOf: (id: string) => authorities.get(id)?.node,
    authorityKey(id: string, kid: string) {
      const found = authorities.get(id);
      return found?.kid === kid ? { finding: 'valid', publicKey: found.publicKey } : { finding: 'unknown' };
    },
    node: (id: string) => {
      const keys = published.get(id);
      if (!keys) return undefined;
      return { owner: id.toUpperCase(), entry: { node: id, keys, logOrigin: origins.get(id) } };
    },
    nodeKey(node: string, kid: string, use: string) {
      const found = published.get(node)?.find((one) => one.kid === kid && one.use === use);
      return found ? { finding: 'valid', publicKey: found.publicKey as VerifyingKey } : { finding: 'unknown' };
    },
  } as unknown as TrustView;
  const all: LogSides = {
    clock,
    sides: {},
    trust,
    addAuthority: (id, node, { kid, publicKey }) => void authorities.set(id, { node, kid, publicKey: publicKey! }),
    asked: 0,
    async close() {
      for (const side of Object.values(all.sides)) await side.database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  for (const name of names) {
    const node = name.toLowerCase() as NodeId;
    const database = await testDatabase();
    const passphraseFile = join(folder, `${node}.pass`);
    const keys = await openFileKeyStore({ folder: join(folder, node), passphraseFile, clock, random, cost: 1024 });
    const logs = createLogs({ keys, clock, random, name, checkpointFile: join(folder, `${node}.checkpoint`) });
    const nodeSign = await keys.ensure('node/sign', 'ES256');
    await logs.open(database.db);
    const publish = async () => {
      const log = await logs.key();
      origins.set(node, await withTransaction(database.db, 'system:test', (tx) => originNow(tx, name)));
      published.set(node, [
        { kid: nodeSign.kid, use: 'node-sign', publicKey: nodeSign.publicKey! },
        { kid: log.kid, use: 'log', publicKey: log.publicKey! },
      ]);
    };
    await publish();
    const own = { keys, clock, random, logs };
    const parts: ReconcileParts = {
      ...own,
      db: database.db,
      node,
      trust: { loadTrust: async () => trust, ownKeys: async () => ({ nodeSign, authorities: new Map() }) },
      watch: createWatch(own),
      publish,
      async call(peer, { body = '' }) {
        const other = all.sides[peer];
        all.asked += 1;
        if (!other?.up) throw new Unavailable('exchange.not-reached');
        try {
          return { status: 200, body: await answerReconcile(other.parts, node, body) };
        } catch (error) {
          if (error instanceof Invalid) return { status: 422, body: error.code };
          throw error;
        }
      },
    };
    const inside = <T>(work: (tx: Tx) => Promise<T>) => withTransaction(database.db, 'system:test', work);
    all.sides[node] = { node, database, logs, parts, up: true, inside };
  }
  return all;
}

async function originNow(tx: Tx, name: string): Promise<string> {
  const { epoch } = await tx.selectFrom('log_heads').select('epoch').executeTakeFirstOrThrow();
  return `comity/${name}/exchange/${epoch}`;
}

export interface Delivered {
  id: MessageId;
  message: Signed<Message>;
  receipt: Signed<Receipt>;
}

/** One message signed by an authority, carried, logged and receipted, as delivery leaves it on both sides. */
export async function deliver(
  net: LogSides,
  from: LogSide,
  to: LogSide,
  { sequence, conversation = 'A'.repeat(22), previous }: { sequence: number; conversation?: string; previous?: string },
): Promise<Delivered> {
  const at = net.clock.now();
  const [sender, receiver] = [authorityOf(from), authorityOf(to)];
  const key = await from.parts.keys.ensure('authority/sign', 'ES256');
  net.addAuthority(sender, from.node, key);
  const keyOf = async (side: LogSide) => (await side.inside((tx) => side.parts.trust.ownKeys(tx))).nodeSign.kid;
  const id = uuidv7(systemRandom, Date.parse(at)) as MessageId;
  const expiresAt = new Date(Date.parse(at) + 30 * 86_400_000).toISOString() as Instant;
  const [header, root] = ['a'.repeat(64), 'b'.repeat(64)] as Sha256[];
  const part = {
    name: 'part-000',
    mediaType: 'application/age' as const,
    length: 10,
    headerSha256: header!,
    payloadRoot: root!,
  };
  const message = await buildMessage(from.parts.keys, key.kid, {
    id,
    subjectKind: 'draft-remark/1',
    from: sender,
    to: receiver,
    conversationId: conversation,
    sequence,
    previous: (previous ?? null) as Sha256 | null,
    inReplyTo: null,
    legalBasis: null,
    tlp: 'AMBER',
    priority: 'routine',
    signedAt: at,
    expiresAt,
    mode: 'basic',
    parts: [part],
  });
  const silent = { checkpoint: null, consistency: null, cosignature: null };
  const transport = await buildTransport(from.parts.keys, await keyOf(from), {
    message: message.jws,
    fromNode: from.node,
    toNode: to.node,
    sentAt: at,
    ...silent,
    inline: new Map([['part-000', Buffer.alloc(10)]]),
  });
  const eventKey = await keyOf(to);
  const event = await buildEvent(to.parts.keys, eventKey, {
    eventId: uuidv7(systemRandom, Date.parse(at)),
    type: 'ContentConsignment',
    messageId: id,
    messageSha256: message.payloadSha256,
    at,
    by: { node: to.node },
    previousEvent: null,
  });
  const fact = { peer: from.node, messageId: id, at };
  const [place, eventPlace] = await to.inside((tx) =>
    appendLeaves(
      tx,
      'exchange',
      [
        logEntry({ ...fact, what: 'received', sha256: message.payloadSha256 }),
        logEntry({ ...fact, what: 'event', sha256: event.payloadSha256, code: 'ContentConsignment' }),
      ],
      systemRandom,
    ),
  );
  await from.inside((tx) =>
    appendLeaves(tx, 'exchange', [logEntry({ ...fact, what: 'sent', sha256: message.payloadSha256 })], systemRandom),
  );
  const receipt = await buildReceipt(to.parts.keys, await keyOf(to), {
    messageId: id,
    messageSha256: message.payloadSha256,
    transportSha256: transport.textSha256,
    receivedAt: at,
    receiver: to.node,
    order: 'applied',
    log: place!,
    durability: 'flushed',
    ...silent,
  });
  const stream = streamOf(message.value);
  const [sent, received] = [from.database.owner, to.database.owner];
  await sql`insert into exchange_stream (stream, next_out, last_hash_out) values (${stream}, ${sequence + 1}, ${message.payloadSha256})
    on conflict (stream) do update set next_out = excluded.next_out, last_hash_out = excluded.last_hash_out`.execute(
    sent,
  );
  await sql`insert into exchange_stream (stream, next_in, last_hash_in) values (${stream}, ${sequence + 1}, ${message.payloadSha256})
    on conflict (stream) do update set next_in = excluded.next_in, last_hash_in = excluded.last_hash_in`.execute(
    received,
  );
  await sql`insert into exchange_outbox (message_id, peer, stream, sequence, conversation_id, from_authority, to_authority, kind,
    priority, tlp, message_sha256, previous_sha256, message_bytes, transport_bytes, transport_sha256, signed_at, expires_at, status,
    not_before, queued_at, receipt_bytes) values (${id}, ${to.node}, ${stream}, ${sequence}, ${conversation}, ${sender}, ${receiver},
    'draft-remark/1', 2, 'AMBER', ${message.payloadSha256}, ${previous ?? null}, ${Buffer.from(message.text)}, ${Buffer.from(transport.text)},
    ${transport.textSha256}, ${at}, ${expiresAt}, 'relayed', ${at}, ${at}, ${Buffer.from(receipt.text)})`.execute(sent);
  await sql`insert into exchange_inbox (message_id, peer, stream, sequence, conversation_id, from_authority, to_authority, kind,
    priority, tlp, message_sha256, previous_sha256, envelope_sha256, transport_bytes, receipt_bytes, log_index, signed_at, expires_at,
    received_at, status, next_at) values (${id}, ${from.node}, ${stream}, ${sequence}, ${conversation}, ${sender}, ${receiver},
    'draft-remark/1', 2, 'AMBER', ${message.payloadSha256}, ${previous ?? null}, ${transport.textSha256}, ${Buffer.from(transport.text)},
    ${Buffer.from(receipt.text)}, ${place!.index}, ${at}, ${expiresAt}, ${at}, 'received', ${at})`.execute(received);
  for (const side of [from, to])
    await sql`insert into exchange_event (event_id, message_id, type, at, by_node, payload_sha256, bytes, log_index)
      values (${event.value.eventId}, ${id}, 'ContentConsignment', ${at}, ${to.node}, ${event.payloadSha256},
      ${Buffer.from(event.text)}, ${side === to ? String(eventPlace!.index) : null})`.execute(side.database.owner);
  return { id, message, receipt };
}

export function authorityOf({ node }: LogSide): AuthorityRef {
  return `${node.toUpperCase()}:central-authority` as AuthorityRef;
}

const appendOnly = [
  'log_leaves',
  'log_nodes',
  'log_heads',
  'log_checkpoints',
  'log_cosignatures',
  'log_witnessed',
  'exchange_outbox',
  'exchange_inbox',
  'exchange_event',
];

/** Turns a node's database back, as a restored backup does: the first `size` log entries, and none of these messages. */
export async function turnBack({ database }: LogSide, size: number, messages: readonly string[]): Promise<void> {
  await database.owner.transaction().execute(async (tx) => {
    for (const table of appendOnly) await sql.raw(`alter table ${table} disable trigger user`).execute(tx);
    const { rows } = await sql<{ entry: string; salt: Buffer }>`
      select entry, salt from log_leaves order by index limit ${size}`.execute(tx);
    await sql`delete from log_leaves`.execute(tx);
    await sql`delete from log_nodes where log = 'exchange'`.execute(tx);
    await sql`delete from log_checkpoints where log = 'exchange' and size > ${size}`.execute(tx);
    await sql`delete from log_cosignatures where size > ${size}`.execute(tx);
    await sql`update log_heads set size = 0, frontier = '', root = sha256(''), chain = decode(repeat('00', 32), 'hex')`.execute(
      tx,
    );
    await sql`select log_append(${rows.map((row) => row.entry)}::text[], ${rows.map((row) => row.salt)}::bytea[])`.execute(
      tx,
    );
    for (const id of messages.toReversed()) {
      await sql`update exchange_stream s set next_out = o.sequence, last_hash_out = o.previous_sha256 from exchange_outbox o
        where o.message_id = ${id}::uuid and s.stream = o.stream`.execute(tx);
      await sql`update exchange_stream s set next_in = i.sequence, last_hash_in = i.previous_sha256 from exchange_inbox i
        where i.message_id = ${id}::uuid and s.stream = i.stream`.execute(tx);
      for (const table of ['exchange_outbox', 'exchange_inbox', 'exchange_event'])
        await sql`delete from ${sql.table(table)} where message_id = ${id}::uuid`.execute(tx);
    }
    for (const table of appendOnly) await sql.raw(`alter table ${table} enable trigger user`).execute(tx);
  });
}
