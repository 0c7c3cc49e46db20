import {
  ActButton,
  DataTable,
  Empty,
  Figures,
  Heading,
  Notice,
  Num,
  Page,
  Ref,
  Section,
  StatusMark,
  type View,
} from '../../../web/index.ts';
import type { Alarm, ExchangeStatus, PeerRow, Queue, TrackedMessage } from '../service/operate.ts';
import { TrustNav } from '../trust/pages/parts.tsx';
import { messageHref, Route, When, WhyWords } from './parts.tsx';
import { whyOf } from './words.ts';

export interface Shown {
  status: ExchangeStatus;
  /** Nodes whose entry is confirmed here, spoken with or not. */
  known: readonly string[];
  queue: Queue;
  /** Whether the reader may try, put aside, refuse. */
  mayOperate: boolean;
  /** Whether receipts of this node count: its database flushes before it confirms. */
  durable: boolean;
  /** Whether a port for other nodes is set. */
  isOn: boolean;
  done: DoneAct | undefined;
}

export const doneActs = ['retry', 'park', 'refuse', 'recall'] as const;
export type DoneAct = (typeof doneActs)[number];

function PeerState({ view, peer }: { view: View; peer: PeerRow }) {
  const { t, formats } = view;
  const at = (moment: NonNullable<PeerRow['probeAt']>) => formats.moment(moment, view.node.zone);
  if (peer.breaker === 'open' || peer.breaker === 'probing') {
    return (
      <>
        <StatusMark mark="alert" tone="warning">
          {t('operate.peer-paused', { failures: peer.failures })}
        </StatusMark>
        {peer.probeAt ? <p class="hint">{t('operate.peer-next', { next: at(peer.probeAt) })}</p> : null}
      </>
    );
  }
  if (peer.waitingSince && peer.nextTryAt) {
    return (
      <StatusMark mark="waiting" tone="info">
        {t('operate.peer-trying', { since: at(peer.waitingSince), next: at(peer.nextTryAt) })}
      </StatusMark>
    );
  }
  if (peer.lastContactAt === null && peer.lastReceiptAt === null)
    return <StatusMark mark="unknown">{t('operate.peer-never')}</StatusMark>;
  return (
    <StatusMark mark="done" tone="success">
      {t('operate.peer-answers')}
    </StatusMark>
  );
}

function ClockWords({ view, skew }: { view: View; skew: number | null }) {
  const { t } = view;
  if (skew === null) return <>{t('operate.clock-unknown')}</>;
  const seconds = Math.round(Math.abs(skew) / 1000);
  if (seconds < 2) return <>{t('operate.clock-agrees')}</>;
  return <>{t(skew > 0 ? 'operate.clock-ahead' : 'operate.clock-behind', { seconds: view.formats.number(seconds) })}</>;
}

const silent: Omit<PeerRow, 'node'> = {
  breaker: null,
  failures: 0,
  probeAt: null,
  waitingSince: null,
  lastCode: null,
  lastReceiptAt: null,
  lastContactAt: null,
  clockSkewMs: null,
  alarmCode: null,
  alarmAt: null,
  waiting: 0,
  parked: 0,
  oldestQueuedAt: null,
  nextTryAt: null,
};

function withKnown(peers: readonly PeerRow[], known: readonly string[]): PeerRow[] {
  const others = known.filter((node) => !peers.some((peer) => peer.node === node));
  return [...peers, ...others.map((node) => ({ node, ...silent }))];
}

