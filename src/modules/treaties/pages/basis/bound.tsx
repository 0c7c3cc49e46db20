import type { StateCode } from '../../../../platform/values/index.ts';
import { Section, type View } from '../../../../web/index.ts';
import type { BasisAnswer, ShownBasis } from '../../schema/index.ts';
import { shortName, shownDate } from '../words.tsx';
import type { Titles } from './ask.tsx';

const width = 800;

/** Bars since when each State is bound; the same days stand in the table under it. */
export function Bound({ view, answer, titles }: { view: View; answer: BasisAnswer; titles: Titles }) {
  const { t, formats } = view;
  const { from, to, on } = answer.question;
  const days = answer.bases.flatMap((basis) =>
    [from, to].flatMap((state) =>
      (basis.acts[state] ?? [])
        .flatMap((act) => [act.deposited, act.effect])
        .filter((day): day is string & typeof day => typeof day === 'string'),
    ),
  );
  const shown = answer.bases.filter((basis) =>
    [from, to].some((state) => (basis.acts[state] ?? []).some((act) => typeof act.effect === 'string')),
  );
  if (shown.length === 0) return null;
  const first = days.map((day) => Number(day.slice(0, 4))).reduce((a, b) => Math.min(a, b), Number(on.slice(0, 4)));
  const start = Math.floor((first - 1) / 5) * 5;
  const end = Number(on.slice(0, 4)) + 1;
  const place = (day: string) => {
    const year =
      Number(day.slice(0, 4)) + (Number(day.slice(5, 7) || '1') - 1) / 12 + Number(day.slice(8) || '1') / 365;
    return Math.max(0, Math.min(width, Math.round(((year - start) / (end - start)) * width)));
  };
  const step = end - start > 30 ? 10 : 5;
  const years = Array.from({ length: Math.floor((end - 1 - start) / step) + 1 }, (_, index) => start + index * step);
  const mirrored = (x: number) => (view.dir === 'rtl' ? width - x : x);
  const bar = (basis: ShownBasis, state: StateCode) => {
    const act = (basis.acts[state] ?? []).find((one) => typeof one.effect === 'string');
    const from = act && typeof act.effect === 'string' ? place(act.effect) : null;
    const deposit = act && typeof act.deposited === 'string' ? place(act.deposited) : null;
    const words = act ? shownDate(view, act.effect) : t('law.no-act');
    // A date near the end of the line is written on its other side.
    const late = from !== null && from > width * 0.75;
    return (
      <>
        <span>
          {view.stateName(state)}{' '}
          <b class="bound-day" aria-hidden="true">
            {words}
          </b>
        </span>
        <svg viewBox={`0 0 ${String(width)} 34`} role="img" aria-label={`${view.stateName(state)}: ${words}`}>
          {years.map((year) => (
            <line class="b-grid" x1={mirrored(place(String(year)))} x2={mirrored(place(String(year)))} y1="0" y2="34" />
          ))}
          {deposit !== null && from !== null && from > deposit ? (
            <line class="b-wait" x1={mirrored(deposit)} x2={mirrored(from)} y1="25" y2="25" />
          ) : null}
          {from === null ? null : <line class="b-on" x1={mirrored(from)} x2={mirrored(width)} y1="25" y2="25" />}
          {deposit === null ? null : <circle class="b-dep" cx={mirrored(deposit)} cy="25" r="4" />}
          <line class="b-ask" x1={mirrored(place(on))} x2={mirrored(place(on))} y1="0" y2="34" />
          <text
            class="yr"
            x={from === null ? mirrored(0) : mirrored(late ? from - 8 : from)}
            y="15"
            text-anchor={late ? 'end' : 'start'}
            direction={view.dir}
          >
            {words}
          </text>
        </svg>
      </>
    );
  };
  return (
    <Section title={t('law.bound-title')} id="bound">
      <div class="bound">
        <svg class="axis" viewBox={`0 0 ${String(width)} 20`} aria-hidden="true">
          {years.map((year, index) => (
            <text
              class={index % 2 === 1 ? 'opt' : undefined}
              x={mirrored(place(String(year)))}
              y="15"
              text-anchor="start"
              direction={view.dir}
            >
              {String(year)}
            </text>
          ))}
        </svg>
        {shown.map((basis, index) => {
          const title = titles.get(basis.instrument);
          return (
            <>
              {index > 0 ? <span class="gap" /> : null}
              <span class="inst">
                {title
                  ? shortName(view, basis.instrument, title.title)
                  : t('law.agreement', { name: basis.instrument.replace(/^agreement:/, '') })}
              </span>
              {bar(basis, from)}
              {bar(basis, to)}
            </>
          );
        })}
      </div>
      <p class="source">
        {t('law.bound-key', { date: formats.day(on) })} {t('law.bound-gap')}
      </p>
    </Section>
  );
}
