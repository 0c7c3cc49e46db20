import { qrSvg } from '../../../../platform/documents/index.ts';
import { contentHash, type DraftRequest } from '../../schema/index.ts';
import { assistance, assurances, particulars, signature, signatureWords, use } from './assistance.ts';
import { authorities, basis, proceeding, urgency } from './opening.ts';
import type { PrintableClause, PrintableRequest, PrintableSection } from './schema.ts';
import { Sheet, type PrintOptions } from './sheet.ts';
import { facts, offences, persons } from './substance.ts';
import { annexTable, statusTable } from './tables.ts';
import { isolated, leftToRight } from './writer.ts';

export type * from './schema.ts';
export type { PrintOptions, TreatyStatusRow } from './sheet.ts';

function titleKind(types: readonly string[]): string {
  if (types.includes('T37')) return 'supplement';
  if (types.includes('T26')) return 'arrest';
  if (types.some((type) => type === 'T24' || type === 'T25')) return 'extradition';
  if (types.length === 1 && types[0] === 'T35') return 'information';
  if (types.length === 1 && types[0] === 'T16') return 'preservation';
  return 'assistance';
}

/** The order in which a request is printed; a part without clauses is left out. */
function parts(sheet: Sheet, hash: string): [id: string, clauses: PrintableClause[]][] {
  return [
    ['authorities', authorities(sheet)],
    ['urgency', urgency(sheet)],
    ['basis', basis(sheet)],
    ['proceeding', proceeding(sheet)],
    ['facts', facts(sheet)],
    ['offences', offences(sheet)],
    ['persons', persons(sheet)],
    ['assistance', assistance(sheet)],
    ['particulars', particulars(sheet)],
    ['assurances', assurances(sheet)],
    ['use', use(sheet)],
    ['signature', signature(sheet, hash)],
  ];
}

/**
 * Puts a request into the words and the order of its paper. Works for half-filled drafts too, which are marked.
 * Throws when the request carries a content hash that is not the hash of its content.
 * @source UNTOC art. 18(14)-(15)
 */
export function toPrintable(request: DraftRequest, options: PrintOptions): PrintableRequest {
  const hash = contentHash(request);
  if (request.contentHash && request.contentHash !== hash) {
    throw new Error('The content hash of the request is not the hash of its content; it cannot be printed');
  }
  const sheet = new Sheet(request, options);
  const hex = hash.slice(7);
  const sections = parts(sheet, hex)
    .filter(([, clauses]) => clauses.length > 0)
    .map(([id, clauses], index): PrintableSection => ({
      id,
      letter: String.fromCharCode(65 + index),
      headings: sheet.inEach((w) => w.t('section', { code: id })),
      clauses,
    }));
  const url = `${options.verifyUrl}?content=${hex}`;
  const national = request.handling?.national;
  const { lines, sealText, sealSha256 } = options.letterhead;
  const on = request.signature?.on ?? request.basis?.snapshot?.onRequest;
  return {
    kind: 'printable-request',
    version: 1,
    languages: [...options.languages],
    reference: request.reference ?? '',
    requestVersion: request.requestVersion ?? 1,
    contentHash: hash,
    createdAt: options.createdAt,
    signed: Boolean(request.signature?.on),
    training: options.training,
    urgent: request.urgency?.level === 'urgent' ? sheet.inEach((w) => w.t('urgent')) : null,
    handling: {
      words: national ? sheet.inEach((w) => w.t('handling', { code: national })) : [],
      tlp: request.handling?.tlp ? `TLP:${request.handling.tlp}` : '',
    },
    letterhead: {
      lines: options.languages.map((lang) => (lines[lang] ?? []).map(isolated)),
      sealText,
      sealSha256,
    },
    titles: sheet.inEach((w) => w.t('title', { kind: titleKind(request.types ?? []) })),
    subtitles: sheet.inEach((w) =>
      w.comma([w.t('version', { version: leftToRight(String(request.requestVersion ?? 1)) }), on ? w.day(on) : '']),
    ),
    sections,
    tables: [annexTable(sheet), statusTable(sheet)],
    signatureLines: sheet.inEach((w) => signatureWords(sheet, w)[0]?.text ?? ''),
    verify: { words: sheet.inEach((w) => w.t('verify')), url: options.verifyUrl, qr: qrSvg(url) },
    frame: {
      draft: sheet.inEach((w) => w.t('draft')),
      training: sheet.inEach((w) => w.t('training')),
      page: sheet.inEach((w) => w.t('page', { page: '{page}', pages: '{pages}' })),
      hash: sheet.inEach((w) => w.t('hash')),
    },
  };
}
