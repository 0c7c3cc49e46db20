import type { Clock } from '../../platform/clock.ts';
import type { Tx } from '../../platform/db/index.ts';
import { Invalid, NotFound, Unavailable } from '../../platform/errors.ts';
import { addJob } from '../../platform/jobs/index.ts';
import type { Random } from '../../platform/random.ts';
import type { Problem } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import type { Treaties } from '../treaties/index.ts';
import { readAsked, toRequest, type Asked, type AskedParts } from './asked.ts';
import { withCitations } from './cited.ts';
import { readCitationQuery, type CitationFacts } from './citations/index.ts';
import { resolveAsking, type Asking } from './pinned.ts';
import { readProvision, showProvision, type ShownProvision } from './provision.ts';
import {
  searchLanguages,
  type AccessClass,
  type Explanation,
  type IndexStatus,
  type SearchLanguage,
  type SearchResults,
  type SearchUnit,
  type Suggestion,
} from './search/schema.ts';
import type { SearchIndex } from './search/search-index.ts';
import { resolutionUnits, resolutionWork } from './sources/resolutions.ts';
import type { ResolutionSource, TreatySource, Work } from './sources/schema.ts';
import { treatyUnits, treatyWork } from './sources/treaties.ts';
import { findWorks, listWorks, lockWorks, replaceCitations, replaceWorks, type CitationRow } from './store.ts';
import type { ShippedThesaurus } from './thesaurus/index.ts';

export const indexJob = 'knowledge.index';

export interface KnowledgeNeeds {
  index: SearchIndex;
  clock: Clock;
  random: Random;
  treaties: Treaties;
  thesaurus: ShippedThesaurus;
  citations(): CitationFacts;
  /** Texts of accepted packs, the one to be used first where several hold a work. */
  texts(): Promise<{ treaties: TreatySource[]; resolutions: ResolutionSource[] }>;
}

/** Results with what the page and the interface say about them. */
export interface Answered {
  asked: Asked;
  problems: Problem[];
  /** What a citation-shaped query asked for. */
  asking?: Asking;
  /** Absent for an empty question, and while the index is missing. */
  results?: SearchResults;
  /** The index is missing or being rebuilt. */
  isMissing: boolean;
  works: ReadonlyMap<string, Work>;
}

export interface Knowledge {
  needs: KnowledgeNeeds;
  /** Reads the accepted packs and brings works, units and citations in line, in this transaction. */
  readPacks(tx: Tx): Promise<{ works: number; put: number; removed: number }>;
  answer(ctx: Context, given: Readonly<Record<string, readonly string[]>>, language: SearchLanguage): Promise<Answered>;
  /** @throws NotFound `knowledge.unknown-unit` */
  explain(ctx: Context, asked: Asked, unit: string, language: SearchLanguage): Promise<Explanation>;
  suggest(ctx: Context, text: string, language: SearchLanguage): Promise<Suggestion[]>;
  works(ctx: Context): Promise<Work[]>;
  /** @throws NotFound `knowledge.unknown-work` */
  work(ctx: Context, slug: string, language: SearchLanguage): Promise<{ work: Work; units: SearchUnit[] }>;
  /** A unit as it is read, with what it cites. */
  read(ctx: Context, unit: SearchUnit): Promise<Pick<ShownProvision, 'shown'>>;
  /** @throws NotFound `knowledge.unknown-work`, `knowledge.unknown-eid` */
  provision(ctx: Context, slug: string, eId: string, language: SearchLanguage): Promise<ShownProvision>;
  status(ctx: Context): Promise<IndexStatus | undefined>;
}

/** Classes a reader may see: chosen before anything is read. */
export function accessOf(ctx: Context): AccessClass[] {
  return ctx.actor.kind === 'public' ? ['public'] : ['public', 'state'];
}

/** The reader's language first, then English, then the others. */
export function languagesFor(language: SearchLanguage): SearchLanguage[] {
  return [...new Set<SearchLanguage>([language, 'en', ...searchLanguages])];
}

const isMissing = (error: unknown) => error instanceof Unavailable && error.code === 'knowledge.index-missing';

