import type { PlainDate, Problem, StateCode } from '../../../platform/values/index.ts';
import {
  Actions,
  Button,
  Checkboxes,
  DateInput,
  ErrorSummary,
  Heading,
  Radios,
  Section,
  Select,
  SideSection,
  StatusMark,
  TextInput,
  Verdict,
  errorFor,
  type View,
} from '../../../web/index.ts';
import {
  groupAnswers,
  measures,
  offenceCodes,
  transnationalTests,
  type BasisAnswer,
  type Instrument,
  type ShownBasis,
} from '../schema/index.ts';
import { ActCell } from './acts.tsx';
import { LawPage } from './shell.tsx';
import { Title, answerMarks, shortName, shownDate } from './words.tsx';

type Titles = ReadonlyMap<string, Pick<Instrument, 'id' | 'title'>>;

export interface BasisPageProps {
  view: View;
  answer: BasisAnswer | null;
  /** Values as typed, for the form. */
  typed: Record<string, string>;
  chosenTests: readonly string[];
  states: readonly { code: StateCode; name: string }[];
  titles: Titles;
  problems: readonly Problem[];
  /** Address that starts a request on this answer, for those who may. */
  startHref?: string;
}

function Ask({ view, typed, chosenTests, states, problems }: BasisPageProps) {
  const { t } = view;
  const collator = new Intl.Collator(view.locale);
  const stateOptions = states
    .map((state) => ({ value: state.code, label: state.name }))
    .sort((a, b) => collator.compare(a.label, b.label));
  const hasFacts = typed.offence || typed.group || typed.penalty || typed.offenceDate || chosenTests.length > 0;
  return (
    <form method="get" action="/law/basis">
      <div class="ask-line">
        <Select
          view={view}
          name="from"
          label={t('law.from')}
          value={typed.from}
          options={stateOptions}
          empty=""
          error={errorFor(view, problems, 'from')}
        />
        <Select
          view={view}
          name="to"
          label={t('law.to')}
          value={typed.to}
          options={stateOptions}
          empty=""
          error={errorFor(view, problems, 'to')}
        />
        <Select
          view={view}
          name="measure"
          label={t('law.measure')}
          value={typed.measure ?? 'mla'}
          options={measures.map((measure) => ({ value: measure, label: t(`law.measures.${measure}`) }))}
        />
        <DateInput
          view={view}
          name="on"
          label={t('law.on')}
          value={typed.on}
          width={12}
          error={errorFor(view, problems, 'on')}
        />
        <Button>{t('law.answer-button')}</Button>
      </div>
      <details open={Boolean(hasFacts)}>
        <summary>{t('law.more-facts')}</summary>
        <Select
          view={view}
          name="offence"
          label={t('law.offence')}
          value={typed.offence}
          empty={t('law.offence-any')}
          options={offenceCodes.map((code) => ({ value: code, label: t(`law.offences.${code}`) }))}
        />
        <TextInput
          view={view}
          name="penalty"
          label={t('law.penalty')}
          hint={t('law.penalty-hint')}
          value={typed.penalty}
          width={3}
          inputmode="numeric"
          error={errorFor(view, problems, 'penalty')}
        />
        <DateInput
          view={view}
          name="offenceDate"
          label={t('law.offence-date')}
          hint={t('law.offence-date-hint')}
          value={typed.offenceDate}
          width={12}
          error={errorFor(view, problems, 'offenceDate')}
        />
        <Radios
          view={view}
          name="group"
          label={t('law.group')}
          value={typed.group}
          options={groupAnswers.map((value) => ({ value, label: t(`law.groups.${value}`) }))}
        />
        <Checkboxes
          view={view}
          name="transnational"
          label={t('law.transnational')}
          values={chosenTests}
          options={transnationalTests.map((value) => ({ value, label: t(`law.tests.${value}`) }))}
        />
        <Button>{t('law.answer-button')}</Button>
      </details>
    </form>
  );
}

/** `/law/basis`: one sentence, then every basis with its conditions, acts and what is missing. */
export function BasisPage(props: BasisPageProps) {
  const { view, answer, problems } = props;
  const { t } = view;
  return (
    <LawPage
      view={view}
      title={t('law.basis-title')}
      error={problems.length > 0}
      side={answer ? <Sure view={view} answer={answer} /> : undefined}
      sideLabel={t('law.sure-title')}
    >
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      {answer ? null : <Heading title={t('law.basis-title')} lede={t('law.basis-lede')} />}
      <Ask {...props} />
      {answer ? <Answered {...props} answer={answer} /> : <p class="hint">{t('law.empty-choose')}</p>}
    </LawPage>
  );
}

