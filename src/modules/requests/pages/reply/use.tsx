import { z } from 'zod';
import { defineForm, type Option, type Typed } from '../../../../web/index.ts';
import { plainForm, textOf, wordsIn, type ActSetting } from './form.tsx';

/** Questions about other use, each in the words of who asked. */
function questionOptions({ view, useQuestions }: ActSetting): { question: Option[] } {
  return { question: useQuestions.map((one) => ({ value: one.act, label: textOf(view, one.scope) })) };
}

const questionField = {
  kind: 'radios',
  label: 'reply.use-question',
  hint: 'reply.use-question-hint',
  missing: 'reply.no-use-question',
} as const;
const start = ({ useQuestions }: ActSetting): Typed =>
  useQuestions.length === 1 ? { question: [useQuestions[0]?.act ?? ''] } : {};

const consent = defineForm(
  z.object({ question: z.string(), scope: z.string().max(20_000), until: z.string().optional() }),
  {
    question: questionField,
    scope: {
      kind: 'textarea',
      label: 'reply.use-scope',
      hint: 'reply.use-scope-hint',
      missing: 'reply.no-use-scope',
      rows: 3,
    },
    until: { kind: 'date', label: 'reply.use-until', hint: 'reply.use-until-hint' },
  },
);
const itemsOf = ({ useQuestions }: ActSetting, act: string) => [
  ...(useQuestions.find((one) => one.act === act)?.evidence ?? []),
];

/** Agrees to another use, with its scope and end. @source UNTOC art. 18(19) */
export const consentForm = plainForm(
  consent,
  ({ question, scope, until }, setting, language) => ({
    reply: {
      reply: 'consent-to-use',
      request: question,
      scope: wordsIn(scope, language),
      evidence: itemsOf(setting, question),
      until: until ?? null,
    },
  }),
  {
    worded: true,
    options: questionOptions,
    start: (setting) => ({ ...start(setting), scope: [textOf(setting.view, setting.useQuestions[0]?.scope)] }),
  },
);

const decline = defineForm(z.object({ question: z.string(), reasons: z.string().max(20_000) }), {
  question: questionField,
  reasons: { kind: 'textarea', label: 'reply.reasons', hint: 'reply.seen-there', missing: 'reply.no-reasons', rows: 4 },
});
export const declineUseForm = plainForm(
  decline,
  ({ question, reasons }, setting, language) => ({
    reply: {
      reply: 'use-declined',
      request: question,
      scope: setting.useQuestions.find((one) => one.act === question)?.scope,
      evidence: itemsOf(setting, question),
      reasons: wordsIn(reasons, language),
    },
  }),
  { worded: true, options: questionOptions, start },
);
