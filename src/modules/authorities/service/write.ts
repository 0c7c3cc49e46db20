import type { Tx } from '../../../platform/db/index.ts';
import { Conflict, NotAllowed, NotFound } from '../../../platform/errors.ts';
import { uuidv7 } from '../../../platform/random.ts';
import {
  addDays,
  fail,
  hashOf,
  isUnknown,
  ok,
  problem,
  toInstant,
  type Instant,
  type PlainDate,
  type Problem,
  type Result,
  type StateCode,
} from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { checkCalendar, checkEntry, checkProfile, nextConfirmationDue } from '../rules/index.ts';
import { blankEntry, contactsOf, toLayer, unknownContacts, type Entry } from '../schema/index.ts';
import {
  decideDraft,
  eraseContactsReplacedBefore,
  findContacts,
  findNotes,
  insertConfirmation,
  insertContacts,
  insertDraft,
  insertNotes,
  insertVersion,
  lockDraft,
  lockNewestVersion,
  type Draft,
  type RecordKind,
} from '../store/index.ts';
import { entriesOn, findEntry } from './directory.ts';
import { appendToFeed } from './feed.ts';
import type { AuthoritiesNeeds } from './needs.ts';
import { actorId } from './read.ts';

/** A body that passed its check, with what all kinds have in common. */
interface Checked {
  kind: RecordKind;
  recordId: string;
  state: StateCode;
  territory: string | null;
  validFrom: PlainDate | null;
  until: PlainDate | null;
  origin: Entry['origin'];
  body: unknown;
  warnings: Problem[];
}

/** Says which kind of record a file or form holds, by its shape. */
export function kindOfBody(body: unknown): RecordKind {
  if (typeof body === 'object' && body !== null && 'items' in body) return 'requirement-profile';
  if (typeof body === 'object' && body !== null && 'holidays' in body) return 'calendar';
  return 'authority-entry';
}

async function check(
  tx: Tx,
  ctx: Context,
  needs: AuthoritiesNeeds,
  kind: RecordKind,
  body: unknown,
): Promise<Result<Checked, Problem[]>> {
  switch (kind) {
    case 'authority-entry': {
      const state = (body as { state?: StateCode }).state ?? ctx.state;
      const facts = { others: await entriesOn(tx, state, ctx.today()), statusOn: needs.statusOn ?? (() => 'unknown') };
      const read = checkEntry(body, facts);
      if (!read.ok) return read;
      const { entry, warnings } = read.value;
      const validFrom = isUnknown(entry.validFrom) ? null : entry.validFrom;
      return ok({
        kind,
        recordId: entry.id,
        state: entry.state,
        territory: entry.territory,
        validFrom,
        until: entry.until,
        origin: entry.origin,
        body: entry,
        warnings,
      });
    }
    case 'requirement-profile': {
      const read = checkProfile(body);
      if (!read.ok) return read;
      const { state, territory, validFrom, until, custodian } = read.value;
      const recordId = territory ? `${state}/${territory}` : state;
      return ok({
        kind,
        recordId,
        state,
        territory,
        validFrom,
        until,
        origin: custodian ? 'custodian' : 'own',
        body: read.value,
        warnings: [],
      });
    }
    case 'calendar': {
      const read = checkCalendar(body);
      if (!read.ok) return read;
      const { id, state, territory } = read.value;
      return ok({
        kind,
        recordId: id,
        state,
        territory,
        validFrom: null,
        until: null,
        origin: 'own',
        body: read.value,
        warnings: [],
      });
    }
  }
}

/** The own State's directory is the own editors'; another's may be entered by the secretariat alone, and marked. */
function allowWriting(ctx: Context, checked: Pick<Checked, 'state' | 'origin'>): void {
  if (checked.state === ctx.state && checked.origin === 'own') return ctx.allow('authorities.edit');
  if (checked.state === ctx.state || checked.origin === 'own')
    throw new NotAllowed('authorities.not-owner', { params: { state: checked.state } });
  ctx.allow('authorities.custodian');
}

export interface DraftAnswer {
  draftId: string;
  warnings: Problem[];
}

