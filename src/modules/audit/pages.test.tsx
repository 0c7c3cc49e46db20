import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { testView } from '../../../tests/support/view.ts';
import { exit } from '../../platform/cli/index.ts';
import { fakeClock } from '../../platform/clock.ts';
import { openFileKeyStore } from '../../platform/crypto/index.ts';
import { NotAllowed } from '../../platform/errors.ts';
import { createTranslators } from '../../platform/i18n/index.ts';
import { systemRandom } from '../../platform/random.ts';
import {
  auditApi,
  auditCommands,
  auditMessages,
  auditPages,
  createLogs,
  recordAudit,
  recordDenied,
  type AuditReader,
} from './index.ts';

let database: TestDatabase;
const clock = fakeClock('2026-05-14T12:00:00.000Z');
let refused = false;
const ctx: AuditReader = {
  actor: { kind: 'person', id: 'p-oversight', officeId: 'o-1' },
  clock,
  random: systemRandom,
  locale: 'en',
  zone: 'UTC',
  transaction: (work) => database.db.transaction().execute(work),
  allow: () => {
    if (refused) throw new NotAllowed('identity.why-no-role');
  },
};
const words = createTranslators([auditMessages]);
const client = { cookie: '', userAgent: '', address: '' };
const form = { values: {}, files: [] };

async function show(query: Record<string, string>, locale: 'en' | 'ar' = 'en'): Promise<string> {
  const [route] = auditPages(async () => new Map([['p-1', 'Ada Test']]));
  const view = testView({ locale, catalogues: [auditMessages] });
  const answer = await route!.handler({ ctx, view, params: {}, query, queries: {}, form, client });
  return answer.type === 'page' ? String(answer.html) : '';
}

async function run(verb: string, args: string[] = [], lists: Record<string, string[]> = {}) {
  const command = auditCommands(() => words.en).find((one) => one.verb === verb)!;
  return command.run({ ctx, args, options: {}, lists, switches: new Set(), say: () => {} });
}

beforeAll(async () => {
  database = await testDatabase();
  const writer = { ...ctx, actor: { kind: 'person' as const, id: 'p-1', officeId: 'o-1' } };
  await ctx.transaction(async (tx) => {
    for (let n = 0; n < 60; n += 1)
      await recordAudit(tx, writer, 'requests.edit', { kind: 'request', id: `<b>r-${n}</b>` });
    await recordDenied(tx, { ...ctx, actor: { kind: 'public' } }, 'requests.read', { kind: 'path', id: '/requests/1' });
  });
});
afterAll(() => database.close());

describe('oversight', () => {
  test('shows who did what, newest first, and what was refused', async () => {
    const html = await show({});
    expect(html).toContain('Ada Test');
    expect(html).toContain('Visitor');
    expect(html).toContain('50 entries on this page.');
    expect(html).toContain('&lt;b&gt;r-59&lt;/b&gt;');
    expect(html).not.toContain('<b>r-59');
    const denied = await show({ outcome: 'denied', actorId: '' });
    expect(denied).toContain('1 entry on this page.');
  });

  test('leads to older entries until the end', async () => {
    const html = await show({ action: 'requests.edit' });
    const before = /before=(\d+)/.exec(html)![1]!;
    const older = await show({ action: 'requests.edit', before });
    expect(older).toContain('10 entries on this page.');
    expect(older).not.toContain('before=');
  });

  test('says in Arabic as well whether the log is whole', async () => {
    expect(await show({ check: 'yes' })).toContain('The log is whole');
    expect(await show({ check: 'yes', lang: 'ar' }, 'ar')).toContain('السجل سليم');
  });

  test('a filter that cannot be read is refused, as is a reader without the role', async () => {
    await expect(show({ before: 'x' })).rejects.toThrow('audit.bad-filter');
    await expect(show({ unknown: 'x' })).rejects.toThrow('audit.bad-filter');
    refused = true;
    await expect(show({})).rejects.toThrow('identity.why-no-role');
    await expect(run('verify')).rejects.toThrow('identity.why-no-role');
    refused = false;
  });

  test('routes answer what they declare', async () => {
    const verify = auditApi().find((route) => route.path === '/api/audit/verify')!;
    const report = await verify.handler({ ctx, query: {}, params: {}, body: undefined });
    if ('files' in verify.output) throw new Error('not a document');
    expect(verify.output.safeParse(report).success).toBe(true);
  });
});

