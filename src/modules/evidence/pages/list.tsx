import { dayIn, type Instant } from '../../../platform/values/index.ts';
import { Actions, Bdi, Button, DataTable, Empty, Heading, Num, Page, type View } from '../../../web/index.ts';
import type { CaseFile } from '../schema.ts';
import { tlpWords } from './words.ts';

interface Props {
  view: View;
  caseFiles: readonly CaseFile[];
  more: boolean;
  now: Instant;
  zone: string;
  mayOpen: boolean;
}

/** `/case-files`: those the reader is a member of, newest first. */
export function CaseFilesPage({ view, caseFiles, more, now, zone, mayOpen }: Props) {
  const { t } = view;
  const open = mayOpen ? (
    <Button kind="main" href="/case-files/new" icon="plus">
      {t('casefile.open')}
    </Button>
  ) : null;
  const last = caseFiles.at(-1);
  return (
    <Page view={view} title={t('casefile.list-title')} current="case-files">
      <Heading title={t('casefile.list-title')} lede={t('casefile.list-lede')} />
      {caseFiles.length === 0 ? (
        <Empty title={t('casefile.list-empty')} action={open}>
          {t('casefile.list-empty-words')}
        </Empty>
      ) : (
        <>
          {open ? <Actions>{open}</Actions> : null}
          <DataTable
            view={view}
            caption={t('casefile.list-title')}
            captionHidden
            stack
            rows={caseFiles}
            columns={[
              {
                id: 'title',
                label: t('casefile.title'),
                header: true,
                cell: (one: CaseFile) => (
                  <a href={`/case-files/${one.id}`}>
                    <Bdi>{one.title ?? t('casefile.erased')}</Bdi>
                  </a>
                ),
              },
              { id: 'number', label: t('casefile.number'), nowrap: true, cell: (one) => <Num>{one.number}</Num> },
              { id: 'handling', label: t('casefile.handling'), cell: (one) => tlpWords(view, one) },
              {
                id: 'members',
                label: t('casefile.members'),
                cell: (one) =>
                  t('casefile.n-members', {
                    n: one.members.filter((member) => member.until === null || member.until > now).length,
                  }),
              },
              {
                id: 'opened',
                label: t('casefile.opened'),
                nowrap: true,
                cell: (one) => <bdi>{view.formats.day(dayIn(zone, one.createdAt))}</bdi>,
              },
            ]}
          />
          {more && last ? (
            <p>
              <a href={`/case-files?after=${last.id}`}>{t('casefile.older')}</a>
            </p>
          ) : null}
        </>
      )}
    </Page>
  );
}
