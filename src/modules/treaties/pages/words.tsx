import type { View } from '../../../web/index.ts';
import { Bdi } from '../../../web/index.ts';
import { StateCode, type PartialDate } from '../../../platform/values/index.ts';
import type { Answer, Instrument, ShownDate, Status } from '../schema/index.ts';

/** Our short name of an instrument in the reader's language; the official title where we have none. */
export function shortName(view: View, id: string, title: string): string {
  const key = `law.instrument.${id}`;
  return view.t.has(key) ? view.t.code(key) : title;
}

/** Official title, marked as English where the page is not. */
export function Title({ view, instrument }: { view: View; instrument: Pick<Instrument, 'id' | 'title'> }) {
  if (view.locale === 'en') return <>{instrument.title}</>;
  const own = shortName(view, instrument.id, instrument.title);
  return own === instrument.title ? <Bdi>{instrument.title}</Bdi> : <>{own}</>;
}

/** A day, a window or an unknown, in words. */
export function shownDate(view: View, date: ShownDate | PartialDate | null): string {
  const { t, formats } = view;
  if (date === null) return t('law.date-unknown');
  if (typeof date === 'string') return formats.day(date);
  if ('date' in date) return formats.day(date.date);
  if ('unknown' in date) return t('law.date-unknown');
  if (date.after && date.before)
    return t('law.date-between', { after: formats.day(date.after), before: formats.day(date.before) });
  if (date.after) return t('law.date-after', { after: formats.day(date.after) });
  return t('law.date-before', { before: formats.day(date.before ?? '') });
}

export function statusWords(view: View, status: Status): string {
  return view.t(`law.status.${status}`);
}

export const statusMarks: Record<
  Status,
  {
    mark: 'done' | 'half' | 'open' | 'no' | 'unknown' | 'alert';
    tone: 'success' | 'warning' | 'muted' | 'seal' | 'plain';
  }
> = {
  party: { mark: 'done', tone: 'success' },
  'deposited-not-in-force': { mark: 'half', tone: 'warning' },
  signatory: { mark: 'open', tone: 'muted' },
  'not-party': { mark: 'no', tone: 'muted' },
  ended: { mark: 'no', tone: 'muted' },
  unknown: { mark: 'unknown', tone: 'warning' },
};

export const answerMarks: Record<
  Answer,
  { mark: 'done' | 'half' | 'unknown' | 'no'; tone: 'success' | 'warning' | 'muted' | 'accent' }
> = {
  yes: { mark: 'done', tone: 'success' },
  'needs-consent': { mark: 'half', tone: 'accent' },
  unknown: { mark: 'unknown', tone: 'warning' },
  no: { mark: 'no', tone: 'muted' },
};

/** Name of a source: ours for the few that are words, else its number in the list of sources. */
export function sourceName(view: View, source: string): string {
  const key = `law.source.${source.toLowerCase().replaceAll(' ', '-')}`;
  return view.t.has(key) ? view.t.code(key) : source;
}

/** What a reading says, in words; `accepts-languages:en|fr` names the languages. */
export function positionWords(view: View, position: string): string {
  const [kind = '', rest = ''] = position.split(':');
  const key = `law.position.${kind}`;
  if (!view.t.has(key)) return position;
  const languages = rest
    .split(/[|,;+/\s]+/)
    .filter((one) => one !== '')
    .map((tag) => view.formats.language(tag));
  return view.t.code(key, { languages: view.formats.list(languages) });
}

/** `whole`, `18(14)`, `territory`, `relations:XA` and the like, as people say it. */
export function provisionWords(view: View, provision: string): string {
  const [kind = '', rest = ''] = provision.split(':');
  if (/^\d/.test(provision)) return view.t('law.article-short', { article: provision });
  const key = `law.provision.${kind}`;
  if (!view.t.has(key)) return provision;
  const state = StateCode.safeParse(rest);
  return view.t.code(key, { state: state.success ? view.stateName(state.data) : rest });
}

/** `art. 18(9)` as a link to its place; several articles are several links. */
export function ArticleLink({ view, instrument, article }: { view: View; instrument: string; article: string }) {
  const places = article.split(/\s*,\s*/);
  const words = view.t('law.article-short', { article: '\u0000' }).split('\u0000');
  if (instrument.startsWith('agreement:')) return <>{view.t('law.article-short', { article })}</>;
  return (
    <span class="nowrap-parts">
      {words[0]}
      {places.map((place, index) => {
        const found = /^(\d+)(?:\((\d+)\))?/.exec(place);
        return (
          <>
            {index > 0 ? ', ' : null}
            {found ? (
              <a href={`/law/${instrument}/${found[1]!}${found[2] ? `#p${found[2]}` : ''}`}>
                <bdi dir="ltr">{place}</bdi>
              </a>
            ) : (
              <bdi dir="ltr">{place}</bdi>
            )}
          </>
        );
      })}
      {words[1]}
    </span>
  );
}

/** Where words from a pack come from; titles of packs keep their own direction inside the sentence. */
export function packSource(view: View, from: { pack: string; licence: string }): string {
  const apart = (text: string) => `\u2068${text}\u2069`;
  return view.t('law.text-source', { pack: apart(from.pack), licence: apart(from.licence) });
}
