import { withTransaction } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import { failureCode, mostTries, nextTry } from '../../../platform/jobs/index.ts';
import { endWaiting, returnWaiting, takeWaiting, type WaitingMessage } from '../../../platform/outbox/index.ts';
import { leaseLength } from '../rules/index.ts';
import { knownOutgoing } from '../store/index.ts';
import { loadKnown, sealFor, type Sealed } from './address.ts';
import { dropStaged } from './seal.ts';
import { signAndKeep } from './sign.ts';
import { later, systemActor, type DeliveryParts } from './types.ts';

const atOnce = 32;
const longestWait = 60_000;

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
  const taken = await withTransaction(db, systemActor, async (tx) => {
    const may = (await parts.witness.gate(tx)).may && ((await parts.mayRelease?.(tx)) ?? true);
    return may ? takeWaiting(tx, clock.now(), leaseLength, atOnce) : [];
  });
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
