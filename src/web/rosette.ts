/** One ring of a rosette: `count` equal ellipses turned round the centre of a 100 × 100 view box, first angle in degrees. */
export interface RosetteRing {
  count: number;
  distance: number;
  radial: number;
  cross: number;
  first: number;
  ink: 'ink' | 'brass';
}

/** What a hash draws: three rings from outside to inside, and a small polygon, turned in degrees, in the middle. */
export interface RosetteFigure {
  rings: [RosetteRing, RosetteRing, RosetteRing];
  sides: number;
  turned: number;
}

export interface RosetteOptions {
  /** Spoken name, `Rosette for XA-2026-05-0172-D`. Without one the figure is hidden from assistive technology. */
  label?: string;
  /** `mini` stands beside a reference (28 px: outer ring and centre only); `full` at the head of a request (96 px). */
  size?: 'mini' | 'full';
  /** Tells two figures of one hash on one page apart: one ASCII letter or digit, left out wherever it can be. */
  key?: string;
}

const shapes = [
  { count: [15, 14], distance: [22, 7], radial: [12, 8], cross: [4, 9] },
  { count: [11, 12], distance: [12, 6], radial: [8, 6], cross: [3, 7] },
  { count: [6, 8], distance: [4, 5], radial: [4, 4], cross: [2, 4] },
] as const;

function toBytes(sha256: string): number[] {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('A rosette is drawn from 64 lower-case hexadecimal digits');
  return Array.from({ length: 32 }, (_, index) => Number.parseInt(sha256.slice(2 * index, 2 * index + 2), 16));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function toRing(bytes: readonly number[], index: 0 | 1 | 2, swapped: boolean): RosetteRing {
  const shape = shapes[index];
  const at = (offset: number) => bytes[8 * index + offset] ?? 0;
  const count = shape.count[0] + (at(0) % shape.count[1]);
  return {
    count,
    distance: shape.distance[0] + (at(1) % shape.distance[1]),
    radial: shape.radial[0] + (at(2) % shape.radial[1]),
    cross: shape.cross[0] + (at(3) % shape.cross[1]),
    first: (at(4) / 256) * (360 / count),
    ink: index !== 2 && (index === 1) !== swapped ? 'brass' : 'ink',
  };
}

/** Reads the figure off a hash of 64 lower-case hex digits; throws on anything else. */
export function rosetteFigure(sha256: string): RosetteFigure {
  const bytes = toBytes(sha256);
  const swapped = (bytes[5] ?? 0) % 2 === 1;
  return {
    rings: [toRing(bytes, 0, swapped), toRing(bytes, 1, swapped), toRing(bytes, 2, swapped)],
    sides: 3 + ((bytes[24] ?? 0) % 6),
    turned: ((bytes[25] ?? 0) / 256) * 360,
  };
}

/** Angles of a ring's ellipses in degrees, two decimals. */
export function ringAngles(ring: RosetteRing): number[] {
  return Array.from({ length: ring.count }, (_, index) => round(ring.first + (index * 360) / ring.count));
}

/** Corners of the central polygon, radius 3, the first one upwards before turning; two decimals. */
export function centrePoints(figure: RosetteFigure): [number, number][] {
  return Array.from({ length: figure.sides }, (_, index) => {
    const angle = ((figure.turned + (index * 360) / figure.sides - 90) * Math.PI) / 180;
    return [round(50 + 3 * Math.cos(angle)), round(50 + 3 * Math.sin(angle))];
  });
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/**
 * Draws the rosette of a hash as SVG text: same hash, same bytes, at most 4 KB. A memory aid, never the check.
 * Colours come from the classes `ro-ink` and `ro-brass`; without a style sheet it is drawn in the text's colour.
 * @source ux.md 13.4
 */
export function rosetteSvg(sha256: string, options: RosetteOptions = {}): string {
  const { label, size = 'full', key = '' } = options;
  const figure = rosetteFigure(sha256);
  const mini = size === 'mini';
  const rings = mini ? figure.rings.slice(0, 1) : figure.rings;
  const ids = (mini ? ['m'] : ['a', 'b', 'c']).map((letter) => `${letter}${sha256.slice(0, 8)}${key}`);
  const defs = rings.map(
    (ring, index) =>
      `<ellipse id="${ids[index]}" cx="50" cy="${50 - ring.distance}" rx="${ring.cross}" ry="${ring.radial}"/>`,
  );
  const centre = `<polygon points="${centrePoints(figure)
    .map((point) => point.join(','))
    .join(' ')}"/>`;
  // Small figures are all ink: brass at 20 px reads as a coin.
  const strokes = rings.map((ring, index) => ({
    ink: mini ? 'ink' : ring.ink,
    body:
      ringAngles(ring)
        .map((angle) => `<use href="#${ids[index]}" transform="rotate(${angle} 50 50)"/>`)
        .join('') + (index === rings.length - 1 ? centre : ''),
  }));
  const groups = strokes.map(({ ink, body }) => `<g class="ro-${ink}">${body}</g>`).join('');
  const name = label === undefined ? 'aria-hidden="true"' : `role="img" aria-label="${escapeAttribute(label)}"`;
  const pixels = mini ? 28 : 96;
  return (
    `<svg class="rosette${mini ? ' rosette-mini' : ''}" width="${pixels}" height="${pixels}" viewBox="0 0 100 100" ` +
    `fill="none" stroke="currentColor" ${name}><defs>${defs.join('')}</defs>${groups}</svg>`
  );
}
