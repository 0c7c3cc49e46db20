import { Conflict, Invalid, NotFound } from '../../../platform/errors.ts';
import { page, redirect, type PageAnswer, type PageCall, type PageRoute } from '../../../platform/http/routes.ts';
import { problem, type Problem } from '../../../platform/values/index.ts';
import { typedIn, type Typed, type View } from '../../../web/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { CaseFileId, type CaseFile } from '../schema.ts';
import { CaseFilePage, type CaseFileShown, type ListedRequest } from './case-file.tsx';
import { custodyPages } from './custody-routes.ts';
import { DownloadPage, purposes } from './files.tsx';
import { CaseFilesPage } from './list.tsx';
import { NewCaseFilePage, readNewCaseFile } from './new.tsx';
import { caseFileHref, caseFileId, fileId, type EvidencePagesParts } from './parts.ts';

export type { EvidencePagesParts, ListedRequest };

type Call = PageCall<Context, View>;

/** Everything the page of one case file shows. */
async function load(parts: EvidencePagesParts, { ctx, view }: Call, id: CaseFileId): Promise<CaseFileShown> {
  const caseFile = await parts.evidence.getCaseFile(ctx, id);
  const files = caseFile.erased ? [] : await parts.evidence.listFiles(ctx, id);
  const ids = [...caseFile.members.map((one) => one.personId), caseFile.createdBy, ...files.map((one) => one.addedBy)];
  const names = await ctx.transaction((tx) => parts.namesOf(tx, ids));
  const mayChange = ctx.may('evidence.edit-members', { members: membersNow(caseFile, ctx) });
  return {
    view,
    caseFile,
    files,
    names,
    requests: ctx.may('requests.list') ? await parts.listRequests(ctx, view, id) : [],
    people: mayChange ? await parts.people(ctx) : [],
    now: ctx.clock.now(),
    zone: ctx.zone,
    mayChange,
    mayAdd: !caseFile.erased && ctx.may('evidence.add-file', { members: membersNow(caseFile, ctx) }),
    mayRequest: !caseFile.erased && ctx.may('requests.create', { members: membersNow(caseFile, ctx) }),
    mayExport: ctx.may('evidence.export', { members: membersNow(caseFile, ctx) }),
    uploads:
      !caseFile.erased && ctx.may('evidence.add-file', { members: membersNow(caseFile, ctx) })
        ? await parts.evidence.listUploads(ctx, id)
        : [],
    limitMb: parts.limitMb,
    sliceLimitMb: parts.sliceLimitMb,
  };
}

function membersNow(caseFile: CaseFile, ctx: Context): string[] {
  const now = ctx.clock.now();
  return caseFile.members
    .filter((one) => one.from <= now && (one.until === null || now < one.until))
    .map((one) => one.personId);
}

async function shown(
  parts: EvidencePagesParts,
  call: Call,
  problems: readonly Problem[],
  typed: Typed = {},
): Promise<PageAnswer> {
  const id = caseFileId(call.params);
  return page(
    CaseFilePage({ ...(await load(parts, call, id)), problems, typed, done: call.query }),
    problems.length > 0 ? 422 : 200,
  );
}

/** Turns a refusal of the service into a problem at a field, so that what was typed stays. */
async function atField(
  parts: EvidencePagesParts,
  call: Call,
  field: string,
  act: () => Promise<PageAnswer>,
): Promise<PageAnswer> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Conflict || error instanceof Invalid) {
      const problems = error.problems.length > 0 ? error.problems : [problem(error.code, [], { params: error.params })];
      return shown(
        parts,
        call,
        problems.map((one) => ({ ...one, path: [field] })),
        typedIn(call.form),
      );
    }
    throw error;
  }
}

