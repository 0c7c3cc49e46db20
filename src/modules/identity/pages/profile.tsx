import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { page, redirect } from '../../../platform/http/routes.ts';
import type { Problem } from '../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  Bdi,
  Button,
  Checkboxes,
  DataTable,
  ErrorSummary,
  Form,
  Heading,
  Num,
  Page,
  Ref,
  Section,
  Select,
  TextInput,
  errorFor,
  type View,
} from '../../../web/index.ts';
import type { Context } from '../context.ts';
import type { PasskeyShown, Preferences, SessionShown, TokenShown } from '../schema.ts';
import {
  addOwnPasskey,
  endOtherSessions,
  endOwnSession,
  endOwnToken,
  listOwnPasskeys,
  listOwnSessions,
  listOwnTokens,
  makeToken,
  ownPasskeyCreation,
  ownPreferences,
  possibleScopes,
  recoveryCodesLeft,
  removeOwnPasskey,
  renewRecoveryCodes,
  safeNext,
  savePreferences,
  ownOffices,
  switchOffice,
} from '../service/index.ts';
import { CodeList } from './invitation.tsx';
import { PasskeyInForm, SecretForm, value, type IdentityPage, type PagesOptions } from './parts.tsx';

interface Shown {
  sessions: SessionShown[];
  passkeys: PasskeyShown[];
  tokens: TokenShown[];
  scopes: readonly string[];
  codesLeft: number;
  preferences: Preferences;
  offices: { id: string; name: Record<string, string>; current: boolean }[];
  creation: PublicKeyCredentialCreationOptionsJSON;
}

function ProfilePage({ view, shown, problems = [] }: { view: View; shown: Shown; problems?: Problem[] }) {
  const { t } = view;
  return (
    <Page view={view} title={t('identity.profile')} error={problems.length > 0} islands={['passkey']}>
      <ErrorSummary view={view} problems={problems} />
      <Heading title={t('identity.profile')} />
      <Section id="display" title={t('identity.display')}>
        <Form view={view} action="/profile/preferences">
          <Select
            view={view}
            name="locale"
            label={t('identity.language')}
            value={shown.preferences.locale}
            options={[
              { value: 'en', label: 'English' },
              { value: 'ar', label: 'العربية' },
            ]}
          />
          <Select
            view={view}
            name="theme"
            label={t('web.theme')}
            value={shown.preferences.theme}
            options={(['system', 'light', 'dark'] as const).map((theme) => ({
              value: theme,
              label: t(`web.theme-${theme}`),
            }))}
          />
          <Select
            view={view}
            name="density"
            label={t('web.density')}
            value={shown.preferences.density}
            options={(['comfortable', 'compact'] as const).map((density) => ({
              value: density,
              label: t(`web.density-${density}`),
            }))}
          />
          <Actions>
            <Button>{t('identity.save')}</Button>
          </Actions>
        </Form>
      </Section>
      {shown.offices.length > 1 ? (
        <Section id="office" title={t('identity.office')}>
          <Form view={view} action="/profile/office">
            <Select
              view={view}
              name="officeId"
              label={t('identity.office-now')}
              value={shown.offices.find((one) => one.current)?.id}
              options={shown.offices.map((one) => ({
                value: one.id,
                label: one.name[view.locale] ?? one.name.en ?? one.id,
              }))}
            />
            <Actions>
              <Button>{t('identity.switch-office')}</Button>
            </Actions>
          </Form>
        </Section>
      ) : null}
      <Sessions view={view} sessions={shown.sessions} />
      <Passkeys view={view} passkeys={shown.passkeys} creation={shown.creation} />
      <Section id="recovery" title={t('identity.recovery-codes')}>
        <p>{t('identity.codes-left', { count: shown.codesLeft })}</p>
        <ActButton view={view} action="/profile/recovery-codes">
          {t('identity.renew-codes')}
        </ActButton>
      </Section>
      <Tokens view={view} shown={shown} problems={problems} />
    </Page>
  );
}

