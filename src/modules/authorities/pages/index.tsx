import { z } from 'zod';
import { NotFound } from '../../../platform/errors.ts';
import { page, redirect, type PageAnswer, type PageCall, type PageRoute } from '../../../platform/http/routes.ts';
import { problem, StateCode, type PlainDate, type Problem } from '../../../platform/values/index.ts';
import { readDate, type View } from '../../../web/index.ts';
import type { Context } from '../../identity/index.ts';
import { readQuestion, readState, type Readers } from '../ask.ts';
import { profileFor } from '../rules/index.ts';
import { MeasureCode, Profile, readPurpose, Stage } from '../schema/index.ts';
import {
  actorId,
  answerChoice,
  calendarOf,
  confirmEntry,
  discardDraft,
  findOwnDraft,
  findAuthorities,
  getAuthority,
  getForEditing,
  getHealth,
  getHistory,
  isFrozen,
  listDirectoryStates,
  profileOn,
  publishDraft,
  recordChoice,
  saveDraft,
  type AuthoritiesNeeds,
} from '../service/index.ts';
import { CardPage } from './card.tsx';
import { FindPage, type Typed } from './find.tsx';
import { EditPage, fromFilled, toFilled } from './edit.tsx';
import { keepingPages } from './keeping.tsx';
import { HealthPage, MinePage } from './mine.tsx';
import type { DirectoryRights } from './shell.tsx';
import { StatePage } from './state.tsx';
import { ProfilePage } from './profile-test.tsx';

type Call = PageCall<Context, View>;

/** What the reader typed as a day, or the problem with it. */
function dayOf(text: string | undefined, today: PlainDate): { day: PlainDate; problems: Problem[] } {
  const read = readDate(text ?? '');
  if (read.kind === 'day') return { day: read.day, problems: [] };
  if (read.kind === 'empty') return { day: today, problems: [] };
  return {
    day: today,
    problems: [problem('authorities.bad-day', ['on'], { params: { given: (text ?? '').slice(0, 40) } })],
  };
}

/** Asks on `/authorities`; on `/authorities/choose` a State and a purpose are needed for an answer. */
async function find(
  { ctx, view, query }: Call,
  needs: AuthoritiesNeeds,
  readers: Readers,
  asking: 'may' | 'must' = 'may',
): Promise<PageAnswer> {
  const typed: Typed = {
    state: query['state'] ?? '',
    purpose: query['purpose'] ?? '',
    instrument: query['instrument'] ?? '',
    territory: query['territory'] ?? '',
    stage: query['stage'] ?? '',
    on: query['on'] ?? '',
    urgent: query['urgent'] === 'yes',
  };
  const { day, problems } = dayOf(typed.on, ctx.today());
  const states = await listDirectoryStates(ctx);
  const state = StateCode.safeParse(typed.state);
  const purpose = readPurpose(typed.purpose);
  if (typed.state && !state.success)
    problems.push(problem('authorities.unknown-state', ['state'], { params: { given: typed.state.slice(0, 40) } }));
  if (typed.purpose && !purpose)
    problems.push(
      problem('authorities.unknown-purpose', ['purpose'], { params: { given: typed.purpose.slice(0, 40) } }),
    );
  if (asking === 'must')
    for (const field of ['state', 'purpose'] as const)
      if (!typed[field])
        problems.push(
          problem('authorities.field-missing', [field], { params: { field: view.t(`authorities.find-${field}`) } }),
        );
  const asked = state.success && purpose && problems.length === 0;
  const stage = Stage.safeParse(typed.stage);
  const choice = asked
    ? await answerChoice(ctx, {
        state: state.data,
        ...purpose,
        instrument: typed.instrument ? instrumentOf(typed.instrument, readers) : null,
        territory: typed.territory || null,
        ...(stage.success && { stage: stage.data }),
        on: day,
        urgent: typed.urgent,
        languages: [...(needs.ownLanguages ?? [])],
      })
    : null;
  return page(
    <FindPage
      view={view}
      typed={{ ...typed, on: problems.some((one) => one.path[0] === 'on') ? typed.on : view.formats.day(day) }}
      states={states}
      units={state.success ? await unitsOf(ctx, state.data) : []}
      choice={choice}
      problems={problems}
      rights={rightsOf(ctx)}
    />,
    problems.length > 0 ? 422 : 200,
  );
}

/** Units with an authority of their own. */
async function unitsOf(ctx: Context, state: StateCode): Promise<string[]> {
  const listed = await findAuthorities(ctx, { state, on: ctx.today() });
  return [...new Set(listed.flatMap((one) => one.version.entry.territory ?? []))].sort();
}

function rightsOf(ctx: Context): DirectoryRights {
  return { keep: ctx.may('authorities.confirm') };
}

