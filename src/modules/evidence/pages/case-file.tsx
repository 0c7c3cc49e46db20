import { dayIn, type Instant, type Problem } from '../../../platform/values/index.ts';
import {
  ActButton,
  BackLink,
  Bdi,
  Button,
  errorFor,
  ErrorSummary,
  Facts,
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
  type Typed,
  type View,
} from '../../../web/index.ts';
import type { CaseFile, EvidenceFile, Upload } from '../schema.ts';
import { CaseFileFiles } from './case-file-files.tsx';
import { tlpWords } from './words.ts';

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
  mayExport: boolean;
  /** Uploads of the reader that have not ended. */
  uploads: readonly Upload[];
  /** Largest file by the form without scripts, and by slices; MB. */
  limitMb: number;
  sliceLimitMb: number;
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
      islands={['upload']}
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
      <CaseFileFiles {...props} />
    </Page>
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
