import type { Problem } from '../../../platform/values/index.ts';
import {
  Actions,
  BackLink,
  Bdi,
  Button,
  Empty,
  errorFor,
  ErrorSummary,
  Form,
  Heading,
  Notice,
  Ref,
  Section,
  Select,
  TextArea,
  type View,
} from '../../../web/index.ts';
import { dayIn } from '../../../platform/values/index.ts';
import type { EntryView } from '../service/index.ts';
import type { Feedback } from '../store/index.ts';
import { DirectoryPage } from './shell.tsx';
import { nameFor } from './words.tsx';

/** Parts of an entry that a report may speak of, with the key of their words. */
export const reportable = {
  names: 'authorities.names',
  designations: 'authorities.holds',
  address: 'authorities.address',
  phones: 'authorities.phones',
  emails: 'authorities.emails',
  officeHours: 'authorities.hours',
  languages: 'authorities.languages',
  channels: 'authorities.channels',
  nodeId: 'authorities.secure-address',
} as const;

/** `/authorities/XB:central-authority/feedback`: an official tells the owner of an entry what is wrong. */
export function ReportPage({
  view,
  shown,
  typed,
  problems,
}: {
  view: View;
  shown: EntryView;
  typed: { field: string; text: string };
  problems: readonly Problem[];
}) {
  const { t } = view;
  const { entry } = shown.version;
  return (
    <DirectoryPage
      view={view}
      title={t('authorities.report-title')}
      error={problems.length > 0}
      head={
        <>
          {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
          <BackLink href={`/authorities/${entry.id}`}>
            <Bdi>{nameFor(view, entry)}</Bdi>
          </BackLink>
          <Heading title={t('authorities.report-title')} lede={t('authorities.report-lead')} />
        </>
      }
    >
      <Form view={view} action={`/authorities/${entry.id}/feedback`}>
        <Select
          view={view}
          name="field"
          label={t('authorities.report-field')}
          value={typed.field}
          empty={t('authorities.report-whole')}
          options={Object.entries(reportable).map(([value, key]) => ({ value, label: t(key) }))}
        />
        <TextArea
          view={view}
          name="text"
          label={t('authorities.report-text')}
          value={typed.text}
          rows={5}
          error={errorFor(view, problems, 'text')}
        />
        <Actions>
          <Button kind="main">{t('authorities.report-send')}</Button>
        </Actions>
      </Form>
    </DirectoryPage>
  );
}

/** Words of a report; a request to confirm is one of ours, in the reader's language. */
export function reportWords(view: View, report: Feedback): string {
  return report.field === 'confirmedOn' && report.text === 'ask-to-confirm'
    ? view.t('authorities.asks-to-confirm')
    : report.text;
}

/** `/authorities/feedback`: what others found wrong in the own entries, and the answers. */
export function FeedbackPage({
  view,
  reports,
  done,
  problems,
}: {
  view: View;
  reports: readonly (Feedback & { late: boolean })[];
  done: boolean;
  problems: readonly Problem[];
}) {
  const { t, formats } = view;
  const open = reports.filter((one) => one.answeredAt === null);
  const answered = reports.filter((one) => one.answeredAt !== null).toReversed();
  return (
    <DirectoryPage
      view={view}
      title={t('authorities.feedback-title')}
      error={problems.length > 0}
      head={
        <>
          {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
          {done ? <Notice view={view} kind="success" title={t('authorities.feedback-done')} /> : null}
          <BackLink href="/authorities/health">{t('authorities.health-title')}</BackLink>
          <Heading title={t('authorities.feedback-title')} lede={t('authorities.feedback-lead')} />
        </>
      }
    >
      <Section title={t('authorities.health-feedback')} id="open">
        {open.length === 0 ? <Empty title={t('authorities.feedback-none')} /> : null}
        {open.map((one) => (
          <article class="kept">
            <Said view={view} report={one} />
            <p class="source">
              {t('authorities.due-on', { day: formats.day(one.dueOn) })}{' '}
              {one.late ? <b>{t('authorities.late')}</b> : null}
            </p>
            <Form view={view} action="/authorities/feedback">
              <input type="hidden" name="feedback" value={one.id} />
              <TextArea
                view={view}
                name={`answer-${one.id}`}
                label={t('authorities.feedback-answer')}
                rows={2}
                error={errorFor(view, problems, `answer-${one.id}`)}
              />
              <Actions>
                <Button>{t('authorities.feedback-send')}</Button>
                <Button kind="link" href={`/authorities/mine/${one.recordId}/edit`}>
                  {t('authorities.edit')}
                </Button>
              </Actions>
            </Form>
          </article>
        ))}
      </Section>
      {answered.length > 0 ? (
        <Section title={t('authorities.feedback-done')} id="answered">
          {answered.map((one) => (
            <article class="kept">
              <Said view={view} report={one} />
              <p>
                <Bdi>{one.answer}</Bdi>
              </p>
              {one.answeredAt ? (
                <p class="source">
                  {t('authorities.feedback-answered', { day: formats.day(dayIn(view.node.zone, one.answeredAt)) })}
                </p>
              ) : null}
            </article>
          ))}
        </Section>
      ) : null}
    </DirectoryPage>
  );
}

function Said({ view, report }: { view: View; report: Feedback }) {
  const { t, formats } = view;
  const field = Object.entries(reportable).find(([name]) => name === report.field)?.[1];
  return (
    <>
      <h3>
        <a href={`/authorities/${report.recordId}`}>
          <Ref value={report.recordId} />
        </a>{' '}
        {field ? t(field) : null}
      </h3>
      <p class="source">
        {t('authorities.feedback-from', {
          state: view.stateName(report.fromState),
          day: formats.day(dayIn(view.node.zone, report.reportedAt)),
        })}
      </p>
      <p class="measure">
        <Bdi>{reportWords(view, report)}</Bdi>
      </p>
    </>
  );
}
