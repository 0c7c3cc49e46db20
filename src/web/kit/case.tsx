import type { Content } from './text.tsx';
import { Hidden, classes } from './text.tsx';
import { Mark, type MarkName } from './icon.tsx';
import { ariaKeys } from './form.tsx';
import type { View } from '../view.ts';

export interface Decision {
  href: string;
  label: Content;
  /** Key shown beside it; works while the page's own keys do. */
  shortcut?: string;
  /** What follows from it, in one sentence. */
  words?: Content;
  /** Acts that end the matter: refuse, withdraw. */
  grave?: boolean;
}

/** What may be done with an object, each with its consequence; the whole line leads to the page of the act. */
export function Decisions({ items }: { items: readonly Decision[] }) {
  return (
    <ul class="decide">
      {items.map((item) => (
        <li class={item.grave ? 'refuse' : undefined}>
          <a href={item.href} aria-keyshortcuts={item.shortcut ? ariaKeys(item.shortcut) : undefined}>
            {item.label}
          </a>
          {item.shortcut ? <kbd aria-hidden="true">{item.shortcut}</kbd> : null}
          {item.words ? <p>{item.words}</p> : null}
        </li>
      ))}
    </ul>
  );
}

/** Keys of a page: they work while the focus stands inside, never in fields (`keys` island). */
export function PageKeys({ children }: { children?: Content }) {
  return <comity-keys>{children}</comity-keys>;
}

export interface Letter {
  id: string;
  side: 'ours' | 'theirs';
  /** Who says it: the authority, and at home the person. */
  from: Content;
  /** Printed moment at the reader's place. */
  at: string;
  dateTime?: string;
  /** What it is bound to and by when it is wanted. */
  about?: Content;
  body: Content;
  /** Files with it. */
  files?: Content;
  /** Sent, delivered, read by the authority; only on our own. */
  mark?: { name: MarkName; words: Content };
  /** Acts on this letter: answer, settle. */
  acts?: Content;
}

/** Letters of two authorities in the order they were written; each side at its own edge. */
export function Letters({ items, label }: { items: readonly Letter[]; label: string }) {
  return (
    <ol class="letters" aria-label={label}>
      {items.map((item) => (
        <li class={`letter letter--${item.side}`} id={item.id}>
          <div class="letter-head">
            <b>{item.from}</b>
            <time datetime={item.dateTime}>
              <bdi>{item.at}</bdi>
            </time>
          </div>
          {item.about ? <div class="letter-about">{item.about}</div> : null}
          <div class="letter-body">{item.body}</div>
          {item.files ? <div class="letter-files">{item.files}</div> : null}
          {item.mark ? (
            <p class="letter-mark">
              <Mark name={item.mark.name} />
              <span>{item.mark.words}</span>
            </p>
          ) : null}
          {item.acts ? <div class="letter-acts">{item.acts}</div> : null}
        </li>
      ))}
    </ol>
  );
}

export interface Change {
  id: string;
  /** Which field, in words. */
  field: Content;
  before?: Content;
  after?: Content;
  why?: Content;
  /** Status in words, or the choice to accept it. */
  end?: Content;
}

/** Was and now, field by field: side by side when there is room, one under the other with their words otherwise. */
export function Comparison({ view, items }: { view: View; items: readonly Change[] }) {
  return (
    <ol class="comparison">
      {items.map((item) => (
        <li id={item.id} class="change">
          <h3>{item.field}</h3>
          <div class={classes('change-sides', item.before === undefined && 'change-sides--new')}>
            {item.before === undefined ? null : (
              <div class="change-was">
                <p class="label">{view.t('web.was')}</p>
                <div>{item.before}</div>
              </div>
            )}
            <div class="change-now">
              <p class="label">{view.t(item.before === undefined ? 'web.added' : 'web.now')}</p>
              <div>{item.after ?? <span class="muted">{view.t('web.taken-out')}</span>}</div>
            </div>
          </div>
          {item.why ? <p class="source">{item.why}</p> : null}
          {item.end ? <div class="change-end">{item.end}</div> : null}
        </li>
      ))}
    </ol>
  );
}

/** What somebody said of a passage, beside it: who, how grave, the words. */
export function Remark({
  tone,
  kind,
  from,
  children,
}: {
  tone: 'seal' | 'warning' | 'info';
  kind: Content;
  from: Content;
  children?: Content;
}) {
  return (
    <div class={`remark remark--${tone}`}>
      <p class="remark-head">
        <b>{kind}</b>
        <Hidden> · </Hidden>
        <span class="muted">{from}</span>
      </p>
      <div>{children}</div>
    </div>
  );
}
