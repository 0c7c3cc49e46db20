import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant, sha256, type Instant, type Sha256 } from '../../../platform/values/index.ts';
import { eventTypes } from '../schema.ts';
import {
  after,
  afterAnswer,
  afterFailure,
  afterLater,
  afterStart,
  advance,
  between,
  closedBreaker,
  commit,
  day,
  decideExpiry,
  decideGap,
  emptyStreamIn,
  emptyStreamOut,
  hour,
  isAhead,
  isExpired,
  mayCross,
  maySend,
  minute,
  nextAttempt,
  nextOutcome,
  outcomeOf,
  placeOf,
  release,
  reserve,
  rewind,
  second,
  takeFromQuota,
  type Breaker,
  type SentOutcome,
} from './index.ts';

const now = instant('2026-05-14T12:00:00.000Z');
const hash = (text: string): Sha256 => sha256(text);

describe('the place of a message in its stream', () => {
  const stream = { next: 3, lastSha256: hash('2') };
  const link = (sequence: number, previous: string | null) => ({
    sequence,
    previous: previous === null ? null : hash(previous),
    messageSha256: hash(`${sequence}`),
  });
  test.each([
    ['the next one that follows', stream, link(3, '2'), false, 'next'],
    ['the next one that names another before it', stream, link(3, 'x'), false, 'chain-broken'],
    ['the next one that names none before it', stream, link(3, null), false, 'chain-broken'],
    ['one too early', stream, link(4, '3'), false, 'ahead'],
    ['one far too early', stream, link(4000, '3'), false, 'ahead'],
    ['one whose number was used', stream, link(2, '1'), false, 'sequence-conflict'],
    ['one whose number another holds', stream, link(5, '4'), true, 'sequence-conflict'],
    ['the first', emptyStreamIn, link(1, null), false, 'next'],
    ['a first that names one before it', emptyStreamIn, link(1, 'x'), false, 'chain-broken'],
  ] as const)('%s', (_what, at, one, taken, place) => {
    expect(placeOf(at, one, taken)).toBe(place);
  });
});

describe('numbers of a stream are lent while a message is signed', () => {
  const link = { sequence: 1, previous: null, messageSha256: hash('1') };
  test('one at a time, and another gets them when the time has passed', () => {
    const first = reserve(emptyStreamOut, 'a', now);
    if (!first.ok) throw new Error('reserved');
    expect(first.value).toMatchObject({ sequence: 1, previous: null });
    expect(reserve(first.value.stream, 'b', after(now, 10 * minute - 1)).ok).toBe(false);
    expect(reserve(first.value.stream, 'a', after(now, minute)).ok).toBe(true);
    const second = reserve(first.value.stream, 'b', after(now, 10 * minute));
    if (!second.ok) throw new Error('reserved');
    expect(commit(second.value.stream, 'a', [link])).toEqual({ ok: false, error: 'lost' });
    expect(commit(second.value.stream, 'b', [link])).toEqual({
      ok: true,
      value: { next: 2, lastSha256: hash('1'), reservedBy: null, reservedUntil: null },
    });
  });

  test('a late signature counts when nobody took the number meanwhile', () => {
    const first = reserve(emptyStreamOut, 'a', now);
    expect(first.ok && commit(first.value.stream, 'a', [link]).ok).toBe(true);
  });

  test('nothing is signed twice under a number, whatever the order of lending, using and giving back', () => {
    const act = fc.record({
      holder: fc.constantFrom('a', 'b', 'c'),
      what: fc.constantFrom('reserve', 'commit', 'release', 'wait'),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        let stream = emptyStreamOut;
        let at: Instant = now;
        const lent = new Map<string, { sequence: number; previous: Sha256 | null }>();
        const used: number[] = [];
        for (const { holder, what } of acts) {
          if (what === 'wait') at = after(at, 6 * minute);
          if (what === 'release') stream = release(stream, holder);
          if (what === 'reserve') {
            const got = reserve(stream, holder, at);
            if (!got.ok) continue;
            stream = got.value.stream;
            lent.set(holder, got.value);
          }
          if (what === 'commit') {
            const mine = lent.get(holder);
            const done =
              mine && commit(stream, holder, [{ ...mine, messageSha256: hash(`${holder}${mine.sequence}`) }]);
            if (!done?.ok) continue;
            stream = done.value;
            used.push(mine!.sequence);
          }
        }
        expect(used).toEqual(used.map((_, index) => index + 1));
      }),
    );
  });

  test('a number that the peer did not take is freed with all behind it, and never one that it took', () => {
    const at4 = { next: 5, lastSha256: hash('4'), reservedBy: 'a', reservedUntil: now };
    expect(rewind(at4, { sequence: 3, previous: hash('2') })).toEqual({
      next: 3,
      lastSha256: hash('2'),
      reservedBy: null,
      reservedUntil: null,
    });
    expect(rewind(at4, { sequence: 5, previous: hash('4') })).toBe(at4);
  });
});

