import { daysBetween, type PlainDate } from '../../../../platform/values/index.ts';
import { Button, DataTable, Empty, Heading, Page, Ref, StatusMark, Views, type View } from '../../../../web/index.ts';
import type { Status } from '../../schema/index.ts';
import { deskViews, type DeskView, type RequestListItem } from '../../service/index.ts';
import { DeskDirections } from '../incoming/list.tsx';
import { whatIsAsked } from './parts.ts';

export const statusLook: Partial<
  Record<
    Status,
    {
      mark: 'half' | 'approve' | 'sealed' | 'done' | 'no' | 'waiting';
      tone: 'plain' | 'accent' | 'success' | 'muted' | 'warning';
    }
  >
> = {
  draft: { mark: 'half', tone: 'plain' },
  'peer-review': { mark: 'approve', tone: 'accent' },
  'legal-clearance': { mark: 'approve', tone: 'accent' },
  'to-sign': { mark: 'approve', tone: 'accent' },
  signed: { mark: 'sealed', tone: 'success' },
  withdrawn: { mark: 'no', tone: 'muted' },
  discarded: { mark: 'no', tone: 'muted' },
  closed: { mark: 'done', tone: 'muted' },
};

export function RequestStatus({ view, status }: { view: View; status: Status }) {
  const look = statusLook[status] ?? { mark: 'waiting' as const, tone: 'plain' as const };
  return <StatusMark {...look}>{view.t(`requests.status.${status}`)}</StatusMark>;
}

interface Props {
  view: View;
  current: DeskView;
  counts: Record<DeskView, number>;
  items: readonly RequestListItem[];
  /** Names of the owners, by id. */
  names: Map<string, string>;
  /** Address of the next page, when there is one. */
  more?: string;
  /** How many requests of other States wait. */
  incoming: number;
  today: PlainDate;
  mayCreate: boolean;
}

/** `/desk`: the work of the day, most urgent first. */
export function DeskPage({ view, current, counts, items, names, more, incoming, today, mayCreate }: Props) {
  const { t, formats } = view;
  const due = (item: RequestListItem) => {
    const end = item.dueOn ?? item.deadline;
    if (!end) return <span class="muted">{t('work.no-deadline')}</span>;
    const days = daysBetween(today, end);
    return (
      <>
        {formats.daysFromNow(days)} <span class="small muted">{formats.dayWithWeekday(end)}</span>
      </>
    );
  };
  return (
    <Page view={view} title={t('work.desk')} current="desk" status={t('work.opened', { count: counts.all })}>
      <Heading title={t('work.desk')} />
      {incoming > 0 ? <DeskDirections view={view} current="own" own={counts.all} incoming={incoming} /> : null}
      <Views
        label={t('work.desk')}
        items={deskViews.map((one) => ({
          href: `/desk/own?view=${one}`,
          label: t(`work.view-${one}`),
          current: one === current,
          count: counts[one],
          urgent: one === 'overdue' && counts.overdue > 0,
        }))}
      />
      {items.length === 0 ? (
        <Empty
          title={t('work.empty')}
          motif="envelope"
          action={mayCreate ? <Button href="/requests/new">{t('work.empty-action')}</Button> : undefined}
        />
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
              cell: (item: RequestListItem) => (
                <>
                  <a href={`/requests/${item.reference}`}>
                    <Ref value={item.reference} />
                  </a>
                  {item.urgent ? (
                    <span class="small">
                      <StatusMark mark="urgent" tone="seal">
                        {t('work.urgent')}
                      </StatusMark>
                    </span>
                  ) : null}
                </>
              ),
            },
            { id: 'what', label: t('work.column-what'), cell: (item) => whatIsAsked(view, item.types) },
            {
              id: 'state',
              label: t('work.column-state'),
              cell: (item) => (item.requestedState ? view.stateName(item.requestedState) : ''),
            },
            {
              id: 'status',
              label: t('work.column-status'),
              cell: (item) => <RequestStatus view={view} status={item.status} />,
            },
            { id: 'due', label: t('work.column-due'), cell: due },
            { id: 'owner', label: t('work.column-owner'), cell: (item) => <bdi>{names.get(item.owner) ?? ''}</bdi> },
            {
              id: 'tasks',
              label: t('work.column-tasks'),
              figures: true,
              cell: (item) => t('work.tasks-of', { done: item.tasksDone }),
            },
            {
              id: 'changed',
              label: t('work.column-changed'),
              nowrap: true,
              cell: (item) => formats.moment(item.changedAt, view.node.zone),
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
      {mayCreate && items.length > 0 ? (
        <p>
          <Button kind="main" href="/requests/new" icon="plus">
            {t('work.new')}
          </Button>
        </p>
      ) : null}
    </Page>
  );
}
