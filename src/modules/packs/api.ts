import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../../platform/http/routes.ts';
import type { Context } from '../identity/index.ts';
import { Pack } from './schema.ts';
import { listPacks } from './service.ts';

export function packsApi(): ApiRoute<Context>[] {
  return [
    apiRoute<Context>()({
      method: 'get',
      path: '/api/packs',
      permission: 'packs.read',
      tag: 'packs',
      summary: 'Lists the reference packs of this node.',
      input: {},
      output: z.object({ kind: z.literal('packs.list'), version: z.literal(1), packs: z.array(Pack) }),
      handler: async ({ ctx }) => ({ kind: 'packs.list', version: 1, packs: await listPacks(ctx) }),
    }),
  ];
}
