import { z } from 'zod';
import { NotFound } from '../../../platform/errors.ts';
import { page, redirect, type PageAnswer, type PageCall, type PageRoute } from '../../../platform/http/routes.ts';
import { problem, type Problem, type StateCode } from '../../../platform/values/index.ts';
import { readDate, type View } from '../../../web/index.ts';
import type { Context } from '../../identity/index.ts';
import { readState, type Readers } from '../ask.ts';
import { readICalendar, type IcsDay } from '../ics.ts';
import { controlsOf, itemCodes, type Calendar, type ItemCode, type Profile } from '../schema/index.ts';
import {
  actorId,
  answerReport,
  askToConfirm,
  changeCalendar,
  getAuthority,
  getCalendarForEditing,
  getDraft,
  getProfileForEditing,
  listOwnFeedback,
  reportError,
  saveProfileItem,
  type AuthoritiesNeeds,
} from '../service/index.ts';
import { CalendarEditPage, dayStatuses } from './calendar.tsx';
import { DraftPage } from './draft.tsx';
import { FeedbackPage, ReportPage } from './feedback.tsx';
import { ProfileEditPage, ProfileItemPage, type TypedItem } from './profile-edit.tsx';
import { readAnswer, readTexts } from './profile-form.ts';

type Call = PageCall<Context, View>;

function first({ form }: Call, field: string): string {
  return form.values[field]?.[0]?.trim() ?? '';
}

function ownState({ ctx, params }: Call, readers: Readers): StateCode {
  const given = params['state'] ?? '';
  const unknownState = () => new NotFound('authorities.unknown-state', { params: { given: given.slice(0, 40) } });
  let state: StateCode;
  try {
    state = readState(given, readers);
  } catch {
    throw unknownState();
  }
  if (state !== ctx.state) throw unknownState();
  return state;
}

function itemOf({ params }: Call): ItemCode {
  const code = itemCodes.find((one) => one === params['item']);
  if (!code) throw new NotFound('authorities.unknown-entry', { params: { id: (params['item'] ?? '').slice(0, 20) } });
  return code;
}

// Profile ---------------------------------------------------------------------------------------------------------

async function profileHub(call: Call, readers: Readers): Promise<PageAnswer> {
  const { ctx, view, query } = call;
  const { profile, draft } = await getProfileForEditing(ctx, ownState(call, readers));
  const saved = query['done'] === 'saved';
  return page(<ProfileEditPage view={view} profile={profile} draft={draft} today={ctx.today()} saved={saved} />);
}

function typedFrom(view: View, profile: Profile, code: ItemCode): TypedItem {
  const item = profile.items[code];
  return {
    value: item ? (item.value as Record<string, unknown>) : {},
    source: item?.source ?? '',
    locator: item?.locator ?? '',
    validFrom: item ? view.formats.day(item.validFrom) : '',
    note: item?.note ?? {},
  };
}

async function profileItem(call: Call, readers: Readers): Promise<PageAnswer> {
  const { ctx, view } = call;
  const state = ownState(call, readers);
  const code = itemOf(call);
  const { profile } = await getProfileForEditing(ctx, state);
  return page(
    <ProfileItemPage
      view={view}
      state={state}
      code={code}
      typed={typedFrom(view, profile, code)}
      stored={profile.items[code] !== undefined}
      problems={[]}
    />,
  );
}

/** A problem of the whole profile as one of this question's fields: `items.P05.value.copies` becomes `copies`. */
function atField(view: View, one: Problem): Problem {
  const path = one.path.slice(one.path[0] === 'items' ? 2 : 0);
  const at = path[0] === 'value' ? path.slice(1) : path;
  const last = String(at.at(-1) ?? '');
  const key = `authorities.part.${last}`;
  const field = view.t.has(key) ? view.t.code(key) : view.t('authorities.value');
  if (one.code === 'authorities.field-missing' && at[0] === 'source')
    return problem('authorities.source-missing', ['source']);
  return { ...one, path: at, params: { ...one.params, ...('field' in (one.params ?? {}) && { field }) } };
}

