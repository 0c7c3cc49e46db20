import { NotFound, Conflict, Invalid, Unavailable } from '../../../platform/errors.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { fail, ok, problem, toReference } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import { findCaseFileFacts } from '../../evidence/index.ts';
import { completenessOf, endStatuses, fold, taskPages } from '../rules/index.ts';
import { contentHash, readDraft } from '../schema/index.ts';
import * as store from '../store/index.ts';
import { basisAfter, optionsFor } from './basis.ts';
import { createPost } from './conversation/post.ts';
import { threadUses } from './conversation/thread.ts';
import { deskUses } from './desk.ts';
import { takeAction } from './outgoing/act.ts';
import { outgoingBase, personOf, storedAs } from './outgoing/base.ts';
import { conversationUses } from './outgoing/conversation.ts';
import { firstDraft, withDesk, withTranslationsOf } from './outgoing/first-draft.ts';
import { outgoingLetters } from './outgoing/letters.ts';
import { asReadBy } from './outgoing/read-by.ts';
import { storeSection } from './outgoing/section.ts';
import { supplementUses } from './outgoing/supplements.ts';
import { withoutUndefined } from './sealed-case.ts';
import type { Requests, RequestsParts } from './types.ts';

function lawOf(parts: RequestsParts): NonNullable<RequestsParts['law']> {
  if (!parts.law) throw new Unavailable('requests.no-treaty-data');
  return parts.law;
}

