import type { Problem } from '../../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  BackLink,
  Button,
  Clauses,
  errorFor,
  ErrorSummary,
  Form,
  Heading,
  NextStep,
  Notice,
  Page,
  ProblemList,
  Progress,
  Rosette,
  Section,
  SummaryList,
  TextInput,
  type ClauseGroup,
  type Typed,
} from '../../../../web/index.ts';
import type { PrintableRequest } from '../../documents/index.ts';
import type { Task } from '../../schema/index.ts';
import type { CheckAnswer } from '../../service/index.ts';
import type { Loaded } from './load.ts';
import { hrefOfProblem, writeHref } from './places.ts';
import { handlingOf, otherState } from './shell.tsx';
import { summaryRows } from './tasks.tsx';

interface CheckProps {
  loaded: Loaded;
  /** The check as the review itself makes it. */
  check: CheckAnswer;
  printable: PrintableRequest;
  mayReview: boolean;
  problems: readonly Problem[];
  typed: Typed;
  saved?: boolean;
}

/** Where each part of the printed request is changed. */
const changes: Readonly<Record<string, readonly [Task, string]>> = {
  authorities: ['facts', 'office'],
  urgency: ['urgency', 'urgency'],
  basis: ['offence', 'basis'],
  proceeding: ['facts', 'case'],
  facts: ['facts', 'acts'],
  offences: ['offence', 'offence'],
  persons: ['people', 'persons'],
  assistance: ['need', 'measures'],
  particulars: ['need', 'measures'],
  assurances: ['conditions', 'assurances'],
  use: ['conditions', 'use'],
  signature: ['check', 'signatory'],
};

/** `/requests/{ref}/write/check`: everything that stands against it, every answer, and the text in both languages. */
export function CheckPage(props: CheckProps) {
  const { loaded, check, problems, saved } = props;
  const { view } = loaded.env;
  const { t } = view;
  const { reference, contentHash } = loaded.request;
  const state = otherState(loaded);
  const blocking = check.problems
    .filter((one) => one.severity !== 'warn')
    .map((one) => (one.source === 'practice' ? { ...one, source: t('writer.source-practice') } : one));
  return (
    <Page
      view={view}
      title={t('writer.check-title')}
      reference={reference}
      error={problems.length > 0}
      current="desk"
      handling={handlingOf(loaded)}
    >
      <ErrorSummary
        view={view}
        problems={problems}
        hrefOf={(one) => (one.path[0] === 'reason' ? undefined : hrefOfProblem(loaded, one))}
      />
      {saved ? <Notice view={view} kind="success" title={t('writer.reasons-saved')} /> : null}
      <BackLink href={writeHref(reference)}>{t('web.all-tasks')}</BackLink>
      <Heading
        title={t('writer.check-title')}
        eyebrow={t('writer.draft-to', { state })}
        reference={reference}
        lede={t('writer.check-lede', { state })}
        rosette={<Rosette view={view} hash={contentHash.slice(7)} of={reference} />}
      />
      <Progress
        done={check.completeness.done}
        of={check.completeness.all}
        words={t('writer.done-of', { done: check.completeness.done, all: check.completeness.all })}
        more={t('writer.measured', { state })}
      />
      <Next {...props} />
      {blocking.length > 0 ? (
        <Section id="problems" title={t('writer.check-problems')}>
          <ProblemList view={view} problems={blocking} hrefOf={(one) => hrefOfProblem(loaded, one)} />
        </Section>
      ) : null}
      <Reasons {...props} />
      <Section id="answers" title={t('writer.check-answers')}>
        {loaded.pages.map(({ task, pages }) => {
          const rows = pages.flatMap((one) => summaryRows(loaded, task, one, true));
          return (
            <details class="answers-task" open={rows.some((row) => row.problem !== undefined)}>
              <summary>{t(`requests.task.${task}`)}</summary>
              {rows.length === 0 ? (
                <p class="muted">{t('web.not-provided')}</p>
              ) : (
                <SummaryList view={view} rows={rows} />
              )}
            </details>
          );
        })}
      </Section>
      <Section id="text" title={t('writer.check-text')}>
        <Text {...props} />
      </Section>
    </Page>
  );
}

