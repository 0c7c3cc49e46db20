import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { withTransaction } from '../../../platform/db/index.ts';
import { systemRandom, uuidv7 } from '../../../platform/random.ts';
import { instant, sha256 } from '../../../platform/values/index.ts';
import { partFolder, type PartFolder } from '../parts.ts';
import { day, hour, keptAfterReceipt } from '../rules/index.ts';
import { announceBlob, insertOutbox, lockStreams } from '../store/index.ts';
import { createTidying, type Tidying } from './tidy.ts';

let database: TestDatabase;
let base: string;
let folder: PartFolder;
let tidying: Tidying;
const start = '2026-05-14T12:00:00.000Z';
let clock = fakeClock(start);

beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());
beforeEach(() => {
  clock = fakeClock(start);
  base = mkdtempSync(join(tmpdir(), 'comity-parts-'));
  folder = partFolder(base, systemRandom);
  tidying = createTidying({ db: database.db, clock, random: systemRandom, folder });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const inside = <T>(work: Parameters<typeof withTransaction<T>>[2]) => withTransaction(database.db, 'system:test', work);
const hash = sha256('part');
let count = 0;

async function* bytes(): AsyncIterable<Uint8Array> {
  yield Buffer.from('sealed');
}

/** A message with one large part, sent from here; with a receipt of now unless told. */
async function sendLarge({ receipt = true } = {}): Promise<string> {
  count += 1;
  const blobId = `part${String(count).padStart(28, '0')}`;
  const now = clock.now();
  const id = uuidv7(systemRandom, Date.parse(now));
  await folder.write('out', blobId, bytes());
  await folder.writeTree('out', blobId, Buffer.alloc(32));
  await inside(async (tx) => {
    await lockStreams(tx, [`stream ${count}`]);
    await insertOutbox(tx, [
      {
        message_id: id,
        peer: 'xb',
        stream: `stream ${count}`,
        sequence: '1',
        conversation_id: 'c'.repeat(22),
        from_authority: 'XA:central-authority',
        to_authority: 'XB:central-authority',
        kind: 'request/1',
        priority: 2,
        tlp: 'AMBER',
        message_sha256: hash,
        previous_sha256: null,
        message_bytes: Buffer.from('{}'),
        inline_bytes: null,
        transport_bytes: Buffer.from('{}'),
        transport_sha256: hash,
        signed_at: now,
        expires_at: instant('2026-07-01T00:00:00.000Z'),
        status: receipt ? 'relayed' : 'sending',
        not_before: now,
        lease_until: null,
        last_code: null,
        queued_at: now,
        first_tried_at: now,
        ended_at: null,
        receipt_bytes: receipt ? Buffer.from('{}') : null,
        receipt_at: receipt ? now : null,
        refusal_bytes: null,
        given_as: null,
      },
    ]);
    await announceBlob(tx, {
      blob_id: blobId,
      direction: 'out',
      peer: 'xb',
      message_id: id,
      part: 'part-002',
      length: '6',
      payload_root: hash,
      header_sha256: hash,
      status: 'whole',
      announced_at: now,
      changed_at: now,
    });
  });
  return blobId;
}

const here = (direction: 'in' | 'out') => {
  try {
    return readdirSync(join(base, direction)).sort();
  } catch {
    return [];
  }
};
const statusOf = async (blobId: string) =>
  (
    await database.owner
      .selectFrom('exchange_blob')
      .select('status')
      .where('blob_id', '=', blobId)
      .executeTakeFirstOrThrow()
  ).status;
const lookAll = async () => {
  while ((await tidying.look()) > 0);
};

test('a large part stays two days after its receipt, so that a restored peer has it again, and is then let go', async () => {
  const proven = await sendLarge();
  const open = await sendLarge({ receipt: false });
  clock.advance(keptAfterReceipt - hour);
  await lookAll();
  expect(here('out')).toEqual([`${proven}.part`, `${proven}.tree`, `${open}.part`, `${open}.tree`]);
  clock.advance(2 * hour);
  await lookAll();
  expect(here('out')).toEqual([`${open}.part`, `${open}.tree`]);
  expect(await statusOf(proven)).toBe('removed');
  expect(await statusOf(open)).toBe('whole');
  const { rows } = await sql`select action, subject_id from audit_entries`.execute(database.owner);
  expect(rows).toContainEqual({ action: 'exchange.remove-part', subject_id: proven });
});

test('D2: a process that ends between the row and the file leaves nothing for good: the next sweep finds it', async () => {
  const part = await sendLarge();
  clock.advance(keptAfterReceipt + hour);
  const { remove } = folder;
  folder.remove = () => Promise.reject(new Error('the process ended here'));
  await expect(tidying.look()).rejects.toThrow('ended here');
  folder.remove = remove;
  expect(await statusOf(part)).toBe('removed');
  expect(here('out')).toEqual([`${part}.part`, `${part}.tree`]);
  const then = new Date(Date.parse(start));
  for (const name of here('out')) utimesSync(join(base, 'out', name), then, then);
  expect(await tidying.sweep()).toBe(2);
  expect(here('out')).toEqual([]);
});

test('what was sealed and never became a message is swept after a day; what is needed, or new, stays', async () => {
  const needed = await sendLarge({ receipt: false });
  await folder.write('out', 'orphan', bytes());
  await folder.write('in', 'stranger', bytes());
  writeFileSync(join(base, 'out', `${needed}.part.abc.new`), 'half');
  const old = new Date(Date.parse(start) - day - hour);
  for (const direction of ['in', 'out'] as const)
    for (const name of here(direction)) utimesSync(join(base, direction, name), old, old);
  const fresh = new Date(Date.parse(start));
  writeFileSync(join(base, 'out', 'fresh.part'), 'being sealed');
  utimesSync(join(base, 'out', 'fresh.part'), fresh, fresh);
  expect(await tidying.sweep()).toBe(3);
  expect(here('in')).toEqual([]);
  expect(here('out')).toEqual(['fresh.part', `${needed}.part`, `${needed}.tree`]);
});
