import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../../platform/http/routes.ts';
import type { Context } from '../identity/index.ts';
import {
  ActAnswer,
  BasisAnswer,
  HistoryAnswer,
  InstrumentsAnswer,
  MatrixAnswer,
  PartiesAnswer,
  StateAnswer,
  VerifyAnswer,
} from './schema/index.ts';
import type { Treaties } from './service.ts';

const On = z.object({ on: z.string().optional() });
const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();
const list = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(',').filter((one) => one !== ''))])
  .optional();

const BasisQuery = z.object({
  from: z.string(),
  to: z.string(),
  measure: z.string(),
  on: z.string().optional(),
  offenceDate: z.string().optional(),
  offence: list,
  penalty: z.string().optional(),
  penaltyTo: z.string().optional(),
  group: z.string().optional(),
  transnational: list,
  personIn: z.string().optional(),
  legalPerson: flag,
  coercive: flag,
  territoryFrom: z.string().optional(),
  territoryTo: z.string().optional(),
});

/** Public reads; the entity tag is the hash of the data and the day, since an absent `on` means today. */
export function treatiesApi(treaties: Treaties): ApiRoute<Context>[] {
  const shared = {
    permission: 'treaties.read',
    tag: 'treaties',
    etag: (ctx: Context) => `${treaties.facts().sha256}-${ctx.locale}-${ctx.today()}`,
  } as const;
  const route = apiRoute<Context>();
  const fresh = async (ctx: Context) => {
    await treaties.refresh(ctx);
    return treaties;
  };
  return [
    route({
      ...shared,
      method: 'get',
      path: '/api/treaties/instruments',
      summary: 'Lists the instruments with counts, coverage and published totals.',
      input: { query: On },
      output: InstrumentsAnswer,
      handler: async ({ ctx, query }) => (await fresh(ctx)).instruments(ctx, query.on),
    }),
    route({
      ...shared,
      method: 'get',
      path: '/api/treaties/instruments/:instrument/parties',
      summary: 'Counts and lists the parties to an instrument on a day.',
      input: {
        params: z.object({ instrument: z.string() }),
        query: z.object({ on: z.string().optional(), by: z.string().optional() }),
      },
      output: PartiesAnswer,
      handler: async ({ ctx, params, query }) => (await fresh(ctx)).parties(ctx, { ...params, ...query }),
    }),
    route({
      ...shared,
      method: 'get',
      path: '/api/treaties/states/:state',
      summary: 'Shows one State and every instrument on a day.',
      input: { params: z.object({ state: z.string() }), query: On },
      output: StateAnswer,
      handler: async ({ ctx, params, query }) => (await fresh(ctx)).state(ctx, { ...params, ...query }),
    }),
    route({
      ...shared,
      method: 'get',
      path: '/api/treaties/states/:state/history/:instrument',
      summary: 'Every act of one State under one instrument, and each day its status changed.',
      input: { params: z.object({ state: z.string(), instrument: z.string() }) },
      output: HistoryAnswer,
      handler: async ({ ctx, params }) => (await fresh(ctx)).history(ctx, params),
    }),
    route({
      ...shared,
      method: 'get',
      path: '/api/treaties/basis',
      summary: 'Ranks the instruments on which one State may ask another for a form of cooperation.',
      input: { query: BasisQuery },
      output: BasisAnswer,
      handler: async ({ ctx, query }) => {
        const { offence, ...asked } = query;
        return (await fresh(ctx)).basis(ctx, { ...asked, offences: offence });
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/api/treaties/matrix',
      summary: 'Best answer of every ordered pair of States for one measure.',
      input: { body: z.object({ measure: z.string(), on: z.string().optional() }) },
      output: MatrixAnswer,
      handler: async ({ ctx, body }) => (await fresh(ctx)).matrix(ctx, body),
    }),
    route({
      ...shared,
      method: 'get',
      path: '/api/treaties/acts/:id',
      summary: 'Shows one act, its sources and what it corrected.',
      input: { params: z.object({ id: z.string() }) },
      output: ActAnswer,
      handler: async ({ ctx, params }) => (await fresh(ctx)).act(ctx, params.id),
    }),
    route({
      ...shared,
      method: 'get',
      path: '/api/treaties/verify',
      summary: 'Recounts published totals and explains each difference.',
      input: {},
      output: VerifyAnswer,
      handler: async ({ ctx }) => (await fresh(ctx)).verify(ctx),
    }),
  ];
}