function Sure({ view, answer }: { view: View; answer: BasisAnswer }) {
  const { t, formats } = view;
  const changes = answer.bases.flatMap((basis) =>
    basis.changesOn.map((change) => ({ ...change, instrument: basis.instrument })),
  );
  return (
    <>
      <SideSection title={t('law.sure-title')}>
        <p>{answer.notice}</p>
        <p class="source">
          {t('law.dataset', { version: answer.dataset.version })} ·{' '}
          <bdi class="ref" dir="ltr">
            {answer.dataset.sha256.slice(0, 12)}
          </bdi>
        </p>
      </SideSection>
      <SideSection title={t('law.changes-title')}>
        {changes.length === 0 ? (
          <p>{t('law.changes-none')}</p>
        ) : (
          <ul class="plain-list">
            {changes.slice(0, 8).map((change) => (
              <li>
                <b>{formats.day(change.date)}</b> · <bdi dir="ltr">{change.instrument}</bdi>:{' '}
                {t(`law.answer-short.${change.answer}`)}
                <span class="small muted">{change.because}</span>
              </li>
            ))}
          </ul>
        )}
      </SideSection>
      <SideSection title={t('law.residual-title')}>
        <ul class="plain-list">
          {answer.residual.map((one) => (
            <li>{one.text}</li>
          ))}
        </ul>
      </SideSection>
      <p class="hint">{t('law.print')}</p>
    </>
  );
}

const verdictTones = { yes: 'success', 'needs-consent': 'info', unknown: 'warning', no: 'seal' } as const;

