import { z } from 'zod';
import { Invalid } from '../../../platform/errors.ts';
import { apiRoute, type ApiRoute } from '../../../platform/http/routes.ts';
import { Hash, Instant, Sha256 } from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import type { Requests } from '../service/index.ts';
import { checkContent, checkFile, issueDocument, mediaTypes, type PrintSetting } from './issue.ts';
import { readPrintLanguages, readSha256, renditionFormats, toVerifyAnswer } from './rendition.ts';

const Rendition = z.object({
  reference: z.string(),
  requestVersion: z.number().int(),
  language: z.string().describe('Languages of the paper in their order, `en,ar`'),
  format: z.enum(renditionFormats),
  contentHash: Hash,
  fileSha256: Sha256,
  releasedAt: Instant,
});

const VerifyAnswer = z.object({
  kind: z.literal('requests.verification'),
  version: z.literal(1),
  known: z.boolean(),
  by: z.enum(['file', 'content']),
  rendition: Rendition.nullable(),
});

/** The paper of a request, and the public check of papers. */
export function documentsApi(parts: { requests: Requests; printSetting: PrintSetting }): ApiRoute<Context>[] {
  const route = apiRoute<Context>();
  return [
    route({
      method: 'get',
      path: '/api/requests/:ref/document',
      permission: 'requests.print',
      audit: 'requests.print',
      tag: 'requests',
      summary: 'The paper of a request. A signed one is released and known by its hash.',
      input: {
        params: z.object({ ref: z.string().max(40) }),
        query: z.object({
          format: z.enum(renditionFormats).default('pdf'),
          languages: z.string().max(20).default('en,ar'),
        }),
      },
      output: { files: Object.values(mediaTypes) },
      handler: async ({ ctx, params, query }) =>
        issueDocument(ctx, parts, {
          reference: params.ref,
          format: query.format,
          languages: readPrintLanguages(query.languages),
        }),
    }),
    route({
      method: 'get',
      path: '/api/verify',
      permission: 'requests.verify',
      tag: 'requests',
      summary: 'Whether this node released a file, by its SHA-256, or the content a paper names.',
      input: {
        query: z.object({ sha256: z.string().max(200).optional(), content: z.string().max(80).optional() }),
      },
      output: VerifyAnswer,
      handler: async ({ ctx, query }) => {
        const hash = readSha256(query.content ?? query.sha256 ?? '');
        if (!hash) throw new Invalid('work.verify-bad', { params: { given: query.content ?? query.sha256 ?? '' } });
        return query.content === undefined
          ? toVerifyAnswer('file', await checkFile(ctx, hash))
          : toVerifyAnswer('content', await checkContent(ctx, Hash.parse(`sha256:${hash}`)));
      },
    }),
  ];
}