function Sessions({ view, sessions }: { view: View; sessions: SessionShown[] }) {
  const { t } = view;
  const at = (moment: SessionShown['createdAt']) => view.formats.moment(moment, view.node.zone);
  return (
    <Section id="sessions" title={t('identity.sessions')}>
      <DataTable
        view={view}
        caption={t('identity.sessions')}
        captionHidden
        stack
        columns={[
          {
            id: 'where',
            label: t('identity.column-device'),
            header: true,
            cell: (row: SessionShown) => <Bdi>{row.userAgent || row.address}</Bdi>,
          },
          { id: 'address', label: t('identity.column-address'), cell: (row) => <Num>{row.address}</Num> },
          { id: 'method', label: t('identity.column-method'), cell: (row) => t(`identity.method-${row.method}`) },
          { id: 'since', label: t('identity.column-since'), cell: (row) => at(row.createdAt) },
          {
            id: 'seen',
            label: t('identity.column-seen'),
            cell: (row) => (row.current ? t('identity.this-session') : at(row.lastSeenAt)),
          },
          {
            id: 'end',
            label: t('identity.end'),
            quiet: true,
            cell: (row) =>
              row.current ? null : (
                <ActButton view={view} action="/profile/sessions/end" values={{ id: row.id }} compact>
                  {t('identity.end')}
                </ActButton>
              ),
          },
        ]}
        rows={sessions}
      />
      {sessions.length > 1 ? (
        <ActButton view={view} action="/profile/sessions/end" values={{ id: 'others' }}>
          {t('identity.end-others')}
        </ActButton>
      ) : null}
    </Section>
  );
}

function Passkeys({
  view,
  passkeys,
  creation,
}: {
  view: View;
  passkeys: PasskeyShown[];
  creation: PublicKeyCredentialCreationOptionsJSON;
}) {
  const { t } = view;
  return (
    <Section id="passkeys" title={t('identity.passkeys')}>
      <DataTable
        view={view}
        caption={t('identity.passkeys')}
        captionHidden
        stack
        columns={[
          {
            id: 'label',
            label: t('identity.passkey-label'),
            header: true,
            cell: (row: PasskeyShown) => <Bdi>{row.label}</Bdi>,
          },
          {
            id: 'since',
            label: t('identity.column-since'),
            cell: (row) => view.formats.moment(row.createdAt, view.node.zone),
          },
          {
            id: 'used',
            label: t('identity.column-used'),
            cell: (row) =>
              row.locked
                ? t('identity.passkey-locked')
                : row.lastUsedAt
                  ? view.formats.moment(row.lastUsedAt, view.node.zone)
                  : t('identity.never'),
          },
          {
            id: 'remove',
            label: t('identity.remove'),
            quiet: true,
            cell: (row) => (
              <ActButton view={view} action="/profile/passkeys/remove" values={{ id: row.id }} compact>
                {t('identity.remove')}
              </ActButton>
            ),
          },
        ]}
        rows={passkeys}
        empty={t('identity.no-passkeys')}
      />
      <SecretForm view={view} action="/profile/passkeys" label={t('identity.make-passkey')}>
        <TextInput view={view} name="label" label={t('identity.passkey-label')} optional width={20} />
        <PasskeyInForm view={view} options={creation} kind="create">
          {t('identity.make-passkey')}
        </PasskeyInForm>
        <Actions>
          <Button>{t('identity.save-passkey')}</Button>
        </Actions>
      </SecretForm>
    </Section>
  );
}

function Tokens({ view, shown, problems }: { view: View; shown: Shown; problems: Problem[] }) {
  const { t } = view;
  return (
    <Section id="tokens" title={t('identity.tokens')}>
      <DataTable
        view={view}
        caption={t('identity.tokens')}
        captionHidden
        stack
        columns={[
          {
            id: 'label',
            label: t('identity.token-label'),
            header: true,
            cell: (row: TokenShown) => <Bdi>{row.label}</Bdi>,
          },
          { id: 'scopes', label: t('identity.token-scopes'), cell: (row) => <Ref value={row.scopes.join(' ')} wrap /> },
          {
            id: 'until',
            label: t('identity.column-until'),
            cell: (row) => view.formats.moment(row.expiresAt, view.node.zone),
          },
          {
            id: 'end',
            label: t('identity.end'),
            quiet: true,
            cell: (row) => (
              <ActButton view={view} action="/profile/tokens/end" values={{ id: row.id }} compact>
                {t('identity.end')}
              </ActButton>
            ),
          },
        ]}
        rows={shown.tokens}
        empty={t('identity.no-tokens')}
      />
      {shown.scopes.length === 0 ? null : (
        <Form view={view} action="/profile/tokens" label={t('identity.make-token')}>
          <TextInput
            view={view}
            name="label"
            label={t('identity.token-label')}
            error={errorFor(view, problems, 'label')}
            width={20}
          />
          <Checkboxes
            view={view}
            name="scopes"
            label={t('identity.token-scopes')}
            hint={t('identity.token-scopes-hint')}
            error={errorFor(view, problems, 'scopes')}
            options={shown.scopes.map((scope) => ({ value: scope, label: <Ref value={scope} /> }))}
          />
          <TextInput
            view={view}
            name="days"
            label={t('identity.token-days')}
            error={errorFor(view, problems, 'days')}
            value="90"
            width={3}
            inputmode="numeric"
          />
          <Actions>
            <Button>{t('identity.make-token')}</Button>
          </Actions>
        </Form>
      )}
    </Section>
  );
}

