import type { PartialDate, PlainDate, StateCode } from '../../../platform/values/index.ts';
import type {
  Act,
  Agreement,
  CountRow,
  CoverageRow,
  EffectOnProvision,
  Instrument,
  InstrumentId,
  ShownAct,
  ShownDeclaration,
  ShownNotification,
  Conflict,
  SourceRow,
} from '../schema/index.ts';
import type { Range } from './effect.ts';
import type { ArticlePath, InstrumentNames } from './provision.ts';
import type { StateNames } from './states.ts';

/** A time as participant: `[from, until)`, each end perhaps known only as a range. `until` null: not ended. */
export interface Spell {
  act: Act;
  shown: ShownAct;
  deposit: Range;
  effect: Range;
  until: Range | null;
  ending: Act | null;
}

/** All that the data say about one participant and one instrument, worked out once at load. */
export interface Track {
  state: StateCode;
  instrument: InstrumentId;
  acts: readonly Act[];
  spells: readonly Spell[];
  /** A denunciation of which no earlier spell is in the data ends one that must have been. */
  endedWithoutStart: Range | null;
  signedOn: PlainDate | null;
  signed: ShownAct | null;
  undated: ShownAct | null;
  conflicts: readonly Conflict[];
  /** Day until which absence of a consent act means that there is none; null when never. */
  completeUntil: PlainDate | null;
  asOf: PartialDate;
  /** Days on which the status may change, in order. */
  changeDays: readonly PlainDate[];
  territories: readonly { territory: string; extended: boolean; from: Range }[];
}

/** A named reader's reading of what a State said about one provision. */
export interface Reading {
  /** The same from one load to the next, so that a confirmation finds it. */
  id: string;
  instrument: InstrumentId;
  state: StateCode;
  provision: string;
  /** Instrument whose article is meant, where the words name another one. */
  target: InstrumentId;
  articles: readonly ArticlePath[];
  position: string;
  effect: EffectOnProvision;
  unread: boolean;
  date: PartialDate | null;
  source: string;
  asOf: PartialDate | null;
  confirmed: boolean;
}

export interface TreatyFacts {
  version: string;
  sha256: string;
  names: InstrumentNames;
  instruments: ReadonlyMap<InstrumentId, Instrument>;
  states: StateNames;
  tracks: ReadonlyMap<InstrumentId, ReadonlyMap<StateCode, Track>>;
  coverage: readonly CoverageRow[];
  completeForAll: ReadonlyMap<InstrumentId, PlainDate>;
  readings: ReadonlyMap<InstrumentId, ReadonlyMap<StateCode, readonly Reading[]>>;
  declarations: ReadonlyMap<string, readonly ShownDeclaration[]>;
  notifications: ReadonlyMap<string, readonly ShownNotification[]>;
  agreements: ReadonlyMap<string, readonly Agreement[]>;
  counts: readonly CountRow[];
  sources: ReadonlyMap<string, SourceRow>;
  acts: ReadonlyMap<string, Act>;
}

export function pairKey(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}
