import { z } from 'zod';
import type { Tx } from '../../../../platform/db/index.ts';
import { Invalid, NotFound } from '../../../../platform/errors.ts';
import { uuidv7 } from '../../../../platform/random.ts';
import { fail, isBlocked, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';
import { recordAudit } from '../../../audit/index.ts';
import type { Context } from '../../../identity/index.ts';
import { changesBasis, maySupplement, saysSame, valueAt, withValueAt } from '../../rules/index.ts';
import {
  canonicalContent,
  Change,
  ChangeDecision,
  contentHash,
  DraftRequest,
  originalHash,
  readDraft,
  readShape,
  RequestSupplementBody,
  saysIn,
  sharedPart,
  type ActionData,
} from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import type { NewChange, Supplement } from '../conversation/types.ts';
import type { Ends, Post } from '../conversation/post.ts';
import { withoutUndefined } from '../sealed-case.ts';
import { personOf, storedAs, type Loaded, type OutgoingBase } from './base.ts';

/** What is kept sealed of a supplement, on either side. */
export const KeptSupplement = z.strictObject({
  changes: z.array(Change),
  draft: DraftRequest,
  /** Revision it was prepared on. */
  ofRevision: z.int(),
  decisions: z.array(ChangeDecision),
});
export type KeptSupplement = z.infer<typeof KeptSupplement>;

export const supplementPlace = (id: string) => `request-supplements/${id}`;

export interface SupplementUses {
  prepare(ctx: Context, reference: string, changes: readonly NewChange[]): Promise<Result<Supplement, Problem[]>>;
  drop(ctx: Context, reference: string, id: string): Promise<void>;
  list(tx: Tx, ctx: Context, row: store.RequestRow): Promise<Supplement[]>;
  /** Signs the new version and sends it with its changes. */
  send(
    tx: Tx,
    ctx: Context,
    loaded: Loaded,
    to: Ends,
    data: ActionData,
  ): Promise<Result<{ data: Partial<ActionData>; draft: DraftRequest }, Problem[]>>;
}

/** A translation goes along with changes that are given in its language too; otherwise it is one of the old text. */
function withTranslations(before: DraftRequest, after: DraftRequest, changes: readonly NewChange[]): DraftRequest {
  const [old, now] = [originalHash(before), originalHash(after)];
  if (!after.languages?.translations) return after;
  const translations = after.languages.translations.map((one) =>
    one.ofVersion === old && one.lang && changes.every((change) => saysIn(change.after, one.lang ?? ''))
      ? { ...one, ofVersion: now }
      : one,
  );
  return { ...after, languages: { ...after.languages, translations } };
}

export function supplementUses(base: OutgoingBase, post: Post): SupplementUses {
  const { parts, sealed } = base;

  async function open(tx: Tx, row: store.SupplementRow): Promise<KeptSupplement> {
    return KeptSupplement.parse(await sealed.open(tx, row.case_file_id, row.sealed_body, supplementPlace(row.id)));
  }

  async function toSupplement(tx: Tx, ctx: Context, row: store.SupplementRow): Promise<Supplement> {
    const { changes, draft, decisions } = await open(tx, row);
    const { problems } = await base.checkWith(tx, ctx, draft, 'sign', {
      id: row.request_id,
      caseFileId: row.case_file_id,
    });
    const decided = new Map(decisions.map((one) => [one.id, one]));
    return {
      id: row.id,
      contentHash: contentHash(draft),
      status: row.status === 'prepared' || row.status === 'dropped' ? row.status : 'sent',
      requestVersion: row.request_version,
      preparedBy: row.by_whom,
      at: row.at,
      changes: changes.map((one) => ({ ...one, decision: decided.get(one.id) ?? null })),
      problems,
    };
  }

  return {
    prepare: (ctx, reference, given) =>
      ctx.transaction(async (tx) => {
        const loaded = await base.load(tx, ctx, reference, 'requests.edit', true);
        const { row, draft } = loaded;
        if (!row.conversation_id) return fail([problem('requests.nothing-out')]);
        if (given.length === 0) return fail([problem('requests.no-changes', ['changes'])]);
        const now = ctx.clock.now();
        let text: unknown = withoutUndefined(draft);
        const found: Problem[] = [];
        const changes: unknown[] = [];
        for (const [n, { path, after, why }] of given.entries()) {
          const before = valueAt(text, path) ?? null;
          const at = path.join('/');
          if (!maySupplement(path))
            found.push(problem('requests.place-not-shared', ['changes', n, 'path'], { params: { at } }));
          else if (saysSame(before, after))
            found.push(problem('requests.no-changes', ['changes', n], { params: { at } }));
          else {
            const next = withValueAt(text, path, after);
            if (next === undefined)
              found.push(problem('requests.bad-place', ['changes', n, 'path'], { params: { at } }));
            else text = next;
          }
          changes.push({ id: uuidv7(ctx.random, Date.parse(now)), path: [...path], before, after, why });
        }
        const readChanges = readShape(z.array(Change), changes);
        if (!readChanges.ok)
          found.push(...readChanges.error.map((one) => ({ ...one, path: ['changes', ...one.path] })));
        if (found.length > 0 || !readChanges.ok) return fail(found);
        const { signature, contentHash: before, ...rest } = text as DraftRequest;
        const { jws: _jws, at: _at, on: _on, ...signatory } = signature ?? {};
        const read = readDraft({
          ...rest,
          signature: signatory,
          requestVersion: row.request_version + 1,
          supersedes: before ?? contentHash(draft),
        });
        if (!read.ok) return fail(read.error);
        const next = withTranslations(draft, read.value, given);
        if (changesBasis(draft, next)) return fail([problem('requests.basis-needs-clearance', ['basis'])]);
        const id = uuidv7(ctx.random, Date.parse(now));
        const body: KeptSupplement = {
          changes: readChanges.value,
          draft: next,
          ofRevision: row.revision,
          decisions: [],
        };
        const kept: store.SupplementRow = {
          id,
          request_id: row.id,
          case_file_id: row.case_file_id,
          direction: 'out',
          status: 'prepared',
          request_version: row.request_version + 1,
          at: now,
          by_whom: personOf(ctx).id,
          sealed_body: await sealed.seal(tx, row.case_file_id, body, supplementPlace(id)),
        };
        await store.insertSupplement(tx, kept);
        await recordAudit(tx, ctx, 'requests.edit', { kind: 'request', id: row.reference }, { supplement: id });
        return ok(await toSupplement(tx, ctx, kept));
      }),

    drop: (ctx, reference, id) =>
      ctx.transaction(async (tx) => {
        const { row } = await base.load(tx, ctx, reference, 'requests.edit', true);
        const found = (await store.listSupplements(tx, row.id)).find(
          (one) => one.id === id && one.status === 'prepared',
        );
        if (!found) throw new NotFound('requests.no-such-supplement');
        await store.updateSupplement(tx, id, { status: 'dropped' });
        await recordAudit(tx, ctx, 'requests.edit', { kind: 'request', id: row.reference }, { dropped: id });
      }),

    async list(tx, ctx, row) {
      const rows = (await store.listSupplements(tx, row.id)).filter((one) => one.direction === 'out');
      return Promise.all(rows.map((one) => toSupplement(tx, ctx, one)));
    },

    async send(tx, ctx, { row, facts, draft }, to, data) {
      const id = data.supplement;
      const found = (await store.listSupplements(tx, row.id)).find((one) => one.id === id && one.status === 'prepared');
      if (!found || !id) throw new Invalid('requests.no-such-supplement');
      const kept = await open(tx, found);
      if (kept.ofRevision !== row.revision) return fail([problem('requests.supplement-stale', ['supplement'])]);
      // A new version is signed as the first one was, by somebody who did not prepare it.
      ctx.allow('requests.sign', { ...facts, createdBy: undefined, involved: [found.by_whom] });
      const { problems } = await base.checkWith(tx, ctx, kept.draft, 'sign', storedAs(row));
      if (isBlocked(problems)) return fail(problems.filter((one) => one.severity === 'block'));
      const hash = contentHash(kept.draft);
      const proof = await parts.signing.verify(tx, ctx, hash, data.assertion ? { assertion: data.assertion } : {});
      if (!proof.ok) return fail([proof.error]);
      const jws = await parts.signContent?.(canonicalContent(kept.draft));
      if (!jws) return fail([problem('requests.no-authority-key')]);
      const signed: DraftRequest = {
        ...kept.draft,
        contentHash: hash,
        signature: { ...kept.draft.signature, on: ctx.today(), at: ctx.clock.now(), jws },
        ...(draft.internal ? { internal: draft.internal } : {}),
      };
      const act = await post.nextAct(tx, ctx, row.id, { side: 'requesting', kind: 'supplement' });
      const body = readShape(RequestSupplementBody, {
        kind: 'request-supplement',
        version: 1,
        id,
        to: row.reference,
        ofVersion: row.request_version,
        changes: kept.changes,
        request: { ...sharedPart(signed), contentHash: hash, signature: withoutUndefined(signed.signature ?? {}) },
        act,
      });
      if (!body.ok) return fail(body.error);
      const message = await post.send(tx, ctx, to, {
        kind: 'request-supplement/1',
        body: body.value,
        act,
        about: draft,
        references: [row.reference, row.other_reference],
      });
      await store.updateSupplement(tx, id, { status: 'sent' });
      const assertion = JSON.stringify(proof.value).slice(0, 20_000);
      return ok({ data: { message, act: act.id, supplement: id, contentHash: hash, assertion }, draft: signed });
    },
  };
}
