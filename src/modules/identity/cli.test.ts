import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { exit } from '../../platform/cli/index.ts';
import { fakeClock } from '../../platform/clock.ts';
import { createTranslators } from '../../platform/i18n/index.ts';
import { createLog } from '../../platform/log.ts';
import { systemRandom } from '../../platform/random.ts';
import { StateCode } from '../../platform/values/index.ts';
import {
  createContext,
  identityCommands,
  identityMessages,
  identitySecrets,
  type Actor,
  type IdentityNode,
} from './index.ts';

let database: TestDatabase;
let node: IdentityNode;
const clock = fakeClock('2026-05-14T08:00:00.000Z');
const words = createTranslators([identityMessages]);

async function run(
  verb: string,
  args: string[] = [],
  options: Record<string, string> = {},
  given: string[] = [],
  actor: Actor = { kind: 'system', id: 'operator' },
) {
  const { db, random, log, profile } = node;
  const ctx = createContext({
    actor,
    db,
    clock,
    random,
    log,
    state: StateCode.parse('XA'),
    zone: 'UTC',
    profile,
    locale: 'en',
  });
  const command = identityCommands(
    () => node,
    () => words.en,
  ).find((one) => one.verb === verb)!;
  return command.run({ ctx, args, options, lists: {}, switches: new Set(given), say: () => {} });
}

beforeAll(async () => {
  database = await testDatabase();
  const random = systemRandom;
  const secrets = identitySecrets(random.bytes(32), random);
  node = {
    db: database.db,
    clock,
    random,
    log: createLog('silent'),
    profile: 'production',
    origin: 'https://alba.example',
    name: 'Alba',
    ...secrets,
  };
});
afterAll(() => database.close());

test('the operator starts a node with two administrators; the third needs two persons', async () => {
  const begun = await run('first-start', ['ada', 'Ada Test'], {
    office: 'Central Authority',
    authority: 'XA:central-authority',
  });
  expect(begun.text).toMatch(
    /^One-time link for Ada Test, until 2026-05-14T08:30:00\.000Z: https:\/\/alba\.example\/invitation\/[\w-]{43}$/,
  );
  await expect(run('first-start', ['bo', 'Bo Test'], { office: 'X' })).rejects.toThrow('identity.already-started');
  await run('invite', ['bo', 'Bo Test']);
  expect((await run('grant', ['bo', 'administrator'])).json).toMatchObject({ proposal: null });
  await run('invite', ['cleo', 'Cleo Test'], { email: 'cleo@alba.example' });
  expect((await run('grant', ['cleo', 'prosecutor'])).text).toBe('Prosecutor is held from now on.');
  expect((await run('grant', ['cleo', 'administrator'])).text).toMatch(
    /^Administrator waits for a second person\. Proposal [0-9a-f-]{36}\.$/,
  );
});

test('lists people and offices, makes a new link, takes a role away, ends sessions', async () => {
  expect((await run('people')).text.split('\n')).toContain('cleo\tCleo Test\tInvited\tProsecutor');
  expect((await run('offices', [], { add: 'Customs' })).text).toMatch(/^Office [0-9a-f-]{36} added\.$/);
  expect((await run('offices')).text.split('\n')).toHaveLength(2);
  expect((await run('invite', ['cleo'], {}, ['renew'])).json).toMatchObject({ kind: 'identity.link', version: 1 });
  await expect(run('grant', ['cleo', 'analyst'])).rejects.toThrow('identity.no-such-office');
  await run('revoke', ['cleo', 'prosecutor'], { office: 'XA:central-authority' });
  await expect(run('revoke', ['cleo', 'prosecutor'], { office: 'XA:central-authority' })).rejects.toThrow(
    'identity.role-not-held',
  );
  expect((await run('sessions', ['end', 'cleo'])).text).toBe('No session was open.');
});

test('wrong use says how; unknown names and other actors are refused', async () => {
  for (const [verb, args] of [
    ['invite', []],
    ['grant', ['cleo', 'king']],
    ['revoke', []],
    ['sessions', ['cleo']],
    ['first-start', ['x']],
  ] as const) {
    expect((await run(verb, [...args])).exit).toBe(exit.usage);
  }
  await expect(run('grant', ['nobody', 'analyst'])).rejects.toThrow('identity.no-such-person');
  await expect(run('invite', ['ada', 'Again'])).rejects.toThrow('identity.sign-in-name-taken');
  await expect(run('people', [], {}, [], { kind: 'public' })).rejects.toThrow('identity.why-not-signed-in');
  const soon = await run('grant', ['cleo', 'analyst'], { office: 'XA:central-authority', until: 'soon' });
  expect(soon.exit).toBe(exit.usage);
});
