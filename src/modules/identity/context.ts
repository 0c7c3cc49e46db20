import type { Clock } from '../../platform/clock.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { OfferedLocale } from '../../platform/i18n/index.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import type { PlainDate, StateCode } from '../../platform/values/index.ts';
import type { Permission, PolicyObject, Role } from './policy.ts';

/** Who acts. A person acts in one office at a time; roles are those held there today. */
export type Actor =
  | {
      kind: 'person';
      id: string;
      name: string;
      officeId: string;
      /** Directory entry the office is, `XB:central-authority`. */
      authority: string | null;
      roles: readonly Role[];
      /** API tokens carry scopes; undefined means all that the roles allow. */
      scopes?: readonly Permission[];
      /** Time of the last second-factor check, for acts that ask a fresh one. */
      steppedUpAt?: string;
    }
  | { kind: 'public' }
  | { kind: 'system'; id: string };

/** A refused attempt, kept until it is recorded in a transaction of its own. */
export interface Denial {
  permission: Permission;
  code: string;
  subject: { kind: string; id: string };
}

/** What every use case gets first: who, when, where, and the one authorisation point. */
export interface Context {
  actor: Actor;
  clock: Clock;
  random: Random;
  log: Log;
  locale: OfferedLocale;
  /** The node's own State, its IANA zone and profile. */
  state: StateCode;
  zone: string;
  profile: 'demo' | 'training' | 'production';
  today(): PlainDate;
  /** One transaction; names the actor to the database first, so that row-level security knows who asks. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Throws `NotAllowed`, or `NotFound` when the actor may not know of the object. */
  allow(permission: Permission, object?: PolicyObject): void;
  /** The same decision without throwing, for buttons and lists. */
  may(permission: Permission, object?: PolicyObject): boolean;
  /** Refused attempts of this call that are not in the log yet. Filled by `allow`, emptied by `flushDenials`. */
  denials?: Denial[];
  /** The session of a signed-in person; absent for tokens, systems and the public. */
  sessionId?: string;
}
