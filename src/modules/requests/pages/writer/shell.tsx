import { isUnknown, type Problem, type StateCode } from '../../../../platform/values/index.ts';
import {
  Bdi,
  Needs,
  Page,
  Ref,
  WriterSteps,
  type Content,
  type Need,
  type Task as StepTask,
  type View,
} from '../../../../web/index.ts';
import { usualQuestions, type ProfileItem } from '../../../authorities/index.ts';
import { isPresent, type TaskPage, type TaskStatus } from '../../rules/index.ts';
import { isFreeText, type Task } from '../../schema/index.ts';
import type { Loaded } from './load.ts';
import { writeHref } from './places.ts';
import { valueAt, type QuestionSet } from './questions.ts';

export const statusOf: Record<TaskStatus, StepTask['status']> = {
  'not-started': 'not-started',
  'in-progress': 'in-progress',
  completed: 'completed',
  'cannot-start': 'blocked',
};

export function taskHref(loaded: Loaded, task: Task): string {
  return writeHref(loaded.request.reference, task);
}

export function stepsOf(loaded: Loaded): StepTask[] {
  return loaded.check.completeness.tasks.map(({ task, status }) => ({
    id: task,
    title: loaded.env.view.t(`requests.task.${task}`),
    ...(status === 'cannot-start' ? {} : { href: taskHref(loaded, task) }),
    status: statusOf[status],
  }));
}

export function otherState(loaded: Loaded): string {
  const { view, draft } = loaded.env;
  const to = draft.requested?.state;
  return to ? view.stateName(to) : view.t('writer.other-state');
}

/** What a kind of help is called inside a sentence. */
export function kindWords(view: View, type: string): string {
  const short = `writer.kind.${type}`;
  const long = `requests.type.${type}`;
  return view.t.has(short) ? view.t.code(short) : view.t.has(long) ? view.t.code(long) : type;
}

/** "Freeze an account and obtain records in Borea": what is asked, in the words of the kinds. */
export function titleOf(loaded: Loaded): string {
  const { view, draft } = loaded.env;
  const kinds = (draft.types ?? []).map((type) => {
    return kindWords(view, type);
  });
  return view.t('writer.title', { kinds: view.formats.list(kinds), state: otherState(loaded) });
}

export function handlingOf(loaded: Loaded): {
  tlp: 'CLEAR' | 'GREEN' | 'AMBER' | 'AMBER+STRICT' | 'RED';
  note: string;
} {
  return { tlp: loaded.env.draft.handling?.tlp ?? 'AMBER', note: loaded.env.view.t('writer.handling-note') };
}

interface WriterPageProps {
  loaded: Loaded;
  task: Task;
  title: string;
  error?: boolean;
  needs?: Content;
  children?: Content;
}

/** A page of the writer: steps, question, and what the other State needs. */
export function WriterPage({ loaded, task, title, error, needs, children }: WriterPageProps) {
  const { view } = loaded.env;
  const { reference } = loaded.request;
  return (
    <Page
      view={view}
      title={title}
      reference={reference}
      error={error}
      current="desk"
      handling={handlingOf(loaded)}
      layout="writer"
      steps={
        <WriterSteps
          view={view}
          title={view.t('writer.request-to', { state: otherState(loaded) })}
          reference={<Ref value={reference} />}
          tasks={stepsOf(loaded)}
          current={task}
          allHref={writeHref(reference)}
        />
      }
      side={needs}
      sideLabel={view.t('web.needs', { state: otherState(loaded) })}
    >
      {children}
    </Page>
  );
}

function sourceOf(view: View, item: Pick<ProfileItem, 'source' | 'locator' | 'date' | 'asOf'>): Content {
  return (
    <>
      <Bdi>{[item.source, item.locator].filter(Boolean).join(', ')}</Bdi>
      {' · '}
      {view.t('writer.as-of', { day: view.formats.day(item.date ?? item.asOf) })}
    </>
  );
}

