import { directionOf, type Locale } from '../../platform/i18n/index.ts';
import type { View } from '../view.ts';
import { Icon } from './icon.tsx';
import { Bdi } from './text.tsx';

/** Handling shown as words on a band: level and why. Level is the TLP of the strictest part on the page. */
export interface HandlingBand {
  tlp: 'CLEAR' | 'GREEN' | 'AMBER' | 'AMBER+STRICT' | 'RED';
  /** Why, in one short sentence: "Names of persons concerned." */
  note?: string;
}

const tone: Record<HandlingBand['tlp'], string> = {
  CLEAR: 'handling handling--open',
  GREEN: 'handling handling--open',
  AMBER: 'handling',
  'AMBER+STRICT': 'handling',
  RED: 'handling handling--secret',
};

/** Bands above everything: what kind of node this is, when it is not a live one, and how the content is handled. */
export function Bands({ view, handling }: { view: View; handling?: HandlingBand }) {
  return (
    <>
      {view.node.profile === 'production' ? null : (
        <p class="profile-band">
          <strong>{view.t(view.node.profile === 'demo' ? 'web.band-demo' : 'web.band-training')}</strong>
          {view.links?.tour ? <a href={view.links.tour}>{view.t('web.band-tour')}</a> : null}
        </p>
      )}
      {view.node.readOnly ? (
        <p class="profile-band" role="status">
          <strong>{view.t('http.read-only')}</strong>
        </p>
      ) : null}
      {handling ? (
        <p class={tone[handling.tlp]}>
          <strong>{view.t(handlingWords[handling.tlp])}</strong>
          <span class="tlp" dir="ltr">
            TLP:{handling.tlp}
          </span>
          {handling.note ? <span class="long">{handling.note}</span> : null}
        </p>
      ) : null}
    </>
  );
}

const handlingWords = {
  CLEAR: 'web.handling-clear',
  GREEN: 'web.handling-green',
  AMBER: 'web.handling-amber',
  'AMBER+STRICT': 'web.handling-amber-strict',
  RED: 'web.handling-red',
} as const;

const languageNames: Record<Locale, string> = {
  en: 'English',
  ar: 'العربية',
  zh: '中文',
  fr: 'Français',
  ru: 'Русский',
  es: 'Español',
};

/** Address of this page in another language; everything else of the address stays. */
export function inLanguage(path: string, locale: string): string {
  const [withoutHash = ''] = path.split('#');
  const [base = '', query = ''] = withoutHash.split('?');
  const params = new URLSearchParams(query);
  params.set('lang', locale);
  return `${base}?${params.toString()}`;
}

/** Links to the other languages of this page; a menu that needs no script where there are more than two. */
export function LanguageSwitch({ view }: { view: View }) {
  const others = view.languages.filter((locale) => locale !== view.language);
  const links = others.map((locale) => (
    <a class="quiet" href={inLanguage(view.path, locale)} lang={locale} hreflang={locale} dir={directionOf(locale)}>
      {languageNames[locale]}
    </a>
  ));
  return (
    <nav class="languages" aria-label={view.t('web.languages')}>
      {others.length > 2 ? (
        <details class="person-menu">
          <summary>
            <span>{languageNames[view.language]}</span>
            <Icon name="down" size={14} />
          </summary>
          <div class="menu">{links}</div>
        </details>
      ) : (
        links
      )}
    </nav>
  );
}

/** Name, office and what belongs to the person: a disclosure that needs no script. */
export function PersonMenu({ view }: { view: View }) {
  if (!view.person) return null;
  const links = view.links;
  return (
    <details class="person-menu">
      <summary>
        <Icon name="person" />
        <span class="person">
          <b>
            <Bdi>{view.person.name}</Bdi>
          </b>
          <span>
            <Bdi>{view.person.officeName}</Bdi>
          </span>
        </span>
        <Icon name="down" size={14} />
      </summary>
      <div class="menu">
        <p class="menu-who">
          <b>
            <Bdi>{view.person.name}</Bdi>
          </b>
          <span class="muted">
            <Bdi>{view.person.officeName}</Bdi>
          </span>
        </p>
        <a href={links?.profile ?? '/profile'}>{view.t('web.profile')}</a>
        <form method="post" action={links?.display ?? '/profile/display'} data-display>
          <input type="hidden" name="_csrf" value={view.csrf} />
          <input type="hidden" name="_key" value={view.formKey()} />
          <input type="hidden" name="return" value={view.path} />
          <fieldset>
            <legend>{view.t('web.theme')}</legend>
            <div class="menu-choice">
              {(['system', 'light', 'dark'] as const).map((theme) => (
                <button name="theme" value={theme} aria-pressed={view.theme === theme ? 'true' : 'false'}>
                  {view.t(`web.theme-${theme}`)}
                </button>
              ))}
            </div>
          </fieldset>
          <fieldset>
            <legend>{view.t('web.density')}</legend>
            <div class="menu-choice">
              {(['comfortable', 'compact'] as const).map((density) => (
                <button name="density" value={density} aria-pressed={view.density === density ? 'true' : 'false'}>
                  {view.t(`web.density-${density}`)}
                </button>
              ))}
            </div>
          </fieldset>
        </form>
        <form method="post" action={links?.signOut ?? '/sign-out'}>
          <input type="hidden" name="_csrf" value={view.csrf} />
          <input type="hidden" name="_key" value={view.formKey()} />
          <button class="menu-out">{view.t('web.sign-out')}</button>
        </form>
      </div>
    </details>
  );
}

/** Help in the same place on every page. */
export function HelpLinks({ view }: { view: View }) {
  const help = view.links?.help;
  return (
    <nav class="help" aria-label={view.t('web.help')}>
      <ul class="help-links">
        <li>
          <a href={help?.how ?? '/help'}>{view.t('web.help-how')}</a>
        </li>
        <li>
          <a href={help?.ask ?? '/help/ask'}>{view.t('web.help-ask')}</a>
        </li>
        <li>
          <a href={help?.phone ?? '/help/duty'}>{view.t('web.help-phone')}</a>
        </li>
      </ul>
    </nav>
  );
}
