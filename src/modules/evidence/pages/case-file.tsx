import { dayIn, type Instant, type Problem } from '../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  BackLink,
  Bdi,
  Button,
  errorFor,
  ErrorSummary,
  Facts,
  FileInput,
  Form,
  Heading,
  Hidden,
  Notice,
  Num,
  Page,
  Ref,
  Section,
  Select,
  SideSection,
  StatusMark,
  type Typed,
  type View,
} from '../../../web/index.ts';
import type { CaseFile, EvidenceFile } from '../schema.ts';
import { sizeWords, tlpWords } from './words.ts';

/** A request of a case file, as its page lists it. */
export interface ListedRequest {
  reference: string;
  words: string;
  status: string;
  href: string;
}

export interface CaseFileShown {
  view: View;
  caseFile: CaseFile;
  files: readonly EvidenceFile[];
  names: ReadonlyMap<string, string>;
  requests: readonly ListedRequest[];
  people: readonly { id: string; name: string }[];
  now: Instant;
  zone: string;
  mayChange: boolean;
  mayAdd: boolean;
  mayRequest: boolean;
  limitMb: number;
}

interface Props extends CaseFileShown {
  problems: readonly Problem[];
  typed: Typed;
  /** What was just done, from the address. */
  done: Readonly<Record<string, string>>;
}

