import { Invalid } from '../../../platform/errors.ts';
import { page, redirect, type PageAnswer, type PostedForm } from '../../../platform/http/routes.ts';
import type { Instant, Problem } from '../../../platform/values/index.ts';
import {
  ActButton,
  Actions,
  Bdi,
  Button,
  DataTable,
  ErrorSummary,
  Form,
  Heading,
  Notice,
  Page,
  Ref,
  Section,
  Select,
  TextInput,
  errorFor,
  type View,
} from '../../../web/index.ts';
import type { Context } from '../context.ts';
import { roles, sensitiveRoles } from '../policy.ts';
import type { Office, Person, Proposal } from '../schema.ts';
import {
  addOffice,
  decideOnProposal,
  endSessionsOf,
  grantRole,
  invitePerson,
  isRole,
  proposeReset,
  readPeople,
  renewInvitation,
  resumePerson,
  revokeRole,
  suspendPerson,
} from '../service/index.ts';
import { value, type IdentityPage, type PagesOptions } from './parts.tsx';

interface Shown {
  people: Person[];
  offices: Office[];
  proposals: Proposal[];
  mayManage: boolean;
}

function officeName(view: View, office: Office | undefined): string {
  return office?.name[view.locale] ?? office?.name.en ?? Object.values(office?.name ?? {})[0] ?? '';
}

function PeoplePage({
  view,
  shown,
  problems = [],
  typed,
}: {
  view: View;
  shown: Shown;
  problems?: Problem[];
  typed?: PostedForm;
}) {
  const { t } = view;
  const typedIn = (name: string) => (typed ? value(typed, name) : '');
  return (
    <Page view={view} title={t('identity.people')} current="system" error={problems.length > 0}>
      <ErrorSummary view={view} problems={problems} />
      <Heading title={t('identity.people')} lede={t('identity.people-lede')} />
      <Proposals view={view} shown={shown} />
      <DataTable
        view={view}
        caption={t('identity.people')}
        captionHidden
        stack
        columns={[
          { id: 'name', label: t('identity.column-name'), header: true, cell: (row: Person) => <Bdi>{row.name}</Bdi> },
          { id: 'sign-in', label: t('identity.sign-in-name'), cell: (row) => <Ref value={row.signInName} /> },
          { id: 'status', label: t('identity.column-status'), cell: (row) => t(`identity.status-${row.status}`) },
          {
            id: 'roles',
            label: t('identity.column-roles'),
            cell: (row) => <Roles view={view} person={row} shown={shown} />,
          },
          {
            id: 'acts',
            label: t('identity.column-acts'),
            quiet: true,
            cell: (row) => (shown.mayManage ? <Acts view={view} person={row} /> : null),
          },
        ]}
        rows={shown.people}
        empty={t('identity.no-people')}
      />
      {shown.mayManage ? (
        <>
          <Section id="invite" title={t('identity.invite')}>
            <Form view={view} action="/system/people/invite">
              <TextInput
                view={view}
                name="name"
                label={t('identity.column-name')}
                value={typedIn('name')}
                error={errorFor(view, problems, 'name')}
                width={20}
              />
              <TextInput
                view={view}
                name="signInName"
                label={t('identity.sign-in-name')}
                hint={t('identity.sign-in-name-hint')}
                value={typedIn('signInName')}
                error={errorFor(view, problems, 'signInName')}
                width={20}
                spellcheck={false}
              />
              <TextInput
                view={view}
                name="email"
                type="email"
                label={t('identity.email')}
                value={typedIn('email')}
                error={errorFor(view, problems, 'email')}
                optional
                width={20}
                dir="ltr"
              />
              <Actions>
                <Button>{t('identity.invite')}</Button>
              </Actions>
            </Form>
          </Section>
          <Section id="grant" title={t('identity.grant')}>
            <Form view={view} action="/system/people/grant">
              <Select
                view={view}
                name="personId"
                label={t('identity.person')}
                options={shown.people.map((one) => ({ value: one.id, label: one.name }))}
                empty={t('identity.choose-person')}
              />
              <Select
                view={view}
                name="officeId"
                label={t('identity.office')}
                options={shown.offices.map((one) => ({ value: one.id, label: officeName(view, one) }))}
                empty={t('identity.choose-office')}
              />
              <Select
                view={view}
                name="role"
                label={t('identity.role')}
                hint={t('identity.role-hint')}
                empty={t('identity.choose-role')}
                options={roles.map((role) => ({
                  value: role,
                  label: sensitiveRoles.includes(role)
                    ? t('identity.role-of-two', { role: t(`identity.role-${role}`) })
                    : t(`identity.role-${role}`),
                }))}
              />
              <Actions>
                <Button>{t('identity.grant')}</Button>
              </Actions>
            </Form>
          </Section>
          <Section id="offices" title={t('identity.add-office')}>
            <Form view={view} action="/system/people/offices">
              <TextInput view={view} name="officeName" label={t('identity.office-name')} width={20} />
              <TextInput
                view={view}
                name="authority"
                label={t('identity.office-authority')}
                hint={t('identity.office-authority-hint')}
                optional
                width={20}
                dir="ltr"
                spellcheck={false}
              />
              <Actions>
                <Button>{t('identity.add-office')}</Button>
              </Actions>
            </Form>
          </Section>
        </>
      ) : null}
    </Page>
  );
}