async function saveItem(call: Call, needs: AuthoritiesNeeds, readers: Readers): Promise<PageAnswer> {
  const { ctx, view, form } = call;
  const state = ownState(call, readers);
  const code = itemOf(call);
  const hub = `/authorities/profiles/${state}/edit`;
  if (first(call, 'remove') === 'yes') {
    const removed = await saveProfileItem(ctx, needs, code, undefined);
    if (removed.ok) return redirect(`${hub}?done=saved`);
  }
  const { profile } = await getProfileForEditing(ctx, state);
  const before = profile.items[code]?.value as Record<string, unknown> | undefined;
  const value = readAnswer(controlsOf(code), form.values, '', before);
  const typedDay = first(call, 'validFrom');
  const day = readDate(typedDay);
  const note = readTexts(form.values, 'note') ?? {};
  const typed: TypedItem = {
    value,
    source: first(call, 'source'),
    locator: first(call, 'locator'),
    validFrom: typedDay,
    note,
  };
  const problems: Problem[] = [];
  if (day.kind !== 'day' && day.kind !== 'empty')
    problems.push(problem('authorities.bad-day', ['validFrom'], { params: { given: typedDay.slice(0, 40) } }));
  if (typed.source === '') problems.push(problem('authorities.source-missing', ['source']));
  const item = {
    value,
    source: typed.source,
    ...(typed.locator && { locator: typed.locator }),
    ...(Object.keys(note).length > 0 && { note }),
    asOf: ctx.today(),
    by: actorId(ctx),
    method: 'form',
    recordedAt: ctx.clock.now(),
    validFrom: day.kind === 'day' ? day.day : ctx.today(),
    until: null,
  };
  if (problems.length === 0) {
    const saved = await saveProfileItem(ctx, needs, code, item);
    if (saved.ok) {
      const next = itemCodes[itemCodes.indexOf(code) + 1];
      return redirect(next && profile.items[next] === undefined ? `${hub}/${next}` : `${hub}?done=saved`);
    }
    problems.push(...saved.error.map((one) => atField(view, one)));
  }
  return page(
    <ProfileItemPage
      view={view}
      state={state}
      code={code}
      typed={typed}
      stored={profile.items[code] !== undefined}
      problems={problems}
    />,
    422,
  );
}

// Calendar --------------------------------------------------------------------------------------------------------

interface CalendarShow {
  problems?: readonly Problem[];
  typed?: Readonly<Record<string, string>>;
}

async function calendarPage({ ctx, view, params, query }: Call, show: CalendarShow = {}): Promise<PageAnswer> {
  const { calendar, draft } = await getCalendarForEditing(ctx, params['id'] ?? '');
  const { problems = [], typed = {} } = show;
  const taken = /^(\d+)-(\d+)$/.exec(query['taken'] ?? '');
  return page(
    <CalendarEditPage
      view={view}
      calendar={calendar}
      draft={draft}
      typed={typed}
      problems={problems}
      taken={taken ? { taken: Number(taken[1]), known: Number(taken[2]) } : undefined}
      saved={query['done'] === 'saved'}
      today={ctx.today()}
    />,
    problems.length > 0 ? 422 : 200,
  );
}

function withDays(calendar: Calendar, days: readonly (IcsDay & { source: string })[]): Calendar {
  const holidays = [...calendar.holidays];
  const halfDays = [...calendar.halfDays];
  for (const { on, names, status, until, source } of days) {
    const list: { on: string; names: Record<string, string> }[] = until === null ? holidays : halfDays;
    const held = list.findIndex((one) => one.on === on);
    const before = held >= 0 ? list[held] : undefined;
    const merged = { ...before?.names, ...names };
    if (until === null) {
      const holiday = { on, names: merged, status, source };
      if (held >= 0) holidays[held] = { ...holidays[held], ...holiday };
      else holidays.push(holiday);
    } else {
      const half = { on, names: merged, until, source };
      if (held >= 0) halfDays[held] = { ...halfDays[held], ...half };
      else halfDays.push(half);
    }
  }
  const byDay = (a: { on: string }, b: { on: string }) => (a.on < b.on ? -1 : 1);
  return { ...calendar, holidays: holidays.sort(byDay), halfDays: halfDays.sort(byDay) };
}

