import {
  Actions,
  Bdi,
  BackLink,
  Button,
  Heading,
  NextStep,
  Notice,
  Page,
  Progress,
  Section,
  SideSection,
  SummaryList,
  TaskList,
  type SummaryRow,
  type View,
} from '../../../../web/index.ts';
import { isUnknown, type Problem } from '../../../../platform/values/index.ts';
import { isPresent } from '../../rules/index.ts';
import type { Definitions, Task } from '../../schema/index.ts';
import type { Loaded } from './load.ts';
import { hrefOfProblem, problemsOf, writeHref } from './places.ts';
import { itemName, Printed } from './printed.tsx';
import { hasOwnPages, listAt, valueAt } from './questions.ts';
import { isAsked } from './read.ts';
import { handlingOf, needsOf, NeedsSide, otherState, statusOf, taskHref, titleOf, WriterPage } from './shell.tsx';

const groups: readonly {
  title: 'writer.group-case' | 'writer.group-help' | 'writer.group-send';
  tasks: readonly Task[];
}[] = [
  { title: 'writer.group-case', tasks: ['facts', 'people', 'offence'] },
  { title: 'writer.group-help', tasks: ['need', 'urgency', 'evidence'] },
  { title: 'writer.group-send', tasks: ['conditions', 'check'] },
];

/** What a task holds, in a few words. */
function hintOf(loaded: Loaded, task: Task): string | undefined {
  const { view, draft } = loaded.env;
  const { t } = view;
  const state = loaded.check.completeness.tasks.find((one) => one.task === task);
  const first = state?.missing[0];
  if (state?.status === 'in-progress' && first) return t('writer.missing', { what: view.problemText(first) });
  switch (task) {
    case 'facts':
      return draft.facts?.length ? t('writer.n-facts', { n: draft.facts.length }) : undefined;
    case 'people': {
      const persons = draft.persons ?? [];
      if (persons.length === 0) return undefined;
      const people = persons.filter((one) => one.kind === 'natural').length;
      return t('writer.n-people', { people, companies: persons.length - people });
    }
    case 'offence':
      return draft.offences?.length
        ? view.formats.list(draft.offences.map((one) => itemName(loaded.env, 'offences', one)))
        : undefined;
    case 'need':
      return draft.measures?.length
        ? view.formats.list(draft.measures.map((one) => itemName(loaded.env, 'measures', one)))
        : undefined;
    case 'evidence':
      return draft.annexes?.length ? t('writer.n-annexes', { n: draft.annexes.length }) : undefined;
    case 'urgency': {
      const deadline = draft.deadline?.date;
      return deadline ? t('writer.by-day', { day: view.formats.day(deadline) }) : undefined;
    }
    default:
      return undefined;
  }
}