/** Writes a change for a second official to publish. Every fault is answered at once. */
export async function saveDraft(
  ctx: Context,
  needs: AuthoritiesNeeds,
  body: unknown,
  more: DraftOptions = {},
): Promise<Result<DraftAnswer, Problem[]>> {
  return ctx.transaction((tx) => saveDraftIn(tx, ctx, needs, body, more));
}

export interface DraftOptions {
  reason?: string;
  op?: Draft['op'];
}

/** The same inside a transaction that does more. */
export async function saveDraftIn(
  tx: Tx,
  ctx: Context,
  needs: AuthoritiesNeeds,
  body: unknown,
  more: DraftOptions = {},
): Promise<Result<DraftAnswer, Problem[]>> {
  const checked = await check(tx, ctx, needs, kindOfBody(body), body);
  if (!checked.ok) {
    ctx.allow('authorities.edit');
    return checked;
  }
  allowWriting(ctx, checked.value);
  const { kind, recordId, state, warnings } = checked.value;
  const at = ctx.clock.now();
  const id = uuidv7(ctx.random, Date.parse(at));
  const baseVersion = await lockNewestVersion(tx, kind, recordId);
  await insertDraft(tx, {
    id,
    kind,
    recordId,
    state,
    op: more.op ?? 'put',
    body: checked.value.body,
    baseVersion,
    reason: more.reason ?? null,
    writtenBy: actorId(ctx),
    writtenAt: at,
  });
  await recordAudit(tx, ctx, 'authorities.edit', { kind, id: recordId }, { draft: id });
  return ok({ draftId: id, warnings });
}

/**
 * Publishes another official's draft as the next version. Warnings need the writer's reason.
 * Throws `Conflict` `authorities.draft-decided` or `authorities.changed-meanwhile`, `NotAllowed` for the writer.
 */
export async function publishDraft(
  ctx: Context,
  needs: AuthoritiesNeeds,
  draftId: string,
): Promise<Result<{ recordId: string; version: number; hash: string }, Problem[]>> {
  return ctx.transaction(async (tx) => {
    const draft = await lockDraft(tx, draftId);
    if (!draft) throw new NotFound('authorities.unknown-draft');
    ctx.allow('authorities.publish', { createdBy: draft.writtenBy });
    if (draft.status !== 'open') throw new Conflict('authorities.draft-decided');
    const newest = await lockNewestVersion(tx, draft.kind, draft.recordId);
    if (newest !== draft.baseVersion)
      throw new Conflict('authorities.changed-meanwhile', { params: { id: draft.recordId } });
    const checked = await check(tx, ctx, needs, draft.kind, draft.body);
    if (!checked.ok) return checked;
    if (checked.value.warnings.length > 0 && !draft.reason)
      return fail([...checked.value.warnings, problem('authorities.reason-needed', ['reason'])]);
    const done = await append(tx, ctx, needs, checked.value, {
      version: newest + 1,
      op: draft.op,
      writtenBy: draft.writtenBy,
      reason: draft.reason,
    });
    await decideDraft(tx, draft.id, 'published', actorId(ctx), ctx.clock.now());
    await recordAudit(
      tx,
      ctx,
      'authorities.publish',
      { kind: draft.kind, id: draft.recordId },
      { version: newest + 1, draft: draft.id },
    );
    return ok(done);
  });
}

export async function discardDraft(ctx: Context, draftId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('authorities.edit');
    const draft = await lockDraft(tx, draftId);
    if (!draft) throw new NotFound('authorities.unknown-draft');
    if (draft.status !== 'open') throw new Conflict('authorities.draft-decided');
    await decideDraft(tx, draftId, 'discarded', actorId(ctx), ctx.clock.now());
    await recordAudit(tx, ctx, 'authorities.discard', { kind: draft.kind, id: draft.recordId }, { draft: draftId });
  });
}

interface Publication {
  version: number;
  op: Draft['op'];
  writtenBy: string;
  urgent?: boolean;
  reason?: string | null;
}

