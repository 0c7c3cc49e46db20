import { page, redirect, type PageAnswer } from '../../../platform/http/routes.ts';
import type { Context } from '../../identity/index.ts';
import { overlaps, shownReading, type TreatyFacts } from '../rules/index.ts';
import { Status, type InstrumentId } from '../schema/index.ts';
import { dayOf, instrumentOr404, type Call, type LawParts } from './parts.ts';
import {
  ArticleMissing,
  ArticlePage,
  ArticlesPage,
  articlesOf,
  nearestArticles,
  type InstalledText,
} from './instrument/articles.tsx';
import { DeclarationsPage, type StateSaid } from './instrument/declarations.tsx';
import type { ListedInstrument } from './instrument/shell.tsx';
import { InstrumentPage, MapPage } from './instrument/status.tsx';
import { TotalsPage } from './instrument/totals.tsx';

export type { InstalledText } from './instrument/articles.tsx';

type Handler = (call: Call) => PageAnswer | Promise<PageAnswer>;

interface Found {
  id: InstrumentId;
  facts: TreatyFacts;
  instrument: ListedInstrument;
  /** States of which a declaration is recorded. */
  declarations: number;
}

function declared(facts: TreatyFacts, id: InstrumentId): string[] {
  return [...facts.declarations.keys()].filter((key) => key.startsWith(`${id} `));
}

function find(parts: LawParts, { ctx, params }: Call): Found {
  const facts = parts.treaties.facts();
  const id = instrumentOr404(facts, params.instrument ?? '');
  const instrument = parts.treaties.instruments(ctx).instruments.find((one) => one.id === id)!;
  return { id, facts, instrument, declarations: declared(facts, id).length };
}

function showStatus(parts: LawParts, call: Call, alone: boolean): PageAnswer {
  const { ctx, view, params, query } = call;
  const { id, instrument, declarations } = find(parts, call);
  if (id !== params.instrument) return redirect(`/law/${id}${query.on ? `?on=${encodeURIComponent(query.on)}` : ''}`);
  const today = ctx.today();
  const { day, typed, problems } = dayOf(view, query.on, today, 'on');
  const answer = problems.length > 0 ? null : parts.treaties.parties(ctx, { instrument: id, on: day });
  const shown = Status.safeParse(query.show);
  const props = {
    view,
    instrument,
    positions: parts.treaties.positions(ctx, id, day),
    declarations,
    shown: shown.success ? shown.data : null,
    typed,
    today,
    problems,
  };
  if (alone && answer) return page(<MapPage {...props} answer={answer} />);
  return page(<InstrumentPage {...props} answer={answer} />, problems.length > 0 ? 422 : 200);
}

async function textOf(parts: LawParts, ctx: Context, found: Found): Promise<InstalledText | undefined> {
  const { textId } = found.facts.instruments.get(found.id)!;
  return textId === null ? undefined : (await parts.texts(ctx))(textId);
}

async function showArticles(parts: LawParts, call: Call): Promise<PageAnswer> {
  const found = find(parts, call);
  const { view, ctx } = call;
  if (found.id !== call.params.instrument) return redirect(`/law/${found.id}/articles`);
  return page(<ArticlesPage view={view} {...found} installed={await textOf(parts, ctx, found)} />);
}

async function showArticle(parts: LawParts, call: Call): Promise<PageAnswer> {
  const found = find(parts, call);
  const { view, ctx, params } = call;
  const asked = params.article ?? '';
  // `18(9)` is a place in article 18.
  const place = /^(\d+)\((\d+)\)/.exec(asked);
  const article = place?.[1] ?? asked;
  if (place || found.id !== params.instrument)
    return redirect(`/law/${found.id}/${article}${place?.[2] ? `#p${place[2]}` : ''}`);
  const installed = await textOf(parts, ctx, found);
  const listed = articlesOf(found.id, installed);
  if (!listed.includes(article)) {
    const near = nearestArticles(listed, article);
    return page(<ArticleMissing view={view} {...found} installed={installed} asked={asked} near={near} />, 404);
  }
  const readings = [...(found.facts.readings.get(found.id)?.values() ?? [])]
    .flat()
    .filter((reading) => reading.articles.some((one) => overlaps(one, { article, steps: [] })))
    .map((reading) => shownReading(reading, false));
  return page(<ArticlePage view={view} {...found} installed={installed} article={article} readings={readings} />);
}

async function showDeclarations(parts: LawParts, call: Call): Promise<PageAnswer> {
  const found = find(parts, call);
  const { view, ctx } = call;
  if (found.id !== call.params.instrument) return redirect(`/law/${found.id}/declarations`);
  const { id, facts } = found;
  const words = await parts.declarations(ctx);
  const keys = [...facts.declarations.keys(), ...facts.notifications.keys()].filter((key) => key.startsWith(`${id} `));
  const states = new Set([...keys.map((key) => key.slice(id.length + 1)), ...(facts.readings.get(id)?.keys() ?? [])]);
  const said = [...states].map((code): StateSaid => {
    const state = facts.states.byCode.get(code as never)!.code;
    return {
      state,
      declarations: facts.declarations.get(`${id} ${state}`) ?? [],
      readings: (facts.readings.get(id)?.get(state) ?? []).map((reading) => shownReading(reading, false)),
      notifications: facts.notifications.get(`${id} ${state}`) ?? [],
      text: words(id, state),
    };
  });
  return page(<DeclarationsPage view={view} {...found} said={said} />);
}

function showTotals(parts: LawParts, call: Call): PageAnswer {
  const found = find(parts, call);
  const { view, ctx } = call;
  if (found.id !== call.params.instrument) return redirect(`/law/${found.id}/totals`);
  return page(
    <TotalsPage
      view={view}
      {...found}
      years={parts.treaties.totals(ctx, found.id)}
      recounts={parts.treaties.verify(ctx).rows.filter((row) => row.instrument === found.id)}
    />,
  );
}

/** Pages of one treaty. The literal ones stand before the page of an article. */
export function instrumentRoutes(parts: LawParts): { path: string; handler: Handler }[] {
  return [
    { path: '/law/:instrument/map', handler: (call) => showStatus(parts, call, true) },
    { path: '/law/:instrument/articles', handler: (call) => showArticles(parts, call) },
    { path: '/law/:instrument/declarations', handler: (call) => showDeclarations(parts, call) },
    { path: '/law/:instrument/totals', handler: (call) => showTotals(parts, call) },
    { path: '/law/:instrument/:article', handler: (call) => showArticle(parts, call) },
    { path: '/law/:instrument', handler: (call) => showStatus(parts, call, false) },
  ];
}
