import { describe, expect, test } from 'vitest';
import { check, type Fact, type Invariant, type Rest } from './checker.ts';

const stream = 'c XA:a XB:b';
const submitted: Fact = { what: 'submitted', id: 'm1', from: 'XA:a', to: 'XB:b' };
const signed: Fact = { what: 'signed', id: 'm1', sha256: 'h1', stream, sequence: 1 };
const posted: Fact = {
  what: 'posted',
  node: 'a',
  id: 'm1',
  stream,
  pipelines: false,
  underWay: 1,
  textSha256: 't1',
};
const kept: Extract<Fact, { what: 'kept' }> = {
  what: 'kept',
  node: 'b',
  id: 'm1',
  sha256: 'h1',
  to: 'XB:b',
  status: 'received',
  isRevoked: false,
  at: 5,
  expiresAt: 10,
};
const applied: Extract<Fact, { what: 'applied' }> = { what: 'applied', node: 'b', id: 'm1', stream, sequence: 1 };
const ended: Extract<Fact, { what: 'ended' }> = {
  what: 'ended',
  node: 'a',
  id: 'm1',
  outcome: 'delivered',
  proof: 'receipt',
  code: null,
};
const settled: Fact = { what: 'settled', id: 'm1', stream };
const good: Fact[] = [submitted, signed, posted, kept, applied, ended, settled];

const empty = { waiting: [], outbox: [], unsigned: [], streamsOut: {}, streamsIn: {}, openBreakers: [] };
const a: Rest = {
  ...empty,
  node: 'a',
  authority: 'XA:a',
  inbox: new Set(),
  outbox: [{ id: 'm1', isSettled: true, status: 'relayed' }],
  streamsOut: { [stream]: { next: 2, last: 'h1' } },
};
const b: Rest = {
  ...empty,
  node: 'b',
  authority: 'XB:b',
  inbox: new Set(['m1']),
  streamsIn: { [stream]: { next: 2, last: 'h1' } },
};

/** The good history with one fact changed, left out or put in. */
const without = (fact: Fact) => good.filter((one) => one !== fact);
const instead = (fact: Fact, other: Fact) => good.map((one) => (one === fact ? other : one));

test('a history in which all went well has nothing to say', () => {
  expect(check(good, [a, b])).toEqual([]);
});

describe('the checker knows bad histories', () => {
  const cases: [string, Fact[], Rest[], Invariant][] = [
    [
      'a receipt for what the receiver does not hold',
      without(kept).filter((one) => one !== applied),
      [a, b],
      'no-acknowledged-loss',
    ],
    ['delivered, and nothing came of it', without(applied), [a, b], 'no-acknowledged-loss'],
    [
      'it still waits when all is at rest',
      good,
      [a, { ...b, waiting: [{ id: 'm1', status: 'held' }] }],
      'no-acknowledged-loss',
    ],
    ['it took effect twice', [...good, applied], [a, b], 'exactly-once'],
    ['the second before the first', instead(applied, { ...applied, sequence: 2 }), [a, b], 'stream-order'],
    [
      'kept by one to whom it was not addressed',
      instead(kept, { ...kept, to: 'XC:c' }),
      [a, b],
      'only-what-is-addressed',
    ],
    ['content that nobody signed', instead(kept, { ...kept, sha256: 'other' }), [a, b], 'nothing-forged'],
    ['signed with a key that was withdrawn', instead(kept, { ...kept, isRevoked: true }), [a, b], 'nothing-revoked'],
    ['taken after its time', instead(kept, { ...kept, at: 10 }), [a, b], 'nothing-expired'],
    ['called expired before its time', instead(kept, { ...kept, status: 'expired' }), [a, b], 'nothing-expired'],
    ['no end', without(ended), [a, b], 'one-signed-outcome'],
    ['an end without signature', instead(ended, { ...ended, proof: 'none' }), [a, b], 'one-signed-outcome'],
    [
      'two ends that contradict',
      [...good, { ...ended, outcome: 'refused', code: 'exchange.expired' }],
      [a, b],
      'one-signed-outcome',
    ],
    ['never signed', good, [{ ...a, unsigned: ['m2'] }, b], 'one-signed-outcome'],
    [
      'never answered for',
      good,
      [{ ...a, outbox: [{ id: 'm1', isSettled: false, status: 'queued' }] }, b],
      'one-signed-outcome',
    ],
    [
      'dropped without a word',
      [...good, { what: 'dropped', node: 'b', id: 'm9', stream, sequence: 2, proof: null }],
      [a, b],
      'one-signed-outcome',
    ],
    [
      'refused there and yet it took effect',
      instead(ended, { ...ended, outcome: 'refused', proof: 'refusal', code: 'exchange.expired' }),
      [a, b],
      'outcomes-agree',
    ],
    [
      'refused for good for no good reason',
      instead(ended, { ...ended, outcome: 'refused', proof: 'refusal', code: 'exchange.schema' }),
      [a, b],
      'no-wrong-end',
    ],
    [
      'one body, two answers',
      [
        ...good,
        { what: 'answered', node: 'b', transport: 't', text: '1' },
        { what: 'answered', node: 'b', transport: 't', text: '2' },
      ],
      [a, b],
      'one-answer-to-one-body',
    ],
    ['a retry of other bytes', [...good, { ...posted, textSha256: 't2' } as Fact], [a, b], 'retry-is-the-same-bytes'],
    [
      'two of a stream under way',
      [submitted, posted, { ...posted, id: 'm2' } as Fact, ...good.slice(1)],
      [a, b],
      'one-in-flight-per-stream',
    ],
    [
      'thirty-three under way to one peer',
      [...good, { ...posted, underWay: 33 } as Fact],
      [a, b],
      'one-in-flight-per-stream',
    ],
    [
      'a nonce twice',
      [...good, { what: 'sealed', node: 'a', nonce: 'n' }, { what: 'sealed', node: 'b', nonce: 'n' }],
      [a, b],
      'no-nonce-twice',
    ],
    [
      'ends of a stream that differ',
      good,
      [a, { ...b, streamsIn: { [stream]: { next: 2, last: 'other' } } }],
      'chains-equal',
    ],
    ['a peer that works is left alone', good, [{ ...a, openBreakers: ['b'] }, b], 'breakers-close'],
  ];
  test.each(cases)('%s', (_what, history, rest, invariant) => {
    expect(check(history, rest).map((one) => one.invariant)).toContain(invariant);
  });

  test('a receipt that came after it was said that none had come is no contradiction', () => {
    const late = instead(ended, { ...ended, outcome: 'expired', proof: 'event' });
    expect(check([...late, ended], [a, b])).toEqual([]);
  });
});
