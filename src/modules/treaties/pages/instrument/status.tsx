import { addDays, type PlainDate, type Problem } from '../../../../platform/values/index.ts';
import {
  Button,
  DataTable,
  DateInput,
  ErrorSummary,
  Filters,
  Section,
  StatusMark,
  type View,
} from '../../../../web/index.ts';
import type { Position } from '../../rules/index.ts';
import { Status, type PartiesAnswer } from '../../schema/index.ts';
import { ActCell, ConflictList, StateLink } from '../acts.tsx';
import { shortName, shownDate, sourceName, statusMarks, statusWords } from '../words.tsx';
import { Patterns, Swatch, WorldMap, shadesOf, type Shade } from './map.tsx';
import { InstrumentShell, type ListedInstrument } from './shell.tsx';

export interface StatusProps {
  view: View;
  instrument: ListedInstrument;
  /** Missing when the day asked for cannot be taken. */
  answer: PartiesAnswer | null;
  positions: readonly Position[];
  declarations: number;
  /** Status that the table is narrowed to. */
  shown: Status | null;
  typed: string;
  today: PlainDate;
  problems: readonly Problem[];
}

/** `/law/XVIII-12`: who was bound on a day: one sentence, legend and map, then every participant as table. */
export function InstrumentPage(props: StatusProps) {
  const { view, instrument, answer, typed, today, problems, declarations } = props;
  const { t } = view;
  const here = (day: string) => `/law/${instrument.id}?on=${day}`;
  const on = answer?.on;
  const also = on
    ? [
        { href: here(today), label: t('law.today') },
        { href: here(instrument.entryIntoForce), label: t('law.day-of-force') },
        { href: here(addDays(on, -1)), label: t('law.day-before') },
        { href: here(addDays(on, 1)), label: t('law.day-after') },
      ]
    : [];
  return (
    <InstrumentShell
      view={view}
      instrument={instrument}
      tab="status"
      declarations={declarations}
      error={problems.length > 0}
      alert={problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
    >
      <form method="get" action={`/law/${instrument.id}`} class="ask-line">
        <DateInput
          view={view}
          name="on"
          label={t('law.status-on')}
          value={typed}
          width={12}
          error={problems[0] ? view.problemText(problems[0]) : undefined}
        />
        <Button>{t('law.show')}</Button>
        {also.length > 0 ? (
          <p class="source also">
            {t('law.also')}:{' '}
            {also.map((link, index) => (
              <>
                {index > 0 ? ' · ' : null}
                <a href={link.href}>{link.label}</a>
              </>
            ))}
          </p>
        ) : null}
      </form>
      {answer ? <Answer {...props} answer={answer} /> : null}
    </InstrumentShell>
  );
}

function Answer({ view, answer, instrument, positions, shown }: StatusProps & { answer: PartiesAnswer }) {
  const { t, formats } = view;
  const { count } = answer;
  const date = formats.day(answer.on);
  const stated = instrument.published.filter((one) => one.day === answer.on);
  const shades = shadesOf(positions);
  return (
    <>
      <p class="answer" id="answer">
        {count.deposited === 0
          ? t('law.answer-none', { date })
          : t('law.answer-parties', {
              date,
              count: count.deposited,
              states: count.states,
              organizations: count.organizations,
            })}
      </p>
      <p class="lede">
        {count.deposited > 0 ? t('law.answer-bound', { count: count.inForce }) : null}{' '}
        {count.dateUnknown > 0 ? t('law.answer-undated', { count: count.dateUnknown }) : null}{' '}
        {count.unknownStatus > 0 ? t('law.answer-unknown', { count: count.unknownStatus }) : null}
      </p>
      <div class="treaty">
        <div>
          <Legend view={view} shades={shades} />
          {stated.map((one) => (
            <p class="source">
              {t('law.published-total', {
                day: formats.day(one.day),
                parties: one.parties,
                source: sourceName(view, one.source),
              })}{' '}
              <a href={`/law/${instrument.id}/totals#published`}>{t('law.why-differs')}</a>
            </p>
          ))}
          <p class="source">{t('law.stale', { date: formats.day(answer.asOf) })}</p>
        </div>
        <WorldMap
          view={view}
          positions={positions}
          shades={shades}
          label={t('law.map-label', { instrument: shortName(view, instrument.id, instrument.title), date })}
        />
      </div>
      <p class="map-door">
        <a href={`/law/${instrument.id}/map?on=${answer.on}`}>{t('law.map-show')}</a>
      </p>
      <Participants view={view} answer={answer} positions={positions} shown={shown} />
      <ConflictList view={view} conflicts={answer.conflicts} />
    </>
  );
}

export function Legend({ view, shades }: { view: View; shades: readonly Shade[] }) {
  const { t, formats } = view;
  const years = shades.filter((shade) => shade.years !== undefined);
  const rest = shades.filter((shade) => shade.years === undefined && shade.states.length > 0);
  const sum = (list: readonly Shade[]) => formats.number(list.reduce((all, one) => all + one.states.length, 0));
  const row = (shade: Shade, words: string) => (
    <tr>
      <th scope="row">
        <Swatch shade={shade.id} />
        {words}
      </th>
      <td class="r">{formats.number(shade.states.length)}</td>
    </tr>
  );
  const yearWords = ([first, last]: [number, number]) =>
    first === last
      ? t('law.legend-year', { year: String(first) })
      : t('law.legend-years', { first: String(first), last: String(last) });
  const head = (words: string, total: string) => (
    <tr class="sum">
      <th scope="row">{words}</th>
      <td class="r">{total}</td>
    </tr>
  );
  return (
    <>
      <Patterns />
      <table class="legend">
        <caption class="vh">{t('law.legend-caption')}</caption>
        <tbody>
          {head(t('law.status.party'), sum(years))}
          {years.map((shade) => row(shade, yearWords(shade.years!)))}
          {rest.length > 0 ? head(t('law.legend-not-bound'), sum(rest)) : null}
          {rest.map((shade) => row(shade, t(`law.legend.${shade.id as 'signed' | 'unknown' | 'none'}`)))}
        </tbody>
      </table>
    </>
  );
}

function Participants({
  view,
  answer,
  positions,
  shown,
}: {
  view: View;
  answer: PartiesAnswer;
  positions: readonly Position[];
  shown: Status | null;
}) {
  const { t } = view;
  const collator = new Intl.Collator(view.locale);
  const rows = positions
    .filter((one) => shown === null || one.status === shown)
    .map((one) => ({ ...one, name: view.stateName(one.state) }))
    .sort((a, b) => collator.compare(a.name, b.name));
  const here = `/law/${answer.instrument}?on=${answer.on}`;
  const present = Status.options.filter((status) => positions.some((one) => one.status === status));
  return (
    <Section
      title={t('law.table-title')}
      id="participants"
      end={
        <p class="downloads">
          <a href={`/law/${answer.instrument}/parties.csv?on=${answer.on}`}>{t('law.download-csv')}</a>{' '}
          <a href={`/api/treaties/instruments/${answer.instrument}/parties?on=${answer.on}`}>
            {t('law.download-json')}
          </a>
        </p>
      }
    >
      <Filters
        label={t('law.filter-label')}
        items={[
          {
            href: `${here}#participants`,
            label: `${t('law.filter-all')} ${view.formats.number(positions.length)}`,
            current: shown === null,
          },
          ...present.map((status) => ({
            href: `${here}&show=${status}#participants`,
            label: `${statusWords(view, status)} ${view.formats.number(
              positions.filter((one) => one.status === status).length,
            )}`,
            current: shown === status,
          })),
        ]}
      />
      <DataTable
        view={view}
        caption={t('law.table-title')}
        captionHidden
        dense
        stack
        columns={[
          {
            id: 'state',
            label: t('law.column-state'),
            header: true,
            cell: (row: Position) => <StateLink view={view} state={row.state} />,
          },
          {
            id: 'status',
            label: t('law.column-status'),
            cell: (row) => <StatusMark {...statusMarks[row.status]}>{statusWords(view, row.status)}</StatusMark>,
          },
          {
            id: 'act',
            label: t('law.column-act'),
            cell: (row) => (row.act ? <ActCell view={view} act={row.act} brief /> : <span class="muted">–</span>),
          },
          {
            id: 'deposited',
            label: t('law.column-deposited'),
            nowrap: true,
            cell: (row) => (row.act ? shownDate(view, row.act.deposited) : <span class="muted">–</span>),
          },
          {
            id: 'effect',
            label: t('law.column-effect'),
            nowrap: true,
            cell: (row) =>
              row.act === null || row.act.kind === 'signature' ? (
                <span class="muted">–</span>
              ) : (
                <>
                  {shownDate(view, row.act.effect)}
                  {row.act.effectBasis === 'derived' ? null : (
                    <span class="small muted">{t(`law.${row.act.effectBasis}`)}</span>
                  )}
                </>
              ),
          },
        ]}
        rows={rows}
        source={<a href="/law/about#sources">{t('law.all-sources')}</a>}
      />
    </Section>
  );
}

/** `/law/XVIII-12/map`: the map alone, for narrow windows where the table is the page. */
export function MapPage(props: StatusProps & { answer: PartiesAnswer }) {
  const { view, instrument, answer, positions, declarations } = props;
  const { t, formats } = view;
  const shades = shadesOf(positions);
  const label = t('law.map-label', {
    instrument: shortName(view, instrument.id, instrument.title),
    date: formats.day(answer.on),
  });
  return (
    <InstrumentShell
      view={view}
      instrument={instrument}
      tab="status"
      declarations={declarations}
      title={t('law.map-title')}
    >
      <Section title={label} id="map">
        <div class="map-alone">
          <WorldMap view={view} positions={positions} shades={shades} label={label} />
        </div>
        <Legend view={view} shades={shades} />
        <p>
          <a href={`/law/${instrument.id}?on=${answer.on}`}>{t('law.map-back')}</a>
        </p>
      </Section>
    </InstrumentShell>
  );
}
