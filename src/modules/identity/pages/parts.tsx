import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import type { PageCall, PageRoute, PostedForm } from '../../../platform/http/routes.ts';
import { Button, GatePage, type Content, type View } from '../../../web/index.ts';
import type { Context } from '../context.ts';
import type { IdentityNode } from '../service/index.ts';

export type IdentityPage = PageRoute<Context, View>;
export type IdentityCall = PageCall<Context, View>;

/** What stands beside the sign-in form: the seal of the node and its six words. */
export interface Gate {
  art?: Content;
  note?: Content;
}
export interface PagesOptions {
  node: IdentityNode;
  gate?: (view: View) => Gate;
}

export function value(form: PostedForm, name: string): string {
  return form.values[name]?.[0] ?? '';
}

/**
 * A form without idempotency key: its answer sets a cookie, which a repeated answer could not carry.
 * Sending it twice does no harm.
 */
export function SecretForm({
  view,
  action,
  label,
  children,
}: {
  view: View;
  action: string;
  label?: string;
  children?: Content;
}) {
  return (
    <form method="post" action={action} aria-label={label} novalidate>
      <input type="hidden" name="_csrf" value={view.csrf} />
      {children}
    </form>
  );
}

export function HiddenField({ name, value: text }: { name: string; value: string }) {
  return <input type="hidden" name={name} value={text} />;
}

/** A passkey button within a form; its island fills the field `passkey`. Hidden where scripts are off. */
export function PasskeyInForm({
  view,
  options,
  kind,
  children,
}: {
  view: View;
  options: PublicKeyCredentialCreationOptionsJSON | PublicKeyCredentialRequestOptionsJSON;
  kind: 'get' | 'create';
  children: Content;
}) {
  return (
    <>
      <HiddenField name="passkey" value="" />
      <comity-passkey
        hidden
        data-inline={JSON.stringify(options)}
        data-kind={kind}
        data-wait={view.t('web.passkey-wait')}
        data-failed={view.t('web.passkey-failed')}
        data-none={view.t('web.passkey-none')}
        data-done={view.t('identity.passkey-made')}
      >
        <Button kind={kind === 'get' ? 'main' : 'plain'} type="button" icon="passkey" wide>
          {children}
        </Button>
        <p class="passkey-words" role="status" />
      </comity-passkey>
    </>
  );
}

export function GateShell({
  view,
  gate,
  title,
  error,
  islands,
  children,
}: {
  view: View;
  gate: Gate;
  title: string;
  error?: boolean;
  islands?: readonly string[];
  children?: Content;
}) {
  return (
    <GatePage view={view} title={title} error={error} islands={islands} art={gate.art} note={gate.note}>
      {children}
    </GatePage>
  );
}
