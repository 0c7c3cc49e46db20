import type { Tx } from '../../../../platform/db/index.ts';
import { Conflict, Invalid } from '../../../../platform/errors.ts';
import { canonical, fail, ok, problem } from '../../../../platform/values/index.ts';
import { recordAudit } from '../../../audit/index.ts';
import type { Context } from '../../../identity/index.ts';
import { completenessOf, fold } from '../../rules/index.ts';
import { isTask, partsOf, readDraft, sectionOf, type DraftRequest } from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import { snapshotOf } from '../basis.ts';
import { withoutUndefined } from '../sealed-case.ts';
import type { SaveOutcome, SectionSave } from '../types.ts';
import { personOf, storedAs, type Loaded, type OutgoingBase } from './base.ts';
import { asReadBy, partsAs, withoutProof, withRiskOf, writesRisk } from './read-by.ts';

/** What the law says of the basis is put in by the node at each change of it; what was read stays. */
function withSnapshot({ parts }: OutgoingBase, ctx: Context, draft: DraftRequest): DraftRequest {
  if (!parts.law || !draft.basis?.primary?.instrument) return draft;
  const snapshot = snapshotOf(parts.law, ctx, draft, draft.basis.snapshot?.acknowledged ?? []);
  return { ...draft, basis: { ...draft.basis, snapshot } };
}

/** Stores the parts of one task as the next revision; two who wrote on one part get both texts back. */
export async function storeSection(
  base: OutgoingBase,
  tx: Tx,
  ctx: Context,
  loaded: Loaded,
  { task, seen, content }: SectionSave,
): Promise<SaveOutcome> {
  const { row, draft, actions } = loaded;
  const { parts, sealed } = base;
  const person = personOf(ctx);
  if (!isTask(task)) throw new Invalid('requests.unknown-task', { params: { given: String(task) } });
  const status = fold(actions);
  if (status !== 'draft') throw new Conflict('requests.not-a-draft', { params: { status } });
  const foreign = Object.keys(content).filter((key) => !(partsOf(task) as string[]).includes(key));
  if (foreign.length > 0) {
    return fail({
      problems: foreign.map((field) =>
        problem(field in sectionOf ? 'requests.part-of-other-task' : 'requests.unknown-field', [field], {
          params: { field },
        }),
      ),
    });
  }
  const read = readDraft({
    ...withoutUndefined(draft),
    ...Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null)),
  });
  if (!read.ok) return fail({ problems: read.error });
  const taken = withoutProof(
    Object.fromEntries(Object.entries(read.value).filter(([key]) => content[key] !== null)) as DraftRequest,
  );
  const mayWriteRisk = ctx.may('requests.edit-risk', loaded.facts);
  if (!mayWriteRisk && writesRisk(taken, draft)) {
    return fail({ problems: [problem('requests.risk-not-yours', ['internal', 'risk'])] });
  }
  // Who may not see the risk check cannot take it out by saving the rest.
  const typed = mayWriteRisk ? taken : withRiskOf(draft, taken);
  const same = canonical(partsAs(typed, task)) === canonical(partsAs(draft, task));
  const head = await store.findSectionHead(tx, row.id, task);
  // Going back and saving anew is one's own to decide, and the earlier text stays among the revisions.
  if (head && head.revision > seen && !same && head.saved_by !== person.id) {
    const names = await parts.namesOf?.(tx, [head.saved_by]);
    const by = names?.get(head.saved_by) ?? head.saved_by;
    return fail({
      conflict: {
        task,
        revision: row.revision,
        by,
        at: head.saved_at,
        theirs: partsAs(asReadBy(ctx, loaded.facts, draft), task),
        yours: partsAs(asReadBy(ctx, loaded.facts, typed), task),
      },
    });
  }
  if (same) return ok(await base.view(tx, ctx, loaded));
  const next = task === 'offence' ? withSnapshot(base, ctx, typed) : typed;
  const revision = row.revision + 1;
  await sealed.saveText(tx, row, { revision, section: task, draft: next, by: person.id, at: ctx.clock.now() });
  const last = actions.at(-1);
  // One action for a stretch of saves by one person: the revisions say the rest.
  const isNewStretch = last?.kind !== 'edit' || last.actor !== person.id;
  const edit = isNewStretch
    ? await base.append(tx, ctx, row, {
        seq: actions.length + 1,
        kind: 'edit',
        data: { revision, section: task },
        by: person.id,
      })
    : undefined;
  const { problems, facts } = await base.checkWith(tx, ctx, next, 'draft', storedAs(row));
  await base.saveAround(
    tx,
    ctx,
    row,
    { draft: next, actions: edit ? [...actions, edit] : actions, status, facts },
    {
      revision,
      ...(edit ? { head_action: edit.id } : {}),
      tasks_done: completenessOf(next, problems).done,
      changed_at: ctx.clock.now(),
    },
  );
  await recordAudit(tx, ctx, 'requests.edit', { kind: 'request', id: row.reference }, { section: task, revision });
  return ok(await base.again(tx, ctx, row.reference));
}
