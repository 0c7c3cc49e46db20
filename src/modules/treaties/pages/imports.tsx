import type { StateCode } from '../../../platform/values/index.ts';
import {
  Button,
  DataTable,
  Empty,
  Form,
  Heading,
  Section,
  StatusMark,
  TextInput,
  BackLink,
  type View,
} from '../../../web/index.ts';
import type { DatasetBundle, TreatyImport } from '../schema/index.ts';
import { LawPage } from './shell.tsx';
import { Title, shownDate } from './words.tsx';
import type { Instrument } from '../schema/index.ts';

interface Line {
  what: 'added' | 'changed' | 'vanished';
  instrument: string;
  state: StateCode;
  kind: string;
  before: string | null;
  after: string | null;
}

export interface Proposal {
  id: string;
  path: 'imports' | 'bundles';
  heading: string;
  instrument: Pick<Instrument, 'id' | 'title'> | null;
  asOf: string;
  sha256: string;
  by: string;
  status: 'proposed' | 'accepted' | 'refused' | 'published';
  same: number;
  lines: Line[];
  /** More is gone than may go without a reason. */
  needsReason: boolean;
  mayAccept: boolean;
}

const shownLines = 200;

/** An import of one table, as the page shows it. */
export function ofImport(
  view: View,
  one: TreatyImport,
  title: Pick<Instrument, 'id' | 'title'> | null,
): Omit<Proposal, 'by' | 'mayAccept' | 'needsReason'> {
  const line = (what: Line['what'], act: TreatyImport['diff']['added'][number]): Line => ({
    what,
    instrument: act.instrument,
    state: act.participant,
    kind: act.kind,
    before: null,
    after: shownDate(view, act.depositedOn),
  });
  return {
    id: one.id,
    path: 'imports',
    heading: one.source,
    instrument: title,
    asOf: one.asOf,
    sha256: one.fileSha256,
    status: one.status,
    same: one.diff.same,
    lines: [
      ...one.diff.corrections.map((correction) => ({
        ...line(correction.what, correction.act),
        state: correction.state,
      })),
      ...one.diff.added.map((act) => line('added', act)),
    ],
  };
}

/** A bundle from a secretariat, as the page shows it. */
export function ofBundle(one: DatasetBundle): Omit<Proposal, 'by' | 'mayAccept'> {
  return {
    id: one.id,
    path: 'bundles',
    heading: `${one.owner} · ${one.body.version}`,
    instrument: null,
    asOf: one.body.asOf,
    sha256: one.hash.slice('sha256:'.length),
    status: one.status,
    same: one.diff?.same ?? 0,
    lines: one.diff?.lines ?? [],
    needsReason: false,
  };
}

/** `/law/imports`: tables and sets that were brought, what each changes, and acceptance by a second person. */
export function ImportsPage({ view, proposals }: { view: View; proposals: readonly Proposal[] }) {
  const { t } = view;
  return (
    <LawPage view={view} title={t('law.imports-title')}>
      <BackLink href="/law">{t('law.all-instruments')}</BackLink>
      <Heading title={t('law.imports-title')} lede={t('law.imports-lede')} />
      {proposals.length === 0 ? (
        <Empty title={t('law.imports-none')} motif="scale">
          {t('law.imports-how')}
        </Empty>
      ) : null}
      {proposals.map((one) => (
        <OneProposal view={view} one={one} />
      ))}
    </LawPage>
  );
}

const statuses = {
  proposed: { mark: 'half', tone: 'warning' },
  accepted: { mark: 'done', tone: 'success' },
  refused: { mark: 'no', tone: 'muted' },
  published: { mark: 'done', tone: 'success' },
} as const;

function OneProposal({ view, one }: { view: View; one: Proposal }) {
  const { t, formats } = view;
  const of = (what: Line['what']) => one.lines.filter((line) => line.what === what).length;
  return (
    <Section
      title={<bdi dir="auto">{one.heading}</bdi>}
      id={`import-${one.id}`}
      end={<StatusMark {...statuses[one.status]}>{t(`law.import-status.${one.status}`)}</StatusMark>}
    >
      <p>
        {one.instrument ? (
          <>
            <a href={`/law/${one.instrument.id}`}>
              <Title view={view} instrument={one.instrument} />
            </a>
            {' · '}
          </>
        ) : null}
        {t('law.data-as-of')} {formats.day(one.asOf)} ·{' '}
        {t(one.status === 'published' ? 'law.published-by' : 'law.imports-by', { person: one.by })}
      </p>
      <p>
        {one.status === 'published' ? null : (
          <>
            <b>
              {t('law.imports-counts', {
                added: of('added'),
                changed: of('changed'),
                vanished: of('vanished'),
                same: one.same,
              })}
            </b>{' '}
          </>
        )}
        <span class="source">
          <bdi class="ref" dir="ltr">
            {one.sha256.slice(0, 12)}
          </bdi>
        </span>
      </p>
      {one.lines.length > 0 ? (
        <details open={one.status === 'proposed'}>
          <summary>{t('law.imports-diff')}</summary>
          <DataTable
            view={view}
            caption={t('law.imports-diff')}
            captionHidden
            dense
            stack
            columns={[
              {
                id: 'state',
                label: t('law.column-state'),
                header: true,
                cell: (line: Line) => view.stateName(line.state),
              },
              { id: 'what', label: t('law.column-what'), cell: (line) => t(`law.diff.${line.what}`) },
              {
                id: 'act',
                label: t('law.column-act'),
                cell: (line) => (
                  <>
                    {t.has(`law.act.${line.kind}`) ? t.code(`law.act.${line.kind}`) : line.kind}{' '}
                    <bdi class="small muted" dir="ltr">
                      {line.instrument}
                    </bdi>
                  </>
                ),
              },
              { id: 'before', label: t('law.column-before'), cell: (line) => line.before ?? '–' },
              { id: 'after', label: t('law.column-after'), cell: (line) => line.after ?? '–' },
            ]}
            rows={one.lines.slice(0, shownLines)}
            {...(one.lines.length > shownLines
              ? { source: t('law.imports-more', { count: one.lines.length - shownLines }) }
              : {})}
          />
        </details>
      ) : null}
      {one.status === 'proposed' ? (
        one.mayAccept ? (
          <Form view={view} action={`/law/${one.path}/${one.id}/accept`}>
            {one.needsReason ? (
              <TextInput
                view={view}
                name="reason"
                label={t('law.imports-reason')}
                hint={t('law.imports-reason-hint')}
              />
            ) : null}
            <Button kind="main">{t('law.imports-accept')}</Button>
          </Form>
        ) : (
          <p class="callout">{t('law.imports-second')}</p>
        )
      ) : null}
    </Section>
  );
}
