import { Actions, Button, DataTable, Heading, Num, type View } from '../../../web/index.ts';
import type { InstrumentsAnswer } from '../schema/index.ts';
import { LawPage } from './shell.tsx';
import { Title } from './words.tsx';

type Row = InstrumentsAnswer['instruments'][number];

function latest(row: Row): Row['published'][number] | undefined {
  return [...row.published].sort((a, b) => (a.day < b.day ? 1 : -1))[0];
}

/** `/law`: the treaties, how many are bound, and how far the data reach. */
export function InstrumentsPage({
  view,
  answer,
  mayImport,
}: {
  view: View;
  answer: InstrumentsAnswer;
  mayImport: boolean;
}) {
  const { t, formats } = view;
  const published = (row: Row) => {
    const total = latest(row);
    return total ? (
      <>
        <Num>{formats.number(total.parties)}</Num> <span class="small muted">{formats.day(total.day)}</span>
      </>
    ) : (
      <span class="muted">{t('law.not-published')}</span>
    );
  };
  return (
    <LawPage view={view} title={t('law.title')}>
      <Heading title={t('law.title')} lede={t('law.lede')} />
      <Actions>
        <Button kind="main" href="/law/basis">
          {t('law.find-basis')}
        </Button>
        <a href="/law/about">{t('law.about-data')}</a>
        {mayImport ? <a href="/law/imports">{t('law.imports-link')}</a> : null}
      </Actions>
      <DataTable
        view={view}
        caption={t('law.title')}
        captionHidden
        columns={[
          {
            id: 'instrument',
            label: t('law.column-instrument'),
            header: true,
            cell: (row: Row) => (
              <>
                <a href={`/law/${row.id}`}>
                  <Title view={view} instrument={row} />
                </a>
                {row.parent ? <span class="small muted">{t('law.protocol-to', { parent: row.parent })}</span> : null}
              </>
            ),
          },
          {
            id: 'id',
            label: t('law.column-id'),
            nowrap: true,
            cell: (row) => (
              <bdi class="ref" dir="ltr">
                {row.id}
              </bdi>
            ),
          },
          {
            id: 'force',
            label: t('law.column-in-force'),
            nowrap: true,
            cell: (row) => formats.day(row.entryIntoForce),
          },
          {
            id: 'parties',
            label: t('law.column-parties'),
            figures: true,
            cell: (row) => (
              <>
                <Num>{formats.number(row.count.deposited)}</Num>
                {row.count.dateUnknown > 0 ? (
                  <span class="small muted">{t('law.undated-more', { count: row.count.dateUnknown })}</span>
                ) : null}
              </>
            ),
          },
          { id: 'published', label: t('law.column-published'), figures: true, cell: published },
          { id: 'as-of', label: t('law.column-as-of'), nowrap: true, cell: (row) => formats.day(row.asOf) },
        ]}
        rows={answer.instruments}
        stack
      />
      <p class="source">
        {t('law.dataset', { version: answer.dataset.version })} ·{' '}
        <bdi class="ref" dir="ltr">
          {answer.dataset.sha256.slice(0, 16)}
        </bdi>
      </p>
    </LawPage>
  );
}
