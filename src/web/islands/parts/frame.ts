import { postForm } from './dom.ts';

/** Focus to the error summary, menus that close, theme and row height without a reload, the main act by Ctrl Enter. */
function start(): void {
  document.querySelector<HTMLElement>('[data-error-summary]')?.focus();
  document.addEventListener('click', closeMenus);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeMenus(event);
    if (event.ctrlKey && event.key === 'Enter') mainAct(event);
    if (event.ctrlKey && event.key === 'k') openSearch(event);
  });
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-display]')) {
    form.addEventListener('submit', (event) => void changeDisplay(event, form));
  }
}

function closeMenus(event: Event): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.person-menu[open]')) {
    const isInside = event.target instanceof Node && menu.contains(event.target);
    if (event instanceof KeyboardEvent && isInside) menu.querySelector('summary')?.focus();
    if (event instanceof KeyboardEvent || !isInside) menu.open = false;
  }
}

function mainAct(event: KeyboardEvent): void {
  const form = event.target instanceof Element ? event.target.closest('form') : null;
  const button = form?.querySelector<HTMLButtonElement>('button.btn--main');
  if (!form || !button) return;
  event.preventDefault();
  form.requestSubmit(button);
}

function openSearch(event: KeyboardEvent): void {
  const link = document.querySelector<HTMLAnchorElement>('a[data-command-menu]');
  if (!link) return;
  event.preventDefault();
  link.click();
}

async function changeDisplay(event: SubmitEvent, form: HTMLFormElement): Promise<void> {
  const button = event.submitter;
  if (!(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  document.documentElement.dataset[button.name] = button.value;
  for (const other of form.querySelectorAll<HTMLButtonElement>(`button[name="${button.name}"]`)) {
    other.setAttribute('aria-pressed', String(other === button));
  }
  await postForm(form, form.action, { [button.name]: button.value }).catch(() => undefined);
}

start();
