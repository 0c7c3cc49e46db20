import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../platform/paths.ts';
import { sha256 } from '../../platform/values/index.ts';

const Row = z.strictObject({
  instrument: z.string(),
  iso3: z.string(),
  provision: z.string(),
  position: z.string(),
  effect: z.string(),
  date: z.string(),
  source: z.string(),
  as_of: z.string(),
  read_by: z.string(),
  second_read_by: z.string(),
  second_read_on: z.string(),
  change: z.string(),
  note: z.string(),
  text_sha256: z.string(),
  confirmed_by: z.string(),
});
type Row = z.infer<typeof Row>;

const Declaration = z.object({ instrument: z.string(), iso3: z.string(), text: z.string() });
type Declaration = z.infer<typeof Declaration>;

const Listed = z.object({
  instrument: z.string(),
  iso3: z.string(),
  text_sha256: z.string(),
  text_missing: z.string(),
});
const InstrumentLine = z.object({ instrument: z.string(), parent_instrument: z.string() });
const StateLine = z.object({ iso3: z.string() });
const SourceLine = z.object({ id: z.string() });

function read<T>(path: string, row: z.ZodType<T>): T[] {
  const records: unknown[] = parse(readFileSync(path, 'utf8'), { columns: true, bom: true, skip_empty_lines: true });
  return records.map((record) => row.parse(record));
}

function data(name: string): string {
  return join(packageRoot, 'data', 'treaties', name);
}

/** What each position lets the resolver do, as in data/treaties/PROVISIONS.md. */
const effects: Record<string, readonly string[]> = {
  excludes: ['not-bound', 'does-not-take', 'does-not-establish', 'no-treaty-relations', 'territory-excluded'],
  modifies: [
    'on-reciprocity',
    'on-dual-criminality',
    'on-agreement',
    'subject-to-domestic-law',
    'takes-as-basis-conditionally',
    'does-not-take-for-own-nationals',
    'limits',
    'federal-clause',
    'adds-to-request',
    'bound-within-competence',
    'territory-limited',
  ],
  interprets: ['reads-as', 'non-self-executing'],
  informs: [
    'takes-as-basis',
    'designates-authority',
    'accepts-languages',
    'accepts',
    'act-in-furtherance-required',
    'group-involvement-required',
    'names-office-for-laws',
    'describes-law',
    'not-in-its-law',
    'no-extradition-of-nationals',
    'states-jurisdiction',
    'states-refusal-ground',
    'declares-competence',
    'binds-also',
    'cooperation-unaffected',
    'territory-not-guaranteed',
    'may-reserve-later',
    'statement',
  ],
  'none-yet-read': ['reserves', 'no-recognition', 'text-unclear', 'text-incomplete', 'text-missing', 'other'],
};

function effectOf(position: string): string | undefined {
  const name = /^accepts-languages:[a-z]{2}(,[a-z]{2})*$/.test(position) ? 'accepts-languages' : position;
  if (name === 'accepts-languages' && position === name) return undefined;
  return Object.keys(effects).find((effect) => effects[effect]?.includes(name));
}

const rows = read(data('provisions.csv'), Row);
const instruments = new Map(
  read(data('instruments.csv'), InstrumentLine).map((line) => [line.instrument, line.parent_instrument]),
);
const states = new Set(read(data('states.csv'), StateLine).map((line) => line.iso3));
const sources = new Set(read(data('sources.csv'), SourceLine).map((line) => line.id));

const treatiesRead = ['XVIII-12', 'XVIII-12-a', 'XVIII-12-b', 'XVIII-12-c', 'XVIII-14', 'VI-19'];
const disputeClause: Record<string, readonly string[]> = {
  'XVIII-12': ['35(2)'],
  'XVIII-12-a': ['15(2)'],
  'XVIII-12-b': ['20(2)'],
  'XVIII-12-c': ['16(2)'],
  'XVIII-14': ['66(2)'],
  'VI-19': ['32(1)', '32(2)', '32(3)'],
};

function failing(holds: (row: Row) => boolean): string[] {
  return rows
    .filter((row) => !holds(row))
    .map((row) => `${row.instrument} ${row.iso3} ${row.provision} ${row.position}`);
}

