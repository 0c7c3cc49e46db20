/**
 * What is known to have happened, in order. A fact of a node counts only once that node has flushed it; what crossed the
 * network counts when it crossed.
 */
export type Fact =
  | { what: 'submitted'; id: string; from: string; to: string }
  /** An authority signed this payload for this place. */
  | { what: 'signed'; id: string; sha256: string; stream: string; sequence: number }
  /** A receiver keeps a message. `at` and `expiresAt` by its own clock, in milliseconds. */
  | {
      what: 'kept';
      node: string;
      id: string;
      sha256: string;
      to: string;
      status: 'received' | 'held' | 'refused' | 'expired';
      isRevoked: boolean;
      at: number;
      expiresAt: number;
    }
  /** Casework took it. */
  | { what: 'applied'; node: string; id: string; stream: string; sequence: number }
  /** A receiver ended it without effect. */
  | { what: 'dropped'; node: string; id: string; stream: string; sequence: number; proof: string | null }
  /** A receipt left a node. */
  | { what: 'answered'; node: string; transport: string; text: string }
  /** The sender took an end as proven. `proof`: what proves it. */
  | {
      what: 'ended';
      node: string;
      id: string;
      outcome: 'delivered' | 'refused' | 'expired' | 'recalled';
      proof: 'receipt' | 'refusal' | 'event' | 'own' | 'none';
      code: string | null;
    }
  /** The peer answered for good: the next of the stream may go. */
  | { what: 'settled'; id: string; stream: string }
  | { what: 'sealed'; node: string; nonce: string }
  /** `pipelines`: a peer of another make that does not wait for the receipt before. */
  | {
      what: 'posted';
      node: string;
      id: string;
      stream: string;
      pipelines: boolean;
      underWay: number;
      textSha256: string;
    }
  | { what: 'crashed'; node: string };

/** What each node holds on its disk when everything has come to rest. */
export interface Rest {
  node: string;
  authority: string;
  /** Ids kept, whatever became of them. */
  inbox: ReadonlySet<string>;
  waiting: { id: string; status: string }[];
  /** Messages that it signed, and whether the peer answered for good. */
  outbox: { id: string; isSettled: boolean; status: string }[];
  /** Ids that were never signed. */
  unsigned: string[];
  streamsOut: Record<string, { next: number; last: string | null }>;
  streamsIn: Record<string, { next: number; last: string | null }>;
  /** Peers that are left alone. */
  openBreakers: string[];
}

export const invariants = [
  'no-acknowledged-loss',
  'exactly-once',
  'stream-order',
  'only-what-is-addressed',
  'nothing-forged',
  'nothing-revoked',
  'nothing-expired',
  'one-signed-outcome',
  'outcomes-agree',
  'no-wrong-end',
  'one-answer-to-one-body',
  'retry-is-the-same-bytes',
  'one-in-flight-per-stream',
  'no-nonce-twice',
  'chains-equal',
  'breakers-close',
] as const;
export type Invariant = (typeof invariants)[number];

export interface Violation {
  invariant: Invariant;
  about: string;
}

/** Whatever the network does, what was rightly built may be refused for good for these reasons alone. */
const goodReasons: ReadonlySet<string> = new Set(['exchange.key-not-valid', 'exchange.expired']);
/** Casework, which gets it after that, has its own. */
const ofCasework: ReadonlySet<string> = new Set(['requests.not-ours']);