function Next({ loaded, check, mayReview }: CheckProps) {
  const { view } = loaded.env;
  const { t } = view;
  const { reference, head } = loaded.request;
  const blocks = check.problems.filter((one) => one.severity === 'block');
  const first = blocks[0];
  if (first) {
    return (
      <NextStep
        view={view}
        title={t('writer.check-blocked', { n: blocks.length })}
        actions={
          <Button kind="main" href={hrefOfProblem(loaded, first) ?? '#problems'}>
            {t('writer.check-first')}
          </Button>
        }
      >
        <p>{t('writer.check-blocked-words')}</p>
      </NextStep>
    );
  }
  if (check.open.length > 0) {
    return (
      <NextStep
        view={view}
        title={t('writer.check-reasons-needed', { n: check.open.length })}
        actions={
          <Button kind="main" href="#reasons">
            {t('writer.check-write-reasons')}
          </Button>
        }
      >
        <p>{t('writer.check-reasons-words')}</p>
      </NextStep>
    );
  }
  return (
    <NextStep
      view={view}
      title={t('writer.check-ready')}
      actions={
        mayReview ? (
          <ActButton view={view} action={writeHref(reference, 'check')} values={{ seen: head }} kind="main">
            {t('writer.send-for-review')}
          </ActButton>
        ) : null
      }
    >
      <p>{t('writer.check-ready-words')}</p>
    </NextStep>
  );
}

/** Warnings that are left standing need a reason each; the approver reads them. */
function Reasons({ loaded, check, problems, typed }: CheckProps) {
  const { view, draft } = loaded.env;
  const { t } = view;
  const warnings = check.problems.filter((one) => one.severity === 'warn');
  if (warnings.length === 0) return null;
  const given = draft.internal?.warningReasons ?? [];
  return (
    <Section id="reasons" title={t('writer.reasons-title')}>
      <Form view={view} action={writeHref(loaded.request.reference, 'check', 'reasons')} class="reasons">
        <input type="hidden" name="_seen" value={String(loaded.request.revision)} />
        {warnings.map((one, n) => {
          const at = one.path.join('/');
          const name = `reason.${n}`;
          const href = hrefOfProblem(loaded, one);
          const stored = given.find((reason) => reason.code === one.code && reason.at === at)?.reason;
          return (
            <div class="reason">
              <p class="reason-words">
                {view.problemText(one)}
                <span class="source"> {one.source === 'practice' ? t('writer.source-practice') : one.source}</span>
              </p>
              {href ? (
                <p class="small">
                  <a href={href}>
                    {t('writer.mend')}
                    <span class="vh"> {view.problemText(one)}</span>
                  </a>
                </p>
              ) : null}
              <input type="hidden" name={`code.${n}`} value={one.code} />
              <input type="hidden" name={`at.${n}`} value={at} />
              <TextInput
                view={view}
                name={name}
                label={
                  <>
                    {t('writer.reason-for')}
                    <span class="vh"> {t('writer.reason-problem', { words: view.problemText(one) })}</span>
                  </>
                }
                value={typed[name]?.[0] ?? stored}
                error={errorFor(view, problems, name)}
              />
            </div>
          );
        })}
        <Actions>
          <Button>{t('writer.reasons-save')}</Button>
        </Actions>
      </Form>
    </Section>
  );
}

function Text({ loaded, printable }: CheckProps) {
  const { view } = loaded.env;
  const { t } = view;
  const { reference } = loaded.request;
  const original = loaded.env.languages[0];
  const groups = printable.sections.map((section): ClauseGroup => {
    const change = changes[section.id];
    return {
      id: `part-${section.id}`,
      titles: Object.fromEntries(printable.languages.map((language, n) => [language, section.headings[n] ?? ''])),
      ...(change ? { changeHref: writeHref(reference, ...change) } : {}),
      clauses: section.clauses.map((clause) => ({
        number: String(clause.n),
        texts: Object.fromEntries(
          clause.sides.map((side) => [
            side.lang,
            <>
              {side.lines.map((line) => (
                <span class="line">
                  {line.label ? <span class="line-label">{line.label}: </span> : null}
                  {line.runs.map((run) => (run.style === 'mono' ? <span class="ref">{run.text}</span> : run.text))}
                </span>
              ))}
              {side.mark ? <span class="small muted"> {side.mark.text}</span> : null}
            </>,
          ]),
        ),
      })),
    };
  });
  return (
    <Clauses
      view={view}
      languages={printable.languages}
      roles={Object.fromEntries(
        printable.languages.map((language) => [
          language,
          t(language === original ? 'writer.original' : 'writer.translation'),
        ]),
      )}
      groups={groups}
    />
  );
}
