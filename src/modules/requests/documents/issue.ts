import type { FileAnswer } from '../../../platform/http/routes.ts';
import type { Hash, Instant, Sha256 } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import type { DraftRequest } from '../schema/index.ts';
import type { Requests, RequestView } from '../service/index.ts';
import { requestDocx } from './docx/index.ts';
import { requestPdf } from './pdf.ts';
import { toPrintable, type PrintLanguage, type PrintOptions } from './printable/index.ts';
import { toRendition, verifyFile, type RenditionFormat, type Verification } from './rendition.ts';
import { findRendition, findRenditionOfContent, insertRendition } from './store.ts';

export const mediaTypes: Record<RenditionFormat, string> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  json: 'application/json',
};

/** What a paper needs of the rest of the node: names, letterhead, treaty status, addresses. */
export type PrintSetting = (
  ctx: Context,
  request: DraftRequest,
  languages: readonly PrintLanguage[],
  createdAt: Instant,
) => Promise<PrintOptions>;

/** Moment the text was signed, while the signature stands. */
export function signedAt(view: RequestView): Instant | undefined {
  return view.signedHash === null ? undefined : view.actions.findLast((one) => one.kind === 'sign')?.at;
}

async function fileOf(view: RequestView, format: RenditionFormat, options: PrintOptions) {
  const printable = toPrintable(view.request, options);
  switch (format) {
    case 'pdf':
      return { printable, bytes: (await requestPdf(printable)).bytes };
    case 'docx':
      return { printable, bytes: await requestDocx(printable) };
    case 'json': {
      // What is internal stays on this node.
      const { internal: _internal, ...request } = view.request;
      return { printable, bytes: Buffer.from(`${JSON.stringify(request, null, 2)}\n`) };
    }
  }
}

/**
 * Prints a request. A signed one is released: its file is noted by hash, so that `/verify` knows it.
 * A draft carries a watermark and is not released.
 */
export async function issueDocument(
  ctx: Context,
  parts: { requests: Requests; printSetting: PrintSetting },
  asked: { reference: string; format: RenditionFormat; languages: readonly PrintLanguage[] },
): Promise<FileAnswer> {
  const view = await parts.requests.get(ctx, asked.reference);
  const signed = signedAt(view);
  const options = await parts.printSetting(ctx, view.request, asked.languages, signed ?? view.changedAt);
  const { printable, bytes } = await fileOf(view, asked.format, options);
  await ctx.transaction(async (tx) => {
    if (signed) await insertRendition(tx, toRendition(printable, asked.format, bytes, signed));
    await recordAudit(
      tx,
      ctx,
      'requests.print',
      { kind: 'request', id: view.reference },
      {
        format: asked.format,
        contentHash: view.contentHash,
        released: signed !== undefined,
      },
    );
  });
  const name = `${view.reference}-v${view.requestVersion}${signed ? '' : '-draft'}.${asked.format}`;
  return { bytes, mediaType: mediaTypes[asked.format], fileName: name };
}

/** Looks a file up by its hash. */
export async function checkFile(ctx: Context, fileSha256: Sha256): Promise<Verification> {
  ctx.allow('requests.verify');
  return ctx.transaction((tx) => verifyFile(fileSha256, (hash) => findRendition(tx, hash)));
}

/** Looks up the content that a paper names in its QR code. */
export async function checkContent(ctx: Context, contentHash: Hash): Promise<Verification> {
  ctx.allow('requests.verify');
  const rendition = await ctx.transaction((tx) => findRenditionOfContent(tx, contentHash));
  return rendition ? { known: true, rendition } : { known: false };
}
