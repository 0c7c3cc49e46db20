import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant, type Hash, type Sha256 } from '../../../platform/values/index.ts';
import { checkCustody, custodyHash, decideType, looksLikeText, membersAt, safeFileName, toNumber } from './index.ts';
import type { CustodyEntry, EvidenceFileId, ListedCustody } from '../schema.ts';

test('a membership holds from its first moment to before its last', () => {
  const members = [
    { personId: 'p', from: instant('2026-05-01T00:00:00.000Z'), until: instant('2026-06-01T00:00:00.000Z') },
  ];
  expect(membersAt(members, instant('2026-04-30T23:59:59.999Z'))).toEqual([]);
  expect(membersAt(members, instant('2026-05-01T00:00:00.000Z'))).toEqual(['p']);
  expect(membersAt(members, instant('2026-06-01T00:00:00.000Z'))).toEqual([]);
});

test('the node gives numbers of at least four digits', () => {
  expect(toNumber(2026, 7)).toBe('CF-2026-0007');
  expect(toNumber(2026, 12345)).toBe('CF-2026-12345');
});

describe('file names', () => {
  test.each([
    ['order.pdf', 'order.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\a\\order.pdf', 'order.pdf'],
    ['أمر قضائي.pdf', 'أمر قضائي.pdf'],
    ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
    ['.htaccess', 'htaccess'],
    ['CON.txt', '_CON.txt'],
    ['', 'file'],
    ['..', 'file'],
    ['a\u0000b\n.txt', 'ab.txt'],
    ['📎 receipt 🧾.pdf', '📎 receipt 🧾.pdf'],
    [`${'long '.repeat(60)}.pdf`, `${'long '.repeat(40).slice(0, 196)}.pdf`],
  ])('F4: %j is written as %j', (given, expected) => expect(safeFileName(given)).toBe(expected));

  test('F4: no name can leave its folder, hide its direction or be too long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
        const name = safeFileName(given);
        expect(name).not.toMatch(/[/\\\u0000-\u001F\u202A-\u202E]/);
        expect(name).not.toMatch(/^\./);
        expect(name.length).toBeGreaterThan(0);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
        expect(safeFileName(name)).toBe(name);
      }),
    );
  });
});

describe('type by content', () => {
  const text = Buffer.from('Facts of the case. وقائع\n');
  const bytes = Uint8Array.from([0, 1, 2, 3, 255]);
  test.each([
    ['order.pdf', 'application/pdf', bytes, 'application/pdf', true],
    ['order.pdf', 'application/x-msdownload', bytes, 'application/x-msdownload', false],
    ['order.pdf', undefined, text, 'text/plain', false],
    ['notes.txt', undefined, text, 'text/plain', true],
    ['disk.e01', undefined, bytes, 'application/octet-stream', true],
    ['disk.e01', 'application/zip', bytes, 'application/zip', false],
    ['hall.mov', 'video/quicktime', bytes, 'video/quicktime', true],
    ['setup.exe', 'application/x-msdownload', bytes, 'application/x-msdownload', true],
    ['hall.mov', 'application/x-msdownload', bytes, 'application/x-msdownload', false],
  ])('%s with content %s', (name, detected, head, mediaType, nameAgrees) => {
    expect(decideType(name, detected, head)).toEqual({ mediaType, nameAgrees });
  });

  test('a letter cut in two at the end of the sample still reads as text', () => {
    expect(looksLikeText(Buffer.from('قانون').subarray(0, 9))).toBe(true);
  });
});

describe('custody chain', () => {
  function chain(length: number): ListedCustody[] {
    const made: ListedCustody[] = [];
    for (let seq = 1; seq <= length; seq += 1) {
      const entry: CustodyEntry = {
        kind: 'custody-entry',
        version: 1,
        fileId: 'f' as EvidenceFileId,
        seq,
        act: 'read',
        at: instant('2026-05-14T12:00:00.000Z'),
        by: `p${seq}`,
        office: 'o',
        blobSha256: 'a' as Sha256,
      };
      const previousHash: Hash | null = made.at(-1)?.hash ?? null;
      made.push({ entry, previousHash, hash: custodyHash(entry, previousHash) });
    }
    return made;
  }
  test('a whole chain has no problems', () => expect(checkCustody(chain(5))).toEqual([]));
  test('any entry changed, removed, swapped or put in is found at its place', () => {
    for (let at = 0; at < 5; at += 1) {
      const whole = chain(5);
      const changed = whole.map((one, index) =>
        index === at ? { ...one, entry: { ...one.entry, by: 'other' } } : one,
      );
      expect(checkCustody(changed)[0]?.path).toEqual([at]);
      if (at < 4) expect(checkCustody(whole.filter((_, index) => index !== at))[0]?.path).toEqual([at]);
      expect(checkCustody([...whole.slice(0, at), whole[at]!, ...whole.slice(at)])).toHaveLength(1);
    }
  });
  test('a file without any entry is a broken chain', () => expect(checkCustody([])).toHaveLength(1));
});
