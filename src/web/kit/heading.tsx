import type { Content } from './text.tsx';
import { Hidden, Ref } from './text.tsx';
import { Icon } from './icon.tsx';
import type { View } from '../view.ts';

export interface HeadingProps {
  title: Content;
  /** Small line over the title: status, other State, dates. */
  eyebrow?: Content;
  /** One or two sentences in serif under the title. */
  lede?: Content;
  /** Reference of the object, shown in the eyebrow. */
  reference?: string;
  /** Figure at the end: the rosette, 72 to 96 px. */
  rosette?: Content;
}

/** The one `h1` of a page, with what stands round it. */
export function Heading({ title, eyebrow, lede, reference, rosette }: HeadingProps) {
  return (
    <div class="casehead">
      <div>
        {eyebrow || reference ? (
          <p class="eyebrow">
            {eyebrow}
            {reference ? <Ref value={reference} /> : null}
          </p>
        ) : null}
        <h1>{title}</h1>
        {lede ? <p class="lede">{lede}</p> : null}
      </div>
      {rosette}
    </div>
  );
}

/** Link to where the reader came from; answers stay. */
export function BackLink({ href, children }: { href: string; children?: Content }) {
  return (
    <a class="back" href={href}>
      <Icon name="back" size={16} />
      {children}
    </a>
  );
}

/** Path to this page; the last item is the page itself and no link. */
export function Breadcrumbs({ view, items }: { view: View; items: readonly { href?: string; label: Content }[] }) {
  return (
    <nav aria-label={view.t('web.breadcrumbs')}>
      <ol class="crumbs">
        {items.map((item) => (
          <li>{item.href ? <a href={item.href}>{item.label}</a> : <span aria-current="page">{item.label}</span>}</li>
        ))}
      </ol>
    </nav>
  );
}

export interface SectionProps {
  title: Content;
  /** Anchor of the section and of its heading. */
  id: string;
  /** Stands opposite the heading: status, filter links. */
  end?: Content;
  children?: Content;
}

/** A section with an `h2` over a line. */
export function Section({ title, id, end, children }: SectionProps) {
  return (
    <section class="section" id={id}>
      <div class="h2row">
        <h2 id={`${id}-h`}>{title}</h2>
        {end}
      </div>
      {children}
    </section>
  );
}

/** A section of the side column: small heading, hairline above. */
export function SideSection({ title, children }: { title: Content; children?: Content }) {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export interface NavItem {
  href: string;
  label: Content;
  current?: boolean;
  count?: number;
  /** Counts that need somebody: overdue. */
  urgent?: boolean;
}

/** Sections of one object as pages of their own. */
export function SubNav({ label, items }: { label: string; items: readonly NavItem[] }) {
  return (
    <nav aria-label={label}>
      <ul class="subnav">
        {items.map((item) => (
          <li>
            <a href={item.href} aria-current={item.current ? 'page' : undefined}>
              {item.label}
              {item.count === undefined ? null : <Count item={item} />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Saved views of a list, with counts; addresses, not tabs. */
export function Views({ label, items }: { label: string; items: readonly NavItem[] }) {
  return (
    <nav aria-label={label} class="views-wrap">
      <ul class="views">
        {items.map((item) => (
          <li>
            <a href={item.href} aria-current={item.current ? 'page' : undefined}>
              {item.label}
              {item.count === undefined ? null : <Count item={item} />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Count({ item }: { item: NavItem }) {
  return (
    <>
      {' '}
      <span class={item.urgent && item.count ? 'n n--seal' : 'n'}>{item.count}</span>
    </>
  );
}

/** Small choices beside a heading: kinds, languages of a text. */
export function Filters({ label, items }: { label: string; items: readonly NavItem[] }) {
  return (
    <nav class="filters" aria-label={label}>
      {items.map((item) => (
        <a href={item.href} aria-current={item.current ? 'true' : undefined}>
          {item.label}
        </a>
      ))}
    </nav>
  );
}

/** Words on a link that only repeat their row for screen readers: "Change", hidden "penalty". */
export function RowLink({ href, word, what }: { href: string; word: string; what: string }) {
  return (
    <a href={href}>
      {word}
      <Hidden> {what}</Hidden>
    </a>
  );
}
