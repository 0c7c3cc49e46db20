import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderPdf, type Pdf } from '../../../platform/documents/index.ts';
import { packageRoot } from '../../../platform/paths.ts';
import { rosetteSvg } from '../../../web/rosette.ts';
import type { PrintableRequest } from './printable/index.ts';
import { toRows } from './rows.ts';

/** The rosette as a picture of its own, in one colour, for paper. */
function printedRosette(sha256: string, colour: string, stroke: number): string {
  return rosetteSvg(sha256)
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace('stroke="currentColor"', `stroke="${colour}" stroke-width="${stroke}"`);
}

const vowelSigns = /[\u0610-\u061A\u064B-\u065F\u0670]/gu;

/** Arabic words of a document that carry vowel signs, without them. */
function unsignedWords(data: unknown): string {
  const words = JSON.stringify(data).match(/[\u0610-\u06FF]+/gu) ?? [];
  const signed = words.filter((word) => word.search(vowelSigns) >= 0);
  return [...new Set(signed.map((word) => word.replaceAll(vowelSigns, '')))].join(' ');
}

let template: string | undefined;

/** Sets the paper of a request: PDF/A-2b, fonts embedded. Same request, same moment, same bytes. */
export function requestPdf(request: PrintableRequest): Promise<Pdf> {
  template ??= readFileSync(join(packageRoot, 'src/modules/requests/documents/request.typ'), 'utf8');
  const { sections: _sections, ...rest } = request;
  const hex = request.contentHash.slice(7);
  const data = {
    ...rest,
    rows: toRows(request),
    contentHex: hex,
    unsigned: unsignedWords(request),
    watermark: printedRosette(hex, '#dfe2e4', 0.3),
    letterhead: { ...request.letterhead, seal: printedRosette(request.letterhead.sealSha256, '#14202b', 0.5) },
  };
  return renderPdf({ template, data, createdAt: request.createdAt });
}
