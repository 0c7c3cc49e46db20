import type { Tx } from '../../../../platform/db/index.ts';
import { Invalid, NotAllowed } from '../../../../platform/errors.ts';
import {
  isBlocked,
  parseReference,
  type PlainDate,
  type Problem,
  type Reference,
} from '../../../../platform/values/index.ts';
import type { CaseFileFacts } from '../../../evidence/index.ts';
import type { Context, Permission } from '../../../identity/index.ts';
import {
  actionPermission,
  checkRequest,
  clocksOf,
  completenessOf,
  fold,
  foldShared,
  holdUntil,
  involvedIn,
  isShared,
  needsReason,
  nextActions,
  sharedStage,
  signedHash,
  statusAfter,
  warningsWithoutReason,
} from '../../rules/index.ts';
import {
  ActionData,
  ActionKind,
  contentHash,
  type DraftRequest,
  type RequestAction,
  type RequestFacts,
  type Stage,
  type Status,
} from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import { saveClocks } from '../desk.ts';
import { findAllowedOn } from '../find-allowed.ts';
import { saveMatchKeys } from '../matches.ts';
import { sealedCase, type SealedCase } from '../sealed-case.ts';
import type { StoredAs } from '../stored-as.ts';
import type { CheckAnswer, NextAction, RequestsParts, RequestView } from '../types.ts';
import { asReadBy } from './read-by.ts';

/** A request of ours with everything that belongs to it, opened. */
export interface Loaded {
  row: store.RequestRow;
  facts: CaseFileFacts;
  draft: DraftRequest;
  actions: RequestAction[];
}

export function personOf(ctx: Context): { id: string; officeId: string } {
  if (ctx.actor.kind !== 'person') throw new NotAllowed('requests.not-found');
  return ctx.actor;
}

export function readReference(text: string): Reference {
  const read = parseReference(text);
  if (!read.ok) throw new Invalid(read.error.code, { problems: [read.error], params: read.error.params ?? {} });
  return read.value;
}

export function storedAs(row: store.RequestRow): StoredAs {
  return { id: row.id, caseFileId: row.case_file_id };
}

/** What every use case of the requesting side is made from. */
export interface OutgoingBase {
  parts: RequestsParts;
  sealed: SealedCase;
  findAllowed(
    tx: Tx,
    ctx: Context,
    text: string,
    permission: Permission,
    forChange: boolean,
  ): Promise<Pick<Loaded, 'row' | 'facts'>>;
  load(tx: Tx, ctx: Context, text: string, permission: Permission, forChange: boolean): Promise<Loaded>;
  /** A request that the caller has found, for what the node itself does. */
  openRow(tx: Tx, row: store.RequestRow): Promise<Omit<Loaded, 'facts'>>;
  append(
    tx: Tx,
    ctx: Context,
    row: store.RequestRow,
    act: { seq: number; kind: ActionKind; data: ActionData; by: string },
  ): Promise<RequestAction>;
  checkWith(
    tx: Tx,
    ctx: Context,
    draft: DraftRequest,
    stage: Stage,
    stored: StoredAs | undefined,
    given?: RequestFacts,
  ): Promise<{ problems: Problem[]; on: PlainDate; facts: RequestFacts }>;
  answer(draft: DraftRequest, problems: Problem[], on: PlainDate, reference: string | null): CheckAnswer;
  /** Writes what goes with a text beside it: terms, keys to find its like by, and the columns of lists. */
  saveAround(
    tx: Tx,
    ctx: Context,
    row: store.RequestRow,
    given: { draft: DraftRequest; actions: readonly RequestAction[]; status: Status; facts: RequestFacts },
    change: store.RequestChange,
  ): Promise<void>;
  /** Appends an act with its status, terms and columns; the text stays. */
  record(
    tx: Tx,
    ctx: Context,
    loaded: Omit<Loaded, 'facts'>,
    kind: ActionKind,
    data: ActionData,
    more: { by: string; columns?: store.RequestChange },
  ): Promise<void>;
  view(tx: Tx, ctx: Context, loaded: Loaded): Promise<RequestView>;
  again(tx: Tx, ctx: Context, reference: Reference): Promise<RequestView>;
}

function columnsOf(draft: DraftRequest): store.RequestChange {
  return {
    requested_state: draft.requested?.state ?? null,
    types: draft.types ?? [],
    urgent: draft.urgency?.level === 'urgent',
    deadline: draft.deadline?.date ?? null,
    content_hash: contentHash(draft),
    request_version: draft.requestVersion ?? 1,
  };
}

