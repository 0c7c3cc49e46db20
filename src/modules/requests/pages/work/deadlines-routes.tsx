import { page, type PageAnswer } from '../../../../platform/http/routes.ts';
import { addDays } from '../../../../platform/values/index.ts';
import type { Deadline } from '../../service/index.ts';
import { deskLimit, ownersOf } from '../case/desk-load.ts';
import type { CaseParts, Place } from '../case/parts.ts';
import { nowOf } from '../incoming/load.tsx';
import { toDeadlineCalendar } from '../../deadline-calendar.ts';
import { DeadlinesPage } from './deadlines.tsx';
import type { Call } from './load.tsx';

/** Days ahead that the page and the calendar show. */
const horizon = 90;
const most = 4 * deskLimit;

/** Several items of one request that end together are one line. */
function once(deadlines: readonly Deadline[]): Deadline[] {
  const lines = new Map(deadlines.map((one) => [`${one.reference} ${one.clock} ${one.dueAt}`, one]));
  return [...lines.values()];
}

/** `/deadlines`: every term of both sides, next end first. */
export async function showDeadlines(parts: CaseParts, { ctx, view, query }: Call): Promise<PageAnswer> {
  const all = once(await parts.requests.deadlines(ctx, { until: addDays(ctx.today(), horizon), limit: most }));
  const self = ctx.actor.kind === 'person' ? ctx.actor.id : '';
  const mine = all.filter((one) => one.owner === self);
  const onlyMine = query.view === 'mine';
  const shown = onlyMine ? mine : all;
  const places = new Map<string, Place>();
  for (const authority of new Set(shown.flatMap((one) => one.otherAuthority ?? []))) {
    const place = await parts.placeOf(ctx, view, authority);
    if (place) places.set(authority, place);
  }
  return page(
    <DeadlinesPage
      view={view}
      deadlines={shown}
      counts={{ all: all.length, mine: mine.length }}
      onlyMine={onlyMine}
      own={(await parts.requests.deskCounts(ctx)).all}
      incoming={(await parts.incoming.counts(ctx)).all}
      names={await ownersOf(parts, ctx, shown)}
      places={places}
      days={horizon}
      now={nowOf(ctx)}
    />,
  );
}

/** The same as a calendar file: kinds of terms and references, no names. */
export async function giveCalendar(parts: CaseParts, { ctx, view }: Call): Promise<PageAnswer> {
  const deadlines = await parts.requests.deadlines(ctx, { until: addDays(ctx.today(), horizon), limit: most });
  const bytes = Buffer.from(toDeadlineCalendar(view.t, once(deadlines), nowOf(ctx), ctx.zone), 'utf8');
  return { type: 'file', file: { bytes, mediaType: 'text/calendar; charset=utf-8', fileName: 'deadlines.ics' } };
}
