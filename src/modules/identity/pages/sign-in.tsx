import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { page, redirect } from '../../../platform/http/routes.ts';
import type { Problem } from '../../../platform/values/index.ts';
import { Actions, Button, ErrorSummary, TextInput, errorFor, type View } from '../../../web/index.ts';
import {
  awaitsCode,
  endCookie,
  endOwnSession,
  enterByDemoLink,
  finishProviderSignIn,
  finishSignIn,
  ownStepUpOptions,
  passkeyProof,
  safeNext,
  sessionCookie,
  sessionMethod,
  signInWithPasskey,
  startProviderSignIn,
  startSignIn,
  stepUpInDemo,
  stepUpWithCode,
  stepUpWithPasskey,
} from '../service/index.ts';
import {
  GateShell,
  HiddenField,
  PasskeyInForm,
  SecretForm,
  value,
  type Gate,
  type IdentityPage,
  type PagesOptions,
} from './parts.tsx';

interface SignInProps {
  view: View;
  gate: Gate;
  next: string;
  name?: string;
  problems?: Problem[];
  provider?: string;
  passkey: PublicKeyCredentialRequestOptionsJSON;
}

function SignIn({ view, gate, next, name, problems = [], provider, passkey }: SignInProps) {
  const { t } = view;
  return (
    <GateShell view={view} gate={gate} title={t('identity.sign-in')} error={problems.length > 0} islands={['passkey']}>
      <ErrorSummary view={view} problems={problems} hrefOf={() => '#f-name'} />
      <h1>{t('identity.sign-in')}</h1>
      <p class="lede">{t('identity.sign-in-lede', { state: view.node.stateName })}</p>
      <SecretForm view={view} action="/sign-in" label={t('identity.by-passkey')}>
        <HiddenField name="next" value={next} />
        <PasskeyInForm view={view} options={passkey} kind="get">
          {t('identity.continue-passkey')}
        </PasskeyInForm>
      </SecretForm>
      <SecretForm view={view} action="/sign-in" label={t('identity.by-password')}>
        <HiddenField name="next" value={next} />
        <TextInput
          view={view}
          name="name"
          label={t('identity.name-or-email')}
          value={name}
          autocomplete="username webauthn"
          spellcheck={false}
          autofocus={problems.length === 0}
        />
        <TextInput
          view={view}
          name="password"
          type="password"
          label={t('identity.password')}
          autocomplete="current-password"
        />
        <Actions>
          <Button kind="main" wide>
            {t('identity.continue')}
          </Button>
        </Actions>
      </SecretForm>
      {provider ? (
        <p>
          <a href={`/sign-in/provider?next=${encodeURIComponent(next)}`}>{t('identity.by-provider', { provider })}</a>
        </p>
      ) : null}
    </GateShell>
  );
}

function CodePage({ view, gate, problems = [] }: { view: View; gate: Gate; problems?: Problem[] }) {
  const { t } = view;
  return (
    <GateShell view={view} gate={gate} title={t('identity.code-title')} error={problems.length > 0}>
      <ErrorSummary view={view} problems={problems} hrefOf={() => '#f-code'} />
      <h1>{t('identity.code-title')}</h1>
      <SecretForm view={view} action="/sign-in/code">
        <TextInput
          view={view}
          name="code"
          label={t('identity.code')}
          hint={t('identity.code-hint')}
          error={errorFor(view, problems, 'code')}
          autocomplete="one-time-code"
          dir="ltr"
          width={20}
          spellcheck={false}
          autofocus
        />
        <Actions>
          <Button kind="main">{t('identity.sign-in')}</Button>
          <a href="/sign-in">{t('identity.start-again')}</a>
        </Actions>
      </SecretForm>
    </GateShell>
  );
}

interface StepUpProps {
  view: View;
  gate: Gate;
  next: string;
  problems?: Problem[];
  passkey: PublicKeyCredentialRequestOptionsJSON | null;
  byDemoLink: boolean;
}

