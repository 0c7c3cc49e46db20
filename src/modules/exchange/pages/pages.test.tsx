import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts';
import { testView } from '../../../../tests/support/view.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { createLog } from '../../../platform/log.ts';
import { systemRandom } from '../../../platform/random.ts';
import { StateCode, type Instant, type Sha256 } from '../../../platform/values/index.ts';
import { createContext, type Actor, type Context, type Role } from '../../identity/index.ts';
import { eventTypes } from '../schema.ts';
import { exchangeMessages } from '../messages/index.ts';
import { logMessages } from '../messages/log.ts';
import { operateMessages } from '../messages/operate.ts';
import { trustMessages } from '../messages/trust.ts';
import { getExchangeStatus } from '../service/operate.ts';
import { exchangePages } from './index.tsx';
import { eventWords, whyOf } from './words.ts';

let database: TestDatabase;
const clock = fakeClock('2026-05-14T12:00:00.000Z');
const done: string[] = [];
const pages = exchangePages({
  acts: {
    retryNow: async (_ctx, id) => void done.push(`retry ${id}`),
    park: async (_ctx, id) => void done.push(`park ${id}`),
    refuseParked: async (_ctx, id) => void done.push(`refuse ${id}`),
    recall: async (_ctx, id) => void done.push(`recall ${id}`),
  },
  setting: () => ({ isOn: true, durable: true, collects: true }),
  knownNodes: async () => [
    { node: 'xb', collects: false },
    { node: 'secretariat', collects: true },
  ],
  proofFile: async (_ctx, id) => ({ bytes: Buffer.from(id), mediaType: 'application/zip', fileName: 'proof.asice' }),
});

function contextOf(...roles: Role[]): Context {
  const actor: Actor = {
    kind: 'person',
    id: '01890000-0000-7000-8000-0000000000a1',
    name: 'Mira Sandor',
    officeId: '01890000-0000-7000-8000-0000000000b1',
    authority: null,
    roles,
    steppedUpAt: clock.now(),
  };
  return createContext({
    actor,
    db: database.db,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    state: StateCode.parse('XA'),
    zone: 'UTC',
    profile: 'demo',
    locale: 'en',
  });
}

async function show(path: string, ctx: Context, locale: 'en' | 'ar' = 'en', query: Record<string, string> = {}) {
  const route = pages.find((one) => {
    const pattern = new RegExp(`^${one.path.replace(/:id/, '([^/]+)')}$`);
    return one.method === 'get' && pattern.test(path);
  })!;
  const id = /messages\/([^/]+)/.exec(path)?.[1];
  const answer = await route.handler({
    ctx,
    view: testView({ locale, catalogues: [operateMessages, exchangeMessages, trustMessages, logMessages] }),
    params: id === undefined ? {} : { id },
    query,
    queries: {},
    form: { values: {}, files: [] },
    client: { cookie: '', userAgent: '', address: '' },
  });
  if (answer.type !== 'page') throw new Error('not a page');
  return String(answer.html);
}

const hash = (n: number) => n.toString(16).padStart(64, '0') as Sha256;
const idOf = (n: number) => `01890000-0000-7000-8000-${n.toString().padStart(12, '0')}`;

/** One outgoing message in a status, from Alba to Borea. */
async function addOutgoing(n: number, more: { status?: 'queued' | 'parked' | 'relayed'; code?: string } = {}) {
  const owner = database.owner;
  const stream = `conversation-${n} XA:central-authority XB:central-authority`;
  await owner.insertInto('exchange_stream').values({ stream, last_hash_in: null, last_hash_out: null, reserved_by: null, reserved_until: null }).execute();
  await owner
    .insertInto('exchange_outbox')
    .values({
      message_id: idOf(n), peer: 'xb', stream, sequence: '1', conversation_id: `conversation-${n}`,
      from_authority: 'XA:central-authority', to_authority: 'XB:central-authority', kind: 'request/1', priority: 1, tlp: 'AMBER',
      message_sha256: hash(n), previous_sha256: null, message_bytes: Buffer.from('sealed'), inline_bytes: null, transport_bytes: null, transport_sha256: null,
      signed_at: '2026-05-14T10:00:00.000Z' as Instant, expires_at: '2026-06-14T10:00:00.000Z' as Instant, status: more.status ?? 'queued',
      not_before: '2026-05-14T12:00:30.000Z' as Instant, lease_until: null, last_code: more.code ?? null, queued_at: '2026-05-14T10:02:00.000Z' as Instant,
      first_tried_at: null, ended_at: null, receipt_bytes: null, receipt_at: null, refusal_bytes: null,
    } as never)
    .execute();
} // prettier-ignore

