import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../../../platform/paths.ts';
import { readResolution } from '../../service.ts';
import { factLines } from '../../testing/facts.ts';

const folder = join(packageRoot, '..', 'shared', 'data', 'resolutions');
const isThere = existsSync(folder);
const parse = (name: string) => readResolution(readFileSync(join(folder, `${name}.md`), 'utf8'));

/** Per operative paragraph: number, verb, kind, addressees; second acts behind. */
const lines = (name: string) =>
  parse(name).operative.flatMap((one) => [
    `${one.number} ${one.verb ?? '?'} ${one.kind ?? '?'} ${one.addressees.map((to) => to.id ?? to.text).join('+')}`.trim(),
    ...one.children
      .filter((child) => child.type === 'act')
      .map((child) =>
        `${child.number} ${child.act?.verb ?? '?'} ${child.act?.kind ?? '?'} ${child.act?.addressees.map((to) => to.id ?? to.text).join('+') ?? ''}`.trim(),
      ),
  ]);

describe.skipIf(!isThere)('the five founding resolutions (development texts)', () => {
  const expected: Record<string, string[]> = {
    'ccpcj-smuggling-of-commercial-goods': [
      '1 urges call states-parties',
      '2 invites invitation states-parties',
      '3 encourages invitation member-states',
      '4 invites consultation member-states',
      '4/2 requests reporting un-secretariat',
      '5 invites funding member-states+donors',
    ],
    'ccpcj-21-3-links-with-terrorism': [
      '1 expresses concern statement',
      '2 calls upon call states',
      '3 calls upon call states',
      '4 encourages invitation states-parties',
      '5 invites invitation states',
    ],
    'ccpcj-untoc-tenth-anniversary': [
      '1 notes with appreciation statement',
      '2 reiterates call member-states',
      '2/2 urges call states-parties',
      '3 requests mandate unodc',
      '4 requests mandate unodc',
      '5 encourages invitation unodc',
      '6 reiterates statement',
      '6/2 invites invitation member-states',
      '7 invites funding member-states+donors',
      '8 requests reporting unodc',
    ],
    'interpol-illicit-goods-programme-2012': [
      '1 urges call member-countries',
      '2 commends statement',
      '2/2 supports statement',
      '3 requests mandate general-secretariat',
      '4 tasks mandate general-secretariat',
    ],
    'untoc-cop-10-4-twentieth-anniversary': [
      '1 urges call member-states',
      '1/2 urges call states-parties',
      '2 invites invitation states-parties',
      '3 urges call states-parties',
      '4 calls upon call states-parties',
      '5 urges call states-parties',
      '6 calls upon call states-parties',
      '7 encourages invitation states-parties',
      '8 urges call states-parties',
      '9 encourages invitation states-parties',
      '10 calls upon call states-parties',
      '11 invites invitation states-parties',
      '12 encourages invitation states-parties',
      '12/2 encourages invitation states-parties',
      '13 invites invitation states-parties',
      '14 encourages invitation member-states',
      '15 requests mandate unodc',
      '16 invites funding member-states+donors',
    ],
  };
  test.each(Object.entries(expected))('%s: verbs, force and addressees', (name, wanted) => {
    expect(lines(name)).toEqual(wanted);
  });

  test.each(Object.keys(expected))('%s: every character lies in exactly one place', (name) => {
    const input = readFileSync(join(folder, `${name}.md`), 'utf8');
    const { preambular, operative, footnotes, annexes, furniture, head } = parse(name);
    const spans = [...preambular, ...operative, ...footnotes, ...annexes, ...furniture, ...head]
      .flatMap((one) => one.spans)
      .sort(([a], [b]) => a - b);
    let at = 0;
    for (const [from, to] of spans) {
      expect(from).toBe(at);
      at = to;
    }
    expect(at).toBe(input.length);
  });

  test('every paragraph, act and note is as it was checked by eye, line by line, with its citations and places', () => {
    const checked = readFileSync(join(import.meta.dirname, 'samples', 'founding.tsv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const found = Object.keys(expected)
      .sort()
      .flatMap((name) => factLines(name, parse(name)));
    expect(found).toEqual(checked);
  });

  test('resolution 10/4 cites eight places of its Convention in what it asks, and three tools', () => {
    const { operative } = parse('untoc-cop-10-4-twentieth-anniversary');
    const cited = operative.flatMap((one) => one.citations);
    const articles = cited
      .filter(({ type }) => type === 'article')
      .map(({ target, article }) => `${target ?? ''} ${article ?? ''}`);
    expect(articles.sort()).toEqual(
      ['10', '14', '16', '18', '2(b)', '20(2)', '27', '4'].map((one) => `XVIII-12 ${one}`),
    );
    expect(operative[13]?.citations.filter(({ type }) => type === 'tool')).toHaveLength(3);
  });

  test('resolution 21/3 turns to parties of five instruments, named on both sides of a page break', () => {
    expect(parse('ccpcj-21-3-links-with-terrorism').operative[3]?.addressees[0]?.instruments).toEqual([
      'XVIII-12',
      'VI-18',
      'VI-16',
      'VI-19',
      'XVIII-11',
    ]);
  });

  test('the resolution on smuggling reports to its own Commission, through what exists; two marks have no note', () => {
    const read = parse('ccpcj-smuggling-of-commercial-goods');
    expect(read.preambular).toHaveLength(4);
    expect(read.operative[3]?.children[0]?.act?.reportTo).toMatchObject({
      bodyId: 'ccpcj',
      session: 29,
      through: 'existing reporting requirements',
    });
    expect(read.problems.map((one) => `${one.code} ${one.marker ?? ''}`)).toEqual([
      'mandates.footnote-without-text 65',
      'mandates.footnote-without-text 66',
    ]);
  });

  test('page breaks inside a sentence are joined, never across an opening', () => {
    const tenth = parse('ccpcj-untoc-tenth-anniversary');
    expect(tenth.preambular.find((one) => one.spans.length > 1)?.opening).toBe('Recalling');
    expect(tenth.operative[7]?.reportTo).toMatchObject({ bodyId: 'ccpcj', session: 23 });
    const twentieth = parse('untoc-cop-10-4-twentieth-anniversary');
    expect(twentieth.document).toMatchObject({ bodyId: 'untoc-cop', number: '10/4', session: 10 });
    expect(twentieth.operative[14]).toMatchObject({
      conditions: ['within its mandate', 'upon request'],
      beneficiaries: [{ id: 'member-states' }],
    });
    expect(twentieth.operative[14]?.children.map((one) => one.number)).toEqual(['(a)', '(b)', '(c)', '(d)']);
  });

  test('the INTERPOL resolution: session, days, openings in capitals, a list of four', () => {
    const read = parse('interpol-illicit-goods-programme-2012');
    expect(read.document).toMatchObject({
      bodyId: 'interpol-ga',
      session: 81,
      date: '2012-11-05',
      dateTo: '2012-11-08',
      place: 'Rome, Italy',
      style: 'interpol',
    });
    expect(read.preambular).toHaveLength(15);
    expect(read.preambular.filter((one) => one.openings.length === 2)).toHaveLength(1);
    expect(read.preambular.at(-1)?.items).toHaveLength(4);
    expect(read.operative.every((one) => one.numbering === 'assigned')).toBe(true);
  });
});

test('no input makes it throw anything but a code', () => {
  for (const input of [
    '',
    '\n\n',
    '# x',
    '1. Requests',
    '1. 1. 1.',
    '<sup>1</sup> note',
    '(a)',
    'The General Assembly,',
    '\u0000'.repeat(20),
  ]) {
    try {
      expect(readResolution(input).kind).toBe('resolution');
    } catch (error) {
      expect(String((error as { code?: string }).code)).toMatch(/^mandates\./);
    }
  }
});
