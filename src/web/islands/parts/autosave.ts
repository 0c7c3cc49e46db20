import { element, postForm } from './dom.ts';

const every = 5_000;
const warnBefore = 120_000;

/**
 * Saves the form inside it every five seconds when something changed, says when, keeps the text in this tab when saving
 * fails and gives it back after a reload. Without it the buttons of the form save.
 */
class AutosaveElement extends HTMLElement {
  #form: HTMLFormElement | null = null;
  #isDirty = false;
  #isBusy = false;
  #timer = 0;
  #note: HTMLElement | null = null;

  connectedCallback(): void {
    this.#form = this.querySelector('form');
    if (!this.#form) return;
    this.#restore();
    this.#form.addEventListener('input', () => (this.#isDirty = true));
    this.#form.addEventListener('submit', () => {
      this.#isDirty = false;
      sessionStorage.removeItem(this.#draftKey());
    });
    addEventListener('pagehide', () => this.#isDirty && this.#keep());
    this.#timer = window.setInterval(() => void this.#tick(), every);
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer);
  }

  async #tick(): Promise<void> {
    this.#warnOfEnd();
    if (!this.#isDirty || this.#isBusy || !this.#form) return;
    this.#isBusy = true;
    this.#isDirty = false;
    try {
      const answer = await postForm(this.#form, this.dataset.action ?? '', { _autosave: '1' });
      if (!answer.ok) throw new Error(String(answer.status));
      sessionStorage.removeItem(this.#draftKey());
      this.#clearNote('failed');
      this.#say((this.dataset.saved ?? '').replace('{time}', this.#clock()));
    } catch {
      this.#isDirty = true;
      this.#keep();
      this.#warn('failed', this.dataset.failed ?? '');
    } finally {
      this.#isBusy = false;
    }
  }

  #say(words: string): void {
    const line = this.querySelector('[data-saved-line]') ?? document.querySelector('[data-saved-line]');
    line?.replaceChildren(element('span', {}, words));
  }

  #warn(kind: string, words: string, ...more: Node[]): void {
    if (this.#note?.dataset.kind === kind) return;
    this.#note?.remove();
    this.#note = element(
      'div',
      { class: 'autosave-note', role: 'status', 'data-kind': kind },
      element('p', {}, words),
      ...more,
    );
    this.append(this.#note);
  }

  #clearNote(kind: string): void {
    if (this.#note?.dataset.kind !== kind) return;
    this.#note.remove();
    this.#note = null;
  }

  #warnOfEnd(): void {
    const ends = Date.parse(this.dataset.sessionEnds ?? '');
    if (Number.isNaN(ends) || ends - Date.now() > warnBefore) return;
    const stay = element('button', { type: 'button', class: 'btn btn--compact' }, this.dataset.stay ?? '');
    stay.addEventListener('click', () => {
      void fetch(location.href, { method: 'HEAD', credentials: 'same-origin' }).then((answer) => {
        if (!answer.ok) return;
        delete this.dataset.sessionEnds;
        this.#clearNote('ending');
      });
    });
    this.#warn('ending', this.dataset.ending ?? '', stay);
  }

  #draftKey(): string {
    return `draft:${location.pathname}`;
  }

  #clock(): string {
    return new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  }

  #keep(): void {
    if (!this.#form) return;
    const values = [...new FormData(this.#form)].filter(
      ([name, value]) => typeof value === 'string' && !name.startsWith('_'),
    );
    sessionStorage.setItem(this.#draftKey(), JSON.stringify({ at: this.#clock(), values }));
  }

  #restore(): void {
    const kept = sessionStorage.getItem(this.#draftKey());
    if (!kept || !this.#form) return;
    sessionStorage.removeItem(this.#draftKey());
    const { at, values } = JSON.parse(kept) as { at: string; values: [string, string][] };
    for (const control of this.#form.elements) {
      if (!(
        control instanceof HTMLInputElement ||
        control instanceof HTMLTextAreaElement ||
        control instanceof HTMLSelectElement
      ))
        continue;
      if (control.type === 'hidden' || control.type === 'file' || control.name.startsWith('_')) continue;
      const texts = values.filter(([name]) => name === control.name).map(([, text]) => text);
      if (control instanceof HTMLInputElement && ['checkbox', 'radio'].includes(control.type))
        control.checked = texts.includes(control.value);
      else if (texts[0] !== undefined) control.value = texts[0];
    }
    this.#isDirty = true;
    this.#warn('restored', (this.dataset.restored ?? '').replace('{time}', at));
  }
}

customElements.define('comity-autosave', AutosaveElement);
