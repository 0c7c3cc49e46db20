import { addDays, type PlainDate, type StateCode } from '../../../platform/values/index.ts';
import {
  BackLink,
  Button,
  DataTable,
  DateInput,
  ErrorSummary,
  Heading,
  Section,
  StatusMark,
  SubNav,
  type View,
} from '../../../web/index.ts';
import type { Problem } from '../../../platform/values/index.ts';
import type { Conflict, InstrumentsAnswer, PartiesAnswer, ShownAct } from '../schema/index.ts';
import { LawPage } from './shell.tsx';
import { Title, shortName, shownDate, statusMarks, statusWords } from './words.tsx';

type Instrument = InstrumentsAnswer['instruments'][number];
type PartyRow = PartiesAnswer['parties'][number];

interface Props {
  view: View;
  instrument: Instrument;
  /** Missing when the day asked for cannot be taken. */
  answer: PartiesAnswer | null;
  typed: string;
  today: PlainDate;
  problems: readonly Problem[];
}

export function ActCell({ view, act }: { view: View; act: ShownAct }) {
  return (
    <>
      <a href={`/law/acts/${act.id}`}>{view.t(`law.act.${act.kind}`)}</a>{' '}
      <span class="small muted">
        <bdi dir="ltr">{act.source}</bdi>
        {', '}
        {view.formats.day(act.asOf)}
      </span>
    </>
  );
}

export function ConflictList({ view, conflicts }: { view: View; conflicts: readonly Conflict[] }) {
  const { t } = view;
  if (conflicts.length === 0) return null;
  return (
    <Section title={t('law.conflicts-title')} id="conflicts">
      <p class="hint">{t('law.conflicts-lede')}</p>
      <DataTable
        view={view}
        caption={t('law.conflicts-title')}
        captionHidden
        columns={[
          {
            id: 'state',
            label: t('law.column-state'),
            header: true,
            cell: ({ conflict }: { conflict: Conflict; act: ShownAct; used: boolean }) =>
              view.stateName(conflict.state),
          },
          { id: 'act', label: t('law.column-act'), cell: ({ act }) => <ActCell view={view} act={act} /> },
          { id: 'deposited', label: t('law.column-deposited'), cell: ({ act }) => shownDate(view, act.deposited) },
          { id: 'effect', label: t('law.column-effect'), cell: ({ act }) => shownDate(view, act.effect) },
          {
            id: 'used',
            label: t('law.column-status'),
            cell: ({ conflict, used }) =>
              used ? (
                <StatusMark mark="done" tone="success">
                  {`${t('law.conflict-used')}: ${t(`law.conflict.${conflict.why}`)}`}
                </StatusMark>
              ) : (
                <StatusMark mark="no" tone="muted">
                  {conflict.used === null
                    ? `${t('law.conflict-not-used')}: ${t(`law.conflict.${conflict.why}`)}`
                    : t('law.conflict-not-used')}
                </StatusMark>
              ),
          },
        ]}
        rows={conflicts.flatMap((conflict) =>
          conflict.values.map((act, index) => ({ conflict, act, used: index === conflict.used })),
        )}
      />
    </Section>
  );
}

function Parties({ view, title, id, rows }: { view: View; title: string; id: string; rows: readonly PartyRow[] }) {
  const { t } = view;
  const collator = new Intl.Collator(view.locale);
  const sorted = [...rows].sort((a, b) => collator.compare(view.stateName(a.state), view.stateName(b.state)));
  return (
    <Section title={title} id={id} end={<span class="muted">{view.formats.number(rows.length)}</span>}>
      <DataTable
        view={view}
        caption={title}
        captionHidden
        dense
        columns={[
          {
            id: 'state',
            label: t('law.column-state'),
            header: true,
            cell: (row: PartyRow) => <StateLink view={view} state={row.state} />,
          },
          {
            id: 'status',
            label: t('law.column-status'),
            cell: (row) => <StatusMark {...statusMarks[row.status]}>{statusWords(view, row.status)}</StatusMark>,
          },
          { id: 'act', label: t('law.column-act'), cell: (row) => <ActCell view={view} act={row.act} /> },
          {
            id: 'deposited',
            label: t('law.column-deposited'),
            nowrap: true,
            cell: (row) => shownDate(view, row.act.deposited),
          },
          {
            id: 'effect',
            label: t('law.column-effect'),
            nowrap: true,
            cell: (row) => (
              <>
                {shownDate(view, row.act.effect)}
                {row.act.effectBasis === 'derived' ? null : (
                  <span class="small muted">{t(`law.${row.act.effectBasis}`)}</span>
                )}
              </>
            ),
          },
        ]}
        rows={sorted}
      />
    </Section>
  );
}

