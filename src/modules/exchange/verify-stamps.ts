import type { X509Certificate } from 'node:crypto';
import {
  openCms,
  openTimeStamp,
  readCheckpoint,
  readNote,
  type Note,
  type TreeHead,
} from '../../platform/crypto/index.ts';
import { ComityError } from '../../platform/errors.ts';
import { sha256 } from '../../platform/values/index.ts';
import type { MessageProof, Statement } from './rules/proof.ts';

export interface StampFacts {
  head: TreeHead | undefined;
  /** Whether a state is the checkpoint of the proof or, by its proofs, the beginning of it. */
  isBegin(seen: TreeHead, head: TreeHead): boolean;
  /** Whether the owner of the log signed the note. */
  isOwn(note: Note, origin: string): boolean;
  /** Roots of time-stamp authorities that the reader has from elsewhere. */
  roots: readonly X509Certificate[] | undefined;
}

function nameOf(certificate: X509Certificate): string {
  return /(?:^|\n)CN=([^\n]+)/.exec(certificate.subject)?.[1] ?? certificate.subject.replaceAll('\n', ', ');
}

/**
 * What the time stamps of a proof show: that a state of the log, and with it all its entries, existed at a moment that an
 * authority states. Without roots the authority itself is not checked, and the sentence says so.
 * @source RFC 3161
 */
export function stampStatements({ stamps, log }: Pick<MessageProof, 'stamps' | 'log'>, facts: StampFacts): Statement[] {
  const says = (holds: boolean, code: string, params: Statement['params'] = {}): Statement => ({
    holds,
    code: `log.verify-${code}`,
    params,
  });
  if (stamps.length === 0) return [says(true, 'no-stamp')];
  return stamps.map(({ checkpoint, token }): Statement => {
    const note = readNote(checkpoint);
    const seen = note && readCheckpoint(note.text);
    if (!note || !seen) return says(false, 'not-a', { thing: 'checkpoint', why: 'exchange.not-canonical' });
    const { origin, size } = seen;
    if (!facts.isOwn(note, origin)) return says(false, 'bad-signature', { thing: 'checkpoint', signer: origin });
    if (!facts.head || !facts.isBegin(seen, facts.head)) return says(false, 'stamp-of-another', { origin, size });
    if (log.some((one) => one.index >= size)) return says(false, 'stamp-too-early', { size });
    try {
      const der = Buffer.from(token, 'base64');
      const { at, signer } = openTimeStamp(der, {
        imprint: sha256(checkpoint),
        roots: facts.roots ?? [openCms(der).signer],
      });
      return says(true, facts.roots ? 'stamp' : 'stamp-unchecked', { by: nameOf(signer), size, at });
    } catch (error) {
      if (!(error instanceof ComityError)) throw error;
      return says(false, 'bad-stamp', { size, why: error.code });
    }
  });
}
