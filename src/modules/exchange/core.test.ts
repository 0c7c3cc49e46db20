import { describe, expect, test } from 'vitest';
import { instant, sha256, type Instant } from '../../platform/values/index.ts';
import {
  afterOpening,
  afterParked,
  afterRecall,
  byHand,
  chooseToGive,
  chooseToSend,
  heardEvent,
  mostOpenings,
  recall,
  receive,
  reissue,
  sendAnswered,
  sendStarted,
  tickHeld,
  tickOutgoing,
  type Answer,
  type HeldMessage,
  type Opening,
  type Outgoing,
  type PeerState,
  type ReceiveState,
} from './core.ts';
import { after, closedBreaker, day, minute } from './rules/index.ts';
import { MessageId, type Message, type RefusalCode } from './schema.ts';

const now = instant('2026-05-14T12:00:00.000Z');
const hash = (text: string) => sha256(text);
const idOf = (count: number) => MessageId.parse(`019e2651-4f00-7000-8000-00000000000${count}`);

const messageOf = (sequence: number, change: Partial<Message> = {}): Message => ({
  kind: 'exchange.message',
  version: 1,
  id: idOf(sequence),
  subjectKind: 'request-reply/1',
  from: 'XA:central-authority',
  to: 'XB:central-authority',
  conversationId: 'AAAAAAAAAAAAAAAAAAAAAA',
  sequence,
  previous: sequence === 1 ? null : hash(`${sequence - 1}`),
  inReplyTo: null,
  legalBasis: null,
  tlp: 'AMBER',
  priority: 'routine',
  signedAt: now,
  expiresAt: after(now, 30 * day),
  mode: 'basic',
  parts: [],
  ...change,
});
const arrived = (sequence: number, change: Partial<Message> = {}) => ({
  message: messageOf(sequence, change),
  messageSha256: hash(`${sequence}`),
  transportSha256: hash(`transport ${sequence}`),
  fromNode: 'xa',
});
const heldOf = (sequence: number, change: Partial<HeldMessage> = {}): HeldMessage => ({
  messageId: idOf(sequence),
  sequence,
  previous: hash(`${sequence - 1}`),
  messageSha256: hash(`${sequence}`),
  subjectKind: 'request-reply/1',
  status: 'held',
  ...change,
});
const fresh: ReceiveState = { byId: null, atSequence: null, stream: { next: 1, lastSha256: null }, waiting: [] };
const facts = { parts: 'whole' as const, isAccepted: true, freshAt: now, gate: null };
const does = (decision: ReturnType<typeof receive>) => decision.effects.map((effect) => effect.do);

