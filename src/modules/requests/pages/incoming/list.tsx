import type { Instant } from '../../../../platform/values/index.ts';
import {
  Button,
  DataTable,
  Empty,
  ErrorSummary,
  Heading,
  Page,
  PageKeys,
  Ref,
  Section,
  StatusMark,
  SubNav,
  Views,
  type View,
} from '../../../../web/index.ts';
import { deskViews, type DeskView, type IncomingListItem, type IncomingRequests } from '../../service/index.ts';
import { BulkForm, BulkNotice, stillPicked, type BulkOutcome } from '../case/bulk.tsx';
import { DeskList, type DeskItem } from '../case/desk-list.tsx';
import { IncomingStatusMark } from './look.tsx';

type Quarantined = Awaited<ReturnType<IncomingRequests['listQuarantine']>>[number];
type Draft = Awaited<ReturnType<IncomingRequests['listDrafts']>>[number];

/** The two directions of the desk, with how much lies in each. */
export function DeskDirections({
  view,
  current,
  own,
  incoming,
}: {
  view: View;
  current: 'own' | 'incoming' | 'deadlines';
  own: number;
  incoming: number;
}) {
  const { t } = view;
  return (
    <SubNav
      label={t('incoming.directions')}
      items={[
        ...(incoming > 0 || current === 'incoming'
          ? [
              {
                href: '/desk/incoming',
                label: t('incoming.desk-incoming'),
                count: incoming,
                current: current === 'incoming',
              },
            ]
          : []),
        { href: '/desk/own', label: t('incoming.desk-own'), count: own, current: current === 'own' },
        { href: '/deadlines', label: t('work.deadlines'), current: current === 'deadlines' },
      ]}
    />
  );
}

interface Props {
  view: View;
  current: DeskView;
  counts: Record<DeskView, number>;
  ownCount: number;
  items: readonly IncomingListItem[];
  names: ReadonlyMap<string, string>;
  drafts: readonly Draft[];
  quarantine: readonly Quarantined[];
  more?: string;
  now: Instant;
  /** People who may be given work. */
  people: readonly { id: string; name: string }[];
  mayRegister: boolean;
  outcome?: BulkOutcome;
  /** How many were just done. */
  done?: number;
}

function toDeskItem(view: View, item: IncomingListItem): DeskItem {
  const { t, formats } = view;
  return {
    reference: item.reference,
    otherReference: item.otherReference,
    types: item.types,
    urgent: item.urgent,
    state: item.requestingState,
    status: (
      <>
        <IncomingStatusMark view={view} status={item.status} />
        {item.changedByOtherSide ? (
          <span class="small">
            {' '}
            <StatusMark mark="alert" tone="warning">
              {t('incoming.changed')}
            </StatusMark>
          </span>
        ) : null}
      </>
    ),
    since: item.receivedAt,
    dueAt: item.dueAt,
    deadline: item.deadline,
    owner: item.owner,
    more: { received: formats.moment(item.receivedAt, view.node.zone) },
  };
}

/** Requests of other States as rows of a desk. */
export function IncomingRows({
  view,
  items,
  ...rest
}: Pick<Props, 'view' | 'items' | 'names' | 'now'> & { caption: string; picked?: ReadonlySet<string> }) {
  const { t } = view;
  return (
    <DeskList
      view={view}
      {...rest}
      stateLabel={t('incoming.column-from')}
      items={items.map((item) => toDeskItem(view, item))}
      columns={[{ id: 'received', label: t('incoming.column-received'), nowrap: true }]}
    />
  );
}

/** `/desk/incoming`: what other States ask, urgent ones with their hours first. */
export function IncomingDesk(props: Props) {
  const { view, current, counts, items, names, more, outcome, now } = props;
  const { t } = view;
  const problems = outcome?.problems ?? [];
  return (
    <Page
      view={view}
      title={t('incoming.desk-incoming')}
      current="desk"
      status={t('work.opened', { count: counts.all })}
      error={problems.length > 0}
    >
      <PageKeys>
        <ErrorSummary view={view} problems={problems} />
        <BulkNotice view={view} outcome={outcome} done={props.done} />
        <Heading title={t('incoming.desk-incoming')} />
        <DeskDirections view={view} current="incoming" own={props.ownCount} incoming={counts.all} />
        <Views
          label={t('incoming.desk-incoming')}
          items={deskViews.map((one) => ({
            href: `/desk/incoming?view=${one}`,
            label: t(`work.view-${one}`),
            current: one === current,
            count: counts[one],
            urgent: one === 'overdue' && counts.overdue > 0,
          }))}
        />
        {items.length === 0 ? (
          <Empty title={t('incoming.empty')} motif="envelope">
            {t('incoming.empty-words')}
          </Empty>
        ) : (
          <IncomingRows
            view={view}
            items={items}
            names={names}
            now={now}
            caption={t(`work.view-${current}`)}
            picked={stillPicked(outcome)}
          />
        )}
        {more ? (
          <p>
            <Button href={more}>{t('work.more')}</Button>
          </p>
        ) : null}
        {items.length > 0 ? (
          <BulkForm
            view={view}
            action={`/desk/incoming?view=${current}`}
            people={props.people}
            mayRegister={props.mayRegister}
            outcome={outcome}
          />
        ) : null}
        <Drafts {...props} />
        <Quarantine {...props} />
      </PageKeys>
    </Page>
  );
}

function Drafts({ view, drafts }: Props) {
  const { t, formats } = view;
  if (drafts.length === 0) return null;
  return (
    <Section title={t('incoming.drafts')} id="drafts">
      <DataTable
        view={view}
        caption={t('incoming.drafts')}
        captionHidden
        stack
        columns={[
          {
            id: 'reference',
            label: t('work.column-reference'),
            header: true,
            cell: (one: Draft) => (
              <a href={`/drafts/${one.id}`}>
                <Ref value={one.reference} />
              </a>
            ),
          },
          { id: 'state', label: t('incoming.column-from'), cell: (one) => view.stateName(one.from.state) },
          {
            id: 'received',
            label: t('incoming.column-received'),
            cell: (one) => formats.moment(one.receivedAt, view.node.zone),
          },
          {
            id: 'expires',
            label: t('incoming.draft-expires'),
            cell: (one) => (one.expired ? t('incoming.draft-expired') : formats.day(one.expiresOn)),
          },
        ]}
        rows={drafts}
      />
    </Section>
  );
}

function Quarantine({ view, quarantine }: Props) {
  const { t, formats } = view;
  if (quarantine.length === 0) return null;
  return (
    <Section title={t('incoming.quarantine')} id="quarantine">
      <p>{t('incoming.quarantine-words')}</p>
      <DataTable
        view={view}
        caption={t('incoming.quarantine')}
        captionHidden
        stack
        columns={[
          {
            id: 'from',
            label: t('incoming.column-from'),
            header: true,
            cell: (one: Quarantined) => (
              <a href={`/authorities/${encodeURIComponent(one.from)}`}>
                <Ref value={one.from} />
              </a>
            ),
          },
          {
            id: 'why',
            label: t('incoming.why'),
            cell: (one) => (t.has(one.code) ? t.code(one.code) : <Ref value={one.code} />),
          },
          { id: 'at', label: t('incoming.column-received'), cell: (one) => formats.moment(one.at, view.node.zone) },
          { id: 'message', label: t('incoming.message'), cell: (one) => <Ref value={one.message} wrap /> },
        ]}
        rows={quarantine}
      />
    </Section>
  );
}
