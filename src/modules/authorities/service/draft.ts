import { NotFound } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { PlainDate, Problem, Result, StateCode } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { checkProfile } from '../rules/index.ts';
import { Calendar, Profile, type ItemCode } from '../schema/index.ts';
import {
  decideDraft,
  findContacts,
  findDraft,
  listOpenDrafts,
  listVersions,
  type Draft,
  type RecordKind,
} from '../store/index.ts';
import type { AuthoritiesNeeds } from './needs.ts';
import { actorId } from './read.ts';
import { saveDraftIn, type DraftAnswer } from './write.ts';

/** The editor's own open change of a record: the next question goes on with it. */
export async function findOwnDraft(ctx: Context, kind: RecordKind, recordId: string): Promise<Draft | undefined> {
  ctx.allow('authorities.edit');
  return ctx.transaction((tx) => ownDraft(tx, ctx, kind, recordId));
}

async function ownDraft(tx: Tx, ctx: Context, kind: RecordKind, recordId: string): Promise<Draft | undefined> {
  const open = await listOpenDrafts(tx);
  return open.findLast((one) => one.kind === kind && one.recordId === recordId && one.writtenBy === actorId(ctx));
}

/** What a second official is asked to publish, beside what stands published. Contact data in it are audited. */
export async function getDraft(ctx: Context, id: string): Promise<{ draft: Draft; published: unknown }> {
  ctx.allow('authorities.confirm');
  return ctx.transaction(async (tx) => {
    const draft = await findDraft(tx, id);
    if (!draft || draft.status !== 'open') throw new NotFound('authorities.unknown-draft');
    const newest = (await listVersions(tx, { kind: draft.kind, recordId: draft.recordId })).at(-1);
    if (draft.kind !== 'authority-entry') return { draft, published: newest?.body };
    await recordAudit(tx, ctx, 'authorities.read-restricted', { kind: draft.kind, id: draft.recordId }, { draft: id });
    const contacts = newest && (await findContacts(tx, draft.recordId, newest.version));
    return { draft, published: newest && { ...(newest.body as object), ...contacts } };
  });
}

/** Goes on with the own open change, or starts one from what is published; one open change per record and editor. */
async function goOn(
  ctx: Context,
  needs: AuthoritiesNeeds,
  kind: RecordKind,
  recordId: string,
  change: (body: unknown) => unknown,
): Promise<Result<DraftAnswer, Problem[]>> {
  ctx.allow('authorities.edit');
  return ctx.transaction(async (tx) => {
    const before = await ownDraft(tx, ctx, kind, recordId);
    const published = (await listVersions(tx, { kind, recordId })).at(-1)?.body;
    const saved = await saveDraftIn(tx, ctx, needs, change(before?.body ?? published));
    if (saved.ok && before) await decideDraft(tx, before.id, 'discarded', actorId(ctx), ctx.clock.now());
    return saved;
  });
}

function startProfile(state: StateCode, today: PlainDate): Profile {
  return { state, territory: null, items: {}, validFrom: today, until: null, custodian: false };
}

/** The profile with the editor's own open changes in it. */
export async function getProfileForEditing(
  ctx: Context,
  state: StateCode,
): Promise<{ profile: Profile; draft: Draft | undefined }> {
  ctx.allow('authorities.edit');
  if (state !== ctx.state) throw new NotFound('authorities.unknown-state', { params: { given: state } });
  return ctx.transaction(async (tx) => {
    const draft = await ownDraft(tx, ctx, 'requirement-profile', state);
    const published = (await listVersions(tx, { kind: 'requirement-profile', recordId: state })).at(-1)?.body;
    const body = draft?.body ?? published;
    return { profile: body ? Profile.parse(body) : startProfile(state, ctx.today()), draft };
  });
}

/**
 * Saves the answer to one question of the own profile as part of a draft; `undefined` removes it.
 * Problems carry paths such as `items.P05.value.copies`.
 */
export async function saveProfileItem(
  ctx: Context,
  needs: AuthoritiesNeeds,
  code: ItemCode,
  item: unknown,
): Promise<Result<DraftAnswer, Problem[]>> {
  const { profile } = await getProfileForEditing(ctx, ctx.state);
  const wanted = withItem(profile, code, item);
  const read = checkProfile(wanted);
  if (!read.ok) return read;
  return goOn(ctx, needs, 'requirement-profile', ctx.state, (body) =>
    withItem(body ? Profile.parse(body) : startProfile(ctx.state, ctx.today()), code, item),
  );
}

function withItem(profile: Profile, code: ItemCode, item: unknown): unknown {
  const { [code]: _before, ...others } = profile.items;
  return { ...profile, items: item === undefined ? others : { ...others, [code]: item } };
}

function startCalendar(id: string, state: StateCode): Calendar {
  return { id, state, territory: null, weeklyRest: [6, 7], holidays: [], halfDays: [], years: [] };
}

/** The calendar of the own State with the editor's own open changes in it; a blank one where there is none. */
export async function getCalendarForEditing(
  ctx: Context,
  id: string,
): Promise<{ calendar: Calendar; draft: Draft | undefined }> {
  ctx.allow('authorities.edit');
  if (!id.startsWith(`${ctx.state}:`))
    throw new NotFound('authorities.no-calendar', { params: { state: id.slice(0, 40) } });
  return ctx.transaction(async (tx) => {
    const draft = await ownDraft(tx, ctx, 'calendar', id);
    const body = draft?.body ?? (await listVersions(tx, { kind: 'calendar', recordId: id })).at(-1)?.body;
    return { calendar: body ? Calendar.parse(body) : startCalendar(id, ctx.state), draft };
  });
}

/** Changes the own calendar as a draft for a second official. */
export async function changeCalendar(
  ctx: Context,
  needs: AuthoritiesNeeds,
  id: string,
  change: (calendar: Calendar) => unknown,
): Promise<Result<DraftAnswer, Problem[]>> {
  const { calendar } = await getCalendarForEditing(ctx, id);
  return goOn(ctx, needs, 'calendar', calendar.id, (body) =>
    change(body ? Calendar.parse(body) : startCalendar(calendar.id, ctx.state)),
  );
}
