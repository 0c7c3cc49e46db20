import type { Problem, StateCode } from '../../../../platform/values/index.ts';
import {
  Actions,
  Button,
  Checkboxes,
  DateInput,
  Radios,
  Select,
  TextInput,
  errorFor,
  type View,
} from '../../../../web/index.ts';
import {
  groupAnswers,
  measures,
  offenceCodes,
  transnationalTests,
  type BasisAnswer,
  type Instrument,
} from '../../schema/index.ts';

export type Titles = ReadonlyMap<string, Pick<Instrument, 'id' | 'title'>>;

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

/** The question: two States, a form of cooperation and a day on one line, the facts of the case behind a fold. */
export function Ask({ view, answer, typed, chosenTests, states, problems }: BasisPageProps) {
  const { t } = view;
  const collator = new Intl.Collator(view.locale);
  const stateOptions = states
    .map((state) => ({ value: state.code, label: state.name }))
    .sort((a, b) => collator.compare(a.label, b.label));
  const hasFacts = typed.offence || typed.group || typed.penalty || typed.offenceDate || chosenTests.length > 0;
  const given = [
    ...offenceCodes.filter((code) => code === typed.offence).map((code) => t(`law.offences.${code}`)),
    ...(typed.penalty ? [t('law.penalty-years', { years: typed.penalty })] : []),
    ...(typed.offenceDate ? [typed.offenceDate] : []),
    ...groupAnswers.filter((value) => value === typed.group).map((value) => t(`law.group-given.${value}`)),
    ...transnationalTests.filter((value) => chosenTests.includes(value)).map((value) => t(`law.tests.${value}`)),
  ];
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
      <details open={answer === null && Boolean(hasFacts)}>
        <summary>
          {t('law.more-facts')}
          {given.length > 0 ? <span class="muted">: {view.formats.list(given)}</span> : null}
        </summary>
        <div class="facts-ask">
          <div>
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
          </div>
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
        </div>
        <Actions>
          <Button>{t('law.answer-button')}</Button>
        </Actions>
      </details>
    </form>
  );
}