async function append(
  tx: Tx,
  ctx: Context,
  needs: AuthoritiesNeeds,
  checked: Checked,
  how: Publication,
): Promise<{ recordId: string; version: number; hash: string }> {
  const { kind, recordId, state, territory, validFrom, until, origin } = checked;
  const recordedAt = ctx.clock.now();
  const entry = kind === 'authority-entry' ? (checked.body as Entry) : undefined;
  const body = entry ? toLayer(entry, 'P') : checked.body;
  const hash = hashOf(body);
  await insertVersion(tx, {
    kind,
    recordId,
    version: how.version,
    state,
    territory,
    op: how.op,
    validFrom,
    until,
    recordedAt,
    body,
    hash,
    origin,
    writtenBy: how.writtenBy,
    publishedBy: actorId(ctx),
    urgent: how.urgent,
    reason: how.reason,
  });
  if (entry) {
    await insertContacts(tx, recordId, how.version, contactsOf(entry));
    if (entry.notes) await insertNotes(tx, recordId, how.version, entry.notes);
  }
  const { signer } = needs;
  if (signer && mayBeSignedHere(needs, state, origin))
    await appendToFeed(tx, signer, { kind, recordId, recordVersion: how.version, at: recordedAt, body });
  return { recordId, version: how.version, hash };
}

/** A node signs what its own State says; the secretariat's also what it entered for others. */
function mayBeSignedHere(needs: AuthoritiesNeeds, state: StateCode, origin: Entry['origin']): boolean {
  const owner = needs.signer?.owner;
  return origin === 'own' ? owner === state : owner !== undefined && owner === needs.secretariat;
}

/** Publishes without a draft: for loading samples and custodian facts by the node itself. */
export async function appendChecked(
  tx: Tx,
  ctx: Context,
  needs: AuthoritiesNeeds,
  kind: RecordKind,
  body: unknown,
): Promise<Result<{ recordId: string; version: number; hash: string }, Problem[]>> {
  const checked = await check(tx, ctx, needs, kind, body);
  if (!checked.ok) return checked;
  const version = (await lockNewestVersion(tx, kind, checked.value.recordId)) + 1;
  return ok(await append(tx, ctx, needs, checked.value, { version, op: 'put', writtenBy: actorId(ctx) }));
}

/** The whole entry in force today with its restricted fields, held for change. Own State only. */
export async function lockOwnEntry(tx: Tx, ctx: Context, id: string): Promise<{ entry: Entry; version: number }> {
  const newest = await lockNewestVersion(tx, 'authority-entry', id);
  const found = await findEntry(tx, id, ctx.today());
  if (!found || newest === 0) throw new NotFound('authorities.unknown-entry', { params: { id: id.slice(0, 80) } });
  if (found.entry.state !== ctx.state || found.entry.origin !== 'own')
    throw new NotAllowed('authorities.not-owner', { params: { state: found.entry.state } });
  const contacts = (await findContacts(tx, id, found.version)) ?? unknownContacts;
  return { entry: { ...found.entry, ...contacts, notes: await findNotes(tx, id, found.version) }, version: newest };
}

/** The own entry whole, for the editor. */
export async function getForEditing(ctx: Context, id: string): Promise<Entry> {
  ctx.allow('authorities.edit');
  return ctx.transaction(async (tx) => {
    const { entry } = await lockOwnEntry(tx, ctx, id);
    await recordAudit(tx, ctx, 'authorities.read-restricted', { kind: 'authority-entry', id }, {});
    return entry;
  });
}

export async function appendEntry(tx: Tx, ctx: Context, needs: AuthoritiesNeeds, entry: Entry, how: Publication) {
  const checked = await check(tx, ctx, needs, 'authority-entry', entry);
  if (!checked.ok) return checked;
  return ok(await append(tx, ctx, needs, checked.value, how));
}

/**
 * The desk says that its entry still holds. Others see the day and the post; the person stays on the own node.
 * @param post post of who confirms, as others shall see it
 */
