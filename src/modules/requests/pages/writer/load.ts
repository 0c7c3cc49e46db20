import { NotFound } from '../../../../platform/errors.ts';
import { isUnknown, type StateCode } from '../../../../platform/values/index.ts';
import type { View } from '../../../../web/index.ts';
import { entriesOn, printedName, profileOn, type ProfileOn } from '../../../authorities/index.ts';
import type { Evidence } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import { InstrumentId, type Treaties } from '../../../treaties/index.ts';
import type { PrintSetting } from '../../documents/index.ts';
import type { TaskPage } from '../../rules/index.ts';
import { isFreeText, originalHash, type Task } from '../../schema/index.ts';
import type { CheckAnswer, Requests, RequestView } from '../../service/index.ts';
import type { DeskOption, FieldEnv } from './env.ts';

/** What the pages of the writer are built from; `app` hands it in. */
export interface WriterParts {
  requests: Requests;
  treaties: Treaties;
  evidence: Pick<Evidence, 'listCaseFiles' | 'openCaseFile' | 'listFiles'>;
  /** Names, letterhead and treaty status for the text as it will be printed. */
  printSetting: PrintSetting;
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

/** Every language that a draft's texts are in. */
function languagesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (isFreeText(value)) for (const tag of Object.keys(value)) found.add(tag);
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) languagesIn(inner, found);
  return found;
}

/** Original language, and the one that stands beside it: what is written already, then what the other State takes. */
function languagePair(view: View, request: RequestView, profile: ProfileOn | null): readonly [string, string] {
  const { facts, proceeding, languages } = request.request;
  const written = [...languagesIn([facts, proceeding])];
  const accepted = profile && !isUnknown(profile.items.P01) ? profile.items.P01.value.request : [];
  const own = languages?.original ?? written.find((tag) => accepted.includes(tag)) ?? written[0] ?? view.locale;
  const others = [
    ...(languages?.translations ?? []).map((one) => one.lang ?? ''),
    ...written,
    ...(accepted.includes(own) ? [] : accepted),
  ];
  return [own, others.find((tag) => tag !== '' && tag !== own) ?? (own === 'ar' ? 'en' : 'ar')];
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