function Proposals({ view, shown }: { view: View; shown: Shown }) {
  const { t } = view;
  if (shown.proposals.length === 0) return null;
  const name = (id: string) => shown.people.find((one) => one.id === id)?.name ?? id;
  return (
    <Section id="proposals" title={t('identity.proposals')}>
      <DataTable
        view={view}
        caption={t('identity.proposals')}
        captionHidden
        stack
        columns={[
          {
            id: 'what',
            label: t('identity.column-what'),
            header: true,
            cell: (row: Proposal) =>
              row.kind === 'reset-factors' ? t('identity.reset') : t.code(`identity.role-${row.role ?? ''}`),
          },
          { id: 'who', label: t('identity.person'), cell: (row) => <Bdi>{name(row.personId)}</Bdi> },
          { id: 'by', label: t('identity.column-by'), cell: (row) => <Bdi>{name(row.proposedBy)}</Bdi> },
          {
            id: 'at',
            label: t('identity.column-since'),
            cell: (row) => view.formats.moment(row.proposedAt, view.node.zone),
          },
          {
            id: 'decide',
            label: t('identity.column-acts'),
            quiet: true,
            cell: (row) =>
              shown.mayManage ? (
                <>
                  <ActButton
                    view={view}
                    action="/system/people/decide"
                    values={{ id: row.id, decision: 'confirmed' }}
                    compact
                  >
                    {t('identity.confirm')}
                  </ActButton>
                  <ActButton
                    view={view}
                    action="/system/people/decide"
                    values={{ id: row.id, decision: 'refused' }}
                    compact
                  >
                    {t('identity.refuse')}
                  </ActButton>
                </>
              ) : null,
          },
        ]}
        rows={shown.proposals}
      />
    </Section>
  );
}