export async function confirmEntry(
  ctx: Context,
  needs: AuthoritiesNeeds,
  id: string,
  post: string,
): Promise<Result<{ version: number }, Problem[]>> {
  return ctx.transaction(async (tx) => {
    ctx.allow('authorities.confirm');
    const { entry, version } = await lockOwnEntry(tx, ctx, id);
    const today = ctx.today();
    const confirmed: Entry = {
      ...entry,
      confirmedOn: today,
      confirmedBy: post as Entry['confirmedBy'],
      nextConfirmationDue: nextConfirmationDue(today),
    };
    const done = await appendEntry(tx, ctx, needs, confirmed, {
      version: version + 1,
      op: 'put',
      writtenBy: actorId(ctx),
    });
    if (!done.ok) return done;
    const at = ctx.clock.now();
    await insertConfirmation(tx, {
      id: uuidv7(ctx.random, Date.parse(at)),
      recordId: id,
      version: version + 1,
      confirmedOn: today,
      post,
      personId: actorId(ctx),
      at,
    });
    await recordAudit(tx, ctx, 'authorities.confirm', { kind: 'authority-entry', id }, { version: version + 1 });
    return ok({ version: version + 1 });
  });
}

/** Drafts the end of an entry from a day on; a second official publishes it. */
export async function withdrawEntry(
  ctx: Context,
  needs: AuthoritiesNeeds,
  id: string,
  until: PlainDate,
): Promise<Result<DraftAnswer, Problem[]>> {
  ctx.allow('authorities.edit');
  const entry = await ctx.transaction(async (tx) => (await lockOwnEntry(tx, ctx, id)).entry);
  return saveDraft(ctx, needs, { ...entry, until }, { op: 'withdraw' });
}

/** Fields that one person may correct at once when a number is wrong. */
export type UrgentCorrection = Partial<Pick<Entry, 'phones' | 'fax' | 'urgentPhone' | 'dutyService'>>;

/** Corrects a number at once, by one person; flagged until another official has confirmed or published. */
export async function correctUrgently(
  ctx: Context,
  needs: AuthoritiesNeeds,
  id: string,
  change: UrgentCorrection,
): Promise<Result<{ version: number }, Problem[]>> {
  return ctx.transaction(async (tx) => {
    ctx.allow('authorities.edit');
    const { entry, version } = await lockOwnEntry(tx, ctx, id);
    const {
      phones = entry.phones,
      fax = entry.fax,
      urgentPhone = entry.urgentPhone,
      dutyService = entry.dutyService,
    } = change;
    const corrected = { ...entry, phones, fax, urgentPhone, dutyService };
    const done = await appendEntry(tx, ctx, needs, corrected, {
      version: version + 1,
      op: 'put',
      writtenBy: actorId(ctx),
      urgent: true,
    });
    if (!done.ok) return done;
    await recordAudit(
      tx,
      ctx,
      'authorities.correct-urgently',
      { kind: 'authority-entry', id },
      { version: version + 1 },
    );
    return ok({ version: version + 1 });
  });
}

/** Erases posts and numbers of versions replaced more than 30 days ago. Gives the number of versions cleared. */
export async function eraseOldContacts(ctx: Context): Promise<number> {
  return ctx.transaction(async (tx) => {
    ctx.allow('system.operate');
    const now: Instant = ctx.clock.now();
    const before = toInstant(new Date(Date.parse(now) - 30 * 86_400_000));
    const erased = await eraseContactsReplacedBefore(tx, before, now);
    await recordAudit(
      tx,
      ctx,
      'authorities.erase-contacts',
      { kind: 'directory', id: addDays(ctx.today(), -30) },
      { versions: erased },
    );
    return erased;
  });
}

/** The day's work of the directory: contact data that nobody may keep any longer are erased. For the node itself. */
export async function authoritiesDaily(ctx: Context): Promise<{ contactsErased: number }> {
  return { contactsErased: await eraseOldContacts(ctx) };
}

/** A new entry of the own State, ready to be filled in. */
export function startEntry(id: Entry['id'], state: StateCode): Entry {
  return { ...blankEntry, id, state, names: [], kind: 'other', role: 'competent' };
}
