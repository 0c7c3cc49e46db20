import { daysBetween, type Instant, type PlainDate } from '../../../../platform/values/index.ts';
import {
  Button,
  DataTable,
  Due,
  Empty,
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
import { whatIsAsked } from '../work/parts.ts';
import { IncomingStatusMark } from './look.tsx';
import { timeLeft } from './next.tsx';

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
  current: 'own' | 'incoming';
  own: number;
  incoming: number;
}) {
  const { t } = view;
  return (
    <SubNav
      label={t('incoming.directions')}
      items={[
        {
          href: '/desk/incoming',
          label: t('incoming.desk-incoming'),
          count: incoming,
          current: current === 'incoming',
        },
        { href: '/desk/own', label: t('incoming.desk-own'), count: own, current: current === 'own' },
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
  today: PlainDate;
  now: Instant;
}

/** `/desk/incoming`: what other States ask, urgent ones with their hours first. */
export function IncomingDesk(props: Props) {
  const { view, current, counts, items, names, more } = props;
  const { t, formats } = view;
  return (
    <Page
      view={view}
      title={t('incoming.desk-incoming')}
      current="desk"
      status={t('work.opened', { count: counts.all })}
    >
      <PageKeys>
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
          <DataTable
            view={view}
            caption={t(`work.view-${current}`)}
            captionHidden
            stack
            columns={[
              {
                id: 'reference',
                label: t('work.column-reference'),
                header: true,
                nowrap: true,
                cell: (item: IncomingListItem) => (
                  <>
                    <a href={`/requests/${item.reference}`}>
                      <Ref value={item.reference} />
                    </a>
                    <span class="small muted">
                      {' '}
                      <Ref value={item.otherReference} />
                    </span>
                  </>
                ),
              },
              {
                id: 'what',
                label: t('work.column-what'),
                cell: (item) => (
                  <>
                    {item.urgent ? (
                      <>
                        <StatusMark mark="urgent" tone="seal">
                          {t('work.urgent')}
                        </StatusMark>{' '}
                      </>
                    ) : null}
                    {whatIsAsked(view, item.types)}
                  </>
                ),
              },
              { id: 'state', label: t('incoming.column-from'), cell: (item) => view.stateName(item.requestingState) },
              {
                id: 'status',
                label: t('work.column-status'),
                cell: (item) => (
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
              },
              { id: 'due', label: t('work.column-due'), cell: (item) => <DueCell {...props} item={item} /> },
              {
                id: 'owner',
                label: t('work.column-owner'),
                cell: (item) => <bdi>{item.owner === null ? t('incoming.nobody') : (names.get(item.owner) ?? '')}</bdi>,
              },
              {
                id: 'received',
                label: t('incoming.column-received'),
                nowrap: true,
                cell: (item) => formats.moment(item.receivedAt, view.node.zone),
              },
            ]}
            rows={items}
          />
        )}
        {more ? (
          <p>
            <Button href={more}>{t('work.more')}</Button>
          </p>
        ) : null}
        <Drafts {...props} />
        <Quarantine {...props} />
      </PageKeys>
    </Page>
  );
}

function DueCell({ view, item, today, now }: Props & { item: IncomingListItem }) {
  const { t, formats } = view;
  const hours = item.dueAt;
  if (hours) {
    const minutes = Math.round((Date.parse(hours) - Date.parse(now)) / 60_000);
    const whole = Math.max(1, Date.parse(hours) - Date.parse(item.receivedAt));
    return (
      <Due
        words={<bdi>{timeLeft(view, minutes)}</bdi>}
        gone={((Date.parse(now) - Date.parse(item.receivedAt)) / whole) * 100}
      />
    );
  }
  const end = item.dueOn ?? item.deadline;
  if (!end) return <span class="muted">{t('work.no-deadline')}</span>;
  return (
    <>
      {formats.daysFromNow(daysBetween(today, end))} <span class="small muted">{formats.dayWithWeekday(end)}</span>
    </>
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
