import { z } from 'zod';
import { ok } from '../../../../platform/values/index.ts';
import { Checkboxes, defineForm, FormFields, readForm, type Typed } from '../../../../web/index.ts';
import { plainForm, textOf, wordsIn, type ActForm, type ActSetting } from './form.tsx';

/** An act without anything to fill in: its page says what follows from it. */
export const bareForm: ActForm = { read: () => ok({}) };

const note = defineForm(z.object({ note: z.string().max(5_000).optional() }), {
  note: { kind: 'textarea', label: 'reply.note', hint: 'reply.note-hint', rows: 3 },
});
/** An act with a note that stays here. */
export const noteForm = plainForm(note, (value) => value);

const reason = defineForm(z.object({ reason: z.string().max(5_000) }), {
  reason: { kind: 'textarea', label: 'reply.reason', hint: 'reply.reason-hint', missing: 'reply.no-reason', rows: 4 },
});
export const reasonForm = plainForm(reason, (value) => value);

const mayReason = defineForm(z.object({ reason: z.string().max(5_000).optional() }), {
  reason: { kind: 'textarea', label: 'reply.reason', hint: 'reply.reason-hint', rows: 3 },
});
export const mayReasonForm = plainForm(mayReason, (value) => value);

const findings = ['can-be-executed', 'needs-information', 'needs-conditions', 'doubtful'] as const;
const assess = defineForm(z.object({ finding: z.enum(findings), note: z.string().max(20_000).optional() }), {
  finding: {
    kind: 'radios',
    label: 'reply.finding',
    missing: 'reply.no-finding',
    options: findings.map((value) => ({ value, label: `reply.finding-${value}` as const })),
  },
  note: { kind: 'textarea', label: 'reply.note', hint: 'reply.note-hint', rows: 5 },
});
export const assessForm = plainForm(assess, (value) => value, { long: true });

const acknowledge = defineForm(
  z.object({
    desk: z.string().max(500),
    post: z.string().max(500),
    name: z.string().max(200).optional(),
    line: z.string().max(40).optional(),
    email: z.string().max(200).optional(),
    expected: z.string().optional(),
  }),
  {
    desk: { kind: 'text', label: 'reply.desk', missing: 'reply.no-desk' },
    post: { kind: 'text', label: 'reply.officer-post', missing: 'reply.no-post' },
    name: { kind: 'text', label: 'reply.officer-name', hint: 'reply.officer-name-hint' },
    line: { kind: 'code', label: 'reply.officer-line', width: 20 },
    email: { kind: 'email', label: 'reply.officer-email' },
    expected: { kind: 'date', label: 'reply.expected', hint: 'reply.expected-hint' },
  },
);
/** Desk, officer and time, as the requesting State will read them; drafted by the node at registration. */
export const acknowledgeForm = plainForm(
  acknowledge,
  ({ desk, post, name, line, email, expected }, _setting, language) => ({
    reply: {
      reply: 'acknowledgement',
      desk: wordsIn(desk, language),
      officer: { post: wordsIn(post, language), name: name ?? null, line: line ?? null, email: email ?? null },
      language,
      expected: expected ?? null,
    },
  }),
  { worded: true, start: proposedAcknowledgement },
);

function proposedAcknowledgement({ view, proposals }: ActSetting): Typed {
  const drafted = proposals.find((one) => one.reply === 'acknowledgement');
  if (!drafted) return {};
  const { desk, officer, expected, language } = drafted;
  const texts: Record<string, string> = {
    // The node drafts with the id of the own authority; people read its name.
    desk: textOf(view, desk).startsWith(`${view.node.state}:`) ? view.node.authorityName : textOf(view, desk),
    post: textOf(view, officer.post),
    name: officer.name ?? '',
    line: officer.line ?? '',
    email: officer.email ?? '',
    expected: expected ?? '',
    language: desk[view.locale] === undefined ? language : view.locale,
  };
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, [value]]));
}

const forward = defineForm(z.object({ to: z.string().max(500), note: z.string().max(5_000).optional() }), {
  to: { kind: 'text', label: 'reply.forward-to', hint: 'reply.forward-to-hint', missing: 'reply.no-forward-to' },
  note: { kind: 'textarea', label: 'reply.note', hint: 'reply.note-hint', rows: 3 },
});
/** To a court or office of the own State; the people chosen may then know of the matter. */
export const forwardForm: ActForm = {
  fields: (shown) => (
    <>
      <FormFields view={shown.view} form={forward} typed={shown.typed} problems={shown.problems} only={['to']} />
      {shown.people.length === 0 ? null : (
        <Checkboxes
          view={shown.view}
          name="persons"
          label={shown.view.t('reply.forward-people')}
          hint={shown.view.t('reply.forward-people-hint')}
          values={shown.typed.persons}
          options={shown.people.map((one) => ({ value: one.id, label: one.name }))}
        />
      )}
      <FormFields view={shown.view} form={forward} typed={shown.typed} problems={shown.problems} only={['note']} />
    </>
  ),
  read({ view, people }, posted) {
    const read = readForm(view, forward, posted);
    if (!read.ok) return read;
    const known = new Set(people.map((one) => one.id));
    return ok({ ...read.value, persons: (posted.values.persons ?? []).filter((id) => known.has(id)) });
  },
};

const consulted = defineForm(
  z.object({
    with: z.string().max(500),
    on: z.string(),
    how: z.string().max(500),
    summary: z.string().max(20_000).optional(),
  }),
  {
    with: { kind: 'text', label: 'reply.consulted-with', missing: 'reply.no-consulted-with' },
    on: { kind: 'date', label: 'reply.consulted-on', missing: 'reply.no-consulted-on' },
    how: {
      kind: 'text',
      label: 'reply.consulted-how',
      hint: 'reply.consulted-how-hint',
      missing: 'reply.no-consulted-how',
    },
    summary: { kind: 'textarea', label: 'reply.consulted-summary', hint: 'reply.note-hint', rows: 6 },
  },
);
export const consultationForm = plainForm(consulted, (value) => value, { long: true });

const remind = defineForm(z.object({ note: z.string().max(5_000) }), {
  note: { kind: 'textarea', label: 'reply.reminder', hint: 'reply.seen-there', missing: 'reply.no-reminder', rows: 4 },
});
export const remindForm = plainForm(
  remind,
  ({ note: words }, _setting, language) => ({ note: wordsIn(words, language) }),
  {
    worded: true,
  },
);
