import { DataTable, Empty, Ref, StatusMark, type View } from '../../../web/index.ts';
import type { PeerRow } from '../service/operate.ts';
import { When, WhyWords } from './parts.tsx';

/** Another node, as its confirmed entry says. */
export interface KnownNode {
  node: string;
  /** It has no address: it comes for what waits for it. */
  collects: boolean;
}

function PeerState({ view, peer, collects }: { view: View; peer: PeerRow; collects: boolean }) {
  const { t, formats } = view;
  const at = (moment: NonNullable<PeerRow['probeAt']>) => formats.moment(moment, view.node.zone);
  if (collects)
    return (
      <>
        <StatusMark mark={peer.lastContactAt === null ? 'unknown' : 'done'} tone="info">
          {t('operate.peer-collects')}
        </StatusMark>
        <p class="hint">
          {peer.lastContactAt === null
            ? t('operate.peer-not-come')
            : t('operate.peer-came', { last: at(peer.lastContactAt) })}
        </p>
      </>
    );
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

/** Peers spoken with, and those known by their entry alone. */
export function withKnown(peers: readonly PeerRow[], known: readonly KnownNode[]): PeerRow[] {
  const others = known.filter(({ node }) => !peers.some((peer) => peer.node === node));
  return [...peers, ...others.map(({ node }) => ({ node, ...silent }))];
}

/** Other nodes: whether they answer, what waits for them, whose clock differs. */
export function Peers({ view, peers, known }: { view: View; peers: readonly PeerRow[]; known: readonly KnownNode[] }) {
  const { t } = view;
  const collecting = new Set(known.flatMap(({ node, collects }) => (collects ? [node] : [])));
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
              <PeerState view={view} peer={peer} collects={collecting.has(peer.node)} />
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
