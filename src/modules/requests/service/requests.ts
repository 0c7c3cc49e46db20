import type { Tx } from '../../../platform/db/index.ts';
import { Conflict, Invalid, NotAllowed, NotFound, Unavailable } from '../../../platform/errors.ts';
import { uuidv7 } from '../../../platform/random.ts';
import {
  canonical,
  dayIn,
  fail,
  isBlocked,
  ok,
  parseReference,
  problem,
  toReference,
  type PlainDate,
  type Problem,
  type Reference,
} from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import { findCaseFileFacts, type CaseFileFacts } from '../../evidence/index.ts';
import type { Context, Permission } from '../../identity/index.ts';
import {
  actionPermission,
  checkRequest,
  clocksOf,
  completenessOf,
  decideAction,
  endStatuses,
  fold,
  holdUntil,
  involvedIn,
  isShared,
  needsReason,
  nextActions,
  sharedStage,
  signedHash,
  statusAfter,
  taskPages,
  warningsWithoutReason,
  type Sending,
} from '../rules/index.ts';
import {
  ActionData,
  canonicalContent,
  contentHash,
  DraftRequest,
  isTask,
  originalHash,
  partsOf,
  readDraft,
  sectionOf,
  type ActionKind,
  type RequestAction,
  type RequestFacts,
  type Stage,
  type Status,
  type Task,
} from '../schema/index.ts';
import * as store from '../store/index.ts';
import { basisAfter, optionsFor, snapshotOf } from './basis.ts';
import { deskUses, saveClocks } from './desk.ts';
import { saveMatchKeys } from './matches.ts';
import type { StoredAs } from './stored-as.ts';
import type {
  CheckAnswer,
  NextAction,
  Requests,
  RequestsParts,
  RequestView,
  SaveOutcome,
  SectionSave,
} from './types.ts';

const stageOfAction: Partial<Record<ActionKind, Stage>> = {
  'submit-for-review': 'review',
  clear: 'clear',
  sign: 'sign',
  transmit: 'transmit',
};

interface Loaded {
  row: store.RequestRow;
  facts: CaseFileFacts;
  draft: DraftRequest;
  actions: RequestAction[];
}

function personOf(ctx: Context): { id: string; officeId: string } {
  if (ctx.actor.kind !== 'person') throw new NotAllowed('requests.not-found');
  return ctx.actor;
}

function readReference(text: string): Reference {
  const read = parseReference(text);
  if (!read.ok) throw new Invalid(read.error.code, { problems: [read.error], params: read.error.params ?? {} });
  return read.value;
}

function lawOf(parts: RequestsParts): NonNullable<RequestsParts['law']> {
  if (!parts.law) throw new Unavailable('requests.no-treaty-data');
  return parts.law;
}

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined && item !== null)) as T;
}

