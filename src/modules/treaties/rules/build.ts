import {
  addDays,
  addYears,
  dayRange,
  sha256,
  unknown,
  type DateOrWindow,
  type PartialDate,
  type PlainDate,
  type StateCode,
} from '../../../platform/values/index.ts';
import {
  authenticities,
  consentKinds,
  type InstrumentId,
  type Act,
  type ActRow,
  type Agreement,
  type AgreementRow,
  type AliasRow,
  type Authenticity,
  type Conflict,
  type CountRow,
  type CoverageRow,
  type DeclarationRow,
  type EffectOnProvision,
  type Instrument,
  type InstrumentRow,
  type NotificationRow,
  type ParticipationRow,
  type ProvisionRow,
  type ShownAct,
  type ShownDate,
  type SourceRow,
  type StateRow,
  type WindowRow,
} from '../schema/index.ts';
import {
  agreesWithFinalClause,
  derivedEffect,
  effectRange,
  endRange,
  exactDay,
  rangeOf,
  type Range,
} from './effect.ts';
import { pairKey, type Reading, type Spell, type Track, type TreatyFacts } from './facts.ts';
import { readingArticles, type InstrumentNames } from './provision.ts';
import { foldName, stateNames } from './states.ts';

/** Everything the data files hold, parsed. */
export interface TreatyRows {
  instruments: InstrumentRow[];
  aliases: AliasRow[];
  states: StateRow[];
  participation: ParticipationRow[];
  acts: ActRow[];
  windows: WindowRow[];
  coverage: CoverageRow[];
  provisions: ProvisionRow[];
  declarations: DeclarationRow[];
  notifications: NotificationRow[];
  counts: CountRow[];
  sources: SourceRow[];
  agreements: AgreementRow[];
}

