import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { geoEqualEarth, geoGraticule, geoPath, type GeoContext } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { z } from 'zod';
import { StateCode } from '../../platform/values/index.ts';
import { dataFolder, readCsv } from './dataset.ts';

/** Width and height of the drawing; the empty south is cut off. */
export const mapSize = { width: 2000, height: 940 } as const;

export interface Outlines {
  /** Path data by State code, in the units of `mapSize`. */
  byState: ReadonlyMap<StateCode, string>;
  /** Land that is no participant of the data, in one path. */
  elsewhere(participants: ReadonlySet<StateCode>): string;
  graticule: string;
}

/** Writes whole, relative steps: a third of the bytes of absolute decimals, and points that fall together vanish. */
class ShortPath implements GeoContext {
  #text = '';
  #x = 0;
  #y = 0;
  #open = '';
  beginPath(): void {
    this.#open = '';
  }
  moveTo(x: number, y: number): void {
    this.#step(x, y);
    this.#open = `M${String(this.#x)} ${String(this.#y)}`;
  }
  lineTo(x: number, y: number): void {
    const [dx, dy] = this.#step(x, y);
    if (dx === 0 && dy === 0) return;
    this.#text += `${this.#open}l${String(dx)}${dy < 0 ? '' : ' '}${String(dy)}`;
    this.#open = '';
  }
  closePath(): void {
    // A ring of which no point is left was smaller than the grid.
    if (this.#open === '') this.#text += 'z';
    this.#open = '';
  }
  arc(): void {
    throw new Error('Outlines hold no points');
  }
  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
  #step(x: number, y: number): [number, number] {
    const [nextX, nextY] = [Math.round(x), Math.round(y)];
    const step: [number, number] = [nextX - this.#x, nextY - this.#y];
    this.#x = nextX;
    this.#y = nextY;
    return step;
  }
}

const NumericRow = z.object({ numeric: z.string().regex(/^\d{3}$/), alpha3: StateCode });

function load(): Outlines {
  const find = createRequire(import.meta.url);
  const atlas = JSON.parse(readFileSync(find.resolve('world-atlas/countries-110m.json'), 'utf8')) as Topology<{
    countries: GeometryCollection;
  }>;
  const numeric = new Map(
    readCsv(readFileSync(join(dataFolder, 'numeric.csv'), 'utf8'), 'numeric.csv', NumericRow).map((row) => [
      row.numeric,
      row.alpha3,
    ]),
  );
  const projection = geoEqualEarth().fitWidth(mapSize.width, { type: 'Sphere' });
  const short = new ShortPath();
  const draw = geoPath(projection, short);
  const byState = new Map<StateCode, string>();
  const unnamed: string[] = [];
  const antarctica = '010';
  for (const one of feature(atlas, atlas.objects.countries).features) {
    if (one.id === antarctica) continue;
    draw(one);
    const state = numeric.get(String(one.id));
    if (state === undefined) unnamed.push(short.take());
    else byState.set(state, (byState.get(state) ?? '') + short.take());
  }
  draw(geoGraticule().step([30, 30]).precision(6)());
  return {
    byState,
    graticule: short.take(),
    elsewhere: (participants) =>
      unnamed.join('') + [...byState].flatMap(([state, path]) => (participants.has(state) ? [] : [path])).join(''),
  };
}

let held: Outlines | undefined;

/** Outlines of countries on the equal-earth projection, drawn once. Source: Natural Earth, 1:110 million. */
export function outlines(): Outlines {
  return (held ??= load());
}
