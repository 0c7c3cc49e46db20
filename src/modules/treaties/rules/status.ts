import { isInvented, type PlainDate, type StateCode } from '../../../platform/values/index.ts';
import type { InstrumentId, ShownAct, Status } from '../schema/index.ts';
import type { Spell, Track, TreatyFacts } from './facts.ts';

export interface StatusOn {
  status: Status;
  /** First day of the spell in which the day lies, when it is known. */
  since: PlainDate | null;
  /** Acts on which the status rests: the latest consent, or the signature. */
  acts: readonly ShownAct[];
  /** Party on the day of coverage and taken to be so still: ends of participation are not collected. */
  presumedContinuing: boolean;
  parentSince: PlainDate | null;
  /** Why a Protocol does not bind although it was deposited. */
  parentMissing: boolean;
}

/** Protocols that bind only together with their parent. @source UNTOC art. 37(2) */
const needsParent = new Set<string>(['XVIII-12-a', 'XVIII-12-b', 'XVIII-12-c']);

function ownStatus(
  track: Track | undefined,
  completeUntil: PlainDate | null,
  on: PlainDate,
): { status: Status; spell: Spell | null } {
  const within = completeUntil !== null && on <= completeUntil;
  let ended = false;
  if (track) {
    for (let index = track.spells.length - 1; index >= 0; index -= 1) {
      const spell = track.spells[index]!;
      const { deposit, effect, until } = spell;
      const started = effect.last !== null && effect.last <= on;
      const mayHaveStarted = effect.first === null ? deposit.first === null || deposit.first <= on : effect.first <= on;
      if (until && until.last !== null && until.last <= on) {
        ended = true;
        continue;
      }
      if (started) {
        const mayHaveEnded = until !== null && (until.first === null || until.first <= on);
        return { status: mayHaveEnded ? 'unknown' : 'party', spell };
      }
      if (mayHaveStarted) {
        if (within && deposit.first === null && deposit.last === null) continue;
        return { status: 'unknown', spell };
      }
      if (deposit.last !== null && deposit.last <= on) return { status: 'deposited-not-in-force', spell };
      if (deposit.first !== null ? deposit.first <= on : !within) return { status: 'unknown', spell };
    }
    const broken = track.endedWithoutStart;
    if (broken) {
      if (broken.last !== null && broken.last <= on) ended = true;
      else return { status: 'unknown', spell: null };
    }
  }
  if (ended) return { status: 'ended', spell: null };
  if (!within) return { status: 'unknown', spell: null };
  return { status: track?.signedOn && track.signedOn <= on ? 'signatory' : 'not-party', spell: null };
}

/**
 * Status of a participant under an instrument on a day (section 3 of the design). Rests only on acts deposited or
 * effective up to that day and on coverage. A Protocol binds only while its parent does (E06).
 * @source UNTOC art. 37(2)
 */
export function statusOn(facts: TreatyFacts, id: InstrumentId, state: StateCode, on: PlainDate): StatusOn {
  const track = facts.tracks.get(id)?.get(state);
  // Coverage speaks of real States: what is not known of an invented one stays unknown.
  const completeUntil = track ? track.completeUntil : isInvented(state) ? null : (facts.completeForAll.get(id) ?? null);
  const own = ownStatus(track, completeUntil, on);
  const acts = own.spell ? [own.spell.shown] : own.status === 'signatory' && track?.signed ? [track.signed] : [];
  const since =
    own.spell?.effect.first && own.spell.effect.first === own.spell.effect.last ? own.spell.effect.first : null;
  const presumedContinuing = own.status === 'party' && (completeUntil === null || on > completeUntil);
  const parent = needsParent.has(id) ? (facts.instruments.get(id)?.parent ?? null) : null;
  if (parent === null || (own.status !== 'party' && own.status !== 'deposited-not-in-force')) {
    return {
      status: own.status,
      since: own.status === 'party' ? since : null,
      acts,
      presumedContinuing,
      parentSince: null,
      parentMissing: false,
    };
  }
  const above = statusOn(facts, parent, state, on);
  const bound = above.status === 'party';
  let status: Status = own.status;
  if (own.status === 'party' && !bound)
    status = above.status === 'unknown' ? 'unknown' : above.status === 'ended' ? 'ended' : 'deposited-not-in-force';
  const both = since !== null && above.since !== null && above.since > since ? above.since : since;
  return {
    status,
    since: status === 'party' ? both : null,
    acts,
    presumedContinuing: status === 'party' && (presumedContinuing || above.presumedContinuing),
    parentSince: above.since,
    parentMissing: !bound,
  };
}

/** Days on which the status of a participant may change, its parent's included. */
export function changeDays(facts: TreatyFacts, id: InstrumentId, state: StateCode): readonly PlainDate[] {
  const own = facts.tracks.get(id)?.get(state)?.changeDays ?? [];
  const parent = needsParent.has(id) ? (facts.instruments.get(id)?.parent ?? null) : null;
  if (parent === null) return own;
  return [...new Set([...own, ...changeDays(facts, parent, state)])].sort();
}
