import { NotFound } from '../../../../platform/errors.ts';
import { isUnknown, type StateCode } from '../../../../platform/values/index.ts';
import type { View } from '../../../../web/index.ts';
import { entriesOn, printedName, profileOn, type ProfileOn } from '../../../authorities/index.ts';
import type { Evidence } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import { InstrumentId, type Treaties } from '../../../treaties/index.ts';
import type { TaskPage } from '../../rules/index.ts';
import { isFreeText, originalHash, type Task } from '../../schema/index.ts';
import type { CheckAnswer, Requests, RequestView } from '../../service/index.ts';
import type { DeskOption, FieldEnv } from './env.ts';

/** What the pages of the writer are built from; `app` hands it in. */
export interface WriterParts {
  requests: Requests;
  treaties: Treaties;
  evidence: Pick<Evidence, 'listCaseFiles' | 'getCaseFile' | 'openCaseFile' | 'listFiles'>;
}

/** A draft with everything its pages show. */
export interface Loaded {
  env: FieldEnv;
  request: RequestView;
  check: CheckAnswer;
  profile: ProfileOn | null;
  pages: { task: Task; pages: TaskPage[] }[];
}

const offered = ['XVIII-12', 'XVIII-12-a', 'XVIII-12-b', 'XVIII-12-c', 'XVIII-14', 'VI-19'];

export function stateOptions(view: View, treaties: Treaties): { value: string; label: string }[] {
  const collator = new Intl.Collator(view.locale);
  return [...treaties.facts().states.byCode.keys()]
    .map((code) => ({ value: code as string, label: view.stateName(code) }))
    .sort((a, b) => collator.compare(a.label, b.label));
}

/** The language of a draft's first text, for drafts that name none. */
function firstLanguage(value: unknown): string | undefined {
  if (isFreeText(value)) return Object.keys(value)[0];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const inner of Object.values(value)) {
    const found = firstLanguage(inner);
    if (found) return found;
  }
  return undefined;
}

function languagePair(view: View, request: RequestView, profile: ProfileOn | null): readonly [string, string] {
  const { facts, proceeding, languages } = request.request;
  const own = languages?.original ?? firstLanguage([facts, proceeding]) ?? view.locale;
  const accepted = profile && !isUnknown(profile.items.P01) ? profile.items.P01.value.request : [];
  return [own, accepted.find((tag) => tag !== own) ?? (own === 'en' ? 'ar' : 'en')];
}

export async function loadDesks(
  ctx: Context,
  view: View,
  states: readonly StateCode[],
): Promise<Record<string, DeskOption[]>> {
  const on = ctx.today();
  return ctx.transaction(async (tx) => {
    const desks: Record<string, DeskOption[]> = {};
    for (const state of states) {
      desks[state] = (await entriesOn(tx, state, on)).map(({ entry, version, hash }) => {
        const name = Object.fromEntries(entry.names.flatMap((one) => (one.lang ? [[one.lang, one.text]] : [])));
        return {
          ref: { authority: entry.id, version, hash, ...(Object.keys(name).length > 0 ? { name } : {}) },
          name: name[view.locale] ?? printedName(entry),
        };
      });
    }
    return desks;
  });
}

/** Loads a request for its writer. Files are listed only where a page asks for one. */
export async function loadWriter(
  parts: WriterParts,
  ctx: Context,
  view: View,
  reference: string,
  withFiles = false,
): Promise<Loaded> {
  const request = await parts.requests.get(ctx, reference);
  const check = await parts.requests.check(ctx, reference, 'draft');
  const draft = request.request;
  const to = draft.requested?.state;
  const profile = to
    ? await ctx.transaction((tx) => profileOn(tx, to, ctx.today(), draft.requested?.territory ?? null))
    : null;
  const names = parts.treaties.facts().names;
  const files = withFiles ? await parts.evidence.listFiles(ctx, request.caseFileId) : [];
  return {
    request,
    check,
    profile: profile?.version === null ? null : profile,
    pages: parts.requests.pages(draft.types ?? []),
    env: {
      view,
      draft,
      languages: languagePair(view, request, profile),
      states: stateOptions(view, parts.treaties),
      instruments: offered.flatMap((id) => {
        const read = InstrumentId.safeParse(id);
        return read.success ? [{ value: id, label: names.print(read.data) }] : [];
      }),
      desks: await loadDesks(ctx, view, [...new Set([ctx.state, ...(to ? [to] : [])])]),
      files: files.map((file) => ({ value: file.sha256, label: `${file.fileName} · ${file.sha256.slice(0, 12)}` })),
      ownState: ctx.state,
      today: ctx.today(),
      originalHash: () => originalHash(draft),
    },
  };
}

/** The page of a task, or the page that says nothing is there. */
export function findPage(
  loaded: Loaded,
  task: string,
  page: string,
): { task: Task; page: TaskPage; place: number; pages: TaskPage[] } {
  const group = loaded.pages.find((one) => one.task === task);
  const place = group?.pages.findIndex((one) => one.id === page) ?? -1;
  const found = group?.pages[place];
  if (!group || !found) throw new NotFound('requests.not-found');
  return { task: group.task, page: found, place, pages: group.pages };
}