/** The eight tasks, what is done and what is missing. Shown first on each return. */
export function TasksPage({ loaded, basis, opened }: { loaded: Loaded; basis: readonly string[]; opened?: boolean }) {
  const { view } = loaded.env;
  const { t, formats } = view;
  const { completeness } = loaded.check;
  const { reference } = loaded.request;
  const state = otherState(loaded);
  const next = completeness.tasks.find((one) => one.status !== 'completed') ?? completeness.tasks.at(-1)!;
  const first = next.missing[0];
  const title = titleOf(loaded);
  const names = (loaded.env.draft.persons ?? []).length;
  const hidden = (loaded.env.draft.persons ?? []).filter((one) => one.protected).length;
  return (
    <Page
      view={view}
      title={title}
      reference={reference}
      current="desk"
      handling={handlingOf(loaded)}
      head={
        <>
          {opened ? <Notice view={view} kind="success" title={t('writer.opened', { reference })} /> : null}
          <BackLink href="/desk">{t('writer.desk')}</BackLink>
          <Heading title={title} eyebrow={t('writer.draft-to', { state })} reference={reference} />
          <Progress
            done={completeness.done}
            of={completeness.all}
            words={t('writer.done-of', { done: completeness.done, all: completeness.all })}
            more={loaded.profile ? t('writer.measured', { state }) : t('writer.not-measured', { state })}
          />
        </>
      }
      side={
        <>
          <SideSection title={t('writer.basis-on', { day: formats.day(loaded.env.today) })}>
            <Basis view={view} lines={basis} />
            {loaded.env.draft.requested?.state ? (
              <p class="source">
                <a href={`/law/basis?from=${view.node.state}&to=${loaded.env.draft.requested.state}&measure=mla`}>
                  {t('writer.see-basis')}
                </a>
              </p>
            ) : null}
          </SideSection>
          <SideSection title={t('writer.receives')}>
            <p>
              <Bdi>{deskName(loaded) ?? t('writer.no-desk')}</Bdi>
            </p>
          </SideSection>
          {completeness.missing.length > 0 ? (
            <SideSection title={t('writer.still-missing')}>
              <ul class="missing-list">
                {completeness.missing.slice(0, 8).map((one) => (
                  <li>
                    <a href={hrefOfProblem(loaded, one) ?? taskHref(loaded, next.task)}>{view.problemText(one)}</a>
                  </li>
                ))}
              </ul>
              {completeness.missing.length > 8 ? (
                <p class="source">{t('writer.and-more', { n: completeness.missing.length - 8 })}</p>
              ) : null}
            </SideSection>
          ) : null}
          <SideSection title={t('writer.leaves', { state: view.node.stateName })}>
            <p>{t('writer.leaves-words', { names, hidden, annexes: (loaded.env.draft.annexes ?? []).length })}</p>
            <p class="source">{t('writer.leaves-note')}</p>
          </SideSection>
        </>
      }
      sideLabel={t('web.needs', { state })}
    >
      <NextStep
        view={view}
        title={t(`requests.task.${next.task}`)}
        actions={
          <Button
            kind="main"
            href={
              next.task === 'check' && completeness.done >= 7
                ? writeHref(reference, 'check')
                : (first && hrefOfProblem(loaded, first)) || taskHref(loaded, next.task)
            }
          >
            {t('writer.continue-task', { n: completeness.tasks.indexOf(next) + 1 })}
          </Button>
        }
      >
        {first ? <p>{view.problemText(first)}</p> : null}
      </NextStep>
      <TaskList
        view={view}
        groups={groups.map((group) => ({
          title: t(group.title),
          tasks: group.tasks.map((task) => {
            const one = completeness.tasks.find((found) => found.task === task);
            const status = statusOf[one?.status ?? 'not-started'];
            return {
              id: task,
              title: t(`requests.task.${task}`),
              href: status === 'blocked' ? undefined : taskHref(loaded, task),
              hint: hintOf(loaded, task),
              status,
            };
          }),
        }))}
      />
    </Page>
  );
}

/** Treaties that bind both States today, or that none does. */
export function Basis({ view, lines }: { view: View; lines: readonly string[] }) {
  if (lines.length === 0) return <p>{view.t('writer.basis-none')}</p>;
  return (
    <ul class="basis-lines">
      {lines.map((line) => (
        <li>{line}</li>
      ))}
    </ul>
  );
}

function deskName(loaded: Loaded): string | undefined {
  const { draft, desks } = loaded.env;
  const id = draft.requested?.authority?.authority;
  return (desks[draft.requested?.state ?? ''] ?? []).find((one) => one.ref.authority === id)?.name;
}

