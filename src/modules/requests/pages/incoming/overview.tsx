import type { Instant } from '../../../../platform/values/index.ts';
import {
  Actions,
  Bdi,
  Button,
  Callout,
  Facts,
  Filters,
  Form,
  Notice,
  OursOnly,
  ProblemList,
  Ref,
  Section,
  SideSection,
  Source,
  StatusMark,
  TextArea,
  errorFor,
  type View,
} from '../../../../web/index.ts';
import type { Problem } from '../../../../platform/values/index.ts';
import type { PrintableRequest } from '../../documents/index.ts';
import type { IncomingListItem, IncomingView } from '../../service/index.ts';
import { DeskSide, type DeskSideProps } from '../case/desk-side.tsx';
import { CasePage, type Frame } from '../case/frame.tsx';
import type { Place, Waiting } from '../case/parts.ts';
import { Said, type Saying } from '../case/said.tsx';
import { LastReceipt, Stages, WaitingNotice } from '../case/stages.tsx';
import { RequestText } from '../work/overview.tsx';
import { bothLanguages, whatIsAsked } from '../work/parts.ts';
import { IncomingStatusMark } from './look.tsx';
import { actHref, Decide, NextIncomingStep } from './next.tsx';

/** How the two States stand to the instrument relied on, by the data of this node. */
export interface BasisLine {
  instrument: string;
  article: string;
  onRequest: { own: string; other: string } | null;
  source: string;
  /** What the sender's own snapshot said. */
  theirAnswer: string | null;
}

export interface IncomingOverviewProps {
  view: View;
  frame: Frame;
  request: IncomingView;
  state: string;
  printable: PrintableRequest;
  names: ReadonlyMap<string, string>;
  desk: DeskSideProps | null;
  authority: string;
  place: Place | null;
  basis: BasisLine | null;
  similar: readonly IncomingListItem[];
  waiting: ReadonlyMap<string, Waiting>;
  /** What the other State said with its acts. */
  sayings: readonly Saying[];
  now: Instant;
  done?: string;
  mayNote: boolean;
  note?: { typed: string; problems: readonly Problem[] };
  proofHref?: (message: string) => string;
}

/** `/requests/REF` at the requested State: the text as sent, whether it is genuine, what the own law says, what may be done. */
export function IncomingOverview(props: IncomingOverviewProps) {
  const { view, frame, request, state, authority } = props;
  const { t } = view;
  return (
    <CasePage
      view={view}
      frame={frame}
      tab="overview"
      error={(props.note?.problems.length ?? 0) > 0}
      notices={<Notices {...props} />}
      next={<NextIncomingStep view={view} request={request} state={state} now={props.now} />}
      tracker={
        <Stages
          view={view}
          shared={request.shared}
          messages={request.messages}
          expected={expectedStages(view, request)}
          proofHref={props.proofHref}
        />
      }
      side={<Side {...props} />}
      sideLabel={t('incoming.decide')}
    >
      <LastReceipt view={view} messages={request.messages} authority={authority} />
      <Said view={view} state={state} sayings={props.sayings} />
      <Signature {...props} />
      <Basis {...props} />
      <Section
        title={t('incoming.as-sent')}
        id="text"
        end={
          <Filters
            label={t('incoming.as-sent')}
            items={[
              ...bothLanguages.map((one) => ({
                href: `/requests/${request.reference}?text=${one}#text`,
                label: <span lang={one}>{view.formats.language(one)}</span>,
                current: props.printable.languages[0] === one,
              })),
              { href: `/requests/${request.reference}/request`, label: t('incoming.both-languages') },
            ]}
          />
        }
      >
        <RequestText
          view={view}
          printable={props.printable}
          notesOf={(path) =>
            request.next.some((one) => one.action === 'ask-information' && one.allowed) && path ? (
              <p>
                <a href={`${actHref(request.reference, 'ask-information')}?at=${encodeURIComponent(path)}`}>
                  {t('incoming.ask-about')}
                </a>
              </p>
            ) : null
          }
        />
      </Section>
      <NotKnown {...props} />
    </CasePage>
  );
}

function expectedStages(view: View, request: IncomingView) {
  const deadline = request.working.deadline?.date;
  return deadline ? { answered: view.t('incoming.asked-by', { day: view.formats.day(deadline) }) } : {};
}

function Notices({ view, request, state, waiting, done }: IncomingOverviewProps) {
  const { t } = view;
  const { changedByOtherSide } = request.state;
  const supplement = request.supplements.at(-1);
  return (
    <>
      {done && t.has(`requests.did.${done}`) ? (
        <Notice view={view} kind="success" title={t.code(`requests.did.${done}`)} />
      ) : null}
      {changedByOtherSide ? (
        <Notice
          view={view}
          kind="warning"
          title={t(request.status === 'withdrawn' ? 'incoming.withdrawn-by' : 'incoming.changed-by', { state })}
          actions={
            request.next.some((one) => one.action === 'acknowledge-change' && one.allowed) ? (
              <Button compact href={actHref(request.reference, 'acknowledge-change')}>
                {t('incoming.see-changes', { count: supplement?.changes.length ?? 0 })}
              </Button>
            ) : undefined
          }
        >
          <p>{t('incoming.changed-words')}</p>
        </Notice>
      ) : null}
      {request.misdirected ? (
        <Notice view={view} kind="warning" title={t('incoming.misdirected')}>
          <p>
            {t('incoming.addressed-to')} <Ref value={request.misdirected.addressedTo} />
          </p>
        </Notice>
      ) : null}
      <WaitingNotice view={view} state={state} messages={request.messages} waiting={waiting} />
    </>
  );
}