function nextOf(ctx: Context, loaded: Pick<Loaded, 'facts' | 'actions'>, status: Status): NextAction[] {
  return (nextActions[status] as readonly ActionKind[]).flatMap((action): NextAction[] => {
    const permission = actionPermission[action];
    if (permission === 'system') return [];
    const involved = involvedIn(loaded.actions, action);
    const allowed = ctx.may(permission, { ...loaded.facts, createdBy: undefined, involved });
    return [{ action, allowed, needsReason: needsReason.has(action) }];
  });
}

export function outgoingBase(parts: RequestsParts): OutgoingBase {
  const { definitions } = parts;
  const sealed = sealedCase(parts.sealer);

  const base: OutgoingBase = {
    parts,
    sealed,

    findAllowed: (tx, ctx, text, permission, forChange) =>
      findAllowedOn('outgoing', tx, ctx, readReference(text), permission, forChange),

    async load(tx, ctx, text, permission, forChange) {
      const { row, facts } = await base.findAllowed(tx, ctx, text, permission, forChange);
      return { ...(await base.openRow(tx, row)), facts };
    },

    openRow: async (tx, row) => ({
      row,
      draft: await sealed.openText(tx, row, row.revision),
      actions: await sealed.openActs(tx, row, ActionKind, ActionData),
    }),

    append: (tx, ctx, row, act) => sealed.append(tx, ctx, row, { ...act, shared: isShared.has(act.kind) }),

    async checkWith(tx, ctx, draft, stage, stored, given) {
      const facts = given ?? (await parts.facts(tx, ctx, draft, stage, stored));
      const on = ctx.today();
      return { problems: checkRequest(definitions, draft, facts, on), on, facts };
    },

    answer: (draft, problems, on, reference) => ({
      kind: 'requests.check',
      version: 1,
      reference,
      ruleSet: definitions.ruleSet,
      on,
      blocked: isBlocked(problems),
      problems,
      open: warningsWithoutReason(draft, problems),
      completeness: completenessOf(draft, problems),
    }),

    async saveAround(tx, ctx, row, given, change) {
      const clocks = clocksOf(given.draft, given.actions, given.status, given.facts, ctx.zone);
      const due_on = await saveClocks(tx, ctx, row, clocks);
      if (parts.matching) await saveMatchKeys(parts.matching, tx, storedAs(row), given.draft);
      await store.updateRequest(tx, row.id, { ...columnsOf(given.draft), due_on, ...change });
    },

    async record(tx, ctx, { row, draft, actions }, kind, data, { by, columns = {} }) {
      const action = await base.append(tx, ctx, row, { seq: actions.length + 1, kind, data, by });
      const status = statusAfter(fold(actions), kind, data);
      const facts = await parts.facts(tx, ctx, draft, 'draft', storedAs(row));
      await base.saveAround(
        tx,
        ctx,
        row,
        { draft, actions: [...actions, action], status, facts },
        {
          status,
          head_action: action.id,
          changed_at: action.at,
          ...(status === fold(actions) ? {} : { waiting_until: null }),
          ...columns,
        },
      );
    },

    async view(tx, ctx, loaded) {
      const { row, draft, actions } = loaded;
      const status = fold(actions);
      const signed = actions.findLast((one) => one.kind === 'sign');
      const facts = await parts.facts(tx, ctx, draft, 'draft', storedAs(row));
      const shared = foldShared(await store.listSharedActs(tx, row.id));
      return {
        id: row.id,
        reference: row.reference,
        caseFileId: row.case_file_id,
        status,
        // What left outside the node has no acts that the other side signed for.
        stage: shared.stage ?? sharedStage(status),
        shared,
        otherReference: row.other_reference,
        revision: row.revision,
        head: row.head_action,
        requestVersion: row.request_version,
        contentHash: contentHash(draft),
        signedHash: signedHash(actions),
        holdUntil: status === 'signed' && signed ? holdUntil(signed.at) : null,
        urgent: row.urgent,
        owner: row.owner_id ?? row.created_by,
        waitingUntil: row.waiting_until,
        request: asReadBy(ctx, loaded.facts, draft),
        actions,
        next: nextOf(ctx, loaded, status),
        clocks: clocksOf(draft, actions, status, facts, ctx.zone),
        createdBy: row.created_by,
        createdAt: row.created_at,
        changedAt: row.changed_at,
      };
    },

    again: async (tx, ctx, reference) =>
      base.view(tx, ctx, await base.load(tx, ctx, reference, 'requests.read', false)),
  };
  return base;
}
