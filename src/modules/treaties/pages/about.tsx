import { BackLink, DataTable, Heading, Section, type View } from '../../../web/index.ts';
import type { InstrumentsAnswer, SourceRow } from '../schema/index.ts';
import { LawPage } from './shell.tsx';

/** Names that licences ask us to print; proper names stay as their owners write them. */
const attributions = [
  'Hollway, Sposito et al., manytreaties (CC BY 4.0)',
  'Rechtsinformationssystem des Bundes, Austrian Federal Law Gazette (CC BY 4.0)',
  'Netherlands Treaty Database, Ministry of Foreign Affairs of the Netherlands (open government data)',
  'United Nations Treaty Collection, status record of the depositary',
  'openclimatedata/countrygroups (CC0)',
  'Debian iso-codes (LGPL-2.1-or-later)',
  'Natural Earth (public domain), world-atlas (ISC)',
];

const missing = ['later', 'tobacco', 'notifications', 'other-acts', 'bilateral'] as const;

/** `/law/about`: where the data come from, under which licence, how we count and what is missing. */
export function AboutPage({
  view,
  sources,
  dataset,
}: {
  view: View;
  sources: readonly SourceRow[];
  dataset: InstrumentsAnswer['dataset'];
}) {
  const { t, formats } = view;
  return (
    <LawPage view={view} title={t('law.about-data')}>
      <BackLink href="/law">{t('law.all-instruments')}</BackLink>
      <Heading title={t('law.about-data')} lede={t('law.about-lede')} />
      <Section title={t('law.about-counting-title')} id="counting">
        <p class="measure">{t('law.about-counting')}</p>
        <p class="measure">{t('law.about-counting-unknown')}</p>
      </Section>
      <Section title={t('law.about-readings-title')} id="readings">
        <p class="measure">{t('law.about-readings')}</p>
      </Section>
      <Section title={t('law.about-missing-title')} id="missing">
        <ul class="measure bullets">
          {missing.map((one) => (
            <li>{t(`law.missing.${one}`)}</li>
          ))}
        </ul>
      </Section>
      <Section title={t('law.about-texts-title')} id="texts">
        <p class="measure">{t('law.about-texts')}</p>
        <p class="measure">{t('law.about-texts-how')}</p>
        <pre class="command" dir="ltr">
          <code>comity packs check FOLDER{'\n'}comity packs import FOLDER</code>
        </pre>
        <p>
          <a href="/packs">{t('law.about-texts-link')}</a>
        </p>
      </Section>
      <Section title={t('law.about-map-title')} id="map">
        <p class="measure">{t('law.map-note')}</p>
      </Section>
      <Section title={t('law.about-attribution-title')} id="attribution">
        <ul class="plain-list">
          {attributions.map((one) => (
            <li>
              <bdi lang="en">{one}</bdi>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t('law.about-sources-title')} id="sources">
        <DataTable
          view={view}
          caption={t('law.about-sources-title')}
          captionHidden
          dense
          columns={[
            {
              id: 'id',
              label: t('law.column-id'),
              header: true,
              nowrap: true,
              cell: (row: SourceRow) => (
                <bdi id={`source-${row.id}`} dir="ltr">
                  {row.id}
                </bdi>
              ),
            },
            { id: 'title', label: t('law.column-source'), cell: (row) => <bdi lang="en">{row.title}</bdi> },
            {
              id: 'as-of',
              label: t('law.column-as-of'),
              nowrap: true,
              cell: (row) => (row.as_of ? formats.day(row.as_of) : <span class="muted">{t('law.date-unknown')}</span>),
            },
            { id: 'kind', label: t('law.act-authenticity'), cell: (row) => t(`law.authenticity.${row.authenticity}`) },
            { id: 'licence', label: t('law.column-licence'), cell: (row) => <bdi lang="en">{row.licence}</bdi> },
          ]}
          rows={sources}
        />
      </Section>
      <p class="source">
        {t('law.dataset', { version: dataset.version })} ·{' '}
        <bdi class="hash" dir="ltr">
          {dataset.sha256}
        </bdi>
      </p>
    </LawPage>
  );
}
