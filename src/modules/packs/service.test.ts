import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { fakeClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { systemRandom } from '../../platform/random.ts';
import { stateCode } from '../../platform/values/index.ts';
import { createContext, type Actor, type Context, type Role } from '../identity/index.ts';
import { acceptPack, checkPack, importPack, listInstalledFiles, listPacks, removePack } from './service.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-packs-service-'));
const clock = fakeClock('2026-05-14T12:00:00.000Z');
let database: TestDatabase;
let packsFolder: string;
let count = 0;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.close();
  rmSync(base, { recursive: true, force: true });
});
beforeEach(async () => {
  packsFolder = join(base, `packs-${(count += 1)}`);
  await sql`delete from packs`.execute(database.owner);
});

function context(actor: Actor, profile: Context['profile']): Context {
  return createContext({
    db: database.db,
    actor,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    state: stateCode('XA'),
    zone: 'UTC',
    profile,
    locale: 'en',
  });
}
function person(id: string, profile: Context['profile'] = 'demo', roles: Role[] = ['administrator']): Context {
  return context(
    { kind: 'person', id, name: 'Sample', officeId: 'office-1', authority: null, roles, steppedUpAt: clock.now() },
    profile,
  );
}

/** Writes a pack of one treaty text; answers its folder. */
function pack(id: string, version: string, more: { text?: string; asOf?: string; supersedes?: string[] } = {}): string {
  const { text = `Text of ${id}`, ...rest } = more;
  const folder = join(base, `source-${(count += 1)}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'one.json'), text);
  writeFileSync(
    join(folder, 'pack.json'),
    JSON.stringify({
      kind: 'reference-pack',
      formatVersion: 1,
      id,
      version,
      title: `Pack ${id}`,
      asOf: '2026-01-01',
      language: 'en',
      licence: 'Invented',
      sources: ['Invented'],
      files: [{ path: 'one.json', kind: 'treaty-text', sha256: createHash('sha256').update(text).digest('hex') }],
      ...rest,
    }),
  );
  return folder;
}
const audits = async () => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from audit_entries`.execute(database.owner);
  return rows[0]!.n;
};

test('a pack is in use at once outside production, and its text comes with licence and source', async () => {
  const amina = person('amina');
  const done = await importPack(amina, packsFolder, pack('texts', '1'));
  expect(done).toMatchObject({ id: 'texts', version: '1', status: 'accepted', files: 1, decidedAt: clock.now() });
  expect(await listInstalledFiles(amina, packsFolder, 'treaty-text')).toEqual([
    {
      pack: 'texts',
      version: '1',
      title: 'Pack texts',
      asOf: '2026-01-01',
      language: 'en',
      licence: 'Invented',
      sources: ['Invented'],
      path: 'one.json',
      file: join(packsFolder, 'texts', '1', 'one.json'),
    },
  ]);
  expect(await listInstalledFiles(amina, packsFolder, 'resolution')).toEqual([]);
});

test('importing the same pack again changes nothing and writes nothing', async () => {
  const amina = person('amina');
  const source = pack('texts', '1');
  const first = await importPack(amina, packsFolder, source);
  const before = await audits();
  clock.advance(60_000);
  expect(await importPack(amina, packsFolder, source)).toEqual(first);
  expect(await audits()).toBe(before);
  expect(await listPacks(amina)).toHaveLength(1);
});

test('files lost from the disk come back by importing the same pack again', async () => {
  const amina = person('amina');
  const source = pack('texts', '1');
  await importPack(amina, packsFolder, source);
  rmSync(packsFolder, { recursive: true });
  await importPack(amina, packsFolder, source);
  expect(existsSync(join(packsFolder, 'texts', '1', 'one.json'))).toBe(true);
});

test('another pack under the same name and version is refused, and the first stays', async () => {
  const amina = person('amina');
  await importPack(amina, packsFolder, pack('texts', '1'));
  await expect(importPack(amina, packsFolder, pack('texts', '1', { text: 'Other' }))).rejects.toMatchObject({
    code: 'packs.version-taken',
  });
  expect(await listPacks(amina)).toHaveLength(1);
});

test('in production a pack waits for a second person, who may not be the one who brought it', async () => {
  const amina = person('amina', 'production');
  const bruno = person('bruno', 'production');
  expect(await importPack(amina, packsFolder, pack('texts', '1'))).toMatchObject({
    status: 'proposed',
    decidedAt: null,
  });
  expect(await listInstalledFiles(bruno, packsFolder, 'treaty-text')).toEqual([]);
  await expect(acceptPack(amina, 'texts', '1')).rejects.toMatchObject({ code: 'identity.why-took-part' });
  expect((await listPacks(amina))[0]).toMatchObject({ status: 'proposed' });
  expect(await acceptPack(bruno, 'texts', '1')).toMatchObject({ status: 'accepted', decidedAt: clock.now() });
  expect(await listInstalledFiles(amina, packsFolder, 'treaty-text')).toHaveLength(1);
});

test('importing again while it waits does not make another person the one who brought it', async () => {
  const source = pack('texts', '1');
  await importPack(person('amina', 'production'), packsFolder, source);
  await importPack(person('bruno', 'production'), packsFolder, source);
  await expect(acceptPack(person('amina', 'production'), 'texts', '1')).rejects.toMatchObject({
    code: 'identity.why-took-part',
  });
  expect(await acceptPack(person('bruno', 'production'), 'texts', '1')).toMatchObject({ status: 'accepted' });
});

test('nor does restoring its lost files', async () => {
  const source = pack('texts', '1');
  await importPack(person('amina', 'production'), packsFolder, source);
  rmSync(packsFolder, { recursive: true });
  await importPack(person('bruno', 'production'), packsFolder, source);
  await expect(acceptPack(person('amina', 'production'), 'texts', '1')).rejects.toMatchObject({
    code: 'identity.why-took-part',
  });
});

test('a pack taken out of use shows no text, stays on the list, and must be accepted anew', async () => {
  const amina = person('amina', 'production');
  const bruno = person('bruno', 'production');
  const source = pack('texts', '1');
  await importPack(amina, packsFolder, source);
  await acceptPack(bruno, 'texts', '1');
  await removePack(bruno, packsFolder, 'texts', '1');
  expect(await listInstalledFiles(amina, packsFolder, 'treaty-text')).toEqual([]);
  expect(existsSync(join(packsFolder, 'texts', '1'))).toBe(false);
  expect(await listPacks(amina)).toMatchObject([{ id: 'texts', status: 'removed' }]);
  await expect(removePack(bruno, packsFolder, 'texts', '1')).rejects.toMatchObject({ code: 'packs.unknown' });
  await expect(acceptPack(bruno, 'texts', '1')).rejects.toMatchObject({ code: 'packs.was-removed' });
  expect(await importPack(amina, packsFolder, source)).toMatchObject({ status: 'proposed' });
});

test('a superseded pack stays readable and comes after the one that took its place', async () => {
  const amina = person('amina');
  await importPack(amina, packsFolder, pack('old', '1', { asOf: '2026-04-01' }));
  await importPack(amina, packsFolder, pack('new', '1', { asOf: '2025-01-01', supersedes: ['old@1'] }));
  await importPack(amina, packsFolder, pack('older', '1', { asOf: '2024-01-01' }));
  const order = async () => (await listInstalledFiles(amina, packsFolder, 'treaty-text')).map((file) => file.pack);
  expect(await order()).toEqual(['new', 'older', 'old']);
  await removePack(amina, packsFolder, 'new', '1');
  expect(await order()).toEqual(['old', 'older']);
});

test('a faulty pack is refused with every fault and leaves no trace', async () => {
  const amina = person('amina');
  const source = pack('texts', '1');
  writeFileSync(join(source, 'one.json'), 'changed');
  await expect(importPack(amina, packsFolder, source)).rejects.toMatchObject({
    code: 'packs.faulty',
    problems: [{ code: 'packs.file-differs' }],
  });
  expect(await listPacks(amina)).toEqual([]);
  expect(existsSync(packsFolder)).toBe(false);
  await expect(checkPack(join(base, 'nowhere'))).rejects.toMatchObject({ code: 'packs.no-such-folder' });
});

test('only those whose work it is bring in, accept or remove packs; anybody may read the list', async () => {
  const source = pack('texts', '1');
  const clerk = person('clerk', 'production', ['prosecutor']);
  await expect(importPack(clerk, packsFolder, source)).rejects.toMatchObject({ code: 'identity.why-no-role' });
  await importPack(person('amina', 'production'), packsFolder, source);
  await expect(acceptPack(clerk, 'texts', '1')).rejects.toMatchObject({ code: 'identity.why-no-role' });
  await expect(removePack(clerk, packsFolder, 'texts', '1')).rejects.toMatchObject({ code: 'identity.why-no-role' });
  expect(await listPacks(context({ kind: 'public' }, 'production'))).toHaveLength(1);
});
