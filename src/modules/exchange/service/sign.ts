import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { Conflict } from '../../../platform/errors.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { canonical, type Instant, type Sha256 } from '../../../platform/values/index.ts';
import { commitMessage, prepareMessage, releaseMessage } from '../core.ts';
import { buildMessage, type Signed } from '../envelope.ts';
import type { Link, StreamOut } from '../rules/index.ts';
import { MessageId, type Message } from '../schema.ts';
import { announceBlob, insertOutbox, lockStreams, setStreamsOut } from '../store/index.ts';
import type { Known, Sealed } from './address.ts';
import { priorities, tellOutcome } from './outgoing.ts';
import { createRecord } from './record.ts';
import { later, systemActor, type DeliveryParts } from './types.ts';

const defaultHours = 720;

interface SignedItem {
  item: Sealed;
  message: Signed<Message>;
}

function fieldsOf(
  { id, kind, content, sealed }: Sealed,
  place: { sequence: number; previous: Sha256 | null },
  signedAt: Instant,
): Parameters<typeof buildMessage>[2] {
  return {
    id: MessageId.parse(id),
    subjectKind: kind,
    from: content.from,
    to: content.to,
    conversationId: content.conversationId,
    sequence: place.sequence,
    previous: place.previous,
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

export interface Commit {
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
export async function signAndKeep(
  parts: DeliveryParts,
  { own }: Known,
  items: readonly Sealed[],
  commit: Commit,
): Promise<Sealed[]> {
  const { db, clock, random, keys } = parts;
  const holder = uuidv7(random, Date.parse(clock.now()));
  const lent = await lend(parts, [...new Set(items.map((item) => item.stream))], holder);
  const mine = items.filter((item) => lent.has(item.stream));
  const busy = items.filter((item) => !lent.has(item.stream));
  try {
    const links = new Map<string, Link[]>();
    const signed: SignedItem[] = [];
    for (const item of mine) {
      const before = links.get(item.stream) ?? [];
      const last = before.at(-1);
      const place = last ? { sequence: last.sequence + 1, previous: last.messageSha256 } : lent.get(item.stream);
      const authority = own.authorities.get(item.content.from);
      if (!place || !authority) throw new Conflict('exchange.lease-lost');
      const message = await buildMessage(keys, authority.sign.kid, fieldsOf(item, place, clock.now()));
      links.set(item.stream, [...before, { ...place, messageSha256: message.payloadSha256 }]);
      signed.push({ item, message });
    }
    await withTransaction(db, systemActor, (tx) => keep(tx, parts, holder, links, signed, commit));
    return busy;
  } catch (error) {
    await giveBackPlaces(parts, [...lent.keys()], holder).catch(() => undefined);
    throw error;
  }
}

/** Reserves the next places of streams; those that another holds are left out. */
async function lend(
  { db, clock }: DeliveryParts,
  streams: readonly string[],
  holder: string,
): Promise<Map<string, { sequence: number; previous: Sha256 | null }>> {
  return withTransaction(
    db,
    systemActor,
    async (tx) => {
      const lent = new Map<string, { sequence: number; previous: Sha256 | null }>();
      const changed = new Map<string, StreamOut>();
      for (const [name, { out }] of await lockStreams(tx, streams)) {
        const prepared = prepareMessage(out, holder, clock.now());
        if (!prepared.ok) continue;
        const { stream, ...place } = prepared.value;
        lent.set(name, place);
        changed.set(name, stream);
      }
      await setStreamsOut(tx, changed);
      return lent;
    },
    { retry: true },
  );
}

/** Gives places back that were not used: nothing was sent, so there is no gap. */
async function giveBackPlaces({ db }: DeliveryParts, streams: readonly string[], holder: string): Promise<void> {
  await withTransaction(db, systemActor, async (tx) => {
    const ends = await lockStreams(tx, streams);
    await setStreamsOut(tx, new Map([...ends].map(([name, { out }]) => [name, releaseMessage(out, holder)])));
  });
}

/** Uses the places that were lent, keeps the messages and whatever goes with them, in one transaction. */
async function keep(
  tx: Tx,
  parts: DeliveryParts,
  holder: string,
  links: ReadonlyMap<string, readonly Link[]>,
  signed: readonly SignedItem[],
  commit: Commit,
): Promise<void> {
  const at = parts.clock.now();
  const used = new Map<string, StreamOut>();
  for (const [name, { out }] of await lockStreams(tx, [...links.keys()])) {
    const moved = commitMessage(out, holder, links.get(name) ?? []);
    if (!moved.ok) throw new Conflict('exchange.lease-lost');
    used.set(name, moved.value);
  }
  await setStreamsOut(tx, used);
  await insertOutbox(
    tx,
    signed.map((one) => rowOf(one, at)),
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
  if (!commit.states) return;
  const record = createRecord(parts);
  for (const { item, message } of signed) {
    const { id, kind } = item;
    record.state({ type: 'SubmissionAcceptance', messageId: id, messageSha256: message.payloadSha256, at });
    const row = { message_id: id, kind, conversation_id: item.content.conversationId };
    await tellOutcome(tx, parts, row, { outcome: 'held-here', at, reason: null, by: parts.node });
  }
  await record.flush(tx);
}

function rowOf({ item, message }: SignedItem, at: Instant): Parameters<typeof insertOutbox>[1][number] {
  return {
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
    status: 'queued',
    not_before: at,
    lease_until: null,
    last_code: null,
    queued_at: at,
    first_tried_at: null,
    ended_at: null,
    receipt_bytes: null,
    receipt_at: null,
    refusal_bytes: null,
    given_as: null,
  };
}
