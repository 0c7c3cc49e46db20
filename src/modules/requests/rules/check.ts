import { problem, type PlainDate, type Problem } from '../../../platform/values/index.ts';
import {
  sourceUnder,
  taskOf,
  tasks,
  type Definitions,
  type DraftRequest,
  type FieldDefinition,
  type RequestFacts,
  type RuleDefinition,
} from '../schema/index.ts';
import { conditionNamed } from './conditions.ts';
import { fieldShapes } from './field-shapes.ts';
import { isPresent, select } from './paths.ts';
import type { Finding, NamedTest, Subject } from './test.ts';
import { fieldTests, numbersIn } from './tests-fields.ts';
import { lawTests } from './tests-law.ts';
import { textTests } from './tests-text.ts';

/** Every test a rule may name. */
export const tests: Readonly<Record<string, NamedTest>> = { ...fieldTests, ...lawTests, ...textTests };

type Run = (subject: Subject) => Problem[];

function prepareRule(rule: RuleDefinition): Run {
  const { types, instruments } = rule.appliesTo ?? {};
  const checks = rule.checks.map((check) => {
    const test = Object.entries(tests).find(([name]) => name === check.test)?.[1];
    if (!test) throw new Error(`Rule ${rule.id} names no test we have: ${check.test}`);
    const run = test.prepare(check.with);
    const when = (check.when ?? []).map(({ is, not, with: params }) => {
      const condition = conditionNamed(is);
      if (!condition) throw new Error(`Rule ${rule.id} names no condition we have: ${is}`);
      const holds = condition.prepare(params);
      return (subject: Subject) => holds(subject) !== (not ?? false);
    });
    return (subject: Subject): Problem[] => {
      if (!when.every((holds) => holds(subject))) return [];
      return run(subject).flatMap((finding: Finding) => {
        const meaning = check.outcomes[finding.outcome];
        // An outcome without meaning is one this rule does not mind.
        if (!meaning) return [];
        const source = meaning.source ?? sourceUnder(check.source ?? rule.source, subject.instrument);
        return [
          problem(meaning.code, finding.path, {
            severity: meaning.severity,
            rule: rule.id,
            source,
            params: finding.params ?? {},
          }),
        ];
      });
    };
  });
  return (subject) => {
    if (types && !types.some((type) => (subject.request.types ?? []).includes(type))) return [];
    if (instruments && !instruments.includes(subject.instrument)) return [];
    return checks.flatMap((check) => check(subject));
  };
}

/** Fields that a definition itself requires, where no rule of its own speaks. */
function missingFields(fields: readonly FieldDefinition[], prefix: string, rule: string, source: string): Run {
  const required = fields.filter((field) => field.requirement !== 'O' && field.missing !== undefined);
  return (subject) =>
    required.flatMap((field) =>
      select(subject.request, prefix + field.path)
        .filter(({ value }) => !isPresent(value, field.requirement === 'W'))
        .map(({ path }) =>
          problem(field.missing ?? '', path, {
            severity: field.requirement === 'R' ? 'block' : 'warn',
            rule,
            source: sourceUnder(source, subject.instrument),
            params: numbersIn(path),
          }),
        ),
    );
}

function withItems(fields: readonly FieldDefinition[]): FieldDefinition[] {
  return fields.flatMap((field) => [
    field,
    ...withItems(field.item ?? []).map((inner) => ({
      ...inner,
      path: `${field.path}/*${field.only ? `<${field.only}>` : ''}/${inner.path}`,
    })),
  ]);
}

/** A rule with its id and what it found; what a request or a test may want to run alone. */
export interface PreparedRule {
  id: string;
  run: Run;
}

/** Reads the definitions once. Throws when one names a test, condition or parameter that does not exist. */
export function prepareRules(definitions: Definitions): PreparedRule[] {
  const core = definitions.core.map((one) => ({
    id: one.id,
    run: missingFields(withItems(one.fields), '', one.id, one.source),
  }));
  const types = definitions.types.map((one) => ({
    id: one.id,
    run: missingFields(withItems(one.fields), `measures/*<${one.id}>/fields/`, one.id, one.source),
  }));
  const rules = definitions.rules
    .filter((rule) => rule.side === 'requesting')
    .map((rule) => ({ id: rule.id, run: prepareRule(rule) }));
  const shapes = { id: 'F02', run: (subject: Subject) => fieldShapes(definitions, subject.request) };
  return [...core, ...types, ...rules, shapes];
}

const prepared = new WeakMap<Definitions, PreparedRule[]>();

/**
 * Everything that stands against a request, or is worth saying about it, in the order of the tasks' fields. All
 * problems come at once; the profile of the requested State switches rules on.
 * @param on calendar day at the requesting State
 * @source UNTOC art. 18(13)-(15)
 */
export function checkRequest(
  definitions: Definitions,
  draft: DraftRequest,
  facts: RequestFacts,
  on: PlainDate,
): Problem[] {
  let rules = prepared.get(definitions);
  if (!rules) prepared.set(definitions, (rules = prepareRules(definitions)));
  const subject: Subject = { request: draft, facts, on, instrument: draft.basis?.primary?.instrument ?? '' };
  const found = rules.flatMap((rule) => rule.run(subject));
  const seen = new Set<string>();
  const once = found.filter((one) => {
    const key = `${one.code} ${one.path.join('/')} ${JSON.stringify(one.params ?? {})}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  // By task, so that a form's list runs as its pages do; inside a task the order of the rules stays.
  const place = (one: Problem) => tasks.indexOf(taskOf(one.path));
  return once.sort((a, b) => place(a) - place(b));
}

/** Warnings that nobody gave a reason for. An approver sees the others with their reasons. */
export function warningsWithoutReason(draft: DraftRequest, problems: readonly Problem[]): Problem[] {
  const given = new Set(
    (draft.internal?.warningReasons ?? [])
      .filter((one) => isPresent(one.reason))
      .map((one) => `${one.code ?? ''} ${one.at ?? ''}`),
  );
  return problems.filter((one) => one.severity === 'warn' && !given.has(`${one.code} ${one.path.join('/')}`));
}
