import type { Problem } from '../../../../platform/values/index.ts';
import {
  Clauses,
  Facts,
  Notice,
  ProblemList,
  Section,
  SideSection,
  type Content,
  type View,
} from '../../../../web/index.ts';
import type { PrintableRequest } from '../../documents/index.ts';
import type { RequestAction } from '../../schema/index.ts';
import type { CheckAnswer, ConversationView, RequestView } from '../../service/index.ts';
import { DeskSide, type DeskSideProps } from '../case/desk-side.tsx';
import { CasePage, type Frame } from '../case/frame.tsx';
import { didWords } from '../case/did.ts';
import { pathOfClause } from '../case/places.ts';
import { Said, type Saying } from '../case/said.tsx';
import { LastReceipt } from '../case/stages.tsx';
import { Answers } from './answers.tsx';
import { OtherActs } from './next.tsx';
import { requestedState } from './parts.ts';

/** Whose it is and whether it waits: a matter of the own desk, which never leaves it. */
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
            <b>{didWords(view, action.kind)}</b>
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
  frame: Frame;
  request: RequestView;
  conversation: ConversationView;
  /** Name of the authority asked. */
  authority: string;
  check: CheckAnswer;
  /** What the other State said with acts that are no replies. */
  sayings: readonly Saying[];
  names: Map<string, string>;
  /** Missing for readers who may not give work to others. */
  desk: DeskSideProps | null;
  /** What was just done. */
  done?: string;
  notices: Content;
  next: Content;
  tracker: Content;
}

/** `/requests/REF`: what it is, who does what next, what the other State said, what happened. */
export function OverviewPage(props: OverviewProps) {
  const { view, frame, request, conversation, check, names, desk } = props;
  const { t } = view;
  const { basis, requested, deadline } = request.request;
  const primary = basis?.primary;
  const isOut = conversation.shared.stage !== null;
  const remarks = conversation.remarks.length;
  const side = (
    <>
      <SideSection title={t('work.actions')}>
        <OtherActs view={view} request={request} />
      </SideSection>
      {request.status === 'draft-shared' || remarks > 0 ? (
        <SideSection title={t('work.remarks', { state: frame.state })}>
          <p>
            <a href={`/requests/${request.reference}/request`}>{t('work.remarks-words', { count: remarks })}</a>
          </p>
        </SideSection>
      ) : null}
      <Documents view={view} request={request} />
      {desk ? <DeskSide view={view} reference={request.reference} desk={desk} /> : null}
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
    <CasePage
      view={view}
      frame={frame}
      tab="overview"
      side={side}
      notices={
        <>
          {props.done ? <Notice view={view} kind="success" title={props.done} /> : null}
          {props.notices}
        </>
      }
      next={props.next}
      tracker={props.tracker}
    >
      <LastReceipt view={view} messages={conversation.messages} authority={props.authority} />
      <Said view={view} state={frame.state} sayings={props.sayings} />
      <Answers view={view} state={frame.state} request={request.request} replies={conversation.replies} />
      <Section title={t('work.text')} id="facts">
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
      </Section>
      {isOut ? null : (
        <Section title={t('work.check')} id="check">
          {check.problems.length === 0 ? (
            <p>{t('work.check-none')}</p>
          ) : (
            <ProblemList view={view} problems={check.problems} hrefOf={(one) => writeHref(request, one)} />
          )}
        </Section>
      )}
      {isOut ? null : (
        <Section title={t('work.timeline')} id="timeline">
          <Timeline view={view} actions={request.actions} names={names} />
        </Section>
      )}
    </CasePage>
  );
}

/** Where a problem can be put right: the check page leads to the task and the field. */
export function writeHref(request: RequestView, problem: Problem): string | undefined {
  if (request.status !== 'draft') return undefined;
  return `/requests/${request.reference}/write/check?at=${encodeURIComponent(problem.path.join('.'))}`;
}

interface RequestTextProps {
  view: View;
  printable: PrintableRequest;
  /** Words behind a text that is no request yet. */
  watermark?: string;
  /** What stands under a paragraph, by the path of its free text. */
  notesOf?: (path: string | undefined) => Content;
}

/** The text as it would be printed, clause by clause. */
export function RequestText({ view, printable, watermark, notesOf }: RequestTextProps) {
  return (
    <Clauses
      view={view}
      languages={printable.languages}
      watermark={watermark}
      groups={printable.sections.map((section) => ({
        id: section.id,
        titles: Object.fromEntries(
          printable.languages.map((language, index) => [language, section.headings[index] ?? '']),
        ),
        clauses: section.clauses.map((clause) => ({
          number: String(clause.n),
          notes: notesOf?.(pathOfClause(clause)),
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