/** Reads a history, and what is left at rest, and names everything that must not be. */
export function check(history: readonly Fact[], rest: readonly Rest[]): Violation[] {
  const found: Violation[] = [];
  const say = (invariant: Invariant, about: string) => void found.push({ invariant, about });
  const submitted = new Map<string, { from: string; to: string }>();
  const signed = new Set<string>();
  const kept = new Map<string, Set<string>>();
  const applied = new Map<string, number>();
  const dropped = new Set<string>();
  const reached = new Map<string, number>();
  const answers = new Map<string, string>();
  const bodies = new Map<string, string>();
  const nonces = new Set<string>();
  const ends = new Map<string, Extract<Fact, { what: 'ended' }>[]>();
  const open = new Map<string, string>();
  const authorityOf = new Map(rest.map((node) => [node.node, node.authority]));
  const passed = (node: string, stream: string, sequence: number) => dropped.has(`${node} ${stream} ${sequence}`);

  for (const fact of history) {
    switch (fact.what) {
      case 'submitted':
        submitted.set(fact.id, fact);
        break;
      case 'signed':
        signed.add(`${fact.id} ${fact.sha256}`);
        break;
      case 'kept': {
        if (fact.to !== authorityOf.get(fact.node)) say('only-what-is-addressed', `${fact.node} keeps ${fact.id}`);
        if (!signed.has(`${fact.id} ${fact.sha256}`)) say('nothing-forged', `${fact.node} keeps ${fact.id}`);
        const takes = fact.status === 'received' || fact.status === 'held';
        if (takes && fact.isRevoked) say('nothing-revoked', `${fact.node} takes ${fact.id}`);
        if (takes && fact.at >= fact.expiresAt) say('nothing-expired', `${fact.node} takes ${fact.id}`);
        if (!takes && fact.status === 'expired' && fact.at < fact.expiresAt)
          say('nothing-expired', `${fact.node} calls ${fact.id} expired before its time`);
        kept.set(fact.node, (kept.get(fact.node) ?? new Set()).add(fact.id));
        break;
      }
      case 'applied': {
        const key = `${fact.node} ${fact.id}`;
        applied.set(key, (applied.get(key) ?? 0) + 1);
        if ((applied.get(key) ?? 0) > 1) say('exactly-once', `${fact.id} took effect twice at ${fact.node}`);
        const place = `${fact.node} ${fact.stream}`;
        let expected = (reached.get(place) ?? 0) + 1;
        while (expected < fact.sequence && passed(fact.node, fact.stream, expected)) expected += 1;
        if (fact.sequence !== expected) say('stream-order', `${fact.id} is ${fact.sequence}, ${expected} was due`);
        reached.set(place, Math.max(fact.sequence, reached.get(place) ?? 0));
        break;
      }
      case 'dropped':
        dropped.add(`${fact.node} ${fact.stream} ${fact.sequence}`);
        if (fact.proof === null) say('one-signed-outcome', `${fact.id} was dropped without a word`);
        break;
      case 'answered': {
        const before = answers.get(fact.transport);
        if (before !== undefined && before !== fact.text) say('one-answer-to-one-body', fact.transport);
        answers.set(fact.transport, fact.text);
        break;
      }
      case 'posted': {
        const before = bodies.get(fact.id);
        // A message may be signed again only while it has never left.
        if (before !== undefined && before !== fact.textSha256) say('retry-is-the-same-bytes', fact.id);
        bodies.set(fact.id, fact.textSha256);
        const other = open.get(fact.stream);
        if (other !== undefined && other !== fact.id && !fact.pipelines)
          say('one-in-flight-per-stream', `${fact.id} beside ${other}`);
        open.set(fact.stream, fact.id);
        if (fact.underWay > 32) say('one-in-flight-per-stream', `${fact.underWay} under way to one peer`);
        break;
      }
      case 'ended': {
        ends.set(fact.id, [...(ends.get(fact.id) ?? []), fact]);
        const reasons = fact.proof === 'event' ? ofCasework : goodReasons;
        if (fact.outcome === 'refused' && !reasons.has(fact.code ?? ''))
          say('no-wrong-end', `${fact.id} was refused for good: ${fact.code}`);
        if (fact.proof === 'none') say('one-signed-outcome', `${fact.id} ended ${fact.outcome} without a signature`);
        const to = submitted.get(fact.id)?.to;
        const receiver = rest.find((node) => node.authority === to);
        if (fact.proof === 'receipt' && receiver && !kept.get(receiver.node)?.has(fact.id))
          say('no-acknowledged-loss', `${fact.id} has a receipt and is not at ${receiver.node}`);
        break;
      }
      case 'settled':
        if (open.get(fact.stream) === fact.id) open.delete(fact.stream);
        break;
      case 'sealed':
        if (nonces.has(fact.nonce)) say('no-nonce-twice', `${fact.node} seals with ${fact.nonce} again`);
        nonces.add(fact.nonce);
        break;
      case 'crashed':
        break;
    }
  }
  checkRest({ submitted, applied, ends, rest, history, say });
  return found;
}

interface AtRest {
  submitted: ReadonlyMap<string, { from: string; to: string }>;
  applied: ReadonlyMap<string, number>;
  ends: ReadonlyMap<string, Extract<Fact, { what: 'ended' }>[]>;
  rest: readonly Rest[];
  history: readonly Fact[];
  say(invariant: Invariant, about: string): void;
}

function checkRest({ submitted, applied, ends, rest, history, say }: AtRest): void {
  const ended = new Set(history.flatMap((fact) => (fact.what === 'dropped' ? [`${fact.node} ${fact.id}`] : [])));
  for (const [id, { to }] of submitted) {
    const receiver = rest.find((node) => node.authority === to);
    const mine = ends.get(id) ?? [];
    const last = mine.at(-1);
    if (!last) {
      say('one-signed-outcome', `${id} has come to no end`);
      continue;
    }
    const outcomes = mine.map((fact) => fact.outcome);
    const isOneWord = new Set(outcomes).size === 1;
    // Only one change of word is allowed: a receipt that came after it was stated that none had come.
    const isLate = outcomes.every((one) => one === 'expired' || one === 'delivered') && last.outcome === 'delivered';
    // A message that was delivered may still be refused by those it was for, and they say so.
    const before = mine.slice(0, -1).filter((fact) => fact.outcome !== 'delivered' && fact.outcome !== 'expired');
    const isRefusedThere = last.outcome === 'refused' && last.proof === 'event' && before.length === 0;
    if (!isOneWord && !isLate && !isRefusedThere) say('one-signed-outcome', `${id} ended ${outcomes.join(', then ')}`);
    if (!receiver) continue;
    const took = applied.get(`${receiver.node} ${id}`) ?? 0;
    if (last.outcome === 'delivered' && took === 0 && !ended.has(`${receiver.node} ${id}`))
      say('no-acknowledged-loss', `${id} is delivered and came to nothing at ${receiver.node}`);
    if (last.outcome !== 'delivered' && took > 0)
      say('outcomes-agree', `${id} is ${last.outcome} at its sender and took effect at ${receiver.node}`);
  }
  for (const node of rest) {
    for (const row of node.outbox) if (!row.isSettled) say('one-signed-outcome', `${row.id} rests ${row.status}`);
    for (const peer of node.openBreakers) say('breakers-close', `${node.node} leaves ${peer} alone, which works`);
    for (const id of node.unsigned) say('one-signed-outcome', `${id} was never signed`);
    for (const row of node.waiting) say('no-acknowledged-loss', `${row.id} rests ${row.status} at ${node.node}`);
    for (const [stream, out] of Object.entries(node.streamsOut)) {
      const receiver = rest.find((one) => one.authority === stream.split(' ')[2]);
      const into = receiver?.streamsIn[stream] ?? { next: 1, last: null };
      if (receiver && (into.next !== out.next || into.last !== out.last))
        say('chains-equal', `${stream}: ${out.next} at its sender, ${into.next} at its receiver`);
    }
  }
}
