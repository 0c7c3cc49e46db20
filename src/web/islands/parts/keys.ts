import { isTyping } from './dom.ts';

const areas: Record<string, string> = {
  d: '/desk',
  r: '/requests',
  a: '/authorities',
  l: '/law',
  k: '/knowledge',
  i: '/intelligence',
  v: '/review',
  m: '/mandates',
  o: '/outbox',
};

/** Keys of a list. Single letters work only while the list has the focus, never in a field, and not when switched off. */
class KeysElement extends HTMLElement {
  #waitsForArea = false;

  connectedCallback(): void {
    if (document.documentElement.dataset.keys === 'off') return;
    this.addEventListener('keydown', (event) => this.#onKey(event));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (this.#waitsForArea) {
      this.#waitsForArea = false;
      this.#go(areas[key]);
      return;
    }
    const act = this.#actOf(key);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #actOf(key: string): (() => void) | undefined {
    switch (key) {
      case 'j':
      case 'ArrowDown':
        return () => this.#move(1);
      case 'k':
      case 'ArrowUp':
        return () => this.#move(-1);
      case 'Home':
        return () => this.#focusRow(0);
      case 'End':
        return () => this.#focusRow(this.#rows().length - 1);
      case 'x':
        return () => this.#current()?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
      case 'g':
        return () => (this.#waitsForArea = true);
      case 'c':
        return () => document.querySelector<HTMLAnchorElement>('a.create')?.click();
      case '/':
        return () => document.querySelector<HTMLElement>('[data-filter]')?.focus();
      case '?':
        return () => document.querySelector<HTMLDialogElement>('dialog#shortcuts')?.showModal();
      default: {
        const act = [...document.querySelectorAll<HTMLElement>('[aria-keyshortcuts]')].find(
          (one) => one.getAttribute('aria-keyshortcuts')?.toLowerCase() === key,
        );
        return act ? () => act.click() : undefined;
      }
    }
  }

  #rows(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('[data-row]')];
  }

  #current(): HTMLElement | null {
    return document.activeElement?.closest<HTMLElement>('[data-row]') ?? null;
  }

  #move(by: number): void {
    const rows = this.#rows();
    const current = this.#current();
    this.#focusRow(Math.max(0, Math.min(rows.length - 1, current ? rows.indexOf(current) + by : 0)));
  }

  #focusRow(index: number): void {
    const link = this.#rows()[index]?.querySelector<HTMLElement>('[data-open]');
    link?.focus();
    link?.scrollIntoView({ block: 'nearest' });
  }

  #go(path: string | undefined): void {
    if (path) document.querySelector<HTMLAnchorElement>(`.rail a[href="${path}"]`)?.click();
  }
}

customElements.define('comity-keys', KeysElement);
