import { PublicPage, Page, type View } from '../../../web/index.ts';
import { fromEId, printPath } from '../citations/index.ts';
import type { FacetName, SearchUnit } from '../search/schema.ts';
import type { TextOrigin } from '../sources/schema.ts';
import { locales } from '../../../platform/i18n/index.ts';

/** These pages are complete in all six languages. */
export const pageLocales = locales;

type Props = Pick<Parameters<typeof Page>[0], 'title' | 'error' | 'head' | 'side' | 'sideLabel' | 'children'> & {
  view: View;
};

/** A page of the portal: with the rail for people signed in, open to everyone else. */
export function KnowledgePage(props: Props) {
  const { view, children } = props;
  const whole = (
    <>
      {children}
      {view.language === view.locale ? null : <p class="source unread">{view.t('knowledge.unread-language')}</p>}
    </>
  );
  return view.person ? (
    <Page {...props} current="knowledge">
      {whole}
    </Page>
  ) : (
    <PublicPage {...props}>{whole}</PublicPage>
  );
}

/** `Article 18(15)`, `Paragraph 4(a)`, `Preamble`: a place in a work, in the reader's words. */
export function placeWords(view: View, eId: string | null | undefined): string {
  const { t } = view;
  if (!eId) return t('knowledge.whole');
  if (eId === 'preamble') return t('knowledge.preamble');
  const path = fromEId(eId);
  if (path) return t('knowledge.article', { article: printPath(path) });
  const [, kind = '', number = '', below = ''] = /^(para|rec)_([^_]+)(.*)$/.exec(eId) ?? [];
  const points = [...below.matchAll(/point_([^_]+)/g)].map(([, mark = '']) => `(${mark})`).join('');
  if (kind === 'para') return t('knowledge.paragraph', { number: `${number}${points}` });
  return kind === 'rec' ? t('knowledge.recital', { number }) : eId;
}

/** Names of works as the page needs them: by id, short where there is a short one. */
export interface WorkNames {
  print(work: string): string;
}

/** `UNTOC, Article 18(15)`. */
export function unitWords(
  view: View,
  names: WorkNames,
  unit: { work: string; eId?: string | null | undefined },
): string {
  // Each part keeps its own direction inside the other.
  const name = `\u2068${names.print(unit.work)}\u2069`;
  return unit.eId ? `${name}${view.t('web.comma')}${placeWords(view, unit.eId)}` : name;
}

export function kindWords(view: View, kind: string): string {
  return view.t(
    kind === 'treaty'
      ? 'knowledge.kind-treaty'
      : kind === 'resolution'
        ? 'knowledge.kind-resolution'
        : 'knowledge.kind-other',
  );
}

/** A value of a facet as a reader knows it. */
export function facetWords(view: View, names: WorkNames, name: FacetName, value: string): string {
  if (name === 'kind') return kindWords(view, value);
  if (name === 'language') return view.formats.language(value);
  if (name === 'instrument') return `\u2068${names.print(value)}\u2069`;
  if (name === 'article') {
    const [work = '', eId = ''] = value.split('#');
    return unitWords(view, names, { work, eId });
  }
  return `\u2068${value}\u2069`;
}

/** Whose words these are, from which pack and under which licence; each in its own direction. */
export function sourceWords(view: View, origin: TextOrigin): string {
  const apart = (text: string) => (view.locale === 'ar' ? text : `\u2068${text}\u2069`);
  return view.t('knowledge.text-source', {
    pack: apart(origin.packTitle),
    day: view.formats.day(origin.asOf as Parameters<View['formats']['day']>[0]),
    licence: apart(origin.licence),
  });
}

/** Texts are left to right but Arabic ones. */
export function directionOfUnit(unit: Pick<SearchUnit, 'language'>): 'ltr' | 'rtl' {
  return unit.language === 'ar' ? 'rtl' : 'ltr';
}
