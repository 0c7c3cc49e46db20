import { isUnknown, problem, unknown } from '../../../platform/values/index.ts';
import type { Choice, Question, Why } from '../schema/choice.ts';
import { authorityRoles } from '../schema/entry.ts';
import { alertOf, detailsOf, warningsOf } from './answer.ts';
import {
  candidateOf,
  compareIds,
  compareRanks,
  holdsOn,
  origins,
  territoryRank,
  toDesk,
  withoutReplaced,
  type Candidate,
  type ChooserFacts,
} from './candidates.ts';

/**
 * Finds the one right desk of a State for a purpose on a day.
 * Two that are equal in every step are both given, and an official chooses.
 * @source UNTOC art. 18(13); UNCAC art. 46(13); 1988 Convention art. 7(8)
 */
export function choose(question: Question, facts: ChooserFacts): Choice {
  const found = facts.entries.flatMap((version) => candidateOf(version, question) ?? []);
  const { kept, replaced } = withoutReplaced(found);
  const desks = kept.filter(
    ({ version }) => version.entry.role !== 'point-24-7' || question.function === 'e-evidence-24-7',
  );
  const sorted = (desks.length > 0 ? desks : kept).toSorted((a, b) => compareRanks(a.rank, b.rank) || compareIds(a, b));
  const best = sorted[0];
  if (!best) return noDesk(question, facts);
  const equal = sorted.filter((candidate) => compareRanks(candidate.rank, best.rank) === 0);
  const one = equal.length === 1 ? best : undefined;
  const rest = sorted.slice(equal.length).concat(replaced);
  const answer = detailsOf(question, facts, best.version.entry);
  const warnings = warningsOf(question, facts, best, equal, replaced);
  return {
    kind: 'authorities.choice',
    version: 1,
    question,
    desk: one ? toDesk(one, question) : null,
    equals: one ? [] : equal.map((candidate) => toDesk(candidate, question)),
    alert: question.urgent ? alertOf(question, facts, best) : null,
    fallback: rest.slice(0, 5).map((candidate) => toDesk(candidate, question)),
    nearest: [],
    ...answer,
    why: whyOf(question, best, equal.length, replaced.length),
    warnings,
  };
}

function whyOf(question: Question, best: Candidate, equals: number, replaced: number): Why[] {
  const { entry } = best.version;
  const [purpose = 0, instrument = 0, territory = 0] = best.rank;
  const say = (code: string, params: Why['params'] = {}): Why => ({ code: `authorities.why.${code}`, params });
  const asked = question.instrument ?? '';
  return [
    say('valid', { on: question.on }),
    purpose === 0
      ? say('function-exact', { function: question.function })
      : say('function-parent', { function: question.function, held: best.designation.function }),
    question.instrument === null
      ? say('instrument-none')
      : [
          say('instrument-exact', { instrument: asked }),
          say('instrument-parent', { instrument: asked, held: best.designation.instrument ?? '' }),
          say('instrument-any', { instrument: asked }),
        ][instrument]!,
    ...(best.designation.conditions?.stages && question.stage ? [say('stage', { stage: question.stage })] : []),
    territory === 0 && entry.territory !== null
      ? say('territory-exact', { territory: entry.territory })
      : say('territory-whole'),
    say('role', { role: entry.role }),
    say('origin', { origin: entry.origin }),
    ...(replaced > 0 ? [say('replaced', { count: replaced })] : []),
    ...(equals > 1 ? [say('equal', { count: equals })] : []),
    ...(isUnknown(entry.nodeId) ? [] : [say('node')]),
  ];
}

/** Nobody listed: the closest others, and the diplomatic channel as the last resort. */
function noDesk(question: Question, facts: ChooserFacts): Choice {
  const near = facts.entries
    .flatMap((version) => {
      const designation = version.entry.designations.find((one) => holdsOn(one, question.on));
      const territory = territoryRank(version.entry.territory, question.territory);
      if (!designation || territory === undefined || version.entry.role === 'point-24-7') return [];
      const isMla = version.entry.designations.some((one) => one.function === 'mla' && holdsOn(one, question.on));
      const general =
        version.entry.designations.find((one) => one.function === 'mla' && holdsOn(one, question.on)) ?? designation;
      return [
        {
          version,
          designation: general,
          rank: [
            isMla ? 0 : 1,
            authorityRoles.indexOf(version.entry.role),
            origins.indexOf(version.entry.origin),
            territory,
          ],
        },
      ];
    })
    .toSorted((a, b) => compareRanks(a.rank, b.rank) || compareIds(a, b));
  const first = facts.firstKnownDay;
  const tooEarly = first !== undefined && question.on < first;
  const code = tooEarly ? 'authorities.not-known-before' : 'authorities.no-desk';
  const params = { state: question.state, function: question.function, ...(tooEarly ? { day: first } : {}) };
  return {
    kind: 'authorities.choice',
    version: 1,
    question,
    desk: null,
    equals: [],
    alert: null,
    fallback: [],
    nearest: near.slice(0, 3).map((candidate) => toDesk(candidate, question)),
    language: { use: null, accepted: unknown('not-known'), translation: unknown('not-known') },
    channel: 'diplomatic',
    formalities: {
      electronicSignature: unknown('not-known'),
      originalsWithinDays: unknown('not-known'),
      copies: unknown('not-known'),
      authentication: unknown('not-known'),
    },
    openNow: null,
    opensAt: null,
    localTime: null,
    timeZone: null,
    trust: null,
    why: [{ code: 'authorities.why.none', params: { function: question.function } }],
    warnings: [problem(code, ['desk'], { severity: 'warn', params })],
  };
}
