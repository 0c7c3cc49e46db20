import type { Problem } from '../../platform/values/index.ts';
import type { View } from '../view.ts';
import { Mark } from './icon.tsx';
import { fieldId } from './text.tsx';

export interface ErrorSummaryProps {
  view: View;
  problems: readonly Problem[];
  /** Where a problem is answered, when it is not a field of this page. Default: the field of its path. */
  hrefOf?: (problem: Problem) => string | undefined;
}

/** All problems at once, first thing in `main`; takes the focus; each links to its field and says the same words. */
export function ErrorSummary({ view, problems, hrefOf = toField }: ErrorSummaryProps) {
  if (problems.length === 0) return null;
  return (
    <div
      class="error-summary"
      role="alert"
      tabindex={-1}
      aria-labelledby="error-summary-h"
      data-error-summary
      autofocus
    >
      <h2 id="error-summary-h">{view.t('web.problems', { count: problems.length })}</h2>
      <ul>
        {problems.map((problem) => (
          <li>
            <ProblemLine view={view} problem={problem} href={hrefOf(problem)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function toField(problem: Problem): string | undefined {
  return problem.path.length === 0 ? undefined : `#${fieldId(problem.path)}`;
}

function ProblemLine({ view, problem, href }: { view: View; problem: Problem; href: string | undefined }) {
  const [first, rest] = firstSentence(view.problemText(problem));
  return (
    <>
      {href ? <a href={href}>{first}</a> : <b>{first}</b>}
      {rest ? ` ${rest}` : null}
      {problem.source ? <span class="source"> {problem.source}</span> : null}
    </>
  );
}

// What to do is the link; why follows it in plain words.
function firstSentence(words: string): [string, string] {
  const end = /[.؟?] (?=\S)/u.exec(words);
  return end ? [words.slice(0, end.index + 1), words.slice(end.index + 2)] : [words, ''];
}

/** Problems of a whole object, grouped into what blocks the act and what should be looked at. */
export function ProblemList({ view, problems, hrefOf }: ErrorSummaryProps) {
  const groups = [
    { key: 'must', title: view.t('web.must'), items: problems.filter((p) => p.severity === 'block') },
    { key: 'should', title: view.t('web.should'), items: problems.filter((p) => p.severity === 'warn') },
    { key: 'may', title: view.t('web.may'), items: problems.filter((p) => p.severity === 'advise') },
  ];
  return (
    <div class="problem-list">
      {groups
        .filter((group) => group.items.length > 0)
        .map((group) => (
          <section class="section-s">
            <h3>{group.title}</h3>
            <ul class={`listed listed--${group.key}`}>
              {group.items.map((problem) => (
                <li>
                  <Mark name={group.key === 'must' ? 'alert' : group.key === 'should' ? 'half' : 'unknown'} />
                  <div>
                    <ProblemLine view={view} problem={problem} href={hrefOf?.(problem)} />
                  </div>
                </li>
              ))}
            </ul>
          </section>
        ))}
    </div>
  );
}

/** The words of a field's problem, for its `error` prop; undefined when there is none. */
export function errorFor(view: View, problems: readonly Problem[], name: string): string | undefined {
  const found = problems.find((problem) => `${problem.path.join('.')}.`.startsWith(`${name}.`));
  return found ? view.problemText(found) : undefined;
}
