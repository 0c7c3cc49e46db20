import type { Band, Comparison, Decision, Feature, NamedSchema, Reason, Subject } from '../../schema/index.ts';
import { compareDates, type DateRule } from './dates.ts';
import { checkIdentifier, lifelong, plainIdentifier } from './identifiers.ts';
import { parseName, type NamedAs, type ParsedName } from './parse.ts';
import { scoreNames, type NameScore } from './score.ts';

/** Tables, weights and curves of this build; every stored score names it. */
export const matchModel = { version: 'm1', date: '2026-11-22' } as const;
export const alertFrom = 0.7;

// Natural logarithms of how much likelier an observation is when both are the same. Curve of the name: shipped, drawn on
// the development pairs; a node with 500 judged pairs may draw its own.
const logOdds = {
  name: { slope: 13, middle: 0.77 },
  rarest: 6,
  rarityShare: 0.6,
  date: {
    'same-day': 5,
    'same-month': 3,
    'day-and-month-exchanged': 3,
    'same-year': 2,
    'near-year': -0.7,
    differs: -4.5,
  } satisfies Record<DateRule, number>,
  country: { shared: 0.7, differs: -0.7 },
  gender: { shared: 0.3, differs: -3 },
  identifier: { checked: 9, unchecked: 6, differs: -5 },
} as const;

export function namedAs(schema: NamedSchema): NamedAs {
  if (schema === 'Person') return 'person';
  return schema === 'Vessel' || schema === 'Airplane' ? 'vessel' : 'body';
}

export interface ReadSubject {
  subject: Subject;
  names: ParsedName[];
  weak: ParsedName[];
}

/** Reads the names of a subject as those of a person, body or vessel; those that are none are left out. */
export function readSubject(subject: Subject, as = namedAs(subject.schema)): ReadSubject {
  const read = (names: readonly string[]) =>
    names.flatMap((name) => {
      const parsed = parseName(name, as);
      return parsed.ok ? [parsed.name] : [];
    });
  return { subject, names: read(subject.names), weak: read(subject.weakNames) };
}

export interface ComparedNames extends NameScore {
  left: string;
  right: string;
  weak: boolean;
}

/** The most alike pair of names; an alias of low quality counts only when no other is as alike. */
export function bestNames(left: ReadSubject, right: ReadSubject): ComparedNames | undefined {
  let best: ComparedNames | undefined;
  for (const [ones, weakLeft] of [
    [left.names, false],
    [left.weak, true],
  ] as const)
    for (const [others, weakRight] of [
      [right.names, false],
      [right.weak, true],
    ] as const)
      for (const one of ones)
        for (const other of others) {
          const found = scoreNames(one, other);
          if (!best || found.similarity > best.similarity)
            best = { ...found, left: one.text, right: other.text, weak: weakLeft || weakRight };
        }
  return best;
}

interface Evidence {
  reasons: Reason[];
  comparable: Feature[];
  odds: number;
  identified: boolean;
  contradicted: boolean;
}

function weighDates(left: Subject, right: Subject, found: Evidence): void {
  if (left.birthDates.length === 0 || right.birthDates.length === 0) return;
  let best: { rule: DateRule; one: string; other: string } | undefined;
  for (const one of left.birthDates)
    for (const other of right.birthDates) {
      const rule = compareDates(one, other);
      if (!best || logOdds.date[rule] > logOdds.date[best.rule]) best = { rule, one, other };
    }
  if (!best) return;
  found.comparable.push('birth-date');
  add(found, { feature: 'birth-date', rule: best.rule, left: best.one, right: best.other, points: logOdds.date[best.rule] }); // prettier-ignore
  if (best.rule === 'differs') found.contradicted = true;
}

function add(found: Evidence, reason: Reason): void {
  found.reasons.push(reason);
  found.odds += reason.points;
}

function weighIdentifiers(left: Subject, right: Subject, found: Evidence): void {
  const other = new Map(right.identifiers.map((one) => [`${one.kind} ${plainIdentifier(one.value)}`, one]));
  const kinds = new Set(right.identifiers.map((one) => one.kind));
  const both = left.identifiers.filter((one) => kinds.has(one.kind));
  if (both.length === 0) return;
  found.comparable.push('identifier');
  const shared = both.find((one) => other.has(`${one.kind} ${plainIdentifier(one.value)}`));
  if (shared) {
    const check = checkIdentifier(shared);
    const rule = check === 'checked' ? 'checked' : 'unchecked';
    // A number whose check digit is wrong was mistyped or made up: it says what any shared text says.
    const points = check === 'wrong' ? 1 : logOdds.identifier[rule];
    found.identified = check === 'checked';
    return add(found, { feature: 'identifier', rule, left: shared.value, right: shared.value, points });
  }
  const fixed = both.find((one) => lifelong.has(one.kind) && checkIdentifier(one) === 'checked');
  const against =
    fixed && right.identifiers.find((one) => one.kind === fixed.kind && checkIdentifier(one) === 'checked');
  if (!fixed || !against) return;
  found.contradicted = true;
  add(found, { feature: 'identifier', rule: 'differs', left: fixed.value, right: against.value, points: logOdds.identifier.differs }); // prettier-ignore
}