function Peers({ view, peers }: { view: View; peers: readonly PeerRow[] }) {
  const { t } = view;
  if (peers.length === 0)
    return (
      <Empty title={t('operate.peers-none')} motif="map">
        {t('operate.peers-none-why')}
      </Empty>
    );
  return (
    <DataTable
      view={view}
      caption={t('operate.peers')}
      captionHidden
      stack
      columns={[
        {
          id: 'node',
          label: t('operate.column-node'),
          header: true,
          cell: (peer: PeerRow) => <Ref value={peer.node} />,
        },
        {
          id: 'state',
          label: t('operate.column-state'),
          cell: (peer) => (
            <>
              <PeerState view={view} peer={peer} />
              {peer.lastCode && peer.breaker !== 'closed' ? <WhyWords view={view} code={peer.lastCode} /> : null}
            </>
          ),
        },
        {
          id: 'waiting',
          label: t('operate.column-waiting'),
          figures: true,
          cell: (peer) => view.formats.number(peer.waiting),
        },
        { id: 'last', label: t('operate.column-last'), cell: (peer) => <When view={view} at={peer.lastReceiptAt} /> },
        {
          id: 'clock',
          label: t('operate.column-clock'),
          cell: (peer) => <ClockWords view={view} skew={peer.clockSkewMs} />,
        },
      ]}
      rows={peers}
    />
  );
}

function Messages({
  view,
  caption,
  rows,
  empty,
  acts,
}: {
  view: View;
  caption: string;
  rows: readonly TrackedMessage[];
  empty: string;
  acts?: (message: TrackedMessage) => { act: string; label: string }[];
}) {
  const { t } = view;
  return (
    <DataTable
      view={view}
      caption={caption}
      captionHidden
      stack
      rowId={(message: TrackedMessage) => `m-${message.id}`}
      columns={[
        { id: 'since', label: t('operate.column-since'), header: true, cell: (message) => <When view={view} at={message.at} /> },
        {
          id: 'message',
          label: t('operate.column-message'),
          cell: (message) => (
            <>
              <a href={messageHref(message.id)}>
                <Num>{message.kind}</Num>
              </a>
              <p class="hint">{t(`operate.priority-${message.priority}`)}</p>
            </>
          ),
        },
        { id: 'route', label: t('operate.column-route'), cell: (message) => <Route view={view} message={message} /> },
        {
          id: 'why',
          label: t('operate.column-why'),
          cell: (message) => <WhyWords view={view} code={message.code} />,
        },
        {
          id: 'tries',
          label: t('operate.column-tries'),
          figures: true,
          cell: (message) => view.formats.number(message.attempts),
        },
        { id: 'next', label: t('operate.column-next'), cell: (message) => <When view={view} at={message.nextAt} /> },
        ...(acts
          ? [
              {
                id: 'acts',
                label: t('operate.column-acts'),
                quiet: true,
                cell: (message: TrackedMessage) =>
                  acts(message).map(({ act, label }) => (
                    <ActButton view={view} action={`${messageHref(message.id)}/${act}`} compact>
                      {label}
                    </ActButton>
                  )),
              },
            ]
          : []),
      ]}
      rows={rows}
      empty={empty}
    />
  );
} // prettier-ignore

function Alarms({ view, alarms }: { view: View; alarms: readonly Alarm[] }) {
  if (alarms.length === 0) return null;
  const { t } = view;
  return (
    <Notice view={view} kind="warning" title={t('operate.alarms')}>
      <ul>
        {alarms.map((alarm) => {
          const { why, remedy } = whyOf(view, alarm.code);
          return (
            <li>
              {alarm.peer ? <Ref value={alarm.peer} /> : null} {why}
              {alarm.since ? ` (${t('operate.alarm-since', { since: view.formats.moment(alarm.since, view.node.zone) })})` : null}. {remedy}
            </li>
          );
        })}
      </ul>
    </Notice>
  );
} // prettier-ignore

