import type { Child as Content } from 'hono/jsx';
import type { PlainDate, Problem } from '../../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  Button,
  Clauses,
  DateInput,
  Facts,
  Form,
  Heading,
  NextStep,
  Notice,
  Page,
  ProblemList,
  Section,
  Select,
  SideSection,
  SubNav,
  Tracker,
  type View,
} from '../../../../web/index.ts';
import { rosetteSvg } from '../../../../web/rosette.ts';
import { raw } from 'hono/html';
import type { PrintableRequest } from '../../documents/index.ts';
import { sharedStages, type ActionKind, type RequestAction } from '../../schema/index.ts';
import type { CheckAnswer, RequestView } from '../../service/index.ts';
import { RequestStatus } from './desk.tsx';
import { requestedState, whatIsAsked } from './parts.ts';

export type Tab = 'overview' | 'request' | 'deadlines' | 'versions';

export interface RequestShellProps {
  view: View;
  request: RequestView;
  tab: Tab;
  children?: Content;
  side?: Content;
  error?: boolean;
}

/** Colour of the handling band: every page with request content carries it. */
function handlingOf(request: RequestView) {
  return { tlp: request.request.handling?.tlp ?? ('AMBER' as const), note: request.request.handling?.national };
}

function Rosette({ request }: { request: RequestView }) {
  const hash = request.signedHash ?? request.contentHash;
  return (
    <span class="rosette">
      {raw(rosetteSvg(hash.slice('sha256:'.length), { label: `Rosette ${request.reference}` }))}
    </span>
  );
}

export function RequestShell({ view, request, tab, children, side, error }: RequestShellProps) {
  const { t } = view;
  const base = `/requests/${request.reference}`;
  const tabs = [
    { id: 'overview', href: base, label: t('work.overview') },
    { id: 'request', href: `${base}/request`, label: t('work.text') },
    { id: 'deadlines', href: `${base}/deadlines`, label: t('work.deadlines') },
    { id: 'versions', href: `${base}/versions`, label: t('work.versions') },
  ];
  return (
    <Page
      view={view}
      title={whatIsAsked(view, request.request.types ?? [])}
      reference={request.reference}
      current="desk"
      handling={handlingOf(request)}
      side={side}
      error={error}
    >
      <Heading
        title={whatIsAsked(view, request.request.types ?? [])}
        eyebrow={t('work.from-to', { from: view.node.stateName, to: requestedState(view, request) })}
        reference={request.reference}
        rosette={<Rosette request={request} />}
      />
      <p>
        <RequestStatus view={view} status={request.status} />
      </p>
      <SubNav
        label={t('work.overview')}
        items={tabs.map((one) => ({ href: one.href, label: one.label, current: one.id === tab }))}
      />
      {children}
    </Page>
  );
}

const headline: Partial<
  Record<
    RequestView['status'],
    {
      title: 'work.next-review' | 'work.next-clear' | 'work.next-sign';
      words: 'work.next-review-words' | 'work.next-clear-words' | 'work.next-sign-words';
      act: ActionKind;
      who: 'review' | 'clear' | 'sign';
    }
  >
> = {
  'peer-review': { title: 'work.next-review', words: 'work.next-review-words', act: 'review-pass', who: 'review' },
  'legal-clearance': { title: 'work.next-clear', words: 'work.next-clear-words', act: 'clear', who: 'clear' },
  'to-sign': { title: 'work.next-sign', words: 'work.next-sign-words', act: 'sign', who: 'sign' },
};

function actHref(request: RequestView, action: ActionKind): string {
  return action === 'sign' ? `/requests/${request.reference}/sign` : `/requests/${request.reference}/act/${action}`;
}

