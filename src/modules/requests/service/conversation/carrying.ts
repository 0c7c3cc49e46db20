import type { Tx } from '../../../../platform/db/index.ts';
import type { Instant, Result, StateCode } from '../../../../platform/values/index.ts';
import type { Evidence } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';

/** What a request needs to cross the border; without it requests leave by paper only. Handed in by the app. */
export interface Carrying {
  evidence: Pick<
    Evidence,
    | 'addMemberIn'
    | 'findFilesIn'
    | 'recordRelease'
    | 'openReleased'
    | 'stageFile'
    | 'takeStaged'
    | 'openCaseFileFor'
    | 'recordConsent'
  >;
  /** The node itself, for what no person does. */
  node(): Context;
  /**
   * Whether a detached JWS over a canonical text was made by a key of this authority, valid at the moment. The error is
   * a code: `requests.not-signed`, `requests.signature-not-of-authority`.
   */
  verifyContent(
    tx: Tx,
    given: { authority: string; canonical: string; jws: string; at: Instant },
  ): Promise<Result<{ kid: string }, string>>;
  /** Office that acts for an authority, with the registrars and officers of the central authority who work there. */
  deskOf(tx: Tx, authority: string, at: Instant): Promise<{ officeId: string; members: string[] } | undefined>;
  /** Whether a node is known that serves an authority. */
  mayReach(tx: Tx, authority: string): Promise<boolean>;
  /** Two letters of a State, as ids of authorities begin with them. */
  toAlpha2(state: StateCode): string;
  /** Stops a message that has not been delivered: true when it will not leave any more. */
  recall?(tx: Tx, messageId: string): Promise<boolean>;
  /** Tells the sender that an official of this role opened what came; never who. */
  recordAccess?(tx: Tx, messageId: string, role: string): Promise<void>;
}
