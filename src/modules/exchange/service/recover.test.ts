import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  deliver,
  logSides,
  turnBack,
  type Delivered,
  type LogSide,
  type LogSides,
} from '../../../../tests/support/log-sides.ts';
import { decide } from '../../identity/decide.ts';
import type { Actor, Context } from '../../identity/index.ts';
import { NotAllowed } from '../../../platform/errors.ts';
import { putInOutbox } from '../../../platform/outbox/index.ts';
import { systemRandom } from '../../../platform/random.ts';
import { getHead, getOrigin, listWitnessed } from '../../audit/index.ts';
import { bringBack } from './bring-back.ts';
import { reconcile } from './reconcile.ts';
import { confirmToGoOn, enterRecovery, proposeToGoOn, requireSending, sendingState } from './recover.ts';

let net: LogSides;
let alba: LogSide;
let borea: LogSide;
const actor = { kind: 'system', id: 'test' } as const;
const early: Delivered[] = [];
const lost: Delivered[] = [];
let before: number;
let after: number;

const size = (side: LogSide) => side.inside(async (tx) => (await getHead(tx, 'exchange')).size);
const hash = (one: Delivered | undefined) => one?.message.payloadSha256;

function person(id: string): Pick<Context, 'actor' | 'clock' | 'random' | 'transaction' | 'allow'> {
  const who: Actor = {
    kind: 'person',
    id,
    name: id,
    officeId: 'o',
    authority: null,
    roles: ['administrator'],
    steppedUpAt: net.clock.now(),
  };
  return {
    actor: who,
    clock: net.clock,
    random: systemRandom,
    transaction: (work) => alba.inside(work),
    allow(permission, object) {
      const { allowed, why } = decide(who, permission, object, net.clock.now());
      if (!allowed) throw new NotAllowed(why.code);
    },
  };
}

beforeAll(async () => {
  net = await logSides('XA', 'XB');
  [alba, borea] = [net.sides['xa']!, net.sides['xb']!];
  const [out, back] = ['O'.repeat(22), 'B'.repeat(22)];
  early.push(await deliver(net, alba, borea, { sequence: 1, conversation: out }));
  early.push(await deliver(net, borea, alba, { sequence: 1, conversation: back }));
  await reconcile(alba.parts, borea.node, { actor });
  await reconcile(borea.parts, alba.node, { actor });
  before = await size(alba);
  net.clock.advance(60_000);
  lost.push(await deliver(net, alba, borea, { sequence: 2, conversation: out, previous: hash(early[0])! }));
  lost.push(await deliver(net, borea, alba, { sequence: 2, conversation: back, previous: hash(early[1])! }));
  lost.push(await deliver(net, borea, alba, { sequence: 3, conversation: back, previous: hash(lost[1])! }));
  await reconcile(alba.parts, borea.node, { actor });
  await reconcile(borea.parts, alba.node, { actor });
  after = await size(alba);
  // The backup of before comes back, with a message still waiting that had left meanwhile.
  await turnBack(
    alba,
    before,
    lost.map((one) => one.id),
  );
  const again = { id: lost[0]!.id, stream: 's', kind: 'draft-remark/1', payload: {} };
  await alba.inside((tx) => putInOutbox(tx, { clock: net.clock }, again));
  net.clock.advance(60_000);
});
afterAll(() => net.close());

test('D8: at the first contact a restored node hears how long its log was, and stops', async () => {
  expect(await alba.inside(sendingState)).toEqual({ may: true });
  await reconcile(alba.parts, borea.node, { actor, lookOnly: true });
  expect(await alba.inside(sendingState)).toEqual({
    may: false,
    code: 'exchange.history-went-back',
    from: after,
    to: before,
  });
  await expect(alba.inside(requireSending)).rejects.toThrow('exchange.history-went-back');
  const { rows } = await sql<{ action: string }>`
    select action from audit_entries where action = 'exchange.history-went-back'`.execute(alba.database.owner);
  expect(rows).toHaveLength(1);
});

test('while it recovers it signs no state of its log, so that nobody sees two', async () => {
  const held = (await borea.inside(listWitnessed)).find((one) => one.node === 'xa')!;
  const answer = await reconcile(borea.parts, alba.node, { actor, lookOnly: true });
  expect(answer.peerIsRecovering).toBe(true);
  expect((await borea.inside(listWitnessed)).find((one) => one.node === 'xa')!.size).toBe(held.size);
});

