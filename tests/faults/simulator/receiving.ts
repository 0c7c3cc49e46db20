import { canonical, sha256, type Sha256 } from '../../../src/platform/values/index.ts';
import { flatJwsText, openBytes, type FlatJws } from '../../../src/platform/crypto/index.ts';
import {
  buildReceipt,
  buildRefusal,
  readManifest,
  stripBytes,
  verifyTransport,
  type Arrival,
  type TransportFault,
} from '../../../src/modules/exchange/envelope.ts';
import {
  afterOpening,
  afterParked,
  receive,
  type HeldMessage,
  type OpeningDecision,
  type ReceiveEffect,
} from '../../../src/modules/exchange/core.ts';
import { after } from '../../../src/modules/exchange/rules/index.ts';
import { refusalCodes, streamOf, type Message, type RefusalCode } from '../../../src/modules/exchange/schema.ts';
import type { Fact } from './checker.ts';
import type { Change } from './disk.ts';
import type { SimulatedNode, Tables } from './node.ts';
import { emptyStreamIn, eventKind, type HeldRow } from './shapes.ts';

export interface Reply {
  status: number;
  body: string;
}

/** Reads a body as the product does, or as a planted fault would. */
function verify(node: SimulatedNode, from: string, body: string) {
  const { trust } = node;
  const now = node.now();
  const facts = { trust, now, ownNode: node.id, tlsNode: from };
  const seen = node.has('ignore-revocation')
    ? { ...trust, authorityKey: (authority: string, kid: string) => trust.authorityKey(authority, kid, keyTime) }
    : trust;
  const bytes = Buffer.from(body, 'utf8');
  if (node.has('wrong-recipient-taken')) {
    const first = verifyTransport(bytes, { ...facts, trust: seen });
    if (first.ok || first.error.code !== 'exchange.wrong-recipient') return first;
    const meant = toNodeOf(body);
    return meant === undefined
      ? first
      : verifyTransport(bytes, { ...facts, trust: asIfOurs(node, meant), ownNode: meant });
  }
  const strict = verifyTransport(bytes, { ...facts, trust: seen });
  if (strict.ok || !(node.has('verify-parsed-not-raw') || node.has('alg-none'))) return strict;
  return verifyCarelessly(node, body) ?? strict;
}

const keyTime = '2026-01-02T00:00:00.000Z' as Message['signedAt'];

function asIfOurs(node: SimulatedNode, meant: string) {
  const { trust } = node;
  return {
    ...trust,
    nodeOf: (authority: string) => (trust.nodeOf(authority) === node.id ? meant : trust.nodeOf(authority)),
  };
}

function read(part: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
}

function toNodeOf(body: string): string | undefined {
  try {
    return read((JSON.parse(body) as FlatJws).payload)['toNode'] as string;
  } catch {
    return undefined;
  }
}

/** Two faults that others have made: to parse first and verify what was parsed, and to believe a header without signature. */
function verifyCarelessly(node: SimulatedNode, body: string): { ok: true; value: Arrival } | undefined {
  try {
    const outer = JSON.parse(body) as FlatJws;
    const transport = read(outer.payload);
    const inner = transport['message'] as FlatJws;
    const message = read(inner.payload) as unknown as Message;
    if (node.has('alg-none') && read(inner.protected)['alg'] !== 'none') return undefined;
    if (transport['toNode'] !== node.id || node.trust.nodeOf(message.to) !== node.id) return undefined;
    if (node.has('verify-parsed-not-raw')) {
      const again = { ...inner, payload: Buffer.from(canonical(message)).toString('base64url') };
      const rebuilt = { ...transport, message: again };
      const key = node.trust.authorityKey(message.from, String(read(inner.protected)['kid']), message.signedAt);
      if (key.finding !== 'valid' || canonical(rebuilt) === '') return undefined;
    }
    const signed = { jws: inner, text: flatJwsText(inner), textSha256: sha256(flatJwsText(inner)), kid: 'unread' };
    const payloadSha256 = sha256(Buffer.from(inner.payload, 'base64url'));
    return {
      ok: true,
      value: {
        transport: { ...signed, value: transport as never, payloadSha256 },
        message: { ...signed, value: message, payloadSha256 },
        transportSha256: sha256(body),
        inline: new Map(),
        hasWrongPart: false,
      },
    };
  } catch {
    return undefined;
  }
}

