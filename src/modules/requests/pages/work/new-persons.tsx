import { z } from 'zod';
import type { PostedForm } from '../../../../platform/http/routes.ts';
import { fail, ok, type Problem, type Result } from '../../../../platform/values/index.ts';
import { defineForm, readRows, Rows, type Option, type Typed, type View } from '../../../../web/index.ts';
import { personRoles, type DraftRequest } from '../../schema/index.ts';
import type { NewChange } from '../../service/index.ts';
import { wordsIn } from '../reply/form.tsx';
import { scriptOf } from '../writer/read.ts';

const kinds = ['natural', 'legal'] as const;
const person = defineForm(
  z.object({
    kind: z.enum(kinds),
    name: z.string().max(500),
    latin: z.string().max(500).optional(),
    role: z.enum(personRoles),
    born: z.string().optional(),
    nationality: z.string().optional(),
    knownFrom: z.string().max(500).optional(),
    why: z.string().max(20_000),
  }),
  {
    kind: {
      kind: 'radios',
      label: 'work.person-kind',
      missing: 'work.no-person-kind',
      inline: true,
      options: kinds.map((value) => ({ value, label: `work.person-${value}` as const })),
    },
    name: { kind: 'text', label: 'work.person-name', hint: 'work.person-name-hint', missing: 'work.no-person-name' },
    latin: { kind: 'text', label: 'work.person-latin', hint: 'work.person-latin-hint' },
    role: {
      kind: 'select',
      label: 'requests.field.persons-role',
      missing: 'work.no-person-role',
      options: personRoles.map((value) => ({ value, label: `requests.option.person-role.${value}` as const })),
    },
    born: { kind: 'partial-date', label: 'work.person-born', hint: 'work.person-born-hint' },
    nationality: { kind: 'select', label: 'work.person-nationality', empty: 'work.not-provided' },
    knownFrom: { kind: 'text', label: 'work.person-known-from', hint: 'work.person-known-from-hint' },
    why: { kind: 'textarea', label: 'work.supplement-why', missing: 'work.no-supplement-why', rows: 2 },
  },
);

/** Name of the rows in the form. */
export const personRows = 'persons';

interface Props {
  view: View;
  typed: Typed;
  problems: readonly Problem[];
  states: readonly Option[];
}

/** People and bodies that a supplement adds: none, or as many as there are. */
export function NewPersons({ view, typed, problems, states }: Props) {
  return (
    <Rows
      view={view}
      form={person}
      name={personRows}
      label={view.t('work.persons')}
      hint={view.t('work.persons-hint')}
      rowLabel={(n) => view.t('work.person-n', { n })}
      addLabel={view.t('work.person-add')}
      removeLabel={view.t('reply.remove')}
      least={0}
      typed={typed}
      problems={problems}
      options={{ nationality: states }}
    />
  );
}

/** An id that no person of the request has. */
function freeId(taken: ReadonlySet<string>, from: number): string {
  for (let n = from; ; n += 1) if (!taken.has(`p${n}`)) return `p${n}`;
}

/** Reads the people added, each as a change at the end of the list. */
export function readNewPersons(
  view: View,
  request: DraftRequest,
  posted: PostedForm,
  language: string,
  states: readonly Option[],
): Result<NewChange[], Problem[]> {
  const choices = { nationality: states.map((one) => one.value) };
  const rows = readRows(view, person, posted, personRows, { choices });
  if (!rows.ok) return fail(rows.error);
  const known = request.persons ?? [];
  const taken = new Set(known.map((one) => one.id ?? ''));
  return ok(
    rows.value.map((one, index): NewChange => {
      const id = freeId(taken, known.length + 1);
      taken.add(id);
      const { kind, name, latin, role, born, nationality, knownFrom } = one;
      const original = { text: name, script: scriptOf(name), original: true };
      const names = latin
        ? [original, { text: latin, script: 'Latn', original: false, kind: 'transliteration' }]
        : [original];
      const natural =
        kind === 'natural'
          ? {
              ...(born ? { born: { on: { date: born } } } : {}),
              ...(nationality
                ? { nationalities: [{ state: nationality, source: knownFrom ?? view.t('work.not-provided') }] }
                : {}),
            }
          : {};
      return {
        path: ['persons', known.length + index],
        after: { id, kind, names, role, ...natural },
        why: wordsIn(one.why, language) ?? {},
      };
    }),
  );
}
