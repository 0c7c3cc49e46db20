import { Figures, Heading, Notice, Page, Section, type View } from '../../../web/index.ts';
import type { ExchangeStatus, Queue, TrackedMessage } from '../service/operate.ts';
import { TrustNav } from '../trust/pages/parts.tsx';
import { Alarms, Record } from './health.tsx';
import { Peers, withKnown, type KnownNode } from './peers.tsx';
import { Messages } from './queue.tsx';

export interface Shown {
  status: ExchangeStatus;
  /** Nodes whose entry is confirmed here, spoken with or not. */
  known: readonly KnownNode[];
  queue: Queue;
  /** Whether the reader may try, put aside, refuse. */
  mayOperate: boolean;
  /** Whether receipts of this node count: its database flushes before it confirms. */
  durable: boolean;
  /** Whether this node speaks with others. */
  isOn: boolean;
  /** Whether it accepts no connection, and collects at others what waits for it. */
  collects: boolean;
  done: DoneAct | undefined;
}

export const doneActs = ['retry', 'park', 'refuse', 'recall'] as const;
export type DoneAct = (typeof doneActs)[number];

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
      {shown.collects ? (
        <Notice view={view} kind="info" title={t('operate.collects')}>
          {t('operate.collects-why')}
        </Notice>
      ) : null}
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
        <Peers view={view} peers={withKnown(status.peers, shown.known)} known={shown.known} />
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
      <Record view={view} figures={status.figures} />
    </Page>
  );
}
