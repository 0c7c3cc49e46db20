import { element } from './dom.ts';

interface Suggestions {
  suggestions: { text: string; language: string }[];
}

/** A field that says where to ask offers what goes on from the letters typed, in the browser's own list. */
function offer(field: HTMLInputElement, address: string): void {
  const list = element('datalist', { id: `${field.id}-suggestions` });
  field.after(list);
  field.setAttribute('list', list.id);
  field.setAttribute('autocomplete', 'off');
  let asking = new AbortController();
  field.addEventListener('input', (event) => {
    asking.abort();
    // Taken from the list: nothing goes on from it.
    if (event instanceof InputEvent && event.inputType === 'insertReplacementText') return;
    asking = new AbortController();
    const query = new URLSearchParams({ q: field.value, lang: document.documentElement.lang });
    if (field.value.trim().length < 2) return list.replaceChildren();
    fetch(`${address}?${query}`, { headers: { accept: 'application/json' }, signal: asking.signal })
      .then(async (answer) => {
        if (!answer.ok) return;
        const { suggestions } = (await answer.json()) as Suggestions;
        list.replaceChildren(
          ...suggestions.map(({ text, language }) => element('option', { value: text, lang: language })),
        );
      })
      // The next letter was typed, or the line is down: the form works as it stands.
      .catch(() => undefined);
  });
}

for (const form of document.querySelectorAll<HTMLElement>('form[data-suggest]')) {
  const field = form.querySelector<HTMLInputElement>('input[type="search"]');
  if (field && form.dataset.suggest) offer(field, form.dataset.suggest);
}
