import { Invalid, NotFound } from '../../platform/errors.ts';
import type { OfferedLocale, Translate } from '../../platform/i18n/index.ts';
import {
  isInvented,
  problem,
  type PlainDate,
  type Problem,
  type Result,
  type StateCode,
} from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import { showBasisAnswer, showVerification, type Speech } from './explain.ts';
import {
  decideBasis,
  decideMatrix,
  findAct,
  historyOf,
  listInstruments,
  parseCode,
  parseDay,
  parseInstrument,
  parseState,
  partiesOn,
  stampOf,
  positionsOn,
  stateOn,
  yearlyTotals,
  type BasisResult,
  type Position,
  type ProfileLookup,
  type TreatyFacts,
} from './rules/index.ts';
import {
  CountBy,
  groupAnswers,
  measures,
  offenceCodes,
  transnationalTests,
  type ActAnswer,
  type BasisAnswer,
  type HistoryAnswer,
  type InstrumentId,
  type InstrumentsAnswer,
  type MatrixAnswer,
  type PartiesAnswer,
  type Question,
  type StateAnswer,
  type VerifyAnswer,
} from './schema/index.ts';

export interface TreatiesOptions {
  /** The data this node answers from now. */
  facts: () => TreatyFacts;
  words: Readonly<Record<OfferedLocale, Translate>>;
  /** Given at a node with a database: brings `facts` up to date. */
  refresh?: (ctx: Context) => Promise<void>;
  /** What `authorities` knows of a State's own conditions. */
  profileFacts?: ProfileLookup;
}

/** A question as typed or sent: every field text. */
export interface AskedQuestion {
  from: string;
  to: string;
  measure: string;
  on?: string | undefined;
  offenceDate?: string | undefined;
  offences?: readonly string[] | undefined;
  /** Highest penalty in years in the law of `from`: `10` or `4-10`. */
  penalty?: string | undefined;
  /** The same in the law of `to`. */
  penaltyTo?: string | undefined;
  group?: string | undefined;
  transnational?: readonly string[] | undefined;
  personIn?: string | undefined;
  legalPerson?: boolean | undefined;
  coercive?: boolean | undefined;
  territoryFrom?: string | undefined;
  territoryTo?: string | undefined;
}

class Collected {
  readonly problems: Problem[] = [];
  /** Keeps the value, or notes the problems and goes on, so that all are found at once. */
  take<T>(read: Result<T, Problem[]>): T | undefined {
    if (read.ok) return read.value;
    this.problems.push(...read.error);
    return undefined;
  }
  stop(): void {
    if (this.problems.length > 0)
      throw new Invalid(this.problems[0]!.code, { problems: this.problems, params: this.problems[0]!.params ?? {} });
  }
}

function must<T>(read: Result<T, Problem[]>): T {
  if (read.ok) return read.value;
  throw new Invalid(read.error[0]!.code, { problems: read.error, params: read.error[0]!.params ?? {} });
}

function parsePenalty(text: string | undefined, path: string[]): Result<number | null, Problem[]> {
  if (text === undefined || text === '') return { ok: true, value: null };
  const match = /^(\d{1,3})(?:\s*-\s*(\d{1,3}))?$/.exec(text.trim());
  if (!match) return { ok: false, error: [problem('treaties.bad-penalty', path, { params: { given: text } })] };
  return { ok: true, value: Math.max(Number(match[1]), Number(match[2] ?? match[1])) };
}

/** Use cases of the treaty data. Reads are public and throw `Invalid` with every problem of the question. */
export interface Treaties {
  facts(): TreatyFacts;
  readQuestion(ctx: Context, asked: AskedQuestion): Question;
  readState(text: string): StateCode;
  readInstrument(text: string): InstrumentId;
  /** Loads what another process of the node accepted meanwhile. */
  refresh(ctx: Context): Promise<void>;
  instruments(ctx: Context, on?: string): InstrumentsAnswer;
  parties(ctx: Context, asked: { instrument: string; on?: string | undefined; by?: string | undefined }): PartiesAnswer;
  /** Every State's position under an instrument on a day, for the page: bound or not. */
  positions(ctx: Context, instrument: InstrumentId, on: PlainDate): Position[];
  totals(ctx: Context, instrument: InstrumentId): { year: number; joined: number; total: number }[];
  state(ctx: Context, asked: { state: string; on?: string | undefined }): StateAnswer;
  basis(ctx: Context, asked: AskedQuestion): BasisAnswer;
  /** The same decision without words, for other modules. */
  decide(question: Question): BasisResult;
  matrix(ctx: Context, asked: { measure: string; on?: string | undefined }): MatrixAnswer;
  act(ctx: Context, id: string): ActAnswer;
  history(ctx: Context, asked: { instrument: string; state: string }): HistoryAnswer;
  verify(ctx: Context): VerifyAnswer;
}