export function StateLink({ view, state }: { view: View; state: StateCode }) {
  return <a href={`/law/states/${state}`}>{view.stateName(state)}</a>;
}

/** `/law/XVIII-12`: who was party on a day, first as one sentence, then as a table. */
export function InstrumentPage({ view, instrument, answer, typed, today, problems }: Props) {
  const { t, formats } = view;
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
    <LawPage view={view} title={shortName(view, instrument.id, instrument.title)} error={problems.length > 0}>
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <BackLink href="/law">{t('law.all-instruments')}</BackLink>
      <Heading
        title={<Title view={view} instrument={instrument} />}
        eyebrow={
          <>
            <bdi lang="en">{instrument.concluded}</bdi>
            {' · '}
            {t('law.in-force-since', { date: formats.day(instrument.entryIntoForce) })}
            {' · '}
            <bdi class="ref" dir="ltr">
              {instrument.id}
            </bdi>
          </>
        }
      />
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
          <p class="source">
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
      {answer ? <Answer view={view} answer={answer} instrument={instrument} /> : null}
    </LawPage>
  );
}

function Answer({ view, answer, instrument }: { view: View; answer: PartiesAnswer; instrument: Instrument }) {
  const { t, formats } = view;
  const { count } = answer;
  const date = formats.day(answer.on);
  const stated = instrument.published.filter((one) => one.day === answer.on);
  const query = `instrument=${answer.instrument}&on=${answer.on}`;
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
      {stated.map((one) => (
        <p class="callout">
          {t('law.published-total', { day: formats.day(one.day), parties: one.parties, source: one.source })}
        </p>
      ))}
      <p class="source">{t('law.stale', { date: formats.day(answer.asOf) })}</p>
      <SubNav
        label={t('law.about-data')}
        items={[
          {
            href: `/api/treaties/instruments/${answer.instrument}/parties?on=${answer.on}`,
            label: t('law.download-json'),
          },
          { href: `/law/${answer.instrument}/parties.csv?on=${answer.on}`, label: t('law.download-csv') },
        ]}
      />
      <Parties view={view} title={t('law.parties-title')} id="parties" rows={answer.parties} />
      {answer.undated.length > 0 ? (
        <Parties view={view} title={t('law.undated-title')} id="undated" rows={answer.undated} />
      ) : null}
      <ConflictList view={view} conflicts={answer.conflicts} />
      <Published view={view} instrument={instrument} query={query} />
      <Coverage view={view} instrument={instrument} />
    </>
  );
}

function Published({ view, instrument }: { view: View; instrument: Instrument; query: string }) {
  const { t, formats } = view;
  if (instrument.published.length === 0) return null;
  return (
    <Section title={t('law.published-title')} id="published">
      <DataTable
        view={view}
        caption={t('law.published-title')}
        captionHidden
        columns={[
          {
            id: 'day',
            label: t('law.column-day'),
            header: true,
            cell: (one: Instrument['published'][number]) => formats.day(one.day),
          },
          { id: 'total', label: t('law.column-total'), figures: true, cell: (one) => formats.number(one.parties) },
          { id: 'source', label: t('law.column-source'), cell: (one) => <bdi lang="en">{one.source}</bdi> },
        ]}
        rows={instrument.published}
      />
    </Section>
  );
}

function Coverage({ view, instrument }: { view: View; instrument: Instrument }) {
  const { t, formats } = view;
  const rows = instrument.coverage.filter((one) => one.participant === '*');
  return (
    <Section title={t('law.coverage-title')} id="coverage">
      <ul class="plain-list">
        {rows.map((one) => (
          <li>
            <bdi lang="en">{one.kinds.join(', ')}</bdi>
            {': '}
            {one.completeUntil
              ? t('law.coverage-complete', { date: formats.day(one.completeUntil) })
              : t('law.coverage-never')}
          </li>
        ))}
      </ul>
    </Section>
  );
}