describe('receiving', () => {
  test('the next of its stream takes effect, and what waited behind it gets its turn', () => {
    const decision = receive({ ...fresh, waiting: [heldOf(2), heldOf(3), heldOf(5)] }, arrived(1), facts, now);
    expect(decision.stream).toEqual({ next: 4, lastSha256: hash('3') });
    expect(decision.waiting.map((one) => one.sequence)).toEqual([5]);
    expect(does(decision)).toEqual(['store', 'receipt', 'advance', 'release', 'release']);
  });

  test('one too early is held, with its receipt', () => {
    const decision = receive(fresh, arrived(3), facts, now);
    expect(decision.effects).toEqual([
      { do: 'store', status: 'held', code: null },
      { do: 'receipt', order: 'held', expects: 1 },
    ]);
    expect(decision.stream).toEqual(fresh.stream);
  });

  test('M1: a repeat gets the stored answer, whatever happened since', () => {
    const known = { ...fresh, byId: { messageSha256: hash('1') } };
    for (const at of [now, after(now, 400 * day)])
      expect(does(receive(known, arrived(1), { ...facts, gate: 'exchange.not-recording' }, at))).toEqual([
        'answer-stored',
      ]);
    const other = { ...fresh, byId: { messageSha256: hash('another') } };
    expect(does(receive(other, arrived(1), facts, now))).toEqual(['refuse', 'alarm']);
  });

  const refusals: [string, ReceiveState, Partial<Message>, object, Instant, RefusalCode, boolean][] = [
    ['nothing can be recorded', fresh, {}, { gate: 'exchange.not-recording' }, now, 'exchange.not-recording', false],
    ['dated too far ahead', fresh, {}, {}, after(now, -5 * minute - 1), 'exchange.clock-skew', false],
    ['on stale data', fresh, {}, { freshAt: after(now, -day - 1) }, now, 'exchange.stale-trust', false],
    [
      'its number is taken',
      { ...fresh, atSequence: { messageId: 'x' } },
      {},
      {},
      now,
      'exchange.sequence-conflict',
      false,
    ],
    ['it follows another', fresh, { previous: hash('x') }, {}, now, 'exchange.chain-broken', false],
    ['its time is over', fresh, {}, {}, after(now, 30 * day), 'exchange.expired', true],
    ['not agreed', fresh, {}, { isAccepted: false }, now, 'exchange.not-accepted-from', true],
    ['a part is another', fresh, {}, { parts: 'wrong' }, now, 'exchange.part-mismatch', true],
  ];
  test.each(refusals)('is refused when %s', (_what, state, change, more, at, code, usesNumber) => {
    const decision = receive(state, arrived(1, change), { ...facts, ...more }, at);
    expect(decision.effects).toContainEqual(expect.objectContaining({ do: 'refuse', code }));
    expect(decision.stream.next).toBe(usesNumber ? 2 : 1);
    expect(does(decision).includes('receipt')).toBe(false);
  });

  test('M11: parts that are still missing promise nothing', () => {
    expect(receive(fresh, arrived(1), { ...facts, parts: 'missing' }, now).effects).toEqual([{ do: 'answer-waiting' }]);
  });

  test('one refused ahead of its turn is passed over when its turn comes; one that does not follow ends with a word', () => {
    const waiting = [heldOf(2, { status: 'expired' }), heldOf(3, { previous: hash('x') }), heldOf(4)];
    const decision = receive({ ...fresh, waiting }, arrived(1), facts, now);
    expect(decision.stream.next).toBe(5);
    expect(decision.effects.filter((effect) => effect.do === 'release')).toEqual([
      { do: 'release', messageId: idOf(3), status: 'refused', code: 'exchange.chain-broken' },
      { do: 'release', messageId: idOf(4), status: 'received', code: null },
    ]);
  });

  test('a message that waits is asked for, told of and given up', () => {
    const held = { subjectKind: 'request/1', receivedAt: now, askedAt: null };
    const at = (millis: number) => tickHeld(held, after(now, millis)).map((effect) => effect.do);
    expect([at(0), at(minute), at(day), at(30 * day)]).toEqual([
      [],
      ['ask-missing'],
      ['ask-missing', 'tell-officers'],
      ['end', 'event'],
    ]);
    expect(tickHeld({ ...held, subjectKind: 'event/1' }, after(now, 30 * day))).toHaveLength(1);
    const asked = { ...held, askedAt: after(now, minute) };
    expect(tickHeld(asked, after(now, 10 * minute))).toEqual([]);
    expect(tickHeld(asked, after(now, 11 * minute))).toEqual([{ do: 'ask-missing' }]);
  });
});

describe('opening', () => {
  const row: Opening = { subjectKind: 'request/1', status: 'received', attempts: 0, isConsigned: false };
  test('N14: a handler that fails is tried five times, then a person has to look', () => {
    let state = row;
    for (let turn = 1; turn <= mostOpenings; turn += 1) {
      const decided = afterOpening(state, { is: 'failed', code: 'Error', wasOpened: true }, now, 0.5);
      expect(decided.attempts).toBe(turn);
      expect(decided.status).toBe(turn < mostOpenings ? 'received' : 'parked');
      expect(decided.nextAt === null).toBe(turn === mostOpenings);
      state = { ...state, status: decided.status, attempts: decided.attempts };
    }
    expect(afterParked(state, { do: 'retry' }, now)).toMatchObject({ status: 'received', attempts: 0, nextAt: now });
    expect(afterParked(state, { do: 'refuse', code: 'x' }, now)).toMatchObject({ status: 'refused' });
    expect(afterParked(row, { do: 'retry' }, now)).toBeUndefined();
  });

  test('N16: a kind that is not understood is kept, and nothing is said to be done with it', () => {
    expect(afterOpening(row, { is: 'not-understood' }, now, 0)).toMatchObject({
      status: 'not-understood',
      events: [{ type: 'ContentConsignment' }],
    });
  });

  test('what is in the reach of its authority is stated once, and only when its content could be read', () => {
    const types = (from: Opening, opened: Parameters<typeof afterOpening>[1]) =>
      afterOpening(from, opened, now, 0).events.map((event) => event.type);
    const closed = { is: 'refused', code: 'crypto.no-reader', wasOpened: false } as const;
    expect(types(row, { is: 'handed-over' })).toEqual(['ContentConsignment', 'ContentHandover']);
    expect(types({ ...row, isConsigned: true }, { is: 'handed-over' })).toEqual(['ContentHandover']);
    expect(types(row, { ...closed, wasOpened: true })).toEqual(['ContentConsignment', 'ContentHandoverFailure']);
    expect(types(row, closed)).toEqual(['ContentConsignmentFailure']);
    expect(types({ ...row, subjectKind: 'event/1' }, { is: 'handed-over' })).toEqual([]);
  });

  test('M15: a recall withdraws what was not opened and only tells of what was', () => {
    for (const status of ['received', 'held', 'parked'] as const)
      expect(afterRecall({ ...row, status })).toMatchObject({ do: 'withdraw', event: { reason: 'exchange.recalled' } });
    for (const status of ['handed-over', 'refused', 'not-understood'] as const)
      expect(afterRecall({ ...row, status })).toEqual({ do: 'notice' });
  });
});

