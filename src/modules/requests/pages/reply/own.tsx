import { z } from 'zod';
import { fail, ok } from '../../../../platform/values/index.ts';
import { defineForm, FormFields, readForm, type Option } from '../../../../web/index.ts';
import type { ActionKind } from '../../schema/index.ts';
import { bareForm, mayReasonForm, reasonForm } from './decide.tsx';
import { languageIn, plainForm, wordsIn, WrittenIn, type ActForm, type ActSetting } from './form.tsx';
import { itemOptions } from './refuse.tsx';

const words = defineForm(z.object({ words: z.string().max(20_000) }), {
  words: { kind: 'textarea', label: 'reply.words', hint: 'reply.seen-there', missing: 'reply.no-words', rows: 4 },
});
/** Words for the other side, and nothing else. */
const wordsForm = plainForm(words, (value, _setting, language) => ({ words: wordsIn(value.words, language) }), {
  worded: true,
  long: true,
});

const mayWords = defineForm(z.object({ words: z.string().max(20_000).optional() }), {
  words: { kind: 'textarea', label: 'reply.words', hint: 'reply.seen-there', rows: 3 },
});
const mayWordsForm = plainForm(
  mayWords,
  (value, _setting, language) => {
    const given = wordsIn(value.words, language);
    return given ? { words: given } : {};
  },
  { worded: true },
);

const withdraw = defineForm(z.object({ reason: z.string().max(5_000), measures: z.array(z.string()) }), {
  measures: { kind: 'checkboxes', label: 'reply.items', hint: 'reply.items-hint' },
  reason: { kind: 'textarea', label: 'reply.reason', hint: 'reply.seen-there', missing: 'reply.no-reason', rows: 4 },
});
const withdrawForm = plainForm(
  withdraw,
  ({ reason, measures }, _setting, language) => ({
    reason,
    words: wordsIn(reason, language),
    ...(measures.length > 0 ? { measures } : {}),
  }),
  { grave: true, worded: true, options: (setting) => ({ measures: itemOptions(setting) }) },
);

const decline = defineForm(z.object({ reason: z.string().max(5_000) }), {
  reason: { kind: 'textarea', label: 'reply.reason', hint: 'reply.seen-there', missing: 'reply.no-reason', rows: 4 },
});
/** Why conditions are not accepted: the other State reads it before it decides. */
const declineForm = plainForm(
  decline,
  ({ reason }, _setting, language) => ({ reason, words: wordsIn(reason, language) }),
  { worded: true },
);

const otherUse = defineForm(z.object({ scope: z.string().max(20_000), evidence: z.array(z.string()) }), {
  scope: {
    kind: 'textarea',
    label: 'reply.other-use',
    hint: 'reply.other-use-hint',
    missing: 'reply.no-other-use',
    rows: 4,
  },
  evidence: { kind: 'checkboxes', label: 'reply.other-use-files', hint: 'reply.other-use-files-hint' },
});
const evidenceOptions = ({ files }: ActSetting): { evidence: Option[] } => ({
  evidence: files.map((file) => ({ value: file.id, label: file.fileName })),
});
/** Asks for a use beyond the case. @source UNTOC art. 18(19) */
const otherUseForm: ActForm = {
  fields: (shown) => (
    <>
      <FormFields
        view={shown.view}
        form={otherUse}
        typed={shown.typed}
        problems={shown.problems}
        options={evidenceOptions(shown)}
        only={shown.files.length > 0 ? ['scope', 'evidence'] : ['scope']}
      />
      <WrittenIn {...shown} />
    </>
  ),
  read(setting, posted) {
    const choices = { evidence: setting.files.map((file) => file.id) };
    const read = readForm(setting.view, otherUse, posted, { choices });
    if (!read.ok) return fail(read.error);
    const { scope, evidence } = read.value;
    return ok({ use: { scope: wordsIn(scope, languageIn(posted)), evidence } });
  },
};

const share = defineForm(z.object({ initials: z.boolean(), note: z.string().max(5_000).optional() }), {
  initials: { kind: 'tick', label: 'reply.share-initials', hint: 'reply.share-initials-hint' },
  note: { kind: 'textarea', label: 'reply.share-note', hint: 'reply.seen-there', rows: 3 },
});
/** Shows the draft to the other State: no request, no signature, thirty days. */
const shareForm = plainForm(
  share,
  ({ initials, note }, _setting, language) => {
    const given = wordsIn(note, language);
    return { initials, ...(given ? { note: given } : {}) };
  },
  { worded: true, start: () => ({ initials: ['yes'] }) },
);

/** The forms of acts at the requesting State once the other one knows of the request, or is to see a draft of it. */
export const ownForms: Partial<Record<ActionKind, ActForm>> = {
  'share-draft': shareForm,
  'take-back': bareForm,
  recall: { ...reasonForm, grave: true },
  withdraw: withdrawForm,
  remind: mayWordsForm,
  'accept-conditions': bareForm,
  'decline-conditions': declineForm,
  consult: wordsForm,
  'confirm-results': bareForm,
  'query-results': wordsForm,
  'record-use': mayReasonForm,
  'return-items': mayWordsForm,
  'ask-other-use': otherUseForm,
  close: mayReasonForm,
  resubmit: reasonForm,
};

/** Of these, the ones whose message goes to the other State. */
export const ownLeaving: ReadonlySet<ActionKind> = new Set<ActionKind>([
  'share-draft',
  'withdraw',
  'remind',
  'accept-conditions',
  'decline-conditions',
  'consult',
  'confirm-results',
  'query-results',
  'return-items',
  'ask-other-use',
  'close',
]);