/** Who must do what next: one box, one button. */
export function Next({ view, request, check }: { view: View; request: RequestView; check: CheckAnswer }) {
  const { t, formats } = view;
  const { done, all } = check.completeness;
  if (request.status === 'draft') {
    const may = request.next.some((one) => one.action === 'edit' && one.allowed);
    return (
      <NextStep
        view={view}
        title={t('work.next-write')}
        urgent={request.urgent}
        actions={
          may ? (
            <Button kind="main" href={`/requests/${request.reference}/write`}>
              {t('work.next-write')}
            </Button>
          ) : undefined
        }
      >
        {t('work.next-write-words', { done, all })}
      </NextStep>
    );
  }
  const step = headline[request.status];
  if (step) {
    const may = request.next.some((one) => one.action === step.act && one.allowed);
    return (
      <NextStep
        view={view}
        title={may ? t(step.title) : t('work.next-wait', { who: t(`work.who.${step.who}`) })}
        urgent={request.urgent}
        actions={
          may ? (
            <Button kind="main" href={actHref(request, step.act)}>
              {t(step.title)}
            </Button>
          ) : undefined
        }
      >
        {t(step.words)}
      </NextStep>
    );
  }
  if (request.status === 'signed') {
    const channel = request.request.requested?.channel ?? '';
    return (
      <NextStep
        view={view}
        title={t('work.next-signed')}
        actions={
          <>
            <Button kind="main" href={`/requests/${request.reference}/document/pdf`} icon="download">
              {t('work.document-pdf')}
            </Button>
            {request.next.some((one) => one.action === 'transmit' && one.allowed) ? (
              <Button href={`/requests/${request.reference}/act/transmit`}>{t('work.next-dispatch')}</Button>
            ) : null}
          </>
        }
      >
        {request.holdUntil ? `${t('work.hold', { time: formats.moment(request.holdUntil, view.node.zone) })} ` : ''}
        {t('work.next-signed-words', {
          state: requestedState(view, request),
          channel: view.t.has(`requests.option.channel.${channel}`)
            ? view.t.code(`requests.option.channel.${channel}`)
            : channel,
        })}
      </NextStep>
    );
  }
  return <NextStep view={view} title={t('work.next-done')} />;
}

/** Whose it is and whether it waits: a matter of the own desk, which never leaves it. */
export function DeskSide({ view, request, desk }: { view: View; request: RequestView; desk: DeskSideProps }) {
  const { t } = view;
  const base = `/requests/${request.reference}/desk`;
  const owner = desk.members.find((one) => one.id === desk.owner);
  return (
    <SideSection title={t('work.owner')}>
      <p>
        <bdi>{owner?.name ?? ''}</bdi>
      </p>
      {desk.waitingUntil ? (
        <p>
          {t('work.waiting', { date: view.formats.day(desk.waitingUntil) })}
          <ActButton view={view} action={base} values={{ wait: '', act: 'wait' }} compact>
            {t('work.take-up')}
          </ActButton>
        </p>
      ) : null}
      <details>
        <summary>{t('work.assign')}</summary>
        <Form view={view} action={base}>
          <input type="hidden" name="act" value="assign" />
          <Select
            view={view}
            name="person"
            label={t('work.assign')}
            value={desk.owner}
            options={desk.members.map((one) => ({ value: one.id, label: one.name }))}
          />
          <Actions>
            <Button compact>{t('work.assign-button')}</Button>
          </Actions>
        </Form>
        <Form view={view} action={base}>
          <input type="hidden" name="act" value="wait" />
          <DateInput view={view} name="wait" label={t('work.wait')} />
          <Actions>
            <Button compact>{t('work.wait-button')}</Button>
          </Actions>
        </Form>
        <ActButton view={view} action={base} values={{ act: 'undo' }} compact>
          {t('work.undo-desk')}
        </ActButton>
      </details>
    </SideSection>
  );
}

export interface DeskSideProps {
  owner: string;
  waitingUntil: PlainDate | null;
  members: { id: string; name: string }[];
}

/** Acts that are possible besides the next step. */
export function OtherActs({ view, request }: { view: View; request: RequestView }) {
  const main = headline[request.status]?.act;
  const others = request.next.filter(
    (one) =>
      one.allowed &&
      one.action !== main &&
      one.action !== 'edit' &&
      one.action !== 'transmit' &&
      one.action !== 'share-draft',
  );
  if (others.length === 0) return null;
  return (
    <SideSection title={view.t('work.actions')}>
      <ul class="plain-list">
        {others.map((one) => (
          <li>
            <a href={actHref(request, one.action)}>{view.t(`requests.action.${one.action}`)}</a>
          </li>
        ))}
      </ul>
    </SideSection>
  );
}

export function Documents({ view, request }: { view: View; request: RequestView }) {
  const base = `/requests/${request.reference}/document`;
  return (
    <SideSection title={view.t('work.document')}>
      <ul class="plain-list">
        {(['pdf', 'docx', 'json'] as const).map((format) => (
          <li>
            <a href={`${base}/${format}`}>{view.t(`work.document-${format}`)}</a>
          </li>
        ))}
      </ul>
      {request.signedHash ? null : <p class="source">{view.t('work.document-draft')}</p>}
    </SideSection>
  );
}