/** Same words, same id: an act keeps its id from one load to the next. */
export function actId(...parts: (string | null)[]): string {
  const hex = sha256(parts.map((part) => part ?? '').join('|'));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const consent: ReadonlySet<string> = new Set([...consentKinds, 'party-not-dated']);

function dated(day: PlainDate | null): DateOrWindow {
  return day === null ? unknown('not-stated') : { date: day };
}

function windowOf(first: PlainDate | null, last: PlainDate | null): DateOrWindow {
  if (first === null && last === null) return unknown('not-stated');
  if (first !== null && first === last) return { date: first };
  return { ...(first === null ? {} : { after: first }), ...(last === null ? {} : { before: last }) };
}

function shownDate(date: DateOrWindow): ShownDate {
  return exactDay(date) ?? date;
}

function instrumentNames(aliases: readonly AliasRow[], instruments: readonly InstrumentRow[]): InstrumentNames {
  const byWord = new Map<string, InstrumentId>();
  const print = new Map<string, string>();
  for (const row of instruments) byWord.set(foldName(row.instrument), row.instrument);
  for (const row of aliases) {
    byWord.set(foldName(row.alias), row.instrument);
    if (row.print === 'yes') print.set(row.instrument, row.alias);
  }
  return {
    find: (text) => byWord.get(foldName(text)),
    print: (id) => print.get(id) ?? id,
    aliasesOf: (id) => aliases.filter((row) => row.instrument === id).map((row) => row.alias),
  };
}

const unread = new Set(['other']);

function effectOf(position: string): EffectOnProvision {
  if (position === 'not-bound' || position === 'does-not-take') return 'excludes';
  if (position === 'on-reciprocity') return 'modifies';
  if (position === 'reads-as') return 'interprets';
  if (position === 'takes-as-basis' || position === 'designates-authority' || position.startsWith('accepts-languages'))
    return 'informs';
  return 'none';
}

function better(one: PartialDate, other: PartialDate): PartialDate {
  return other > one ? other : one;
}

interface Provenance {
  asOf: PartialDate;
  authenticity: Authenticity;
}

function provenance(source: string, instrument: Instrument, sources: ReadonlyMap<string, SourceRow>): Provenance {
  let asOf: PartialDate | null = null;
  let authenticity: Authenticity = source === 'SAMPLE' ? 'sample' : 'secondary';
  for (const id of source.split('+')) {
    const row = sources.get(id);
    if (!row) continue;
    const day = row.as_of ?? instrument.asOf;
    asOf = asOf === null ? day : better(asOf, day);
    if (authenticities.indexOf(row.authenticity) < authenticities.indexOf(authenticity))
      authenticity = row.authenticity;
  }
  return { asOf: asOf ?? instrument.asOf, authenticity };
}

export function blankAct(
  instrument: Instrument,
  state: StateCode,
  more: Pick<Act, 'kind' | 'depositedOn' | 'effectOn' | 'effectBasis' | 'source' | 'note' | 'asOf' | 'authenticity'>,
): Act {
  return {
    id: actId(
      instrument.id,
      state,
      more.kind,
      JSON.stringify(more.depositedOn),
      JSON.stringify(more.effectOn),
      more.source,
    ),
    instrument: instrument.id,
    participant: state,
    doneOn: more.kind === 'signature' ? more.depositedOn : unknown('not-stated'),
    territory: null,
    provisions: [],
    effectOnProvision: 'none',
    preventsRelations: null,
    readBy: null,
    confirmedBy: null,
    text: null,
    language: null,
    translationOf: null,
    refersTo: null,
    sourceLocator: null,
    recordedAt: null,
    recordedBy: null,
    ...more,
  };
}

/** Up to two acts for a row: the signature and what bound the State. */
export function actsOfRow(
  row: ParticipationRow,
  instrument: Instrument,
  windows: ReadonlyMap<string, WindowRow>,
  sources: ReadonlyMap<string, SourceRow>,
): Act[] {
  const { asOf, authenticity } = provenance(row.source, instrument, sources);
  const shared = { source: row.source, note: row.note, asOf, authenticity };
  const acts: Act[] = [];
  if (row.signature_date !== null) {
    acts.push(
      blankAct(instrument, row.iso3, {
        ...shared,
        kind: 'signature',
        depositedOn: { date: row.signature_date },
        effectOn: unknown('not-applicable'),
        effectBasis: 'not-derived',
      }),
    );
  }
  if (row.action_kind === null) return acts;
  const window = row.action_date === null ? windows.get(`${row.instrument} ${row.iso3}`) : undefined;
  acts.push(
    blankAct(instrument, row.iso3, {
      ...shared,
      kind: row.action_kind,
      depositedOn: window ? windowOf(window.deposit_after, window.deposit_before) : dated(row.action_date),
      effectOn: window
        ? windowOf(window.effect_after, window.effect_before)
        : row.eif_basis === 'stated'
          ? dated(row.entry_into_force)
          : unknown('not-stated'),
      effectBasis: row.eif_basis ?? 'not-derived',
    }),
  );
  return acts;
}

function score(act: Act, instrument: Instrument): number {
  if (exactDay(act.effectOn) === null) return 1;
  return agreesWithFinalClause(act, instrument) ? 2 : 0;
}

/** Chooses among acts of different sources about the same step (E11). */
function choose(
  candidates: readonly Act[],
  instrument: Instrument,
  completeForAll: PlainDate | null,
): { used: Act | null; why: Conflict['why'] } {
  const ranked = [...candidates].sort(
    (one, other) =>
      score(other, instrument) - score(one, instrument) ||
      authenticities.indexOf(one.authenticity) - authenticities.indexOf(other.authenticity),
  );
  const best = ranked[0]!;
  const day = exactDay(best.depositedOn);
  const seenByDepositary = candidates.some((act) => act.authenticity === 'depositary');
  if (
    !seenByDepositary &&
    candidates.length === 1 &&
    completeForAll !== null &&
    day !== null &&
    day <= completeForAll
  ) {
    return { used: null, why: 'not-in-complete-table' };
  }
  const byClause = ranked.length > 1 && score(best, instrument) !== score(ranked[1]!, instrument);
  return { used: best, why: byClause ? 'agrees-with-final-clause' : 'higher-authenticity' };
}

function shownAct(act: Act, effect: Range): ShownAct {
  return {
    id: act.id,
    kind: act.kind,
    deposited: shownDate(act.depositedOn),
    effect: shownDate(windowOf(effect.first, effect.last)),
    effectBasis: act.effectBasis,
    source: act.source,
    asOf: act.asOf,
  };
}

function dayAfter(day: PlainDate | null): PlainDate | null {
  return day === null ? null : addDays(day, 1);
}

interface TrackInput {
  instrument: Instrument;
  state: StateCode;
  /** Acts of the compiled table, then those of competing or later sources. */
  acts: Act[];
  rivals: Act[];
  completeForAll: PlainDate | null;
  completeForState: PlainDate | null;
  protocolEffect: (state: StateCode) => PlainDate | null;
}

function buildTrack(input: TrackInput): Track {
  const { instrument, state, completeForAll } = input;
  const conflicts: Conflict[] = [];
  const signature = input.acts.findLast((act) => act.kind === 'signature');
  // A later act that points to an earlier one takes its place; a bare correction takes it out of the count.
  const superseded = new Set(input.acts.flatMap((act) => (act.refersTo === null ? [] : [act.refersTo])));
  const main = input.acts.filter((act) => consent.has(act.kind) && !superseded.has(act.id));
  const rivalConsent = input.rivals.filter((act) => consent.has(act.kind));
  let counted = main;
  if (rivalConsent.length > 0) {
    const candidates = [...main, ...rivalConsent];
    const { used, why } = choose(candidates, instrument, completeForAll);
    counted = used ? [used] : [];
    conflicts.push({
      instrument: instrument.id,
      state,
      values: candidates.map((act) => shownAct(act, effectRange(act, instrument))),
      used: used ? candidates.indexOf(used) : null,
      why,
      rule: 'E11',
    });
  }
  const undatedAct = counted.find((act) => act.kind === 'party-not-dated');
  // A party without a day was not in the table that was complete on its own day, so its deposit came later.
  const floor = undatedAct ? dayAfter(completeForAll) : null;
  const spells: Spell[] = counted.map((act) => {
    const own = rangeOf(act.depositedOn);
    const deposit: Range = act === undatedAct ? { first: own.first ?? floor, last: own.last } : own;
    const effect = effectRange(act, instrument);
    if (act === undatedAct && effect.first === null && deposit.first !== null)
      effect.first = derivedEffect(instrument, deposit.first);
    if (act.kind === 'participation-by-protocol') {
      const known = input.protocolEffect(state);
      if (known !== null)
        return {
          act,
          shown: shownAct(act, { first: known, last: known }),
          deposit,
          effect: { first: known, last: known },
          until: null,
          ending: null,
        };
    }
    return { act, shown: shownAct(act, effect), deposit, effect, until: null, ending: null };
  });
  spells.sort((one, other) => ((one.effect.first ?? '') < (other.effect.first ?? '') ? -1 : 1));
  let endedWithoutStart: Range | null = null;
  for (const ending of [...input.acts, ...input.rivals].filter((act) => act.kind === 'denunciation')) {
    const until = endRange(ending, (day) => addYears(day, 1));
    const received = exactDay(ending.depositedOn) ?? until.first;
    const spell = spells.findLast(
      (one) => one.deposit.last !== null && received !== null && one.deposit.last <= received,
    );
    if (spell) Object.assign(spell, { until, ending });
    else endedWithoutStart = until;
  }
  const firstConsent = spells[0] && !endedWithoutStart ? exactDay(spells[0].act.depositedOn) : null;
  const implied =
    firstConsent !== null && spells[0]!.act.kind !== 'succession' && spells[0]!.act.kind !== 'participation-by-protocol'
      ? addDays(firstConsent, -1)
      : null;
  const ends = [completeForAll, undatedAct ? null : input.completeForState, undatedAct ? null : implied].filter(
    (day) => day !== null,
  );
  const completeUntil = ends.length === 0 ? null : ends.reduce((one, other) => (one > other ? one : other));
  const days = new Set<PlainDate>();
  const note = (day: PlainDate | null | undefined) => void (day && days.add(day));
  for (const spell of spells) {
    for (const range of [spell.deposit, spell.effect]) [range.first, range.last].forEach(note);
    note(spell.until?.first);
    note(spell.until?.last);
  }
  note(endedWithoutStart?.first);
  note(endedWithoutStart?.last);
  note(dayAfter(completeUntil));
  const signedOn = signature ? exactDay(signature.depositedOn) : null;
  note(signedOn);
  const acts = [...input.acts, ...input.rivals];
  return {
    state,
    instrument: instrument.id,
    acts,
    spells,
    endedWithoutStart,
    signedOn,
    signed: signature ? shownAct(signature, { first: null, last: null }) : null,
    undated: undatedAct ? (spells.find((spell) => spell.act === undatedAct)?.shown ?? null) : null,
    conflicts,
    completeUntil,
    asOf: acts.reduce<PartialDate>((day, act) => better(day, act.asOf), instrument.asOf),
    changeDays: [...days].sort(),
    territories: acts
      .filter((act) => act.kind === 'territorial-extension' || act.kind === 'territorial-exclusion')
      .flatMap((act) =>
        (act.territory ?? []).map((territory) => ({
          territory,
          extended: act.kind === 'territorial-extension',
          from: rangeOf(act.effectOn),
        })),
      ),
  };
}

function group<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const name = key(row);
    const list = groups.get(name);
    if (list) list.push(row);
    else groups.set(name, [row]);
  }
  return groups;
}

