import type { StampAuthority } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { ComityError } from '../../../platform/errors.ts';
import { sha256, toInstant, type Instant, type Sha256 } from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import * as store from '../store/stamps.ts';

/** Between two questions to the authority, whatever the load; milliseconds. */
export const betweenStamps = 60_000;
const longestWait = 3_600_000;

/** Waits longer each time, up to an hour. */
export function waitAfter(tries: number): number {
  return Math.min(betweenStamps * 2 ** Math.min(tries, 10), longestWait);
}

/** A signed state of a log: what a time stamp is asked for. */
export interface LogState {
  origin: string;
  size: number;
  /** The signed note. */
  note: string;
}

/** How stamps of a log are called. */
export function stateSubject({ origin, size }: Pick<LogState, 'origin' | 'size'>): string {
  return `checkpoint:${origin} ${size}`;
}

/** How far a log is time-stamped; null when nothing was ever asked. */
export async function logStamps(
  tx: Tx,
  origin: string,
): Promise<{ stamped: number; at: Instant | null; lastCode: string | null } | null> {
  const asked = await store.newestStamps(tx, stateSubject({ origin, size: 0 }).slice(0, -1));
  if (!asked.any) return null;
  const size = Number(asked.done?.subject.split(' ').at(-1) ?? 0);
  return { stamped: size, at: asked.done?.stampedAt ?? null, lastCode: asked.lastCode };
}

/** The first time stamp over a signed state of a log that holds at least `least` entries and at most `most`. */
export function findStampedState(
  tx: Tx,
  origin: string,
  least: number,
  most: number,
): Promise<{ size: number; token: Buffer; at: Instant } | undefined> {
  return store.firstStamp(tx, stateSubject({ origin, size: 0 }).slice(0, -1), least, most);
}

export interface StampUses {
  /** Asks for a time stamp, in the transaction of what is stamped. `subject`: `checkpoint:` with origin and size. */
  askStamp(tx: Tx, subject: string, imprint: Sha256, at: Instant): Promise<void>;
  /** Asks the authority once, if something is due and the last question is a minute ago. Answers whether a token came. */
  stampNext(ctx: Context): Promise<boolean>;
  /**
   * Asks for a time stamp over the newest signed state of a log, unless it has one or an earlier state still waits: a
   * stamp over a later state covers what came before. Does nothing without an authority.
   */
  askForState(tx: Tx, state: LogState, at: Instant): Promise<void>;
  findStamp(tx: Tx, subject: string): Promise<{ token: Buffer; at: Instant } | undefined>;
  /** "Not yet time-stamped (n, since …)". */
  stampBacklog(tx: Tx): Promise<{ waiting: number; since: Instant | null }>;
}

export function stampUses(authority: StampAuthority | undefined): StampUses {
  let lastAsked = 0;
  const after = (now: Instant, millis: number) => toInstant(new Date(Date.parse(now) + millis));
  return {
    askStamp: (tx, subject, imprint, at) => store.insertStamp(tx, subject, imprint, at),

    async askForState(tx, state, at) {
      if (!authority || state.size === 0) return;
      const { waiting } = await store.newestStamps(tx, stateSubject({ ...state, size: 0 }).slice(0, -1));
      if (!waiting) await store.insertStamp(tx, stateSubject(state), sha256(state.note), at);
    },

    async stampNext(ctx) {
      const now = ctx.clock.now();
      if (!authority || Date.parse(now) - lastAsked < betweenStamps) return false;
      return ctx.transaction(async (tx) => {
        const due = await store.lockDueStamp(tx, now);
        if (!due) return false;
        lastAsked = Date.parse(now);
        try {
          const { token, stamp } = await authority.stamp(due.imprint);
          await store.saveToken(tx, due.subject, token, stamp.at);
          return true;
        } catch (error) {
          if (!(error instanceof ComityError)) throw error;
          // Mail flows without it; what waits is shown.
          await store.putOff(tx, due.subject, due.tries + 1, error.code, after(now, waitAfter(due.tries)));
          return false;
        }
      });
    },

    async findStamp(tx, subject) {
      const row = await store.findStampRow(tx, subject);
      return row?.token && row.stamped_at ? { token: row.token, at: row.stamped_at } : undefined;
    },

    stampBacklog: (tx) => store.countWaiting(tx),
  };
}
