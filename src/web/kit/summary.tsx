import type { Content } from './text.tsx';
import { Hidden, classes } from './text.tsx';
import type { View } from '../view.ts';

export interface SummaryRow {
  label: Content;
  /** Empty or undefined reads "Not provided". */
  value?: Content;
  /** Where this answer is changed; comes straight back to the check page. */
  changeHref?: string;
  /** What the Change link changes, for screen readers: "penalty range". */
  changeWhat?: string;
  /** Words of a problem with this answer. */
  problem?: Content;
}

/** Answers to check, each with its Change link. */
export function SummaryList({ view, rows, id }: { view: View; rows: readonly SummaryRow[]; id?: string }) {
  return (
    <dl class="answers" id={id}>
      {rows.map((row) => (
        <div class={classes('answers-row', Boolean(row.problem) && 'answers-row--problem')}>
          <dt>{row.label}</dt>
          <dd>
            {isEmpty(row.value) ? <span class="muted">{view.t('web.not-provided')}</span> : row.value}
            {row.problem ? <span class="answers-problem">{row.problem}</span> : null}
          </dd>
          {row.changeHref ? (
            <dd class="answers-change">
              <a href={row.changeHref}>
                {view.t('web.change')}
                <Hidden> {row.changeWhat ?? row.label}</Hidden>
              </a>
            </dd>
          ) : null}
        </div>
      ))}
    </dl>
  );
}

function isEmpty(value: Content | undefined): boolean {
  return value === undefined || value === null || value === '';
}

export interface Fact {
  label: Content;
  value: Content;
  /** Source and date, small, under the value. */
  source?: Content;
}

/** Facts as a definition list: label, value, source. */
export function Facts({ items, stack }: { items: readonly Fact[]; stack?: boolean }) {
  return (
    <dl class={classes('facts', stack && 'facts--stack')}>
      {items.map((item) => (
        <div class="fact">
          <dt>{item.label}</dt>
          <dd>
            {item.value}
            {item.source ? <span class="source">{item.source}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Consequences in numbers: what leaves the country, who sees it. */
export function Figures({ items }: { items: readonly { figure: Content; label: Content }[] }) {
  return (
    <dl class="leaves">
      {items.map((item) => (
        <div>
          <dt>{item.label}</dt>
          <dd>{item.figure}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Times now in both capitals, facing. */
export function ClockPair({ sides }: { sides: readonly [Clock, Clock] }) {
  return (
    <div class="clockpair">
      {sides.map((side, index) => (
        <>
          {index === 1 ? <span class="vr" aria-hidden="true" /> : null}
          <div>
            <b>
              <bdi dir="ltr">{side.time}</bdi>
            </b>
            <span>{side.place}</span>
            {side.hours ? <span class="source">{side.hours}</span> : null}
          </div>
        </>
      ))}
    </div>
  );
}

interface Clock {
  time: string;
  place: Content;
  hours?: Content;
}