/** The first of several packs that hold a work in a language is the one used. */
function firstOf<T>(sources: readonly T[], keyOf: (one: T) => string): T[] {
  const seen = new Set<string>();
  return sources.filter((one) => {
    const key = keyOf(one);
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

export function createKnowledge(needs: KnowledgeNeeds): Knowledge {
  const { index, treaties, thesaurus } = needs;
  index.useThesaurus(thesaurus);
  const partsFor = (ctx: Context, holds: AskedParts['holds']): AskedParts => ({
    treaties: treaties.facts(),
    citations: needs.citations(),
    thesaurus,
    today: ctx.today(),
    holds,
  });

  async function readPacks(tx: Tx) {
    await lockWorks(tx);
    const texts = await needs.texts();
    const facts = treaties.facts();
    const works: Work[] = [];
    const put = { treaties: [] as SearchUnit[], resolutions: [] as SearchUnit[] };
    for (const source of firstOf(texts.treaties, ({ instrument, text }) => `${instrument} ${text.language}`)) {
      const instrument = facts.instruments.get(source.instrument);
      if (!instrument) continue;
      const print = facts.names.print(instrument.id);
      const short = [...new Set([print, ...facts.names.aliasesOf(instrument.id)])].filter((one) =>
        /\p{L}{3}/u.test(one),
      );
      const work = treatyWork(source, instrument, short);
      if (!work) continue;
      works.push(work);
      put.treaties.push(...treatyUnits(source, instrument, short));
    }
    for (const source of firstOf(texts.resolutions, ({ text }) => `${text.work} ${text.language}`)) {
      works.push(resolutionWork(source));
      put.resolutions.push(...resolutionUnits(source));
    }
    const done = { put: 0, removed: 0 };
    const citations: CitationRow[] = [];
    for (const [name, units] of Object.entries(put)) {
      const read = withCitations(units, needs.citations());
      citations.push(...read.citations);
      const changed = await index.replaceSource(tx, name, read.units);
      done.put += changed.put;
      done.removed += changed.removed;
    }
    const counted = works.map((work) => ({
      ...work,
      provisions: [...put.treaties, ...put.resolutions].filter(
        (unit) => unit.work === work.work && unit.language === work.language && unit.text !== '',
      ).length,
    }));
    await replaceWorks(tx, counted);
    await replaceCitations(tx, citations);
    await addJob(tx, needs, { kind: indexJob, key: indexJob });
    return { works: works.length, ...done };
  }

  async function answer(ctx: Context, given: Readonly<Record<string, readonly string[]>>, language: SearchLanguage) {
    ctx.allow('knowledge.read');
    const works = await ctx.transaction((tx) => listWorks(tx));
    const byWork = new Map(works.map((one) => [one.work, one]));
    const parts = partsFor(ctx, (work) => byWork.has(work));
    const { asked, problems } = readAsked(given, parts);
    const answered: Answered = { asked, problems, isMissing: false, works: byWork };
    if (asked.text === '' && Object.keys(asked.filters).length === 0 && asked.on === undefined) return answered;
    const access = accessOf(ctx);
    const query = readCitationQuery(asked.text, language, parts.citations, { knows: (work) => byWork.has(work) });
    const asking = query && (await resolveAsking(query, index, access, languagesFor(language)));
    if (asking) answered.asking = asking;
    const pinned = asking && [asking.unit ? asking.unit.id.split('@')[0]! : asking.work];
    try {
      answered.results = await index.search({ ...toRequest(asked, access, language), ...(pinned ? { pinned } : {}) });
    } catch (error) {
      if (isMissing(error)) answered.isMissing = true;
      else if (error instanceof Invalid && error.code === 'knowledge.cursor-expired')
        problems.push({ code: error.code, severity: 'block', path: ['cursor'] });
      else throw error;
    }
    return answered;
  }

  return {
    needs,
    readPacks,
    answer,
    async explain(ctx, asked, unit, language) {
      ctx.allow('knowledge.read');
      const found = await index.explain(toRequest(asked, accessOf(ctx), language), unit);
      if (!found) throw new NotFound('knowledge.unknown-unit', { params: { given: unit.slice(0, 200) } });
      return found;
    },
    async suggest(ctx, text, language) {
      ctx.allow('knowledge.read');
      return index.suggest({ text, access: accessOf(ctx), language, limit: 8 });
    },
    async works(ctx) {
      ctx.allow('knowledge.read');
      return ctx.transaction((tx) => listWorks(tx));
    },
    async work(ctx, slug, language) {
      ctx.allow('knowledge.read');
      const held = await ctx.transaction((tx) => findWorks(tx, slug));
      const work = languagesFor(language).flatMap((one) => held.filter((each) => each.language === one))[0];
      if (!work) throw new NotFound('knowledge.unknown-work', { params: { given: slug.slice(0, 200) } });
      return { work, units: await index.unitsOf(work.work, work.language, accessOf(ctx)) };
    },
    async read(ctx, unit) {
      ctx.allow('knowledge.read');
      const units = await index.unitsOf(unit.work, unit.language, accessOf(ctx));
      return { shown: await showProvision(ctx, unit, units) };
    },
    async provision(ctx, slug, eId, language) {
      ctx.allow('knowledge.read');
      const { work, units } = await this.work(ctx, slug, language);
      return readProvision(ctx, { work, units, eId, index, access: accessOf(ctx), languages: languagesFor(language) });
    },
    async status(ctx) {
      ctx.allow('knowledge.read');
      return index.status().catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      });
    },
  };
}