function agreementOf(row: AgreementRow): Agreement {
  return {
    id: row.id,
    parties: row.parties.split(/[\s;]+/).filter((code) => code !== '') as StateCode[],
    kind: row.kind,
    exists: row.text === 'none' ? 'none' : 'yes',
    inForceFrom: row.in_force_from,
    until: row.until,
    territory: row.territory === null ? null : row.territory.split(';'),
    text: row.text,
    enteredBy: row.entered_by,
    confirmedByBoth: row.confirmed_by_both === 'yes',
  };
}

function agreementIndex(agreements: readonly Agreement[]): Map<string, Agreement[]> {
  const index = new Map<string, Agreement[]>();
  for (const agreement of agreements) {
    for (const one of agreement.parties) {
      for (const other of agreement.parties) {
        if (one < other) index.set(pairKey(one, other), [...(index.get(pairKey(one, other)) ?? []), agreement]);
      }
    }
  }
  return index;
}

function readingOf(row: ProvisionRow, names: InstrumentNames): Reading {
  const { other, articles } = readingArticles(row.provision);
  return {
    id: actId('reading', row.instrument, row.iso3, row.provision, row.position, row.source),
    instrument: row.instrument,
    state: row.iso3,
    provision: row.provision,
    target: (other === null ? undefined : names.find(other)) ?? row.instrument,
    articles,
    position: row.position,
    effect: row.effect === '' ? effectOf(row.position) : row.effect === 'none-yet-read' ? 'none' : row.effect,
    unread: row.effect === '' ? unread.has(row.position) : row.effect === 'none-yet-read',
    date: row.date,
    source: row.source,
    asOf: row.as_of,
    confirmed: row.confirmed_by !== '',
  };
}

