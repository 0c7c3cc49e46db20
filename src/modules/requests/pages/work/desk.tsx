import { addDays, type PlainDate } from '../../../../platform/values/index.ts';
import { Button, DataTable, Empty, Heading, Page, Ref, StatusMark, Views, type View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import type { Status } from '../../schema/index.ts';
import type { RequestListItem } from '../../service/index.ts';
import { whatIsAsked } from './parts.ts';

export const deskViews = ['mine', 'approve', 'due', 'overdue', 'all'] as const;
export type DeskView = (typeof deskViews)[number];

const ended: readonly Status[] = ['withdrawn', 'closed', 'discarded'];
const waitsFor: Partial<Record<Status, 'requests.review' | 'requests.clear' | 'requests.sign'>> = {
  'peer-review': 'requests.review',
  'legal-clearance': 'requests.clear',
  'to-sign': 'requests.sign',
};

/** Which rows a view of the desk shows. */
export function isInView(item: RequestListItem, deskView: DeskView, ctx: Context, today: PlainDate): boolean {
  const open = !ended.includes(item.status);
  const me = ctx.actor.kind === 'person' ? ctx.actor.id : '';
  switch (deskView) {
    case 'mine':
      return open && item.createdBy === me;
    case 'approve': {
      const permission = waitsFor[item.status];
      return permission !== undefined && ctx.may(permission, { members: [me], createdBy: item.createdBy }) === true;
    }
    case 'due':
      return open && item.deadline !== null && item.deadline >= today && item.deadline <= addDays(today, 7);
    case 'overdue':
      return open && item.deadline !== null && item.deadline < today;
    case 'all':
      return true;
  }
}

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
  today: PlainDate;
  mayCreate: boolean;
}

/** `/desk`: the work of the day, most urgent first. */
export function DeskPage({ view, current, counts, items, today, mayCreate }: Props) {
  const { t, formats } = view;
  const due = (item: RequestListItem) => {
    if (!item.deadline) return <span class="muted">{t('work.no-deadline')}</span>;
    const days = Math.round((Date.parse(item.deadline) - Date.parse(today)) / 86_400_000);
    return (
      <>
        {formats.daysFromNow(days)} <span class="small muted">{formats.dayWithWeekday(item.deadline)}</span>
      </>
    );
  };
  return (
    <Page view={view} title={t('work.desk')} current="desk" status={t('work.opened', { count: counts.all })}>
      <Heading title={t('work.desk')} />
      <Views
        label={t('work.desk')}
        items={deskViews.map((one) => ({
          href: `/desk?view=${one}`,
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