/** Records which of two equal desks a person takes, and leads to it. */
async function chooseDeskByHand({ ctx, view, form }: Call, needs: AuthoritiesNeeds, readers: Readers) {
  const given = (field: string) => form.values[field]?.[0]?.trim() ?? '';
  const question = readQuestion(
    ctx,
    {
      state: given('state'),
      measure: given('purpose'),
      instrument: given('instrument'),
      territory: given('territory'),
      stage: given('stage'),
      on: given('on'),
      urgent: given('urgent') === 'yes',
    },
    readers,
    needs.ownLanguages,
  );
  const chosen = given('chosen');
  await recordChoice(ctx, question, chosen);
  return redirect(`/authorities/${chosen}?on=${question.on}&done=chosen&lang=${view.locale}`);
}

function instrumentOf(text: string, readers: Readers): string {
  return readers.instrument?.(text) ?? text.trim();
}

async function card({ ctx, view, params, query }: Call): Promise<PageAnswer> {
  const id = params['id'] ?? '';
  const { day } = dayOf(query['on'], ctx.today());
  const shown = await getAuthority(ctx, id, { on: day });
  const { entry } = shown.version;
  const own = entry.state === ctx.state && entry.origin === 'own';
  const reads = shown.layer !== 'P';
  const done = (['asked', 'reported', 'chosen'] as const).find((one) => one === query['done']);
  return page(
    <CardPage
      view={view}
      shown={shown}
      history={await getHistory(ctx, id)}
      rights={{ askToConfirm: reads && !own, report: reads, edit: own && ctx.may('authorities.edit') }}
      done={done}
    />,
  );
}

function stateParam(params: Call['params'], readers: Readers): StateCode {
  try {
    return readState(params['state'] ?? '', readers);
  } catch (cause) {
    throw new NotFound('authorities.unknown-state', { params: { given: (params['state'] ?? '').slice(0, 40) }, cause });
  }
}

async function statePage({ ctx, view, params }: Call, readers: Readers): Promise<PageAnswer> {
  const state = stateParam(params, readers);
  const today = ctx.today();
  const entries = await findAuthorities(ctx, { state, on: today });
  const { profile, calendar } = await ctx.transaction(async (tx) => ({
    profile: await profileOn(tx, state, today),
    calendar: await calendarOf(tx, state),
  }));
  const frozen = await isFrozen(ctx, state);
  return page(
    <StatePage
      view={view}
      state={state}
      entries={entries}
      profile={profile}
      calendar={calendar}
      frozen={frozen}
      today={today}
      editor={state === ctx.state && ctx.may('authorities.edit')}
    />,
  );
}

async function profilePage({ ctx, view, params, query }: Call, readers: Readers): Promise<PageAnswer> {
  const state = stateParam(params, readers);
  ctx.allow('authorities.read-public');
  const measure = MeasureCode.safeParse(query['measure']);
  const editor = state === ctx.state && ctx.may('authorities.edit');
  const draft = editor ? await findOwnDraft(ctx, 'requirement-profile', state) : undefined;
  const profile = draft
    ? profileFor(
        { state, territory: null, on: ctx.today() },
        { profile: Profile.parse(draft.body), version: 0, hash: '' },
      )
    : await ctx.transaction((tx) => profileOn(tx, state, ctx.today()));
  const request = { measure: measure.success ? measure.data : 'freezing', urgent: query['urgent'] === 'yes' } as const;
  return page(<ProfilePage view={view} profile={profile} request={request} editor={editor} />);
}

async function mine({ ctx, view, query }: Call, problems: readonly Problem[] = []): Promise<PageAnswer> {
  const may = {
    edit: ctx.may('authorities.edit'),
    publish: ctx.may('authorities.publish', { createdBy: '' }),
    confirm: ctx.may('authorities.confirm'),
  };
  const entries = (await findAuthorities(ctx, { state: ctx.state, on: ctx.today() })).filter(
    (one) => one.version.entry.origin === 'own',
  );
  const { drafts } = await getHealth(ctx);
  const done = (['confirmed', 'saved', 'published', 'discarded'] as const).find((one) => one === query['done']);
  return page(
    <MinePage
      view={view}
      entries={entries}
      drafts={drafts}
      personId={actorId(ctx)}
      may={may}
      done={done}
      problems={problems}
    />,
    problems.length > 0 ? 422 : 200,
  );
}

function first({ form }: Call, field: string): string {
  return form.values[field]?.[0]?.trim() ?? '';
}

