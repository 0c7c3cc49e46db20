import type { Problem } from '../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Bdi,
  Button,
  Callout,
  errorFor,
  ErrorSummary,
  Facts,
  Form,
  Heading,
  Page,
  Radios,
  Ref,
  type Typed,
  type View,
} from '../../../web/index.ts';
import type { CaseFile, EvidenceFile } from '../schema.ts';
import { UseWords } from './case-file-files.tsx';
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
      <UseWords view={view} file={file} />
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
