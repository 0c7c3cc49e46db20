import { Button, Hidden, Num, SideSection, type View } from '../../../web/index.ts';
import { shownFacets } from '../asked.ts';
import type { FacetCount, FacetName } from '../search/schema.ts';
import type { Answered } from '../service.ts';
import { searchHref, withoutFilter } from './address.ts';
import { facetWords, type WorkNames } from './words.tsx';

const most = 8;
const formId = 'search';

function Value({ view, names, name, count }: { view: View; names: WorkNames; name: FacetName; count: FacetCount }) {
  const id = `facet-${name}-${count.value.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;
  return (
    <li>
      <input type="checkbox" form={formId} id={id} name={name} value={count.value} checked={count.chosen} />
      <label for={id}>
        <bdi dir={view.dir}>{facetWords(view, names, name, count.value)}</bdi>{' '}
        <Num>{view.formats.number(count.count)}</Num>
      </label>
    </li>
  );
}

function Facet({
  view,
  names,
  name,
  counts,
}: {
  view: View;
  names: WorkNames;
  name: (typeof shownFacets)[number];
  counts: readonly FacetCount[];
}) {
  const listed = [...counts].sort((a, b) => Number(b.chosen) - Number(a.chosen));
  const [first, rest] = [listed.slice(0, most), listed.slice(most)];
  return (
    <fieldset class="facet">
      <legend>{view.t(`knowledge.facet-${name}`)}</legend>
      <ul>
        {first.map((count) => (
          <Value view={view} names={names} name={name} count={count} />
        ))}
      </ul>
      {rest.length === 0 ? null : (
        <details>
          <summary>{view.t('knowledge.filters-more')}</summary>
          <ul>
            {rest.map((count) => (
              <Value view={view} names={names} name={name} count={count} />
            ))}
          </ul>
        </details>
      )}
    </fieldset>
  );
}

/** Facets beside the results: fieldsets of the one search form, so that they work by its button, without scripts. */
export function Facets({ view, names, answered }: { view: View; names: WorkNames; answered: Answered }) {
  const facets = answered.results?.facets ?? {};
  const useful = shownFacets.filter(
    (name) => (facets[name]?.length ?? 0) > 1 || facets[name]?.some((one) => one.chosen),
  );
  return (
    <SideSection title={<span id="filters">{view.t('knowledge.filters')}</span>}>
      {useful.map((name) => (
        <Facet view={view} names={names} name={name} counts={facets[name] ?? []} />
      ))}
      <div class="facet">
        <label for="facet-on">{view.t('knowledge.filter-on')}</label>
        <p class="hint" id="facet-on-hint">
          {view.t('knowledge.filter-on-hint')}
        </p>
        <input
          class="input input--w12"
          type="text"
          form={formId}
          id="facet-on"
          name="on"
          value={answered.asked.on ?? ''}
          aria-describedby="facet-on-hint"
          autocomplete="off"
          dir="ltr"
        />
      </div>
      <p class="hint">{view.t('knowledge.filters-count')}</p>
      <Button form={formId} type="submit" compact>
        {view.t('knowledge.filters-apply')}
      </Button>
    </SideSection>
  );
}

/** Chosen filters above the results, each a link that takes it away. */
export function Chosen({ view, names, answered }: { view: View; names: WorkNames; answered: Answered }) {
  const { asked } = answered;
  const chosen = Object.entries(asked.filters).flatMap(([name, values]) =>
    values.map((value) => ({
      words: facetWords(view, names, name as FacetName, value),
      href: withoutFilter(asked, name as FacetName, value),
    })),
  );
  const { on, ...withoutDay } = asked;
  if (on !== undefined)
    chosen.push({ words: `${view.t('knowledge.filter-on')} ${view.formats.day(on)}`, href: searchHref(withoutDay) });
  if (chosen.length === 0) return null;
  return (
    <nav class="chips" aria-label={view.t('knowledge.chosen')}>
      <ul>
        {chosen.map(({ words, href }) => (
          <li>
            <a class="chip" href={href}>
              <Hidden>{view.t('knowledge.remove-filter', { name: words })}</Hidden>
              <span aria-hidden="true">
                <bdi dir={view.dir}>{words}</bdi> <span class="chip-x">×</span>
              </span>
            </a>
          </li>
        ))}
        {chosen.length > 1 ? (
          <li>
            <a href={searchHref(withoutDay, { filters: {} })}>{view.t('knowledge.clear-filters')}</a>
          </li>
        ) : null}
      </ul>
    </nav>
  );
}