function StepUp({ view, gate, next, problems = [], passkey, byDemoLink }: StepUpProps) {
  const { t } = view;
  return (
    <GateShell view={view} gate={gate} title={t('identity.step-up')} error={problems.length > 0} islands={['passkey']}>
      <ErrorSummary view={view} problems={problems} hrefOf={() => (byDemoLink ? undefined : '#f-password')} />
      <h1>{t('identity.step-up')}</h1>
      <p class="lede">{t('identity.step-up-lede')}</p>
      {passkey ? (
        <SecretForm view={view} action="/sign-in/step-up" label={t('identity.by-passkey')}>
          <HiddenField name="next" value={next} />
          <PasskeyInForm view={view} options={passkey} kind="get">
            {t('identity.continue-passkey')}
          </PasskeyInForm>
        </SecretForm>
      ) : null}
      <SecretForm view={view} action="/sign-in/step-up" label={t('identity.by-password')}>
        <HiddenField name="next" value={next} />
        {byDemoLink ? (
          <>
            <p>{t('identity.step-up-demo')}</p>
            <HiddenField name="demo" value="yes" />
          </>
        ) : (
          <>
            <TextInput
              view={view}
              name="password"
              type="password"
              label={t('identity.password')}
              autocomplete="current-password"
            />
            <TextInput
              view={view}
              name="code"
              label={t('identity.code')}
              hint={t('identity.code-hint-app')}
              autocomplete="one-time-code"
              dir="ltr"
              width={12}
              spellcheck={false}
            />
          </>
        )}
        <Actions>
          <Button kind="main">{t('identity.confirm')}</Button>
          <a href={next}>{t('identity.not-now')}</a>
        </Actions>
      </SecretForm>
    </GateShell>
  );
}

/** One sentence and one link: a way on that is a step within this site, so that the strict cookie is sent. */
function OnePage({
  view,
  gate,
  title,
  words,
  href,
  link,
}: {
  view: View;
  gate: Gate;
  title: string;
  words: string;
  href: string;
  link: string;
}) {
  return (
    <GateShell view={view} gate={gate} title={title}>
      <h1>{title}</h1>
      <p class="lede">{words}</p>
      <Actions>
        <Button kind="main" href={href}>
          {link}
        </Button>
      </Actions>
    </GateShell>
  );
}