describe('time over', () => {
  const expiresAt = instant('2026-05-14T13:00:00.000Z');
  test('M5: is exact to the millisecond at the receiver', () => {
    expect(isExpired(expiresAt, after(expiresAt, -1))).toBe(false);
    expect(isExpired(expiresAt, expiresAt)).toBe(true);
    expect(isAhead(after(now, 5 * minute), now)).toBe(false);
    expect(isAhead(after(now, 5 * minute + 1), now)).toBe(true);
    expect(isAhead(after(now, -10 * 365 * day), now)).toBe(false);
  });

  test.each([
    ['long before', -hour, 'wait'],
    ['at expiry', 0, 'wait'],
    ['just before five minutes', 5 * minute - 1, 'wait'],
    ['after five minutes', 5 * minute, 'ask'],
    ['just before six', 6 * minute - 1, 'ask'],
    ['after six', 6 * minute, 'fail'],
    ['a year later', 365 * day, 'fail'],
  ] as const)('a sender without receipt, %s: %s ms', (_what, millis, expected) => {
    expect(decideExpiry(expiresAt, after(expiresAt, millis))).toBe(expected);
  });

  test.each([
    [minute - 1, 'wait'],
    [minute, 'ask'],
    [day - 1, 'ask'],
    [day, 'tell'],
    [30 * day - 1, 'tell'],
    [30 * day, 'give-up'],
  ] as const)('a message held for %i ms: %s', (millis, expected) => {
    expect(decideGap(now, after(now, millis))).toBe(expected);
  });
});

describe('the next attempt', () => {
  test('comes within 5, 10, 20 seconds and so on up to the cap of its priority, and not before the peer asked', () => {
    const most = (priority: 'routine' | 'urgent' | 'immediate', attempts: number, asked?: number) =>
      between(now, nextAttempt(now, priority, attempts, 1, asked)) / second;
    expect([1, 2, 3, 4, 10, 11, 40, 400].map((n) => most('routine', n))).toEqual([
      5, 10, 20, 40, 2560, 3600, 3600, 3600,
    ]);
    expect([1, 6, 7, 400].map((n) => most('urgent', n))).toEqual([5, 160, 300, 300]);
    expect([1, 4, 5, 400].map((n) => most('immediate', n))).toEqual([5, 40, 60, 60]);
    expect(most('immediate', 1, 600)).toBe(600);
    expect(most('immediate', 1, 86_400)).toBe(3600);
    expect(most('routine', 1, -5)).toBe(5);
    expect(nextAttempt(now, 'routine', 9, 0)).toBe(now);
  });

  test('is spread over the whole time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, share) => {
        const wait = between(now, nextAttempt(now, 'routine', attempts, share));
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.min(hour, 5 * second * 2 ** (attempts - 1)));
      }),
    );
  });
});

