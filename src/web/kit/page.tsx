import type { Content } from './text.tsx';
import { Hidden, Kbd, classes } from './text.tsx';
import { BrandMark, Icon } from './icon.tsx';
import { Bands, LanguageSwitch, PersonMenu, HelpLinks, type HandlingBand } from './frame.tsx';
import type { View } from '../view.ts';

export interface PageProps {
  view: View;
  /** What the page is for, without reference and product name. Never a person's name. */
  title: string;
  /** Reference put between title and product name. */
  reference?: string;
  /** True when the page shows an error summary: the title then begins with "Error:". */
  error?: boolean;
  /** Id of the rail entry that is current. */
  current?: string;
  /** Handling of what the page shows; the band stands on every page with request content. */
  handling?: HandlingBand;
  /** `plain` is one column; `desk` fills the window and scrolls inside; `writer` has steps, question and needs. */
  layout?: 'plain' | 'desk' | 'writer' | 'sheet';
  /** Stands over both columns of a plain page: heading, next step, tracker, sections of the object. */
  head?: Content;
  /** Side column of a plain page, preview of a desk, needs of a writer: the complementary landmark. */
  side?: Content;
  /** Accessible name of the side column. */
  sideLabel?: string;
  /** Steps of a writer, shown before the question. */
  steps?: Content;
  /** Sentence of the status line: what this node is connected to, what waits. */
  status?: Content;
  /** Shown at the end of the status line: counts, copies, keys. */
  statusEnd?: Content;
  /** Extra islands by name, beside the ones every page has. */
  islands?: readonly string[];
  children?: Content;
}

/** The whole page for a signed-in reader: bands, top bar, rail, main, side, status line. */
export function Page(props: PageProps) {
  const { view, layout = 'plain' } = props;
  const folded = layout === 'desk' || layout === 'writer';
  return (
    <Document
      view={view}
      title={props.title}
      reference={props.reference}
      error={props.error}
      handling={props.handling}
      islands={props.islands}
    >
      <div class={classes('shell', folded && 'shell--folded', layout === 'desk' && 'shell--app')}>
        <a class="skip" href="#main">
          {view.t('web.skip')}
        </a>
        <header class="top">
          <Bands view={view} handling={props.handling} />
          <TopBar view={view} />
        </header>
        <Rail view={view} current={props.current} />
        <Body {...props} />
        <footer class="statusline">
          <span class="status-words" role="status">
            {props.status}
          </span>
          {props.statusEnd ? <span class="end">{props.statusEnd}</span> : null}
          <HelpLinks view={view} />
        </footer>
      </div>
    </Document>
  );
}

function Body({ view, layout = 'plain', head, side, sideLabel, steps, children }: PageProps) {
  const label = sideLabel ?? view.t('web.side');
  if (layout === 'desk') {
    return (
      <div class={classes('desk', !side && 'desk--alone')}>
        <main class="desk-list" id="main" tabindex={-1}>
          {children}
        </main>
        {side ? (
          <aside class="preview" aria-label={label} tabindex={0}>
            {side}
          </aside>
        ) : null}
      </div>
    );
  }
  if (layout === 'writer') {
    return (
      <div class={classes('writer', !side && 'writer--alone')}>
        <nav class="writer-steps" aria-label={view.t('web.tasks')}>
          {steps}
        </nav>
        <main class="writer-main" id="main" tabindex={-1}>
          {children}
        </main>
        {side ? (
          <aside class="needs" aria-label={label}>
            {side}
          </aside>
        ) : null}
      </div>
    );
  }
  if (layout === 'sheet') {
    return (
      <main class="sheet-wrap" id="main" tabindex={-1}>
        {children}
      </main>
    );
  }
  return (
    <main class="main" id="main" tabindex={-1}>
      {head}
      {side ? (
        <Columns side={side} sideLabel={label}>
          {children}
        </Columns>
      ) : (
        children
      )}
    </main>
  );
}

/** Content and its side column; one above the other on narrow screens. */
export function Columns({ side, sideLabel, children }: { side: Content; sideLabel: string; children?: Content }) {
  return (
    <div class="cols">
      <div class="cols-main">{children}</div>
      <aside class="side" aria-label={sideLabel}>
        {side}
      </aside>
    </div>
  );
}

export interface PublicPageProps {
  view: View;
  title: string;
  error?: boolean;
  head?: Content;
  side?: Content;
  sideLabel?: string;
  islands?: readonly string[];
  children?: Content;
}

/** A page that needs no account: same bar without rail, links to what the public may read. */
export function PublicPage(props: PublicPageProps) {
  const { view } = props;
  return (
    <Document view={view} title={props.title} error={props.error} islands={props.islands}>
      <div class="shell shell--public">
        <a class="skip" href="#main">
          {view.t('web.skip')}
        </a>
        <header class="top">
          <Bands view={view} />
          <div class="topbar">
            <Brand view={view} />
            <WhoWeAre view={view} />
            <div class="topbar-end">
              <LanguageSwitch view={view} />
              {view.person ? (
                <PersonMenu view={view} />
              ) : (
                <a class="btn btn--compact" href={view.links?.signIn ?? '/sign-in'}>
                  {view.t('web.sign-in')}
                </a>
              )}
            </div>
          </div>
        </header>
        <Body {...props} layout="plain" />
        <footer class="statusline">
          <ul class="help-links">
            <li>
              <a href="/verify">{view.t('web.verify')}</a>
            </li>
            <li>
              <a href="/accessibility">{view.t('web.accessibility')}</a>
            </li>
          </ul>
        </footer>
      </div>
    </Document>
  );
}

