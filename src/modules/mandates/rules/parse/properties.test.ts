import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNightly } from '../../../../../tests/support/nightly.ts';
import { ComityError } from '../../../../platform/errors.ts';
import type { Resolution } from '../../schema.ts';
import { readResolutions } from '../../service.ts';
import { developmentTexts } from '../../testing/texts.ts';

const silent = () => ({ read: () => [], readNote: () => [] });
const invented = `## Resolution 4/1\n\nOn things\n\n*The General Assembly,*\n\n*Recalling* its resolution 55/25,<sup>1</sup>\n\nDeeply concerned about\n\n---\n\n<sup>1</sup> A note.\n\nthings of all kinds,\n\n1. *Requests* the Secretary-General, within existing resources, to report, and urges States to act:\n\n(a) At once;\n\n(b) Later;\n\n2. Invites Member States and other donors to give [more].\n\nAnnex\n\n1. Rules.\n`;
const texts = [invented, ...developmentTexts().filter(({ set, text }, n) => text.length < 20_000 && (set === 'founding' || n % 15 === 0)).map(({ text }) => text)]; // prettier-ignore

/** Every stretch of the input in one part of one resolution, in their order, without a gap. */
function hasAll(input: string, read: readonly Resolution[]): boolean {
  const spans = read
    .flatMap(({ preambular, operative, footnotes, annexes, furniture, head }) =>
      [...preambular, ...operative, ...footnotes, ...annexes, ...furniture, ...head].flatMap((one) => one.spans),
    )
    .sort(([a], [b]) => a - b);
  let at = 0;
  for (const [from, to] of spans) {
    if (from !== at) return false;
    at = to;
  }
  return at === input.length;
}

const readOrCode = (input: string): Resolution[] | string => {
  try {
    return readResolutions(input, { citer: silent });
  } catch (error) {
    if (error instanceof ComityError && error.code.startsWith('mandates.')) return error.code;
    throw error;
  }
};

const scraps = fc.constantFrom('\n\n', '\n', '1. ', '(a) ', '<sup>1</sup>', '¹', '---\n', '[', ']', '**', '~~', 'Requests ', 'Recalling ', ', and urges States ', 'The General Assembly,\n\n', '\u200B', '\u0000', '١- ', '（一）', 'Annex\n\n', '<b', '](', '\\', '\uD800'); // prettier-ignore

/** A text with pieces taken out, doubled, moved and put in. */
const mutated = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.nat(), fc.nat(400), fc.constantFrom('cut', 'double', 'put', 'swap'), scraps), { maxLength: 12 }),
  )
  .map(([text, changes]) =>
    changes.reduce((now, [place, length, how, scrap]) => {
      const from = now.length === 0 ? 0 : place % now.length;
      const [before, part, after] = [now.slice(0, from), now.slice(from, from + length), now.slice(from + length)];
      if (how === 'cut') return before + after;
      if (how === 'double') return before + part + part + after;
      return how === 'put' ? before + scrap + part + after : after + part + before;
    }, text),
  ); // prettier-ignore

test('every character of whatever comes in lies in exactly one place, and nothing throws but a code', () => {
  fc.assert(
    fc.property(mutated, (input) => {
      const read = readOrCode(input);
      return typeof read === 'string' || hasAll(input, read);
    }),
    { numRuns: isNightly ? 1000 : 60 },
  );
});

test('every value stands where its place says, as it is printed', () => {
  const plain = (text: string) => text.replace(/<sup>[^<]*<\/sup>|[*_~\\\u00AD\u200B]/g, '').replace(/\s+/g, ' ');
  for (const input of texts.slice(0, 6))
    for (const { operative } of readResolutions(input, { citer: silent }))
      for (const one of operative)
        for (const { field, index, act, span } of one.found) {
          if (act !== undefined || !['addressee', 'condition'].includes(field)) continue;
          const words = field === 'addressee' ? one.addressees[index]?.text : one.conditions[index];
          const given = plain(input.slice(...span));
          // A page break with its notes may stand in between.
          expect(given.startsWith(words?.slice(0, 12) ?? '?') && given.endsWith(words?.slice(-6) ?? '?')).toBe(true);
        }
});

test('the same text gives the same bytes, and any string is read or refused', () => {
  expect(JSON.stringify(readResolutions(invented))).toBe(JSON.stringify(readResolutions(invented)));
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (input) => readOrCode(input) !== undefined), { numRuns: 40 }); // prettier-ignore
});

test('texts made to be slow are not: long lines, brackets, capitals, marks', () => {
  const hostile = [
    'a '.repeat(200_000),
    '['.repeat(50_000),
    'The General Assembly,\n\n1. Requests '.repeat(3000),
    `The General Assembly,\n\n1. Urges ${', and '.repeat(20_000)}States`,
    `The General Assembly,\n\n1. Urges States${', in accordance with x'.repeat(5000)}`,
    `The General Assembly,\n\n${'(a) '.repeat(3)}${'**'.repeat(50_000)}`,
    `Recalling ${'<sup>1'.repeat(20_000)}`,
    'REQUESTS AND '.repeat(20_000),
  ];
  for (const input of hostile) readOrCode(input);
});