/** Builds the use cases of the requesting side. */
export function createRequests(parts: RequestsParts): Requests {
  const { definitions, sealer } = parts;

  async function findAllowed(
    tx: Tx,
    ctx: Context,
    text: string,
    permission: Permission,
    forChange: boolean,
  ): Promise<Pick<Loaded, 'row' | 'facts'>> {
    const reference = readReference(text);
    const row = await (forChange ? store.lockRequest(tx, reference) : store.findRequest(tx, reference));
    const facts = row && (await findCaseFileFacts(tx, row.case_file_id, ctx.clock.now()));
    // Absent and hidden answer alike.
    ctx.allow('requests.read', facts ?? { members: [] });
    if (!row || !facts) throw new NotFound('requests.not-found');
    if (permission !== 'requests.read') ctx.allow(permission, facts);
    return { row, facts };
  }

  async function load(tx: Tx, ctx: Context, text: string, permission: Permission, forChange: boolean): Promise<Loaded> {
    const { row, facts } = await findAllowed(tx, ctx, text, permission, forChange);
    return { row, facts, draft: await openText(tx, row), actions: await openActions(tx, row) };
  }

  const textPlace = (id: string, revision: number) => `requests/${id}/${revision}`;
  const actionPlace = (id: string) => `request-actions/${id}`;

  async function openText(tx: Tx, row: store.RequestRow, revision = row.revision): Promise<DraftRequest> {
    const found = await store.findRevision(tx, row.id, revision);
    if (!found) throw new NotFound('requests.not-found');
    const bytes = await sealer.open(tx, row.case_file_id, found.sealed_request, textPlace(row.id, revision));
    return DraftRequest.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  }

  async function openActions(tx: Tx, row: store.RequestRow): Promise<RequestAction[]> {
    const rows = await store.listActions(tx, row.id);
    return Promise.all(
      rows.map(async (one): Promise<RequestAction> => {
        const bytes = await sealer.open(tx, row.case_file_id, one.sealed_data, actionPlace(one.id));
        const data = ActionData.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
        return {
          id: one.id,
          at: one.at,
          actor: one.actor,
          kind: one.kind,
          data,
          shared: one.shared,
          causes: one.causes,
        };
      }),
    );
  }

  async function saveText(
    tx: Tx,
    ctx: Context,
    row: store.RequestRow,
    revision: number,
    section: string,
    draft: DraftRequest,
    by: string,
  ): Promise<void> {
    const sealed = await sealer.seal(
      tx,
      row.case_file_id,
      Buffer.from(canonical(withoutUndefined(draft)), 'utf8'),
      textPlace(row.id, revision),
    );
    await store.insertRevision(tx, {
      request_id: row.id,
      revision,
      case_file_id: row.case_file_id,
      section,
      content_hash: contentHash(draft),
      sealed_request: sealed,
      saved_by: by,
      saved_at: ctx.clock.now(),
    });
  }

  async function append(
    tx: Tx,
    ctx: Context,
    row: store.RequestRow,
    seq: number,
    kind: ActionKind,
    data: ActionData,
    by: string,
  ): Promise<RequestAction> {
    const at = ctx.clock.now();
    const id = uuidv7(ctx.random, Date.parse(at));
    const sealed = await sealer.seal(
      tx,
      row.case_file_id,
      Buffer.from(canonical(withoutUndefined(data)), 'utf8'),
      actionPlace(id),
    );
    const shared = isShared.has(kind);
    await store.insertAction(tx, {
      id,
      request_id: row.id,
      seq,
      case_file_id: row.case_file_id,
      at,
      actor: by,
      kind,
      shared,
      causes: null,
      sealed_data: sealed,
    });
    return { id, at, actor: by, kind, data, shared, causes: null };
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

  async function checkWith(
    tx: Tx,
    ctx: Context,
    draft: DraftRequest,
    stage: Stage,
    stored: StoredAs | undefined,
    given?: RequestFacts,
  ): Promise<{ problems: Problem[]; on: PlainDate; facts: RequestFacts }> {
    const facts = given ?? (await parts.facts(tx, ctx, draft, stage, stored));
    const on = ctx.today();
    return { problems: checkRequest(definitions, draft, facts, on), on, facts };
  }

  function answer(draft: DraftRequest, problems: Problem[], on: PlainDate, reference: string | null): CheckAnswer {
    return {
      kind: 'requests.check',
      version: 1,
      reference,
      ruleSet: definitions.ruleSet,
      on,
      blocked: isBlocked(problems),
      problems,
      open: warningsWithoutReason(draft, problems),
      completeness: completenessOf(draft, problems),
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

  /** Writes what goes with a text beside it: terms, keys to find its like by, and the columns of lists. */
  async function saveAround(
    tx: Tx,
    ctx: Context,
    row: store.RequestRow,
    given: { draft: DraftRequest; actions: readonly RequestAction[]; status: Status; facts: RequestFacts },
    change: store.RequestChange,
  ): Promise<void> {
    const due_on = await saveClocks(tx, ctx, row, given);
    if (parts.matching) await saveMatchKeys(parts.matching, tx, storedAs(row), given.draft);
    await store.updateRequest(tx, row.id, { ...columnsOf(given.draft), due_on, ...change });
  }

  async function view(tx: Tx, ctx: Context, loaded: Loaded): Promise<RequestView> {
    const { row, draft, actions } = loaded;
    const status = fold(actions);
    const signed = actions.findLast((one) => one.kind === 'sign');
    const facts = await parts.facts(tx, ctx, draft, 'draft', storedAs(row));
    return {
      id: row.id,
      reference: row.reference,
      caseFileId: row.case_file_id,
      status,
      stage: sharedStage(status),
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
  }

  async function storeSection(
    tx: Tx,
    ctx: Context,
    loaded: Loaded,
    { task, seen, content }: SectionSave,
  ): Promise<SaveOutcome> {
    const { row, draft, actions } = loaded;
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
    if (same) return ok(await view(tx, ctx, loaded));
    const next = task === 'offence' ? withSnapshot(ctx, typed) : typed;
    const revision = row.revision + 1;
    await saveText(tx, ctx, row, revision, task, next, person.id);
    const last = actions.at(-1);
    // One action for a stretch of saves by one person: the revisions say the rest.
    const isNewStretch = last?.kind !== 'edit' || last.actor !== person.id;
    const edit = isNewStretch
      ? await append(tx, ctx, row, actions.length + 1, 'edit', { revision, section: task }, person.id)
      : undefined;
    const { problems, facts } = await checkWith(tx, ctx, next, 'draft', storedAs(row));
    await saveAround(
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
    return ok(await again(tx, ctx, row.reference));
  }

  /** What the law says of the basis is put in by the node at each change of it; what was read stays. */
  function withSnapshot(ctx: Context, draft: DraftRequest): DraftRequest {
    if (!parts.law || !draft.basis?.primary?.instrument) return draft;
    const snapshot = snapshotOf(parts.law, ctx, draft, draft.basis.snapshot?.acknowledged ?? []);
    return { ...draft, basis: { ...draft.basis, snapshot } };
  }

  async function again(tx: Tx, ctx: Context, reference: Reference): Promise<RequestView> {
    return view(tx, ctx, await load(tx, ctx, reference, 'requests.read', false));
  }

  function firstDraft(
    ctx: Context,
    reference: Reference,
    types: readonly string[],
    to: string | undefined,
    from: DraftRequest | undefined,
  ): DraftRequest {
    // What is taken over from an earlier request loses what belonged to that one alone.
    const {
      signature,
      contentHash: _h,
      otherReference: _o,
      supersedes: _v,
      internal: _i,
      ...kept
    }: Partial<DraftRequest> = from ?? {};
    return DraftRequest.parse({
      ...kept,
      ...(signature
        ? {
            signature: {
              signatory: signature.signatory,
              post: signature.post,
              power: signature.power,
              form: signature.form,
            },
          }
        : {}),
      kind: 'request',
      version: 1,
      reference,
      requestVersion: 1,
      ruleSet: definitions.ruleSet,
      types,
      handling: kept.handling ?? {
        tlp: 'AMBER',
        originator: ctx.state,
        groups: [],
        purposes: [],
        judicialUse: 'on-consent',
        onward: 'on-request',
      },
      requesting: withoutAbsent({
        ...kept.requesting,
        state: ctx.state,
        centralAuthority: kept.requesting?.centralAuthority ?? parts.own.centralAuthority,
      }),
      ...(to || kept.requested
        ? { requested: withoutAbsent({ ...kept.requested, state: to ?? kept.requested?.state }) }
        : {}),
      ...(kept.measures ? {} : { measures: types.map((type, n) => ({ id: `m${n + 1}`, type })) }),
    });
  }

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
        const first = firstDraft(ctx, reference, types, to, from);
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
          created_by: person.id,
          created_at: now,
          changed_at: now,
        };
        await store.insertRequest(tx, row);
        await saveText(tx, ctx, row, 1, 'all', draft, person.id);
        const opening = await append(tx, ctx, row, 1, 'open', { revision: 1 }, person.id);
        const { problems, facts: found } = await checkWith(tx, ctx, draft, 'draft', storedAs(row));
        await saveAround(
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
        return view(tx, ctx, loaded);
      }),

    ...deskUses({ lock: (tx, ctx, text) => findAllowed(tx, ctx, text, 'requests.assign', true) }),

    saveSection: (ctx, text, save) =>
      ctx.transaction(async (tx) => storeSection(tx, ctx, await load(tx, ctx, text, 'requests.edit', true), save)),

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
        return storeSection(tx, ctx, loaded, {
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
      ctx.transaction(async (tx) => {
        const permission = actionPermission[kind];
        if (permission === 'system' || kind === 'open' || kind === 'edit')
          throw new Invalid('requests.unknown-action', { params: { given: kind } });
        const loaded = await load(tx, ctx, text, 'requests.read', true);
        const { row, draft, actions, facts } = loaded;
        const person = personOf(ctx);
        ctx.allow(permission, { ...facts, createdBy: undefined, involved: involvedIn(actions, kind) });
        const stage = stageOfAction[kind];
        const problems = stage ? (await checkWith(tx, ctx, draft, stage, storedAs(row))).problems : [];
        const hash = contentHash(draft);
        const sending = kind === 'transmit' ? await sendingOf(tx, ctx, loaded, data) : undefined;
        const before = {
          actions,
          actor: person.id,
          now: ctx.clock.now(),
          contentHash: hash,
          urgent: row.urgent,
          problems,
          open: warningsWithoutReason(draft, problems),
          ...(sending ? { sending } : {}),
        };
        // The proof is asked for last: a passkey is not touched for an act that cannot be done.
        const decision = decideAction(
          kind,
          kind === 'sign' ? { ...data, assertion: data.assertion ?? 'asked-for' } : data,
          seen,
          before,
        );
        if (!decision.ok) {
          const changed = decision.error.find(
            (one) => one.code === 'requests.changed-meanwhile' || one.code === 'requests.action-not-allowed',
          );
          if (changed) throw new Conflict(changed.code, { problems: decision.error, params: changed.params ?? {} });
          return decision;
        }
        let stored: ActionData = sending
          ? { ...decision.value, channel: sending.channel, contentHash: hash }
          : decision.value;
        if (kind === 'sign') {
          const proof = await parts.signing.verify(tx, ctx, hash, data.assertion ? { assertion: data.assertion } : {});
          if (!proof.ok) return fail([proof.error]);
          stored = { ...decision.value, contentHash: hash, assertion: JSON.stringify(proof.value).slice(0, 20_000) };
        }
        const changedText = await textAfter(ctx, kind, draft, hash, actions);
        const action = await append(tx, ctx, row, actions.length + 1, kind, stored, person.id);
        const status = statusAfter(fold(actions), kind, stored);
        const revision = changedText ? row.revision + 1 : row.revision;
        if (changedText) await saveText(tx, ctx, row, revision, 'all', changedText, person.id);
        const after = changedText ?? draft;
        await saveAround(
          tx,
          ctx,
          row,
          {
            draft: after,
            actions: [...actions, action],
            status,
            facts: await parts.facts(tx, ctx, after, 'draft', storedAs(row)),
          },
          {
            status,
            head_action: action.id,
            revision,
            changed_at: action.at,
            // A new status ends the waiting for it.
            ...(status === fold(actions) ? {} : { waiting_until: null }),
          },
        );
        await recordAudit(tx, ctx, permission, { kind: 'request', id: row.reference }, { action: kind, status });
        return ok(await again(tx, ctx, row.reference));
      }),

    revisions: (ctx, text) =>
      ctx.transaction(async (tx) =>
        store.listRevisions(tx, (await load(tx, ctx, text, 'requests.read', false)).row.id),
      ),

    revision: (ctx, text, revision) =>
      ctx.transaction(async (tx) => {
        const { row, facts } = await load(tx, ctx, text, 'requests.read', false);
        await recordAudit(tx, ctx, 'requests.read', { kind: 'request', id: row.reference }, { revision });
        return asReadBy(ctx, facts, await openText(tx, row, revision));
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
        await saveText(tx, ctx, row, revision, 'risk', read.value, personOf(ctx).id);
        await store.updateRequest(tx, row.id, { revision });
        await recordAudit(tx, ctx, 'requests.edit-risk', { kind: 'request', id: row.reference }, { revision });
        return ok(await again(tx, ctx, row.reference));
      }),
  };

  /** How a signed request is about to leave. */
  async function sendingOf(tx: Tx, ctx: Context, { draft, actions }: Loaded, data: ActionData): Promise<Sending> {
    const signed = actions.findLast((one) => one.kind === 'sign');
    return {
      channel: data.channel ?? draft.requested?.channel ?? 'node',
      released: await store.hasRendition(tx, contentHash(draft)),
      today: ctx.today(),
      signedOn: signed ? dayIn(ctx.zone, signed.at) : ctx.today(),
    };
  }

  /** The text that an act leaves behind, or undefined when it leaves it as it was. */
  async function textAfter(
    ctx: Context,
    kind: ActionKind,
    draft: DraftRequest,
    hash: RequestView['contentHash'],
    actions: readonly RequestAction[],
  ): Promise<DraftRequest | undefined> {
    const { jws: _jws, at: _at, ...unsigned } = draft.signature ?? {};
    switch (kind) {
      case 'sign': {
        const jws = await parts.signContent?.(canonicalContent(draft));
        return {
          ...draft,
          contentHash: hash,
          signature: { ...unsigned, on: ctx.today(), at: ctx.clock.now(), ...(jws ? { jws } : {}) },
        };
      }
      case 'reopen':
        return { ...draft, contentHash: null, signature: unsigned };
      case 'resubmit':
        return {
          ...draft,
          contentHash: null,
          signature: unsigned,
          requestVersion: (draft.requestVersion ?? 1) + 1,
          supersedes: signedHash(actions),
        };
      default:
        return undefined;
    }
  }
}

type Internal = NonNullable<DraftRequest['internal']>;

/** Parts of the internal section that the central authority keeps to itself. */
function closedPart(internal: DraftRequest['internal']): Pick<Internal, 'risk' | 'accessList'> {
  const { risk, accessList } = internal ?? {};
  return { ...(risk ? { risk } : {}), ...(accessList ? { accessList } : {}) };
}

/** The text as its reader may see it: the risk check and the list of readers are the central authority's. */
function asReadBy(ctx: Context, facts: CaseFileFacts, draft: DraftRequest): DraftRequest {
  if (!draft.internal || ctx.may('requests.read-risk', facts)) return draft;
  const { risk: _risk, accessList: _list, ...internal } = draft.internal;
  return { ...draft, internal };
}

function writesRisk(typed: DraftRequest, stored: DraftRequest): boolean {
  const given = withoutUndefined(closedPart(typed.internal));
  const held = withoutUndefined(closedPart(stored.internal));
  return Object.keys(given).some((key) => canonical([given[key]]) !== canonical([held[key] ?? null]));
}

function withRiskOf(stored: DraftRequest, typed: DraftRequest): DraftRequest {
  const closed = closedPart(stored.internal);
  return Object.keys(closed).length === 0 ? typed : { ...typed, internal: { ...typed.internal, ...closed } };
}

function storedAs(row: store.RequestRow): StoredAs {
  return { id: row.id, caseFileId: row.case_file_id };
}

function withoutUndefined(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}

/** The addressee as the directory has it today; one chosen otherwise stays. */
function withDesk(draft: DraftRequest, desk: RequestFacts['desk']): DraftRequest {
  const chosen = draft.requested?.authority?.authority;
  if (!desk?.authority || (chosen && chosen !== desk.authority)) return draft;
  const { authority, version, hash } = desk;
  return {
    ...draft,
    requested: {
      ...draft.requested,
      authority: withoutAbsent({ ...draft.requested?.authority, authority, version, hash }),
    },
  };
}

/** A translation of the text taken over is one of the new request too: only who and when were put in anew. */
function withTranslationsOf(from: DraftRequest | undefined, draft: DraftRequest): DraftRequest {
  if (!from || !draft.languages?.translations) return draft;
  const [before, now] = [originalHash(from), originalHash(draft)];
  const translations = draft.languages.translations.map((one) =>
    one.ofVersion === before ? { ...one, ofVersion: now } : one,
  );
  return { ...draft, languages: { ...draft.languages, translations } };
}

/** Who signs stays; that somebody signed does not. */
function withoutProof(draft: DraftRequest): DraftRequest {
  if (!draft.signature) return draft;
  const { jws: _jws, at: _at, ...signature } = draft.signature;
  return { ...draft, signature };
}

function partsAs(draft: DraftRequest, task: Task): Partial<DraftRequest> {
  return withoutUndefined(
    Object.fromEntries(partsOf(task).flatMap((part) => (draft[part] === undefined ? [] : [[part, draft[part]]]))),
  );
}
