import { z } from 'zod';
import { fail, ok, type PlainDate } from '../../../../platform/values/index.ts';
import {
  Callout,
  defineForm,
  FormFields,
  readForm,
  readRows,
  Rows,
  tidyRows,
  type Option,
  type Typed,
  type View,
} from '../../../../web/index.ts';
import type { GroundDefinition } from '../../schema/index.ts';
import { languageIn, plainForm, textOf, wordsIn, WrittenIn, type ActForm, type ActSetting } from './form.tsx';

/** What a ground says and where it stands: "Sovereignty, security, public order – UNTOC art. 18(21)(b)". */
export function groundWords(view: View, ground: Pick<GroundDefinition, 'id' | 'source'>): string {
  return view.t('reply.ground-line', {
    ground: view.t.code(`requests.ground.${ground.id.replaceAll('.', '-')}`),
    source: ground.source,
  });
}

const ground = defineForm(
  z.object({
    ground: z.string(),
    provision: z.string().max(2_000).optional(),
    reasons: z.string().max(100_000),
    measures: z.array(z.string()),
  }),
  {
    ground: { kind: 'select', label: 'reply.ground', hint: 'reply.ground-hint', missing: 'reply.no-ground' },
    provision: { kind: 'text', label: 'reply.provision', hint: 'reply.provision-hint' },
    reasons: {
      kind: 'textarea',
      label: 'reply.reasons',
      hint: 'reply.reasons-hint',
      missing: 'reply.no-reasons',
      rows: 6,
    },
    measures: { kind: 'checkboxes', label: 'reply.items', hint: 'reply.items-hint' },
  },
);
const alternativeKinds = ['other-basis', 'prosecution', 'other'] as const;
const alternative = defineForm(z.object({ kind: z.enum(alternativeKinds), text: z.string().max(20_000) }), {
  kind: {
    kind: 'select',
    label: 'reply.alternative-kind',
    missing: 'reply.no-alternative-kind',
    options: alternativeKinds.map((value) => ({ value, label: `reply.alternative-${value}` as const })),
  },
  text: { kind: 'textarea', label: 'reply.alternative', missing: 'reply.no-alternative', rows: 2 },
});
const consultation = defineForm(z.object({ consultation: z.string().optional() }), {
  consultation: { kind: 'radios', label: 'reply.consultation', hint: 'reply.consultation-hint' },
});

/** The items of the request, so that an act may concern some of them. */
export function itemOptions({ view, request }: Pick<ActSetting, 'view' | 'request'>): Option[] {
  return (request.measures ?? []).flatMap((measure, index) =>
    measure.id === undefined
      ? []
      : [
          {
            value: measure.id,
            label: view.t('reply.item-line', {
              n: index + 1,
              text: 'text' in measure ? textOf(view, measure.text as Record<string, string>) : '',
            }),
          },
        ],
  );
}

function consultationOptions({ view, consultations }: ActSetting): Option[] {
  return consultations.map((one) => ({
    value: one.id,
    label: view.t('reply.consultation-line', { with: one.with, day: view.formats.day(one.on), how: one.how }),
  }));
}

function consultationOf({ consultations }: ActSetting, id: string | undefined) {
  const found = consultations.find((one) => one.id === id);
  return found ? { id: found.id, on: found.on, with: found.with, how: found.how } : null;
}

const groundOptions = ({ view, grounds }: ActSetting): Option[] =>
  grounds.map((one) => ({ value: one.id, label: groundWords(view, one) }));

/**
 * Grounds with reasons each, the consultation, and what else may help. Bank secrecy and a fiscal matter alone stand in no
 * list, so they cannot be chosen.
 * @source UNTOC art. 18(8), 18(21)-(23), 18(26)
 */
export const refuseForm: ActForm = {
  grave: true,
  long: true,
  rows: ['grounds', 'alternatives'],
  fields: (shown) => {
    const { view, typed, problems } = shown;
    return (
      <>
        <Callout tone="warning">
          <p>{view.t('reply.not-a-ground')}</p>
        </Callout>
        <Rows
          view={view}
          form={ground}
          name="grounds"
          label={view.t('reply.grounds')}
          rowLabel={(n) => view.t('reply.ground-n', { n })}
          addLabel={view.t('reply.add-ground')}
          removeLabel={view.t('reply.remove')}
          typed={typed}
          problems={problems}
          options={{ ground: groundOptions(shown), measures: itemOptions(shown) }}
        />
        <FormFields
          view={view}
          form={consultation}
          typed={typed}
          problems={problems}
          options={{ consultation: consultationOptions(shown) }}
        />
        <Rows
          view={view}
          form={alternative}
          name="alternatives"
          label={view.t('reply.alternatives')}
          hint={view.t('reply.alternatives-hint')}
          rowLabel={(n) => view.t('reply.alternative-n', { n })}
          addLabel={view.t('reply.add-alternative')}
          removeLabel={view.t('reply.remove')}
          least={0}
          typed={typed}
          problems={problems}
        />
        <WrittenIn {...shown} />
      </>
    );
  },
  read(setting, given) {
    const { view } = setting;
    const posted = tidyRows(tidyRows(given, 'grounds'), 'alternatives');
    const choices = {
      ground: groundOptions(setting).map((one) => one.value),
      measures: itemOptions(setting).map((one) => one.value),
    };
    const grounds = readRows(view, ground, posted, 'grounds', { choices, least: 1 });
    const others = readRows(view, alternative, posted, 'alternatives');
    const held = readForm(view, consultation, posted, {
      choices: { consultation: setting.consultations.map((one) => one.id) },
    });
    if (!grounds.ok || !others.ok || !held.ok)
      return fail([grounds, held, others].flatMap((one) => (one.ok ? [] : one.error)));
    const language = languageIn(posted);
    return ok({
      reply: {
        reply: 'refused',
        grounds: grounds.value.map((one) => ({
          ground: one.ground,
          provision: one.provision ?? null,
          reasons: wordsIn(one.reasons, language),
          measures: one.measures.length === 0 ? null : one.measures,
        })),
        consultation: consultationOf(setting, held.value.consultation),
        alternatives: others.value.map(({ kind, text }) => ({ kind, text: wordsIn(text, language) })),
      },
    });
  },
};

