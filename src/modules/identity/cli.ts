import { Invalid, NotFound } from '../../platform/errors.ts';
import { exit, type CliAnswer, type Command } from '../../platform/cli/index.ts';
import type { Translate } from '../../platform/i18n/index.ts';
import { PlainDate, type Instant } from '../../platform/values/index.ts';
import type { Context } from './context.ts';
import type { Office, Person } from './schema.ts';
import {
  addOffice,
  endSessionsOf,
  firstStart,
  grantRole,
  invitePerson,
  isRole,
  linkToProvider,
  readPeople,
  renewInvitation,
  revokeRole,
  type IdentityNode,
} from './service/index.ts';

const usage = (text: string): CliAnswer => ({ json: null, text, exit: exit.usage });

async function personCalled(ctx: Context, signInName: string | undefined): Promise<Person> {
  const { people } = await readPeople(ctx);
  const found = people.find((one) => one.signInName === signInName || one.id === signInName);
  if (!found) throw new NotFound('identity.no-such-person', { params: { name: signInName ?? '' } });
  return found;
}

async function officeCalled(ctx: Context, id: string | undefined): Promise<Office> {
  const { offices } = await readPeople(ctx);
  const found =
    id === undefined && offices.length === 1
      ? offices[0]
      : offices.find((one) => one.id === id || one.authority === id);
  if (!found) throw new NotFound('identity.no-such-office');
  return found;
}

