import type { PlainDate, Problem } from '../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  BackLink,
  Bdi,
  Button,
  Checkboxes,
  DataTable,
  DateInput,
  errorFor,
  ErrorSummary,
  FileInput,
  Form,
  Heading,
  Notice,
  Ref,
  Section,
  Select,
  SideSection,
  TextInput,
  type View,
} from '../../../web/index.ts';
import type { Calendar } from '../schema/index.ts';
import type { Draft } from '../store/index.ts';
import { OpenDraft } from './profile-edit.tsx';
import { DirectoryPage } from './shell.tsx';
import { textIn } from './words.tsx';

export const dayStatuses = ['fixed', 'expected', 'announced'] as const;

interface Props {
  view: View;
  calendar: Calendar;
  draft: Draft | undefined;
  /** What was typed in the form of a new day, when it failed. */
  typed: Readonly<Record<string, string>>;
  problems: readonly Problem[];
  taken?: { taken: number; known: number } | undefined;
  saved: boolean;
  today: PlainDate;
}

interface DayRow {
  on: Calendar['holidays'][number]['on'];
  names: Calendar['holidays'][number]['names'];
  more: string;
  half: boolean;
}

/** `/authorities/calendars/XA:national/edit`: weekly rest, every dated day, a day more, and days from a file. */
export function CalendarEditPage({ view, calendar, draft, typed, problems, taken, saved, today }: Props) {
  const { t, formats } = view;
  const action = `/authorities/calendars/${calendar.id}/edit`;
  const title = t('authorities.calendar-edit-title', { state: view.stateName(calendar.state) });
  const days: DayRow[] = [
    ...calendar.holidays.map((one) => ({ ...one, more: t(`authorities.status.${one.status}`), half: false })),
    ...calendar.halfDays.map((one) => ({ ...one, more: t('authorities.half-day', { until: one.until }), half: true })),
  ].sort((a, b) => (a.on < b.on ? -1 : 1));
  const [past, coming] = [days.filter((one) => one.on < today), days.filter((one) => one.on >= today)];
  return (
    <DirectoryPage
      view={view}
      title={title}
      error={problems.length > 0}
      head={
        <>
          {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
          <BackLink href="/authorities/mine">{t('authorities.mine-title')}</BackLink>
          {taken ? <Notice view={view} kind="success" title={t('authorities.ics-taken', taken)} /> : null}
          {saved ? <Notice view={view} kind="success" title={t('authorities.draft-saved')} /> : null}
          <Heading title={title} eyebrow={<Ref value={calendar.id} />} lede={t('authorities.calendar-edit-lead')} />
        </>
      }
      side={
        <>
          {draft ? <OpenDraft view={view} draft={draft} /> : null}
          <SideSection title={t('authorities.take-along')}>
            <ul class="links">
              <li>
                <a href={`/api/authorities/calendars/${calendar.state}/holidays.ics`}>
                  {t('authorities.calendar-file')}
                </a>
              </li>
            </ul>
          </SideSection>
        </>
      }
      sideLabel={t('authorities.take-along')}
    >
      <Section title={t('authorities.holiday-add')} id="add">
        <Form view={view} action={action}>
          <div class="add-day">
            <DateInput
              view={view}
              name="on"
              label={t('authorities.day')}
              value={typed['on'] ?? ''}
              error={errorFor(view, problems, 'on')}
            />
            <TextInput
              view={view}
              name="names.en"
              label={t('authorities.name-in-english')}
              value={typed['names.en'] ?? ''}
              lang="en"
              error={errorFor(view, problems, 'names')}
            />
            <TextInput
              view={view}
              name="names.ar"
              label={t('authorities.name-in-arabic')}
              value={typed['names.ar'] ?? ''}
              lang="ar"
              dir="rtl"
              optional
            />
            <Select
              view={view}
              name="status"
              label={t('authorities.holiday-status')}
              value={typed['status'] ?? 'fixed'}
              options={dayStatuses.map((status) => ({ value: status, label: t(`authorities.status.${status}`) }))}
            />
            <TextInput
              view={view}
              name="until"
              label={t('authorities.half-day-until')}
              hint={t('authorities.half-day-hint')}
              value={typed['until'] ?? ''}
              width={6}
              dir="ltr"
              optional
              error={errorFor(view, problems, 'until')}
            />
            <TextInput
              view={view}
              name="source"
              label={t('authorities.item-source')}
              value={typed['source'] ?? ''}
              error={errorFor(view, problems, 'source')}
            />
          </div>
          <Actions>
            <Button kind="main" name="act" value="add">
              {t('authorities.add')}
            </Button>
          </Actions>
        </Form>
      </Section>
      <Section
        title={t('authorities.holidays')}
        id="days"
        end={<span class="muted">{formats.number(days.length)}</span>}
      >
        <Days view={view} action={action} days={coming} caption={t('authorities.days-coming')} />
        {past.length > 0 ? (
          <details>
            <summary>{t('authorities.days-past')}</summary>
            <Days view={view} action={action} days={past} caption={t('authorities.days-past')} />
          </details>
        ) : null}
      </Section>
      <Section title={t('authorities.weekly-rest')} id="rest">
        <Form view={view} action={action}>
          <Checkboxes
            view={view}
            name="weeklyRest"
            label={t('authorities.weekly-rest')}
            inline
            values={calendar.weeklyRest.map(String)}
            options={[1, 2, 3, 4, 5, 6, 7].map((day) => ({
              value: String(day),
              label: t('authorities.weekday', { day }),
            }))}
            error={errorFor(view, problems, 'weeklyRest')}
          />
          <TextInput
            view={view}
            name="years"
            label={t('authorities.years-complete')}
            hint={t('authorities.years-complete-hint')}
            value={calendar.years.join(', ')}
            dir="ltr"
            optional
            error={errorFor(view, problems, 'years')}
          />
          <Actions>
            <Button name="act" value="rest">
              {t('authorities.save-rest')}
            </Button>
          </Actions>
        </Form>
      </Section>
      <Section title={t('authorities.ics-import')} id="file">
        <Form view={view} action={action} multipart>
          <FileInput
            view={view}
            name="file"
            label={t('authorities.ics-file')}
            accept=".ics,text/calendar"
            error={errorFor(view, problems, 'file')}
          />
          <Actions>
            <Button name="act" value="import">
              {t('authorities.ics-button')}
            </Button>
          </Actions>
        </Form>
      </Section>
    </DirectoryPage>
  );
}

function Days({
  view,
  action,
  days,
  caption,
}: {
  view: View;
  action: string;
  days: readonly DayRow[];
  caption: string;
}) {
  const { t, formats } = view;
  return (
    <DataTable
      view={view}
      caption={caption}
      captionHidden
      rows={days}
      empty={t('authorities.holidays-none')}
      columns={[
        {
          id: 'on',
          label: t('authorities.day'),
          nowrap: true,
          header: true,
          cell: (one) => formats.dayWithWeekday(one.on),
        },
        {
          id: 'name',
          label: t('authorities.holiday-name'),
          cell: (one) => (
            <>
              <Bdi>{textIn(view, one.names)}</Bdi>
              <span class="source line">{one.more}</span>
            </>
          ),
        },
        {
          id: 'remove',
          label: t('authorities.remove'),
          cell: (one) => (
            <ActButton
              view={view}
              action={action}
              values={{ act: 'remove', on: one.on, half: one.half ? 'yes' : '' }}
              kind="link"
            >
              {t('authorities.remove')}
              <span class="vh"> {formats.day(one.on)}</span>
            </ActButton>
          ),
        },
      ]}
    />
  );
}