function said(instrument: string, state: string, provision?: string): string[] {
  return rows
    .filter(
      (row) =>
        row.instrument === instrument && row.iso3 === state && (provision === undefined || row.provision === provision),
    )
    .map((row) => (provision === undefined ? `${row.provision} ${row.position}` : row.position));
}

describe('every row', () => {
  test('names one of the six treaties read', () => {
    expect(failing((row) => instruments.has(row.instrument) && treatiesRead.includes(row.instrument))).toEqual([]);
  });

  test('names a participant of the table of States and organizations', () => {
    expect(failing((row) => states.has(row.iso3))).toEqual([]);
  });

  test('concerns one article, the whole treaty, the territory or relations with one State', () => {
    const article = /^(UNTOC )?\d+(\([0-9a-z]+\))*$/;
    expect(
      failing((row) => {
        const towards = /^relations:([A-Z]{3})$/.exec(row.provision)?.[1];
        if (towards !== undefined) return states.has(towards) && towards !== row.iso3;
        return article.test(row.provision) || ['whole', 'territory', 'relations:non-parties'].includes(row.provision);
      }),
    ).toEqual([]);
  });

  test('names the parent Convention only in a Protocol', () => {
    expect(
      failing((row) => !row.provision.startsWith('UNTOC ') || instruments.get(row.instrument) === 'XVIII-12'),
    ).toEqual([]);
  });

  test('has a position of the vocabulary and the effect that follows from it', () => {
    expect(failing((row) => effectOf(row.position) === row.effect)).toEqual([]);
  });

  test('stands once', () => {
    const keys = rows.map((row) => [row.instrument, row.iso3, row.provision, row.position].join(' '));
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('was read twice and is confirmed by nobody yet', () => {
    expect(
      failing(
        (row) =>
          row.read_by === 'first reading' &&
          row.second_read_by === 'second reader' &&
          row.second_read_on === '2026-11-22' &&
          ['agrees', 'corrected', 'added'].includes(row.change) &&
          row.confirmed_by === '',
      ),
    ).toEqual([]);
  });

  test('has a known source, and a hash of its text exactly when the depositary’s table is that source', () => {
    expect(failing((row) => row.source.split('+').every((id) => sources.has(id)))).toEqual([]);
    expect(failing((row) => /^S1(\+|$)/.test(row.source) === /^[0-9a-f]{64}$/.test(row.text_sha256))).toEqual([]);
  });

  test('has a note of our own of at most fifteen words, without a quotation', () => {
    expect(
      failing((row) => row.note !== '' && row.note.split(/\s+/).length <= 15 && !/["“”«»‘]/.test(row.note)),
    ).toEqual([]);
  });

  test('on extradition, assistance or confiscation has been read, or is a bare reservation', () => {
    const cooperation: Record<string, RegExp> = {
      'XVIII-12': /^(13|16|18)\b/,
      'XVIII-14': /^(44|46|54|55)\b/,
      'VI-19': /^(5|6|7)\b/,
    };
    expect(
      failing(
        (row) =>
          !cooperation[row.instrument]?.test(row.provision) ||
          row.effect !== 'none-yet-read' ||
          row.position === 'reserves',
      ),
    ).toEqual([]);
  });
});

describe('the page on the readings', () => {
  const page = readFileSync(data('PROVISIONS.md'), 'utf8');

  test('explains every position with its effect', () => {
    const missing = Object.entries(effects).flatMap(([effect, positions]) =>
      positions.filter((position) => !new RegExp(`^\\| \`${position}(:xx,yy)?\` \\| ${effect} \\|`, 'm').test(page)),
    );
    expect(missing).toEqual([]);
  });

  test('states the counts of the file', () => {
    const count = (change: string): number => rows.filter((row) => row.change === change).length;
    expect(page).toContain(
      `The file has ${String(rows.length)} rows (${String(count('agrees'))} \`agrees\`, ${String(count('corrected'))} \`corrected\`, ${String(count('added'))} \`added\``,
    );
  });
});

describe('what States said', () => {
  test('Latvia made four notifications under UNTOC: act in furtherance, extradition, authorities, languages', () => {
    expect(said('XVIII-12', 'LVA')).toEqual([
      '5(3) act-in-furtherance-required',
      '16(5)(a) takes-as-basis',
      '18(13) designates-authority',
      '18(14) accepts-languages:en,lv',
    ]);
  });

  test('India takes UNTOC as basis for extradition', () => {
    expect(said('XVIII-12', 'IND', '16(5)(a)')).toEqual(['takes-as-basis']);
  });

  test('India assists on reciprocity where no bilateral treaty covers the request', () => {
    expect(said('XVIII-12', 'IND', '18')).toEqual(['on-reciprocity']);
  });

  test.each(['XVIII-12-a', 'XVIII-12-b', 'XVIII-12-c'])(
    'India’s languages and dispute clause count for %s too',
    (protocol) => {
      expect(said(protocol, 'IND')).toEqual([
        `${disputeClause[protocol]?.[0] ?? ''} not-bound`,
        'UNTOC 18(14) accepts-languages:en,hi',
      ]);
    },
  );

  test('Viet Nam does not take UNTOC as basis for extradition: treaties and reciprocity', () => {
    expect(said('XVIII-12', 'VNM', '16(5)(a)')).toEqual(['does-not-take']);
    expect(said('XVIII-12', 'VNM', '16')).toEqual(['on-agreement', 'on-reciprocity']);
  });

  test('Viet Nam is not bound on liability of legal persons, nor on illicit enrichment', () => {
    expect(said('XVIII-12', 'VNM', '10')).toEqual(['not-bound']);
    expect([said('XVIII-14', 'VNM', '20'), said('XVIII-14', 'VNM', '26')]).toEqual([['not-bound'], ['not-bound']]);
  });

  test('Panama neither extradites nor assists under UNTOC without dual criminality', () => {
    expect([said('XVIII-12', 'PAN', '16'), said('XVIII-12', 'PAN', '18')]).toEqual([
      ['on-dual-criminality'],
      ['on-dual-criminality'],
    ]);
  });

  test('Lithuania takes UNTOC as treaty basis for confiscation, the Russian Federation on reciprocity', () => {
    expect([said('XVIII-12', 'LTU', '13(6)'), said('XVIII-12', 'RUS', '13(6)')]).toEqual([
      ['takes-as-basis'],
      ['on-reciprocity'],
    ]);
  });

  test('the Russian Federation takes police cooperation on a condition', () => {
    expect([said('XVIII-12', 'RUS', '27(2)'), said('XVIII-14', 'RUS', '48(2)')]).toEqual([
      ['takes-as-basis-conditionally'],
      ['takes-as-basis-conditionally'],
    ]);
  });

  test('the points missing from the Russian text on UNCAC are not read as silence', () => {
    expect(said('XVIII-14', 'RUS', 'whole')).toEqual(['text-incomplete']);
    expect(said('XVIII-14', 'RUS', '44(6)(a)')).toEqual([]);
  });

  test.each(['SLV', 'SAU'])('%s does not take UNCAC as basis for extradition', (state) => {
    expect(said('XVIII-14', state, '44(6)(a)')).toEqual(['does-not-take']);
  });

  test('El Salvador names its authority and Spanish under UNCAC', () => {
    expect([said('XVIII-14', 'SLV', '46(13)'), said('XVIII-14', 'SLV', '46(14)')]).toEqual([
      ['designates-authority'],
      ['accepts-languages:es'],
    ]);
  });

  test.each(['ETH', 'YEM'])('the bare reservation of %s to UNCAC 44 stays unread', (state) => {
    expect(
      rows
        .filter((row) => row.instrument === 'XVIII-14' && row.iso3 === state && row.provision === '44')
        .map((row) => row.effect),
    ).toEqual(['none-yet-read']);
  });

  test('Azerbaijan applies UNCAC not at all towards Armenia', () => {
    expect(said('XVIII-14', 'AZE', 'relations:ARM')).toEqual(['no-treaty-relations']);
  });

  test('Algeria’s non-recognition under UNTOC names the State and leaves the effect to an official', () => {
    expect(
      rows
        .filter((row) => row.instrument === 'XVIII-12' && row.iso3 === 'DZA')
        .map((row) => `${row.provision} ${row.effect}`),
    ).toEqual(['35(2) excludes', 'relations:ISR none-yet-read']);
  });

  test('the European Union keeps arbitration under UNCAC: only the Court is closed to it', () => {
    expect(said('XVIII-14', 'EUE', '66(2)')).toEqual(['reads-as']);
  });

  test('the European Union is bound by UNTOC within its competence, in the territories of its treaty', () => {
    expect(said('XVIII-12', 'EUE')).toEqual([
      '7 declares-competence',
      '9 declares-competence',
      '30 declares-competence',
      '31(2)(c) declares-competence',
      '35(2) reads-as',
      '36(3) declares-competence',
      'territory territory-limited',
      'whole bound-within-competence',
    ]);
  });

  test.each(['LTU', 'VEN', 'USA'])(
    '%s keeps only citizens out of the 1988 Convention as basis for extradition',
    (state) => {
      expect(said('VI-19', state, '6')).toEqual(['does-not-take-for-own-nationals']);
    },
  );

  test('Singapore takes the 1988 Convention for no extradition at all', () => {
    expect(said('VI-19', 'SGP', '6(3)')).toEqual(['does-not-take']);
  });

  test('Andorra’s dispute clause of 1988 stays unread; its reciprocity does not', () => {
    expect(said('VI-19', 'AND', '32(3)')).toEqual(['text-unclear']);
    expect(said('VI-19', 'AND', 'whole')).toContain('on-reciprocity');
  });

  test('the Holy See’s paragraphs of 1988 stand as printed', () => {
    expect([said('VI-19', 'VAT', '32(1)'), said('VI-19', 'VAT', '32(2)'), said('VI-19', 'VAT', '32(3)')]).toEqual([
      ['not-bound'],
      ['not-bound'],
      [],
    ]);
  });

  test.each(['XVIII-12', 'VI-19'])(
    'Myanmar’s text on %s is marked as cut, and says nothing on extradition',
    (treaty) => {
      expect(said(treaty, 'MMR', 'whole')).toEqual(['text-incomplete']);
      expect(
        rows.filter((row) => row.instrument === treaty && row.iso3 === 'MMR' && /^(6|16)\b/.test(row.provision)),
      ).toEqual([]);
    },
  );

  test('China keeps Hong Kong out of the trafficking Protocol; Denmark the Faroe Islands and Greenland out of 1988', () => {
    expect([said('XVIII-12-a', 'CHN', 'territory'), said('VI-19', 'DNK', 'territory')]).toEqual([
      ['territory-excluded'],
      ['territory-excluded'],
    ]);
  });

  test('Slovakia’s ministry furnishes laws and receives no requests', () => {
    expect(said('XVIII-12', 'SVK')).toEqual(['6(2)(d) names-office-for-laws', '13(5) names-office-for-laws']);
  });

  test('Canada assists in forfeiture under UNCAC only with a criminal court’s order', () => {
    expect(said('XVIII-14', 'CAN', '54')).toEqual(['limits']);
  });

  test('the United States’ federal clauses leave cooperation untouched', () => {
    const clauses = rows
      .filter((row) => row.position === 'federal-clause')
      .map((row) => `${row.instrument} ${row.iso3}`);
    const unaffected = rows
      .filter((row) => row.position === 'cooperation-unaffected')
      .map((row) => `${row.instrument} ${row.iso3}`);
    expect(clauses).toEqual(['XVIII-12 USA', 'XVIII-12-a USA', 'XVIII-14 USA']);
    expect(unaffected).toEqual(clauses);
  });

  test('Malawi accepts the dispute clauses of all three Protocols', () => {
    expect([
      said('XVIII-12-a', 'MWI', '15(2)'),
      said('XVIII-12-b', 'MWI', '20(2)'),
      said('XVIII-12-c', 'MWI', '16(2)'),
    ]).toEqual([['accepts'], ['accepts'], ['accepts']]);
  });

  test('a State is never both taking and refusing the same treaty as basis for extradition', () => {
    const taking = new Set(
      rows
        .filter((row) => row.position === 'takes-as-basis' && /^(16|44)/.test(row.provision))
        .map((row) => row.instrument + row.iso3),
    );
    expect(rows.filter((row) => row.position === 'does-not-take' && taking.has(row.instrument + row.iso3))).toEqual([]);
  });
});

describe('against the list of texts that ships', () => {
  const listed = read(data('declarations.csv'), Listed).filter((text) => treatiesRead.includes(text.instrument));

  test('every text, empty ones too, has a row', () => {
    const read = new Set(rows.map((row) => `${row.instrument} ${row.iso3}`));
    expect(listed.map((text) => `${text.instrument} ${text.iso3}`).filter((key) => !read.has(key))).toEqual([]);
    expect(listed).toHaveLength(220);
  });

  test('each row rests on a text of that list, or on one that is missing', () => {
    const hashes = (row: Row): string[] =>
      listed
        .filter(
          (text) =>
            text.iso3 === row.iso3 && [row.instrument, instruments.get(row.instrument)].includes(text.instrument),
        )
        .map((text) => text.text_sha256);
    expect(
      failing(
        (row) => row.text_sha256 === '' || row.position === 'text-missing' || hashes(row).includes(row.text_sha256),
      ),
    ).toEqual([]);
  });

  test('exactly the texts that are missing are marked as missing', () => {
    const marked = rows.filter((row) => row.position === 'text-missing').map((row) => `${row.instrument} ${row.iso3}`);
    expect(marked).toEqual(
      listed.filter((text) => text.text_missing === 'yes').map((text) => `${text.instrument} ${text.iso3}`),
    );
  });
});

describe('against the texts themselves', () => {
  const folder = join(packageRoot, '..', 'shared', 'data', 'treaties', 'declarations.csv');
  const absent = !existsSync(folder);
  const texts: Declaration[] = absent
    ? []
    : read(folder, Declaration).filter((one) => treatiesRead.includes(one.instrument));

  function rests(row: Row, text: Declaration): boolean {
    return text.iso3 === row.iso3 && [row.instrument, instruments.get(row.instrument)].includes(text.instrument);
  }

  test.skipIf(absent)(
    'each hash is that of a text of that State on that treaty or its parent (left out when the texts are not beside the repository)',
    () => {
      const hashes = new Map(texts.map((text) => [text, sha256(text.text)]));
      expect(
        failing(
          (row) =>
            row.text_sha256 === '' || texts.some((text) => rests(row, text) && hashes.get(text) === row.text_sha256),
        ),
      ).toEqual([]);
    },
  );

  test.skipIf(absent)(
    'each of the 220 texts that has words has a row that rests on it (left out when the texts are not beside the repository)',
    () => {
      const resting = new Set(rows.map((row) => row.text_sha256));
      expect(texts).toHaveLength(220);
      expect(
        texts
          .filter((text) => text.text.trim() !== '' && !resting.has(sha256(text.text)))
          .map((text) => `${text.instrument} ${text.iso3}`),
      ).toEqual([]);
    },
  );

  test.skipIf(absent)(
    'a row on a dispute clause rests on a text that names its article (left out when the texts are not beside the repository)',
    () => {
      const named = (row: Row): boolean => {
        if (row.position !== 'not-bound' || row.source !== 'S1' || row.instrument !== 'XVIII-12' || row.iso3 === 'IND')
          return true;
        return texts.some((text) => rests(row, text) && text.text.includes(row.provision.replace(/\(.*/, '')));
      };
      expect(failing(named)).toEqual([]);
    },
  );

  test.skipIf(absent)(
    'no note repeats six words of a text in a row (left out when the texts are not beside the repository)',
    () => {
      const plain = (text: string): string =>
        ` ${text
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, ' ')
          .trim()} `;
      const all = texts.map((text) => ({ text, words: plain(text.text) }));
      const copied = failing((row) => {
        const words = plain(row.note).trim().split(' ');
        const runs = words
          .slice(0, Math.max(0, words.length - 5))
          .map((_, start) => ` ${words.slice(start, start + 6).join(' ')} `);
        return !all.some(({ text, words: body }) => rests(row, text) && runs.some((run) => body.includes(run)));
      });
      expect(copied).toEqual([]);
    },
  );
});