async function refuse(
  node: SimulatedNode,
  fault: Pick<TransportFault, 'messageId' | 'messageSha256' | 'transportSha256'>,
  code: RefusalCode,
): Promise<Reply> {
  const { messageId, messageSha256, transportSha256 } = fault;
  const refusal = await buildRefusal(node.person.signer, node.person.node.nodeKey.kid, {
    code,
    messageId,
    messageSha256,
    transportSha256,
    receiver: node.id,
    at: node.now(),
    log: null,
  });
  return { status: refusalCodes[code].status, body: refusal.text };
}

/** Takes one posted body through all the steps, and gives the answer that leaves. */
export async function takePost(node: SimulatedNode, from: string, body: string): Promise<Reply> {
  const transportSha256 = sha256(body);
  const stored = node.has('no-duplicate-check') ? undefined : findAnswer(node, from, transportSha256);
  if (stored && !node.has('duplicate-signed-anew')) return stored;
  const arrived = verify(node, from, body);
  node.step('verified');
  if (!arrived.ok) {
    const { error } = arrived;
    const reply = await refuse(node, error, error.code);
    if (refusalCodes[error.code].final && error.fromNode !== null && !node.has('final-refusal-forgotten')) {
      node.save([{ table: 'refusals', key: error.transportSha256, row: reply.body }]);
      node.flush();
    }
    return reply;
  }
  return takeArrival(node, from, arrived.value);
}

function findAnswer(node: SimulatedNode, from: string, transportSha256: Sha256): Reply | undefined {
  const row = node.disk.all('inbox').find((one) => one.transportSha256 === transportSha256 && one.fromNode === from);
  if (row) return { status: row.answerStatus, body: row.answer };
  const refusal = node.disk.read('refusals', transportSha256);
  if (refusal === undefined) return undefined;
  const { code } = read((JSON.parse(refusal) as FlatJws).payload) as { code: RefusalCode };
  return { status: refusalCodes[code].status, body: refusal };
}

/** The stored answer to a message again, for the node that sent it. */
export function findReceipt(node: SimulatedNode, from: string, id: string): Reply {
  const row = node.disk.read('inbox', id);
  return row?.fromNode === from ? { status: row.answerStatus, body: row.answer } : { status: 404, body: '' };
}

function waitingIn(node: SimulatedNode, stream: string, next: number): HeldMessage[] {
  return node.disk
    .all('inbox')
    .filter((row) => row.stream === stream && row.sequence > next)
    .sort((a, b) => a.sequence - b.sequence)
    .map((row) => ({
      ...row,
      status: row.status === 'held' ? 'held' : row.status === 'expired' ? 'expired' : 'refused',
    }));
}