const postpone = defineForm(
  z.object({
    proceeding: z.string().max(20_000),
    ground: z.string().max(20_000),
    provision: z.string().max(2_000),
    consultation: z.string(),
    review: z.string(),
    mayProceed: z.string().max(20_000).optional(),
  }),
  {
    proceeding: {
      kind: 'text',
      label: 'reply.proceeding',
      hint: 'reply.proceeding-hint',
      missing: 'reply.no-proceeding',
    },
    ground: { kind: 'textarea', label: 'reply.postpone-ground', missing: 'reply.no-postpone-ground', rows: 3 },
    provision: { kind: 'text', label: 'reply.provision', missing: 'reply.no-provision' },
    consultation: {
      kind: 'radios',
      label: 'reply.consultation',
      hint: 'reply.consultation-hint',
      missing: 'reply.no-consultation',
    },
    review: { kind: 'date', label: 'reply.review', hint: 'reply.review-hint', missing: 'reply.no-review' },
    mayProceed: { kind: 'textarea', label: 'reply.may-proceed', hint: 'reply.may-proceed-hint', rows: 3 },
  },
);
/** Only for a proceeding at home, with a day on which it is looked at again. @source UNTOC art. 18(25)-(26) */
export const postponeForm = plainForm(
  postpone,
  (value, setting, language) => ({
    reply: {
      reply: 'postponed',
      proceeding: wordsIn(value.proceeding, language),
      ground: wordsIn(value.ground, language),
      provision: value.provision,
      consultation: consultationOf(setting, value.consultation),
      review: value.review as PlainDate,
      mayProceed: wordsIn(value.mayProceed, language),
    },
  }),
  {
    long: true,
    worded: true,
    options: (setting) => ({ consultation: consultationOptions(setting) }),
    start: () => ({ provision: ['UNTOC art. 18(25)'] }),
  },
);

const misdirected = defineForm(
  z.object({
    note: z.string().max(20_000),
    authority: z.string().max(200).optional(),
    name: z.string().max(500).optional(),
  }),
  {
    note: { kind: 'textarea', label: 'reply.misdirected-note', missing: 'reply.no-misdirected-note', rows: 3 },
    authority: { kind: 'code', label: 'reply.right-desk', hint: 'reply.right-desk-hint', width: 20 },
    name: { kind: 'text', label: 'reply.right-desk-name' },
  },
);
/** Back with the right desk named; the node proposes the one it knows. */
export const misdirectedForm = plainForm(
  misdirected,
  ({ note, authority, name }, _setting, language) => ({
    reply: {
      reply: 'returned-unexecuted',
      reason: 'misdirected',
      note: wordsIn(note, language),
      rightDesk: authority ? { authority, name: wordsIn(name, language) } : null,
    },
  }),
  {
    worded: true,
    start({ view, proposals }): Typed {
      const drafted = proposals.find((one) => one.reply === 'returned-unexecuted');
      if (!drafted) return {};
      return {
        note: [textOf(view, drafted.note)],
        authority: [drafted.rightDesk?.authority ?? ''],
        name: [textOf(view, drafted.rightDesk?.name)],
      };
    },
  },
);

const unexecutedReasons = ['no-answer', 'impossible'] as const;
const unexecuted = defineForm(z.object({ reason: z.enum(unexecutedReasons), note: z.string().max(20_000) }), {
  reason: {
    kind: 'radios',
    label: 'reply.unexecuted-reason',
    missing: 'reply.no-unexecuted-reason',
    options: unexecutedReasons.map((value) => ({ value, label: `reply.unexecuted-${value}` as const })),
  },
  note: { kind: 'textarea', label: 'reply.unexecuted-note', missing: 'reply.no-unexecuted-note', rows: 4 },
});
export const unexecutedForm = plainForm(
  unexecuted,
  ({ reason, note }, _setting, language) => ({
    reply: { reply: 'returned-unexecuted', reason, note: wordsIn(note, language), rightDesk: null },
  }),
  { grave: true, worded: true, start: () => ({ reason: ['no-answer'] }) },
);
