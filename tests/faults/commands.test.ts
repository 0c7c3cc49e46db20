import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  addPeople,
  environmentOf,
  freePort,
  handling,
  run,
  startProcess,
  type Environment,
  withPrograms,
} from './process.ts';

const { base, programs } = withPrograms('commands');

interface Backup {
  file: string;
  at: string;
  tables: number;
  blobs: number;
  keys: string | null;
  parts: { name: string; bytes: number; sha256: string }[];
}

async function command<T>(environment: Environment, ...args: string[]) {
  const ended = await run(programs.cli, [...args, '--json'], environment);
  return { ...ended, json: (ended.out === '' ? {} : JSON.parse(ended.out)) as T & { kind: string; code?: string } };
}

/** Rows and files whose content is the same whenever they are looked at. */
const lasting = (parts: Backup['parts']) =>
  parts
    .filter((part) => !['tables/jobs', 'tables/http_writes', 'tables/identity_sessions'].includes(part.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

const sampleNames = ['Zebulon Quatermain', 'Ottoline Fairweather'];
const sampleTitle = 'Canary of Castle Rackrent';
const sampleContent = 'The lighthouse keeper saw it all';

test('a node backed up under work and restored into an empty folder has every row and file, and its people go on', async () => {
  const environment = environmentOf(join(base, 'alba'), await freePort(), { COMITY_LOG_LEVEL: 'debug' });
  const node = await startProcess(programs.main, environment);
  const people = await addPeople(node, [
    { signInName: 'zeb', name: sampleNames[0]!, roles: ['prosecutor'] },
    { signInName: 'otti', name: sampleNames[1]!, roles: ['reviewer'] },
  ]);
  const { client } = people[0]!;
  const made = await client.api('POST', '/api/case-files', {
    title: sampleTitle,
    handling,
    members: [people[1]!.id],
  });
  const { caseFile } = made.json<{ caseFile: { id: string } }>();
  const path = `/api/case-files/${caseFile.id}/files`;
  const content = Buffer.from(sampleContent).toString('base64');
  for (const fileName of ['one.txt', 'two.txt'])
    expect((await client.api('POST', path, { fileName, content })).status).toBe(201);
  await client.api('POST', path, { fileName: 'x', content: 'no base64 at all' });
  await client.get('/case-files/00000000-0000-7000-8000-000000000000');

  // Refusals first: none of them leaves anything behind.
  const inside = await command(environment, 'backup', join(base, 'alba', 'backups'));
  expect([inside.code, inside.json.code]).toEqual([4, 'app.backup-inside']);
  const together = await command(environment, 'backup', join(base, 'kept'), '--keys', join(base, 'kept', 'keys'));
  expect([together.code, together.json.code]).toEqual([4, 'app.backup-keys-apart']);
  expect((await command(environment, 'backup')).code).toBe(2);

  const status = await command<{ ready: boolean; people: number; audit: { entries: number; root: string } }>(
    environment,
    'status',
  );
  expect([status.code, status.json.ready, status.json.people]).toEqual([0, true, 2]);

  const plain = await command<Backup>(environment, 'backup', join(base, 'kept'));
  expect([plain.code, plain.json.kind, plain.json.keys]).toEqual([0, 'backup', null]);
  expect(plain.err).toContain('The keys are not in this backup, and without them nobody can read it.');
  expect(plain.err).toContain('case_files:');
  const again = await command<Backup>(environment, 'backup', join(base, 'kept'), '--keys', join(base, 'apart'));
  expect(again.err).toContain('Keep them offline and away from the backups');
  expect(statSync(again.json.file).mode & 0o077).toBe(0);
  expect(statSync(join(base, 'apart', 'keys')).mode & 0o077).toBe(0);
  const sealed = readFileSync(again.json.file);
  for (const text of [...sampleNames, sampleTitle, sampleContent]) expect(sealed.includes(text)).toBe(false);
  expect(again.json.blobs).toBe(2);
  const log = node.errors();
  const ended = await node.kill('SIGTERM');
  expect(ended.code).toBe(0);

  // The log of the whole journey: ids and codes, no name, title, content or file name.
  expect(log.split('\n').length).toBeGreaterThan(3);
  for (const text of [...sampleNames, 'Zebulon', 'Ottoline', sampleTitle, 'Rackrent', sampleContent, 'one.txt'])
    expect(log.includes(text), text).toBe(false);
  for (const line of log.trim().split('\n')) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
  const serverLog = readFileSync(join(base, 'alba', 'postgres', 'server.log'), 'utf8');
  for (const text of [...sampleNames, sampleTitle]) expect(serverLog.includes(text), text).toBe(false);

  // Without the keys nothing is restored, and nothing is left in the folder.
  const into = join(base, 'fresh');
  const keyless = await command(environment, 'restore', join(base, 'kept'), '--into', into);
  expect([keyless.code, keyless.json.code]).toEqual([4, 'app.restore-no-key']);
  const full = await command(environment, 'restore', join(base, 'kept'));
  expect([full.code, full.json.code]).toEqual([4, 'app.restore-not-empty']);
  const none = await command(environment, 'restore', base, '--into', into, '--keys', join(base, 'apart'));
  expect([none.code, none.json.code]).toEqual([4, 'app.no-backup']);

  const restored = await command<Backup & { log: { entries: number; whole: boolean } }>(
    environment,
    'restore',
    join(base, 'kept'),
    '--into',
    into,
    '--keys',
    join(base, 'apart'),
  );
  expect([restored.code, restored.json.kind]).toEqual([0, 'restore']);
  expect(restored.json.file).toBe(again.json.file);
  expect(restored.json.parts).toEqual(again.json.parts);
  expect(restored.json.log.whole).toBe(true);
  expect(restored.json.log.entries).toBeGreaterThanOrEqual(status.json.audit.entries);
  const elsewhere = { ...environment, COMITY_DATA: into };
  const third = await command<Backup>(elsewhere, 'backup', join(base, 'third'));
  expect(lasting(third.json.parts)).toEqual(lasting(again.json.parts));

  // The same people, signed in as before, find their file and its content.
  const fresh = await startProcess(programs.main, elsewhere);
  const listed = await client.get(path);
  const files = listed.json<{ files: { id: string; fileName: string }[] }>().files;
  expect(files.map((file) => file.fileName).sort()).toEqual(['one.txt', 'two.txt']);
  expect((await client.get(`/api/evidence-files/${files[0]!.id}/content`)).text).toBe(sampleContent);
  expect((await fresh.kill('SIGTERM')).code).toBe(0);
});

test('a backup that was changed restores nothing and leaves the folder as it was', async () => {
  const environment = environmentOf(join(base, 'small'), await freePort());
  const node = await startProcess(programs.main, environment);
  const made = await command<Backup>(environment, 'backup', join(base, 'cut'), '--keys', join(base, 'cut-keys'));
  expect((await node.kill('SIGTERM')).code).toBe(0);
  const { truncateSync } = await import('node:fs');
  truncateSync(made.json.file, statSync(made.json.file).size - 200);
  const into = join(base, 'nothing');
  const args = ['restore', made.json.file, '--into', into, '--keys', join(base, 'cut-keys')];
  const refused = await command(environment, ...args);
  expect([refused.code, refused.json.code]).toEqual([4, 'db.backup-unreadable']);
  expect(readdirSync(into)).toEqual([]);
});

test('setup names State, authority, office and two people, writes the settings, and works once', async () => {
  const env = join(base, 'node.env');
  const {
    COMITY_STATE: _state,
    COMITY_AUTHORITY: _authority,
    ...environment
  } = environmentOf(join(base, 'setup'), await freePort());
  const args = ['setup', '--state', 'XB', '--authority', 'XB:central-authority', '--office', 'Central Authority'];
  const people = ['--first', 'ada=Ada Marrow', '--second', 'ben=Ben Tolliver', '--env', env];
  const alone = await command(environment, ...args, '--first', 'ada=Ada Marrow', '--second', 'ada=Ada Marrow');
  expect([alone.code, alone.json.code]).toEqual([4, 'app.setup-two-people']);
  const done = await command<{ people: { signInName: string; link: string; expiresAt: string }[] }>(
    environment,
    ...args,
    ...people,
  );
  expect([done.code, done.json.kind]).toEqual([0, 'setup']);
  expect(done.json.people.map((one) => one.signInName)).toEqual(['ada', 'ben']);
  expect(readFileSync(env, 'utf8')).toBe('COMITY_STATE=XB\nCOMITY_AUTHORITY=XB:central-authority\n');
  expect(statSync(env).mode & 0o077).toBe(0);
  const again = await command(environment, ...args, ...people);
  expect([again.code, again.json.code]).toEqual([4, 'identity.already-started']);
  const other = await command(environment, 'setup', '--state', 'XC', ...args.slice(3), ...people);
  expect([other.code, other.json.code]).toEqual([4, 'app.setup-other-setting']);
  const stopped = await command<{ ready: boolean }>({ ...environment, COMITY_STATE: 'XB' }, 'status');
  expect([stopped.code, stopped.json.ready]).toEqual([1, false]);
  const node = await startProcess(programs.main, { ...environment, COMITY_STATE: 'XB' });
  for (const { link } of done.json.people) {
    const page = await node.get(new URL(link).pathname);
    expect(page.status).toBe(200);
    expect(page.text).toContain(link.includes('/invitation/') ? '<form' : '');
  }
  expect((await node.kill('SIGTERM')).code).toBe(0);
});

test('what a node tells an operator: queues, oldest job, outbox, log and disk', async () => {
  const node = await startProcess(programs.main, environmentOf(join(base, 'figures'), await freePort()));
  const { text } = await node.get('/metrics');
  for (const name of [
    'jobs_waiting',
    'jobs_put_aside',
    'jobs_oldest_due_seconds',
    'outbox_waiting',
    'outbox_oldest_seconds',
    'audit_entries',
    'disk_free_bytes',
    'read_only',
  ])
    expect(text, name).toMatch(new RegExp(`^comity_${name} \\d`, 'm'));
  // The node's own repeating jobs wait for their time.
  expect(text).toMatch(/^comity_jobs_waiting [1-9]\d*$/m);
  expect((await node.kill('SIGTERM')).code).toBe(0);
});