function weighEvidence(left: Subject, right: Subject): Evidence {
  const found: Evidence = { reasons: [], comparable: [], odds: 0, identified: false, contradicted: false };
  weighDates(left, right, found);
  if (left.countries.length > 0 && right.countries.length > 0) {
    const others = new Set(right.countries.map((code) => code.toLowerCase()));
    const shared = left.countries.some((code) => others.has(code.toLowerCase()));
    const rule = shared ? 'shared' : 'differs';
    found.comparable.push('country');
    add(found, { feature: 'country', rule, left: left.countries.join(', '), right: right.countries.join(', '), points: logOdds.country[rule] }); // prettier-ignore
  }
  if (left.gender && right.gender) {
    const rule = left.gender === right.gender ? 'shared' : 'differs';
    found.comparable.push('gender');
    if (rule === 'differs') found.contradicted = true;
    add(found, { feature: 'gender', rule, left: left.gender, right: right.gender, points: logOdds.gender[rule] });
  }
  weighIdentifiers(left, right, found);
  return found;
}

const toOdds = (probability: number) => Math.log(probability / (1 - probability));
const toProbability = (odds: number) => 1 / (1 + Math.exp(-odds));
const four = (value: number) => Math.round(value * 10_000) / 10_000;

export interface Surroundings {
  /** Probability before anything is compared. */
  prior: number;
  /** Sum of the rarity of the name's keys in the list, in natural logarithms; absent for a pair on its own. */
  rarity?: number;
  /** Similarity from which a name is looked at; 0.70 unless the list says otherwise. */
  alertFrom?: number;
}

/**
 * Decides about two subjects from their most alike names and what else both have. Undefined when one of them has no
 * name that can be read: then there is no score, not a score of nought.
 */
export function decideComparison(
  left: ReadSubject,
  right: ReadSubject,
  { prior, rarity, alertFrom: from = alertFrom }: Surroundings,
  names = bestNames(left, right),
): Comparison | undefined {
  if (!names) return undefined;
  const evidence = weighEvidence(left.subject, right.subject);
  const { slope, middle } = logOdds.name;
  let odds = toOdds(Math.min(0.9999, Math.max(1e-9, prior))) + slope * (names.similarity - middle) + evidence.odds;
  const reasons: Reason[] = names.reasons.map((reason) => ({
    feature: 'name',
    ...reason,
    points: four(reason.points),
  }));
  if (rarity !== undefined) {
    const points = Math.min(logOdds.rarest * 2, rarity * logOdds.rarityShare) * names.similarity;
    odds += points;
    reasons.push({ feature: 'rarity', rule: points > logOdds.rarest ? 'rare' : 'common', left: null, right: null, points: four(points) }); // prettier-ignore
  }
  const probability = toProbability(odds);
  const { band, decision } = place(names, probability, evidence, from);
  return {
    model: matchModel.version,
    similarity: four(names.similarity),
    probability: four(probability),
    prior,
    comparable: ['name', ...evidence.comparable],
    band,
    decision,
    explanation: [...reasons, ...evidence.reasons.map((one) => ({ ...one, points: four(one.points) }))],
  };
}

function place(
  names: ComparedNames,
  probability: number,
  evidence: Evidence,
  from: number,
): { band: Band; decision: Decision } {
  const similar = names.similarity >= from;
  if (evidence.contradicted)
    return { band: 'contradicted', decision: similar || evidence.identified ? 'review' : 'none' };
  if (evidence.identified) return { band: 'identifier', decision: 'alert' };
  const decision = similar ? 'alert' : 'none';
  if (evidence.comparable.length === 0) return { band: similar ? 'name-only' : 'weak', decision };
  if (names.weak) return { band: probability >= 0.5 ? 'possible' : 'weak', decision: similar ? 'review' : 'none' };
  const band =
    probability >= 0.95 ? 'strong' : probability >= 0.8 ? 'likely' : probability >= 0.5 ? 'possible' : 'weak';
  return { band, decision };
}

/**
 * How to read the names of two subjects: as what either of them is known to be. When neither is, a legal form or words of
 * the trade on one side tell a body; all others are read as persons.
 */
export function readAs(left: Subject, right: Subject): NamedAs {
  const known = [left, right].find(({ schema }) => schema !== 'Thing');
  if (known) return namedAs(known.schema);
  const isBody = [left, right].some(({ names }) => names.some(soundsLikeBody));
  return isBody ? 'body' : 'person';
}

/** What a pair is, as it was read. */
export function schemaOf(left: Subject, right: Subject): NamedSchema {
  const known = [left, right].find(({ schema }) => schema !== 'Thing');
  if (known) return known.schema;
  return readAs(left, right) === 'body' ? 'LegalEntity' : 'Person';
}

/** Short legal forms are names too (Sa, Se, Ad): they tell a body only with dots or among smaller letters. */
const shortForm = /(?:\p{L}\.){2,}|(?<=\p{Ll}.*)(?<!\p{L})\p{Lu}{2}(?:\/\p{Lu})?$/u;

function soundsLikeBody(name: string): boolean {
  const parsed = parseName(name, 'body');
  if (!parsed.ok) return false;
  const { legal, ways, text } = parsed.name;
  const kept = (ways[0] ?? []).reduce((sum, { word }) => sum + word.length, 0);
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (legal !== undefined && (letters - kept > 2 || shortForm.test(text))) return true;
  return (ways[0] ?? []).some(({ tag, word }) => tag === 'trade' && !tradeLikeName.has(word));
}

/** Words of the trade that persons bear as names. */
const tradeLikeName = new Set(['marine', 'bau', 'bank', 'gas', 'oil', 'fund', 'state', 'product', 'center']);

/** Compares two subjects on their own, at a stated prior. */
export function compareSubjects(left: Subject, right: Subject, prior = 0.5): Comparison | undefined {
  const as = readAs(left, right);
  return decideComparison(readSubject(left, as), readSubject(right, as), { prior });
}