/** Commands of the operator. `node` is made by the app once the database is open. */
export function identityCommands(
  nodeOf: (ctx: Context) => IdentityNode,
  words: (ctx: Context) => Translate,
): Command<Context>[] {
  const linkAnswer = (
    ctx: Context,
    name: string,
    made: { personId?: string; link: string; expiresAt: Instant },
  ): CliAnswer => {
    const link = `${nodeOf(ctx).origin}${made.link}`;
    const json = { kind: 'identity.link', version: 1, person: made.personId ?? null, link, expiresAt: made.expiresAt };
    return { json, text: words(ctx)('identity.cli-link', { name, until: made.expiresAt, link }) };
  };
  return [
    {
      module: 'identity',
      verb: 'first-start',
      summary: 'Make the first office and administrator; prints a link that dies in 30 minutes',
      usage: 'SIGN-IN-NAME NAME',
      needs: 'node',
      options: {
        office: { value: 'NAME', summary: 'Name of the office', required: true },
        authority: { value: 'ID', summary: 'Directory entry the office is' },
      },
      async run({ ctx, args, options }) {
        const [signInName, name] = args;
        if (!signInName || !name || !options.office)
          return usage('comity identity first-start SIGN-IN-NAME NAME --office NAME');
        const made = await firstStart(ctx, nodeOf(ctx), {
          officeName: { [ctx.locale]: options.office },
          authority: options.authority ?? null,
          name,
          signInName,
        });
        return linkAnswer(ctx, name, made);
      },
    },
    {
      module: 'identity',
      verb: 'invite',
      summary: 'Invite a person, or make a new link for one who has not set up an account',
      usage: 'SIGN-IN-NAME [NAME]',
      needs: 'node',
      options: {
        email: { value: 'ADDRESS', summary: 'Work e-mail' },
        renew: { summary: 'New link; the one before dies' },
        'oidc-subject': { value: 'SUB', summary: "Subject at the State's identity provider" },
      },
      async run({ ctx, args, options, switches }) {
        const [signInName, name] = args;
        if (!signInName || (!name && !switches.has('renew'))) return usage('comity identity invite SIGN-IN-NAME NAME');
        if (switches.has('renew')) {
          const person = await personCalled(ctx, signInName);
          return linkAnswer(ctx, person.name, {
            personId: person.id,
            ...(await renewInvitation(ctx, nodeOf(ctx), person.id)),
          });
        }
        const made = await invitePerson(ctx, nodeOf(ctx), { name: name ?? '', signInName, email: options.email });
        if (!made.ok) throw new Invalid(made.error[0]!.code, { problems: made.error });
        const { oidc } = nodeOf(ctx);
        if (options['oidc-subject'] && oidc)
          await linkToProvider(ctx, oidc.issuer, options['oidc-subject'], made.value.personId);
        return linkAnswer(ctx, name ?? signInName, made.value);
      },
    },
    {
      module: 'identity',
      verb: 'people',
      summary: 'List people and what they hold',
      needs: 'node',
      async run({ ctx }) {
        const { people, proposals } = await readPeople(ctx);
        const t = words(ctx);
        const line = (one: Person) =>
          [
            one.signInName,
            one.name,
            t(`identity.status-${one.status}`),
            one.holdings.map((held) => t.code(`identity.role-${held.role}`)).join(', '),
          ].join('\t');
        return { json: { kind: 'identity.people', version: 1, people, proposals }, text: people.map(line).join('\n') };
      },
    },
    {
      module: 'identity',
      verb: 'offices',
      summary: 'List offices, or add one with --add',
      needs: 'node',
      options: {
        add: { value: 'NAME', summary: 'Name of a new office' },
        authority: { value: 'ID', summary: 'Directory entry the office is' },
      },
      async run({ ctx, options }) {
        if (options.add) {
          const id = await addOffice(ctx, {
            name: { [ctx.locale]: options.add },
            authority: options.authority ?? null,
          });
          return { json: { kind: 'identity.office', version: 1, id }, text: words(ctx)('identity.cli-office', { id }) };
        }
        const { offices } = await readPeople(ctx);
        const line = (one: Office) =>
          [one.id, one.name[ctx.locale] ?? Object.values(one.name)[0], one.authority ?? ''].join('\t');
        return { json: { kind: 'identity.offices', version: 1, offices }, text: offices.map(line).join('\n') };
      },
    },
    {
      module: 'identity',
      verb: 'grant',
      summary: 'Grant a role; sensitive roles wait for a second person',
      usage: 'SIGN-IN-NAME ROLE',
      needs: 'node',
      options: {
        office: { value: 'ID', summary: 'Office; may stay out when there is one' },
        until: { value: 'DATE', summary: 'First day no longer held' },
      },
      async run({ ctx, args, options }) {
        const [signInName, role = ''] = args;
        if (!signInName || !isRole(role)) return usage('comity identity grant SIGN-IN-NAME ROLE');
        const [person, office] = [await personCalled(ctx, signInName), await officeCalled(ctx, options.office)];
        const day = options.until === undefined ? undefined : PlainDate.safeParse(options.until);
        if (day?.success === false) return usage('comity identity grant SIGN-IN-NAME ROLE --until 2027-01-31');
        const until = day && (`${day.data}T00:00:00.000Z` as Instant);
        const { proposalId } = await grantRole(ctx, { personId: person.id, officeId: office.id, role, until });
        const t = words(ctx);
        const name = t(`identity.role-${role}`);
        const text = proposalId
          ? t('identity.cli-proposed', { role: name, proposal: proposalId })
          : t('identity.cli-granted', { role: name });
        return {
          json: {
            kind: 'identity.grant',
            version: 1,
            person: person.id,
            office: office.id,
            role,
            proposal: proposalId,
          },
          text,
        };
      },
    },
    {
      module: 'identity',
      verb: 'revoke',
      summary: 'Take a role away; gone at the next call',
      usage: 'SIGN-IN-NAME ROLE',
      needs: 'node',
      options: { office: { value: 'ID', summary: 'Office; may stay out when there is one' } },
      async run({ ctx, args, options }) {
        const [signInName, role = ''] = args;
        if (!signInName || !isRole(role)) return usage('comity identity revoke SIGN-IN-NAME ROLE');
        const [person, office] = [await personCalled(ctx, signInName), await officeCalled(ctx, options.office)];
        await revokeRole(ctx, { personId: person.id, officeId: office.id, role });
        const t = words(ctx);
        return {
          json: { kind: 'identity.revoke', version: 1, person: person.id, office: office.id, role },
          text: t('identity.cli-revoked', { role: t(`identity.role-${role}`) }),
        };
      },
    },
    {
      module: 'identity',
      verb: 'sessions',
      summary: 'End every session of a person: comity identity sessions end SIGN-IN-NAME',
      usage: 'end SIGN-IN-NAME',
      needs: 'node',
      async run({ ctx, args }) {
        const [act, signInName] = args;
        if (act !== 'end' || !signInName) return usage('comity identity sessions end SIGN-IN-NAME');
        const person = await personCalled(ctx, signInName);
        const count = await endSessionsOf(ctx, person.id);
        return {
          json: { kind: 'identity.sessions-ended', version: 1, person: person.id, count },
          text: words(ctx)('identity.cli-ended', { count }),
        };
      },
    },
  ];
}