const questionPages: ReadonlySet<string> = new Set(['acts', 'link', 'measures', 'T5', 'T9', 'offence']);

function asked(loaded: Loaded, page: TaskPage, measures: Readonly<Record<string, string>>): Need[] {
  const { view } = loaded.env;
  const { profile } = loaded;
  if (!profile || !questionPages.has(page.id)) return [];
  const item = profile.items.P26;
  if (isUnknown(item)) return [];
  const types = page.type ? [page.type] : (loaded.env.draft.types ?? []);
  const seen = new Set<string>();
  return types.flatMap((type) => {
    const measure = measures[type];
    const questions = measure ? usualQuestions(profile, measure as Parameters<typeof usualQuestions>[1]) : undefined;
    if (!questions || isUnknown(questions)) return [];
    return questions.flatMap((one): Need[] => {
      const words = isFreeText(one.text) ? (one.text[view.locale] ?? one.text.en ?? '') : '';
      if (words === '' || seen.has(words)) return [];
      seen.add(words);
      return [
        {
          kind: 'ask',
          words: <Bdi>{words}</Bdi>,
          source: one.asked
            ? view.t('writer.asked-times', { times: one.asked.times, of: one.asked.of })
            : sourceOf(view, item),
        },
      ];
    });
  });
}

/** What the other State needs on a page: rules that still miss something, profile rules that are met, usual questions. */
export function needsOf(
  loaded: Loaded,
  page: TaskPage,
  problems: readonly Problem[],
  definitions: {
    rules: readonly { id: string; title: string; profile?: string[] | undefined; source: string }[];
    types: readonly { id: string; measure: string }[];
  },
  set: Pick<QuestionSet, 'base' | 'fields'> = { base: [], fields: page.fields },
): Need[] {
  const { view } = loaded.env;
  const missing = problems
    .filter((one) => one.severity !== 'advise')
    .map((one): Need => ({
      kind: one.severity === 'block' ? 'must' : 'should',
      words: view.problemText(one),
      source: one.source === 'practice' ? view.t('writer.source-practice') : one.source,
    }));
  // A rule is met by an answer; where nothing was answered it has nothing to say yet.
  const asking = new Set(
    set.fields.flatMap((field) => {
      const value = valueAt(loaded.env.draft, [...set.base, ...field.path.split('/')]);
      return isPresent(value, true) ? [field.rule, ...(field.item ?? []).map((one) => one.rule)] : [];
    }),
  );
  const broken = new Set(loaded.check.problems.map((one) => one.rule));
  const met = definitions.rules
    .filter((rule) => (rule.profile?.length ?? 0) > 0 && asking.has(rule.id) && !broken.has(rule.id))
    .flatMap((rule): Need[] => {
      const code = rule.profile?.find((one) => loaded.profile && !isUnknown(loaded.profile.items[one as 'P01']));
      const item = code ? loaded.profile?.items[code as 'P01'] : undefined;
      if (!item || isUnknown(item)) return [];
      return [{ kind: 'ok', words: view.t.code(rule.title), source: sourceOf(view, item) }];
    });
  const measures = Object.fromEntries(definitions.types.map((type) => [type.id, type.measure]));
  const unique = missing.filter(
    (need, n) => missing.findIndex((one) => String(one.words) === String(need.words)) === n,
  );
  return [...unique.slice(0, 12), ...met, ...asked(loaded, page, measures)];
}

export function NeedsSide({ loaded, items }: { loaded: Loaded; items: readonly Need[] }) {
  const { view, draft } = loaded.env;
  const to = draft.requested?.state as StateCode | undefined;
  return (
    <>
      <Needs view={view} state={otherState(loaded)} items={items} />
      {to ? (
        <p class="small needs-more">
          <a href={`/authorities/states/${to}`}>{view.t('writer.all-requirements', { state: otherState(loaded) })}</a>
        </p>
      ) : null}
    </>
  );
}
