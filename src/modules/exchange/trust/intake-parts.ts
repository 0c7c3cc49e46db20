import type { JWK } from 'jose';
import type { BuiltRecord } from '../../../platform/crypto/index.ts';
import type { Log } from '../../../platform/log.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Problem } from '../../../platform/values/index.ts';
import type { OwnRecords } from './feeds.ts';
import type { OwnNode } from './schema.ts';
import type { FullTrustView } from './view.ts';

/** What a module does with verified records of one feed. */
export interface FeedTaker {
  /** Takes them in order, signed under this confirmed root; answers a code per record that is not taken. */
  take(tx: Tx, records: readonly BuiltRecord[], root: JWK): Promise<{ seq: number; code: string }[]>;
  /** Is told that the owner signed two records with one number. */
  frozen?(tx: Tx, owner: string, lastCommonSeq: number): Promise<void>;
}

export interface IntakeParts {
  own: OwnNode;
  loadTrust(tx: Tx): Promise<FullTrustView>;
  /** By feed, beside `nodes`; a feed without a taker is kept and passed on. */
  takers: Readonly<Record<string, FeedTaker>>;
  /** Where own records of a feed stand that another module signs. */
  ownRecords: Readonly<Record<string, OwnRecords>>;
  log?: Log;
}

export interface IntakeReport {
  owner: string;
  feed: string;
  /** Numbers that count from now on. */
  taken: number[];
  /** In order, but what they say is not taken. */
  refused: { seq: number; code: string }[];
  /** Held already. */
  known: number;
  waiting: number;
  /** First number missing. */
  gapFrom: number | null;
  frozen: boolean;
  /** Newest number in order. */
  head: number;
  problems: Problem[];
}