test('D14, M1: what peers know is brought back, with the receipts of before; nothing is sent or takes effect twice', async () => {
  const report = await bringBack(alba.parts, [borea.node]);
  expect(report).toMatchObject({ back: 3, again: 0, lost: 0, missed: [] });
  const sent = await sql<{ status: string; receipt: string }>`
    select status, convert_from(receipt_bytes, 'UTF8') as receipt from exchange_outbox where message_id = ${lost[0]!.id}`.execute(
    alba.database.owner,
  );
  expect(sent.rows).toEqual([{ status: 'relayed', receipt: lost[0]!.receipt.text }]);
  const received = await sql<{ sequence: string; status: string; receipt: string }>`
    select sequence, status, convert_from(receipt_bytes, 'UTF8') as receipt from exchange_inbox
    where message_id in (${lost[1]!.id}, ${lost[2]!.id}) order by sequence`.execute(alba.database.owner);
  expect(received.rows).toEqual([
    { sequence: '2', status: 'received', receipt: lost[1]!.receipt.text },
    { sequence: '3', status: 'received', receipt: lost[2]!.receipt.text },
  ]);
  // The next number of each stream is the one after the last that anybody saw.
  const streams = await sql<{ next_out: string; next_in: string }>`
    select next_out, next_in from exchange_stream order by next_out desc`.execute(alba.database.owner);
  expect(streams.rows).toEqual([
    { next_out: '3', next_in: '1' },
    { next_out: '1', next_in: '4' },
  ]);
  const waiting = await sql`select id from outbox where sent_at is null`.execute(alba.database.owner);
  expect(waiting.rows).toEqual([]);
  expect((await reconcile(alba.parts, borea.node, { actor, lookOnly: true })).outcome).toBe('equal');
  expect(await bringBack(alba.parts, [borea.node])).toMatchObject({ back: 0, lost: 0 });
});

test('two different persons let it go on; the log continues under a new origin and key, and is cosigned anew', async () => {
  await expect(confirmToGoOn(person('mira'), alba.parts)).rejects.toThrow('log.not-proposed');
  await proposeToGoOn(person('mira'));
  await expect(proposeToGoOn(person('rafi'))).rejects.toThrow('log.already-proposed');
  await expect(confirmToGoOn(person('mira'), alba.parts)).rejects.toThrow(/identity/);
  const key = (await alba.logs.key()).kid;
  expect(await confirmToGoOn(person('rafi'), alba.parts)).toBe('comity/XA/exchange/2');
  expect((await alba.logs.key()).kid).not.toBe(key);
  expect(await alba.inside(sendingState)).toEqual({ may: true });
  expect(await alba.inside((tx) => getOrigin(tx))).toBe('comity/XA/exchange/2');
  await alba.parts.publish!();
  net.clock.advance(60_000);
  expect((await reconcile(alba.parts, borea.node, { actor })).outcome).toBe('equal');
  await reconcile(borea.parts, alba.node, { actor });
  expect(await alba.inside(sendingState)).toEqual({ may: true });
  const origins = (await borea.inside(listWitnessed)).map((one) => one.origin);
  expect(origins.sort()).toEqual(['comity/XA/exchange/1', 'comity/XA/exchange/2']);
});

test('a peer cannot stop a node with a state that it never signed', async () => {
  const own = { ...borea.parts, logs: borea.parts.logs };
  const claim = await borea.inside((tx) => own.logs.checkpoint(tx));
  const forged = claim.replaceAll('comity/XB/exchange/1', 'comity/XA/exchange/2').replace(/\n\d+\n/, '\n9999\n');
  const found = await alba.inside((tx) =>
    alba.parts.watch.take(tx, net.trust, borea.node, { checkpoint: null, consistency: null, cosignature: forged }),
  );
  expect(found).toEqual([{ finding: 'not-its-checkpoint' }]);
  expect(await alba.inside(sendingState)).toEqual({ may: true });
});

test('a second finding raises the size of the first; one recovery is open at a time', async () => {
  const note = await alba.inside((tx) => alba.logs.checkpoint(tx));
  const history = { from: 500, to: 10, what: 'shorter' as const, note };
  await alba.inside((tx) => enterRecovery(alba.parts, tx, history, 'own-checkpoint'));
  await alba.inside((tx) => enterRecovery(alba.parts, tx, { ...history, from: 700 }, 'xb'));
  expect(await alba.inside(sendingState)).toMatchObject({ may: false, from: 700, to: 10 });
});
