import { createHash } from 'node:crypto';
import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { Conflict, Unavailable } from '../../../platform/errors.ts';
import { failureCode, mostTries, nextTry } from '../../../platform/jobs/index.ts';
import {
  endWaiting,
  returnWaiting,
  takeWaiting,
  type OutgoingContent,
  type WaitingMessage,
} from '../../../platform/outbox/index.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { canonical, type Instant, type Sha256 } from '../../../platform/values/index.ts';
import { buildMessage, type Signed } from '../envelope.ts';
import { MessageId, streamOf, type Message, type NodeId, type TrustView } from '../schema.ts';
import {
  advanceOut,
  announceBlob,
  insertOutbox,
  knownOutgoing,
  listUntold,
  markCarried,
  releaseStreams,
  reserveStreams,
} from '../store/index.ts';
import { createRecord } from './record.ts';
import { dropStaged, sealContent, type SealedContent } from './seal.ts';
import { later, systemActor, type DeliveryParts, type SigningKeys } from './types.ts';

/** While a card or a remote service signs, nobody else gets the number. */
const signingLease = 600_000;
const atOnce = 32;
const freshWithin = 86_400_000;
const defaultHours = 720;
const longestWait = 60_000;

export const priorities = ['immediate', 'urgent', 'routine'] as const;

/** A sealed message that only lacks its place and its signature. */
interface Sealed {
  id: string;
  kind: string;
  content: OutgoingContent;
  peer: NodeId;
  stream: string;
  sealed: SealedContent;
}

/** Directory and own keys of one moment. */
interface Known {
  trust: TrustView;
  own: SigningKeys;
}

async function loadKnown(tx: Tx, parts: DeliveryParts): Promise<Known> {
  return { trust: await parts.trust.loadTrust(tx), own: await parts.trust.ownKeys(tx) };
}

/**
 * Who gets a message, and what it is sealed to: keys of receiver and sender. There is no way to send without.
 * @throws Unavailable `exchange.unknown-authority`, `exchange.no-sealing-key`, `exchange.stale-trust`, `exchange.no-signing-key`
 */
function addressOf(
  parts: DeliveryParts,
  { trust, own: keys }: Known,
  content: OutgoingContent,
): { peer: NodeId; recipients: string[] } {
  const now = parts.clock.now();
  const { from, to } = content;
  const peer = trust.nodeOf(to);
  if (peer === undefined) throw new Unavailable('exchange.unknown-authority', { params: { authority: to } });
  if (!keys.authorities.has(from)) throw new Unavailable('exchange.no-signing-key', { params: { authority: from } });
  const theirs = trust.sealingKeys(to, now);
  const ours = trust.sealingKeys(from, now);
  if (theirs.length === 0 || ours.length === 0)
    throw new Unavailable('exchange.no-sealing-key', { params: { authority: theirs.length === 0 ? to : from } });
  const owner = trust.node(peer)?.owner;
  const fresh = owner === undefined || peer === parts.node ? now : trust.freshAt(owner);
  const isStale = fresh === null || Date.parse(now) - Date.parse(fresh) > freshWithin;
  if (isStale && content.tlp !== 'CLEAR' && content.tlp !== 'GREEN')
    throw new Unavailable('exchange.stale-trust', { params: { authority: to } });
  return { peer, recipients: [...new Set([...theirs, ...ours].map((one) => one.recipient))] };
}

async function sealFor(
  parts: DeliveryParts,
  known: Known,
  id: string,
  kind: string,
  content: OutgoingContent,
): Promise<Sealed> {
  const { peer, recipients } = addressOf(parts, known, content);
  const sealed = await sealContent(parts, id, content, recipients);
  return { id, kind, content, peer, stream: streamOf(content), sealed };
}

