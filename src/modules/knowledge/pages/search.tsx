import {
  Button,
  Empty,
  ErrorSummary,
  errorFor,
  Form,
  Heading,
  Hidden,
  Notice,
  TextInput,
  type View,
} from '../../../web/index.ts';
import type { ShownUnit } from '../provision.ts';
import type { IndexStatus, SearchResults } from '../search/schema.ts';
import type { Answered } from '../service.ts';
import type { Work } from '../sources/schema.ts';
import { searchHref } from './address.ts';
import { Browse, Examples } from './browse.tsx';
import { AskedCard, type StatusStrip } from './card.tsx';
import { Chosen, Facets } from './facets.tsx';
import { Group, type Why } from './result.tsx';
import { KnowledgePage, type WorkNames } from './words.tsx';

export interface SearchPageProps {
  view: View;
  names: WorkNames;
  answered: Answered;
  /** The unit asked for, as it is read. */
  shown: readonly ShownUnit[];
  strip: StatusStrip | undefined;
  why: Why | undefined;
  status: IndexStatus | undefined;
  works: readonly Work[];
  /** Words of concepts that are searched as typed, with the concept. */
  dropped: readonly { id: string; words: string }[];
}

function SearchForm({ view, answered }: { view: View; answered: Answered }) {
  const { asked, problems } = answered;
  return (
    <Form view={view} method="get" action="/knowledge" id="search" class="search-form" suggest="/api/knowledge/suggest">
      <TextInput
        view={view}
        name="q"
        label={view.t('knowledge.field')}
        hint={view.t('knowledge.field-hint')}
        value={asked.text}
        error={errorFor(view, problems, 'q')}
        type="search"
        dir="auto"
      />
      {asked.sort === 'relevance' ? null : <input type="hidden" name="sort" value={asked.sort} />}
      {asked.dropped.map((id) => (
        <input type="hidden" name="drop" value={id} />
      ))}
      <Button kind="main">{view.t('knowledge.search')}</Button>
    </Form>
  );
}

/** Which set was searched, in one sentence, and the way to the other. */
function MatchLine({ view, answered, results }: { view: View; answered: Answered; results: SearchResults }) {
  const { t } = view;
  const { asked } = answered;
  const key =
    asked.text === '' ? 'knowledge.filtered' : results.match === 'all' ? 'knowledge.all-words' : 'knowledge.some-words';
  return (
    <p class="match-line" role="status">
      {t(key, { count: results.units })} {results.works > 0 ? t('knowledge.in-works', { count: results.works }) : null}{' '}
      {results.other && results.other.units > 0 ? (
        <a href={searchHref(asked, { match: results.other.match })}>
          {t(results.other.match === 'some' ? 'knowledge.show-some' : 'knowledge.show-all', {
            count: results.other.units,
          })}
        </a>
      ) : null}
    </p>
  );
}

