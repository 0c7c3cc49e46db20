import { DataTable, Section, type View } from '../../../../web/index.ts';
import type { VerifyAnswer } from '../../schema/index.ts';
import { sourceName } from '../words.tsx';
import { InstrumentShell, type ListedInstrument } from './shell.tsx';

interface Year {
  year: number;
  joined: number;
  total: number;
}

/** `/law/XVIII-12/totals`: participants year by year, published totals beside ours with the reason of a difference. */
export function TotalsPage({
  view,
  instrument,
  declarations,
  years,
  recounts,
}: {
  view: View;
  instrument: ListedInstrument;
  declarations: number;
  years: readonly Year[];
  recounts: VerifyAnswer['rows'];
}) {
  const { t, formats } = view;
  const most = Math.max(1, ...years.map((one) => one.total));
  return (
    <InstrumentShell
      view={view}
      instrument={instrument}
      tab="totals"
      declarations={declarations}
      title={t('law.tab-totals')}
    >
      <Section title={t('law.totals-title')} id="years">
        <DataTable
          view={view}
          caption={t('law.totals-title')}
          captionHidden
          dense
          columns={[
            { id: 'year', label: t('law.column-year'), header: true, cell: (one: Year) => String(one.year) },
            { id: 'joined', label: t('law.column-joined'), figures: true, cell: (one) => formats.number(one.joined) },
            { id: 'total', label: t('law.column-total-end'), figures: true, cell: (one) => formats.number(one.total) },
            {
              id: 'bar',
              label: t('law.column-bar'),
              quiet: true,
              cell: (one) => (
                <svg class="year-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                  <rect class="year-bar-f" width={Math.round((one.total / most) * 1000) / 10} height="10" />
                </svg>
              ),
            },
          ]}
          rows={years}
          empty={t('law.totals-none')}
          source={t('law.stale', { date: formats.day(instrument.asOf) })}
        />
      </Section>
      <Section title={t('law.published-title')} id="published">
        <DataTable
          view={view}
          caption={t('law.published-title')}
          captionHidden
          stack
          columns={[
            {
              id: 'day',
              label: t('law.column-day'),
              header: true,
              cell: (one: VerifyAnswer['rows'][number]) => (one.day ? formats.day(one.day) : t('law.ever')),
            },
            { id: 'what', label: t('law.column-what'), cell: (one) => t(`law.counted.${one.what}`) },
            {
              id: 'published',
              label: t('law.column-total'),
              figures: true,
              cell: (one) => formats.number(one.published),
            },
            {
              id: 'ours',
              label: t('law.column-ours'),
              figures: true,
              cell: (one) => (
                <>
                  {formats.number(one.deposits)}
                  {one.undated > 0 ? (
                    <span class="small muted">{t('law.undated-more', { count: one.undated })}</span>
                  ) : null}
                </>
              ),
            },
            { id: 'why', label: t('law.column-explanation'), cell: (one) => one.explanation },
            { id: 'source', label: t('law.column-source'), cell: (one) => <bdi>{sourceName(view, one.source)}</bdi> },
          ]}
          rows={recounts}
          empty={t('law.not-published')}
        />
      </Section>
      <Section title={t('law.later-title')} id="later">
        <DataTable
          view={view}
          caption={t('law.later-title')}
          captionHidden
          columns={[
            {
              id: 'day',
              label: t('law.column-day'),
              header: true,
              cell: (one: ListedInstrument['published'][number]) => formats.day(one.day),
            },
            { id: 'total', label: t('law.column-total'), figures: true, cell: (one) => formats.number(one.parties) },
            { id: 'source', label: t('law.column-source'), cell: (one) => <bdi>{sourceName(view, one.source)}</bdi> },
          ]}
          rows={instrument.published}
          empty={t('law.not-published')}
        />
      </Section>
      <Section title={t('law.coverage-title')} id="coverage">
        <ul class="plain-list">
          {instrument.coverage.map((one) => (
            <li>
              {formats.list(one.kinds.map((kind) => (t.has(`law.kinds.${kind}`) ? t.code(`law.kinds.${kind}`) : kind)))}
              {': '}
              {one.completeUntil
                ? t('law.coverage-complete', { date: formats.day(one.completeUntil) })
                : t('law.coverage-never')}
            </li>
          ))}
        </ul>
      </Section>
    </InstrumentShell>
  );
}
