import { Num, Ref, StatusMark, type View } from '../../../web/index.ts';
import type { Explanation, Hit, HitGroup, Snippet } from '../search/schema.ts';
import type { Answered } from '../service.ts';
import { provisionHref, searchHref, workHref } from './address.ts';
import { directionOfUnit, kindWords, placeWords, type WorkNames } from './words.tsx';

/** An explanation asked for: of which unit, and what the index says. */
export interface Why {
  unit: string;
  explanation: Explanation;
}

export interface ResultParts {
  view: View;
  names: WorkNames;
  answered: Answered;
  why?: Why;
}

const anchorOf = (unit: string) => `r-${unit.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;

/** Two decimals are enough to compare; the sum is what the order goes by. */
const figure = (view: View, value: number) => view.formats.number(Math.round(value * 100) / 100);

/** Why a provision stands where it stands: each word, where it was found, how rare it is, what it adds. */
function Reasons({ view, hit, why }: { view: View; hit: Hit; why: Why }) {
  const { t } = view;
  const { contributions, score } = why.explanation;
  return (
    <div class="why">
      {hit.pinned ? <p>{t('knowledge.why-pinned')}</p> : null}
      {hit.citing ? <p>{t('knowledge.why-citing')}</p> : null}
      {contributions.length === 0 ? null : (
        <>
          <div class="table-wrap">
            <table class="why-table">
              <thead>
                <tr>
                  <th scope="col">{t('knowledge.why-words')}</th>
                  <th scope="col">{t('knowledge.why-found')}</th>
                  <th scope="col">{t('knowledge.why-rare')}</th>
                  <th scope="col" class="figures">
                    {t('knowledge.why-adds')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {contributions.map((one) => (
                  <tr>
                    <th scope="row">
                      <bdi>{one.kind === 'prior' ? t('knowledge.why-prior') : one.words}</bdi>
                    </th>
                    <td>
                      {one.found.map(({ term, field, frequency }, n) => (
                        <>
                          {n > 0 ? t('web.comma') : null}
                          {t(`knowledge.field-${field}`)} <bdi>{term}</bdi> <Num>×{view.formats.number(frequency)}</Num>
                        </>
                      ))}
                    </td>
                    <td>{one.kind === 'prior' ? '' : t('knowledge.why-documents', { count: one.documents })}</td>
                    <td class="figures">
                      <Num>{figure(view, one.contribution)}</Num>
                    </td>
                  </tr>
                ))}
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row" colspan={3}>
                    {t('knowledge.why-sum')}
                  </th>
                  <td class="figures">
                    <Num>{figure(view, score)}</Num>
                  </td>
                </tr>
              </tfoot>
            </table>
          </div>
          <p class="hint">{t('knowledge.why-note')}</p>
        </>
      )}
    </div>
  );
}

/** Title and heading stand above already. */
const saysMore = ({ field }: Snippet) => field !== 'title' && field !== 'heading';

/** A snippet with the words that were found marked. */
function Marked({ snippet: { text, marks } }: { snippet: Snippet }) {
  let at = 0;
  const parts = marks.map(([from, to]) => {
    const before = text.slice(at, from);
    at = to;
    return (
      <>
        {before}
        <mark>{text.slice(from, to)}</mark>
      </>
    );
  });
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  );
}

/** One provision: its place and heading, at most two snippets, and why it stands here. */
export function Result({ view, answered, why, hit }: ResultParts & { hit: Hit }) {
  const { unit } = hit;
  const anchor = anchorOf(unit.id);
  const isOpen = why?.unit === unit.id;
  const { asked } = answered;
  return (
    <li class="result" id={anchor}>
      <p class="result-place">
        <a href={provisionHref(unit.work, unit.eId)}>
          {placeWords(view, unit.eId)}
          {unit.heading ? (
            <>
              {' · '}
              <bdi lang={unit.language}>{unit.heading}</bdi>
            </>
          ) : null}
        </a>
      </p>
      {hit.snippets.filter(saysMore).map((snippet) => (
        <p class="snippet" lang={unit.language} dir="auto">
          <Marked snippet={snippet} />
        </p>
      ))}
      <p class="result-foot">
        {hit.citing ? (
          <StatusMark mark="in" tone="accent">
            {view.t('knowledge.citing')}
          </StatusMark>
        ) : null}
        <a
          href={`${searchHref(asked, asked.cursor === undefined ? {} : { cursor: asked.cursor }, isOpen ? {} : { why: unit.id })}#${anchor}`}
          aria-expanded={isOpen ? 'true' : 'false'}
        >
          {view.t(isOpen ? 'knowledge.why-close' : 'knowledge.why')}
        </a>
      </p>
      {isOpen ? <Reasons view={view} hit={hit} why={why} /> : null}
    </li>
  );
}

/** Provisions of one work: three at most, and the way to the others. */
export function Group(props: ResultParts & { group: HitGroup; hits: readonly Hit[] }) {
  const { view, answered, group, hits } = props;
  const [first] = hits;
  if (!first) return null;
  const work = answered.works.get(group.work);
  const { unit } = first;
  const title = work?.title ?? unit.title;
  return (
    <li class="result-group">
      <h3>
        <a href={workHref(group.work)}>
          <bdi lang={unit.language} dir={directionOfUnit(unit)}>
            {title}
          </bdi>
        </a>
      </h3>
      <p class="result-of">
        <span>{kindWords(view, unit.kind)}</span>
        {work?.shortTitles[0] ? <Ref value={work.shortTitles[0]} /> : null}
        {unit.date ? <span>{view.formats.day(unit.date)}</span> : null}
        <span>{view.formats.language(unit.language)}</span>
      </p>
      <ol class="result-hits">
        {hits.map((hit) => (
          <Result {...props} hit={hit} />
        ))}
      </ol>
      {group.more > 0 ? (
        <p class="result-more">
          <a
            href={searchHref(answered.asked, {
              filters: { ...answered.asked.filters, instrument: [group.work] },
              isListed: true,
            })}
          >
            {view.t(unit.kind === 'resolution' ? 'knowledge.more-in-resolution' : 'knowledge.more-in-treaty', {
              count: view.formats.number(group.more),
            })}
          </a>
        </p>
      ) : null}
    </li>
  );
}
