import { BackLink, Heading, SubNav, type View } from '../../../../web/index.ts';
import type { InstrumentsAnswer } from '../../schema/index.ts';
import { LawPage } from '../shell.tsx';
import { Title, shortName } from '../words.tsx';

export type ListedInstrument = InstrumentsAnswer['instruments'][number];
export type Tab = 'status' | 'text' | 'declarations' | 'totals';

interface Props {
  view: View;
  instrument: ListedInstrument;
  tab: Tab;
  declarations: number;
  error?: boolean;
  /** Words of this page before the name of the treaty in the title. */
  title?: string;
  /** Error summary: stands over everything. */
  alert?: unknown;
  children?: unknown;
}

/** What every page of one treaty begins with: name, dates, its other pages. */
export function InstrumentShell({ view, instrument, tab, declarations, error, title, alert, children }: Props) {
  const { t, formats } = view;
  const name = shortName(view, instrument.id, instrument.title);
  const base = `/law/${instrument.id}`;
  return (
    <LawPage view={view} title={title ? `${title} – ${name}` : name} error={error ?? false}>
      {alert as never}
      <BackLink href="/law">{t('law.all-instruments')}</BackLink>
      <Heading
        title={<Title view={view} instrument={instrument} />}
        eyebrow={
          <>
            <bdi lang="en">{instrument.concluded}</bdi>
            <span>{t('law.in-force-since', { date: formats.day(instrument.entryIntoForce) })}</span>
            <bdi class="ref" dir="ltr">
              {instrument.id}
            </bdi>
          </>
        }
      />
      <SubNav
        label={t('law.tabs')}
        items={[
          { href: base, label: t('law.tab-status'), current: tab === 'status' },
          { href: `${base}/articles`, label: t('law.tab-text'), current: tab === 'text' },
          {
            href: `${base}/declarations`,
            label: t('law.tab-declarations'),
            current: tab === 'declarations',
            count: declarations,
          },
          { href: `${base}/totals`, label: t('law.tab-totals'), current: tab === 'totals' },
        ]}
      />
      {children as never}
    </LawPage>
  );
}
