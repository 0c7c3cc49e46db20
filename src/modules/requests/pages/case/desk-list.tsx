import { dayIn, daysBetween, type Instant, type PlainDate, type StateCode } from '../../../../platform/values/index.ts';
import { DataTable, Due, Ref, StatusMark, type Content, type View } from '../../../../web/index.ts';
import { lastDay } from '../../deadline-calendar.ts';
import { whatIsAsked } from '../work/parts.ts';
import { pickForm, pickName } from './bulk.tsx';

/** One request on a desk, whichever side of the border it is on. */
export interface DeskItem {
  reference: string;
  otherReference?: string;
  types: readonly string[];
  urgent: boolean;
  state: StateCode | null;
  status: Content;
  /** When the term that ends first began and ends. */
  since: Instant;
  dueAt: Instant | null;
  deadline: PlainDate | null;
  owner: string | null;
  /** Cells of columns that one side alone has. */
  more: Readonly<Record<string, Content>>;
}

interface Props {
  view: View;
  caption: string;
  stateLabel: string;
  items: readonly DeskItem[];
  /** Names of the owners, by id. */
  names: ReadonlyMap<string, string>;
  /** Columns that one side alone has. */
  columns: readonly { id: string; label: string; figures?: boolean; nowrap?: boolean }[];
  /** References chosen for an act on several; no tick boxes when left out. */
  picked?: ReadonlySet<string>;
  now: Instant;
}

/** The rows of a desk: what is asked, by whom, how it stands, when it is due, who has it. */
export function DeskList({ view, caption, stateLabel, items, names, columns, picked, now }: Props) {
  const { t } = view;
  return (
    <DataTable
      view={view}
      caption={caption}
      captionHidden
      stack
      columns={[
        {
          id: 'reference',
          label: t('work.column-reference'),
          header: true,
          nowrap: true,
          cell: (item: DeskItem) => (
            <>
              {picked ? (
                <input
                  type="checkbox"
                  class="pick"
                  form={pickForm}
                  name={pickName}
                  value={item.reference}
                  checked={picked.has(item.reference)}
                  aria-label={t('web.select-row', { name: item.reference })}
                />
              ) : null}
              <a href={`/requests/${item.reference}`}>
                <Ref value={item.reference} />
              </a>
              {item.otherReference ? (
                <span class="small muted">
                  {' '}
                  <Ref value={item.otherReference} />
                </span>
              ) : null}
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
        { id: 'state', label: stateLabel, cell: (item) => (item.state ? view.stateName(item.state) : '') },
        { id: 'status', label: t('work.column-status'), cell: (item) => item.status },
        { id: 'due', label: t('work.column-due'), cell: (item) => <DueCell view={view} item={item} now={now} /> },
        {
          id: 'owner',
          label: t('work.column-owner'),
          cell: (item) => <bdi>{item.owner === null ? t('incoming.nobody') : (names.get(item.owner) ?? '')}</bdi>,
        },
        ...columns.map((column) => ({ ...column, cell: (item: DeskItem) => item.more[column.id] })),
      ]}
      rows={items}
    />
  );
}

/** Less than this and the hours count; more and the day does. */
const hoursUntil = 48 * 60;

/** How long is left, with the day or the time at which it ends. */
export function DueWords({ view, dueAt, now }: { view: View; dueAt: Instant; now: Instant }) {
  const { zone } = view.node;
  const day = lastDay(dueAt, zone);
  if (day)
    return (
      <>
        <bdi>{view.formats.daysFromNow(daysBetween(dayIn(zone, now), day))}</bdi>{' '}
        <span class="small muted">{view.formats.dayWithWeekday(day)}</span>
      </>
    );
  const minutes = Math.round((Date.parse(dueAt) - Date.parse(now)) / 60_000);
  const left =
    Math.abs(minutes) < hoursUntil ? timeLeft(view, minutes) : view.formats.daysFromNow(Math.round(minutes / 1_440));
  return (
    <>
      <bdi>{left}</bdi> <span class="small muted">{view.formats.moment(dueAt, zone)}</span>
    </>
  );
}

function DueCell({ view, item, now }: { view: View; item: DeskItem; now: Instant }) {
  const { t, formats } = view;
  if (item.dueAt) {
    const whole = Math.max(1, Date.parse(item.dueAt) - Date.parse(item.since));
    return (
      <Due
        words={<DueWords view={view} dueAt={item.dueAt} now={now} />}
        gone={((Date.parse(now) - Date.parse(item.since)) / whole) * 100}
      />
    );
  }
  if (!item.deadline) return <span class="muted">{t('work.no-deadline')}</span>;
  return (
    <>
      {formats.daysFromNow(daysBetween(dayIn(view.node.zone, now), item.deadline))}{' '}
      <span class="small muted">{formats.dayWithWeekday(item.deadline)}</span>
    </>
  );
}

/** `in 23 h 56 min`, `2 h 10 min late`. */
export function timeLeft(view: View, minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const time = view.t('incoming.hours-minutes', { hours, minutes: rest });
  return view.t(minutes >= 0 ? 'incoming.time-left' : 'incoming.time-late', { time });
}