/** Sign-in, second factor, identity provider, demo links, step-up and sign-out. */
export function signInPages({ node, gate: gateOf = () => ({}) }: PagesOptions): IdentityPage[] {
  const open = { kind: 'page', permission: 'identity.sign-in' } as const;
  const own = { kind: 'page', permission: 'identity.own-account' } as const;
  const show = async (view: View, next: string, more: Partial<SignInProps> = {}) => (
    <SignIn
      view={view}
      gate={gateOf(view)}
      next={next}
      provider={node.oidc?.name}
      passkey={await passkeyProof(node, 'sign-in')}
      {...more}
    />
  );
  return [
    {
      ...open,
      method: 'get',
      path: '/sign-in',
      async handler({ ctx, view, query }) {
        const next = safeNext(query.next);
        return ctx.actor.kind === 'person' ? redirect(next) : page(await show(view, next));
      },
    },
    {
      ...open,
      method: 'post',
      path: '/sign-in',
      audit: 'identity.sign-in',
      async handler({ view, form, client }) {
        const next = safeNext(value(form, 'next'));
        const json = value(form, 'passkey');
        const name = value(form, 'name');
        const done = json
          ? await signInWithPasskey(node, { json, next }, client)
          : await startSignIn(node, { name, password: value(form, 'password'), next }, client);
        if (done.ok) return { ...redirect(done.value.next), cookies: done.value.cookies };
        return page(await show(view, next, { name, problems: [done.error] }), 422);
      },
    },
    {
      ...open,
      method: 'get',
      path: '/sign-in/code',
      async handler({ view, client }) {
        return (await awaitsCode(node, client.cookie))
          ? page(<CodePage view={view} gate={gateOf(view)} />)
          : redirect('/sign-in');
      },
    },
    {
      ...open,
      method: 'post',
      path: '/sign-in/code',
      audit: 'identity.sign-in',
      async handler({ view, form, client }) {
        const done = await finishSignIn(node, { cookieHeader: client.cookie, code: value(form, 'code') }, client);
        if (done.ok) return { ...redirect(done.value.next), cookies: done.value.cookies };
        if (done.error.code === 'identity.step-over')
          return page(await show(view, '/', { problems: [done.error] }), 422);
        return page(<CodePage view={view} gate={gateOf(view)} problems={[done.error]} />, 422);
      },
    },
    {
      ...own,
      method: 'get',
      path: '/sign-in/step-up',
      async handler({ ctx, view, query }) {
        const passkey = await ownStepUpOptions(ctx, node);
        const byDemoLink = (await sessionMethod(ctx)) === 'demo-link';
        return page(
          <StepUp
            view={view}
            gate={gateOf(view)}
            next={safeNext(query.next)}
            passkey={passkey}
            byDemoLink={byDemoLink}
          />,
        );
      },
    },
    {
      ...own,
      method: 'post',
      path: '/sign-in/step-up',
      audit: 'identity.step-up',
      async handler({ ctx, view, form, client }) {
        const next = safeNext(value(form, 'next'));
        const method = await sessionMethod(ctx);
        const given = { password: value(form, 'password'), code: value(form, 'code') };
        const json = value(form, 'passkey');
        const done = json
          ? await stepUpWithPasskey(ctx, node, json)
          : value(form, 'demo')
            ? await stepUpInDemo(ctx, node, method ?? '')
            : await stepUpWithCode(ctx, node, given, client);
        if (done.ok) return redirect(next);
        const passkey = await ownStepUpOptions(ctx, node);
        return page(
          <StepUp
            view={view}
            gate={gateOf(view)}
            next={next}
            problems={[done.error]}
            passkey={passkey}
            byDemoLink={method === 'demo-link'}
          />,
          422,
        );
      },
    },
    {
      ...own,
      method: 'post',
      path: '/sign-out',
      audit: 'identity.sign-out',
      async handler({ ctx }) {
        if (ctx.sessionId !== undefined) await endOwnSession(ctx, ctx.sessionId);
        return { ...redirect('/sign-in'), cookies: [endCookie(sessionCookie)] };
      },
    },
    {
      ...open,
      method: 'get',
      path: '/enter/:secret',
      handler: async ({ view, params }) =>
        page(
          <GateShell view={view} gate={gateOf(view)} title={view.t('identity.enter')}>
            <h1>{view.t('identity.enter')}</h1>
            <p class="lede">{view.t('identity.enter-lede')}</p>
            <SecretForm view={view} action={`/enter/${encodeURIComponent(params.secret ?? '')}`}>
              <Actions>
                <Button kind="main">{view.t('identity.sign-in')}</Button>
              </Actions>
            </SecretForm>
          </GateShell>,
        ),
    },
    {
      ...open,
      method: 'post',
      path: '/enter/:secret',
      audit: 'identity.sign-in',
      async handler({ view, params, client }) {
        const done = await enterByDemoLink(node, params.secret ?? '', client);
        if (done.ok) return { ...redirect(done.value.next), cookies: done.value.cookies };
        return page(await show(view, '/', { problems: [done.error] }), 422);
      },
    },
    {
      ...open,
      method: 'get',
      path: '/sign-in/provider',
      async handler({ view, query }) {
        const { address, cookies } = await startProviderSignIn(node, query.next);
        const provider = node.oidc?.name ?? '';
        const words = view.t('identity.provider-leave', { host: new URL(address).host });
        // A form may not lead to another site (form-action 'self'), nor may a redirect: a link may.
        const html = (
          <OnePage
            view={view}
            gate={gateOf(view)}
            title={view.t('identity.by-provider', { provider })}
            words={words}
            href={address}
            link={view.t('identity.continue')}
          />
        );
        return { ...page(html), cookies };
      },
    },
    {
      ...open,
      method: 'get',
      path: '/sign-in/provider/callback',
      audit: 'identity.sign-in',
      async handler({ view, query, client }) {
        const done = await finishProviderSignIn(
          node,
          { cookieHeader: client.cookie, query: new URLSearchParams(query).toString() },
          client,
        );
        if (!done.ok) return page(await show(view, '/', { problems: [done.error] }), 422);
        const { next, cookies } = done.value;
        const html = (
          <OnePage
            view={view}
            gate={gateOf(view)}
            title={view.t('identity.provider-done')}
            words={view.t('identity.provider-back')}
            href={next}
            link={view.t('identity.continue')}
          />
        );
        return { ...page(html), cookies };
      },
    },
  ];
}