async function takeArrival(node: SimulatedNode, from: string, arrival: Arrival): Promise<Reply> {
  const { value: message, payloadSha256: messageSha256, kid } = arrival.message;
  const { transportSha256, inline, transport } = arrival;
  const stream = streamOf(message);
  const now = node.now();
  const known = node.disk.read('inbox', message.id);
  const place = node.disk.all('inbox').find((row) => row.stream === stream && row.sequence === message.sequence);
  const careless = node.has('no-duplicate-check');
  const start = node.disk.read('streamsIn', stream) ?? emptyStreamIn;
  const isSkipping = node.has('skip-sequence-check') && message.sequence > start.next;
  const current = isSkipping || (careless && known) ? { next: message.sequence, lastSha256: message.previous } : start;
  const clock = node.has('expiry-by-sender-clock') ? transport.value.sentAt : now;
  const decided = receive(
    {
      byId: known && !careless && !node.has('duplicate-signed-anew') ? { messageSha256: known.messageSha256 } : null,
      atSequence: place && !careless && !node.has('duplicate-signed-anew') ? { messageId: place.messageId } : null,
      stream:
        node.has('duplicate-signed-anew') && known ? { next: message.sequence, lastSha256: message.previous } : current,
      waiting: waitingIn(node, stream, current.next),
    },
    { message, messageSha256, transportSha256, fromNode: from },
    {
      parts: arrival.hasWrongPart ? 'wrong' : 'whole',
      isAccepted: true,
      freshAt: now,
      gate: null,
    },
    clock ?? now,
  );
  const find = <D extends ReceiveEffect['do']>(what: D) =>
    decided.effects.find((effect): effect is Extract<ReceiveEffect, { do: D }> => effect.do === what);
  if (find('answer-waiting')) return { status: 202, body: '' };
  if (find('answer-stored') && known) return { status: known.answerStatus, body: known.answer };

  const refused = find('refuse');
  const store = find('store');
  const fault = { messageId: message.id, messageSha256, transportSha256 };
  const code =
    refused?.code === 'exchange.clock-skew' && node.has('clock-skew-refused-for-good')
      ? 'exchange.schema'
      : refused?.code;
  let reply: Reply;
  if (code) reply = await refuse(node, fault, code);
  else {
    const receipt = find('receipt');
    const built = await buildReceipt(node.person.signer, node.person.node.nodeKey.kid, {
      ...fault,
      receivedAt: now,
      receiver: node.id,
      order: receipt?.order ?? 'applied',
      ...(receipt?.expects === undefined ? {} : { expects: receipt.expects }),
      log: { origin: `comity/${node.person.node.state}/exchange/1`, index: 0, leafHash: messageSha256 },
      durability: 'flushed',
      checkpoint: null,
      consistency: null,
      cosignature: null,
    });
    reply = { status: 200, body: built.text };
  }
  if (!store) {
    if (refused?.keep && !node.has('final-refusal-forgotten'))
      node.save([{ table: 'refusals', key: transportSha256, row: reply.body }]);
    node.flush();
    return reply;
  }
  node.step('before the commit');
  const row: HeldRow = {
    messageId: message.id,
    messageSha256,
    transportSha256,
    fromNode: from,
    stream,
    sequence: message.sequence,
    previous: message.previous,
    subjectKind: message.subjectKind,
    status: store.status,
    answer: reply.body,
    answerStatus: reply.status,
    receivedAt: now,
    nextAt: now,
    attempts: 0,
    tries: 0,
    isConsigned: false,
    conversationId: message.conversationId,
    from: message.from,
    inline,
  };
  const changes: Change<Tables>[] = [{ table: 'inbox', key: row.messageId, row }];
  const facts: Fact[] = [
    {
      what: 'kept',
      node: node.id,
      id: message.id,
      sha256: messageSha256,
      to: message.to,
      status: store.status,
      isRevoked: node.trust.authorityKey(message.from, kid, now).finding === 'revoked',
      at: Date.parse(now),
      expiresAt: Date.parse(message.expiresAt),
    },
  ];
  if (store.status === 'refused' || store.status === 'expired')
    facts.push({
      what: 'dropped',
      node: node.id,
      id: message.id,
      stream,
      sequence: message.sequence,
      proof: 'refusal',
    });
  for (const effect of decided.effects) {
    if (effect.do === 'event') {
      const about = effect.messageId === row.messageId ? row : node.disk.read('inbox', effect.messageId);
      if (about) changes.push(node.telling(about.from, about.conversationId, [effect]));
    }
    if (effect.do === 'advance' && !(node.has('refused-number-not-used') && store.code !== null))
      changes.push({ table: 'streamsIn', key: stream, row: effect.stream });
    if (effect.do !== 'release' || node.has('held-never-released')) continue;
    const held = node.disk.read('inbox', effect.messageId);
    if (!held) continue;
    const twice = node.has('held-applied-twice') && effect.status === 'received';
    changes.push({ table: 'inbox', key: held.messageId, row: { ...held, status: effect.status, nextAt: now } });
    if (twice) facts.push({ what: 'applied', node: node.id, id: held.messageId, stream, sequence: held.sequence });
    if (effect.status === 'refused')
      facts.push({
        what: 'dropped',
        node: node.id,
        id: held.messageId,
        stream,
        sequence: held.sequence,
        proof: 'event',
      });
  }
  if (node.has('acknowledge-before-commit')) return answerFirst(node, reply, changes, facts);
  node.save(changes, facts);
  node.step('committed');
  if (!node.has('skip-flush')) node.flush();
  node.step('flushed');
  return reply;
}

/** The planted fault: the answer is on its way when the commit fails. */
function answerFirst(node: SimulatedNode, reply: Reply, changes: Change<Tables>[], facts: Fact[]): Reply {
  if (node.around.chance.happens(0.85)) {
    node.save(changes, facts);
    node.flush();
  }
  return reply;
}

/** An official looks at what is parked this long after. */
const officialAfter = 20 * 60_000;

/** Opens what has its turn, the lowest of each stream, and hands it to casework in the transaction that records it. */
export async function openDue(node: SimulatedNode): Promise<void> {
  const heads = new Map<string, HeldRow>();
  for (const row of node.disk.all('inbox')) {
    if (row.status !== 'received' && row.status !== 'parked') continue;
    const head = heads.get(row.stream);
    if (!head || row.sequence < head.sequence) heads.set(row.stream, row);
  }
  for (const row of heads.values()) {
    if (row.nextAt > node.now()) continue;
    if (row.status === 'parked') takeUp(node, row);
    else await open(node, row);
  }
}