beforeAll(async () => {
  database = await testDatabase();
  await database.owner
    .insertInto('exchange_peer')
    .values({
      node: 'xb', breaker: 'open', failures: 12, probe_at: '2026-05-14T12:01:00.000Z' as Instant, waiting_since: '2026-05-14T10:02:00.000Z' as Instant,
      last_code: 'exchange.not-reached', last_failure_at: '2026-05-14T12:00:00.000Z' as Instant, last_receipt_at: null, last_contact_at: null,
      clock_skew_ms: '-90000', alarm_code: 'audit.split-view', alarm_at: '2026-05-14T11:00:00.000Z' as Instant,
    } as never)
    .execute(); // prettier-ignore
  await addOutgoing(1, { code: 'exchange.not-reached' });
  await addOutgoing(2, { status: 'parked', code: 'exchange.handler-failed' });
  await addOutgoing(3, { status: 'relayed' });
  await database.owner
    .insertInto('exchange_event')
    .values({
      event_id: idOf(90), message_id: idOf(3), type: 'RelayAcceptance', at: '2026-05-14T10:03:00.000Z' as Instant, by_node: 'xb', by_authority: null, reason: null,
      payload_sha256: hash(90), bytes: Buffer.from('{}'), log_index: '41', for_authority: null, as_authority: null, conversation_id: null, carried_by: null,
    } as never)
    .execute(); // prettier-ignore
});
beforeEach(() => void done.splice(0));
afterAll(() => database.close());

describe('the exchange as its operator sees it', () => {
  test('says who does not answer, since when, why, and what helps', async () => {
    const html = await show('/system/exchange', contextOf('administrator'));
    expect(html).toContain('Not reached 12 times in a row');
    expect(html).toContain('the node does not answer at its address');
    expect(html).toContain('telephone the operator there');
    expect(html).toContain('90 s behind ours');
    expect(html).toContain('two different histories');
    expect(html).toContain('One message waits');
    expect(html).toContain('secretariat');
    expect(html).toContain('It has not come yet');
    expect(html).toContain('This node accepts no connections');
  });

  test('offers acts to who may operate, and to nobody else', async () => {
    expect(await show('/system/exchange', contextOf('administrator'))).toContain(`/messages/${idOf(1)}/retry`);
    const reader = await show('/system/exchange', contextOf('oversight'));
    expect(reader).not.toContain('/retry');
    expect(reader).not.toContain('/park');
    await expect(show('/system/exchange', contextOf('prosecutor'))).rejects.toThrow();
  });

  test('reads in Arabic, with every place filled', async () => {
    const html = await show('/system/exchange', contextOf('administrator'), 'ar');
    expect(html).toContain('العقد النظيرة');
    expect(html).not.toMatch(/\{\w+\}/);
  });

  test('a message shows each proof with who states it and its place in the log', async () => {
    const html = await show(`/system/exchange/messages/${idOf(3)}`, contextOf('oversight'));
    expect(html).toContain('delivered: the other node has it');
    expect(html).not.toContain('read: an official');
    expect(html).toContain('41');
    expect(html).toContain(`/messages/${idOf(3)}/proof`);
    await expect(show(`/system/exchange/messages/${idOf(77)}`, contextOf('oversight'))).rejects.toMatchObject({
      code: 'exchange.no-such-message',
    });
  });

  test('the outbox lists what is not confirmed and lets an officer recall it', async () => {
    const html = await show('/outbox', contextOf('central-authority-officer'));
    expect(html).toContain(`m-${idOf(1)}`);
    expect(html).toContain(`m-${idOf(2)}`);
    expect(html).not.toContain(`m-${idOf(3)}`);
    expect(html).toContain('/recall');
  });

  test('each act reaches its own use case and says that it was done', async () => {
    for (const act of ['retry', 'park', 'refuse', 'recall']) {
      const route = pages.find((one) => one.method === 'post' && one.path.endsWith(`/${act}`))!;
      const answer = await route.handler({
        ctx: contextOf('administrator'),
        view: testView({ catalogues: [operateMessages] }),
        params: { id: idOf(1) },
        query: {},
        queries: {},
        form: { values: {}, files: [] },
        client: { cookie: '', userAgent: '', address: '' },
      });
      expect(answer).toMatchObject({ type: 'redirect', to: expect.stringContaining(`done=${act}`) });
    }
    expect(done).toEqual(['retry', 'park', 'refuse', 'recall'].map((act) => `${act} ${idOf(1)}`));
  });
});

test('the status in figures adds up and names each alarm once', async () => {
  const status = await getExchangeStatus(contextOf('administrator'));
  expect(status).toMatchObject({
    waiting: 1,
    parked: { out: 1, in: 0 },
    delivered: 1,
    oldestQueuedAt: '2026-05-14T10:02:00.000Z',
  });
  expect(status.alarms.map((alarm) => alarm.code).sort()).toEqual(['audit.split-view', 'exchange.put-aside']);
  clock.set('2026-05-14T14:02:00.000Z');
  expect((await getExchangeStatus(contextOf('administrator'))).alarms.map((alarm) => alarm.code)).toContain(
    'exchange.waits-long',
  );
  clock.set('2026-05-14T12:00:00.000Z');
});

test('every event and every refusal has words of its own in both languages', () => {
  for (const locale of ['en', 'ar'] as const) {
    const view = testView({ locale, catalogues: [operateMessages] });
    const words = eventTypes.map((type) => eventWords(view, type));
    expect(new Set(words).size).toBe(eventTypes.length);
    expect(whyOf(view, 'exchange.expired').why).not.toBe(whyOf(view, 'exchange.no-such-code').why);
    expect(whyOf(view, 'exchange.no-such-code').code).toBe('exchange.no-such-code');
  }
});