/** What a node adds to the shipped data: its own acts, agreements and, in demo and training, the invented States. */
export interface Overlay {
  acts?: readonly Act[];
  participation?: readonly ParticipationRow[];
  states?: readonly StateRow[];
  coverage?: readonly CoverageRow[];
  provisions?: readonly ProvisionRow[];
  agreements?: readonly Agreement[];
  /** Ids of the readings that an official of this node has confirmed. */
  confirmed?: ReadonlySet<string>;
}

/** Works out the index that every answer reads. `stamp` names the data it was built from. */
export function buildFacts(
  rows: TreatyRows,
  stamp: { version: string; sha256: string },
  overlay: Overlay = {},
): TreatyFacts {
  const names = instrumentNames(rows.aliases, rows.instruments);
  const instruments = new Map<InstrumentId, Instrument>();
  // A whole table accepted at the node moves the day to which the source spoke.
  const acceptedUntil = (id: InstrumentId, shipped: PlainDate) =>
    (overlay.coverage ?? [])
      .filter((row) => row.instrument === id && row.participant === '*' && row.kinds.split(';').includes('consent'))
      .reduce(
        (last, row) => (row.complete_until !== null && row.complete_until > last ? row.complete_until : last),
        shipped,
      );
  for (const row of rows.instruments) {
    instruments.set(row.instrument, {
      id: row.instrument,
      alias: names.print(row.instrument),
      title: row.title,
      concluded: row.concluded,
      entryIntoForce: row.entry_into_force,
      days: row.days_after_deposit,
      entryIntoForceArticle: row.entry_into_force_article,
      parent: row.parent_instrument,
      asOf: acceptedUntil(row.instrument, row.snapshot_as_of),
      textId: row.text_id,
    });
  }
  const sources = new Map(rows.sources.map((row) => [row.id, row]));
  const windows = new Map(rows.windows.map((row) => [`${row.instrument} ${row.iso3}`, row]));
  const coverage = [...rows.coverage, ...(overlay.coverage ?? [])];
  const completeForAll = new Map<InstrumentId, PlainDate>();
  const completeFor = new Map<string, PlainDate>();
  for (const row of coverage) {
    if (row.complete_until === null || !row.kinds.split(';').includes('consent')) continue;
    if (row.participant === '*') {
      const known = completeForAll.get(row.instrument);
      if (known === undefined || known < row.complete_until) completeForAll.set(row.instrument, row.complete_until);
    } else completeFor.set(`${row.instrument} ${row.participant}`, row.complete_until);
  }
  const stateRows = [...rows.states, ...(overlay.states ?? [])];
  const main = group(
    [...rows.participation, ...(overlay.participation ?? [])],
    (row) => `${row.instrument} ${row.iso3}`,
  );
  const others = group(rows.acts, (row) => `${row.instrument} ${row.iso3}`);
  const added = group(overlay.acts ?? [], (act) => `${act.instrument} ${act.participant}`);
  const tracks = new Map<InstrumentId, Map<StateCode, Track>>();
  const acts = new Map<string, Act>();
  const protocolEffect = (state: StateCode): PlainDate | null => {
    const effects = ['VI-15', 'VI-17'].map(
      (id) =>
        tracks
          .get(id as InstrumentId)
          ?.get(state)
          ?.spells.at(-1)?.effect,
    );
    const days = effects.map((effect) => (effect && effect.first === effect.last ? effect.first : null));
    if (!days[0] || !days[1]) return null;
    const own = instruments.get('VI-18' as InstrumentId)!.entryIntoForce;
    return [days[0], days[1], own].reduce((one, other) => (one > other ? one : other));
  };
  for (const instrument of instruments.values()) {
    const byState = new Map<StateCode, Track>();
    tracks.set(instrument.id, byState);
    for (const { iso3: state } of stateRows) {
      const key = `${instrument.id} ${state}`;
      const own = (main.get(key) ?? []).flatMap((row) => actsOfRow(row, instrument, windows, sources));
      const rivals = (others.get(key) ?? []).map((row) =>
        blankAct(instrument, state, {
          kind: row.kind,
          depositedOn: dated(row.deposited),
          effectOn: dated(row.effect),
          effectBasis: row.effect_basis,
          source: row.source,
          note: row.note,
          asOf: row.as_of ?? instrument.asOf,
          authenticity: row.authenticity,
        }),
      );
      const recorded = added.get(key) ?? [];
      const completeForState = completeFor.get(key) ?? null;
      if (own.length + rivals.length + recorded.length === 0 && completeForState === null) continue;
      const track = buildTrack({
        instrument,
        state,
        acts: [...own, ...recorded],
        rivals,
        completeForAll:
          state.startsWith('X') && state.length === 2 ? null : (completeForAll.get(instrument.id) ?? null),
        completeForState,
        protocolEffect,
      });
      byState.set(state, track);
      for (const act of track.acts) acts.set(act.id, act);
    }
  }
  const readings = new Map<InstrumentId, Map<StateCode, Reading[]>>();
  for (const row of [...rows.provisions, ...(overlay.provisions ?? [])]) {
    const read = readingOf(row, names);
    const reading = overlay.confirmed?.has(read.id) ? { ...read, confirmed: true } : read;
    const byState = readings.get(reading.target) ?? new Map<StateCode, Reading[]>();
    readings.set(reading.target, byState);
    byState.set(reading.state, [...(byState.get(reading.state) ?? []), reading]);
  }
  return {
    ...stamp,
    names,
    instruments,
    states: stateNames(
      stateRows.map((row) => ({
        code: row.iso3,
        alpha2: row.iso2,
        name: row.name,
        otherNames: row.other_names.split(';').map((name) => name.trim()),
        previousName: row.previous_name,
        renamed: row.renamed,
        changeFrom: row.change_from,
        change: row.change,
        kind: row.kind,
        group: row.un_regional_group,
      })),
    ),
    tracks,
    coverage,
    completeForAll,
    readings,
    declarations: new Map(
      [...group(rows.declarations, (row) => `${row.instrument} ${row.iso3}`)].map(([key, list]) => [
        key,
        list.map((row) => ({
          instrument: row.instrument,
          state: row.iso3,
          asOf: row.as_of,
          textSha256: row.text_sha256,
          textMissing: row.text_missing === 'yes',
        })),
      ]),
    ),
    notifications: new Map(
      [...group(rows.notifications, (row) => `${row.instrument} ${row.iso3}`)].map(([key, list]) => [
        key,
        list.map((row) => ({ provision: row.provision, kind: row.kind, date: row.date, source: row.source })),
      ]),
    ),
    agreements: agreementIndex([...rows.agreements.map(agreementOf), ...(overlay.agreements ?? [])]),
    counts: rows.counts,
    sources,
    acts,
  };
}

/** Last day of a partial date, for counting on a month or year. */
export function lastDay(day: PartialDate): PlainDate {
  return dayRange(day).last;
}
