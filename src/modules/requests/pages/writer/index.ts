import { Conflict, NotFound } from '../../../../platform/errors.ts';
import { page, redirect, type PageAnswer, type PageCall, type PageRoute } from '../../../../platform/http/routes.ts';
import type { View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import { isTask } from '../../schema/index.ts';
import { basisLines } from './basis.ts';
import { checkRoutes } from './check-routes.tsx';
import { findPage, loadWriter, type Loaded, type WriterParts } from './load.ts';
import { writeHref } from './places.ts';
import { ClashPage, ListPage, MeasuresPage, parentAt, QuestionPage, setHref, type PagePlace } from './question.tsx';
import { findQuestions, listOfPage, type QuestionSet } from './questions.ts';
import { removeItem, restoreItem, savePage } from './save.ts';
import { startRoutes } from './start-routes.tsx';
import { TaskPage, TasksPage } from './tasks.tsx';

export type { WriterParts } from './load.ts';
export { kindWords } from './shell.tsx';

type Call = PageCall<Context, View>;

interface Opened {
  loaded: Loaded;
  where: PagePlace;
  set: QuestionSet;
  /** A page that is about one list, or about a kind of help with several measures. */
  shows: 'questions' | 'list' | 'measures';
  nextHref: string;
}

async function openPage(parts: WriterParts, { ctx, view, params }: Call): Promise<Opened | PageAnswer> {
  const reference = params.reference ?? '';
  const wantsFiles = params.page === 'annexes';
  const loaded = await loadWriter(parts, ctx, view, reference, wantsFiles);
  if (loaded.request.status !== 'draft') return redirect(`/requests/${encodeURIComponent(loaded.request.reference)}`);
  const found = findPage(loaded, params.task ?? '', params.page ?? '');
  const at = params.at ?? null;
  const after = found.pages[found.place + 1];
  const where: PagePlace = {
    loaded,
    definitions: parts.requests.definitions,
    place: found.place,
    pages: found.pages.length,
  };
  const nextHref = after
    ? writeHref(loaded.request.reference, found.task, after.id)
    : writeHref(loaded.request.reference, ...(found.task === 'check' ? ['check'] : []));
  const bare: QuestionSet = {
    task: found.task,
    page: found.page,
    at: null,
    base: [],
    fields: found.page.fields,
    list: null,
    isNew: false,
  };
  const set = findQuestions(loaded.env.draft, found.task, found.page, at);
  if (at === null && found.page.type) {
    const measures = (loaded.env.draft.measures ?? []).filter((one) => one.type === found.page.type);
    if (measures.length !== 1) return { loaded, where, set: bare, shows: 'measures', nextHref };
  }
  if (at === null && listOfPage(found.page)) return { loaded, where, set: bare, shows: 'list', nextHref };
  if (!set) throw new NotFound('requests.not-found');
  return { loaded, where, set, shows: 'questions', nextHref };
}

async function showPage(parts: WriterParts, call: Call): Promise<PageAnswer> {
  const opened = await openPage(parts, call);
  if ('type' in opened) return opened;
  const { where, set, shows, nextHref } = opened;
  const { removed, from, more } = call.query;
  if (shows === 'list') {
    const undo = removed && from ? { removed: { at: removed, revision: Number(from) || 0 } } : {};
    return page(ListPage({ ...where, set, nextHref, ...undo }));
  }
  if (shows === 'measures') return page(MeasuresPage({ ...where, set, nextHref }));
  const saved = opened.loaded.request.changedAt;
  return page(
    QuestionPage({
      ...where,
      set,
      problems: [],
      ...(more ? { more } : {}),
      savedTime: call.view.formats.time(saved, call.ctx.zone),
    }),
  );
}

/** Takes out or puts back an entry named by its address. */
async function changeEntries(parts: WriterParts, call: Call, opened: Opened): Promise<PageAnswer | undefined> {
  const { loaded, set } = opened;
  const one = (name: string) => call.form.values[name]?.[0] ?? '';
  const at = one('_remove') || one('_restore');
  if (at === '') return undefined;
  const item = findQuestions(loaded.env.draft, set.task, set.page, at);
  if (!item?.list) throw new NotFound('requests.not-found');
  const back = setHref(loaded, set, parentAt(item));
  if (one('_restore') !== '') {
    await restoreItem({ parts, ctx: call.ctx, loaded }, item, Number(one('_from')) || 1);
    return redirect(back);
  }
  if (item.isNew) return redirect(back);
  await removeItem({ parts, ctx: call.ctx, loaded }, set.task, item);
  return redirect(`${back}?removed=${encodeURIComponent(at)}&from=${loaded.request.revision}`);
}

async function postPage(parts: WriterParts, call: Call): Promise<PageAnswer> {
  const opened = await openPage(parts, call);
  if ('type' in opened) {
    if (call.form.values._autosave) throw new Conflict('requests.not-a-draft');
    return opened;
  }
  const { loaded, where, shows, nextHref } = opened;
  const { ctx, view, form } = call;
  if (shows !== 'questions') return (await changeEntries(parts, call, opened)) ?? redirect(nextHref);
  const { set } = opened;
  const saved = await savePage({ parts, ctx, loaded, set, form });
  if (form.values._autosave) {
    // The island reads the status alone; what could not be read stays in the browser.
    return page('', saved.state === 'saved' ? 200 : 422);
  }
  if (saved.state === 'problems') {
    const fresh = await openPage(parts, call);
    const now = 'type' in fresh ? opened : fresh;
    return page(QuestionPage({ ...now.where, set: now.set, typed: saved.typed, problems: saved.problems }), 422);
  }
  if (saved.state === 'clash') {
    return page(
      ClashPage({
        ...where,
        set,
        clashes: saved.clashes,
        typed: saved.typed,
        by: saved.conflict.by,
        at: view.formats.time(saved.conflict.at, ctx.zone),
        revision: Number(form.values._seen?.[0]) || 1,
      }),
      409,
    );
  }
  const one = (name: string) => form.values[name]?.[0] ?? '';
  if (one('_remove')) {
    const again = await openPage(parts, call);
    if (!('type' in again)) return (await changeEntries(parts, call, again)) ?? redirect(setHref(loaded, set, set.at));
  }
  if (one('_go')) return redirect(setHref(loaded, set, one('_go')));
  if (one('_more'))
    return redirect(`${setHref(loaded, set, saved.at ?? set.at)}?more=${encodeURIComponent(one('_more'))}`);
  if (one('_then') === 'return') return redirect(writeHref(loaded.request.reference));
  return redirect(set.list ? setHref(loaded, set, parentAt(set)) : nextHref);
}

/** Pages on which a request is written: start, tasks, questions, check. */
export function writerPages(parts: WriterParts): PageRoute<Context, View>[] {
  const question = { kind: 'page', permission: 'requests.edit' } as const;
  return [
    ...startRoutes(parts),
    {
      kind: 'page',
      method: 'get',
      path: '/requests/:reference/write',
      permission: 'requests.edit',
      audit: 'requests.read',
      handler: async ({ ctx, view, params, query }) => {
        const loaded = await loadWriter(parts, ctx, view, params.reference ?? '');
        if (loaded.request.status !== 'draft')
          return redirect(`/requests/${encodeURIComponent(loaded.request.reference)}`);
        const to = loaded.env.draft.requested?.state;
        return page(
          TasksPage({
            loaded,
            basis: to ? basisLines(parts.treaties, ctx, view, to) : [],
            opened: query.opened !== undefined,
          }),
        );
      },
    },
    ...checkRoutes(parts),
    {
      kind: 'page',
      method: 'get',
      path: '/requests/:reference/write/:task',
      permission: 'requests.edit',
      audit: 'requests.read',
      handler: async ({ ctx, view, params }) => {
        const task = params.task ?? '';
        if (!isTask(task)) throw new NotFound('requests.not-found');
        const loaded = await loadWriter(parts, ctx, view, params.reference ?? '');
        const { reference } = loaded.request;
        if (loaded.request.status !== 'draft') return redirect(`/requests/${encodeURIComponent(reference)}`);
        const state = loaded.check.completeness.tasks.find((one) => one.task === task);
        const first = loaded.pages.find((one) => one.task === task)?.pages[0];
        if (state?.status === 'not-started' && first) return redirect(writeHref(reference, task, first.id));
        return page(TaskPage({ loaded, task, definitions: parts.requests.definitions }));
      },
    },
    ...['/requests/:reference/write/:task/:page', '/requests/:reference/write/:task/:page/:at'].flatMap(
      (path): PageRoute<Context, View>[] => [
        { ...question, method: 'get', path, audit: 'requests.read', handler: (call) => showPage(parts, call) },
        { ...question, method: 'post', path, audit: 'requests.edit', handler: (call) => postPage(parts, call) },
      ],
    ),
  ];
}