/** Rows of one page: its questions with what is answered, or the entries of its list. */
export function summaryRows(
  loaded: Loaded,
  task: Task,
  page: Loaded['pages'][number]['pages'][number],
  onlyGiven: boolean,
): SummaryRow[] {
  const { env, request } = loaded;
  const { t } = env.view;
  const { reference } = request;
  const rows: SummaryRow[] = [];
  const bases = page.type
    ? (env.draft.measures ?? []).flatMap((measure, n) =>
        measure.type === page.type ? [{ path: ['measures', n, 'fields'], at: `measures.${measure.id}.fields` }] : [],
      )
    : [{ path: [] as (string | number)[], at: null }];
  for (const base of bases) {
    const open = problemsOf(loaded, page, base.at);
    const href = writeHref(reference, task, page.id, ...(base.at === null ? [] : [base.at]));
    for (const field of page.fields) {
      const steps = field.path.split('/');
      if (!hasOwnPages(field) && !isAsked(env, field)) continue;
      const value = valueAt(env.draft, [...base.path, ...steps]);
      const problem = open.find(
        (one) => steps.every((step, n) => String(one.path[n]) === step) && one.severity === 'block',
      );
      if (hasOwnPages(field)) {
        listAt(env.draft, [...base.path, ...steps]).forEach((item, n) => {
          if (field.only && valueAt(item, ['kind']) !== field.only) return;
          const key = String(valueAt(item, ['id']) ?? n);
          const at = [...(base.at === null ? [] : [base.at]), ...steps, key].join('.');
          const worst = problemsOf(loaded, page, at).find((one) => one.severity === 'block');
          rows.push({
            label:
              t.has(`writer.item.${steps.join('-')}`) && !field.only
                ? t.code(`writer.item.${steps.join('-')}`, { n: n + 1 })
                : t.code(field.label),
            value: <Bdi>{itemName(env, field.path, item)}</Bdi>,
            changeHref: writeHref(reference, task, page.id, at),
            changeWhat: itemName(env, field.path, item),
            ...(worst ? { problem: env.view.problemText(worst) } : {}),
          });
        });
        if (problem && listAt(env.draft, [...base.path, ...steps]).length === 0)
          rows.push({ label: t.code(field.label), changeHref: href, problem: env.view.problemText(problem) });
        continue;
      }
      const given = isPresent(value, true) || isUnknown(value);
      if (onlyGiven && !given && !problem) continue;
      rows.push({
        label: t.code(field.label),
        value: given ? <Printed env={env} field={field} value={value} /> : undefined,
        changeHref: href,
        ...(problem ? { problem: env.view.problemText(problem) } : {}),
      });
    }
  }
  return rows;
}

/** A task once begun: every page with its answers, and what is missing. */
export function TaskPage({ loaded, task, definitions }: { loaded: Loaded; task: Task; definitions: Definitions }) {
  const { view } = loaded.env;
  const { t } = view;
  const { reference } = loaded.request;
  const group = loaded.pages.find((one) => one.task === task);
  const state = loaded.check.completeness.tasks.find((one) => one.task === task);
  const missing: readonly Problem[] = state?.missing ?? [];
  const pages = group?.pages ?? [];
  const next = missing[0] && hrefOfProblem(loaded, missing[0]);
  return (
    <WriterPage
      loaded={loaded}
      task={task}
      title={t(`requests.task.${task}`)}
      needs={
        <NeedsSide
          loaded={loaded}
          items={needsOf(loaded, { id: task, titleKey: '', from: [], fields: [] }, missing, definitions)}
        />
      }
    >
      <BackLink href={writeHref(reference)}>{t('web.all-tasks')}</BackLink>
      <Heading
        title={t(`requests.task.${task}`)}
        eyebrow={t('writer.task-n', {
          n: loaded.check.completeness.tasks.findIndex((one) => one.task === task) + 1,
          of: 8,
        })}
        lede={missing.length > 0 ? t('writer.task-missing', { n: missing.length }) : t('writer.task-done')}
      />
      {pages.map((page) => {
        const rows = summaryRows(loaded, task, page, true);
        return (
          <Section
            id={`page-${page.id}`}
            title={t.code(page.titleKey)}
            end={
              <a href={writeHref(reference, task, page.id)}>
                {rows.length === 0 ? t('writer.start') : t('web.change')}
                <span class="vh"> {t.code(page.titleKey)}</span>
              </a>
            }
          >
            {rows.length === 0 ? <p class="muted">{t('web.not-provided')}</p> : <SummaryList view={view} rows={rows} />}
          </Section>
        );
      })}
      <Actions>
        <Button kind="main" href={next ?? writeHref(reference)}>
          {next ? t('writer.go-missing') : t('web.all-tasks')}
        </Button>
        {task === 'check' ? <Button href={writeHref(reference, 'check')}>{t('writer.check-title')}</Button> : null}
      </Actions>
    </WriterPage>
  );
}
