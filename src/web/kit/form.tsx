import type { Content } from './text.tsx';
import { classes } from './text.tsx';
import { Icon } from './icon.tsx';
import type { View } from '../view.ts';

export interface FormProps {
  view: View;
  action: string;
  /** Needed for forms with files. */
  multipart?: boolean;
  /** `get` for searches and filters: no hidden fields then. */
  method?: 'post' | 'get';
  id?: string;
  /** Address that stores the draft (autosave island); the save button does the same without scripts. */
  autosave?: string;
  /** ISO moment at which the session ends, for the warning. */
  sessionEnds?: string;
  label?: string;
  class?: string;
  children?: Content;
  /** Address of suggestions for the search field of the form, asked with `q` and `lang` while one types. */
  suggest?: string;
}

/** A form with its protection fields; checking is the server's, so the browser's own is off. */
export function Form(props: FormProps) {
  const { view, method = 'post' } = props;
  const form = (
    <form
      method={method}
      action={props.action}
      id={props.id}
      class={props.class}
      enctype={props.multipart ? 'multipart/form-data' : undefined}
      aria-label={props.label}
      data-suggest={props.suggest}
      novalidate
    >
      {method === 'post' ? (
        <>
          <input type="hidden" name="_csrf" value={view.csrf} />
          <input type="hidden" name="_key" value={view.formKey()} />
        </>
      ) : null}
      {props.children}
    </form>
  );
  if (!props.autosave) return form;
  const { t } = view;
  return (
    <comity-autosave
      data-action={props.autosave}
      data-session-ends={props.sessionEnds}
      data-saved={t('web.saved-at', { time: '{time}' })}
      data-saving={t('web.saving')}
      data-failed={t('web.save-failed')}
      data-restored={t('web.restored', { time: '{time}' })}
      data-ending={t('web.session-ending', { minutes: 2 })}
      data-stay={t('web.stay-signed-in')}
      data-locale={view.locale}
    >
      {form}
    </comity-autosave>
  );
}

export interface ButtonProps {
  /** `main` is the one filled button of a view; `seal` for acts that cannot be taken back. */
  kind?: 'main' | 'plain' | 'seal' | 'link';
  /** With an address it is a link that looks like a button. */
  href?: string;
  name?: string;
  value?: string;
  /** Posts the form it stands in, or the form named. */
  form?: string;
  formaction?: string;
  icon?: string;
  /** Key shown beside the word and told to assistive technology. */
  shortcut?: string;
  compact?: boolean;
  wide?: boolean;
  type?: 'submit' | 'button';
  children?: Content;
}

/** A button or a link that looks like one; its words say the act. */
export function Button(props: ButtonProps) {
  const { kind = 'plain' } = props;
  const look =
    kind === 'link'
      ? 'linkbutton'
      : classes(
          'btn',
          kind === 'main' && 'btn--main',
          kind === 'seal' && 'btn--seal',
          props.compact && 'btn--compact',
          props.wide && 'btn--wide',
        );
  const inside = (
    <>
      {props.icon ? <Icon name={props.icon} size={16} /> : null}
      <span>{props.children}</span>
      {props.shortcut ? <kbd aria-hidden="true">{props.shortcut}</kbd> : null}
    </>
  );
  const keys = props.shortcut ? ariaKeys(props.shortcut) : undefined;
  if (props.href !== undefined) {
    return (
      <a class={look} href={props.href} aria-keyshortcuts={keys}>
        {inside}
      </a>
    );
  }
  return (
    <button
      class={look}
      type={props.type ?? 'submit'}
      name={props.name}
      value={props.value}
      form={props.form}
      formaction={props.formaction}
      aria-keyshortcuts={keys}
    >
      {inside}
    </button>
  );
}

/** `Ctrl Enter` → `Control+Enter`, as `aria-keyshortcuts` wants it. */
export function ariaKeys(shortcut: string): string {
  return shortcut.replace('Ctrl', 'Control').split(' ').join('+');
}

/** Row of buttons at the end of a form. */
export function Actions({ children }: { children?: Content }) {
  return <div class="actions">{children}</div>;
}

/** One act as a form of its own: a button that posts, with hidden values. */
export function ActButton({
  view,
  action,
  values = {},
  ...button
}: { view: View; action: string; values?: Record<string, string> } & ButtonProps) {
  return (
    <Form view={view} action={action} class="inline-form">
      {Object.entries(values).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <Button {...button} />
    </Form>
  );
}

export interface PasskeyProps {
  view: View;
  /** Gives WebAuthn options as JSON on POST `{ name? }`. */
  options: string;
  /** Takes the authenticator's answer as JSON, gives `{ redirect }`. */
  verify: string;
  kind?: 'get' | 'create';
  children?: Content;
}

/** Passkey button; shown by its island (`islands={['passkey']}` on the page), hidden where scripts are off. */
export function Passkey({ view, options, verify, kind = 'get', children }: PasskeyProps) {
  const { t } = view;
  return (
    <comity-passkey
      hidden
      data-options={options}
      data-verify={verify}
      data-kind={kind}
      data-csrf={view.csrf}
      data-wait={t('web.passkey-wait')}
      data-failed={t('web.passkey-failed')}
      data-none={t('web.passkey-none')}
    >
      <Button kind="main" type="button" icon="passkey" wide>
        {children ?? t('web.passkey')}
      </Button>
      <p class="passkey-words" role="status" />
    </comity-passkey>
  );
}
