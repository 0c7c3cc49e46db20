import { NotFound } from '../../../platform/errors.ts';
import { page, redirect, type PageAnswer, type PageCall, type PageRoute } from '../../../platform/http/routes.ts';
import { problem, type Problem } from '../../../platform/values/index.ts';
import { typedIn, type View } from '../../../web/index.ts';
import type { Context } from '../../identity/index.ts';
import { membersAt } from '../rules/index.ts';
import { lettingOutReasons } from '../service/index.ts';
import { caseFileHref, caseFileId, fileId, type EvidencePagesParts } from './parts.ts';
import { CustodyPage } from './custody.tsx';

type Call = PageCall<Context, View>;

async function shown(parts: EvidencePagesParts, call: Call, faults: readonly Problem[]): Promise<PageAnswer> {
  const { ctx, view, params, query, form } = call;
  const { evidence } = parts;
  const file = await evidence.getFile(ctx, fileId(params));
  if (file.caseFileId !== caseFileId(params)) throw new NotFound('evidence.not-found');
  const caseFile = await evidence.getCaseFile(ctx, file.caseFileId);
  const { entries, problems } = await evidence.listCustody(ctx, file.id);
  const quarantine = (await evidence.listQuarantine(ctx, caseFile.id)).find((one) => one.fileId === file.id);
  const people = [...entries.map((one) => one.entry.by), quarantine?.askedBy ?? '', quarantine?.confirmedBy ?? ''];
  const names = await ctx.transaction((tx) => parts.namesOf(tx, people.filter(Boolean)));
  const members = membersAt(caseFile.members, ctx.clock.now());
  const asked = quarantine?.askedBy ? { createdBy: quarantine.askedBy } : {};
  return page(
    CustodyPage({
      view,
      caseFile,
      file,
      entries,
      problems,
      faults,
      typed: typedIn(form),
      names,
      zone: ctx.zone,
      done: query.verified ?? query.done,
      quarantine,
      mayCopy:
        file.findings.some((one) => one.startsWith('photo-')) &&
        file.useLimitation === null &&
        ctx.may('evidence.add-file', { members }),
      mayExport: ctx.may('evidence.export', { members }),
      mayAsk: ctx.may('evidence.ask-letting-out', { members }),
      mayConfirm: ctx.may('evidence.confirm-letting-out', { members, ...asked }),
    }),
    faults.length > 0 ? 422 : 200,
  );
}

/** Custody of one file, its proof pack, and the two persons who let it out of quarantine. */
export function custodyPages(parts: EvidencePagesParts): PageRoute<Context, View>[] {
  const { evidence } = parts;
  const post = { kind: 'page', method: 'post' } as const;
  const base = '/case-files/:id/files/:file';
  const back = (call: Call, done: string) =>
    redirect(`${caseFileHref(caseFileId(call.params), 'files', fileId(call.params), 'custody')}?done=${done}`);
  return [
    {
      kind: 'page',
      method: 'get',
      path: `${base}/custody`,
      permission: 'evidence.read-case-file',
      audit: 'evidence.read-custody',
      handler: (call) => shown(parts, call, []),
    },
    {
      ...post,
      path: `${base}/proof`,
      permission: 'evidence.export',
      audit: 'evidence.export',
      handler: async ({ ctx, params }) => {
        const pack = await evidence.exportFiles(ctx, [fileId(params)]);
        return {
          type: 'stream',
          file: { stream: pack.bytes, mediaType: 'application/vnd.etsi.asic-e+zip', fileName: pack.fileName },
        };
      },
    },
    {
      ...post,
      path: `${base}/share-copy`,
      permission: 'evidence.add-file',
      audit: 'evidence.share-copy',
      handler: async ({ ctx, params }) => {
        const copy = await evidence.makeShareCopy(ctx, fileId(params));
        return redirect(`${caseFileHref(caseFileId(params), 'files', copy.id, 'custody')}?done=copied`);
      },
    },
    {
      ...post,
      path: `${base}/let-out`,
      permission: 'evidence.ask-letting-out',
      audit: 'evidence.ask-letting-out',
      handler: async (call) => {
        const reason = lettingOutReasons.find((one) => one === call.form.values.reason?.[0]);
        if (!reason) return shown(parts, call, [problem('casefile.no-reason', ['reason'])]);
        await evidence.askLettingOut(call.ctx, fileId(call.params), reason);
        return back(call, 'asked');
      },
    },
    {
      ...post,
      path: `${base}/let-out/confirm`,
      permission: 'evidence.confirm-letting-out',
      audit: 'evidence.confirm-letting-out',
      handler: async (call) => {
        await evidence.confirmLettingOut(call.ctx, fileId(call.params));
        return back(call, 'let-out');
      },
    },
  ];
}
