import { fail, ok, problem, type Problem, type Result } from '../../../platform/values/index.ts';
import type { Verdict } from '../schema/index.ts';

/** What the fold reads of a judgement. */
export interface Edge {
  id: string;
  leftId: string;
  rightId: string;
  verdict: Verdict;
  compartment: string;
  isLive: boolean;
}

/** Canonical ids of one compartment: the smallest id of all that live positive judgements join. */
export function canonicalIds(edges: readonly Edge[], compartment: string): ReadonlyMap<string, string> {
  const parent = new Map<string, string>();
  const root = (id: string): string => {
    let at = id;
    while ((parent.get(at) ?? at) !== at) at = parent.get(at) ?? at;
    return at;
  };
  for (const edge of edges) {
    if (!edge.isLive || edge.verdict !== 'POSITIVE' || edge.compartment !== compartment) continue;
    const [left, right] = [root(edge.leftId), root(edge.rightId)];
    // The smaller id becomes the root, so the order of judgements changes nothing.
    parent.set(left, left < right ? left : right);
    parent.set(right, left < right ? left : right);
    for (const id of [edge.leftId, edge.rightId]) if (!parent.has(id)) parent.set(id, root(id));
  }
  return new Map([...parent.keys()].map((id) => [id, root(id)]));
}

/** Everyone that is the same as an entity, itself among them, in their order. */
export function membersOf(canonical: ReadonlyMap<string, string>, id: string): string[] {
  const own = canonical.get(id) ?? id;
  const members = [...canonical].filter(([, root]) => root === own).map(([member]) => member);
  return [...new Set([...members, id])].sort();
}

/**
 * Decides whether a judgement may stand beside those that are live. Two that were judged different never become one, and
 * two that are one are not judged different: the other judgement is withdrawn first.
 */
export function decideJudgement(
  edges: readonly Edge[],
  next: Pick<Edge, 'leftId' | 'rightId' | 'verdict' | 'compartment'>,
): Result<typeof next, Problem[]> {
  const refuse = (code: string) => fail([problem(code, ['verdict'])]);
  if (next.leftId === next.rightId) return refuse('goods.judgement-of-itself');
  const joined: Edge[] = [...edges, { ...next, id: '', isLive: true }];
  const canonical = canonicalIds(joined, next.compartment);
  const same = (one: string, other: string) => (canonical.get(one) ?? one) === (canonical.get(other) ?? other);
  const contradicted = joined.some(
    (edge) =>
      edge.isLive &&
      edge.verdict === 'NEGATIVE' &&
      edge.compartment === next.compartment &&
      same(edge.leftId, edge.rightId),
  );
  return contradicted && next.verdict !== 'UNSURE' ? refuse('goods.merge-contradicts-negative') : ok(next);
}

/** Whether a pair was judged different and stays silent. */
export function isSilenced(edges: readonly Edge[], one: string, other: string, compartment: string): boolean {
  return edges.some(
    ({ isLive, verdict, leftId, rightId, compartment: where }) =>
      isLive &&
      verdict === 'NEGATIVE' &&
      where === compartment &&
      ((leftId === one && rightId === other) || (leftId === other && rightId === one)),
  );
}
