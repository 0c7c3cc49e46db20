import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../../platform/http/routes.ts';
import { Problem } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import {
  CaseFile,
  CaseFileChange,
  CaseFileId,
  EvidenceFile,
  EvidenceFileId,
  ListedCustody,
  NewCaseFile,
} from './schema.ts';
import type { Evidence } from './service/index.ts';

const one = z.object({ kind: z.literal('case-file'), version: z.literal(1), caseFile: CaseFile });
const caseFileParams = z.object({ id: CaseFileId });
const fileParams = z.object({ id: EvidenceFileId });

export function evidenceApi(evidence: Evidence): ApiRoute<Context>[] {
  const route = apiRoute<Context>();
  const answer = (caseFile: CaseFile) => ({ kind: 'case-file' as const, version: 1 as const, caseFile });
  return [
    route({
      method: 'get',
      path: '/api/case-files',
      permission: 'evidence.list-case-files',
      tag: 'evidence',
      summary: 'Lists the case files you may know of, newest first.',
      input: {
        query: z.object({ after: CaseFileId.optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }),
      },
      output: z.object({
        kind: z.literal('case-files'),
        version: z.literal(1),
        caseFiles: z.array(CaseFile),
        more: z.boolean(),
      }),
      handler: async ({ ctx, query }) => ({
        kind: 'case-files',
        version: 1,
        ...(await evidence.listCaseFiles(ctx, query)),
      }),
    }),
    route({
      method: 'post',
      path: '/api/case-files',
      permission: 'evidence.open-case-file',
      audit: 'evidence.open-case-file',
      tag: 'evidence',
      summary: 'Opens a case file.',
      status: 201,
      input: { body: NewCaseFile },
      output: one,
      handler: async ({ ctx, body }) => answer(await evidence.openCaseFile(ctx, body)),
    }),
    route({
      method: 'get',
      path: '/api/case-files/:id',
      permission: 'evidence.read-case-file',
      audit: 'evidence.read-case-file',
      tag: 'evidence',
      summary: 'Answers one case file.',
      input: { params: caseFileParams },
      output: one,
      handler: async ({ ctx, params }) => answer(await evidence.getCaseFile(ctx, params.id)),
    }),
    route({
      method: 'put',
      path: '/api/case-files/:id',
      permission: 'evidence.edit-members',
      audit: 'evidence.change-case-file',
      tag: 'evidence',
      summary: 'Changes title, handling, retention or hold of a case file.',
      input: { params: caseFileParams, body: CaseFileChange },
      output: one,
      handler: async ({ ctx, params, body }) => answer(await evidence.changeCaseFile(ctx, params.id, body)),
    }),
    route({
      method: 'put',
      path: '/api/case-files/:id/members/:personId',
      permission: 'evidence.edit-members',
      audit: 'evidence.add-member',
      tag: 'evidence',
      summary: 'Adds a person to a case file.',
      input: { params: caseFileParams.extend({ personId: z.string().min(1).max(100) }) },
      output: one,
      handler: async ({ ctx, params }) => answer(await evidence.addMember(ctx, params.id, params.personId)),
    }),
    route({
      method: 'delete',
      path: '/api/case-files/:id/members/:personId',
      permission: 'evidence.edit-members',
      audit: 'evidence.end-membership',
      tag: 'evidence',
      summary: 'Ends the membership of a person in a case file.',
      input: { params: caseFileParams.extend({ personId: z.string().min(1).max(100) }) },
      output: z.object({ kind: z.literal('done'), version: z.literal(1) }),
      handler: async ({ ctx, params }) => {
        await evidence.endMembership(ctx, params.id, params.personId);
        return { kind: 'done', version: 1 };
      },
    }),
    route({
      method: 'get',
      path: '/api/case-files/:id/files',
      permission: 'evidence.read-case-file',
      audit: 'evidence.list-files',
      tag: 'evidence',
      summary: 'Lists the files of a case file.',
      input: { params: caseFileParams },
      output: z.object({ kind: z.literal('evidence-files'), version: z.literal(1), files: z.array(EvidenceFile) }),
      handler: async ({ ctx, params }) => ({
        kind: 'evidence-files',
        version: 1,
        files: await evidence.listFiles(ctx, params.id),
      }),
    }),
    route({
      method: 'post',
      path: '/api/case-files/:id/files',
      permission: 'evidence.add-file',
      audit: 'evidence.add-file',
      tag: 'evidence',
      summary: 'Adds a small file, up to 700 kB, as base64. Larger files go through the browser or the command line.',
      status: 201,
      input: {
        params: caseFileParams,
        body: z.strictObject({ fileName: z.string().min(1).max(500), content: z.base64().max(980_000) }),
      },
      output: z.object({ kind: z.literal('evidence-file'), version: z.literal(1), file: EvidenceFile }),
      handler: async ({ ctx, params, body }) => ({
        kind: 'evidence-file',
        version: 1,
        file: await evidence.addFile(ctx, params.id, {
          fileName: body.fileName,
          bytes: Buffer.from(body.content, 'base64'),
        }),
      }),
    }),
    route({
      method: 'get',
      path: '/api/evidence-files/:id/content',
      permission: 'evidence.read-case-file',
      audit: 'evidence.read-file',
      tag: 'evidence',
      summary: 'Answers the bytes of a file. Each call is a custody entry.',
      input: { params: fileParams },
      output: { files: ['application/octet-stream'] },
      handler: async ({ ctx, params }) => {
        const { file, bytes } = await evidence.readFile(ctx, params.id);
        // Never under its own type: what is stored is not ours and is not rendered by a browser.
        return { stream: bytes, mediaType: 'application/octet-stream', fileName: file.fileName };
      },
    }),
    route({
      method: 'get',
      path: '/api/evidence-files/:id/custody',
      permission: 'evidence.read-case-file',
      audit: 'evidence.read-custody',
      tag: 'evidence',
      summary: 'Lists who touched a file, and whether the chain holds.',
      input: { params: fileParams },
      output: z.object({
        kind: z.literal('custody'),
        version: z.literal(1),
        entries: z.array(ListedCustody),
        problems: z.array(Problem),
      }),
      handler: async ({ ctx, params }) => ({
        kind: 'custody',
        version: 1,
        ...(await evidence.listCustody(ctx, params.id)),
      }),
    }),
  ];
}
