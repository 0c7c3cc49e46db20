import { z } from 'zod';
import type { PostedForm } from '../../../../platform/http/routes.ts';
import { fail, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';
import {
  Bdi,
  defineForm,
  FormFields,
  readForm,
  readRows,
  Rows,
  tidyRows,
  type FieldMeta,
  type Option,
  type View,
} from '../../../../web/index.ts';
import type { EvidenceFile } from '../../../evidence/index.ts';
import { purposes } from '../../schema/index.ts';
import { conditionRow } from './ask.tsx';
import { languageIn, textOf, wordsIn, WrittenIn, type ActForm, type ActSetting, type Shown } from './form.tsx';

const outcomes = ['executed', 'partly', 'nothing-found', 'not-possible'] as const;
const forms = ['original', 'certified-copy', 'copy'] as const;

const itemShape = {
  outcome: z.string(),
  note: z.string().max(20_000).optional(),
  evidence: z.array(z.string()),
  form: z.enum(forms).optional(),
  use: z.enum(purposes).optional(),
  secretUntil: z.string().optional(),
  returnBy: z.string().optional(),
};
const outcomeField = {
  kind: 'radios',
  label: 'reply.outcome',
  missing: 'reply.no-outcome',
  options: outcomes.map((value) => ({ value, label: `reply.outcome-${value}` as const })),
} as const satisfies FieldMeta;
const itemFields = {
  note: { kind: 'textarea', label: 'reply.outcome-note', rows: 2 },
  evidence: { kind: 'checkboxes', label: 'reply.evidence', hint: 'reply.evidence-hint' },
  form: {
    kind: 'select',
    label: 'reply.evidence-form',
    options: forms.map((value) => ({ value, label: `reply.form-${value}` as const })),
  },
  use: {
    kind: 'select',
    label: 'reply.use',
    hint: 'reply.use-hint',
    options: purposes.map((value) => ({ value, label: `reply.use-${value}` as const })),
  },
  secretUntil: { kind: 'date', label: 'reply.secret-until' },
  returnBy: { kind: 'date', label: 'reply.return-by', hint: 'reply.return-by-hint' },
} as const satisfies Record<string, FieldMeta>;

const wholeRow = defineForm(z.object(itemShape), { outcome: outcomeField, ...itemFields });
const partRow = defineForm(
  z.object({ ...itemShape, openReason: z.string().max(20_000).optional(), openBy: z.string().optional() }),
  {
    outcome: {
      ...outcomeField,
      options: [
        ...outcomeField.options,
        { value: 'open', label: 'reply.outcome-open', hint: 'reply.outcome-open-hint' },
      ],
    },
    ...itemFields,
    openReason: { kind: 'textarea', label: 'reply.open-reason', hint: 'reply.open-hint', rows: 2 },
    openBy: { kind: 'date', label: 'reply.open-by', hint: 'reply.open-hint' },
  },
);

const executed = defineForm(
  z.object({
    followed: z.enum(['yes', 'no']),
    procedureNote: z.string().max(20_000).optional(),
    freezeEnds: z.string().optional(),
    costs: z.string().max(20_000).optional(),
  }),
  {
    followed: {
      kind: 'radios',
      label: 'reply.procedure-followed',
      missing: 'reply.no-procedure-followed',
      inline: true,
      options: [
        { value: 'yes', label: 'web.yes' },
        { value: 'no', label: 'web.no' },
      ],
    },
    procedureNote: { kind: 'textarea', label: 'reply.procedure-note', hint: 'reply.procedure-note-hint', rows: 2 },
    freezeEnds: { kind: 'date', label: 'reply.freeze-ends', hint: 'reply.freeze-ends-hint' },
    costs: { kind: 'text', label: 'reply.costs', hint: 'reply.costs-hint' },
  },
);

function fileOption(view: View, file: EvidenceFile): Option {
  const scan = view.t.code(`casefile.scan-${file.scan}`);
  return { value: file.id, label: <Bdi>{file.fileName}</Bdi>, hint: file.scan === 'clean' ? undefined : scan };
}

const measuresOf = ({ request }: Pick<ActSetting, 'request'>) =>
  (request.measures ?? []).flatMap((measure) =>
    measure.id === undefined
      ? []
      : [{ id: measure.id, text: 'text' in measure ? (measure.text as Record<string, string>) : undefined }],
  );

function ResultRows({ shown, part }: { shown: Shown; part: boolean }) {
  const { view, typed, problems, files } = shown;
  const measures = measuresOf(shown);
  return (
    <Rows
      view={view}
      form={part ? partRow : wholeRow}
      name="results"
      label={view.t('reply.results')}
      hint={view.t('reply.results-hint')}
      rowLabel={(n) => view.t('reply.result-n', { n })}
      least={measures.length}
      about={(row) => (
        <p>
          <Bdi>{textOf(view, measures[row]?.text)}</Bdi>
        </p>
      )}
      typed={typed}
      problems={problems}
      options={{ evidence: files.map((file) => fileOption(view, file)) }}
    />
  );
}

type Row = z.output<(typeof partRow)['schema']>;

function readItems(
  setting: ActSetting,
  posted: PostedForm,
  part: boolean,
): Result<{ results: object[]; open: object[] }, Problem[]> {
  const { view, files } = setting;
  const measures = measuresOf(setting);
  const language = languageIn(posted);
  const choices = {
    evidence: files.map((one) => one.id),
    outcome: [...outcomes, ...(part ? (['open'] as const) : [])],
  };
  const rows = readRows(view, partRow, posted, 'results', { choices, least: measures.length });
  if (!rows.ok) return rows;
  const problems: Problem[] = [];
  const [results, open]: [object[], object[]] = [[], []];
  rows.value.slice(0, measures.length).forEach((row: Row, index) => {
    const measure = measures[index]?.id;
    if (row.outcome === 'open') {
      if (!row.openReason?.trim()) problems.push(problem('reply.no-open-reason', ['results', index, 'openReason']));
      if (!row.openBy) problems.push(problem('reply.no-open-by', ['results', index, 'openBy']));
      open.push({ measure, reason: wordsIn(row.openReason, language), by: row.openBy });
      return;
    }
    const chosen = files.filter((file) => row.evidence.includes(file.id));
    if (chosen.length > 0 && !row.form) problems.push(problem('reply.no-evidence-form', ['results', index, 'form']));
    results.push({
      measure,
      outcome: row.outcome,
      note: wordsIn(row.note, language),
      evidence: chosen.map(({ id, sha256, fileName, size }) => ({
        id,
        sha256,
        fileName,
        size,
        form: row.form,
        custody: id,
      })),
      use: row.use ?? 'only-this-case',
      secretUntil: row.secretUntil ?? null,
      returnBy: row.returnBy ?? null,
    });
  });
  return problems.length > 0 ? fail(problems) : ok({ results, open });
}

const startWithUse = ({ request }: ActSetting) => {
  const limitation = request.purpose && 'useLimitation' in request.purpose ? request.purpose.useLimitation : undefined;
  return Object.fromEntries(
    (request.measures ?? []).map((_, index) => [`results.${index}.use`, [String(limitation ?? 'only-this-case')]]),
  );
};

/** What is done already, item by item, and by when the rest follows. @source UNTOC art. 18(24) */
export const partialForm: ActForm = {
  long: true,
  start: startWithUse,
  fields: (shown) => (
    <>
      <ResultRows shown={shown} part />
      <WrittenIn {...shown} />
    </>
  ),
  read(setting, posted) {
    const read = readItems(setting, posted, true);
    return read.ok ? ok({ reply: { reply: 'partly-executed', ...read.value } }) : read;
  },
};

/** Everything that was done, item by item, with files, limits of use and what goes back. @source UNTOC art. 18(17), (19) */
export const executedForm: ActForm = {
  long: true,
  rows: ['conditions'],
  start: startWithUse,
  fields: (shown) => {
    const { view, typed, problems, request } = shown;
    const frozen = request.types?.includes('T9') ?? false;
    return (
      <>
        <ResultRows shown={shown} part={false} />
        <FormFields
          view={view}
          form={executed}
          typed={typed}
          problems={problems}
          only={['followed', 'procedureNote', ...(frozen ? (['freezeEnds'] as const) : []), 'costs']}
        />
        <Rows
          view={view}
          form={conditionRow}
          name="conditions"
          label={view.t('reply.conditions-of-use')}
          hint={view.t('reply.conditions-of-use-hint')}
          rowLabel={(n) => view.t('reply.condition-n', { n })}
          addLabel={view.t('reply.add-condition')}
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
    const posted = tidyRows(given, 'conditions');
    const items = readItems(setting, posted, false);
    const rest = readForm(view, executed, posted);
    const conditions = readRows(view, conditionRow, posted, 'conditions');
    if (!items.ok || !rest.ok || !conditions.ok)
      return fail([items, rest, conditions].flatMap((one) => (one.ok ? [] : one.error)));
    const language = languageIn(posted);
    return ok({
      reply: {
        reply: 'executed',
        results: items.value.results,
        procedure: { followed: rest.value.followed === 'yes', note: wordsIn(rest.value.procedureNote, language) },
        conditions: conditions.value.map(({ kind, text }, index) => ({
          id: `c${index + 1}`,
          kind,
          text: wordsIn(text, language),
        })),
        freezeEnds: rest.value.freezeEnds ?? null,
        costs: wordsIn(rest.value.costs, language),
      },
    });
  },
};