async function changeDays(call: Call, needs: AuthoritiesNeeds): Promise<PageAnswer> {
  const { ctx, view, params, form } = call;
  const id = params['id'] ?? '';
  const back = `/authorities/calendars/${id}/edit`;
  const typed = Object.fromEntries(Object.entries(form.values).map(([field, values]) => [field, values[0] ?? '']));
  const save = async (change: (calendar: Calendar) => unknown, done = 'done=saved'): Promise<PageAnswer> => {
    const saved = await changeCalendar(ctx, needs, id, change);
    return saved.ok
      ? redirect(`${back}?${done}`)
      : calendarPage(call, { typed, problems: saved.error.map((one) => ({ ...one, path: lastNames(one.path) })) });
  };
  switch (first(call, 'act')) {
    case 'remove': {
      const on = first(call, 'on');
      const half = first(call, 'half') === 'yes';
      return save((calendar) => ({
        ...calendar,
        holidays: half ? calendar.holidays : calendar.holidays.filter((one) => one.on !== on),
        halfDays: half ? calendar.halfDays.filter((one) => one.on !== on) : calendar.halfDays,
      }));
    }
    case 'rest': {
      const years = first(call, 'years')
        .split(/[\s,،]+/)
        .filter(Boolean)
        .map((year) => (/^\d{4}$/.test(year) ? Number(year) : year));
      const weeklyRest = (form.values['weeklyRest'] ?? []).map(Number);
      return save((calendar) => ({ ...calendar, weeklyRest, years }));
    }
    case 'import': {
      const file = form.files.find((one) => one.field === 'file' && one.bytes.length > 0);
      if (!file) return calendarPage(call, { problems: [problem('authorities.choose-file', ['file'])] });
      if (file.bytes.length > 1_048_576)
        return calendarPage(call, { problems: [problem('authorities.ics-too-large', ['file'])] });
      const read = readICalendar(new TextDecoder().decode(file.bytes), view.locale);
      if (!read.ok) return calendarPage(call, { problems: read.error });
      const { calendar } = await getCalendarForEditing(ctx, id);
      const had = new Set([...calendar.holidays, ...calendar.halfDays].map((one) => one.on));
      const known = read.value.filter((one) => had.has(one.on)).length;
      const source = file.fileName.slice(0, 200);
      return save(
        (before) =>
          withDays(
            before,
            read.value.map((one) => ({ ...one, source })),
          ),
        `taken=${read.value.length - known}-${known}`,
      );
    }
    default:
      return addDay(call, typed, save);
  }
}

/** `holidays.3.on` is the field `on` of the form for one day. */
function lastNames(path: Problem['path']): Problem['path'] {
  return path[0] === 'holidays' || path[0] === 'halfDays' ? path.slice(2) : path;
}

async function addDay(
  call: Call,
  typed: Readonly<Record<string, string>>,
  save: (change: (calendar: Calendar) => unknown) => Promise<PageAnswer>,
): Promise<PageAnswer> {
  const day = readDate(first(call, 'on'));
  const names = Object.fromEntries(
    ['en', 'ar'].flatMap((lang) => (first(call, `names.${lang}`) ? [[lang, first(call, `names.${lang}`)]] : [])),
  );
  const { t } = call.view;
  const problems: Problem[] = [];
  if (day.kind !== 'day')
    problems.push(problem('authorities.bad-day', ['on'], { params: { given: first(call, 'on').slice(0, 40) } }));
  if (Object.keys(names).length === 0)
    problems.push(
      problem('authorities.field-missing', ['names'], { params: { field: t('authorities.holiday-name') } }),
    );
  if (first(call, 'source') === '') problems.push(problem('authorities.source-missing', ['source']));
  if (problems.length > 0 || day.kind !== 'day') return calendarPage(call, { typed, problems });
  const status = dayStatuses.find((one) => one === first(call, 'status')) ?? 'fixed';
  const until = first(call, 'until') || null;
  return save((calendar) => withDays(calendar, [{ on: day.day, names, status, until, source: first(call, 'source') }]));
}

// Drafts, reports -------------------------------------------------------------------------------------------------

