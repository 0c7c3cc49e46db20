import { page, redirect, type PageRoute } from '../../../platform/http/routes.ts';
import { problem, type Problem } from '../../../platform/values/index.ts';
import { readForm, type Typed, type View } from '../../../web/index.ts';
import type { Context } from '../../identity/index.ts';
import { namedSubject } from '../compare.ts';
import { cleanName } from '../rules/index.ts';
import { compareAudited, type Goods } from '../service.ts';
import { reachOf } from './frame.tsx';
import { judgementForm, LedgerPage } from './ledger.tsx';
import { matchForm, MatchPage } from './match.tsx';
import {
  mostNames,
  screenForm,
  ScreenPage,
  shownCandidates,
  type ScreenedName,
  type ScreenedNames,
} from './screen.tsx';

/** Pages of comparing two names, of screening a list, and of the ledger. */
export function goodsPages(goods: Goods): PageRoute<Context, View>[] {
  return [...matchPages(), ...screenPages(goods), ...ledgerPages(goods)];
}

function matchPages(): PageRoute<Context, View>[] {
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/intelligence/match',
      permission: 'goods.compare',
      handler: async ({ ctx, view }) =>
        page(<MatchPage view={view} reach={reachOf(ctx)} typed={{ schema: ['Person'] }} problems={[]} />),
    },
    {
      kind: 'page',
      method: 'post',
      path: '/intelligence/match',
      permission: 'goods.compare',
      audit: 'goods.compare',
      handler: async ({ ctx, view, form }) => {
        const read = readForm(view, matchForm, form);
        const shared = { view, reach: reachOf(ctx), typed: read.typed };
        if (!read.ok) return page(<MatchPage {...shared} problems={read.error} />, 422);
        const { left, right, schema, bornLeft, bornRight } = read.value;
        const subject = (text: string, on: string | undefined) =>
          namedSubject(text, schema, on === undefined ? {} : { birthDates: [on] });
        const found = await compareAudited(ctx, subject(left, bornLeft), subject(right, bornRight));
        if (found) return page(<MatchPage {...shared} problems={[]} found={found} />);
        return page(<MatchPage {...shared} problems={[problem('goods.match-no-score', ['left'])]} />, 422);
      },
    },
  ];
}

function screenPages(goods: Goods): PageRoute<Context, View>[] {
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/intelligence/screen',
      permission: 'goods.screen',
      handler: async ({ ctx, view }) => {
        const lists = await goods.listLists(ctx);
        const [first, ...others] = [...new Set(lists.map(({ id }) => id))];
        // With one list there is nothing to choose.
        const typed = { schema: ['Thing'], ...(first !== undefined && others.length === 0 ? { list: [first] } : {}) };
        return page(
          <ScreenPage view={view} reach={reachOf(ctx)} zone={ctx.zone} lists={lists} typed={typed} problems={[]} />,
        );
      },
    },
    {
      kind: 'page',
      method: 'post',
      path: '/intelligence/screen',
      permission: 'goods.screen',
      audit: 'goods.screen',
      handler: async ({ ctx, view, form }) => {
        const lists = await goods.listLists(ctx);
        const read = readForm(view, screenForm, form);
        const shared = { view, reach: reachOf(ctx), zone: ctx.zone, lists, typed: read.typed };
        const refused = (problems: readonly Problem[]) => page(<ScreenPage {...shared} problems={problems} />, 422);
        if (!read.ok) return refused(read.error);
        const { list: id, names: text, schema, born, reference } = read.value;
        const list = lists.find((one) => one.id === id);
        if (!list) return refused([problem('goods.screen-list-missing', ['list'])]);
        const queries = text
          .split(/\r?\n/)
          .map((line) => line.trim())
          .filter((line) => line !== '');
        if (queries.length > mostNames)
          return refused([problem('goods.screen-too-many', ['names'], { params: { most: mostNames } })]);
        const facts = queries.length === 1 && born !== undefined ? { birthDates: [born] } : {};
        const names: ScreenedName[] = [];
        for (const query of queries) {
          if (!cleanName(query).ok) {
            names.push({ query, truncated: false });
            continue;
          }
          const answer = await goods.screen(ctx, id, namedSubject(query, schema, facts), shownCandidates);
          names.push({ query, ...answer });
        }
        const screened: ScreenedNames = { list, names, reference };
        return page(<ScreenPage {...shared} problems={[]} screened={screened} />);
      },
    },
  ];
}

function ledgerPages(goods: Goods): PageRoute<Context, View>[] {
  const ledger = async (ctx: Context, view: View, typed: Typed = {}, problems: readonly Problem[] = []) =>
    page(
      <LedgerPage
        view={view}
        zone={ctx.zone}
        reach={reachOf(ctx)}
        judgements={await goods.listJudgements(ctx)}
        typed={typed}
        problems={problems}
      />,
      problems.length > 0 ? 422 : 200,
    );
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/intelligence/judgements',
      permission: 'goods.judge',
      // A candidate of a screening leads here with both ids.
      handler: ({ ctx, view, query }) => {
        const given = (name: string) => (query[name] ?? '').slice(0, 200);
        return ledger(ctx, view, { leftId: [given('left')], rightId: [given('right')] });
      },
    },
    {
      kind: 'page',
      method: 'post',
      path: '/intelligence/judgements',
      permission: 'goods.judge',
      audit: 'goods.judge',
      handler: async ({ ctx, view, form }) => {
        const read = readForm(view, judgementForm, form);
        if (!read.ok) return ledger(ctx, view, read.typed, read.error);
        const judged = await goods.judge(ctx, read.value);
        return judged.ok ? redirect('/intelligence/judgements') : ledger(ctx, view, read.typed, judged.error);
      },
    },
    {
      kind: 'page',
      method: 'post',
      path: '/intelligence/judgements/:id/withdraw',
      permission: 'goods.judge',
      audit: 'goods.withdraw-judgement',
      handler: async ({ ctx, view, params }) => {
        await goods.withdraw(ctx, params.id ?? '', view.t('goods.ledger-withdrawn-why'));
        return redirect('/intelligence/judgements');
      },
    },
  ];
}
