import type { JWK } from 'jose';
import type { KeyStore } from '../../../platform/crypto/index.ts';
import type { PlainDate, StateCode } from '../../../platform/values/index.ts';

/** How the node signs its own feed: the delegate key, and what proves it to others. */
export interface FeedSigner {
  keys: KeyStore;
  kid: string;
  /** Owner of the feed: the own State's code. */
  owner: string;
  root: JWK;
  delegations: readonly string[];
}

/** What `app.ts` hands in. All optional: without `statusOn` no status warnings, without `signer` no signed feed. */
export interface AuthoritiesNeeds {
  /** Status of a State under an instrument on a day, from `treaties`: `party`, `unknown`, or why not. */
  statusOn?(state: StateCode, instrument: string, on: PlainDate): string;
  signer?: FeedSigner;
  /** Owner whose custodian entries are taken: the secretariat's node. */
  secretariat?: string;
  /** Languages in which the own office can write, best first. */
  ownLanguages?: readonly string[];
}