function Roles({ view, person, shown }: { view: View; person: Person; shown: Shown }) {
  if (person.holdings.length === 0) return <>{view.t('identity.no-roles')}</>;
  return (
    <ul class="plain">
      {person.holdings.map((held) => (
        <li>
          {view.t.code(`identity.role-${held.role}`)} ·{' '}
          <Bdi>
            {officeName(
              view,
              shown.offices.find((one) => one.id === held.officeId),
            )}
          </Bdi>{' '}
          {shown.mayManage ? (
            <ActButton
              view={view}
              action="/system/people/revoke"
              values={{ personId: person.id, officeId: held.officeId, role: held.role }}
              kind="link"
            >
              {view.t('identity.revoke')}
            </ActButton>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function Acts({ view, person }: { view: View; person: Person }) {
  const { t } = view;
  const act = (name: 'suspend' | 'resume' | 'renew' | 'reset' | 'end-sessions') => (
    <ActButton view={view} action="/system/people/act" values={{ personId: person.id, act: name }} compact>
      {t(`identity.act-${name}`)}
    </ActButton>
  );
  if (person.status === 'suspended') return act('resume');
  return (
    <>
      {person.status === 'invited' ? act('renew') : act('reset')}
      {act('end-sessions')}
      {act('suspend')}
    </>
  );
}

function linkPage(view: View, node: PagesOptions['node'], made: { link: string; expiresAt: Instant }): PageAnswer {
  return page(
    <Page view={view} title={view.t('identity.link-made')} current="system">
      <Heading
        title={view.t('identity.link-made')}
        lede={view.t('identity.link-until', { until: view.formats.moment(made.expiresAt, view.node.zone) })}
      />
      <Notice view={view} kind="warning" title={view.t('identity.link-once')}>
        {view.t('identity.link-how')}
      </Notice>
      <p>
        <Ref value={`${node.origin}${made.link}`} wrap />
      </p>
      <Actions>
        <Button kind="main" href="/system/people">
          {view.t('identity.continue')}
        </Button>
      </Actions>
    </Page>,
  );
}

/** People, offices, roles, and what awaits a second person. */
export function peoplePages({ node }: PagesOptions): IdentityPage[] {
  const post = { kind: 'page', method: 'post', permission: 'identity.manage-people' } as const;
  const load = async (ctx: Context): Promise<Shown> => ({
    ...(await readPeople(ctx)),
    mayManage: ctx.may('identity.manage-people'),
  });
  function grantIn(form: PostedForm) {
    const role = value(form, 'role');
    const [personId, officeId] = [value(form, 'personId'), value(form, 'officeId')];
    if (!isRole(role) || !personId || !officeId) throw new Invalid('identity.grant-incomplete');
    return { personId, officeId, role };
  }
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/system/people',
      permission: 'identity.read-people',
      handler: async ({ ctx, view }) => page(<PeoplePage view={view} shown={await load(ctx)} />),
    },
    {
      ...post,
      path: '/system/people/invite',
      audit: 'identity.invite',
      async handler({ ctx, view, form }) {
        const made = await invitePerson(ctx, node, {
          name: value(form, 'name'),
          signInName: value(form, 'signInName'),
          email: value(form, 'email'),
        });
        if (made.ok) return linkPage(view, node, made.value);
        return page(<PeoplePage view={view} shown={await load(ctx)} problems={made.error} typed={form} />, 422);
      },
    },
    {
      ...post,
      path: '/system/people/offices',
      audit: 'identity.add-office',
      async handler({ ctx, view, form }) {
        const name = value(form, 'officeName').trim();
        if (name === '') throw new Invalid('identity.name-missing');
        await addOffice(ctx, { name: { [view.locale]: name }, authority: value(form, 'authority').trim() || null });
        return redirect('/system/people#grant');
      },
    },
    {
      ...post,
      path: '/system/people/grant',
      permission: 'identity.grant-roles',
      audit: 'identity.grant',
      async handler({ ctx, form }) {
        await grantRole(ctx, grantIn(form));
        return redirect('/system/people');
      },
    },
    {
      ...post,
      path: '/system/people/revoke',
      audit: 'identity.revoke',
      async handler({ ctx, form }) {
        await revokeRole(ctx, grantIn(form));
        return redirect('/system/people');
      },
    },
    {
      ...post,
      path: '/system/people/decide',
      permission: 'identity.confirm-proposal',
      audit: 'identity.confirm-proposal',
      async handler({ ctx, view, form }) {
        const decision = value(form, 'decision') === 'confirmed' ? 'confirmed' : 'refused';
        const made = await decideOnProposal(ctx, node, value(form, 'id'), decision);
        return made ? linkPage(view, node, made) : redirect('/system/people');
      },
    },
    {
      ...post,
      path: '/system/people/act',
      audit: 'identity.manage-people',
      async handler({ ctx, view, form }) {
        const personId = value(form, 'personId');
        switch (value(form, 'act')) {
          case 'suspend':
            await suspendPerson(ctx, personId);
            break;
          case 'resume':
            await resumePerson(ctx, personId);
            break;
          case 'reset':
            await proposeReset(ctx, personId);
            break;
          case 'end-sessions':
            await endSessionsOf(ctx, personId);
            break;
          case 'renew':
            return linkPage(view, node, await renewInvitation(ctx, node, personId));
          default:
            throw new Invalid('identity.grant-incomplete');
        }
        return redirect('/system/people');
      },
    },
  ];
}