/** Other names of the terms that were searched too, each with a way to leave them out. */
function AlsoSearched({
  view,
  answered,
  results,
  dropped,
}: Pick<SearchPageProps, 'view' | 'answered' | 'dropped'> & { results: SearchResults }) {
  const { t } = view;
  const { asked } = answered;
  if (results.concepts.length === 0 && dropped.length === 0) return null;
  const most = 6;
  return (
    <ul class="also-searched">
      {results.concepts
        .filter(({ also }) => also.length > 0)
        .map(({ id, words, also }) => (
          <li>
            <span>
              {t('knowledge.also', { labels: '\u0000' }).split('\u0000')[0]}
              {[...also]
                // The reader's language first.
                .sort((a, b) => Number(b.language === view.language) - Number(a.language === view.language))
                .slice(0, most)
                .map(({ language, label }, n) => (
                  <>
                    {n > 0 ? t('web.comma') : null}
                    <bdi lang={language}>{label}</bdi>
                  </>
                ))}
              {also.length > most ? '…' : ''}
            </span>{' '}
            <a href={searchHref(asked, { dropped: [...asked.dropped, id] })}>{t('knowledge.also-remove', { words })}</a>
          </li>
        ))}
      {dropped.map(({ id, words }) => (
        <li>
          <span>{t('knowledge.dropped', { words })}</span>{' '}
          <a href={searchHref(asked, { dropped: asked.dropped.filter((one) => one !== id) })}>
            {t('knowledge.dropped-back')}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Sorting({ view, answered }: { view: View; answered: Answered }) {
  const { asked } = answered;
  return (
    <nav class="sorting" aria-label={view.t('knowledge.sort')}>
      <span>{view.t('knowledge.sort')}</span>
      {(['relevance', 'date', 'article'] as const).map((sort) => (
        <a href={searchHref(asked, { sort })} aria-current={asked.sort === sort ? 'true' : undefined}>
          {view.t(`knowledge.sort-${sort}`)}
        </a>
      ))}
    </nav>
  );
}

function Behind({ view, answered, status }: Pick<SearchPageProps, 'view' | 'answered' | 'status'>) {
  const { t, formats } = view;
  if (status?.rebuilding !== undefined)
    return (
      <Notice
        view={view}
        kind="info"
        title={t('knowledge.rebuilding', { share: formats.number(Math.floor(status.rebuilding * 100)) })}
      />
    );
  if (answered.isMissing) return <Notice view={view} kind="warning" title={t('knowledge.rebuild-needed')} />;
  return status && status.waiting > 0 ? (
    <Notice view={view} kind="info" title={t('knowledge.behind', { count: status.waiting })} />
  ) : null;
}

/** To the first results and to the next ones; nothing where all stand on this page. */
function Pager({ view, answered, results }: { view: View; answered: Answered; results: SearchResults }) {
  const { asked } = answered;
  if (asked.cursor === undefined && results.cursor === undefined) return null;
  return (
    <nav class="pager" aria-label={view.t('web.pages')}>
      {asked.cursor === undefined ? <span /> : <a href={searchHref(asked)}>{view.t('knowledge.first-page')}</a>}
      {results.cursor === undefined ? null : (
        <a href={searchHref(asked, { cursor: results.cursor })} rel="next">
          {view.t('knowledge.more-results')}
        </a>
      )}
    </nav>
  );
}

function Results(props: SearchPageProps & { results: SearchResults }) {
  const { view, answered, results } = props;
  const { t } = view;
  const { asked } = answered;
  const groups = results.groups
    // What was asked for stands as a card already.
    .map((group) => ({ group, hits: group.hits.filter((hit) => !(hit.pinned && answered.asking?.unit)) }))
    .filter(({ hits }) => hits.length > 0);
  return (
    <>
      <Hidden>
        <h2>{t('knowledge.results')}</h2>
      </Hidden>
      <MatchLine view={view} answered={answered} results={results} />
      {results.units > 0 ? (
        <p class="to-filters">
          <a href="#filters">{t('knowledge.filters')}</a>
        </p>
      ) : null}
      <AlsoSearched view={view} answered={answered} results={results} dropped={props.dropped} />
      {results.notes.map((note) => (
        <p class="note-line">{t(`knowledge.note-${note}`)}</p>
      ))}
      {results.didYouMean ? (
        <p class="note-line">
          {t('knowledge.did-you-mean')}{' '}
          <a href={searchHref(asked, { text: results.didYouMean })}>
            <bdi>{results.didYouMean}</bdi>
          </a>
        </p>
      ) : null}
      <Chosen view={view} names={props.names} answered={answered} />
      {results.units > 1 ? <Sorting view={view} answered={answered} /> : null}
      {results.units === 0 ? (
        <Empty
          title={t('knowledge.none-title')}
          motif="scale"
          action={
            Object.keys(asked.filters).length > 0 ? (
              <a href={searchHref(asked, { filters: {} })}>{t('knowledge.none-filters')}</a>
            ) : undefined
          }
        >
          {t('knowledge.none-words')}
        </Empty>
      ) : (
        <ol class="results">
          {groups.map(({ group, hits }) => (
            <Group view={view} names={props.names} answered={answered} why={props.why} group={group} hits={hits} />
          ))}
        </ol>
      )}
      <Pager view={view} answered={answered} results={results} />
    </>
  );
}

/** `/knowledge`: the box, and under it what was found, or what there is. */
export function SearchPage(props: SearchPageProps) {
  const { view, answered } = props;
  const { t } = view;
  const { asked, problems, results } = answered;
  const isAsked = results !== undefined || answered.isMissing || answered.asking !== undefined;
  // Without a text nothing can be found: what helps is a pack, not fewer words.
  const isBare = props.works.length === 0 && (results?.units ?? 0) === 0;
  return (
    <KnowledgePage
      view={view}
      title={asked.text === '' ? t('knowledge.title') : t('knowledge.results-title', { query: asked.text })}
      error={problems.length > 0}
      side={results && results.units > 0 ? <Facets view={view} names={props.names} answered={answered} /> : undefined}
      sideLabel={t('knowledge.filters')}
      head={
        <>
          {problems.length > 0 ? (
            <ErrorSummary
              view={view}
              problems={problems}
              hrefOf={(one) => (one.path[0] === 'on' ? '#facet-on' : '#f-q')}
            />
          ) : null}
          <Heading title={t('knowledge.title')} lede={isAsked ? undefined : t('knowledge.lede')} />
          <SearchForm view={view} answered={answered} />
          {isAsked || props.works.length === 0 ? null : <Examples view={view} />}
          <Behind view={view} answered={answered} status={props.status} />
        </>
      }
    >
      {answered.asking ? <AskedCard view={view} answered={answered} shown={props.shown} strip={props.strip} /> : null}
      {results && !isBare ? <Results {...props} results={results} /> : null}
      {(isAsked && !isBare) || problems.length > 0 ? null : <Browse view={view} works={props.works} />}
    </KnowledgePage>
  );
}