const peer: PeerState = { ...closedBreaker, node: 'xb', invalidReceipts: 0 };
const rowOf = (sequence: number, change: Partial<Outgoing> = {}): Outgoing => ({
  messageId: `m${sequence}`,
  peer: 'xb',
  stream: 's',
  sequence,
  previous: null,
  subjectKind: 'request/1',
  priority: 'routine',
  status: 'queued',
  isSettled: false,
  attempts: 0,
  notBefore: now,
  leaseUntil: null,
  queuedAt: now,
  expiresAt: after(now, day),
  lastCode: null,
  ...change,
});

describe('sending', () => {
  const choose = (rows: Outgoing[], peers: PeerState[] = [], underWay = new Map<string, number>()) =>
    chooseToSend(rows, new Map(peers.map((one) => [one.node, one])), underWay, now).map((one) => one.messageId);

  test('only the first of a stream goes, urgent ones first across streams', () => {
    const rows = [
      rowOf(2),
      rowOf(1),
      rowOf(3, { stream: 't', priority: 'urgent' }),
      rowOf(4, { stream: 'u', notBefore: after(now, 1) }),
      rowOf(5, { stream: 'v', leaseUntil: after(now, 1) }),
    ];
    expect(choose(rows)).toEqual(['m3', 'm1']);
    expect(choose([rowOf(1, { isSettled: true, status: 'relayed' }), rowOf(2)])).toEqual(['m2']);
    expect(choose([rowOf(1, { status: 'expired' }), rowOf(2)])).toEqual(['m1']);
  });

  test('N5: a slow peer takes its own places only, and one that is left alone gets a single probe', () => {
    const many = (node: string, count: number) =>
      Array.from({ length: count }, (_, n) =>
        rowOf(n, { messageId: `${node}${n}`, peer: node, stream: `${node}${n}` }),
      );
    expect(choose([...many('xb', 50), ...many('xc', 3)])).toHaveLength(35);
    expect(choose(many('xb', 50), [], new Map([['xb', 30]]))).toHaveLength(2);
    expect(choose(many('xb', 50), [], new Map([['xc', 250]]))).toHaveLength(6);
    const open: PeerState = { ...peer, breaker: 'open', probeAt: now };
    expect(choose(many('xb', 50), [open])).toHaveLength(1);
    expect(choose(many('xb', 50), [{ ...open, probeAt: after(now, 1) }])).toEqual([]);
  });

  test('a peer that collects gets again at once what it did not keep, and not what it did', () => {
    const given = (sequence: number, givenAs: number | null, leaseUntil: Instant | null) => ({
      ...rowOf(sequence, { stream: `s${sequence}`, leaseUntil }),
      givenAs,
    });
    const held = after(now, minute);
    const rows = [given(1, 4, held), given(2, 5, held), given(3, null, null), given(4, null, held)];
    expect(chooseToGive(rows, 4, now).map((row) => row.messageId)).toEqual(['m2', 'm3']);
    expect(chooseToGive(rows, 5, now).map((row) => row.messageId)).toEqual(['m3']);
    expect(chooseToGive(rows, 0, now)).toHaveLength(3);
  });

  const sending = sendStarted(rowOf(1), peer, now).row;
  const answer = (given: Answer, row = sending) => sendAnswered(row, peer, given, now, 0.5);

  test('a receipt settles it, and a second answer changes nothing', () => {
    const decided = answer({ is: 'receipt' });
    expect(decided.row).toMatchObject({ status: 'relayed', isSettled: true });
    expect(decided.effects).toContainEqual({ do: 'tell', outcome: 'delivered', reason: null });
    const again = answer({ is: 'refusal', code: 'exchange.schema' }, decided.row);
    expect(again).toMatchObject({ row: { status: 'relayed' }, effects: [] });
  });

  test('a final refusal frees the number, uses it up or leaves it to people, as its code says', () => {
    const effects = (code: RefusalCode) => answer({ is: 'refusal', code }).effects.map((effect) => effect.do);
    expect(effects('exchange.key-not-valid')).toEqual(['keep-answer', 'event', 'tell', 'reissue']);
    expect(effects('exchange.expired')).toEqual(['keep-answer', 'event', 'tell']);
    expect(effects('exchange.chain-broken')).toEqual(['keep-answer', 'event', 'tell', 'alarm']);
    expect(answer({ is: 'refusal', code: 'exchange.over-quota', after: 60 }).row).toMatchObject({
      status: 'queued',
      notBefore: after(now, minute),
    });
  });

  test('N7, M10: whatever is no receipt is tried again, and told after five in a row', () => {
    let state = { row: sending, peer };
    for (let turn = 1; turn <= 5; turn += 1) {
      const given: Answer = { is: 'failure', code: 'exchange.invalid-receipt', isInvalidReceipt: true };
      const decided = sendAnswered(state.row, state.peer, given, now, 0.5);
      expect(decided.row).toMatchObject({ status: 'queued', isSettled: false });
      expect(decided.effects.length).toBe(turn === 5 ? 1 : 0);
      state = decided;
    }
  });

  test('time alone never says more than that no receipt was obtained, and a late one counts', () => {
    const at = (millis: number) => tickOutgoing(sending, after(sending.expiresAt, millis));
    expect(at(5 * minute - 1).effects).toEqual([]);
    const ended = at(6 * minute);
    expect(ended.effects).toContainEqual({ do: 'event', type: 'RelayFailure', reason: 'no-receipt-by-expiry' });
    const late = answer({ is: 'receipt' }, ended.row);
    expect(late.row).toMatchObject({ status: 'relayed', lastCode: 'exchange.receipt-late' });
    expect(answer({ is: 'refusal', code: 'exchange.expired' }, ended.row).effects.map((one) => one.do)).toEqual([
      'keep-answer',
      'event',
    ]);
  });

  test('M15: what never left is taken back, what may have left is asked for', () => {
    expect(recall(rowOf(1))).toMatchObject({ do: 'withdrawn', row: { status: 'recalled' } });
    expect(recall(sending).do).toBe('ask-peer');
    expect(recall(rowOf(1, { status: 'refused', isSettled: true })).do).toBe('too-late');
  });

  test('an event is told at once, and the receipt is still asked for', () => {
    const heard = heardEvent(sending, { type: 'ContentHandover' });
    expect(heard).toMatchObject({ row: { status: 'handed-over', isSettled: false } });
    expect(heard.effects).toEqual([{ do: 'tell', outcome: 'handed-over', reason: null }]);
    const lost = answer({ is: 'failure', code: 'exchange.not-reached' }, heard.row).row;
    expect(choose([{ ...lost, notBefore: now }])).toEqual(['m1']);
    const settled = answer({ is: 'receipt' }, lost);
    expect(settled.row).toMatchObject({ status: 'handed-over', isSettled: true });
    expect(settled.effects.map((effect) => effect.do)).toEqual(['keep-answer', 'event']);
    expect(heardEvent(settled.row, { type: 'ContentConsignment' }).effects).toEqual([]);
  });

  test('one refused by an event still gets its receipt, so that its stream goes on', () => {
    const heard = heardEvent(sending, { type: 'ContentHandoverFailure', reason: 'requests.not-ours' });
    expect(heard.row).toMatchObject({ status: 'refused', isSettled: false });
    expect(choose([{ ...heard.row, leaseUntil: null }, rowOf(2)])).toEqual(['m1']);
    expect(answer({ is: 'receipt' }, heard.row).row).toMatchObject({ status: 'refused', isSettled: true });
  });

  test('a peer that answers again is tried with everything that waits', () => {
    const away = { ...peer, waitingSince: now, failures: 3 };
    expect(sendAnswered(sending, away, { is: 'receipt' }, now, 0).effects).toContainEqual({ do: 'try-all' });
    expect(sendAnswered(sending, peer, { is: 'receipt' }, now, 0).effects).not.toContainEqual({ do: 'try-all' });
  });

  test('what stands behind a freed number is signed again, what ended there leaves its number', () => {
    const stream = { next: 5, lastSha256: hash('4'), reservedBy: 'x', reservedUntil: after(now, minute) };
    const behind = [rowOf(3), rowOf(4, { status: 'expired' })];
    const freed = rowOf(2, { status: 'refused', previous: hash('1') });
    const decided = reissue(stream, freed, behind);
    expect(decided.stream).toEqual({ next: 2, lastSha256: hash('1'), reservedBy: null, reservedUntil: null });
    expect(decided.again.map((row) => row.messageId)).toEqual(['m3']);
    expect(decided.ended).toMatchObject([{ messageId: 'm4', isSettled: true }]);
  });

  test('an official stops one that waits and lets it go again; what is settled stays as it is', () => {
    const parked = byHand(rowOf(1), 'park', now);
    expect(choose([parked!, rowOf(2)])).toEqual([]);
    expect(choose([byHand(parked!, 'send-now', now)!])).toEqual(['m1']);
    expect(byHand(rowOf(1, { status: 'relayed', isSettled: true }), 'park', now)).toBeUndefined();
    expect(tickOutgoing(parked!, after(now, day + 6 * minute)).row.status).toBe('expired');
  });
});
