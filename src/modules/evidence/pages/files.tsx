import type { Problem } from '../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  BackLink,
  Bdi,
  Button,
  Callout,
  DataTable,
  errorFor,
  ErrorSummary,
  Facts,
  Form,
  Heading,
  Notice,
  Num,
  Page,
  Radios,
  Ref,
  type Typed,
  type View,
} from '../../../web/index.ts';
import type { CaseFile, EvidenceFile, ListedCustody } from '../schema.ts';
import { sizeWords } from './words.ts';

/** Why a file may leave the store; the code is kept in the log, words are not. */
export const purposes = ['request', 'court', 'examination', 'check'] as const;

interface FileProps {
  view: View;
  caseFile: CaseFile;
  file: EvidenceFile;
  problems: readonly Problem[];
}

/** Asks why, before a file is handed out. */
export function DownloadPage({ view, caseFile, file, problems, typed }: FileProps & { typed: Typed }) {
  const { t } = view;
  return (
    <Page
      view={view}
      title={t('casefile.download-title')}
      current="case-files"
      error={problems.length > 0}
      handling={{ tlp: caseFile.handling.tlp, note: t('casefile.band-note') }}
    >
      <ErrorSummary view={view} problems={problems} />
      <BackLink href={`/case-files/${caseFile.id}`}>{t('casefile.back')}</BackLink>
      <Heading title={t('casefile.download-title')} lede={t('casefile.download-lede')} />
      <Facts
        items={[
          { label: t('casefile.file'), value: <Bdi>{file.fileName}</Bdi> },
          { label: t('casefile.size'), value: <bdi>{sizeWords(view, file.size)}</bdi> },
          { label: t('casefile.hash'), value: <Ref value={file.sha256} wrap /> },
        ]}
      />
      {file.scan === 'clean' ? null : <Callout tone="warning">{t(`casefile.scan-${file.scan}`)}</Callout>}
      <Form view={view} action={`/case-files/${caseFile.id}/files/${file.id}/download`}>
        <Radios
          view={view}
          name="purpose"
          label={t('casefile.purpose')}
          hint={t('casefile.purpose-hint')}
          value={typed.purpose?.[0]}
          options={purposes.map((value) => ({ value, label: t(`casefile.purpose-${value}`) }))}
          error={errorFor(view, problems, 'purpose')}
        />
        <Actions>
          <Button kind="main">{t('casefile.download-button')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}

interface CustodyProps extends FileProps {
  entries: readonly ListedCustody[];
  names: ReadonlyMap<string, string>;
  zone: string;
  verified?: string | undefined;
}

/** Who had a file, hand by hand. */
export function CustodyPage({ view, caseFile, file, entries, problems, names, zone, verified }: CustodyProps) {
  const { t } = view;
  const who = (by: string) =>
    by.startsWith('system:') ? t('casefile.system', { name: by.slice(7) }) : (names.get(by) ?? by);
  return (
    <Page
      view={view}
      title={t('casefile.custody-title')}
      current="case-files"
      handling={{ tlp: caseFile.handling.tlp, note: t('casefile.band-note') }}
    >
      {verified === 'whole' ? <Notice view={view} kind="success" title={t('casefile.verified')} /> : null}
      {verified === 'damaged' ? <Notice view={view} kind="error" title={t('casefile.verified-damaged')} /> : null}
      <BackLink href={`/case-files/${caseFile.id}`}>{t('casefile.back')}</BackLink>
      <Heading
        title={t('casefile.custody-title')}
        eyebrow={<Bdi>{file.fileName}</Bdi>}
        lede={t(problems.length > 0 ? 'casefile.custody-broken' : 'casefile.custody-whole')}
      />
      <p class="file-hash">
        <span class="label">{t('casefile.hash')}</span> <Ref value={file.sha256} wrap />
      </p>
      <DataTable
        view={view}
        caption={t('casefile.custody-title')}
        captionHidden
        stack
        rows={entries}
        columns={[
          {
            id: 'seq',
            label: t('casefile.custody-hash'),
            figures: true,
            cell: (one: ListedCustody) => <Num>{one.entry.seq}</Num>,
          },
          {
            id: 'act',
            label: t('casefile.custody-act'),
            header: true,
            cell: ({ entry }) => (
              <>
                {t(`evidence.act-${entry.act}`)}
                {entry.outcome ? <span class="muted"> {t(`casefile.${entry.outcome}`)}</span> : null}
                {entry.reference ? (
                  <>
                    {' '}
                    <Ref value={entry.reference} />
                  </>
                ) : null}
              </>
            ),
          },
          { id: 'who', label: t('casefile.custody-who'), cell: ({ entry }) => <Bdi>{who(entry.by)}</Bdi> },
          {
            id: 'when',
            label: t('casefile.custody-when'),
            cell: ({ entry }) => <bdi>{view.formats.moment(entry.at, zone)}</bdi>,
          },
        ]}
      />
      <Actions>
        <ActButton view={view} action={`/case-files/${caseFile.id}/files/${file.id}/verify`}>
          {t('casefile.verify')}
        </ActButton>
        <Button kind="link" href={`/case-files/${caseFile.id}/files/${file.id}/download`}>
          {t('casefile.download')}
        </Button>
      </Actions>
    </Page>
  );
}
