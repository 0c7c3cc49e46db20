import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Verdict } from '../schema/index.ts';
import { canonicalIds, decideJudgement, isSilenced, membersOf, type Edge } from './ledger.ts';

const edge = (id: number, leftId: string, rightId: string, verdict: Verdict, compartment = ''): Edge => ({
  id: String(id),
  leftId,
  rightId,
  verdict,
  compartment,
  isLive: true,
});

/** The ledger after acts one by one: a judgement that may not stand is refused; a withdrawal ends an earlier one. */
type Act = { judge: Omit<Edge, 'id' | 'isLive'> } | { withdraw: number };

function play(acts: readonly Act[]): Edge[] {
  const edges: Edge[] = [];
  for (const [n, act] of acts.entries()) {
    if ('withdraw' in act) {
      const at = edges[act.withdraw % Math.max(1, edges.length)];
      if (at) at.isLive = false;
    } else if (decideJudgement(edges, act.judge).ok) edges.push({ ...act.judge, id: String(n), isLive: true });
  }
  return edges;
}

const entity = fc.constantFrom(...'abcdefgh');
const judge = fc.record({
  leftId: entity,
  rightId: entity,
  verdict: fc.constantFrom<Verdict>('POSITIVE', 'NEGATIVE', 'UNSURE'),
  compartment: fc.constantFrom('', 'blue'),
});
const acts = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: judge.map((one): Act => ({ judge: one })) },
    { weight: 1, arbitrary: fc.nat(40).map((withdraw): Act => ({ withdraw })) },
  ),
  { maxLength: 40 },
);

test('undone is never merged: the state equals the one that never had the undone judgements', () => {
  fc.assert(
    fc.property(acts, (some) => {
      const edges = play(some);
      const live = edges.filter((one) => one.isLive);
      for (const compartment of ['', 'blue']) {
        const [undone, never] = [canonicalIds(edges, compartment), canonicalIds(live, compartment)];
        for (const id of 'abcdefgh') expect(undone.get(id) ?? id).toBe(never.get(id) ?? id);
      }
    }),
    { numRuns: 10_000 },
  );
});

test('after any acts the live judgements contradict one another nowhere', () => {
  fc.assert(
    fc.property(acts, (some) => {
      const edges = play(some);
      for (const { isLive, verdict, leftId, rightId, compartment } of edges) {
        if (!isLive || verdict !== 'NEGATIVE') continue;
        const canonical = canonicalIds(edges, compartment);
        expect(canonical.get(leftId) ?? leftId).not.toBe(canonical.get(rightId) ?? rightId);
      }
    }),
    { numRuns: 3000 },
  );
});

test('the order of judgements does not change who is one', () => {
  fc.assert(
    fc.property(fc.array(judge, { maxLength: 15 }), fc.infiniteStream(fc.nat()), (some, draw) => {
      const edges = some.map((one, n): Edge => ({ ...one, id: String(n), isLive: true }));
      const mixed = edges
        .map((one) => ({ one, at: draw.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
      for (const id of 'abcdefgh')
        expect(canonicalIds(mixed, '').get(id) ?? id).toBe(canonicalIds(edges, '').get(id) ?? id);
    }),
    { numRuns: 2000 },
  );
});

test('the canonical id is the smallest of those joined, and only within a compartment', () => {
  const edges = [edge(1, 'd', 'c', 'POSITIVE'), edge(2, 'b', 'd', 'POSITIVE'), edge(3, 'a', 'b', 'POSITIVE', 'blue')];
  expect(canonicalIds(edges, '').get('c')).toBe('b');
  expect(membersOf(canonicalIds(edges, ''), 'd')).toEqual(['b', 'c', 'd']);
  expect(canonicalIds(edges, 'blue').get('b')).toBe('a');
  expect(canonicalIds(edges, 'blue').get('d')).toBeUndefined();
});

test('a positive judgement that would join two judged different is refused until one is withdrawn', () => {
  const edges = [edge(1, 'a', 'b', 'POSITIVE'), edge(2, 'b', 'c', 'NEGATIVE')];
  const next = { leftId: 'a', rightId: 'c', verdict: 'POSITIVE', compartment: '' } as const;
  const refused = decideJudgement(edges, next);
  expect(!refused.ok && refused.error[0]?.code).toBe('goods.merge-contradicts-negative');
  expect(decideJudgement([edges[0]!, { ...edges[1]!, isLive: false }], next).ok).toBe(true);
  expect(decideJudgement(edges, { ...next, compartment: 'blue' }).ok).toBe(true);
  expect(decideJudgement(edges, { ...next, verdict: 'UNSURE' }).ok).toBe(true);
});

test('an entity is not judged against itself; a pair judged different is silent', () => {
  const itself = decideJudgement([], { leftId: 'a', rightId: 'a', verdict: 'POSITIVE', compartment: '' });
  expect(!itself.ok && itself.error[0]?.code).toBe('goods.judgement-of-itself');
  expect(isSilenced([edge(1, 'a', 'b', 'NEGATIVE')], 'b', 'a', '')).toBe(true);
  expect(isSilenced([{ ...edge(1, 'a', 'b', 'NEGATIVE'), isLive: false }], 'b', 'a', '')).toBe(false);
});