function fieldsOf(
  { id, kind, content, sealed }: Sealed,
  place: { next: number; lastSha256: Sha256 | null },
  signedAt: Instant,
): Parameters<typeof buildMessage>[2] {
  return {
    id: MessageId.parse(id),
    subjectKind: kind,
    from: content.from,
    to: content.to,
    conversationId: content.conversationId,
    sequence: place.next,
    previous: place.lastSha256,
    inReplyTo: content.inReplyTo === null ? null : MessageId.parse(content.inReplyTo),
    legalBasis: content.legalBasis,
    tlp: content.tlp as Message['tlp'],
    priority: content.priority,
    signedAt,
    expiresAt: later(signedAt, (content.expiresAfterHours ?? defaultHours) * 3_600_000),
    mode: 'basic',
    parts: sealed.parts,
  };
}

function inlineText(inline: ReadonlyMap<string, Buffer>): Buffer {
  return Buffer.from(
    canonical(Object.fromEntries([...inline].map(([name, bytes]) => [name, bytes.toString('base64url')]))),
    'utf8',
  );
}

/** Sealed parts as `inlineText` kept them until the first attempt. */
export function readInline(bytes: Buffer): Map<string, Buffer> {
  const found = JSON.parse(bytes.toString('utf8')) as { [name: string]: string };
  return new Map(Object.entries(found).map(([name, text]) => [name, Buffer.from(text, 'base64url')]));
}

interface Commit {
  /** Runs in the transaction that keeps the messages. */
  also(tx: Tx, kept: readonly Sealed[]): Promise<void>;
  /** Whether the event of their submission is stated; events about events are not. */
  states: boolean;
}

/**
 * Gives sealed messages their places, has them signed, and keeps them for sending. The places are held while keys sign,
 * by nobody's lock; a holder that never comes back loses them.
 * @returns those whose stream another holds now
 */
async function signAndKeep(
  parts: DeliveryParts,
  { own }: Known,
  items: readonly Sealed[],
  commit: Commit,
): Promise<Sealed[]> {
  const { db, clock, random, keys } = parts;
  const holder = uuidv7(random, Date.parse(clock.now()));
  const streams = [...new Set(items.map((item) => item.stream))];
  const now = clock.now();
  const ends = await withTransaction(
    db,
    systemActor,
    (tx) => reserveStreams(tx, streams, holder, now, later(now, signingLease)),
    { retry: true },
  );
  const mine = items.filter((item) => ends.has(item.stream));
  const busy = items.filter((item) => !ends.has(item.stream));
  try {
    const places = new Map([...ends].map(([stream, end]) => [stream, { ...end }]));
    const signed: { item: Sealed; message: Signed<Message> }[] = [];
    for (const item of mine) {
      const place = places.get(item.stream);
      const authority = own.authorities.get(item.content.from);
      if (!place || !authority) throw new Conflict('exchange.lease-lost');
      const message = await buildMessage(keys, authority.sign.kid, fieldsOf(item, place, clock.now()));
      places.set(item.stream, { next: place.next + 1, lastSha256: message.payloadSha256 });
      signed.push({ item, message });
    }
    await withTransaction(db, systemActor, async (tx) => {
      const at = clock.now();
      const record = createRecord(parts);
      for (const stream of [...ends.keys()].sort()) {
        const moved = await advanceOut(tx, stream, holder, ends.get(stream)!.next, places.get(stream)!);
        if (!moved) throw new Conflict('exchange.lease-lost');
      }
      await insertOutbox(
        tx,
        signed.map(({ item, message }) => ({
          message_id: item.id,
          peer: item.peer,
          stream: item.stream,
          sequence: String(message.value.sequence),
          conversation_id: item.content.conversationId,
          from_authority: item.content.from,
          to_authority: item.content.to,
          kind: item.kind,
          priority: priorities.indexOf(item.content.priority),
          tlp: item.content.tlp,
          message_sha256: message.payloadSha256,
          previous_sha256: message.value.previous,
          message_bytes: Buffer.from(message.text, 'utf8'),
          inline_bytes: inlineText(item.sealed.inline),
          transport_bytes: null,
          transport_sha256: null,
          signed_at: message.value.signedAt,
          expires_at: message.value.expiresAt,
          status: 'queued' as const,
          not_before: at,
          lease_until: null,
          last_code: null,
          queued_at: at,
          first_tried_at: null,
          ended_at: null,
          receipt_bytes: null,
          receipt_at: null,
          refusal_bytes: null,
        })),
      );
      for (const { item } of signed)
        for (const { blobId, part } of item.sealed.staged)
          await announceBlob(tx, {
            blob_id: blobId,
            direction: 'out',
            peer: item.peer,
            message_id: item.id,
            part: part.name,
            length: String(part.length),
            payload_root: part.payloadRoot,
            header_sha256: part.headerSha256,
            status: 'announced',
            announced_at: at,
            changed_at: at,
          });
      await commit.also(
        tx,
        signed.map(({ item }) => item),
      );
      if (commit.states) {
        for (const { item, message } of signed) {
          record.state({ type: 'SubmissionAcceptance', messageId: item.id, messageSha256: message.payloadSha256, at });
          await parts.uses.outcomes[item.kind]?.(tx, {
            id: item.id,
            kind: item.kind,
            conversationId: item.content.conversationId,
            outcome: 'held-here',
            at,
            reason: null,
            by: parts.node,
          });
        }
        await record.flush(tx);
      }
    });
    return busy;
  } catch (error) {
    await withTransaction(db, systemActor, (tx) => releaseStreams(tx, [...ends.keys()], holder)).catch(() => undefined);
    throw error;
  }
}

