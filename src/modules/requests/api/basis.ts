import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../../../platform/http/routes.ts';
import { PlainDate, StateCode } from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import type { Requests } from '../service/index.ts';
import { refParams, saved, View } from './shapes.ts';

const LawAnswer = z.enum(['yes', 'needs-consent', 'unknown', 'no']);

const BasisAnswer = z.object({
  kind: z.literal('requests.basis'),
  version: z.literal(1),
  onRequest: PlainDate,
  onOffence: PlainDate.nullable(),
  answer: LawAnswer,
  options: z.array(
    z.object({
      instrument: z.string(),
      article: z.string(),
      answer: LawAnswer,
      onOffence: LawAnswer.nullable(),
      conditions: z.array(
        z.object({
          code: z.string(),
          answer: LawAnswer,
          article: z.string().nullable(),
          text: z.string(),
          informs: z.boolean(),
        }),
      ),
      reservations: z.array(
        z.object({
          id: z.string(),
          state: StateCode,
          article: z.string(),
          position: z.string(),
          source: z.string(),
          confirmed: z.boolean(),
          acknowledged: z.boolean(),
        }),
      ),
      chosen: z.enum(['primary', 'alternative']).nullable(),
    }),
  ),
  missing: z.array(z.object({ code: z.string(), ask: z.string() })),
  otherTreaties: z.array(z.object({ title: z.string(), reference: z.string() })).nullable(),
  problem: z.string().nullable(),
  datasetSha256: z.string().nullable(),
});

/** The bases a request may rest on. */
export function basisApi(requests: Requests): ApiRoute<Context>[] {
  const route = apiRoute<Context>();
  return [
    route({
      method: 'get',
      path: '/api/requests/:ref/basis',
      permission: 'requests.read',
      audit: 'requests.read',
      tag: 'requests',
      summary: 'Every basis the request may rest on today, best first, and what is missing to be sure.',
      input: { params: refParams },
      output: BasisAnswer,
      handler: async ({ ctx, params }) => ({
        kind: 'requests.basis',
        version: 1,
        ...(await requests.basisOptions(ctx, params.ref)),
      }),
    }),
    route({
      method: 'post',
      path: '/api/requests/:ref/basis',
      permission: 'requests.edit',
      audit: 'requests.edit',
      tag: 'requests',
      summary: 'Takes a basis and stores what the law says of it. No basis is refused.',
      input: {
        params: refParams,
        body: z.strictObject({
          instrument: z.string().min(1).max(200),
          article: z.string().max(200).optional(),
          as: z.enum(['primary', 'alternative']).optional(),
          acknowledged: z.array(z.string().max(200)).max(200).optional(),
          seen: z.int().min(1).optional(),
        }),
      },
      output: View,
      handler: async ({ ctx, params, body }) => saved(await requests.chooseBasis(ctx, params.ref, body)),
    }),
  ];
}