async function confirm(call: Call, needs: AuthoritiesNeeds): Promise<PageAnswer> {
  const id = first(call, 'id');
  const field = `post-${id.split(':')[1] ?? ''}`;
  const post = first(call, field);
  if (post === '')
    return mine(call, [
      problem('authorities.field-missing', [field], { params: { field: call.view.t('authorities.confirm-post') } }),
    ]);
  const done = await confirmEntry(call.ctx, needs, id, post);
  return done.ok ? redirect('/authorities/mine?done=confirmed') : mine(call, done.error);
}

/** What is no id at all is as unknown as an id that nobody gave. */
function draftId(call: Call): string {
  const id = z.uuid().safeParse(first(call, 'draft'));
  if (!id.success) throw new NotFound('authorities.unknown-draft');
  return id.data;
}

async function publish(call: Call, needs: AuthoritiesNeeds): Promise<PageAnswer> {
  const done = await publishDraft(call.ctx, needs, draftId(call));
  return done.ok ? redirect('/authorities/mine?done=published') : mine(call, done.error);
}

async function edit(call: Call, needs: AuthoritiesNeeds): Promise<PageAnswer> {
  const { ctx, view, params, form } = call;
  const entry = await getForEditing(ctx, params['id'] ?? '');
  const filled = Object.fromEntries(Object.entries(form.values).map(([field, values]) => [field, values[0] ?? '']));
  const from = readDate(filled['validFrom'] ?? '');
  const body = fromFilled(entry, { ...filled, ...(from.kind === 'day' && { validFrom: from.day }) });
  const reason = first(call, 'reason');
  const saved = await saveDraft(ctx, needs, body, reason ? { reason } : {});
  if (!saved.ok)
    return page(<EditPage view={view} entry={entry} filled={filled} reason={reason} problems={saved.error} />, 422);
  if (saved.value.warnings.length > 0 && !reason) {
    await discardDraft(ctx, saved.value.draftId);
    return page(
      <EditPage
        view={view}
        entry={entry}
        filled={filled}
        reason={reason}
        problems={[...saved.value.warnings, problem('authorities.reason-needed', ['reason'])]}
      />,
      422,
    );
  }
  return redirect('/authorities/mine?done=saved');
}

/** Pages of the directory. Finding and reading are open to everyone, in the public layer. */
export function authoritiesPages(needs: AuthoritiesNeeds, readers: Readers = {}): PageRoute<Context, View>[] {
  const get = (
    path: string,
    permission: string,
    handler: PageRoute<Context, View>['handler'],
    audit?: string,
  ): PageRoute<Context, View> => ({ kind: 'page', method: 'get', path, permission, handler, ...(audit && { audit }) });
  const post = (
    path: string,
    permission: string,
    audit: string,
    handler: PageRoute<Context, View>['handler'],
  ): PageRoute<Context, View> => ({ kind: 'page', method: 'post', path, permission, audit, handler });
  return [
    get('/authorities', 'authorities.read-public', (call) => find(call, needs, readers)),
    get('/authorities/choose', 'authorities.read-public', (call) => find(call, needs, readers, 'must')),
    post('/authorities/choose', 'authorities.read-restricted', 'authorities.choose', (call) =>
      chooseDeskByHand(call, needs, readers),
    ),
    get('/authorities/health', 'authorities.read-public', async ({ ctx, view }) =>
      page(
        <HealthPage
          view={view}
          health={await getHealth(ctx)}
          editor={ctx.may('authorities.edit')}
          keep={rightsOf(ctx).keep}
        />,
      ),
    ),
    get('/authorities/mine', 'authorities.confirm', (call) => mine(call)),
    post('/authorities/mine/confirm', 'authorities.confirm', 'authorities.confirm', (call) => confirm(call, needs)),
    post('/authorities/mine/publish', 'authorities.publish', 'authorities.publish', (call) => publish(call, needs)),
    post('/authorities/mine/discard', 'authorities.edit', 'authorities.discard', async (call) => {
      await discardDraft(call.ctx, draftId(call));
      return redirect('/authorities/mine?done=discarded');
    }),
    get(
      '/authorities/mine/:id/edit',
      'authorities.edit',
      async ({ ctx, view, params }) => {
        const entry = await getForEditing(ctx, params['id'] ?? '');
        return page(<EditPage view={view} entry={entry} filled={toFilled(entry)} reason="" problems={[]} />);
      },
      'authorities.read-restricted',
    ),
    post('/authorities/mine/:id/edit', 'authorities.edit', 'authorities.edit', (call) => edit(call, needs)),
    ...keepingPages(needs, readers),
    get('/authorities/states/:state', 'authorities.read-public', (call) => statePage(call, readers)),
    get('/authorities/states/:state/profile', 'authorities.read-public', (call) => profilePage(call, readers)),
    get('/authorities/:id', 'authorities.read-public', card, 'authorities.read-restricted'),
  ];
}