describe('N6: a peer that does not answer is left alone but for one probe a minute', () => {
  const failing = (count: number): Breaker => {
    let state = closedBreaker;
    for (let turn = 0; turn < count; turn += 1) state = afterFailure(state, after(now, turn * second));
    return state;
  };
  test('after ten failures in a row, and not before', () => {
    expect(failing(9).breaker).toBe('closed');
    expect(failing(10)).toEqual({
      breaker: 'open',
      failures: 10,
      waitingSince: now,
      probeAt: after(now, 9 * second + minute),
    });
  });
  test('one probe goes, a lost one gives way after another minute, one answer closes', () => {
    const open = failing(10);
    const due = open.probeAt!;
    expect(maySend(open, after(due, -1))).toBe(false);
    expect(maySend(open, due)).toBe(true);
    const probing = afterStart(open, due);
    expect(maySend(probing, after(due, 59 * second))).toBe(false);
    expect(maySend(probing, after(due, minute))).toBe(true);
    expect(afterFailure(probing, after(due, second))).toMatchObject({ breaker: 'open', failures: 11 });
    expect(afterLater(probing, due)).toMatchObject({ breaker: 'open', failures: 10 });
    expect(afterAnswer(probing)).toEqual(closedBreaker);
    expect(afterLater(closedBreaker, now)).toBe(closedBreaker);
  });
});

describe('words rest on proofs', () => {
  test('a word is shown only from its own event', () => {
    const from = (word: SentOutcome) => eventTypes.filter((type) => outcomeOf(type) === word);
    expect(from('delivered')).toEqual(['RelayAcceptance']);
    expect(from('received')).toEqual(['ContentConsignment']);
    expect(from('opened')).toEqual(['ContentAccessTracking']);
    expect(from('handed-over')).toEqual(['ContentHandover']);
    expect(outcomeOf('RelayToNonERDS')).toBeNull();
    expect(outcomeOf('ContentHandoverFailure', 'exchange.recalled')).toBe('recalled');
    expect(outcomeOf('ContentHandoverFailure', 'exchange.manifest-mismatch')).toBe('refused');
  });

  test('proofs in any order never show more than was proven, and an end stays one unless the receipt came late', () => {
    const words: SentOutcome[] = ['delivered', 'received', 'opened', 'handed-over', 'refused', 'expired', 'recalled'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 8 }), (proofs) => {
        const shown = proofs.reduce<SentOutcome>(nextOutcome, 'held-here');
        expect(['held-here', ...proofs]).toContain(shown);
        expect(nextOutcome(shown, shown)).toBe(shown);
      }),
    );
    expect(nextOutcome('expired', 'delivered')).toBe('delivered');
    expect(nextOutcome('refused', 'delivered')).toBe('refused');
    expect(nextOutcome('recalled', 'received')).toBe('recalled');
    expect(nextOutcome('handed-over', 'expired')).toBe('handed-over');
    expect(nextOutcome('handed-over', 'delivered')).toBe('handed-over');
    expect(nextOutcome('received', 'refused')).toBe('refused');
  });
});

test('what is stale crosses only when it may go round anyway', () => {
  expect(mayCross('AMBER', after(now, -day), now)).toBe(true);
  expect(mayCross('AMBER', after(now, -day - 1), now)).toBe(false);
  expect(mayCross('RED', null, now)).toBe(false);
  expect(mayCross('GREEN', null, now)).toBe(true);
  expect(mayCross('CLEAR', after(now, -400 * day), now)).toBe(true);
});

test('N15: a peer gets its burst, then its rate, and is told when there is room again', () => {
  const limits = { perSecond: 2, burst: 5 };
  let quota: ReturnType<typeof takeFromQuota>['quota'] | null = null;
  const takes = (at: Instant) => {
    const took = takeFromQuota(quota, at, limits);
    quota = took.quota;
    return took;
  };
  expect([1, 2, 3, 4, 5].every(() => takes(now).taken)).toBe(true);
  expect(takes(now)).toMatchObject({ taken: false, after: 1 });
  expect(takes(after(now, 499)).taken).toBe(false);
  expect(takes(after(now, 500)).taken).toBe(true);
  expect(takes(after(now, 500)).taken).toBe(false);
  expect(takes(after(now, -hour)).taken).toBe(false);
  const long = takeFromQuota(quota, after(now, hour), limits);
  expect(long.quota.left).toBe(4);
});

test('a stream moves on by the message that took effect', () => {
  const link = { sequence: 1, previous: null, messageSha256: hash('1') };
  expect(advance(emptyStreamIn, link)).toEqual({ next: 2, lastSha256: hash('1') });
});