/** `/case-files/{id}`: members, requests and files of one matter. */
export function CaseFilePage(props: Props) {
  const { view, caseFile, problems, names, done } = props;
  const { t } = view;
  const title = caseFile.title ?? t('casefile.erased');
  const stored = props.files.find((file) => file.id === done.stored);
  const [added, ended] = [done.added, done.ended].map((id) => (id ? names.get(id) : undefined));
  return (
    <Page
      view={view}
      title={t('casefile.number-title', { number: caseFile.number })}
      current="case-files"
      error={problems.length > 0}
      handling={{ tlp: caseFile.handling.tlp, note: t('casefile.band-note') }}
      head={
        <>
          <ErrorSummary view={view} problems={problems} />
          {stored ? (
            <Notice view={view} kind="success" title={t('casefile.uploaded', { name: stored.fileName })} />
          ) : null}
          {added ? <Notice view={view} kind="success" title={t('casefile.member-added', { name: added })} /> : null}
          {ended ? <Notice view={view} kind="success" title={t('casefile.member-ended', { name: ended })} /> : null}
          <BackLink href="/case-files">{t('casefile.list-title')}</BackLink>
          <Heading title={<Bdi>{title}</Bdi>} eyebrow={<Num>{caseFile.number}</Num>} />
        </>
      }
      side={<Side {...props} />}
      sideLabel={t('casefile.members')}
    >
      <Section
        id="requests"
        title={t('casefile.requests')}
        end={
          props.mayRequest ? (
            <Button kind="main" compact href={`/requests/new?caseFile=${caseFile.id}`} icon="plus">
              {t('casefile.new-request')}
            </Button>
          ) : null
        }
      >
        {props.requests.length === 0 ? (
          <p class="muted">{t('casefile.requests-empty')}</p>
        ) : (
          <ul class="entries entries--links">
            {props.requests.map((one) => (
              <li>
                <div class="entry-words">
                  <p>
                    <a href={one.href}>{one.words}</a>
                  </p>
                  <p class="hint">
                    <Ref value={one.reference} />
                  </p>
                </div>
                <span class="entry-acts">{one.status}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Files {...props} />
    </Page>
  );
}

function Files({ view, caseFile, files, names, zone, mayAdd, limitMb, problems }: Props) {
  const { t, formats } = view;
  return (
    <Section id="files" title={t('casefile.files')}>
      {files.length === 0 ? (
        <p class="muted">{t('casefile.files-empty')}</p>
      ) : (
        <ul class="evidence-files">
          {files.map((file) => (
            <li id={`file-${file.id}`}>
              <h3>
                <Bdi>{file.fileName}</Bdi>
              </h3>
              <p class="file-facts">
                <bdi>{sizeWords(view, file.size)}</bdi> · <Num>{file.mediaType}</Num>
              </p>
              <p class="file-scan">
                <StatusMark
                  mark={file.scan === 'clean' ? 'tick' : 'alert'}
                  tone={file.scan === 'clean' ? 'success' : file.scan === 'quarantined' ? 'seal' : 'warning'}
                >
                  {t(`casefile.scan-${file.scan}`)}
                </StatusMark>
              </p>
              {file.nameAgrees ? null : <p class="file-scan">{t('casefile.name-differs', { type: file.mediaType })}</p>}
              <p class="file-hash">
                <span class="label">{t('casefile.hash')}</span> <Ref value={file.sha256} wrap />
              </p>
              <p class="source">
                {t('casefile.added-by', {
                  name: names.get(file.addedBy) ?? '',
                  at: formats.moment(file.addedAt, zone),
                })}
              </p>
              <p class="file-acts">
                <a href={`/case-files/${caseFile.id}/files/${file.id}/download`}>
                  {t('casefile.download')}
                  <Hidden> {file.fileName}</Hidden>
                </a>
                <a href={`/case-files/${caseFile.id}/files/${file.id}/custody`}>
                  {t('casefile.custody')}
                  <Hidden> {file.fileName}</Hidden>
                </a>
              </p>
            </li>
          ))}
        </ul>
      )}
      {mayAdd ? (
        <Form view={view} action={`/case-files/${caseFile.id}/files`} multipart class="upload">
          <FileInput
            view={view}
            name="file"
            label={t('casefile.upload')}
            hint={t('casefile.upload-hint', { limit: limitMb })}
            error={errorFor(view, problems, 'file')}
          />
          <Actions>
            <Button>{t('casefile.upload-button')}</Button>
          </Actions>
        </Form>
      ) : null}
    </Section>
  );
}

function Side({ view, caseFile, names, people, now, zone, mayChange, problems, typed }: Props) {
  const { t, formats } = view;
  const day = (at: Instant) => formats.day(dayIn(zone, at));
  const current = caseFile.members.filter((one) => one.until === null || one.until > now);
  const former = caseFile.members.filter((one) => one.until !== null && one.until <= now);
  const others = people.filter((person) => !current.some((one) => one.personId === person.id));
  return (
    <>
      <SideSection title={t('casefile.handling')}>
        <Facts
          stack
          items={[
            { label: t('casefile.handling'), value: tlpWords(view, caseFile) },
            {
              label: t('casefile.opened'),
              value: <bdi>{day(caseFile.createdAt)}</bdi>,
              source: names.get(caseFile.createdBy),
            },
            ...(caseFile.retainUntil
              ? [{ label: t('casefile.retain'), value: <bdi>{formats.day(caseFile.retainUntil)}</bdi> }]
              : []),
          ]}
        />
        {caseFile.onHold ? <p>{t('casefile.on-hold')}</p> : null}
      </SideSection>
      <SideSection title={t('casefile.members')}>
        <ul class="member-list" id="members">
          {current.map((one) => (
            <li>
              <span>
                <Bdi>{names.get(one.personId) ?? one.personId}</Bdi>
                <span class="source">{t('casefile.member-since', { day: day(one.from) })}</span>
              </span>
              {mayChange && current.length > 1 ? (
                <ActButton view={view} action={`/case-files/${caseFile.id}/members/${one.personId}/end`} kind="link">
                  {t('casefile.end-member')}
                  <Hidden> {names.get(one.personId) ?? ''}</Hidden>
                </ActButton>
              ) : null}
            </li>
          ))}
        </ul>
        {mayChange && others.length > 0 ? (
          <Form view={view} action={`/case-files/${caseFile.id}/members`} class="add-member">
            <Select
              view={view}
              name="person"
              label={t('casefile.add-member')}
              value={typed.person?.[0]}
              empty={t('casefile.choose-person')}
              options={others.map((person) => ({ value: person.id, label: person.name }))}
              error={errorFor(view, problems, 'person')}
            />
            <Button compact>{t('casefile.add-member-button')}</Button>
          </Form>
        ) : null}
        {former.length > 0 ? (
          <>
            <h3>{t('casefile.former')}</h3>
            <ul class="member-list">
              {former.map((one) => (
                <li>
                  <span>
                    <Bdi>{names.get(one.personId) ?? one.personId}</Bdi>
                    <span class="source">
                      {t('casefile.member-until', { from: day(one.from), until: day(one.until ?? one.from) })}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </SideSection>
    </>
  );
}
