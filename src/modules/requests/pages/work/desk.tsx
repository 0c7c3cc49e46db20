import type { Instant } from '../../../../platform/values/index.ts';
import { Button, Empty, ErrorSummary, Heading, Page, StatusMark, Views, type View } from '../../../../web/index.ts';
import type { Status } from '../../schema/index.ts';
import { deskViews, type DeskView, type RequestListItem } from '../../service/index.ts';
import { BulkForm, BulkNotice, stillPicked, type BulkOutcome } from '../case/bulk.tsx';
import { DeskList } from '../case/desk-list.tsx';
import { DeskDirections } from '../incoming/list.tsx';

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
  names: ReadonlyMap<string, string>;
  /** Address of the next page, when there is one. */
  more?: string;
  /** How many requests of other States wait. */
  incoming: number;
  now: Instant;
  mayCreate: boolean;
  /** People who may be given work. */
  people: readonly { id: string; name: string }[];
  outcome?: BulkOutcome;
  /** How many were just done. */
  done?: number;
}

/** Own requests as rows of a desk. */
export function OwnRows({
  view,
  items,
  ...rest
}: Pick<Props, 'view' | 'items' | 'names' | 'now'> & { caption: string; picked?: ReadonlySet<string> }) {
  const { t, formats } = view;
  return (
    <DeskList
      view={view}
      {...rest}
      stateLabel={t('work.column-state')}
      items={items.map((item) => ({
        reference: item.reference,
        types: item.types,
        urgent: item.urgent,
        state: item.requestedState,
        status: <RequestStatus view={view} status={item.status} />,
        since: item.changedAt,
        dueAt: item.dueAt,
        deadline: item.deadline,
        owner: item.owner,
        more: {
          tasks: t('work.tasks-of', { done: item.tasksDone }),
          changed: formats.moment(item.changedAt, view.node.zone),
        },
      }))}
      columns={[
        { id: 'tasks', label: t('work.column-tasks'), figures: true },
        { id: 'changed', label: t('work.column-changed'), nowrap: true },
      ]}
    />
  );
}

/** `/desk/own`: the work of the day on the own requests, most urgent first. */
export function DeskPage(props: Props) {
  const { view, current, counts, items, names, more, incoming, now, mayCreate, outcome } = props;
  const { t } = view;
  const problems = outcome?.problems ?? [];
  return (
    <Page
      view={view}
      title={t('work.desk')}
      current="desk"
      status={t('work.opened', { count: counts.all })}
      error={problems.length > 0}
    >
      <ErrorSummary view={view} problems={problems} />
      <BulkNotice view={view} outcome={outcome} done={props.done} />
      <Heading title={t('work.desk')} />
      <DeskDirections view={view} current="own" own={counts.all} incoming={incoming} />
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
        <OwnRows
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
      {mayCreate && items.length > 0 ? (
        <p>
          <Button kind="main" href="/requests/new" icon="plus">
            {t('work.new')}
          </Button>
        </p>
      ) : null}
      {items.length > 0 ? (
        <BulkForm
          view={view}
          action={`/desk/own?view=${current}`}
          people={props.people}
          mayRegister={false}
          outcome={outcome}
        />
      ) : null}
    </Page>
  );
}
