import type { Content } from './text.tsx';
import { Ref, classes } from './text.tsx';
import { Mark, type MarkName } from './icon.tsx';
import type { View } from '../view.ts';

export interface NoticeProps {
  view: View;
  /** `success` after an act; `warning` before one; `error` when something did not work; `info` otherwise. */
  kind: 'success' | 'info' | 'warning' | 'error';
  title: Content;
  children?: Content;
  /** Undo, call, compare: one or two acts. */
  actions?: Content;
}

const noticeMarks: Record<NoticeProps['kind'], MarkName> = {
  success: 'done',
  info: 'open',
  warning: 'half',
  error: 'alert',
};

/** A message about this page. Errors are announced at once, the rest when the reader pauses. */
export function Notice({ view, kind, title, children, actions }: NoticeProps) {
  return (
    <div class={`notice notice--${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <Mark name={noticeMarks[kind]} />
      <div class="notice-words">
        <p>
          <span class="vh">{view.t(`web.notice-${kind}`)} </span>
          <b>{title}</b>
        </p>
        {children ? <div>{children}</div> : null}
      </div>
      {actions ? <div class="notice-do">{actions}</div> : null}
    </div>
  );
}

/** A passage set apart by the double rule: a warning in words, a condition, a quotation's frame. */
export function Callout({ children, tone }: { children?: Content; tone?: 'warning' | 'seal' }) {
  return <div class={classes('callout', tone && `callout--${tone}`)}>{children}</div>;
}

/** Words of a text we hold from a pack, with its source under it. */
export function Quote({ children, source, lang }: { children?: Content; source: Content; lang?: string }) {
  return (
    <figure class="quote">
      <blockquote lang={lang} dir="auto">
        {children}
      </blockquote>
      <figcaption class="source">{source}</figcaption>
    </figure>
  );
}

export interface EmptyProps {
  /** "Nothing is waiting for you." */
  title: Content;
  /** What this page is for and the next useful thing. */
  children?: Content;
  /** One act. */
  action?: Content;
  motif?: 'envelope' | 'scale' | 'map';
}

/** An empty list: what it is for, the next useful thing, one act; an engraved motif. */
export function Empty({ title, children, action, motif = 'envelope' }: EmptyProps) {
  return (
    <div class="empty">
      <Motif name={motif} />
      <div>
        <h2>{title}</h2>
        {children ? <p>{children}</p> : null}
        {action ? <div class="actions">{action}</div> : null}
      </div>
    </div>
  );
}

function Motif({ name }: { name: 'envelope' | 'scale' | 'map' }) {
  const lines = {
    envelope: [
      'M8 22h80v52H8z',
      'M8 22l40 30 40-30',
      'M8 74l29-29M88 74 59 45',
      ...hatch(12, 84, 4).map((x) => `M${x} 78v4`),
    ],
    scale: [
      'M48 12v66M30 82h36M34 78h28',
      'M14 24h68',
      'M14 24 4 54h20zM82 24 72 54h20z',
      'M4 54a10 8 0 0 0 20 0zM72 54a10 8 0 0 0 20 0z',
      ...hatch(7, 21, 3).map((x) => `M${x} 55v4`),
      ...hatch(75, 89, 3).map((x) => `M${x} 55v4`),
    ],
    map: [
      'M8 20l26-8 28 8 26-8v64l-26 8-28-8-26 8z',
      'M34 12v64M62 20v64',
      'M14 36c6-4 10 4 16 0M40 30c8 6 12-4 18 2M68 40c6-4 10 2 14-2',
      'M14 56c6-4 10 4 16 0M40 52c8 6 12-4 18 2M68 62c6-4 10 2 14-2',
    ],
  }[name];
  return (
    <svg
      class="motif"
      width={96}
      height={96}
      viewBox="0 0 96 96"
      fill="none"
      stroke="currentColor"
      aria-hidden="true"
      focusable="false"
    >
      {lines.map((d) => (
        <path d={d} />
      ))}
    </svg>
  );
}

function hatch(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

export interface ConfirmationProps {
  view: View;
  /** What was done: "Sent to Borea's central authority". */
  title: Content;
  reference?: string;
  /** What happens next and when; whom to contact; a copy to keep. */
  children?: Content;
  rosette?: Content;
}

/** The page after an act that cannot be taken back: reference first, then what happens next. Safe to bookmark. */
export function Confirmation({ view, title, reference, children, rosette }: ConfirmationProps) {
  return (
    <div class="confirmation">
      <div class="confirmation-head">
        <div>
          <h1>{title}</h1>
          {reference ? (
            <p class="confirmation-ref">
              {view.t('web.reference')} <Ref value={reference} />
            </p>
          ) : null}
        </div>
        {rosette}
      </div>
      {children ? (
        <div class="confirmation-next">
          <h2>{view.t('web.what-next')}</h2>
          {children}
        </div>
      ) : null}
    </div>
  );
}

/** What remains inside the own State, set apart by a dashed line. */
export function OursOnly({ children }: { children?: Content }) {
  return <div class="ours-only">{children}</div>;
}

/** A page for what did not work: what happened to the answers, whom to call, a reference. */
export function ProblemPage({
  title,
  children,
  reference,
  view,
}: {
  view: View;
  title: Content;
  children?: Content;
  reference?: string;
}) {
  return (
    <div class="problem-page">
      <h1>{title}</h1>
      {children}
      {reference ? (
        <p>
          {view.t('web.reference')} <Ref value={reference} />
        </p>
      ) : null}
    </div>
  );
}

/** Keys of a list, as a small table beside it. */
export function KeyList({ items }: { items: readonly { keys: readonly string[]; words: Content }[] }) {
  return (
    <ul class="keys">
      {items.map((item) => (
        <li>
          <span>
            {item.keys.map((key) => (
              <kbd>{key}</kbd>
            ))}
          </span>{' '}
          {item.words}
        </li>
      ))}
    </ul>
  );
}
