import { createHash } from 'node:crypto';
import { withTransaction } from '../../../platform/db/index.ts';
import { Conflict } from '../../../platform/errors.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import { uuidv7 } from '../../../platform/random.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { listUntold, markCarried } from '../store/index.ts';
import { loadKnown, sealFor, type Sealed } from './address.ts';
import { signAndKeep } from './sign.ts';
import { systemActor, type DeliveryParts } from './types.ts';

/**
 * The conversation in which one authority tells another what became of its messages, one a day: events never wait behind a
 * gap of the conversation that they speak of, and make none; those of many conversations go together.
 */
export function eventConversation(from: string, to: string, at: Instant): string {
  const name = `comity events ${from} ${to} ${at.slice(0, 10)}`;
  return createHash('sha256').update(name).digest().subarray(0, 16).toString('base64url');
}

export const eventKind = 'event/1';
/** So many fill a sealed part of 64 KiB. */
const eventsPerMessage = 60;

/**
 * Sends events that wait to the other side, those of one pair of authorities together. While some are on their way the next
 * gather: one alone leaves at once, and many cost little more than one. Events about events are never stated.
 */
export async function tellEvents(parts: DeliveryParts): Promise<boolean> {
  const { db, clock, random } = parts;
  const { rows, known } = await withTransaction(db, systemActor, async (tx) => ({
    rows: (await parts.witness.gate(tx)).may ? await listUntold(tx, eventKind, eventsPerMessage) : [],
    known: await loadKnown(tx, parts),
  }));
  if (rows.length === 0) return false;
  const groups = new Map<string, typeof rows>();
  for (const row of rows) {
    const name = `${row.as_authority} ${row.for_authority}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const ready: Sealed[] = [];
  const carried = new Map<string, string[]>();
  for (const group of groups.values()) {
    const first = group[0];
    if (!first?.as_authority || !first.for_authority) continue;
    const now = clock.now();
    const id = uuidv7(random, Date.parse(now));
    try {
      const sealed = await sealFor(parts, known, id, eventKind, {
        conversationId: eventConversation(first.as_authority, first.for_authority, now),
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
          events: group.map((row) => JSON.parse(row.bytes.toString('utf8')) as unknown),
        },
        files: [],
      });
      ready.push(sealed);
      carried.set(
        id,
        group.map((row) => row.event_id),
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
