/** Builds an element with text; pages may not set markup from scripts. */
export function element(name: string, attributes: Record<string, string>, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Posts a form as the browser would, with an idempotency key of its own. */
export async function postForm(
  form: HTMLFormElement,
  action: string,
  extra: Record<string, string> = {},
): Promise<Response> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
  const key = crypto.randomUUID();
  body.set('_key', key);
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  return fetch(action, {
    method: 'POST',
    body,
    headers: { accept: 'application/json', 'idempotency-key': key },
    credentials: 'same-origin',
    redirect: 'manual',
  });
}

/** True where letters are text: there no single key may act. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
}
