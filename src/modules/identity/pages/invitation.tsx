import { page } from '../../../platform/http/routes.ts';
import type { Problem } from '../../../platform/values/index.ts';
import {
  Actions,
  Bdi,
  Button,
  ErrorSummary,
  Notice,
  Num,
  Ref,
  TextInput,
  errorFor,
  type View,
} from '../../../web/index.ts';
import { acceptInvitation, readInvitation, type InvitationShown } from '../service/index.ts';
import {
  GateShell,
  PasskeyInForm,
  SecretForm,
  value,
  type Gate,
  type IdentityPage,
  type PagesOptions,
} from './parts.tsx';

function SetUp({
  view,
  gate,
  action,
  shown,
  problems = [],
}: {
  view: View;
  gate: Gate;
  action: string;
  shown: InvitationShown;
  problems?: Problem[];
}) {
  const { t } = view;
  return (
    <GateShell view={view} gate={gate} title={t('identity.set-up')} error={problems.length > 0} islands={['passkey']}>
      <ErrorSummary view={view} problems={problems} />
      <h1>{t('identity.set-up')}</h1>
      <p class="lede">
        {t('identity.set-up-lede', { until: view.formats.moment(shown.expiresAt, view.node.zone) })}{' '}
        <Bdi>{shown.name}</Bdi>
      </p>
      <p>
        {t('identity.your-sign-in-name')} <Ref value={shown.signInName} />
      </p>
      <SecretForm view={view} action={action}>
        <TextInput
          view={view}
          name="password"
          type="password"
          label={t('identity.new-password')}
          hint={t('identity.password-hint')}
          error={errorFor(view, problems, 'password')}
          autocomplete="new-password"
        />
        <TextInput
          view={view}
          name="repeated"
          type="password"
          label={t('identity.password-again')}
          error={errorFor(view, problems, 'repeated')}
          autocomplete="new-password"
        />
        <h2>{t('identity.code-app')}</h2>
        <p>{t('identity.code-app-how')}</p>
        <img src={shown.qr} width="200" height="200" alt={t('identity.qr-alt')} />
        <p>
          {t('identity.code-app-text')} <Ref value={shown.secretText} wrap />
        </p>
        <TextInput
          view={view}
          name="code"
          label={t('identity.code')}
          hint={t('identity.code-hint-app')}
          error={errorFor(view, problems, 'code')}
          autocomplete="one-time-code"
          dir="ltr"
          width={12}
          spellcheck={false}
        />
        <h2>{t('identity.passkey')}</h2>
        <p>{t('identity.passkey-why')}</p>
        <PasskeyInForm view={view} options={shown.passkey} kind="create">
          {t('identity.make-passkey')}
        </PasskeyInForm>
        <TextInput view={view} name="passkeyLabel" label={t('identity.passkey-label')} optional />
        <Actions>
          <Button kind="main">{t('identity.set-up-done')}</Button>
        </Actions>
      </SecretForm>
    </GateShell>
  );
}

/** Recovery codes, shown once. */
export function CodeList({ view, codes }: { view: View; codes: readonly string[] }) {
  return (
    <>
      <Notice view={view} kind="warning" title={view.t('identity.codes-once')}>
        {view.t('identity.codes-keep')}
      </Notice>
      <ol class="words6">
        {codes.map((code) => (
          <li>
            <Num>{code}</Num>
          </li>
        ))}
      </ol>
    </>
  );
}

function Over({ view, gate }: { view: View; gate: Gate }) {
  return (
    <GateShell view={view} gate={gate} title={view.t('identity.link-over-title')}>
      <h1>{view.t('identity.link-over-title')}</h1>
      <p class="lede">{view.t('identity.link-over')}</p>
    </GateShell>
  );
}

/** The page of a one-time link: password, code generator, passkey, recovery codes. */
export function invitationPages({ node, gate: gateOf = () => ({}) }: PagesOptions): IdentityPage[] {
  const open = { kind: 'page', path: '/invitation/:secret', permission: 'identity.sign-in' } as const;
  return [
    {
      ...open,
      method: 'get',
      async handler({ view, params }) {
        const shown = await readInvitation(node, params.secret ?? '');
        if (!shown) return page(<Over view={view} gate={gateOf(view)} />, 404);
        return page(
          <SetUp view={view} gate={gateOf(view)} action={`/invitation/${params.secret ?? ''}`} shown={shown} />,
        );
      },
    },
    {
      ...open,
      method: 'post',
      audit: 'identity.accept-invitation',
      async handler({ view, params, form }) {
        const linkSecret = params.secret ?? '';
        const done = await acceptInvitation(node, linkSecret, {
          password: value(form, 'password'),
          repeated: value(form, 'repeated'),
          code: value(form, 'code'),
          passkey: value(form, 'passkey'),
          passkeyLabel: value(form, 'passkeyLabel'),
        });
        if (done.ok) {
          return page(
            <GateShell view={view} gate={gateOf(view)} title={view.t('identity.account-ready')}>
              <h1>{view.t('identity.account-ready')}</h1>
              <CodeList view={view} codes={done.value.recoveryCodes} />
              <Actions>
                <Button kind="main" href="/sign-in">
                  {view.t('identity.codes-kept')}
                </Button>
              </Actions>
            </GateShell>,
          );
        }
        const shown = await readInvitation(node, linkSecret);
        if (!shown) return page(<Over view={view} gate={gateOf(view)} />, 404);
        return page(
          <SetUp
            view={view}
            gate={gateOf(view)}
            action={`/invitation/${linkSecret}`}
            shown={shown}
            problems={done.error}
          />,
          422,
        );
      },
    },
  ];
}