/** Pages of case files, their members, files and custody. */
export function evidencePages(parts: EvidencePagesParts): PageRoute<Context, View>[] {
  const { evidence } = parts;
  const read = { kind: 'page', method: 'get', permission: 'evidence.read-case-file' } as const;
  const post = { kind: 'page', method: 'post' } as const;
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/case-files',
      permission: 'evidence.list-case-files',
      handler: async ({ ctx, view, query }) => {
        const after = CaseFileId.safeParse(query.after);
        const found = await evidence.listCaseFiles(ctx, { limit: 50, ...(after.success ? { after: after.data } : {}) });
        return page(
          CaseFilesPage({
            view,
            ...found,
            now: ctx.clock.now(),
            zone: ctx.zone,
            mayOpen: ctx.may('evidence.open-case-file'),
          }),
        );
      },
    },
    {
      kind: 'page',
      method: 'get',
      path: '/case-files/new',
      permission: 'evidence.open-case-file',
      handler: async ({ ctx, view }) =>
        page(
          NewCaseFilePage({
            view,
            people: await parts.people(ctx),
            self: ctx.actor.kind === 'person' ? ctx.actor.id : '',
            typed: {},
            problems: [],
          }),
        ),
    },
    {
      ...post,
      path: '/case-files/new',
      permission: 'evidence.open-case-file',
      audit: 'evidence.open-case-file',
      handler: async ({ ctx, view, form }) => {
        const people = await parts.people(ctx);
        const again = (problems: readonly Problem[]) =>
          page(
            NewCaseFilePage({
              view,
              people,
              self: ctx.actor.kind === 'person' ? ctx.actor.id : '',
              typed: typedIn(form),
              problems,
            }),
            422,
          );
        const given = readNewCaseFile(form, ctx.state, people);
        if (!given.ok) return again(given.error);
        try {
          const opened = await evidence.openCaseFile(ctx, given.value);
          return redirect(caseFileHref(opened.id));
        } catch (error) {
          if (error instanceof Invalid && error.problems.length > 0) return again(error.problems);
          if (error instanceof Conflict) return again([problem(error.code, ['number'], { params: error.params })]);
          throw error;
        }
      },
    },
    { ...read, path: '/case-files/:id', audit: 'evidence.read-case-file', handler: (call) => shown(parts, call, []) },
    {
      ...post,
      path: '/case-files/:id/members',
      permission: 'evidence.edit-members',
      audit: 'evidence.add-member',
      handler: async (call) => {
        const id = caseFileId(call.params);
        const person = call.form.values.person?.[0] ?? '';
        const known = (await parts.people(call.ctx)).some((one) => one.id === person);
        if (!known) return shown(parts, call, [problem('casefile.no-person', ['person'])], typedIn(call.form));
        return atField(parts, call, 'person', async () => {
          await evidence.addMember(call.ctx, id, person);
          return redirect(`${caseFileHref(id)}?added=${encodeURIComponent(person)}#members`);
        });
      },
    },
    {
      ...post,
      path: '/case-files/:id/members/:person/end',
      permission: 'evidence.edit-members',
      audit: 'evidence.end-membership',
      handler: (call) => {
        const id = caseFileId(call.params);
        const person = call.params.person ?? '';
        return atField(parts, call, 'person', async () => {
          await evidence.endMembership(call.ctx, id, person);
          const isSelf = call.ctx.actor.kind === 'person' && call.ctx.actor.id === person;
          return redirect(isSelf ? '/case-files' : `${caseFileHref(id)}?ended=${encodeURIComponent(person)}#members`);
        });
      },
    },
    {
      ...post,
      path: '/case-files/:id/files',
      permission: 'evidence.add-file',
      audit: 'evidence.add-file',
      handler: async (call) => {
        const id = caseFileId(call.params);
        const given = call.form.files.find((one) => one.field === 'file' && one.fileName !== '');
        if (!given) return shown(parts, call, [problem('casefile.no-file', ['file'])]);
        return atField(parts, call, 'file', async () => {
          const file = await evidence.addFile(call.ctx, id, { fileName: given.fileName, bytes: given.bytes });
          return redirect(`${caseFileHref(id)}?stored=${file.id}#files`);
        });
      },
    },
    {
      ...read,
      path: '/case-files/:id/files/:file/download',
      audit: 'evidence.read-case-file',
      handler: async ({ ctx, view, params }) => {
        const file = await evidence.getFile(ctx, fileId(params));
        if (file.caseFileId !== caseFileId(params)) throw new NotFound('evidence.not-found');
        const caseFile = await evidence.getCaseFile(ctx, file.caseFileId);
        return page(DownloadPage({ view, caseFile, file, problems: [], typed: {} }));
      },
    },
    {
      ...post,
      path: '/case-files/:id/files/:file/download',
      permission: 'evidence.read-case-file',
      audit: 'evidence.read-file',
      handler: async ({ ctx, view, params, form }) => {
        const id = fileId(params);
        const listed = await evidence.getFile(ctx, id);
        if (listed.caseFileId !== caseFileId(params)) throw new NotFound('evidence.not-found');
        const purpose = purposes.find((one) => one === form.values.purpose?.[0]);
        if (!purpose) {
          const caseFile = await evidence.getCaseFile(ctx, listed.caseFileId);
          return page(
            DownloadPage({
              view,
              caseFile,
              file: listed,
              problems: [problem('casefile.no-purpose', ['purpose'])],
              typed: typedIn(form),
            }),
            422,
          );
        }
        const { file, bytes } = await evidence.readFile(ctx, id);
        await ctx.transaction((tx) =>
          recordAudit(
            tx,
            ctx,
            'evidence.download',
            { kind: 'evidence-file', id },
            { purpose, caseFile: listed.caseFileId },
          ),
        );
        // Never under its own type: what is stored is not ours and is not rendered by a browser.
        return {
          type: 'stream',
          file: { stream: bytes, mediaType: 'application/octet-stream', fileName: file.fileName },
        };
      },
    },
    ...custodyPages(parts),
    {
      ...post,
      path: '/case-files/:id/files/:file/verify',
      permission: 'evidence.read-case-file',
      audit: 'evidence.verify-file',
      handler: async ({ ctx, params }) => {
        const { file, whole } = await evidence.verifyFile(ctx, fileId(params));
        return redirect(
          `${caseFileHref(file.caseFileId, 'files', file.id, 'custody')}?verified=${whole ? 'whole' : 'damaged'}`,
        );
      },
    },
  ];
}
