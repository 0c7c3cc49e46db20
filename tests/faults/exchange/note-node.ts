// A whole node in a process of its own that sends and takes notes on command. Killed from outside, or at a step of receiving.
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { buildModules } from '../../../src/app/modules.ts';
import { openNode } from '../../../src/app/node.ts';
import { buildLive } from '../../../src/app/live.ts';
import { translators } from '../../../src/app/words.ts';
import { readConfig } from '../../../src/platform/config.ts';
import { withTransaction } from '../../../src/platform/db/index.ts';
import { addJob } from '../../../src/platform/jobs/index.ts';
import { putInOutbox } from '../../../src/platform/outbox/index.ts';
import { uuidv7 } from '../../../src/platform/random.ts';
import { sha256 } from '../../../src/platform/values/index.ts';

export const noteKind = 'crash-note/1';

/** What the driver says: one object a line. */
export type Order =
  | { send: { to: string; conversationId: string; n: number; large: boolean } }
  | { dieAt: number; after: number }
  /** Sends the last message once more with a byte turned over, and a stale copy of it. */
  | { forge: string }
  | { tell: true };

/** Settings, and words and bytes that must be found nowhere: they stand in the memory of this process alone. */
const given = JSON.parse(process.argv[2] ?? '{}') as {
  settings: Record<string, string>;
  canary: string;
  bytes: string;
};
const config = readConfig(given.settings);
const { canary } = given;
const secretBytes = Buffer.from(given.bytes, 'base64');
const say = (event: object) => process.stdout.write(`${JSON.stringify(event)}\n`);
const node = await openNode(config);
const { clock, random } = node;

const { exchange } = await buildLive(node, buildModules(config, translators), 'http://localhost');
const { parts, delivery } = exchange;

parts.uses.pack[noteKind] = async (message) => {
  const { to, conversationId, n, large } = message.payload as {
    to: string;
    conversationId: string;
    n: number;
    large: boolean;
  };
  const bytes = Buffer.concat(Array.from({ length: 9_000 }, () => secretBytes));
  return {
    conversationId,
    from: config.COMITY_AUTHORITY,
    to,
    inReplyTo: null,
    legalBasis: null,
    tlp: 'AMBER',
    priority: n % 7 === 0 ? 'urgent' : 'routine',
    subject: `Subject ${canary}`,
    nationalReferences: [canary.slice(0, 60)],
    body: { kind: 'crash-note', version: 1, n, text: `Text ${canary}` },
    files: large
      ? [
          {
            fileName: `${canary}.bin`,
            mediaType: 'application/octet-stream',
            size: bytes.length,
            sha256: sha256(bytes),
            custodyRef: null,
            open: () => Promise.resolve(Readable.from([bytes])),
          },
        ]
      : [],
  };
};
parts.uses.handlers[noteKind] = {
  async prepare(message) {
    for (const file of message.files) for await (const piece of await file.open()) void piece;
    return undefined;
  },
  async apply(tx, message) {
    const { rows } = await sql<{ count: string }>`
      select count(*) from jobs where kind = 'crash-note' and payload ->> 'conversation' = ${message.conversationId}`.execute(
      tx,
    );
    const whole = message.body.text === `Text ${canary}`;
    await addJob(tx, node, {
      kind: 'crash-note',
      runAt: '2100-01-01T00:00:00.000Z' as never,
      payload: {
        id: message.id,
        conversation: message.conversationId,
        n: Number(message.body.n),
        place: Number(rows[0]?.count ?? 0),
        whole,
      },
    });
  },
};

