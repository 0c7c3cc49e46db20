import type { Act, BundleDiff } from '../schema/index.ts';
import { exactDay } from './effect.ts';
import type { TreatyFacts } from './facts.ts';

function keyOf(act: Act): string {
  return [act.instrument, act.participant, act.kind, act.source].join(' ');
}

function words(acts: readonly Act[]): string {
  return acts.map((act) => exactDay(act.depositedOn) ?? exactDay(act.effectOn) ?? '?').join(', ');
}

function grouped(facts: TreatyFacts): Map<string, Act[]> {
  const groups = new Map<string, Act[]>();
  for (const act of facts.acts.values()) groups.set(keyOf(act), [...(groups.get(keyOf(act)) ?? []), act]);
  return groups;
}

/** What changes, act by act, when one set of data takes the place of another. */
export function compareActs(before: TreatyFacts, after: TreatyFacts): BundleDiff {
  const [old, young] = [grouped(before), grouped(after)];
  const diff: BundleDiff = { same: 0, vanishedOf: before.acts.size, lines: [] };
  for (const key of [...new Set([...old.keys(), ...young.keys()])].sort()) {
    const [was, is] = [old.get(key) ?? [], young.get(key) ?? []];
    const { instrument, participant: state, kind } = (is[0] ?? was[0])!;
    const ids = new Set(was.map((act) => act.id));
    if (was.length === is.length && is.every((act) => ids.has(act.id))) {
      diff.same += is.length;
      continue;
    }
    diff.lines.push({
      what: was.length === 0 ? 'added' : is.length === 0 ? 'vanished' : 'changed',
      instrument,
      state,
      kind,
      before: was.length === 0 ? null : words(was),
      after: is.length === 0 ? null : words(is),
    });
  }
  return diff;
}
