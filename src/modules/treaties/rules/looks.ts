import { lastDay } from './build.ts';
import type { PlainDate, StateCode } from '../../../platform/values/index.ts';
import type {
  DatasetStamp,
  HistoryAnswer,
  InstrumentId,
  InstrumentsAnswer,
  ShownReading,
  StateAnswer,
  StateInstrument,
  ActAnswer,
} from '../schema/index.ts';
import type { Reading, TreatyFacts } from './facts.ts';
import { countParties, countSignatories } from './parties.ts';
import { nameOn } from './states.ts';
import { changeDays, statusOn } from './status.ts';

/** Names the data that an answer was made from. */
export function stampOf(facts: TreatyFacts, ids: Iterable<InstrumentId> = facts.instruments.keys()): DatasetStamp {
  const asOf: DatasetStamp['asOf'] = {};
  for (const id of ids) asOf[id] = facts.instruments.get(id)!.asOf;
  return { version: facts.version, sha256: facts.sha256, asOf };
}

export function shownReading(reading: Reading, affects: boolean): ShownReading {
  return {
    id: reading.id,
    state: reading.state,
    instrument: reading.instrument,
    provision: reading.provision,
    position: reading.position,
    effectOnProvision: reading.effect,
    source: reading.source,
    asOf: reading.asOf,
    confirmed: reading.confirmed,
    affects,
  };
}

/** Every instrument with what the data hold of it on a day, and the totals published since. */
export function listInstruments(facts: TreatyFacts, on: PlainDate): InstrumentsAnswer {
  return {
    kind: 'treaties.instruments',
    version: 1,
    on,
    instruments: [...facts.instruments.values()].map((instrument) => ({
      ...instrument,
      count: countParties(facts, instrument.id, on),
      signatories: countSignatories(facts, instrument.id),
      coverage: facts.coverage
        .filter((row) => row.instrument === instrument.id && row.participant === '*')
        .map((row) => ({
          participant: row.participant,
          kinds: row.kinds.split(';'),
          completeUntil: row.complete_until,
          source: row.source,
          why: row.why,
        })),
      published: facts.counts
        .filter((row) => row.instrument === instrument.id && row.what === 'parties' && row.day !== null)
        .map((row) => ({ day: row.day!, parties: row.published, source: row.source })),
    })),
    dataset: stampOf(facts),
  };
}

function stateInstrument(facts: TreatyFacts, id: InstrumentId, state: StateCode, on: PlainDate): StateInstrument {
  const track = facts.tracks.get(id)?.get(state);
  const found = statusOn(facts, id, state, on);
  const key = `${id} ${state}`;
  const acts = [...(track?.signed ? [track.signed] : []), ...(track?.spells.map((spell) => spell.shown) ?? [])];
  return {
    instrument: id,
    status: found.status,
    since: found.since,
    presumedContinuing: found.presumedContinuing,
    parentSince: found.parentSince,
    acts,
    declarations: [...(facts.declarations.get(key) ?? [])],
    readings: (facts.readings.get(id)?.get(state) ?? []).map((reading) => shownReading(reading, false)),
    notifications: { coverage: 'none', items: [...(facts.notifications.get(key) ?? [])] },
    conflicts: [...(track?.conflicts ?? [])],
    completeUntil: track ? track.completeUntil : (facts.completeForAll.get(id) ?? null),
    asOf: track?.asOf ?? facts.instruments.get(id)!.asOf,
  };
}

/** One participant and every instrument on a day. */
export function stateOn(facts: TreatyFacts, state: StateCode, on: PlainDate): StateAnswer {
  return {
    kind: 'treaties.state',
    version: 1,
    state,
    name: nameOn(facts.states, state, on),
    on,
    instruments: [...facts.instruments.keys()].map((id) => stateInstrument(facts, id, state, on)),
  };
}

/** One act with the acts about the same participation, the competing ones included; undefined when there is none. */
export function findAct(facts: TreatyFacts, id: string): ActAnswer | undefined {
  const act = facts.acts.get(id);
  if (!act) return undefined;
  const track = facts.tracks.get(act.instrument)?.get(act.participant);
  return {
    kind: 'treaties.act',
    version: 1,
    act,
    counted:
      act === facts.acts.get(track?.signed?.id ?? '') ||
      (track?.spells.some((spell) => spell.act.id === id || spell.ending?.id === id) ?? false),
    conflicts: (track?.conflicts ?? []).filter((conflict) => conflict.values.some((value) => value.id === id)),
    history: (track?.acts ?? []).filter((other) => other.refersTo === id || other.id === act.refersTo),
  };
}

/** Every act about one participation, and each day on which the status changed. */
export function historyOf(facts: TreatyFacts, id: InstrumentId, state: StateCode, today: PlainDate): HistoryAnswer {
  const changes: HistoryAnswer['changes'] = [];
  for (const date of changeDays(facts, id, state)) {
    if (date > today) break;
    const { status } = statusOn(facts, id, state, date);
    if (changes.at(-1)?.status !== status) changes.push({ date, status });
  }
  return {
    kind: 'treaties.history',
    version: 1,
    instrument: id,
    state,
    acts: [...(facts.tracks.get(id)?.get(state)?.acts ?? [])],
    changes,
  };
}

/** A total recounted. */
export interface Recount {
  row: TreatyFacts['counts'][number];
  deposits: number;
  inForce: number | null;
  undated: number;
  equalsPublished: boolean;
  equalsExpectation: boolean;
}

/** Recounts the published totals that have an expectation, and every total of signatories. */
export function recount(facts: TreatyFacts): Recount[] {
  return facts.counts
    .filter((row) => row.what === 'signatories' || row.expected_deposited !== null)
    .map((row) => {
      if (row.what === 'signatories') {
        const deposits = countSignatories(facts, row.instrument);
        const equal = deposits === row.published;
        return { row, deposits, inForce: null, undated: 0, equalsPublished: equal, equalsExpectation: equal };
      }
      const count = countParties(facts, row.instrument, lastDay(row.day!));
      const inForce = row.expected_in_force === null ? null : count.inForce;
      return {
        row,
        deposits: count.deposited,
        inForce,
        undated: count.dateUnknown,
        equalsPublished: count.deposited === row.published,
        equalsExpectation:
          count.deposited === row.expected_deposited &&
          inForce === row.expected_in_force &&
          count.dateUnknown === row.expected_undated,
      };
    });
}
