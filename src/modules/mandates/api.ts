import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../../platform/http/routes.ts';
import { recordAudit } from '../audit/index.ts';
import type { Context } from '../identity/index.ts';
import { toAkomaNtoso } from './rules/akn/export.ts';
import { Resolution } from './schema.ts';
import { readFile } from './service.ts';

const Given = z.object({
  /** Markdown, plain text, HTML, Akoma Ntoso or JSON of ours. */
  text: z.string().max(2_000_000).optional(),
  /** A file of any known format, base64. */
  file: z.string().max(2_800_000).optional(),
  language: z.enum(['en', 'fr', 'es', 'ru', 'ar', 'zh']).optional(),
  style: z.enum(['un', 'interpol', 'conference']).optional(),
  as: z.enum(['json', 'akn']).default('json'),
});
const Several = z.object({
  kind: z.literal('mandates.resolutions'),
  version: z.literal(1),
  resolutions: z.array(Resolution),
});
const Written = z.object({ kind: z.literal('mandates.akn'), version: z.literal(1), documents: z.array(z.string()) });

/** Routes of the parser. Nothing that comes in is kept. */
export function mandatesApi(): ApiRoute<Context>[] {
  return [
    apiRoute<Context>()({
      method: 'post',
      path: '/api/mandates/parse',
      permission: 'mandates.parse',
      audit: 'mandates.parse',
      tag: 'mandates',
      summary:
        'Reads a resolution: what each paragraph asks of whom. Several in one file come as a list; nothing is kept.',
      input: { body: Given },
      output: z.union([Resolution, Several, Written]),
      handler: async ({ ctx, body }) => {
        const bytes = body.file === undefined ? Buffer.from(body.text ?? '', 'utf8') : Buffer.from(body.file, 'base64');
        const { source, resolutions } = await readFile(bytes, { language: body.language, style: body.style });
        await ctx.transaction((tx) =>
          recordAudit(
            tx,
            ctx,
            'mandates.parse',
            { kind: 'resolution-text', id: source.sha256 },
            { format: source.format },
          ),
        );
        if (body.as === 'akn') return { kind: 'mandates.akn', version: 1, documents: resolutions.map(toAkomaNtoso) };
        const [first] = resolutions;
        return resolutions.length === 1 && first ? first : { kind: 'mandates.resolutions', version: 1, resolutions };
      },
    }),
  ];
}