function dieAt(step: number, after: number): void {
  let left = after;
  const now = (): void => {
    left -= 1;
    if (left < 0) process.kill(process.pid, 'SIGKILL');
  };
  const { receive } = delivery.receiver;
  const { gate, take, give } = parts.witness;
  const { sign } = parts.keys;
  const { loadTrust } = parts.trust;
  const { open } = delivery.wake;
  // The eight steps of receiving, from the first byte to the answer.
  if (step === 1) delivery.receiver.receive = (peer, body) => (now(), receive(peer, body));
  if (step === 2) parts.trust.loadTrust = (tx) => (now(), loadTrust(tx));
  if (step === 3) parts.witness.gate = (tx) => (now(), gate(tx));
  if (step === 4) parts.witness.take = (...all) => (now(), take(...all));
  if (step === 5) parts.witness.give = (...all) => (now(), give(...all));
  if (step === 6) parts.keys.sign = (kid, bytes) => (now(), sign(kid, bytes));
  if (step === 7) delivery.wake.open = () => (now(), open());
  if (step === 8)
    delivery.receiver.receive = async (peer, body) => {
      const reply = await receive(peer, body);
      now();
      return reply;
    };
}

/** Answers whether any spoilt copy of what this node sent last was taken for good. */
async function forge(to: string): Promise<number> {
  const last = await withTransaction(node.database.db, 'system:exchange', (tx) =>
    tx
      .selectFrom('exchange_outbox')
      .select(['transport_bytes'])
      .where('transport_bytes', 'is not', null)
      .orderBy('queued_at', 'desc')
      .limit(1)
      .executeTakeFirst(),
  );
  if (!last?.transport_bytes) return 0;
  let taken = 0;
  for (const share of [0.2, 0.5, 0.8, 0.99]) {
    const body: Buffer = Buffer.from(last.transport_bytes);
    const at = Math.floor(body.length * share);
    body[at] = body[at] === 0x41 ? 0x42 : 0x41;
    if (body.equals(last.transport_bytes)) continue;
    const answer = await exchange.client
      .ask(to as never, { method: 'POST', path: '/exchange/v1/messages', body, type: 'application/jose+json' })
      .catch(() => undefined);
    if (answer?.status === 200) taken += 1;
  }
  return taken;
}

async function tell(): Promise<object> {
  return withTransaction(node.database.db, 'system:exchange', async (tx) => {
    const taken = await sql<{ payload: object }>`select payload from jobs where kind = 'crash-note'`.execute(tx);
    const open = await sql<{ waiting: string; unopened: string; unpacked: string; untold: string }>`
      select (select count(*) from exchange_outbox where status in ('queued', 'sending', 'relayed', 'consigned') and kind = ${noteKind}) as waiting,
             (select count(*) from exchange_inbox where status in ('received', 'held')) as unopened,
             (select count(*) from outbox where sent_at is null) as unpacked,
             (select count(*) from exchange_event where for_authority is not null and carried_by is null) as untold`.execute(
      tx,
    );
    const ends = await sql<{ message_id: string; status: string }>`
      select message_id, status from exchange_outbox where kind = ${noteKind}`.execute(tx);
    return { taken: taken.rows.map((row) => row.payload), open: open.rows[0], ends: ends.rows };
  });
}

async function obey(order: Order): Promise<void> {
  if ('send' in order) {
    const { to, conversationId, n, large } = order.send;
    const id = uuidv7(random, Date.parse(clock.now()));
    const stream = `${conversationId} ${config.COMITY_AUTHORITY} ${to}`;
    await withTransaction(node.database.db, 'system:tests', (tx) =>
      putInOutbox(tx, node, { id, stream, kind: noteKind, payload: { to, conversationId, n, large } }),
    );
    say({ accepted: { id, conversationId, n } });
  } else if ('dieAt' in order) dieAt(order.dieAt, order.after);
  else if ('forge' in order) say({ forged: await forge(order.forge) });
  else say({ told: await tell() });
}

// Kinds are known before the first message comes.
await exchange.start(node.database);
process.on(
  'SIGTERM',
  () =>
    void exchange
      .stop()
      .then(() => node.close())
      .then(() => process.exit(0)),
);
let line: Promise<void> = Promise.resolve();
createInterface({ input: process.stdin }).on('line', (text) => {
  const order = JSON.parse(text) as Order;
  line = line.then(() => obey(order)).catch((error: unknown) => void say({ failed: String(error) }));
});
say({ ready: true });