describe('commands', () => {
  test('verify answers whole with exit 0; export writes one object a line and never over a file', async () => {
    const answer = await run('verify');
    expect(answer).toMatchObject({ exit: exit.done, json: { kind: 'audit.report', whole: true } });
    const file = join(mkdtempSync(join(tmpdir(), 'comity-audit-')), 'log.ndjson');
    const exported = await run('export', [file]);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(exported.json).toMatchObject({ size: lines.length });
    expect(JSON.parse(lines[0]!)).toMatchObject({ index: 0 });
    await expect(run('export', [file])).rejects.toThrow('audit.cannot-write');
    expect((await run('export')).exit).toBe(exit.usage);
  });

  test('prove shows that an entry is in the log, by its place or id; checkpoint says when nothing was signed', async () => {
    const answer = await run('prove', ['7']);
    expect(answer.json).toMatchObject({ kind: 'audit.proof', index: 7 });
    await expect(run('prove', ['999999'])).rejects.toThrow('audit.no-such-entry');
    expect((await run('prove')).exit).toBe(exit.usage);
    expect(await run('checkpoint')).toMatchObject({ exit: exit.cannotNow, text: 'No checkpoint was signed yet.' });
  });

  test('verify holds the log against a checkpoint that somebody else kept; the page shows what is signed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'comity-audit-'));
    const keys = await openFileKeyStore({
      folder,
      passphraseFile: join(folder, 'passphrase'),
      clock,
      random: systemRandom,
      cost: 1024,
    });
    const logs = createLogs({ keys, clock, random: systemRandom, name: 'XA' });
    await logs.open(database.db);
    await ctx.transaction((tx) => logs.makeDue(tx));
    const printed = await run('checkpoint');
    expect(printed).toMatchObject({ text: expect.stringContaining('comity/XA/exchange/1\n1\n') });
    const file = join(folder, 'kept');
    writeFileSync(file, printed.text);
    expect(await run('verify', [], { against: [file] })).toMatchObject({ exit: exit.done });
    const longer = join(folder, 'longer');
    writeFileSync(longer, printed.text.replace('exchange/1\n1\n', 'exchange/1\n5\n'));
    expect(await run('verify', [], { against: [longer] })).toMatchObject({
      exit: exit.negative,
      json: { exchange: { firstBreak: { what: 'cut-since-checkpoint', index: 5 } } },
    });
    writeFileSync(longer, printed.text.replaceAll('XA', 'XB'));
    await expect(run('verify', [], { against: [longer] })).rejects.toThrow('audit.other-log');
    await expect(run('verify', [], { against: [join(folder, 'absent')] })).rejects.toThrow('audit.cannot-read');
    const html = await show({});
    expect(html).toContain('Exchange log');
    expect(html).toContain('No other node yet');
    expect(await show({ check: 'yes' })).toContain('Exchange log: The log is whole: 1 entry, all recomputed.');
  });

  test('verify answers with exit 1 and names the entry when the log is broken', async () => {
    await database.owner.transaction().execute(async (tx) => {
      await sql`alter table audit_entries disable trigger user`.execute(tx);
      await sql`update audit_entries set entry = replace(entry, 'p-1', 'p-2') where id = (select entry_id from audit_leaves where index = 7)`.execute(
        tx,
      );
    });
    const answer = await run('verify');
    expect(answer).toMatchObject({
      exit: exit.negative,
      text: expect.stringContaining('Audit log: Entry 7 was changed after it was recorded.'),
      json: { firstBreak: { index: 7, what: 'changed' } },
    });
  });
});
