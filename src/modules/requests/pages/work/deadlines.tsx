import type { Instant } from '../../../../platform/values/index.ts';
import {
  Button,
  DataTable,
  Due,
  Empty,
  Heading,
  Page,
  Ref,
  StatusMark,
  Views,
  type View,
} from '../../../../web/index.ts';
import type { Deadline } from '../../service/index.ts';
import { DueWords } from '../case/desk-list.tsx';
import type { Place } from '../case/parts.ts';
import { DeskDirections } from '../incoming/list.tsx';
import { clockWords, lastDay } from '../../deadline-calendar.ts';
import { whatIsAsked } from './parts.ts';

interface Props {
  view: View;
  deadlines: readonly Deadline[];
  counts: { all: number; mine: number };
  onlyMine: boolean;
  /** How much lies on each desk. */
  own: number;
  incoming: number;
  names: ReadonlyMap<string, string>;
  /** Where the other authorities are, by authority. */
  places: ReadonlyMap<string, Place>;
  /** Days ahead that are shown. */
  days: number;
  now: Instant;
}

/** `/deadlines`: so that nothing expires unseen. Terms that stand still say so. */
export function DeadlinesPage(props: Props) {
  const { view, deadlines, counts, onlyMine, names, places, days, now } = props;
  const { t } = view;
  const title = t('work.deadlines');
  return (
    <Page view={view} title={title} current="desk" status={t('work.deadlines-count', { count: deadlines.length })}>
      <Heading title={title} lede={t('work.deadlines-lede', { days })} />
      <DeskDirections view={view} current="deadlines" own={props.own} incoming={props.incoming} />
      <Views
        label={title}
        items={[
          { href: '/deadlines', label: t('work.view-all'), count: counts.all, current: !onlyMine },
          { href: '/deadlines?view=mine', label: t('work.view-mine'), count: counts.mine, current: onlyMine },
        ]}
      />
      {deadlines.length === 0 ? (
        <Empty title={t('work.deadlines-empty', { days })} motif="envelope" />
      ) : (
        <>
          <DataTable
            view={view}
            caption={title}
            captionHidden
            stack
            rows={deadlines}
            columns={[
              {
                id: 'what',
                label: t('work.deadline'),
                header: true,
                cell: (one: Deadline) => (
                  <a href={`/requests/${one.reference}/deadlines`}>{clockWords(t, one.clock)}</a>
                ),
              },
              {
                id: 'due',
                label: t('work.column-due'),
                cell: (one) => <DueBoth view={view} one={one} place={places.get(one.otherAuthority ?? '')} now={now} />,
              },
              {
                id: 'request',
                label: t('work.column-what'),
                cell: (one) => (
                  <>
                    {one.urgent ? (
                      <>
                        <StatusMark mark="urgent" tone="seal">
                          {t('work.urgent')}
                        </StatusMark>{' '}
                      </>
                    ) : null}
                    {whatIsAsked(view, one.types)}
                    <span class="small muted">
                      {' '}
                      <Ref value={one.reference} />
                    </span>
                  </>
                ),
              },
              {
                id: 'state',
                label: t('work.column-other'),
                cell: (one) => {
                  if (!one.otherState) return '';
                  const state = view.stateName(one.otherState);
                  return t(one.side === 'incoming' ? 'incoming.from' : 'incoming.to', { state });
                },
              },
              {
                id: 'owner',
                label: t('work.column-owner'),
                cell: (one) => <bdi>{names.get(one.owner) ?? t('incoming.nobody')}</bdi>,
              },
            ]}
          />
          <p>
            <Button href="/deadlines/calendar.ics" icon="download">
              {t('work.deadlines-calendar')}
            </Button>
          </p>
          <p class="hint">{t('work.deadlines-calendar-words')}</p>
        </>
      )}
    </Page>
  );
}

/** When it ends, here and where the other authority is; of a term that stands still, that it does. */
function DueBoth({ view, one, place, now }: { view: View; one: Deadline; place?: Place; now: Instant }) {
  const { t, formats } = view;
  const whole = Math.max(1, Date.parse(one.dueAt) - Date.parse(one.startAt));
  const gone = ((Date.parse(now) - Date.parse(one.startAt)) / whole) * 100;
  // A day is a day of the State whose node this is; only a time of day has another one there.
  const isTime = lastDay(one.dueAt, view.node.zone) === null;
  return (
    <>
      <Due words={<DueWords view={view} dueAt={one.dueAt} now={now} />} gone={one.paused ? undefined : gone} />
      {place && isTime ? (
        <span class="small muted">
          <bdi>{place.place}</bdi> {formats.time(one.dueAt, place.zone)}
        </span>
      ) : null}
      {one.paused ? (
        <span class="small">
          {' '}
          <StatusMark mark="waiting" tone="muted">
            {t('thread.clock-paused')}
          </StatusMark>
        </span>
      ) : null}
    </>
  );
}
