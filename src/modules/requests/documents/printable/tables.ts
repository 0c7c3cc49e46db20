import type { PrintableTable } from './schema.ts';
import type { Sheet } from './sheet.ts';
import { isolated, leftToRight, type SideWriter } from './writer.ts';

type Cell = PrintableTable['rows'][number][number];

function inEach(sheet: Sheet, say: (w: SideWriter) => string): Cell {
  const lines = sheet.inEach(say);
  const same = new Set(lines).size === 1;
  return same
    ? [{ text: lines[0] ?? '' }]
    : lines.map((text, index) => ({ text, lang: sheet.options.languages[index] ?? 'en' }));
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function once(text: string): Cell {
  return [{ text: leftToRight(text) }];
}

/** Annexes by number, with the hash by which each is known. */
export function annexTable(sheet: Sheet): PrintableTable {
  const annexes = sheet.request.annexes ?? [];
  return {
    number: 'I',
    titles: sheet.inEach((w) => w.t('list-of-annexes')),
    notes: annexes.length === 0 ? sheet.inEach((w) => w.t('no-annexes')) : [],
    columns: [
      { heads: sheet.inEach((w) => w.t('col-number')), width: 5 },
      { heads: sheet.inEach((w) => w.t('col-title')), width: 32 },
      { heads: sheet.inEach((w) => w.t('col-form')), width: 15 },
      { heads: sheet.inEach((w) => w.t('col-pages')), width: 9 },
      { heads: sheet.inEach((w) => w.t('col-clauses')), width: 9 },
      { heads: ['SHA-256'], width: 30, style: 'mono' },
    ],
    rows: annexes.map((annex) => [
      once(String(annex.n ?? '')),
      inEach(sheet, (w) => w.inline(annex.title)),
      inEach(sheet, (w) => w.t('annex-form', { code: annex.form ?? 'copy' })),
      once(annex.pages === undefined ? '' : String(annex.pages)),
      once((annex.referencedIn ?? []).map((id) => sheet.clauseOf.get(id) ?? id).join(', ')),
      once((annex.sha256 ?? '').replace(/(.{4})(?=.)/g, '$1 ')),
    ]),
  };
}

/** Who is bound by what relied on, since when, and how that is known. */
export function statusTable(sheet: Sheet): PrintableTable {
  const { treatyStatus, instrumentName } = sheet.options;
  const rows = treatyStatus?.rows ?? [];
  const dataset = treatyStatus?.dataset;
  return {
    number: 'II',
    titles: sheet.inEach((w) => w.t('treaty-status')),
    notes:
      rows.length === 0
        ? sheet.inEach((w) => w.t('no-status'))
        : dataset
          ? sheet.inEach((w) =>
              w.t('dataset', { day: w.day(dataset.on), hash: leftToRight(dataset.sha256.slice(0, 16)) }),
            )
          : [],
    columns: [
      { heads: sheet.inEach((w) => w.t('col-instrument')), width: 27 },
      { heads: sheet.inEach((w) => w.t('col-state')), width: 11 },
      { heads: sheet.inEach((w) => w.t('col-act')), width: 24 },
      { heads: sheet.inEach((w) => w.t('col-from')), width: 16 },
      { heads: sheet.inEach((w) => w.t('col-source')), width: 22 },
    ],
    rows: rows.map((row) => [
      inEach(sheet, (w) => isolated(capitalised(instrumentName(row.instrument, w.lang)))),
      inEach(sheet, (w) => w.state(row.state)),
      row.acts.flatMap((act) =>
        inEach(sheet, (w) => w.t('act-on', { act: w.t('act', { code: act.kind }), day: w.day(act.on) })),
      ),
      inEach(sheet, (w) =>
        row.boundFrom === null
          ? '–'
          : row.boundUntil
            ? w.t('period', { from: w.day(row.boundFrom), until: w.day(row.boundUntil) })
            : w.day(row.boundFrom),
      ),
      inEach(sheet, (w) => w.comma([isolated(row.source), w.day(row.asOf)])),
    ]),
  };
}
