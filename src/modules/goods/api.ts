import { z } from 'zod';
import { Invalid } from '../../platform/errors.ts';
import { apiRoute, type ApiRoute } from '../../platform/http/routes.ts';
import type { Context } from '../identity/index.ts';
import { Comparison, Judgement, JudgementInput, LoadedList, ScreeningCandidate, Subject } from './schema/index.ts';
import { toCandidates } from './screening.ts';
import { compareAudited, type Goods } from './service.ts';

const versioned = <K extends string>(kind: K) => ({ kind: z.literal(kind), version: z.literal(1) });
const Pair = z.object({ left: Subject, right: Subject, prior: z.number().gt(0).lt(1).default(0.5) });
const Screening = z.object({ list: z.string().min(1), subject: Subject, limit: z.int().min(1).max(50).default(10) });

/** Routes of comparing, screening and judging. */
export function goodsApi(goods: Goods): ApiRoute<Context>[] {
  return [
    apiRoute<Context>()({
      method: 'post',
      path: '/api/goods/comparisons',
      permission: 'goods.compare',
      audit: 'goods.compare',
      tag: 'goods',
      summary: 'Compares two persons, bodies or vessels and says why; nothing is kept.',
      input: { body: Pair },
      output: z.object({ ...versioned('goods.comparison'), comparison: Comparison }),
      handler: async ({ ctx, body }) => {
        const comparison = await compareAudited(ctx, body.left, body.right, body.prior);
        if (!comparison) throw new Invalid('goods.name-empty');
        return { kind: 'goods.comparison', version: 1, comparison };
      },
    }),
    apiRoute<Context>()({
      method: 'get',
      path: '/api/goods/lists',
      permission: 'goods.screen',
      tag: 'goods',
      summary: 'Lists the versions of lists on this node, the newest first.',
      input: {},
      output: z.object({ ...versioned('goods.lists'), lists: z.array(LoadedList) }),
      handler: async ({ ctx }) => ({ kind: 'goods.lists', version: 1, lists: await goods.listLists(ctx) }),
    }),
    apiRoute<Context>()({
      method: 'post',
      path: '/api/goods/screenings',
      permission: 'goods.screen',
      audit: 'goods.screen',
      tag: 'goods',
      summary: 'Screens one subject against the newest version of a loaded list.',
      input: { body: Screening },
      output: z.object({
        ...versioned('goods.screened'),
        candidates: z.array(ScreeningCandidate),
        truncated: z.boolean(),
      }),
      handler: async ({ ctx, body }) => {
        const { list, subject, limit } = body;
        const { found, truncated } = await goods.screen(ctx, list, subject, limit);
        return { kind: 'goods.screened', version: 1, candidates: toCandidates(found, true), truncated };
      },
    }),
    apiRoute<Context>()({
      method: 'get',
      path: '/api/goods/judgements',
      permission: 'goods.judge',
      tag: 'goods',
      summary: 'The ledger of judgements, all or those of one entity, withdrawn ones among them.',
      input: { query: z.object({ entity: z.string().max(200).optional() }) },
      output: z.object({ ...versioned('goods.judgements'), judgements: z.array(Judgement) }),
      handler: async ({ ctx, query }) => ({
        kind: 'goods.judgements',
        version: 1,
        judgements: await goods.listJudgements(ctx, query.entity),
      }),
    }),
    apiRoute<Context>()({
      method: 'post',
      path: '/api/goods/judgements',
      permission: 'goods.judge',
      audit: 'goods.judge',
      tag: 'goods',
      summary: 'Records that two entities are the same, are not, or that it cannot be said.',
      input: { body: JudgementInput },
      output: z.object({ ...versioned('goods.judgement'), judgement: Judgement }),
      handler: async ({ ctx, body }) => {
        const judged = await goods.judge(ctx, body);
        if (!judged.ok) throw new Invalid(judged.error[0]?.code ?? 'goods.verdict-needed', { problems: judged.error });
        return { kind: 'goods.judgement', version: 1, judgement: judged.value };
      },
    }),
    apiRoute<Context>()({
      method: 'post',
      path: '/api/goods/judgements/:id/withdraw',
      permission: 'goods.judge',
      audit: 'goods.withdraw-judgement',
      tag: 'goods',
      summary: 'Takes a judgement back; it stays in the ledger.',
      input: { params: z.object({ id: z.uuid() }), body: z.object({ why: z.string().trim().min(1).max(2000) }) },
      output: z.object({ ...versioned('goods.judgement'), judgement: Judgement }),
      handler: async ({ ctx, params, body }) => ({
        kind: 'goods.judgement',
        version: 1,
        judgement: await goods.withdraw(ctx, params.id, body.why),
      }),
    }),
  ];
}
