import { createHash } from 'node:crypto';
import { withTransaction } from '../../../platform/db/index.ts';
import { Conflict } from '../../../platform/errors.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { listUntold, markCarried } from '../store/index.ts';
import { loadKnown, sealFor, type Sealed } from './address.ts';
import { signAndKeep } from './sign.ts';
import { systemActor, type DeliveryParts } from './types.ts';

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
