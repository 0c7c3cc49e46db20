import type { StateCode } from '../../../../platform/values/index.ts';
import type { View } from '../../../../web/index.ts';
import { mapSize, outlines } from '../../outlines.ts';
import type { Position } from '../../rules/index.ts';

/** Participants that the map and the legend show alike. `step` 1 to 4 by year of effect; the rest by status. */
export interface Shade {
  id: 'm1' | 'm2' | 'm3' | 'm4' | 'signed' | 'unknown' | 'none';
  states: StateCode[];
  /** First and last year of effect in a step. */
  years?: [number, number];
}

/** Four steps of about the same size by year of effect, then signed or deposited, unknown, and none. */
export function shadesOf(positions: readonly Position[]): Shade[] {
  const bound = positions
    .filter((one) => one.status === 'party')
    .map((one) => ({ state: one.state, year: one.since === null ? null : Number(one.since.slice(0, 4)) }));
  const dated = bound.flatMap((one) => (one.year === null ? [] : [one.year])).sort((a, b) => a - b);
  const last = dated.at(-1) ?? 0;
  const ends = [1, 2, 3]
    .map((part) => dated[Math.ceil((dated.length * part) / 4) - 1])
    .filter((year, index, all): year is number => year !== undefined && year < last && all.indexOf(year) === index);
  ends.push(last);
  const steps = ['m1', 'm2', 'm3', 'm4'] as const;
  const shades: Shade[] = [];
  let from = dated[0] ?? 0;
  ends.forEach((end, index) => {
    // Bound since a day that is not known: with the last step, whose end is open.
    const isLast = index === ends.length - 1;
    const states = bound
      .filter((one) => (one.year === null ? isLast : one.year >= from && one.year <= end))
      .map((one) => one.state);
    if (states.length > 0) shades.push({ id: steps[index]!, states, years: [from, end] });
    from = end + 1;
  });
  const others = (id: Shade['id'], statuses: readonly Position['status'][]) =>
    shades.push({ id, states: positions.filter((one) => statuses.includes(one.status)).map((one) => one.state) });
  others('signed', ['signatory', 'deposited-not-in-force']);
  others('unknown', ['unknown']);
  others('none', ['not-party', 'ended']);
  return shades;
}

/** Hatching and dots are drawn, so that no shade rests on colour alone. */
export function Patterns() {
  return (
    <svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="p-signed" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="map-hatch-bg" width="14" height="14" />
          <path class="map-hatch-l" d="M0 0V14" />
        </pattern>
        <pattern id="p-unknown" width="14" height="14" patternUnits="userSpaceOnUse">
          <rect class="map-hatch-bg" width="14" height="14" />
          <circle class="map-dot" cx="7" cy="7" r="2.6" />
        </pattern>
      </defs>
    </svg>
  );
}

const fills: Partial<Record<Shade['id'], string>> = { signed: 'url(#p-signed)', unknown: 'url(#p-unknown)' };

/** Small square of a shade for the legend, with the same pattern as on the map. */
export function Swatch({ shade }: { shade: Shade['id'] }) {
  return (
    <svg class="swatch" viewBox="0 0 44 28" aria-hidden="true" focusable="false">
      <rect
        class={shade === 'none' ? 'm0' : fills[shade] ? 'm-pattern' : shade}
        fill={fills[shade]}
        x="1"
        y="1"
        width="42"
        height="26"
      />
    </svg>
  );
}

/** The world by status on a day, drawn here; the table beside it holds the same facts. */
export function WorldMap({
  view,
  positions,
  shades,
  label,
}: {
  view: View;
  positions: readonly Position[];
  shades: readonly Shade[];
  label: string;
}) {
  const { t } = view;
  const { byState, elsewhere, graticule } = outlines();
  const participants = new Set(positions.map((one) => one.state));
  const small = positions.filter((one) => one.kind === 'State' && !byState.has(one.state)).length;
  return (
    <figure class="world" dir="ltr">
      <svg
        class="map"
        viewBox={`0 -24 ${String(mapSize.width)} ${String(mapSize.height)}`}
        role="img"
        aria-label={label}
      >
        <path class="grat" d={graticule} />
        <path class="m0" d={elsewhere(participants) + pathOf(shades, 'none', byState)} />
        {shades
          .filter((shade) => shade.id !== 'none' && shade.states.some((state) => byState.has(state)))
          .map((shade) => (
            <path
              class={fills[shade.id] ? 'm-pattern' : shade.id}
              fill={fills[shade.id]}
              d={pathOf(shades, shade.id, byState)}
            />
          ))}
      </svg>
      <figcaption class="source" dir={view.dir}>
        {t('law.map-note')} {t('law.map-small', { count: small })} {t('law.map-outline')}
      </figcaption>
    </figure>
  );
}

function pathOf(shades: readonly Shade[], id: Shade['id'], byState: ReadonlyMap<StateCode, string>): string {
  return (shades.find((shade) => shade.id === id)?.states ?? []).map((state) => byState.get(state) ?? '').join('');
}