function Answered({ view, answer, titles, startHref }: BasisPageProps & { answer: BasisAnswer }) {
  const { t, formats } = view;
  const { from, to, measure, on } = answer.question;
  const best = answer.bases[0];
  const names = {
    from: view.stateName(from),
    to: view.stateName(to),
    measure: t(`law.measures.${measure}`),
    date: formats.day(on),
  };
  const sentence =
    best && (answer.answer === 'yes' || answer.answer === 'needs-consent')
      ? t(`law.sentence.${answer.answer}`, {
          ...names,
          instrument: shortName(view, best.instrument, titles.get(best.instrument)?.title ?? best.instrument),
          article: best.article,
        })
      : t(`law.sentence.${answer.answer === 'no' ? 'no' : 'unknown'}`, names);
  const look = answerMarks[answer.answer];
  const reservations = answer.bases.flatMap((basis) => basis.reservations);
  const noEffect = answer.bases.flatMap((basis) => basis.noEffect);
  const hasBases = answer.bases.length > 0;
  return (
    <>
      <Verdict
        tone={verdictTones[answer.answer]}
        mark={look.mark}
        words={t(`law.answer.${answer.answer}`, { state: names.to })}
        answer={sentence}
      >
        {answer.answer === 'no' ? <p class="lede">{t('law.sentence-no-more', names)}</p> : null}
      </Verdict>
      {startHref ? (
        <Actions>
          <Button kind="main" href={startHref}>
            {t('law.start-request')}
          </Button>
        </Actions>
      ) : null}
      {answer.missing.length > 0 ? (
        <Section title={t('law.missing-title')} id="missing">
          <ul class="listed">
            {answer.missing.map((one) => (
              <li>
                <StatusMark mark="unknown" tone="warning">
                  {''}
                </StatusMark>
                <span>{one.ask}</span>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {hasBases ? <Bound view={view} answer={answer} titles={titles} /> : null}
      <Section title={t('law.bases-title')} id="bases">
        {answer.bases.map((basis) => (
          <OneBasis view={view} basis={basis} from={from} to={to} titles={titles} />
        ))}
      </Section>
      {reservations.length > 0 ? (
        <Readings view={view} title={t('law.reservations-title')} id="reservations" readings={reservations} />
      ) : null}
      {noEffect.length > 0 ? (
        <Readings view={view} title={t('law.no-effect-title')} id="no-effect" readings={noEffect} />
      ) : null}
      {answer.alternatives.length > 0 ? (
        <Section title={t('law.alternatives-title')} id="alternatives">
          <ul>
            {answer.alternatives.map((one) => (
              <li>{one}</li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Section title={t('law.explanation-title')} id="explanation">
        <p class="measure">{answer.explanation}</p>
      </Section>
    </>
  );
}

function Readings({
  view,
  title,
  id,
  readings,
}: {
  view: View;
  title: string;
  id: string;
  readings: readonly ShownBasis['reservations'][number][];
}) {
  const { t } = view;
  const seen = new Set<string>();
  const unique = readings.filter((one) => {
    const key = `${one.state} ${one.instrument} ${one.provision} ${one.position}`;
    return seen.has(key) ? false : seen.add(key);
  });
  return (
    <Section title={title} id={id}>
      <ul class="plain-list">
        {unique.map((one) => (
          <li>
            <a href={`/law/states/${one.state}`}>{view.stateName(one.state)}</a>,{' '}
            <bdi class="ref" dir="ltr">
              {one.instrument} {one.provision}
            </bdi>
            : <bdi lang="en">{one.position}</bdi>, {t(`law.effect.${one.effectOnProvision}`)}
            <span class="small muted">{t(one.confirmed ? 'law.reading-confirmed' : 'law.reading-not-confirmed')}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function OneBasis({
  view,
  basis,
  from,
  to,
  titles,
}: {
  view: View;
  basis: ShownBasis;
  from: StateCode;
  to: StateCode;
  titles: Titles;
}) {
  const { t } = view;
  const title = titles.get(basis.instrument);
  return (
    <article class="basis" id={`basis-${basis.instrument}`}>
      <h3>
        <span class="muted">{basis.rank}</span>{' '}
        <a href={`/law/${basis.instrument}`}>{title ? <Title view={view} instrument={title} /> : basis.instrument}</a>{' '}
        <span class="muted">{t('law.article-short', { article: basis.article })}</span>
      </h3>
      <p>
        <StatusMark {...answerMarks[basis.answer]}>{t(`law.answer-short.${basis.answer}`)}</StatusMark>
      </p>
      <div class="two">
        {[from, to].map((state) => (
          <div>
            <h4>{view.stateName(state)}</h4>
            {(basis.acts[state] ?? []).length === 0 ? <p class="muted">{t('law.no-act')}</p> : null}
            {(basis.acts[state] ?? []).map((act) => (
              <p>
                <ActCell view={view} act={act} />
                <br />
                {t('law.column-deposited')}: <b>{shownDate(view, act.deposited)}</b>
                <br />
                {t('law.column-effect')}: <b>{shownDate(view, act.effect)}</b>
              </p>
            ))}
          </div>
        ))}
      </div>
      <ul class="listed">
        {basis.conditions.map((condition) => (
          <li>
            <StatusMark {...answerMarks[condition.answer]}>{''}</StatusMark>
            <span>
              {condition.text}{' '}
              <span class="small muted">
                <bdi dir="ltr">{condition.code}</bdi>
                {condition.article ? <> · {t('law.article-short', { article: condition.article })}</> : null}
                {condition.ask ? <> · {condition.ask}</> : null}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {basis.boundOnOffenceDate ? (
        <p>
          {t('law.on-offence-day')}: {t(`law.answer-short.${basis.boundOnOffenceDate}`)}
        </p>
      ) : null}
      {basis.notices.length > 0 ? (
        <details>
          <summary>{t('law.notices-title')}</summary>
          <ul>
            {basis.notices.map((notice) => (
              <li>
                {notice.text} <span class="small muted">{t('law.article-short', { article: notice.article })}</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </article>
  );
}

const chartStart = 1965;
const chartWidth = 700;

/** Bars since when each State is bound; the same facts stand in the table under it. */
function Bound({ view, answer, titles }: { view: View; answer: BasisAnswer; titles: Titles }) {
  const { t, formats } = view;
  const { from, to, on } = answer.question;
  const lastYear = Number(on.slice(0, 4)) + 1;
  const place = (day: string) => {
    const year = Number(day.slice(0, 4)) + (Number(day.slice(5, 7) || '1') - 1) / 12;
    return Math.max(0, Math.round(((year - chartStart) / (lastYear - chartStart)) * chartWidth));
  };
  const shown = answer.bases.filter((basis) =>
    [from, to].some((state) => (basis.acts[state] ?? []).some((act) => typeof act.effect === 'string')),
  );
  if (shown.length === 0) return null;
  const years: number[] = [];
  for (let year = Math.ceil(chartStart / 10) * 10; year <= lastYear; year += 10) years.push(year);
  const bar = (basis: ShownBasis, state: StateCode) => {
    const act = (basis.acts[state] ?? []).find((one) => typeof one.effect === 'string');
    const start = act && typeof act.effect === 'string' ? place(act.effect) : null;
    const deposit = act && typeof act.deposited === 'string' ? place(act.deposited) : null;
    return (
      <>
        <span>{view.stateName(state)}</span>
        <svg
          viewBox={`0 0 ${chartWidth} 28`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${view.stateName(state)}: ${act ? shownDate(view, act.effect) : t('law.no-act')}`}
        >
          {years.map((year) => (
            <line class="b-grid" x1={place(String(year))} x2={place(String(year))} y1="0" y2="28" />
          ))}
          {start === null ? null : <line class="b-on" x1={start} x2={Math.max(start, chartWidth)} y1="18" y2="18" />}
          {deposit === null ? null : <circle class="b-dep" cx={deposit} cy="18" r="4" />}
          <line class="b-ask" x1={place(on)} x2={place(on)} y1="0" y2="28" />
        </svg>
      </>
    );
  };
  return (
    <Section title={t('law.bound-title')} id="bound">
      <div class="bound" dir="ltr">
        {shown.map((basis, index) => {
          const title = titles.get(basis.instrument);
          return (
            <>
              {index > 0 ? <span class="gap" /> : null}
              <span class="inst" dir={view.dir}>
                {title ? shortName(view, basis.instrument, title.title) : basis.instrument}
              </span>
              {bar(basis, from)}
              {bar(basis, to)}
            </>
          );
        })}
      </div>
      <p class="source">{t('law.bound-key', { date: formats.day(on) })}</p>
    </Section>
  );
}

/** What the form carries of a day: as typed, or as the answer used it. */
export function typedDay(view: View, day: PlainDate): string {
  return view.formats.day(day);
}
