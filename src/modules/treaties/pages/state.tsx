import type { PlainDate, Problem } from '../../../platform/values/index.ts';
import {
  BackLink,
  Button,
  DataTable,
  DateInput,
  ErrorSummary,
  Heading,
  Section,
  StatusMark,
  type View,
} from '../../../web/index.ts';
import type { Instrument, StateAnswer, StateInstrument } from '../schema/index.ts';
import { ActCell, ConflictList } from './acts.tsx';
import { ReadingLine, type DeclarationText } from './readings.tsx';
import { LawPage } from './shell.tsx';
import { packSource, Title, shortName, shownDate, statusMarks, statusWords } from './words.tsx';

interface Props {
  view: View;
  answer: StateAnswer;
  instruments: ReadonlyMap<string, Pick<Instrument, 'id' | 'title'>>;
  textOf(instrument: string): DeclarationText | undefined;
  typed: string;
  today: PlainDate;
  problems: readonly Problem[];
}

/** `/law/states/KEN`: one State on a day, treaty by treaty. */
export function StatePage({ view, answer, instruments, textOf, typed, problems }: Props) {
  const { t, formats } = view;
  const name = view.stateName(answer.state);
  const touched = answer.instruments.filter((one) => one.acts.length > 0 || one.status !== 'not-party');
  const untouched = answer.instruments.filter((one) => !touched.includes(one));
  return (
    <LawPage view={view} title={t('law.state-title', { state: name })} error={problems.length > 0}>
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <BackLink href="/law">{t('law.all-instruments')}</BackLink>
      <Heading
        title={t('law.state-title', { state: name })}
        lede={t('law.state-lede', { date: formats.day(answer.on) })}
      />
      <form method="get" action={`/law/states/${answer.state}`} class="ask-line">
        <DateInput
          view={view}
          name="on"
          label={t('law.status-on')}
          value={typed}
          width={12}
          error={problems[0] ? view.problemText(problems[0]) : undefined}
        />
        <Button>{t('law.show')}</Button>
      </form>
      {touched.map((one) => (
        <OneInstrument view={view} one={one} title={instruments.get(one.instrument)} text={textOf(one.instrument)} />
      ))}
      {untouched.length > 0 ? (
        <Section title={t('law.status.not-party')} id="none">
          <ul class="plain-list">
            {untouched.map((one) => {
              const instrument = instruments.get(one.instrument);
              return (
                <li>
                  <a href={`/law/${one.instrument}`}>
                    {instrument ? <Title view={view} instrument={instrument} /> : one.instrument}
                  </a>{' '}
                  <span class="muted">
                    {t('law.data-as-of')} {formats.day(one.asOf)}
                  </span>
                </li>
              );
            })}
          </ul>
        </Section>
      ) : null}
      <Section title={t('law.state-unknown-title')} id="unknown">
        <p class="measure">{t('law.state-unknown', { state: name })}</p>
        <DataTable
          view={view}
          caption={t('law.coverage-title')}
          dense
          columns={[
            {
              id: 'instrument',
              label: t('law.column-instrument'),
              header: true,
              cell: (one: StateInstrument) => {
                const instrument = instruments.get(one.instrument);
                return (
                  <a href={`/law/${one.instrument}`}>
                    {instrument ? shortName(view, instrument.id, instrument.title) : one.instrument}
                  </a>
                );
              },
            },
            {
              id: 'until',
              label: t('law.column-complete'),
              cell: (one) => (one.completeUntil ? formats.day(one.completeUntil) : t('law.state-reach-none')),
            },
          ]}
          rows={answer.instruments}
        />
        <p class="source">
          <a href="/law/about#missing">{t('law.about-missing-title')}</a>
        </p>
      </Section>
    </LawPage>
  );
}

function OneInstrument({
  view,
  one,
  title,
  text,
}: {
  view: View;
  one: StateInstrument;
  title: Pick<Instrument, 'id' | 'title'> | undefined;
  text: DeclarationText | undefined;
}) {
  const { t, formats } = view;
  return (
    <Section
      title={<a href={`/law/${one.instrument}`}>{title ? <Title view={view} instrument={title} /> : one.instrument}</a>}
      id={one.instrument}
      end={<StatusMark {...statusMarks[one.status]}>{statusWords(view, one.status)}</StatusMark>}
    >
      <p>
        {one.since ? t('law.since', { date: formats.day(one.since) }) : null}
        {one.presumedContinuing ? <span class="muted"> ({t('law.presumed')})</span> : null}
        {one.parentSince ? (
          <span class="muted"> · {t('law.parent-needed', { date: formats.day(one.parentSince) })}</span>
        ) : null}
      </p>
      <ul class="plain-list">
        {one.acts.map((act) => (
          <li>
            <ActCell view={view} act={act} />
            <span class="small">
              {act.kind === 'signature'
                ? shownDate(view, act.deposited)
                : `${t('law.column-deposited')}: ${shownDate(view, act.deposited)} · ${t('law.column-effect')}: ${shownDate(view, act.effect)}`}
            </span>
          </li>
        ))}
      </ul>
      {one.declarations.map((declaration) =>
        declaration.textMissing ? (
          <p class="callout">{t('law.declaration-missing')}</p>
        ) : text ? (
          <details>
            <summary>{t('law.declaration-made', { date: formats.day(declaration.asOf) })}</summary>
            <blockquote lang="en" dir="ltr">
              {text.text}
            </blockquote>
            <p class="source">{packSource(view, text)}</p>
          </details>
        ) : (
          <p class="callout">
            {t('law.declaration-made', { date: formats.day(declaration.asOf) })} {t('law.text-not-installed')}
          </p>
        ),
      )}
      {one.readings.length > 0 ? (
        <>
          <h3>{t('law.readings-title')}</h3>
          <ul class="plain-list">
            {one.readings.map((reading) => (
              <ReadingLine view={view} reading={reading} />
            ))}
          </ul>
        </>
      ) : null}
      <ConflictList view={view} conflicts={one.conflicts} />
    </Section>
  );
}
