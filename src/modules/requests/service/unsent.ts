import { z } from 'zod';
import type { Tx } from '../../../platform/db/index.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import { findCaseFileFacts, type Sealer } from '../../evidence/index.ts';
import type { Context } from '../../identity/index.ts';
import * as store from '../store/index.ts';
import { readReference } from './outgoing/base.ts';
import { sealedCase } from './sealed-case.ts';

const Typed = z.record(z.string(), z.array(z.string()));
export type UnsentForm = Record<string, string[]>;

/** What somebody has typed into a form of a request, on either side, before it is sent: theirs alone. */
export interface Unsent {
  /** Keeps the fields as they stand; `place` names the form, `act/refuse`. Throws `Invalid` `requests.line-too-long` past 400,000 characters. */
  keep(ctx: Context, reference: string, place: string, typed: UnsentForm): Promise<void>;
  find(ctx: Context, reference: string, place: string): Promise<{ typed: UnsentForm; at: Instant } | undefined>;
  /** Once it was sent. */
  drop(ctx: Context, reference: string, place: string): Promise<void>;
}

const longest = 400_000;
const sealedPlace = (place: string, person: string) => `request-unsent/${place}/${person}`;

export function createUnsent({ sealer }: { sealer: Sealer }): Unsent {
  const sealed = sealedCase(sealer);

  async function load(tx: Tx, ctx: Context, reference: string) {
    const row = await store.findRequest(tx, readReference(reference));
    const facts = row && (await findCaseFileFacts(tx, row.case_file_id, ctx.clock.now()));
    // Absent and hidden answer alike.
    ctx.allow('requests.read', facts ?? { members: [] });
    if (!row || ctx.actor.kind !== 'person') throw new NotFound('requests.not-found');
    return { row, person: ctx.actor.id };
  }

  return {
    keep: (ctx, reference, place, typed) =>
      ctx.transaction(async (tx) => {
        const { row, person } = await load(tx, ctx, reference);
        if (JSON.stringify(typed).length > longest)
          throw new Invalid('requests.line-too-long', { params: { limit: longest } });
        await store.saveUnsent(tx, {
          request_id: row.id,
          case_file_id: row.case_file_id,
          place,
          person_id: person,
          at: ctx.clock.now(),
          sealed_form: await sealed.seal(tx, row.case_file_id, typed, sealedPlace(place, person)),
        });
        await recordAudit(tx, ctx, 'requests.keep-unsent', { kind: 'request', id: row.reference }, { place });
      }),

    find: (ctx, reference, place) =>
      ctx.transaction(async (tx) => {
        const { row, person } = await load(tx, ctx, reference);
        const kept = await store.findUnsent(tx, { request_id: row.id, place, person_id: person });
        if (!kept) return undefined;
        const typed = await sealed.open(tx, row.case_file_id, kept.sealed_form, sealedPlace(place, person));
        return { typed: Typed.parse(typed), at: kept.at };
      }),

    drop: (ctx, reference, place) =>
      ctx.transaction(async (tx) => {
        const { row, person } = await load(tx, ctx, reference);
        await store.deleteUnsent(tx, { request_id: row.id, place, person_id: person });
      }),
  };
}
