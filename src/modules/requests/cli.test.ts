import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fakeClock } from '../../platform/clock.ts';
import { createTranslators } from '../../platform/i18n/index.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { systemRandom } from '../../platform/random.ts';
import { stateCode } from '../../platform/values/index.ts';
import type { CliAnswer } from '../../platform/cli/index.ts';
import type { Context } from '../identity/index.ts';
import { loadTreaties, sampleFolder } from '../treaties/index.ts';
import { requestsCommands } from './cli.ts';
import { loadDefinitions } from './definitions.ts';
import { requestsMessages } from './messages/index.ts';

const folder = join(packageRoot, 'data/samples/requests');
const scratch = mkdtempSync(join(tmpdir(), 'comity-requests-cli-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const clock = fakeClock('2026-05-14T12:00:00.000Z');
const ctx: Context = {
  actor: { kind: 'system', id: 'cli' },
  clock,
  random: systemRandom,
  log: createLog('silent'),
  locale: 'en',
  state: stateCode('XA'),
  zone: 'UTC',
  profile: 'demo',
  today: () => clock.today('UTC'),
  transaction: () => Promise.reject(new Error('this command works without a database')),
  allow: () => undefined,
  may: () => true,
};
const words = createTranslators([requestsMessages]);
const commands = requestsCommands({
  incoming: () => {
    throw new Error('this command works without a node');
  },
  requests: () => {
    throw new Error('this command works without a node');
  },
  definitions: loadDefinitions(),
  treatyFacts: () => loadTreaties({ samples: sampleFolder }),
  words: (locale) => words[locale],
});

function run(verb: string, args: string[], options: Record<string, string> = {}): Promise<CliAnswer> {
  const command = commands.find((one) => one.verb === verb);
  if (!command) throw new Error(verb);
  return command.run({ ctx, args, options, lists: {}, switches: new Set(), say: () => undefined });
}

test('check of the complete sample finds nothing and exits 0', async () => {
  const answer = await run('check', [join(folder, 'freeze-and-records.json')]);
  expect(answer).toMatchObject({
    exit: 0,
    text: 'Nothing stands against this request.',
    json: { kind: 'requests.check', version: 1, blocked: false, problems: [] },
  });
});

test('check of the planted faults lists them in words with their articles and exits 1', async () => {
  const answer = await run('check', [join(folder, 'planted-faults.json')]);
  expect(answer.exit).toBe(1);
  expect(answer.text).toContain('Enter the functions of the office that conducts the case. [UNTOC art. 18(15)(b)]');
  expect(answer.text).toContain('Measure 1: state the facts you rely on for the freezing. [UNTOC art. 13(3)(c)]');
});

test('without facts beside the file, treaty data and the profile of the State asked are used', async () => {
  const path = join(scratch, 'alone.json');
  writeFileSync(path, readFileSync(join(folder, 'freeze-and-records.json')));
  const { json } = await run('check', [path]);
  const codes = (json as { problems: { code: string }[] }).problems.map((one) => one.code);
  expect(codes).not.toContain('requests.bound-unknown');
  expect(codes).not.toContain('requests.languages-not-known');
  const other = await run('check', [path], { profile: 'XD' });
  expect((other.json as { problems: { code: string }[] }).problems.map((one) => one.code)).toContain(
    'requests.languages-not-known',
  );
});

test('a file with a float for money is told by its field and exits 1', async () => {
  const path = join(scratch, 'float.json');
  writeFileSync(
    path,
    JSON.stringify({ kind: 'request', costs: { extraordinary: true, estimate: { amount: 10.5, currency: 'EUR' } } }),
  );
  const answer = await run('check', [path]);
  expect(answer).toMatchObject({
    exit: 1,
    json: { problems: [{ code: 'requests.money-shape', path: ['costs', 'estimate', 'amount'] }] },
  });
});

test('a file that is no JSON, and one that is not there, are input faults', async () => {
  const path = join(scratch, 'broken.json');
  writeFileSync(path, '{');
  await expect(run('check', [path])).rejects.toMatchObject({ name: 'Invalid', code: 'requests.not-a-request' });
  await expect(run('check', [join(scratch, 'absent.json')])).rejects.toMatchObject({ name: 'NotFound' });
});

test('definitions and rules are shown with their sources; an unknown one is told', async () => {
  expect((await run('definitions', ['t9'])).text).toContain('Freezing or seizure  [UNTOC art. 13(2); UNCAC art. 55(2)');
  expect((await run('rules', [])).text).toContain('V26');
  expect((await run('rules', ['V29'])).text).toContain('requests.parts-differ');
  await expect(run('rules', ['V99'])).rejects.toMatchObject({ code: 'requests.unknown-definition' });
});
