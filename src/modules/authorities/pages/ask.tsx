import type { Problem } from '../../../platform/values/index.ts';
import { Button, DateInput, errorFor, Form, Select, Tick, type View } from '../../../web/index.ts';
import { FunctionCode, instrumentCodes, stages } from '../schema/index.ts';
import type { StateCount } from '../service/index.ts';
import { instrumentWords, purposeWords, sentence } from './words.tsx';

/** A question as the reader typed it. */
export interface Typed {
  state: string;
  purpose: string;
  instrument: string;
  territory: string;
  stage: string;
  on: string;
  urgent: boolean;
}

interface Props {
  view: View;
  typed: Typed;
  states: readonly StateCount[];
  /** Units with an authority of their own in the State asked. */
  units: readonly string[];
  problems: readonly Problem[];
}

/** The question in one line; what narrows it is folded away until it is used. */
export function AskLine({ view, typed, states, units, problems }: Props) {
  const { t } = view;
  const collator = new Intl.Collator(view.locale);
  const byName = states
    .map((one) => ({ value: one.state as string, label: view.stateName(one.state) }))
    .sort((a, b) => collator.compare(a.label, b.label));
  const purposes = FunctionCode.options
    .map((code) => ({ value: code, label: sentence(view, purposeWords(view, code)) }))
    .sort((a, b) => collator.compare(a.label, b.label));
  const known: readonly string[] = instrumentCodes;
  const instruments =
    typed.instrument && !known.includes(typed.instrument) ? [...known, typed.instrument] : instrumentCodes;
  const narrowed = typed.instrument !== '' || typed.stage !== '' || typed.territory !== '' || typed.urgent;
  return (
    <Form view={view} method="get" action="/authorities/choose" label={t('authorities.find-title')} class="ask-desk">
      <div class="ask-line">
        <Select
          view={view}
          name="state"
          label={t('authorities.find-state')}
          value={typed.state}
          options={byName}
          empty={t('authorities.choose-state')}
          error={errorFor(view, problems, 'state')}
        />
        <Select
          view={view}
          name="purpose"
          label={t('authorities.find-purpose')}
          value={typed.purpose}
          options={purposes}
          empty={t('authorities.choose-purpose')}
          error={errorFor(view, problems, 'purpose')}
        />
        <DateInput
          view={view}
          name="on"
          label={t('authorities.find-on')}
          value={typed.on}
          width={12}
          error={errorFor(view, problems, 'on')}
        />
        <Button kind="main">{t('authorities.find-button')}</Button>
      </div>
      <details open={narrowed}>
        <summary>{t('authorities.find-more')}</summary>
        <div class="ask-more">
          <Tick view={view} name="urgent" label={t('authorities.find-urgent')} checked={typed.urgent} value="yes" />
          <Select
            view={view}
            name="instrument"
            label={t('authorities.find-instrument')}
            value={typed.instrument}
            options={instruments.map((code) => ({ value: code, label: instrumentWords(view, code) }))}
            empty={t('authorities.any-instrument')}
            error={errorFor(view, problems, 'instrument')}
          />
          <Select
            view={view}
            name="stage"
            label={t('authorities.find-stage')}
            value={typed.stage}
            options={stages.map((stage) => ({ value: stage, label: t(`authorities.stage.${stage}`) }))}
            empty={t('authorities.stage.any')}
          />
          {units.length > 0 || typed.territory !== '' ? (
            <Select
              view={view}
              name="territory"
              label={t('authorities.find-territory')}
              value={typed.territory}
              options={[...new Set([...units, ...(typed.territory ? [typed.territory] : [])])].map((unit) => ({
                value: unit,
                label: unit,
              }))}
              empty={t('authorities.whole-state')}
            />
          ) : null}
        </div>
      </details>
    </Form>
  );
}