export interface GatePageProps {
  view: View;
  title: string;
  error?: boolean;
  /** Ring seal or rosette of this node. */
  art?: Content;
  /** Words under the seal: the six fingerprint words and what to do when they differ. */
  note?: Content;
  islands?: readonly string[];
  children?: Content;
}

/** The door: sign-in, first start, language choice. Form on the start side, the node's seal on the other. */
export function GatePage(props: GatePageProps) {
  const { view } = props;
  return (
    <Document view={view} title={props.title} error={props.error} islands={props.islands}>
      <div class="gate">
        <div class="gate-form">
          <header class="gate-top">
            <a class="skip" href="#main">
              {view.t('web.skip')}
            </a>
            <Brand view={view} />
            <Bands view={view} />
          </header>
          <main id="main" tabindex={-1}>
            <p class="eyebrow">
              <b>{view.node.stateName}</b>
              <span>{view.node.authorityName}</span>
            </p>
            {props.children}
          </main>
          <footer class="gate-foot">
            <LanguageSwitch view={view} />
            <HelpLinks view={view} />
          </footer>
        </div>
        <aside class="gate-art" aria-label={view.t('web.gate-side', { state: view.node.stateName })}>
          {props.art}
          {props.note ? <div class="gate-w">{props.note}</div> : null}
        </aside>
      </div>
    </Document>
  );
}

interface DocumentProps {
  view: View;
  title: string;
  reference?: string;
  error?: boolean;
  handling?: HandlingBand;
  islands?: readonly string[];
  children?: Content;
}

function Document({ view, title, reference, error, handling, islands = [], children }: DocumentProps) {
  const named = [title, reference, 'Comity'].filter(Boolean).join(' – ');
  return (
    <html
      lang={view.language}
      dir={view.dir}
      data-theme={view.theme}
      data-density={view.density}
      data-profile={view.node.profile}
      data-handling={handling?.tlp}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={view.theme === 'system' ? 'light dark' : view.theme} />
        <title>{error ? view.t('web.error-title', { title: named }) : named}</title>
        <link rel="stylesheet" href={view.asset('app.css')} />
        <link rel="icon" href={view.asset('icon.svg')} type="image/svg+xml" />
        <script type="module" src={view.asset('islands.js')} />
        {islands.map((name) => (
          <script type="module" src={view.asset(`${name}.js`)} />
        ))}
      </head>
      <body>{children}</body>
    </html>
  );
}

function Brand({ view }: { view: View }) {
  return (
    <a class="brand" href={view.links?.home ?? '/'} aria-label={view.t('web.home')}>
      <BrandMark />
      <b>Comity</b>
    </a>
  );
}

function WhoWeAre({ view }: { view: View }) {
  return (
    <div class="who-we-are">
      <b>{view.node.stateName}</b>
      <span>{view.node.authorityName}</span>
    </div>
  );
}

function TopBar({ view }: { view: View }) {
  const notices = view.links?.notices;
  return (
    <div class="topbar">
      <Brand view={view} />
      <WhoWeAre view={view} />
      <div class="topbar-end">
        {view.links?.search === null ? null : (
          <a class="search" href={view.links?.search ?? '/search'} aria-keyshortcuts="Control+K" data-command-menu>
            <Icon name="search" size={16} />
            <span>
              <Hidden>{view.t('web.search')} </Hidden>
              {view.t('web.search-what')}
            </span>
            <kbd>Ctrl K</kbd>
          </a>
        )}
        {view.links?.create === null ? null : (
          <a class="btn btn--compact create" href={view.links?.create ?? '/requests/new'} aria-keyshortcuts="C">
            <Icon name="plus" size={16} />
            <span>{view.t('web.create')}</span>
            <Kbd>C</Kbd>
          </a>
        )}
        {notices ? (
          <a class="iconbtn" href={notices.href} aria-label={view.t('web.notices', { count: notices.count })}>
            <Icon name="bell" />
            <span class="n" aria-hidden="true">
              {notices.count}
            </span>
          </a>
        ) : null}
        <LanguageSwitch view={view} />
        <PersonMenu view={view} />
      </div>
    </div>
  );
}

function Rail({ view, current }: { view: View; current?: string }) {
  const main = view.rail.filter((entry) => entry.group !== 'own');
  const own = view.rail.filter((entry) => entry.group === 'own');
  return (
    <nav class="rail" aria-label={view.t('web.main-navigation')}>
      {[main, own].map((entries) =>
        entries.length === 0 ? null : (
          <ul>
            {entries.map((entry) => (
              <li>
                <a href={entry.href} aria-current={entry.id === current ? 'page' : undefined} title={entry.label}>
                  <Icon name={entry.icon} />
                  <span class="rail-word">{entry.label}</span>
                  {entry.count === undefined || entry.count === 0 ? null : (
                    <span class="n">{view.formats.number(entry.count)}</span>
                  )}
                </a>
              </li>
            ))}
          </ul>
        ),
      )}
    </nav>
  );
}