/** What waits, for whom, and why. */
export function OverviewPage({ view, shown }: { view: View; shown: Shown }) {
  const { t, formats } = view;
  const { status, queue, mayOperate } = shown;
  const whenMay = <T,>(acts: T) => (mayOperate ? acts : undefined);
  const count = (figure: number) => formats.number(figure);
  return (
    <Page view={view} title={t('operate.title')} current="exchange">
      {shown.done ? <Notice view={view} kind="success" title={t(`operate.done-${shown.done}`)} /> : null}
      {shown.isOn ? null : (
        <Notice view={view} kind="warning" title={t('operate.off')}>
          {t('operate.off-why')}
        </Notice>
      )}
      {shown.durable ? null : (
        <Notice view={view} kind="warning" title={t('operate.durability')}>
          {t('operate.durability-why')}
        </Notice>
      )}
      <Alarms view={view} alarms={status.alarms} />
      <Heading title={t('operate.title')} lede={t('operate.lede')} />
      <TrustNav view={view} current="exchange" />
      <p>
        {status.waiting === 0 || status.oldestQueuedAt === null
          ? t('operate.all-well')
          : t('operate.some-wait', {
              count: status.waiting,
              since: formats.moment(status.oldestQueuedAt, view.node.zone),
            })}
      </p>
      <Figures
        items={[
          { figure: count(status.waiting), label: t('operate.figures-waiting') },
          { figure: count(status.parked.in + status.parked.out), label: t('operate.figures-parked') },
          { figure: count(status.held), label: t('operate.figures-held') },
          { figure: count(status.delivered), label: t('operate.figures-delivered') },
          { figure: count(status.received), label: t('operate.figures-received') },
        ]}
      />
      <Section title={t('operate.peers')} id="peers">
        <Peers view={view} peers={withKnown(status.peers, shown.known)} />
      </Section>
      <Section title={t('operate.queue')} id="queue">
        <Messages
          view={view}
          caption={t('operate.queue')}
          rows={queue.waiting}
          empty={t('operate.queue-empty')}
          acts={whenMay(() => [
            { act: 'retry', label: t('operate.try-now') },
            { act: 'park', label: t('operate.put-aside') },
          ])}
        />
        {status.waiting > queue.limit ? (
          <p class="hint">{t('operate.queue-cap', { limit: count(queue.limit), count: count(status.waiting) })}</p>
        ) : null}
      </Section>
      <Section title={t('operate.parked')} id="parked">
        <p>{t('operate.parked-lede')}</p>
        <Messages
          view={view}
          caption={t('operate.parked')}
          rows={queue.parked}
          empty={t('operate.parked-empty')}
          acts={whenMay((message: TrackedMessage) => [
            { act: 'retry', label: t('operate.try-again') },
            ...(message.direction === 'in' ? [{ act: 'refuse', label: t('operate.refuse') }] : []),
          ])}
        />
      </Section>
      {queue.held.length === 0 ? null : (
        <Section title={t('operate.held')} id="held">
          <p>{t('operate.held-lede')}</p>
          <Messages view={view} caption={t('operate.held')} rows={queue.held} empty="" />
        </Section>
      )}
      {queue.notUnderstood.length === 0 ? null : (
        <Section title={t('operate.unknown')} id="unknown">
          <p>{t('operate.unknown-lede')}</p>
          <Messages view={view} caption={t('operate.unknown')} rows={queue.notUnderstood} empty="" />
        </Section>
      )}
    </Page>
  );
}

/** Everything an officer's State sent that is not confirmed, with what may still be done. */
export function OutboxPage({
  view,
  queue,
  mayRecall,
}: {
  view: View;
  queue: Pick<Queue, 'waiting' | 'parked'>;
  mayRecall: boolean;
}) {
  const { t } = view;
  const rows = [...queue.parked.filter((message) => message.direction === 'out'), ...queue.waiting];
  return (
    <Page view={view} title={t('operate.outbox')} current="outbox">
      <Heading title={t('operate.outbox')} lede={t('operate.outbox-lede')} />
      {rows.length === 0 ? (
        <Empty title={t('operate.queue-empty')} motif="envelope" />
      ) : (
        <Messages
          view={view}
          caption={t('operate.outbox')}
          rows={rows}
          empty={t('operate.queue-empty')}
          {...(mayRecall ? { acts: () => [{ act: 'recall', label: t('operate.recall') }] } : {})}
        />
      )}
    </Page>
  );
}