/** Codes that wait for directory, keys or another worker, however long: nothing is given up for them. */
function mayPass(code: string): boolean {
  return code.startsWith('exchange.');
}

/** Lets go of messages that only wait for one before them in their stream. */
async function letGo(parts: DeliveryParts, messages: readonly WaitingMessage[]): Promise<void> {
  const now = parts.clock.now();
  await withTransaction(parts.db, systemActor, async (tx) => {
    for (const { id, tries } of messages)
      await returnWaiting(tx, now, { id, tries, code: 'exchange.waits-for-earlier', nextAt: now, dead: false });
  });
}

async function giveBack(parts: DeliveryParts, message: WaitingMessage, error: unknown): Promise<void> {
  const now = parts.clock.now();
  const code = failureCode(error);
  const tries = message.tries + 1;
  const dead = tries >= mostTries && !mayPass(code);
  const wait = nextTry(now, tries, parts.random);
  // Directory and keys may come any moment: what waits for them is looked at every minute.
  const soonest = later(now, longestWait);
  const nextAt = mayPass(code) && wait > soonest ? soonest : wait;
  await withTransaction(parts.db, systemActor, (tx) =>
    returnWaiting(tx, now, { id: message.id, tries, code, nextAt, dead }),
  );
  parts.log[dead ? 'error' : 'warn']({ event: 'exchange.not-prepared', message: message.id, tries, code });
}

/**
 * Takes what modules want to send, seals and signs it, and keeps it for sending, all of a batch in one transaction.
 * A message that cannot be sealed stays where it is, with the code that says why.
 * @returns whether there was anything
 */
