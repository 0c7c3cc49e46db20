import type { Problem } from '../../../../platform/values/index.ts';
import { fieldId } from '../../../../web/index.ts';
import type { TaskPage } from '../../rules/index.ts';
import type { Task } from '../../schema/index.ts';
import type { Loaded } from './load.ts';
import { addressOf, type Path } from './questions.ts';

export function writeHref(reference: string, ...steps: string[]): string {
  return ['/requests', reference, 'write', ...steps]
    .map((step, n) => (n === 0 ? step : encodeURIComponent(step)))
    .join('/');
}

export interface Place {
  task: Task;
  page: TaskPage;
  at: string | null;
  rest: Path;
}

/** The deepest page on which a path of the request is answered. */
export function placeOfPath(loaded: Loaded, path: readonly (string | number)[]): Place | undefined {
  let best: Place | undefined;
  for (const { task, pages } of loaded.pages) {
    for (const page of pages) {
      const found = addressOf(loaded.env.draft, page, path);
      // Of two pages that speak of one thing, the one that leads further down is where it is answered.
      if (found && (!best || found.rest.length < best.rest.length)) best = { task, page, ...found };
    }
  }
  return best;
}

/** Address at which a problem is mended: page and field. */
export function hrefOfProblem(loaded: Loaded, problem: Problem): string | undefined {
  const { reference } = loaded.request;
  if (problem.path[0] === 'requested' || problem.path[0] === 'requesting' || problem.path.length > 0) {
    const place = placeOfPath(loaded, problem.path);
    if (place) {
      const base = writeHref(reference, place.task, place.page.id, ...(place.at === null ? [] : [place.at]));
      return place.rest.length > 0 ? `${base}#${fieldId(place.rest)}` : base;
    }
  }
  return undefined;
}

/** Problems answered on one page, with paths that lead from its object. */
export function problemsOf(loaded: Loaded, page: TaskPage, at: string | null): Problem[] {
  return loaded.check.problems.flatMap((one) => {
    const place = placeOfPath(loaded, one.path);
    return place?.page.id === page.id && place.at === at ? [{ ...one, path: place.rest }] : [];
  });
}