/** Own account: display, sessions, passkeys, recovery codes, tokens. */
export function profilePages({ node }: PagesOptions): IdentityPage[] {
  const own = { kind: 'page', permission: 'identity.own-account' } as const;
  const post = { ...own, method: 'post' } as const;
  async function load(ctx: Context): Promise<Shown> {
    return {
      sessions: await listOwnSessions(ctx),
      passkeys: await listOwnPasskeys(ctx),
      tokens: await listOwnTokens(ctx),
      scopes: possibleScopes(ctx),
      codesLeft: await recoveryCodesLeft(ctx),
      preferences: await ownPreferences(ctx),
      offices: await ownOffices(ctx),
      creation: await ownPasskeyCreation(ctx, node),
    };
  }
  const again = async (ctx: Context, view: View, problems: Problem[]) =>
    page(<ProfilePage view={view} shown={await load(ctx)} problems={problems} />, 422);
  return [
    {
      ...own,
      method: 'get',
      path: '/profile',
      handler: async ({ ctx, view }) => page(<ProfilePage view={view} shown={await load(ctx)} />),
    },
    {
      ...post,
      path: '/profile/preferences',
      audit: 'identity.save-preferences',
      async handler({ ctx, form }) {
        await savePreferences(ctx, {
          locale: value(form, 'locale'),
          theme: value(form, 'theme'),
          density: value(form, 'density'),
        });
        return redirect('/profile#display');
      },
    },
    {
      ...post,
      path: '/profile/display',
      audit: 'identity.save-preferences',
      async handler({ ctx, form }) {
        const kept = await ownPreferences(ctx);
        await savePreferences(ctx, {
          ...kept,
          theme: value(form, 'theme') || kept.theme,
          density: value(form, 'density') || kept.density,
        });
        return redirect(safeNext(value(form, 'return')));
      },
    },
    {
      ...post,
      path: '/profile/office',
      audit: 'identity.switch-office',
      async handler({ ctx, form }) {
        await switchOffice(ctx, value(form, 'officeId'));
        return redirect('/');
      },
    },
    {
      ...post,
      path: '/profile/sessions/end',
      audit: 'identity.end-session',
      async handler({ ctx, form }) {
        const id = value(form, 'id');
        if (id === 'others') await endOtherSessions(ctx);
        else await endOwnSession(ctx, id);
        return redirect('/profile#sessions');
      },
    },
    {
      ...post,
      path: '/profile/passkeys',
      audit: 'identity.add-passkey',
      async handler({ ctx, view, form }) {
        const added = await addOwnPasskey(ctx, node, { json: value(form, 'passkey'), label: value(form, 'label') });
        return added.ok ? redirect('/profile#passkeys') : again(ctx, view, [added.error]);
      },
    },
    {
      ...post,
      path: '/profile/passkeys/remove',
      audit: 'identity.remove-passkey',
      async handler({ ctx, view, form }) {
        const removed = await removeOwnPasskey(ctx, value(form, 'id'));
        return removed.ok ? redirect('/profile#passkeys') : again(ctx, view, [removed.error]);
      },
    },
    {
      ...post,
      path: '/profile/recovery-codes',
      audit: 'identity.renew-recovery-codes',
      async handler({ ctx, view }) {
        const codes = await renewRecoveryCodes(ctx);
        return page(
          <Page view={view} title={view.t('identity.recovery-codes')}>
            <Heading title={view.t('identity.recovery-codes')} />
            <CodeList view={view} codes={codes} />
            <Actions>
              <Button kind="main" href="/profile#recovery">
                {view.t('identity.codes-kept')}
              </Button>
            </Actions>
          </Page>,
        );
      },
    },
    {
      ...post,
      path: '/profile/tokens',
      audit: 'identity.make-token',
      async handler({ ctx, view, form }) {
        const made = await makeToken(ctx, {
          label: value(form, 'label'),
          scopes: form.values.scopes ?? [],
          days: Number(value(form, 'days')),
        });
        if (!made.ok) return again(ctx, view, made.error);
        return page(
          <Page view={view} title={view.t('identity.token-made')}>
            <Heading title={view.t('identity.token-made')} lede={view.t('identity.token-once')} />
            <p>
              <Ref value={made.value.token} wrap />
            </p>
            <Actions>
              <Button kind="main" href="/profile#tokens">
                {view.t('identity.continue')}
              </Button>
            </Actions>
          </Page>,
        );
      },
    },
    {
      ...post,
      path: '/profile/tokens/end',
      audit: 'identity.end-token',
      async handler({ ctx, form }) {
        await endOwnToken(ctx, value(form, 'id'));
        return redirect('/profile#tokens');
      },
    },
  ];
}