/** What an official decides about a message that could not be handed over. */
function takeUp(node: SimulatedNode, row: HeldRow): void {
  const refuses = node.around.chance.happens(0.3);
  const act = refuses ? ({ do: 'refuse', code: 'requests.not-ours' } as const) : ({ do: 'retry' } as const);
  const decided = afterParked(row, act, node.now());
  if (!decided) throw new Error('It is not parked');
  keep(node, row, decided, { changes: [], facts: [] });
}

async function open(node: SimulatedNode, row: HeldRow): Promise<void> {
  const handled = await handle(node, row);
  const opened =
    handled === 'take'
      ? ({ is: 'handed-over' } as const)
      : handled === 'refuse'
        ? ({ is: 'refused', code: 'requests.not-ours', wasOpened: true } as const)
        : ({ is: 'failed', code: 'Error', wasOpened: true } as const);
  const decided = afterOpening(row, opened, node.now(), node.around.chance.share());
  const { messageId: id, stream, sequence } = row;
  if (node.has('handler-failure-dropped') && opened.is === 'failed') {
    node.save(
      [{ table: 'inbox', key: id, row: { ...row, status: 'refused' } }],
      [{ what: 'dropped', node: node.id, id, stream, sequence, proof: null }],
    );
    node.flush();
    return;
  }
  if (decided.status !== 'handed-over') return keep(node, row, decided, { changes: [], facts: [] });
  const heard = node.hear(row.from, node.around.contents.get(id) ?? []);
  const effect: Change<Tables> = { table: 'casework', key: id, row: id };
  const facts: Fact[] = [{ what: 'applied', node: node.id, id, stream, sequence }, ...heard.facts];
  if (node.has('effect-outside-transaction')) {
    node.save([effect, ...heard.changes], facts);
    node.flush();
    node.step('effect without its record');
    keep(node, row, decided, { changes: [], facts: [] });
  } else keep(node, row, decided, { changes: [effect, ...heard.changes], facts });
}

/** Keeps what was decided about a message, with what goes with it, in one transaction. */
function keep(
  node: SimulatedNode,
  row: HeldRow,
  decided: OpeningDecision,
  along: { changes: Change<Tables>[]; facts: Fact[] },
): void {
  const { messageId: id, stream, sequence } = row;
  const later = decided.status === 'parked' ? after(node.now(), officialAfter) : node.now();
  const next: HeldRow = {
    ...row,
    status: decided.status,
    attempts: decided.attempts,
    tries: row.tries + (decided.attempts > row.attempts ? 1 : 0),
    isConsigned: row.isConsigned || decided.events.some((event) => event.type === 'ContentConsignment'),
    nextAt: decided.nextAt ?? later,
  };
  const facts = [...along.facts];
  if (decided.status === 'refused')
    facts.push({ what: 'dropped', node: node.id, id, stream, sequence, proof: 'event' });
  const changes: Change<Tables>[] = [{ table: 'inbox', key: id, row: next }, ...along.changes];
  if (decided.events.length > 0)
    changes.push(
      node.telling(
        row.from,
        row.conversationId,
        decided.events.map((event) => ({ ...event, messageId: id })),
      ),
    );
  node.save(changes, facts);
  node.step('opened');
  node.flush();
}

async function handle(node: SimulatedNode, row: HeldRow): Promise<'take' | 'refuse' | 'fail'> {
  const planned = row.subjectKind === eventKind ? 'take' : node.around.handlerOf(row.messageId, row.tries);
  const manifest = row.inline.get('part-000');
  const body = row.inline.get('part-001');
  if (planned !== 'take' || !node.around.seals || !manifest || !body) return planned;
  const reader = node.person.node.reader;
  const plain = await openBytes(manifest, reader, ['k']);
  const said = JSON.parse(plain.toString('utf8')) as Message & { messageId: string };
  const read = readManifest(plain, {
    ...said,
    id: row.messageId as Message['id'],
    parts: [{ name: 'part-000' }, { name: 'part-001' }] as Message['parts'],
  } as Message);
  if (!read.ok || !read.value.parts[0]) return 'refuse';
  stripBytes(read.value.parts[0], await openBytes(body, reader, ['k']));
  return 'take';
}