export function createTreaties(options: TreatiesOptions): Treaties {
  const { facts } = options;
  const resolve = options.profileFacts ? { profileFacts: options.profileFacts } : {};
  const speech = (ctx: Context): Speech => ({ t: options.words[ctx.locale], locale: ctx.locale });
  const day = (ctx: Context, text: string | undefined, path = ['on']) =>
    text === undefined || text === '' ? { ok: true as const, value: ctx.today() } : parseDay(text, ctx.today(), path);

  function readQuestion(ctx: Context, asked: AskedQuestion): Question {
    ctx.allow('treaties.read');
    const { states } = facts();
    const found = new Collected();
    const from = found.take(parseState(states, asked.from, ['from']));
    const to = found.take(parseState(states, asked.to, ['to']));
    if (from !== undefined && from === to) found.problems.push(problem('treaties.same-state', ['to']));
    const measure = found.take(parseCode(measures, asked.measure, 'treaties.unknown-measure', ['measure']));
    const on = found.take(day(ctx, asked.on));
    const offenceDate = asked.offenceDate
      ? found.take(parseDay(asked.offenceDate, ctx.today(), ['offenceDate']))
      : undefined;
    const penalty = found.take(parsePenalty(asked.penalty, ['penalty'])) ?? null;
    const penaltyTo = found.take(parsePenalty(asked.penaltyTo, ['penaltyTo'])) ?? null;
    const offences = (asked.offences ?? []).flatMap((text) => {
      const code = found.take(parseCode(offenceCodes, text, 'treaties.unknown-offence', ['offences']));
      return code === undefined
        ? []
        : [{ code, maxPenaltyYearsFrom: penalty, maxPenaltyYearsTo: penaltyTo, statute: null }];
    });
    const group = asked.group
      ? found.take(parseCode(groupAnswers, asked.group, 'treaties.unknown-group', ['group']))
      : undefined;
    const transnational = (asked.transnational ?? []).flatMap(
      (text) =>
        found.take(parseCode(transnationalTests, text, 'treaties.unknown-transnational', ['transnational'])) ?? [],
    );
    const personIn = asked.personIn ? found.take(parseState(states, asked.personIn, ['personIn'])) : undefined;
    found.stop();
    return {
      from: from!,
      to: to!,
      measure: measure!,
      on: on!,
      offenceDate: offenceDate ?? null,
      offences,
      group: group ?? null,
      transnational,
      personIn: personIn ?? null,
      legalPerson: asked.legalPerson ?? null,
      territoryFrom: asked.territoryFrom ?? null,
      territoryTo: asked.territoryTo ?? null,
      coercive: asked.coercive ?? null,
    };
  }

  return {
    facts,
    readQuestion,
    refresh: options.refresh ?? (() => Promise.resolve()),
    readInstrument: (text) => must(parseInstrument(facts(), text, ['instrument'])),
    readState: (text) => must(parseState(facts().states, text, ['state'])),
    instruments(ctx, on) {
      ctx.allow('treaties.read');
      return listInstruments(facts(), must(day(ctx, on)));
    },
    parties(ctx, asked) {
      ctx.allow('treaties.read');
      const found = new Collected();
      const instrument = found.take(parseInstrument(facts(), asked.instrument, ['instrument']));
      const on = found.take(day(ctx, asked.on));
      const by = found.take(parseCode(CountBy.options, asked.by ?? 'deposit', 'treaties.unknown-count', ['by']));
      found.stop();
      return partiesOn(facts(), instrument!, on!, by!);
    },
    positions(ctx, instrument, on) {
      ctx.allow('treaties.read');
      return positionsOn(facts(), instrument, on);
    },
    totals(ctx, instrument) {
      ctx.allow('treaties.read');
      return yearlyTotals(facts(), instrument, ctx.today());
    },
    state(ctx, asked) {
      ctx.allow('treaties.read');
      const found = new Collected();
      const state = found.take(parseState(facts().states, asked.state, ['state']));
      const on = found.take(day(ctx, asked.on));
      found.stop();
      return stateOn(facts(), state!, on!);
    },
    basis(ctx, asked) {
      return showBasisAnswer(facts(), speech(ctx), decideBasis(facts(), readQuestion(ctx, asked), resolve));
    },
    decide: (question) => decideBasis(facts(), question, resolve),
    matrix(ctx, asked) {
      ctx.allow('treaties.read');
      const found = new Collected();
      const measure = found.take(parseCode(measures, asked.measure, 'treaties.unknown-measure', ['measure']));
      const on = found.take(day(ctx, asked.on));
      found.stop();
      // Invented States stay out of tables of real ones.
      const states = [...facts().states.byCode.values()]
        .filter((entry) => entry.kind === 'State' && !isInvented(entry.code))
        .map((entry) => entry.code);
      return {
        kind: 'treaties.matrix',
        version: 1,
        measure: measure!,
        on: on!,
        rows: decideMatrix(facts(), measure!, on!, { ...resolve, states }),
        dataset: stampOf(facts()),
      };
    },
    act(ctx, id) {
      ctx.allow('treaties.read');
      const found = findAct(facts(), id);
      if (!found) throw new NotFound('treaties.no-such-act');
      return found;
    },
    history(ctx, asked) {
      ctx.allow('treaties.read');
      const found = new Collected();
      const instrument = found.take(parseInstrument(facts(), asked.instrument, ['instrument']));
      const state = found.take(parseState(facts().states, asked.state, ['state']));
      found.stop();
      return historyOf(facts(), instrument!, state!, ctx.today());
    },
    verify(ctx) {
      ctx.allow('treaties.read');
      return showVerification(facts(), speech(ctx));
    },
  };
}

/** Facts of the shipped data, loaded at first use and kept. */
export function lazyFacts(load: () => TreatyFacts): () => TreatyFacts {
  let held: TreatyFacts | undefined;
  return () => (held ??= load());
}
