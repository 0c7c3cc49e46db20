import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rosetteFigure, rosetteSvg, type RosetteRing } from './rosette.ts';

const comity = createHash('sha256').update('Comity', 'utf8').digest('hex');
const anyHash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));

function row(ring: RosetteRing): number[] {
  return [ring.count, ring.distance, ring.radial, ring.cross, Math.round(ring.first * 100) / 100];
}

test('the hash of the word Comity draws the figure of the design', () => {
  const figure = rosetteFigure(comity);
  expect(figure.rings.map(row)).toEqual([
    [17, 26, 17, 10, 2.23],
    [16, 15, 12, 9, 5.98],
    [6, 8, 5, 2, 31.17],
  ]);
  expect(figure.rings.map((ring) => ring.ink)).toEqual(['brass', 'ink', 'ink']);
  expect(figure.sides).toBe(3);
  expect(Math.round(figure.turned * 100) / 100).toBe(59.06);
});

test('one hash draws one figure, byte for byte, and another hash another', () => {
  fc.assert(
    fc.property(anyHash, anyHash, (a, b) => {
      expect(rosetteSvg(a)).toBe(rosetteSvg(a));
      if (a.slice(0, 8) !== b.slice(0, 8)) expect(rosetteSvg(a)).not.toBe(rosetteSvg(b));
    }),
  );
});

test('a full rosette has one ellipse and n uses for each ring, and no style attribute', () => {
  fc.assert(
    fc.property(anyHash, (hash) => {
      const svg = rosetteSvg(hash, { label: 'Rosette for XA-2026-05-0172-D' });
      const uses = rosetteFigure(hash).rings.reduce((sum, ring) => sum + ring.count, 0);
      expect(svg.match(/<ellipse /g)).toHaveLength(3);
      expect(svg.match(/<use [^>]*transform="rotate\([\d.]+ 50 50\)"/g)).toHaveLength(uses);
      expect(svg).not.toMatch(/style/);
      for (const id of svg.match(/ id="[^"]+"/g) ?? []) expect(id).toContain(hash.slice(0, 8));
    }),
  );
});

test('the largest rosette stays within 4 KB, and within 1 KB compressed', () => {
  // Counts, radii and sides at their largest, angles of the greatest length.
  const largest = ['0d06070879000000', '0b05050679000000', '0704030379000000', '0579000000000000'].join('');
  const label = 'Rosette for XA-2026-05-0172-D-TR';
  expect(rosetteFigure(largest).rings.map((ring) => ring.count)).toEqual([28, 22, 13]);
  expect(Buffer.byteLength(rosetteSvg(largest, { label }))).toBeLessThanOrEqual(4096);
  fc.assert(
    fc.property(anyHash, (hash) => {
      const svg = rosetteSvg(hash, { label });
      expect(Buffer.byteLength(svg)).toBeLessThanOrEqual(4096);
      expect(gzipSync(svg).length).toBeLessThanOrEqual(1024);
    }),
  );
});

test('a mini rosette has the outer ring and the centre only, in ink', () => {
  const svg = rosetteSvg(comity, { size: 'mini' });
  expect(svg.match(/<use /g)).toHaveLength(17);
  expect(svg).toContain('<polygon');
  expect(svg).not.toContain('ro-brass');
  expect(svg).toContain('aria-hidden="true"');
});

test('a label is escaped, and a hash of another shape is not drawn', () => {
  expect(rosetteSvg(comity, { label: '"><script>' })).toContain(`aria-label="&quot;>&lt;script>"`);
  expect(() => rosetteSvg('sha256:' + comity)).toThrow();
  expect(() => rosetteSvg(comity.toUpperCase())).toThrow();
});
