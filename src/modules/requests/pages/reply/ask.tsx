import { z } from 'zod';
import { fail, ok } from '../../../../platform/values/index.ts';
import { defineForm, FormFields, readForm, readRows, Rows, tidyRows } from '../../../../web/index.ts';
import { languageIn, plainForm, wordsIn, WrittenIn, type ActForm, type ActSetting } from './form.tsx';

const question = defineForm(
  z.object({ path: z.string().optional(), text: z.string().max(20_000), why: z.string().max(20_000), by: z.string() }),
  {
    path: {
      kind: 'select',
      label: 'reply.question-about',
      hint: 'reply.question-about-hint',
      empty: 'reply.whole-request',
    },
    text: { kind: 'textarea', label: 'reply.question', missing: 'reply.no-question', rows: 3 },
    why: {
      kind: 'textarea',
      label: 'reply.question-why',
      hint: 'reply.question-why-hint',
      missing: 'reply.no-why',
      rows: 2,
    },
    by: { kind: 'date', label: 'reply.question-by', missing: 'reply.no-by' },
  },
);
const meanwhile = defineForm(z.object({ meanwhile: z.string().max(20_000).optional() }), {
  meanwhile: { kind: 'textarea', label: 'reply.meanwhile', hint: 'reply.meanwhile-hint', rows: 3 },
});

/** A path as forms carry it: steps joined by slashes. */
export function pathOf(text: string | undefined): (string | number)[] {
  return text === undefined || text === ''
    ? []
    : text.split('/').map((step) => (/^\d{1,9}$/.test(step) ? Number(step) : step));
}

const placesOf = ({ places }: ActSetting) => places.map((one) => one.value);

/** Questions, each to a paragraph, with why and by when. @source UNTOC art. 18(16) */
export const askForm: ActForm = {
  long: true,
  rows: ['questions'],
  fields: (shown) => (
    <>
      <Rows
        view={shown.view}
        form={question}
        name="questions"
        label={shown.view.t('reply.questions')}
        hint={shown.view.t('reply.questions-hint', { state: shown.state })}
        rowLabel={(n) => shown.view.t('reply.question-n', { n })}
        addLabel={shown.view.t('reply.add-question')}
        removeLabel={shown.view.t('reply.remove')}
        typed={shown.typed}
        problems={shown.problems}
        options={Object.fromEntries([['path', shown.places]])}
      />
      <FormFields view={shown.view} form={meanwhile} typed={shown.typed} problems={shown.problems} />
      <WrittenIn {...shown} />
    </>
  ),
  read(setting, given) {
    const posted = tidyRows(given, 'questions');
    const { view, newId } = setting;
    const rows = readRows(view, question, posted, 'questions', { choices: { path: placesOf(setting) }, least: 1 });
    const more = readForm(view, meanwhile, posted);
    if (!rows.ok || !more.ok) return fail([...(rows.ok ? [] : rows.error), ...(more.ok ? [] : more.error)]);
    const language = languageIn(posted);
    return ok({
      reply: {
        reply: 'more-information',
        questions: rows.value.map(({ path, text, why, by }) => ({
          id: newId(),
          path: pathOf(path),
          text: wordsIn(text, language),
          why: wordsIn(why, language),
          by,
        })),
        meanwhile: wordsIn(more.value.meanwhile, language),
      },
    });
  },
};

const secrecy = defineForm(
  z.object({
    mustDisclose: z.string().max(20_000),
    toWhom: z.string().max(20_000),
    question: z.string().max(20_000),
    by: z.string(),
  }),
  {
    mustDisclose: { kind: 'textarea', label: 'reply.must-disclose', missing: 'reply.no-must-disclose', rows: 3 },
    toWhom: { kind: 'text', label: 'reply.to-whom', missing: 'reply.no-to-whom' },
    question: { kind: 'textarea', label: 'reply.secrecy-question', missing: 'reply.no-question', rows: 2 },
    by: { kind: 'date', label: 'reply.question-by', missing: 'reply.no-by' },
  },
);
/** Secrecy cannot be kept: says so at once and asks whether to execute anyway. @source UNTOC art. 18(20) */
export const secrecyForm = plainForm(
  secrecy,
  ({ mustDisclose, toWhom, question: text, by }, { newId }, language) => ({
    reply: {
      reply: 'secrecy-not-possible',
      question: {
        id: newId(),
        path: ['confidentiality'],
        text: wordsIn(text, language),
        why: wordsIn(mustDisclose, language),
        by,
      },
      mustDisclose: wordsIn(mustDisclose, language),
      toWhom: wordsIn(toWhom, language),
    },
  }),
  {
    worded: true,
    start: ({ view }) => ({ question: [view.t('reply.secrecy-question-start')] }),
  },
);

export const conditionKinds = ['use', 'secrecy', 'assurance', 'procedure', 'cost'] as const;
export const conditionRow = defineForm(z.object({ kind: z.enum(conditionKinds), text: z.string().max(20_000) }), {
  kind: {
    kind: 'select',
    label: 'reply.condition-kind',
    missing: 'reply.no-condition-kind',
    options: conditionKinds.map((value) => ({ value, label: `reply.condition-${value}` as const })),
  },
  text: { kind: 'textarea', label: 'reply.condition', missing: 'reply.no-condition', rows: 3 },
});
const declined = defineForm(z.object({ ifDeclined: z.string().max(20_000) }), {
  ifDeclined: {
    kind: 'textarea',
    label: 'reply.if-declined',
    hint: 'reply.if-declined-hint',
    missing: 'reply.no-if-declined',
    rows: 2,
  },
});

/** Conditions on which help would be given. @source UNTOC art. 18(19), (26) */
export const conditionsForm: ActForm = {
  long: true,
  rows: ['conditions'],
  fields: (shown) => (
    <>
      <Rows
        view={shown.view}
        form={conditionRow}
        name="conditions"
        label={shown.view.t('reply.conditions')}
        rowLabel={(n) => shown.view.t('reply.condition-n', { n })}
        addLabel={shown.view.t('reply.add-condition')}
        removeLabel={shown.view.t('reply.remove')}
        typed={shown.typed}
        problems={shown.problems}
      />
      <FormFields view={shown.view} form={declined} typed={shown.typed} problems={shown.problems} />
      <WrittenIn {...shown} />
    </>
  ),
  read({ view }, given) {
    const posted = tidyRows(given, 'conditions');
    const rows = readRows(view, conditionRow, posted, 'conditions', { least: 1 });
    const more = readForm(view, declined, posted);
    if (!rows.ok || !more.ok) return fail([...(rows.ok ? [] : rows.error), ...(more.ok ? [] : more.error)]);
    const language = languageIn(posted);
    return ok({
      reply: {
        reply: 'conditions',
        conditions: rows.value.map(({ kind, text }, index) => ({
          id: `c${index + 1}`,
          kind,
          text: wordsIn(text, language),
        })),
        ifDeclined: wordsIn(more.value.ifDeclined, language),
      },
    });
  },
};