export async function packWaiting(parts: DeliveryParts): Promise<boolean> {
  const { db, clock } = parts;
  // A node that was restored gives out no numbers before two persons let it go on: it may have given them already.
  const taken = await withTransaction(db, systemActor, async (tx) =>
    (await parts.witness.gate(tx)).may ? takeWaiting(tx, clock.now(), signingLease, atOnce) : [],
  );
  if (taken.length === 0) return false;
  const { known, sent } = await withTransaction(db, systemActor, async (tx) => ({
    known: await loadKnown(tx, parts),
    sent: await knownOutgoing(
      tx,
      taken.map((message) => message.id),
    ),
  }));
  const ready: Sealed[] = [];
  const nothing: string[] = [];
  const stopped = new Set<string>();
  const behind: WaitingMessage[] = [];
  for (const message of taken) {
    try {
      if (sent.has(message.id)) nothing.push(message.id);
      else if (stopped.has(message.stream)) behind.push(message);
      else {
        const pack = parts.uses.pack[message.kind];
        if (!pack) throw new Unavailable('exchange.kind-not-sent', { params: { kind: message.kind } });
        const content = await pack(message);
        if (content === undefined) nothing.push(message.id);
        else ready.push(await sealFor(parts, known, message.id, message.kind, content));
      }
    } catch (error) {
      stopped.add(message.stream);
      await giveBack(parts, message, error);
    }
  }
  if (behind.length > 0) await letGo(parts, behind);
  const byId = new Map(taken.map((message) => [message.id, message]));
  try {
    const busy = await signAndKeep(parts, known, ready, {
      states: true,
      also: (tx, kept) => endWaiting(tx, clock.now(), [...nothing, ...kept.map((item) => item.id)]),
    });
    for (const item of busy) {
      await dropStaged(parts, item.sealed);
      await giveBack(parts, byId.get(item.id)!, new Unavailable('exchange.lease-lost'));
    }
  } catch (error) {
    for (const item of ready) {
      await dropStaged(parts, item.sealed);
      await giveBack(parts, byId.get(item.id)!, error);
    }
  }
  return true;
}

/** The conversation in which events about another travel: they never wait behind a gap of it, and make none. */
export function eventConversation(conversationId: string): string {
  return createHash('sha256').update(`comity events ${conversationId}`).digest().subarray(0, 16).toString('base64url');
}

export const eventKind = 'event/1';
const eventsPerMessage = 100;

/** Sends events that wait to the other side, those of one conversation together. Events about events are never stated. */
export async function tellEvents(parts: DeliveryParts): Promise<boolean> {
  const { db, clock, random } = parts;
  const { rows, known } = await withTransaction(db, systemActor, async (tx) => ({
    rows: (await parts.witness.gate(tx)).may ? await listUntold(tx, 256) : [],
    known: await loadKnown(tx, parts),
  }));
  if (rows.length === 0) return false;
  const groups = new Map<string, typeof rows>();
  for (const row of rows) {
    const name = `${row.conversation_id} ${row.as_authority} ${row.for_authority}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const ready: Sealed[] = [];
  const carried = new Map<string, string[]>();
  for (const group of groups.values()) {
    const first = group[0];
    if (!first?.as_authority || !first.for_authority || !first.conversation_id) continue;
    const some = group.slice(0, eventsPerMessage);
    const id = uuidv7(random, Date.parse(clock.now()));
    try {
      const sealed = await sealFor(parts, known, id, eventKind, {
        conversationId: eventConversation(first.conversation_id),
        from: first.as_authority,
        to: first.for_authority,
        inReplyTo: null,
        legalBasis: null,
        tlp: 'GREEN',
        priority: 'routine',
        subject: 'event',
        nationalReferences: [],
        body: {
          kind: 'event',
          version: 1,
          events: some.map((row) => JSON.parse(row.bytes.toString('utf8')) as unknown),
        },
        files: [],
      });
      ready.push(sealed);
      carried.set(
        id,
        some.map((row) => row.event_id),
      );
    } catch (error) {
      parts.log.warn({ event: 'exchange.event-waits', code: failureCode(error), to: first.for_authority });
    }
  }
  if (ready.length === 0) return false;
  await signAndKeep(parts, known, ready, {
    states: false,
    async also(tx, kept) {
      for (const item of kept) {
        const ids = carried.get(item.id) ?? [];
        if ((await markCarried(tx, item.id, ids)) !== ids.length) throw new Conflict('exchange.lease-lost');
      }
    },
  });
  return true;
}
