import type { Child } from 'hono/jsx';

/** Anything that may stand between tags. */
export type Content = Child;

/** A reference, receipt or hash: mono, left to right in every language, never broken from its neighbours. */
export function Ref({ value, wrap }: { value: string; wrap?: boolean }) {
  return (
    <bdi class={wrap ? 'hash' : 'ref'} dir="ltr">
      {value}
    </bdi>
  );
}

/** A figure, amount, time or phone number, isolated left to right. */
export function Num({ children }: { children?: Content }) {
  return (
    <bdi class="num" dir="ltr">
      {children}
    </bdi>
  );
}

/** A value somebody typed: takes its own direction and cannot disturb the words round it. */
export function Bdi({ children, lang }: { children?: Content; lang?: string }) {
  return (
    <bdi dir="auto" lang={lang}>
      {children}
    </bdi>
  );
}

/** Words for screen readers only. */
export function Hidden({ children }: { children?: Content }) {
  return <span class="vh">{children}</span>;
}

/** A key of the keyboard, shown beside the act it shortens. */
export function Kbd({ children }: { children?: Content }) {
  return <kbd>{children}</kbd>;
}

/** Where a fact comes from and when it was last confirmed; small and muted, after the fact. */
export function Source({ children }: { children?: Content }) {
  return <p class="source">{children}</p>;
}

/** A legal term with its meaning on focus and hover, and for screen readers as a description. */
export function Term({ id, word, meaning }: { id: string; word: string; meaning: string }) {
  return (
    <span class="term-wrap">
      <span class="term" tabindex={0} role="term" aria-describedby={id}>
        {word}
      </span>
      <span class="term-tip" role="tooltip" id={id}>
        {meaning}
      </span>
    </span>
  );
}

/** Joins class names, leaving out what does not apply. */
export function classes(...names: (string | false | undefined | null)[]): string {
  return names.filter(Boolean).join(' ');
}

/** Id of the control for a field path: `['offence','until']` or `offence.until` → `f-offence-until`. */
export function fieldId(path: string | readonly (string | number)[]): string {
  const name = typeof path === 'string' ? path : path.join('.');
  return `f-${name.replace(/[^A-Za-z0-9]+/g, '-')}`;
}
