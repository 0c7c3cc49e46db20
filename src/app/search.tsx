import { page, redirect, type PageAnswer, type PageCall, type PageRoute } from '../platform/http/routes.ts';
import { comparisonKey, parseReference, problem, type Problem, type StateCode } from '../platform/values/index.ts';
import { findAuthorities } from '../modules/authorities/index.ts';
import type { Context } from '../modules/identity/index.ts';
import {
  Actions,
  Bdi,
  Button,
  Empty,
  ErrorSummary,
  Form,
  Heading,
  Ref,
  Section,
  TextInput,
  type View,
} from '../web/index.ts';
import { Shell } from './pages.tsx';

export interface SearchParts {
  states(): readonly { code: StateCode; alpha2: string }[];
  instruments(): readonly { id: string; alias: string; title: string }[];
}

interface Hit {
  href: string;
  label: string;
  /** Code or id that stands beside the name. */
  code: string;
}

interface Found {
  states: Hit[];
  instruments: Hit[];
  authorities: Hit[];
  /** Which lists hold more than is shown. */
  cut: boolean;
}

const most = 20;
const longest = 200;

function matches(query: string, ...texts: string[]): boolean {
  return texts.some((text) => comparisonKey(text).includes(query));
}

async function find(parts: SearchParts, { ctx, view }: PageCall<Context, View>, typed: string): Promise<Found> {
  const query = comparisonKey(typed);
  const states = parts
    .states()
    .filter(
      ({ code, alpha2 }) => matches(query, view.stateName(code)) || [code, alpha2].map(comparisonKey).includes(query),
    )
    .map(({ code }) => ({ href: `/law/states/${code}`, label: view.stateName(code), code }));
  const instruments = parts
    .instruments()
    .filter(({ id, alias, title }) => matches(query, alias, title) || comparisonKey(id) === query)
    .map(({ id, alias, title }) => ({ href: `/law/${id}`, label: title, code: alias || id }));
  // The public layer, whoever asks; nothing else is looked through, so nothing else can show.
  const authorities = (await findAuthorities(ctx, { on: ctx.today() }))
    .filter(({ version: { entry } }) => matches(query, entry.id, ...entry.names.map((name) => name.text)))
    .map(({ version: { entry }, name }) => ({
      href: `/authorities/${encodeURIComponent(entry.id)}`,
      label: name,
      code: entry.id,
    }));
  return {
    states: states.slice(0, most),
    instruments: instruments.slice(0, most),
    authorities: authorities.slice(0, most),
    cut: [states, instruments, authorities].some((list) => list.length > most),
  };
}

function Hits({ title, id, hits }: { title: string; id: string; hits: readonly Hit[] }) {
  if (hits.length === 0) return null;
  return (
    <Section title={title} id={id}>
      <ul class="plain-list">
        {hits.map((hit) => (
          <li>
            <a href={hit.href}>
              <Bdi>{hit.label}</Bdi>
            </a>{' '}
            <Ref value={hit.code} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function SearchPage({
  view,
  typed,
  found,
  problems,
}: {
  view: View;
  typed: string;
  found: Found | null;
  problems: Problem[];
}) {
  const { t } = view;
  const total = found ? found.states.length + found.instruments.length + found.authorities.length : 0;
  return (
    <Shell view={view} title={t('app.search-title')} error={problems.length > 0}>
      {problems.length > 0 ? <ErrorSummary view={view} problems={problems} /> : null}
      <Heading title={t('app.search-title')} lede={t('app.search-lede')} />
      <Form view={view} method="get" action="/search">
        <TextInput
          view={view}
          name="q"
          label={t('app.search-field')}
          hint={t('app.search-hint')}
          value={typed}
          error={problems[0] ? view.problemText(problems[0]) : undefined}
          type="search"
          dir="auto"
        />
        <Actions>
          <Button kind="main">{t('app.search-do')}</Button>
        </Actions>
      </Form>
      {found ? (
        <>
          <p role="status">{t('app.search-count', { count: total })}</p>
          {found.cut ? <p class="hint">{t('app.search-cut', { most })}</p> : null}
          <Hits title={t('app.search-states')} id="states" hits={found.states} />
          <Hits title={t('app.search-instruments')} id="instruments" hits={found.instruments} />
          <Hits title={t('app.search-authorities')} id="authorities" hits={found.authorities} />
          {total === 0 ? <Empty title={t('app.search-none')}>{t('app.search-none-why')}</Empty> : null}
        </>
      ) : null}
    </Shell>
  );
}

async function search(parts: SearchParts, call: PageCall<Context, View>): Promise<PageAnswer> {
  const { view, query } = call;
  const typed = (query.q ?? '').trim();
  const show = (found: Found | null, problems: Problem[] = []) =>
    page(<SearchPage view={view} typed={typed} found={found} problems={problems} />, problems.length > 0 ? 422 : 200);
  if (typed === '') return show(null);
  if (typed.length > longest) return show(null, [problem('app.search-too-long', ['q'], { params: { longest } })]);
  const reference = parseReference(typed);
  // There or not, open or not: the page of the request answers the same to who may not see it.
  if (reference.ok) return redirect(`/requests/${reference.value}`);
  if (reference.error.code === 'values.check-letter') return show(null, [{ ...reference.error, path: ['q'] }]);
  return show(await find(parts, call, typed));
}

/** `/search`: goes to what has a name or a reference. It never looks into requests, files or notes. */
export function searchPages(parts: SearchParts): PageRoute<Context, View>[] {
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/search',
      permission: 'treaties.read',
      handler: (call) => search(parts, call),
    },
  ];
}