function Timeline({
  view,
  actions,
  names,
}: {
  view: View;
  actions: readonly RequestAction[];
  names: Map<string, string>;
}) {
  // A run of saves by one person reads as one line.
  const shown = actions.filter(
    (action, index) =>
      action.kind !== 'edit' || actions[index + 1]?.kind !== 'edit' || actions[index + 1]?.actor !== action.actor,
  );
  return (
    <ol class="timeline">
      {[...shown].reverse().map((action) => (
        <li>
          <time datetime={action.at}>{view.formats.moment(action.at, view.node.zone)}</time>
          <span>
            <b>{view.t(`requests.action.${action.kind}`)}</b>
            <span class="small muted">
              <bdi>{names.get(action.actor) ?? action.actor}</bdi>
            </span>
            {action.data.reason ? <blockquote dir="auto">{action.data.reason}</blockquote> : null}
          </span>
        </li>
      ))}
    </ol>
  );
}

export interface OverviewProps {
  view: View;
  request: RequestView;
  check: CheckAnswer;
  names: Map<string, string>;
  /** Missing for readers who may not give work to others. */
  desk: DeskSideProps | null;
  notice?: string;
}

/** `/requests/REF`: what it is, who does what next, what happened. */
export function OverviewPage({ view, request, check, names, desk, notice }: OverviewProps) {
  const { t } = view;
  const { basis, requested, deadline } = request.request;
  const primary = basis?.primary;
  const side = (
    <>
      <Documents view={view} request={request} />
      <OtherActs view={view} request={request} />
      {desk ? <DeskSide view={view} request={request} desk={desk} /> : null}
      <SideSection title={t('work.hash')}>
        <p>
          <bdi class="ref hash" dir="ltr">
            {request.contentHash}
          </bdi>
        </p>
      </SideSection>
    </>
  );
  return (
    <RequestShell view={view} request={request} tab="overview" side={side}>
      {notice ? <Notice view={view} kind="success" title={notice} /> : null}
      <Next view={view} request={request} check={check} />
      <Tracker
        view={view}
        stages={sharedStages.map((stage) => {
          const reached = request.stage ? sharedStages.indexOf(request.stage) : -1;
          const index = sharedStages.indexOf(stage);
          return {
            label: t(`requests.stage.${stage}`),
            status: index < reached ? 'done' : index === reached ? 'now' : 'later',
          };
        })}
      />
      <Facts
        items={[
          {
            label: t('work.column-state'),
            value: requestedState(view, request),
            source: requested?.authority?.authority,
          },
          {
            label: t('work.basis'),
            value: primary?.instrument ? (
              <bdi dir="ltr">
                <a href={`/law/${primary.instrument}`}>{primary.instrument}</a> {primary.article ?? ''}
              </bdi>
            ) : (
              t('work.basis-none')
            ),
          },
          {
            label: t('work.column-due'),
            value: deadline?.date ? view.formats.dayWithWeekday(deadline.date) : t('work.no-deadline'),
          },
          { label: t('work.version'), value: String(request.requestVersion) },
          { label: t('work.rule-set'), value: <bdi dir="ltr">{check.ruleSet}</bdi> },
          { label: t('work.case-file'), value: <a href={`/case-files/${request.caseFileId}`}>{t('work.open')}</a> },
        ]}
      />
      <Section title={t('work.check')} id="check">
        {check.problems.length === 0 ? (
          <p>{t('work.check-none')}</p>
        ) : (
          <ProblemList view={view} problems={check.problems} hrefOf={(one) => writeHref(request, one)} />
        )}
      </Section>
      <Section title={t('work.timeline')} id="timeline">
        <Timeline view={view} actions={request.actions} names={names} />
      </Section>
    </RequestShell>
  );
}

/** Where a problem can be put right: the check page leads to the task and the field. */
export function writeHref(request: RequestView, problem: Problem): string | undefined {
  if (request.status !== 'draft') return undefined;
  return `/requests/${request.reference}/write/check?at=${encodeURIComponent(problem.path.join('.'))}`;
}

/** The text as it would be printed, clause by clause. */
export function RequestText({ view, printable }: { view: View; printable: PrintableRequest }) {
  return (
    <Clauses
      view={view}
      languages={printable.languages}
      groups={printable.sections.map((section) => ({
        id: section.id,
        titles: Object.fromEntries(
          printable.languages.map((language, index) => [language, section.headings[index] ?? '']),
        ),
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
      }))}
    />
  );
}

export function BackActions({ view, request }: { view: View; request: RequestView }) {
  return (
    <Actions>
      <Button href={`/requests/${request.reference}`}>{view.t('work.not-now')}</Button>
    </Actions>
  );
}
