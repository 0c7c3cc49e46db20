import { NotFound } from '../../../platform/errors.ts';
import { page, redirect, type PageAnswer, type PageRoute } from '../../../platform/http/routes.ts';
import { problem, type Problem, type StateCode } from '../../../platform/values/index.ts';
import type { View } from '../../../web/index.ts';
import type { Context } from '../../identity/index.ts';
import { parseState, type TreatyFacts } from '../rules/index.ts';
import { AboutPage } from './about.tsx';
import { ActPage } from './act.tsx';
import { BasisPage } from './basis/index.tsx';
import { proposalRoutes } from './proposals.tsx';
import { instrumentRoutes } from './treaty.tsx';
import { InstrumentsPage } from './instruments.tsx';
import { StatePage } from './state.tsx';
import { dayOf, instrumentOr404, type Call, type LawParts } from './parts.ts';

export type { LawParts } from './parts.ts';
export type { DeclarationText } from './readings.tsx';
export type { InstalledText } from './treaty.tsx';

function stateOr404(facts: TreatyFacts, text: string): StateCode {
  const found = parseState(facts.states, text);
  if (!found.ok)
    throw new NotFound('treaties.unknown-state', { params: found.error[0]?.params ?? {}, problems: found.error });
  return found.value;
}

/** Cells that a spreadsheet would take for a formula are told to be text. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function partiesCsv(parts: LawParts, { ctx, view, params, query }: Call): PageAnswer {
  const facts = parts.treaties.facts();
  const id = instrumentOr404(facts, params.instrument ?? '');
  const { day } = dayOf(view, query.on, ctx.today(), 'on');
  const answer = parts.treaties.parties(ctx, { instrument: id, on: day });
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const rows = [...answer.parties, ...answer.undated].map((row) =>
    [
      row.state,
      row.name,
      row.status,
      row.act.kind,
      text(row.act.deposited),
      text(row.act.effect),
      row.act.effectBasis,
      row.act.source,
      row.act.asOf,
    ]
      .map(csvCell)
      .join(','),
  );
  const head = 'state,name,status,act,deposited,effect,effect_basis,source,as_of';
  return {
    type: 'file',
    file: {
      bytes: Buffer.from([head, ...rows, ''].join('\n')),
      mediaType: 'text/csv; charset=utf-8',
      fileName: `${id}-${day}.csv`,
    },
  };
}

async function showState(parts: LawParts, { ctx, view, params, query }: Call): Promise<PageAnswer> {
  const facts = parts.treaties.facts();
  const state = stateOr404(facts, params.state ?? '');
  if (state !== params.state) return redirect(`/law/states/${state}`);
  const today = ctx.today();
  const { day, typed, problems } = dayOf(view, query.on, today, 'on');
  const texts = await parts.declarations(ctx);
  return page(
    <StatePage
      view={view}
      answer={parts.treaties.state(ctx, { state, on: day })}
      instruments={facts.instruments}
      textOf={(instrument) => texts(instrument, state)}
      typed={typed}
      today={today}
      problems={problems}
    />,
    problems.length > 0 ? 422 : 200,
  );
}

/** A select, a repeated check box and a link all come down to the same query. */
function askBasis(parts: LawParts, { ctx, view, query }: Call, tests: string[]): PageAnswer {
  const facts = parts.treaties.facts();
  const problems: Problem[] = [];
  const today = ctx.today();
  const on = dayOf(view, query.on, today, 'on');
  problems.push(...on.problems);
  const offenceDate = query.offenceDate ? dayOf(view, query.offenceDate, today, 'offenceDate') : null;
  problems.push(...(offenceDate?.problems ?? []));
  const read = (name: 'from' | 'to') => {
    if (!query[name]) return null;
    const found = parseState(facts.states, query[name], [name]);
    if (found.ok) return found.value;
    problems.push(...found.error);
    return null;
  };
  const from = read('from');
  const to = read('to');
  if (from && from === to) problems.push(problem('treaties.same-state', ['to']));
  const penalty = query.penalty?.trim() ? Number(query.penalty) : null;
  if (penalty !== null && (!Number.isInteger(penalty) || penalty < 0 || penalty > 200))
    problems.push(problem('http.wrong-value', ['penalty']));
  const typed: Record<string, string> = {
    ...query,
    on: on.typed,
    ...(offenceDate ? { offenceDate: offenceDate.typed } : {}),
  };
  const states = [...facts.states.byCode.keys()].map((code) => ({ code, name: view.stateName(code) }));
  const common = { view, typed, chosenTests: tests, states, titles: facts.instruments, problems };
  if (!from || !to || problems.length > 0)
    return page(<BasisPage {...common} answer={null} />, problems.length > 0 ? 422 : 200);
  const answer = parts.treaties.basis(ctx, {
    from,
    to,
    measure: query.measure ?? 'mla',
    on: on.day,
    offenceDate: offenceDate?.day,
    offences: query.offence ? [query.offence] : [],
    penalty: query.penalty || undefined,
    group: query.group || undefined,
    transnational: tests,
  });
  const startHref = ctx.may('evidence.open-case-file') && from === ctx.state ? `/requests/new?to=${to}` : undefined;
  return page(<BasisPage {...common} answer={answer} startHref={startHref} />);
}

/** Pages of the law; public, in the reader's language, complete without scripts. */
export function treatiesPages(parts: LawParts): PageRoute<Context, View>[] {
  const get = (path: string, handler: (call: Call) => PageAnswer | Promise<PageAnswer>): PageRoute<Context, View> => ({
    kind: 'page',
    method: 'get',
    path,
    permission: 'treaties.read',
    async handler(call) {
      await parts.treaties.refresh(call.ctx);
      return handler(call);
    },
  });
  return [
    get('/law', ({ ctx, view }) =>
      page(
        <InstrumentsPage view={view} answer={parts.treaties.instruments(ctx)} mayImport={ctx.may('treaties.import')} />,
      ),
    ),
    get('/law/basis', (call) => askBasis(parts, call, call.queries.transnational ?? [])),
    get('/law/states/:state', (call) => showState(parts, call)),
    get('/law/acts/:id', ({ ctx, view, params }) => {
      const facts = parts.treaties.facts();
      const answer = parts.treaties.act(ctx, params.id ?? '');
      return page(<ActPage view={view} answer={answer} instrument={facts.instruments.get(answer.act.instrument)!} />);
    }),
    get('/law/:instrument/parties.csv', (call) => partiesCsv(parts, call)),
    get('/law/about', ({ ctx, view }) =>
      page(
        <AboutPage
          view={view}
          sources={[...parts.treaties.facts().sources.values()]}
          dataset={parts.treaties.instruments(ctx).dataset}
        />,
      ),
    ),
    ...proposalRoutes(parts),
    ...instrumentRoutes(parts).map((one) => get(one.path, one.handler)),
  ];
}
