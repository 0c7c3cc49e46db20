import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../../platform/clock.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { Invalid } from '../../../platform/errors.ts';
import {
  putInOutbox,
  type MessageUses,
  type OutgoingContent,
  type OutgoingMessage,
} from '../../../platform/outbox/index.ts';
import { secret, uuidv7 } from '../../../platform/random.ts';
import { recordAudit, type AuditContext } from '../../audit/index.ts';
import { answerPing, failPing, listOpenPings, startPing } from '../store/index.ts';

/** Every secure address is asked this often, in days; one that did not answer the next day again. */
export const pingEveryDays = 30;
const againAfterDays = 1;
const waitHours = 24;
const dayMs = 86_400_000;

const Ping = z.strictObject({
  kind: z.literal('authority-ping'),
  version: z.literal(1),
  authority: z.string().max(90),
});
const Pong = z.strictObject({ kind: z.literal('authority-pong'), version: z.literal(1), ping: z.uuid() });

const pingKind = 'authority-ping/1';
const pongKind = 'authority-pong/1';

function messageTo(
  id: string,
  kind: string,
  of: { conversationId: string; from: string; to: string; inReplyTo: string | null },
): OutgoingMessage {
  return { id, kind, stream: `${of.conversationId} ${of.from} ${of.to}`, payload: { ...of } };
}

/**
 * Asks every secure address that is due whether it answers: a sealed message that the other node answers at once.
 * @param from own authority that asks
 * @param addresses directory entries that can be reached by node now
 * @returns how many were asked
 */
export async function sendDuePings(
  tx: Tx,
  ctx: AuditContext,
  from: string,
  addresses: readonly string[],
): Promise<number> {
  const now = ctx.clock.now();
  const open = new Map((await listOpenPings(tx)).map((one) => [one.recordId, one]));
  let asked = 0;
  for (const to of addresses) {
    const held = open.get(to);
    const every = held?.pingId || (held?.failed ?? 0) > 0 ? againAfterDays : pingEveryDays;
    if (held?.askedAt && Date.parse(now) - Date.parse(held.askedAt) < every * dayMs) continue;
    // One that was never answered nor refused by its expiry has failed, whatever became of the message.
    if (held?.pingId) await failPing(tx, to, held.pingId);
    const id = uuidv7(ctx.random, Date.parse(now));
    await startPing(tx, to, id, now);
    const conversationId = secret(ctx.random, 16);
    await putInOutbox(tx, ctx, messageTo(id, pingKind, { conversationId, from, to, inReplyTo: null }));
    asked += 1;
  }
  if (asked > 0) await recordAudit(tx, ctx, 'authorities.ping', { kind: 'directory', id: from }, { asked });
  return asked;
}

const Payload = z.object({
  conversationId: z.string(),
  from: z.string(),
  to: z.string(),
  inReplyTo: z.string().nullable(),
});

function contentOf(message: OutgoingMessage, body: Record<string, unknown>): OutgoingContent {
  return {
    ...Payload.parse(message.payload),
    legalBasis: null,
    tlp: 'GREEN',
    priority: 'routine',
    expiresAfterHours: waitHours,
    subject: 'Directory',
    nationalReferences: [],
    body,
    files: [],
  };
}

/** Pings and pongs as messages: what they carry, what is done with them, and what a silence means. */
export function pingUses({ clock }: { clock: Clock }): MessageUses {
  return {
    pack: {
      [pingKind]: async (message) =>
        contentOf(message, { kind: 'authority-ping', version: 1, authority: Payload.parse(message.payload).to }),
      [pongKind]: async (message) =>
        contentOf(message, {
          kind: 'authority-pong',
          version: 1,
          ping: Payload.parse(message.payload).inReplyTo ?? '',
        }),
    },
    handlers: {
      [pingKind]: {
        async apply(tx, message) {
          if (!Ping.safeParse(message.body).success) throw new Invalid('authorities.bad-ping');
          // Taken once: the answer's id follows from the question's, so that a repeat puts nothing more out.
          const id = answerId(message.id);
          const { conversationId, from, to } = message;
          await putInOutbox(
            tx,
            { clock },
            messageTo(id, pongKind, { conversationId, from: to, to: from, inReplyTo: message.id }),
          );
        },
      },
      [pongKind]: {
        async apply(tx, message) {
          const pong = Pong.safeParse(message.body);
          if (!pong.success || pong.data.ping !== message.inReplyTo) throw new Invalid('authorities.bad-ping');
          await answerPing(tx, message.from, pong.data.ping, message.receivedAt);
        },
      },
    },
    outcomes: {
      async [pingKind](tx, { id, outcome }) {
        if (outcome === 'expired' || outcome === 'refused') await failPing(tx, undefined, id);
      },
    },
  };
}

/** UUIDv7 of the answer to a ping, made of the time and the hash of its id. */
function answerId(ping: string): string {
  const hash = createHash('sha256').update(`pong ${ping}`).digest();
  return uuidv7(
    { bytes: (length) => hash.subarray(0, length) },
    Number.parseInt(ping.replaceAll('-', '').slice(0, 12), 16),
  );
}
