import { StateCode, type Instant, type Problem } from '../../../platform/values/index.ts';
import {
  Actions,
  Bdi,
  Button,
  errorFor,
  FileInput,
  Form,
  Hidden,
  Num,
  Ref,
  Section,
  StatusMark,
  type View,
} from '../../../web/index.ts';
import type { CaseFile, EvidenceFile, Upload } from '../schema.ts';
import { sizeWords } from './words.ts';

interface Props {
  view: View;
  caseFile: CaseFile;
  files: readonly EvidenceFile[];
  names: ReadonlyMap<string, string>;
  zone: string;
  mayAdd: boolean;
  mayExport: boolean;
  uploads: readonly Upload[];
  limitMb: number;
  sliceLimitMb: number;
  problems: readonly Problem[];
}

/** Evidence of a case file: what each file is, where it came from, and what it may be used for. */
export function CaseFileFiles(props: Props) {
  const { view, caseFile, files, mayAdd } = props;
  const { t } = view;
  return (
    <Section id="files" title={t('casefile.files')}>
      {files.length === 0 ? (
        <p class="muted">{t('casefile.files-empty', { limit: gigabytes(view, props.sliceLimitMb) })}</p>
      ) : (
        <ul class="evidence-files">
          {files.map((file) => (
            <FileItem {...props} file={file} />
          ))}
        </ul>
      )}
      <Unfinished {...props} />
      {mayAdd ? <UploadForm {...props} key={caseFile.id} /> : null}
    </Section>
  );
}

/** A limit as the operator set it: 51,200 MB is said as 50 GB. */
function gigabytes(view: View, mb: number): string {
  return sizeWords(view, mb >= 1024 ? Math.floor(mb / 1024) * 1e9 : mb * 1e6);
}

/** State of an authority's id by its name; an id that names none stays as it is. */
export function stateOf(view: View, authority: string): string {
  const code = StateCode.safeParse(authority.split(':')[0]);
  return code.success ? view.stateName(code.data) : authority;
}

/** Original, received or shared with another case: what the office holds. */
function StandingWords({ view, file }: { view: View; file: EvidenceFile }) {
  const { t } = view;
  if (file.linkedFrom) return <>{t('casefile.standing-linked')}</>;
  return (
    <>
      {file.source
        ? t('casefile.standing-received', { source: stateOf(view, file.source) })
        : t('casefile.standing-original')}
    </>
  );
}

export function ScanWords({ view, file }: { view: View; file: EvidenceFile }) {
  const { t } = view;
  return (
    <>
      <p class="file-scan">
        <StatusMark
          mark={file.scan === 'clean' ? 'tick' : 'alert'}
          tone={file.scan === 'clean' ? 'success' : file.scan === 'quarantined' ? 'seal' : 'warning'}
        >
          {t(`casefile.scan-${file.scan}`)}
        </StatusMark>
      </p>
      {file.findings.map((one) => (
        <p class="file-scan">{t(`evidence.finding-${one}`)}</p>
      ))}
      {file.nameAgrees ? null : <p class="file-scan">{t('casefile.name-differs', { type: file.mediaType })}</p>}
    </>
  );
}

/** What the State that gave a file allows, in words; nothing where none was stated. */
export function UseWords({ view, file }: { view: View; file: EvidenceFile }) {
  const { t } = view;
  const limit = file.useLimitation;
  if (!limit) return null;
  return (
    <p class="file-use">
      <span class="label">{t('casefile.use')}</span>{' '}
      {t(`casefile.use-${limit.use}`, { source: stateOf(view, limit.source) })}
      {limit.words ? (
        <>
          {' '}
          <Bdi>{limit.words}</Bdi>
        </>
      ) : null}
    </p>
  );
}

function FileItem({ view, caseFile, file, files, names, zone, mayExport }: Props & { file: EvidenceFile }) {
  const { t, formats } = view;
  const same = files.find((one) => one.id !== file.id && one.sha256 === file.sha256);
  const address = `/case-files/${caseFile.id}/files/${file.id}`;
  return (
    <li id={`file-${file.id}`}>
      <h3>
        <Bdi>{file.fileName}</Bdi>
      </h3>
      <p class="file-facts">
        <bdi>{sizeWords(view, file.size)}</bdi> · <Num>{file.mediaType}</Num> ·{' '}
        <StandingWords view={view} file={file} />
      </p>
      <ScanWords view={view} file={file} />
      <UseWords view={view} file={file} />
      {same ? <p class="file-scan">{t('casefile.same-bytes', { name: same.fileName })}</p> : null}
      <p class="file-hash">
        <span class="label">{t('casefile.hash')}</span> <Ref value={file.sha256} wrap />
      </p>
      <p class="source">
        {t('casefile.added-by', { name: nameOf(view, names, file.addedBy), at: formats.moment(file.addedAt, zone) })}
      </p>
      <p class="file-acts">
        <a href={`${address}/download`}>
          {t('casefile.download')}
          <Hidden> {file.fileName}</Hidden>
        </a>
        <a href={`${address}/custody`}>
          {mayExport ? t('casefile.custody-and-proof') : t('casefile.custody')}
          <Hidden> {file.fileName}</Hidden>
        </a>
      </p>
    </li>
  );
}

/** A person by name, the node as such. */
export function nameOf(view: View, names: ReadonlyMap<string, string>, by: string): string {
  return by.startsWith('system:') ? view.t('casefile.system', { name: by.slice(7) }) : (names.get(by) ?? by);
}

function Unfinished({ view, uploads, zone }: Props & { zone: string }) {
  const { t, formats } = view;
  if (uploads.length === 0) return null;
  return (
    <div class="unfinished">
      <h3>{t('casefile.unfinished')}</h3>
      <ul>
        {uploads.map((one) => (
          <li>
            <Bdi>{one.fileName}</Bdi> ·{' '}
            {t('casefile.unfinished-one', {
              done: sizeWords(view, one.received),
              all: sizeWords(view, one.size),
              at: formats.moment(one.lastAt as Instant, zone),
            })}
          </li>
        ))}
      </ul>
      <p class="hint">{t('casefile.unfinished-hint')}</p>
    </div>
  );
}

function UploadForm({ view, caseFile, limitMb, sliceLimitMb, uploads, problems }: Props & { key: string }) {
  const { t } = view;
  const words = {
    sending: t('casefile.upload-sending', { done: '{done}', all: '{all}' }),
    waiting: t('casefile.upload-waiting', { done: '{done}', all: '{all}' }),
    stored: t('casefile.upload-stored'),
    failed: t('casefile.upload-failed'),
  };
  return (
    <comity-upload
      data-uploads={`/api/case-files/${caseFile.id}/uploads`}
      data-csrf={view.csrf}
      data-words={JSON.stringify(words)}
      data-open={JSON.stringify(uploads.map((one) => ({ id: one.id, name: one.fileName, size: one.size })))}
    >
      <Form view={view} action={`/case-files/${caseFile.id}/files`} multipart class="upload">
        <FileInput
          view={view}
          name="file"
          label={t('casefile.upload')}
          hint={t('casefile.upload-hint', { limit: gigabytes(view, sliceLimitMb), plain: limitMb })}
          error={errorFor(view, problems, 'file')}
        />
        <progress hidden />
        <p role="status" class="upload-words" />
        <Actions>
          <Button>{t('casefile.upload-button')}</Button>
        </Actions>
      </Form>
    </comity-upload>
  );
}