function Signature({ view, request, authority, place, state }: IncomingOverviewProps) {
  const { t, formats } = view;
  const { signature, working } = request;
  const by = working.signature;
  return (
    <Section
      title={t('incoming.signature')}
      id="signature"
      end={
        <StatusMark mark="done" tone="success">
          {t('incoming.signature-valid')}
        </StatusMark>
      }
    >
      <p class="words">
        {t('incoming.signed-by', {
          authority: `\u2068${authority}\u2069`,
          signatory: `\u2068${signature.signatory}\u2069`,
          at: formats.moment(signature.signedAt, view.node.zone),
        })}
      </p>
      <Facts
        items={[
          ...(by && 'power' in by && by.power
            ? [{ label: t('incoming.power'), value: <Bdi>{String(by.power)}</Bdi> }]
            : []),
          { label: t('incoming.key'), value: <Ref value={signature.kid} wrap /> },
          { label: t('work.hash'), value: <Ref value={signature.contentHash} wrap /> },
          {
            label: t('incoming.check-yourself'),
            value: (
              <>
                <a href={`/verify?content=${signature.contentHash.slice('sha256:'.length)}`}>{t('incoming.verify')}</a>
                {place?.phone ? (
                  <>
                    {' · '}
                    {t('incoming.phone', { state })} <Ref value={place.phone} />
                  </>
                ) : null}
              </>
            ),
            source: <a href={`/authorities/${encodeURIComponent(signature.authority)}`}>{signature.authority}</a>,
          },
        ]}
      />
    </Section>
  );
}

function Basis({ view, basis, state }: IncomingOverviewProps) {
  const { t } = view;
  if (!basis) return null;
  return (
    <Section title={t('incoming.basis')} id="basis">
      <p>
        <bdi dir="ltr">
          <a href={`/law/${basis.instrument}`}>{basis.instrument}</a> {basis.article}
        </bdi>
      </p>
      {basis.onRequest ? (
        <Facts
          items={[
            { label: view.node.stateName, value: basis.onRequest.own },
            { label: state, value: basis.onRequest.other },
          ]}
        />
      ) : null}
      <Source>
        {basis.source}
        {basis.theirAnswer ? ` · ${t('incoming.their-answer', { state, answer: basis.theirAnswer })}` : ''}
      </Source>
    </Section>
  );
}

function NotKnown({ view, request }: IncomingOverviewProps) {
  const { t } = view;
  const { fields, types, ruleSet } = request.notKnownHere;
  if (fields.length + types.length === 0 && !ruleSet) return null;
  return (
    <Section title={t('incoming.not-known')} id="not-known">
      <Callout tone="warning">
        <p>{t('incoming.not-known-words')}</p>
      </Callout>
      <Facts
        items={[
          ...(types.length > 0
            ? [{ label: t('incoming.not-known-types'), value: <Ref value={types.join(', ')} wrap /> }]
            : []),
          ...(fields.length > 0
            ? [{ label: t('incoming.not-known-fields'), value: <Ref value={fields.join(', ')} wrap /> }]
            : []),
          ...(ruleSet ? [{ label: t('work.rule-set'), value: <Ref value={ruleSet} /> }] : []),
        ]}
      />
    </Section>
  );
}

function Side(props: IncomingOverviewProps) {
  const { view, request, state, names, similar } = props;
  const { t, formats } = view;
  return (
    <>
      <SideSection title={t('incoming.decide')}>
        <div id="decide">
          <Decide view={view} request={request} state={state} />
        </div>
      </SideSection>
      {props.desk ? <DeskSide view={view} reference={request.reference} desk={props.desk} /> : null}
      <SideSection title={t('incoming.complete', { state: view.node.stateName })}>
        {request.problems.length === 0 ? (
          <p>
            <StatusMark mark="tick" tone="success">
              {t('incoming.complete-all')}
            </StatusMark>
          </p>
        ) : (
          <ProblemList view={view} problems={request.problems} />
        )}
      </SideSection>
      <SideSection title={t('incoming.notes')}>
        <OursOnly>
          <p class="source">{t('incoming.notes-words', { state: view.node.stateName })}</p>
          {request.notes.map((note) => (
            <div class="note" id={`note-${note.id}`}>
              <p class="pre" dir="auto">
                {note.text}
              </p>
              <p class="source">
                <Bdi>{names.get(note.by) ?? ''}</Bdi>, {formats.moment(note.at, view.node.zone)}
              </p>
            </div>
          ))}
          {props.mayNote ? (
            <Form view={view} action={`/requests/${request.reference}/notes`}>
              <TextArea
                view={view}
                name="note"
                label={t('incoming.add-note')}
                rows={2}
                value={props.note?.typed}
                error={errorFor(view, props.note?.problems ?? [], 'note')}
              />
              <Actions>
                <Button compact>{t('incoming.add-note-button')}</Button>
              </Actions>
            </Form>
          ) : null}
        </OursOnly>
      </SideSection>
      <SideSection title={t('incoming.similar', { state })}>
        {similar.length === 0 ? <p class="muted">{t('incoming.similar-none')}</p> : null}
        <ul class="plain-list">
          {similar.map((one) => (
            <li>
              <a href={`/requests/${one.reference}`}>{whatIsAsked(view, one.types)}</a>
              <p class="source">
                <Ref value={one.reference} /> <IncomingStatusMark view={view} status={one.status} />
              </p>
            </li>
          ))}
        </ul>
      </SideSection>
    </>
  );
}