async function draftPage({ ctx, view, params }: Call): Promise<PageAnswer> {
  const id = z.uuid().safeParse(params['draft']);
  if (!id.success) throw new NotFound('authorities.unknown-draft');
  const { draft, published } = await getDraft(ctx, id.data);
  const own = draft.writtenBy === actorId(ctx);
  const may = {
    edit: ctx.may('authorities.edit'),
    publish: ctx.may('authorities.publish', { createdBy: draft.writtenBy }),
  };
  return page(<DraftPage view={view} draft={draft} published={published} own={own} may={may} problems={[]} />);
}

async function reportPage(call: Call, problems: readonly Problem[] = []): Promise<PageAnswer> {
  const { ctx, view, params } = call;
  ctx.allow('authorities.read-restricted');
  const shown = await getAuthority(ctx, params['id'] ?? '');
  const typed = { field: first(call, 'field'), text: first(call, 'text') };
  return page(
    <ReportPage view={view} shown={shown} typed={typed} problems={problems} />,
    problems.length > 0 ? 422 : 200,
  );
}

async function report(call: Call): Promise<PageAnswer> {
  const id = call.params['id'] ?? '';
  const text = first(call, 'text');
  if (text === '') return reportPage(call, [problem('authorities.report-empty', ['text'])]);
  const field = first(call, 'field');
  await reportError(call.ctx, id, { text: text.slice(0, 2000), ...(field && { field: field.slice(0, 60) }) });
  return redirect(`/authorities/${id}?done=reported`);
}

async function feedbackPage({ ctx, view, query }: Call, problems: readonly Problem[] = []): Promise<PageAnswer> {
  const reports = await listOwnFeedback(ctx);
  return page(
    <FeedbackPage view={view} reports={reports} done={query['done'] === 'answered'} problems={problems} />,
    problems.length > 0 ? 422 : 200,
  );
}

async function answer(call: Call): Promise<PageAnswer> {
  const id = first(call, 'feedback');
  const field = `answer-${id}`;
  const text = first(call, field);
  if (text === '')
    return feedbackPage(call, [
      problem('authorities.field-missing', [field], { params: { field: call.view.t('authorities.feedback-answer') } }),
    ]);
  await answerReport(call.ctx, id, text.slice(0, 2000));
  return redirect('/authorities/feedback?done=answered');
}

type Handler = PageRoute<Context, View>['handler'];

/** Pages on which a State keeps its profile, calendar and drafts, and speaks with others about entries. */
export function keepingPages(needs: AuthoritiesNeeds, readers: Readers): PageRoute<Context, View>[] {
  const get = (path: string, permission: string, handler: Handler, audit?: string): PageRoute<Context, View> => ({
    kind: 'page',
    method: 'get',
    path,
    permission,
    handler,
    ...(audit && { audit }),
  });
  const post = (path: string, permission: string, audit: string, handler: Handler): PageRoute<Context, View> => ({
    kind: 'page',
    method: 'post',
    path,
    permission,
    audit,
    handler,
  });
  return [
    get('/authorities/profiles/:state/edit', 'authorities.edit', (call) => profileHub(call, readers)),
    get('/authorities/profiles/:state/edit/:item', 'authorities.edit', (call) => profileItem(call, readers)),
    post('/authorities/profiles/:state/edit/:item', 'authorities.edit', 'authorities.edit', (call) =>
      saveItem(call, needs, readers),
    ),
    get('/authorities/calendars/:id/edit', 'authorities.edit', (call) => calendarPage(call)),
    post('/authorities/calendars/:id/edit', 'authorities.edit', 'authorities.edit', (call) => changeDays(call, needs)),
    get('/authorities/drafts/:draft', 'authorities.confirm', draftPage, 'authorities.read-restricted'),
    get('/authorities/feedback', 'authorities.edit', (call) => feedbackPage(call)),
    post('/authorities/feedback', 'authorities.edit', 'authorities.answer-feedback', answer),
    get('/authorities/:id/feedback', 'authorities.read-restricted', (call) => reportPage(call), 'authorities.read'),
    post('/authorities/:id/feedback', 'authorities.read-restricted', 'authorities.report-error', report),
    post('/authorities/:id/ask', 'authorities.read-restricted', 'authorities.report-error', async (call) => {
      const id = call.params['id'] ?? '';
      await askToConfirm(call.ctx, id);
      return redirect(`/authorities/${id}?done=asked`);
    }),
  ];
}
