import { existsSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { CliAnswer, CliCall, Command } from '../platform/cli/index.ts';
import { configFromEnvironment, type settings, type Config } from '../platform/config.ts';
import { Conflict, Invalid } from '../platform/errors.ts';
import { packageRoot } from '../platform/paths.ts';
import { problem } from '../platform/values/index.ts';
import { firstStart, grantRole, invitePerson, type Context } from '../modules/identity/index.ts';
import { contextFor, identityNodeOf, openNode } from './node.ts';
import type { OperationsParts } from './operations-commands.ts';

/** Options of the command, and the setting each one becomes. */
const asSettings = {
  state: 'COMITY_STATE',
  authority: 'COMITY_AUTHORITY',
  zone: 'COMITY_TIME_ZONE',
  origin: 'COMITY_ORIGIN',
  profile: 'COMITY_PROFILE',
  data: 'COMITY_DATA',
  port: 'COMITY_PORT',
} as const satisfies Record<string, keyof typeof settings>;

interface Named {
  signInName: string;
  name: string;
}

/** `amara=Amara Velt`. */
function readPerson(text: string | undefined, option: string): Named {
  const match = /^\s*([^=\s]+)\s*=\s*(\S.*?)\s*$/.exec(text ?? '');
  if (!match?.[1] || !match[2])
    throw new Invalid('app.setup-person', { problems: [problem('app.setup-person', [option])] });
  return { signInName: match[1], name: match[2] };
}

const lineOf = (name: string) => new RegExp(`^\\s*${name}\\s*=\\s*(.*?)\\s*$`, 'm');

/** Writes settings to `.env`, so that every later start has them. What stands there already is never changed. */
async function keepSettings(file: string, given: Record<string, string>): Promise<void> {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const added: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const present = lineOf(name).exec(text)?.[1];
    if (present === undefined) added.push(`${name}=${value}`);
    else if (present !== value)
      throw new Conflict('app.setup-other-setting', { params: { name, present, given: value } });
  }
  if (added.length === 0) return;
  const draft = `${file}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${added.join('\n')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

async function setUp({ ctx, options, say }: CliCall<Context>, parts: OperationsParts): Promise<CliAnswer> {
  const t = parts.words(ctx);
  const given: Record<string, string> = {};
  for (const [option, setting] of Object.entries(asSettings)) {
    const value = options[option];
    if (value !== undefined) given[setting] = value;
  }
  const first = readPerson(options.first, 'first');
  const second = readPerson(options.second, 'second');
  if (first.signInName === second.signInName) throw new Conflict('app.setup-two-people');
  const config: Config = configFromEnvironment(given);
  if (config.COMITY_PROFILE === 'production' && config.COMITY_ORIGIN === '') throw new Invalid('app.setup-no-origin');
  await keepSettings(options.env ?? join(packageRoot, '.env'), given);
  say(t('app.setup-begins', { folder: config.dataFolder }));
  const node = await openNode(config, { share: true });
  try {
    const operator = contextFor(node, { kind: 'system', id: 'cli' }, ctx.locale);
    const identity = identityNodeOf(node, config.COMITY_ORIGIN || `http://localhost:${config.COMITY_PORT}`);
    const made = await firstStart(operator, identity, {
      officeName: { [ctx.locale]: options.office ?? '' },
      authority: config.COMITY_AUTHORITY || null,
      ...first,
    });
    const invited = await invitePerson(operator, identity, second);
    if (!invited.ok) throw new Invalid(invited.error[0]!.code, { problems: invited.error });
    await grantRole(operator, { personId: invited.value.personId, officeId: made.officeId, role: 'administrator' });
    const people = [
      { ...first, person: made.personId, link: `${identity.origin}${made.link}`, expiresAt: made.expiresAt },
      {
        ...second,
        person: invited.value.personId,
        link: `${identity.origin}${invited.value.link}`,
        expiresAt: invited.value.expiresAt,
      },
    ];
    return {
      json: {
        kind: 'setup',
        version: 1,
        state: config.COMITY_STATE,
        authority: config.COMITY_AUTHORITY || null,
        profile: config.COMITY_PROFILE,
        office: made.officeId,
        people,
      },
      text: [
        t('app.setup-done', { state: config.COMITY_STATE }),
        ...people.map((one) => t('app.setup-link', { name: one.name, until: one.expiresAt, link: one.link })),
        t('app.setup-next'),
      ].join('\n'),
    };
  } finally {
    await node.close();
  }
}

/** First start of a node: settings, office and the two people who can let others in. */
export function setupCommand(parts: OperationsParts): Command<Context> {
  return {
    module: '',
    verb: 'setup',
    summary: 'First start: State, authority, office and the first two people, each by a one-time link',
    options: {
      state: { value: 'CODE', summary: 'State whose node this is, such as KEN', required: true },
      authority: {
        value: 'ID',
        summary: 'Directory entry of the authority, such as KEN:central-authority',
        required: true,
      },
      office: { value: 'NAME', summary: 'Name of the first office', required: true },
      first: { value: 'SIGN-IN=NAME', summary: 'First administrator', required: true },
      second: { value: 'SIGN-IN=NAME', summary: 'Second administrator: high-impact acts take two', required: true },
      zone: { value: 'ZONE', summary: 'IANA time zone in which the day changes' },
      origin: { value: 'URL', summary: 'Address people open; needed in production' },
      profile: { value: 'NAME', summary: 'demo, training or production' },
      data: { value: 'FOLDER', summary: 'Data folder' },
      port: { value: 'PORT', summary: 'Port to listen on' },
      env: { value: 'FILE', summary: 'Settings file to write; .env of this program unless told' },
    },
    needs: 'files',
    run: (call) => setUp(call, parts),
  };
}