/** Builds the use cases of the requesting side. */
export function createRequests(parts: RequestsParts): Requests {
  const { definitions } = parts;
  const base = outgoingBase(parts);
  const { sealed, load, findAllowed, checkWith, answer, again } = base;
  const post = createPost(sealed, parts.carrying);
  const supplements = supplementUses(base, post);
  const letters = outgoingLetters(base, post, supplements);
  const thread = threadUses(sealed, post, parts.carrying);

  return {
    definitions,
    pages: (types) => taskPages(definitions, types),

    open: (ctx, { caseFileId, types, to, from }) =>
      ctx.transaction(async (tx) => {
        const facts = await findCaseFileFacts(tx, caseFileId, ctx.clock.now());
        ctx.allow('requests.create', facts ?? { members: [] });
        if (!facts) throw new NotFound('requests.not-found');
        const person = personOf(ctx);
        const unknown = types.filter((type) => !definitions.types.some((one) => one.id === type));
        if (unknown.length > 0 || types.length === 0) {
          const problems = unknown.map((given) => problem('requests.unknown-type', ['types'], { params: { given } }));
          throw new Invalid(problems.length > 0 ? 'requests.unknown-type' : 'requests.no-types', {
            problems,
            params: { given: unknown[0] ?? '' },
          });
        }
        const now = ctx.clock.now();
        const month = ctx.today().slice(0, 7);
        const reference = toReference(
          parts.own.alpha2,
          month,
          await store.nextNumber(tx, month),
          ctx.profile === 'training',
        );
        const id = uuidv7(ctx.random, Date.parse(now));
        const { ruleSet } = definitions;
        const first = firstDraft(ctx, { reference, types, to, from, ruleSet, own: parts.own });
        const draft = withTranslationsOf(from, withDesk(first, (await parts.facts(tx, ctx, first, 'draft')).desk));
        const row: store.RequestRow = {
          id,
          reference,
          case_file_id: caseFileId,
          office_id: person.officeId,
          side: 'outgoing',
          requesting_state: ctx.state,
          requested_state: to ?? null,
          types,
          status: 'draft',
          urgent: false,
          deadline: null,
          request_version: 1,
          rule_set: definitions.ruleSet,
          content_hash: contentHash(draft),
          revision: 1,
          // Set below to the action that opens the request.
          head_action: id,
          tasks_done: 0,
          owner_id: null,
          waiting_until: null,
          due_on: null,
          conversation_id: null,
          own_authority: null,
          other_authority: null,
          other_reference: null,
          changed_by_other_side: false,
          received_at: null,
          created_by: person.id,
          created_at: now,
          changed_at: now,
        };
        await store.insertRequest(tx, row);
        await sealed.saveText(tx, row, { revision: 1, section: 'all', draft, by: person.id, at: now });
        const opening = await base.append(tx, ctx, row, {
          seq: 1,
          kind: 'open',
          data: { revision: 1 },
          by: person.id,
        });
        const { problems, facts: found } = await checkWith(tx, ctx, draft, 'draft', storedAs(row));
        await base.saveAround(
          tx,
          ctx,
          row,
          { draft, actions: [opening], status: 'draft', facts: found },
          { head_action: opening.id, tasks_done: completenessOf(draft, problems).done },
        );
        await recordAudit(
          tx,
          ctx,
          'requests.create',
          { kind: 'request', id: reference },
          { types: types.join(' '), to: to ?? null },
        );
        return again(tx, ctx, reference);
      }),

    get: (ctx, text) =>
      ctx.transaction(async (tx) => {
        const loaded = await load(tx, ctx, text, 'requests.read', false);
        await recordAudit(tx, ctx, 'requests.read', { kind: 'request', id: loaded.row.reference });
        return base.view(tx, ctx, loaded);
      }),

    ...deskUses({ lock: (tx, ctx, text) => findAllowed(tx, ctx, text, 'requests.assign', true) }),

    saveSection: (ctx, text, save) =>
      ctx.transaction(async (tx) =>
        storeSection(base, tx, ctx, await load(tx, ctx, text, 'requests.edit', true), save),
      ),

    basisOptions: (ctx, text) =>
      ctx.transaction(async (tx) => {
        const { row, draft } = await load(tx, ctx, text, 'requests.read', false);
        await recordAudit(tx, ctx, 'requests.read', { kind: 'request', id: row.reference }, { part: 'basis' });
        return optionsFor(lawOf(parts), ctx, draft);
      }),

    chooseBasis: (ctx, text, { seen, ...choice }) =>
      ctx.transaction(async (tx) => {
        const loaded = await load(tx, ctx, text, 'requests.edit', true);
        const basis = basisAfter(lawOf(parts), ctx, loaded.draft, choice);
        return storeSection(base, tx, ctx, loaded, {
          task: 'offence',
          seen: seen ?? loaded.row.revision,
          content: { basis },
        });
      }),

    check: (ctx, text, stage = 'draft') =>
      ctx.transaction(async (tx) => {
        const { row, draft } = await load(tx, ctx, text, 'requests.read', false);
        await recordAudit(tx, ctx, 'requests.check', { kind: 'request', id: row.reference }, { stage });
        const { problems, on } = await checkWith(tx, ctx, draft, stage, storedAs(row));
        return answer(draft, problems, on, row.reference);
      }),

    checkDraft: (ctx, input, given) =>
      ctx.transaction(async (tx) => {
        ctx.allow('requests.check');
        const read = readDraft(input);
        if (!read.ok) throw new Invalid('requests.not-a-request', { problems: read.error });
        const { problems, on } = await checkWith(tx, ctx, read.value, 'draft', undefined, given);
        return answer(read.value, problems, on, read.value.reference ?? null);
      }),

    act: (ctx, text, kind, data, seen) =>
      ctx.transaction((tx) => takeAction(base, letters, tx, ctx, text, kind, data, seen)),

    ...conversationUses(base, post, letters, thread, supplements),

    revisions: (ctx, text) =>
      ctx.transaction(async (tx) =>
        store.listRevisions(tx, (await load(tx, ctx, text, 'requests.read', false)).row.id),
      ),

    revision: (ctx, text, revision) =>
      ctx.transaction(async (tx) => {
        const { row, facts } = await load(tx, ctx, text, 'requests.read', false);
        await recordAudit(tx, ctx, 'requests.read', { kind: 'request', id: row.reference }, { revision });
        return asReadBy(ctx, facts, await sealed.openText(tx, row, revision));
      }),

    saveRisk: (ctx, text, risk) =>
      ctx.transaction(async (tx) => {
        const loaded = await load(tx, ctx, text, 'requests.edit-risk', true);
        const { row, draft, actions } = loaded;
        const status = fold(actions);
        if (endStatuses.includes(status)) throw new Conflict('requests.request-ended', { params: { status } });
        const read = readDraft({ ...withoutUndefined(draft), internal: { ...draft.internal, risk } });
        if (!read.ok) return fail({ problems: read.error });
        const revision = row.revision + 1;
        await sealed.saveText(tx, row, {
          revision,
          section: 'risk',
          draft: read.value,
          by: personOf(ctx).id,
          at: ctx.clock.now(),
        });
        await store.updateRequest(tx, row.id, { revision });
        await recordAudit(tx, ctx, 'requests.edit-risk', { kind: 'request', id: row.reference }, { revision });
        return ok(await again(tx, ctx, row.reference));
      }),
  };
}
