import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { fakeClock } from '../../platform/clock.ts';
import {
  barePublicKey,
  buildDelegation,
  buildRecord,
  openFileKeyStore,
  writeRecordFile,
  type BuiltRecord,
} from '../../platform/crypto/index.ts';
import { Conflict, NotAllowed, NotFound } from '../../platform/errors.ts';
import { systemRandom } from '../../platform/random.ts';
import { instant, plainDate, stateCode, unknown } from '../../platform/values/index.ts';
import { createContext, type Actor, type Context, type Role } from '../identity/index.ts';
import type { Entry, Question } from './schema/index.ts';
import { listFeedRecords } from './store/index.ts';
import {
  answerChoice,
  answerReport,
  calendarOf,
  confirmEntry,
  correctUrgently,
  entriesOn,
  eraseOldContacts,
  exportFeed,
  exportFeedOf,
  findAuthorities,
  findEntry,
  getAuthority,
  getForEditing,
  getHealth,
  getHistory,
  listDirectoryStates,
  importFeed,
  loadCustodianEntries,
  loadProfileLookup,
  loadSampleDirectory,
  profileOn,
  publishDraft,
  recordChoice,
  reportError,
  saveDraft,
  withdrawEntry,
  type AuthoritiesNeeds,
} from './service/index.ts';

const silent = { level: 'silent', fatal() {}, error() {}, warn() {}, info() {}, debug() {}, trace() {}, silent() {} };
const clock = fakeClock('2026-05-14T06:12:00.000Z');
let database: TestDatabase;
let abroad: TestDatabase;
let folder: string;
let signed: AuthoritiesNeeds;
let wrongKeyFile: () => Promise<Buffer>;
let fork: () => Promise<Buffer>;
let changedFile: (seq: number) => Promise<Buffer>;
let largeFile: (count: number) => Promise<Buffer>;

function person(id: string, roles: Role[], authority: string | null = 'XB:central-authority'): Actor {
  return { kind: 'person', id, name: 'Test', officeId: '01890000-0000-7000-8000-0000000000aa', authority, roles };
}
const ids = {
  editor: '01890000-0000-7000-8000-000000000001',
  publisher: '01890000-0000-7000-8000-000000000002',
  officer: '01890000-0000-7000-8000-000000000003',
};
function context(actor: Actor, state = 'XB', where: () => TestDatabase = () => database): Context {
  const log = silent as never as Context['log'];
  return createContext({
    db: where().db,
    actor,
    clock,
    random: systemRandom,
    log,
    locale: 'en',
    state: stateCode(state),
    zone: 'America/Montevideo',
    profile: 'demo',
  });
}
const editor = () => context(person(ids.editor, ['directory-editor']));
const publisher = () => context(person(ids.publisher, ['directory-publisher']));
const officer = () => context(person(ids.officer, ['central-authority-officer']));
const system = (where?: () => TestDatabase, state = 'XB') => context({ kind: 'system', id: 'test' }, state, where);
const publicReader = () => context({ kind: 'public' });
const question = (state: string, more: Partial<Question> = {}): Question => ({
  state: stateCode(state),
  function: 'mla',
  instrument: 'XVIII-12',
  territory: null,
  on: plainDate('2026-05-14'),
  urgent: false,
  languages: ['en'],
  ...more,
});
async function auditCount(action: string): Promise<number> {
  const rows = await database.owner.selectFrom('audit_entries').select('id').where('action', '=', action).execute();
  return rows.length;
}

beforeAll(async () => {
  database = await testDatabase();
  abroad = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'authorities-'));
  const keys = await openFileKeyStore({
    folder: join(folder, 'keys'),
    passphraseFile: join(folder, 'passphrase'),
    clock,
    random: systemRandom,
    cost: 1024,
  });
  const root = await keys.ensure('root', 'ES256');
  const delegate = await keys.ensure('node/sign', 'ES256');
  const content = {
    owner: 'XB',
    key: barePublicKey(delegate.publicKey!),
    feeds: null,
    from: instant('2026-01-01T00:00:00.000Z'),
    until: null,
  };
  const delegations = [await buildDelegation(keys, root.kid, content)];
  signed = {
    signer: { keys, kid: delegate.kid, owner: 'XB', root: root.publicKey!, delegations },
    secretariat: 'UN',
    statusOn: () => 'party',
  };
  const record = (body: unknown, last?: BuiltRecord, recordVersion = 9) =>
    buildRecord(
      keys,
      delegate.kid,
      {
        kind: 'authority-entry',
        version: 1,
        owner: 'XB',
        feed: 'directory',
        recordId: (body as Entry).id,
        recordVersion,
        op: 'put',
        at: clock.now(),
        body: JSON.parse(JSON.stringify(body)),
      },
      last && { seq: last.record.seq, hash: last.hash },
    );
  wrongKeyFile = async () => {
    const alba = await abroadEntry('XA:central-authority');
    return writeRecordFile([await record(alba)], root.publicKey!, delegations);
  };
  largeFile = async (count) => {
    const borea = await abroadEntry('XB:central-authority');
    const records: BuiltRecord[] = [];
    for (let index = 0; index < count; index += 1) {
      const entry = { ...borea, id: `XB:office-${index % 1000}`, city: `Town ${index}` };
      records.push(await record(entry, records.at(-1), 1 + Math.floor(index / 1000)));
    }
    return writeRecordFile(records, root.publicKey!, delegations);
  };
  changedFile = async (seq) => {
    const records = await system().transaction((tx) => listFeedRecords(tx, 'XB'));
    const changed = records.map((one) => {
      if (one.record.seq !== seq) return one;
      const at = one.jws.lastIndexOf('.') + 10;
      return { ...one, jws: `${one.jws.slice(0, at)}${one.jws[at] === 'A' ? 'B' : 'A'}${one.jws.slice(at + 1)}` };
    });
    return writeRecordFile(changed, root.publicKey!, delegations);
  };
  fork = async () => {
    const borea = await abroadEntry('XB:central-authority');
    return writeRecordFile([await record({ ...borea, city: 'Elsewhere' })], root.publicKey!, delegations);
  };
  const ctx = system();
  await ctx.transaction(async (tx) => {
    await loadSampleDirectory(tx, ctx, { needs: { ...signed } });
    await loadCustodianEntries(tx, ctx);
  });
});
async function abroadEntry(id: string): Promise<Entry> {
  return (await system().transaction((tx) => findEntry(tx, id, plainDate('2026-05-14'))))!.entry;
}
afterAll(async () => {
  await database?.close();
  await abroad?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('finding', () => {
  test('the samples and the custodian facts load once', async () => {
    const ctx = system();
    const again = await ctx.transaction(async (tx) => [
      await loadSampleDirectory(tx, ctx),
      await loadCustodianEntries(tx, ctx),
    ]);
    expect(again).toEqual([0, 0]);
  });
  test('Andorra, legal assistance under the Convention', async () => {
    const answer = await answerChoice(publicReader(), question('AND'));
    expect(answer.desk).toMatchObject({
      authority: 'AND:ministry-interior',
      notifiedOn: unknown('not-stated'),
      notifiedIn: 'S21',
    });
  });
  test('the day before Borea’s central authority began has the ministry', async () => {
    const answer = await answerChoice(publicReader(), question('XB', { on: plainDate('2024-02-01') }));
    expect(answer.desk?.authority).toBe('XB:foreign-ministry-legal');
    const tooEarly = await answerChoice(publicReader(), question('XB', { on: plainDate('1990-01-01') }));
    expect(tooEarly.warnings).toMatchObject([{ code: 'authorities.not-known-before', params: { day: '1997-01-01' } }]);
  });
  test('profile, calendar and entry of a State for other modules', async () => {
    const read = await system().transaction(async (tx) => ({
      borea: await profileOn(tx, stateCode('XB'), plainDate('2026-05-14')),
      delmar: await profileOn(tx, stateCode('XD'), plainDate('2026-05-14')),
      none: await profileOn(tx, stateCode('KEN'), plainDate('2026-05-14')),
      cordia: await calendarOf(tx, stateCode('XC')),
      north: await calendarOf(tx, stateCode('XC'), 'XC-N'),
      east: await calendarOf(tx, stateCode('XC'), 'XC-E'),
    }));
    expect(read.borea.items.P09).toMatchObject({ value: { general: 'coercive-only' } });
    expect(read.delmar).toMatchObject({ version: 1, items: { P09: unknown('not-coded') } });
    expect(read.none).toMatchObject({ version: null, items: { P01: unknown('not-coded') } });
    expect(read.cordia?.weeklyRest).toEqual([5, 6]);
    expect(read.north?.id).toBe('XC:north');
    expect(read.east?.id).toBe('XC:national');
  });
  test('an unknown entry, and one asked for a day before it began', async () => {
    await expect(getAuthority(publicReader(), 'XB:nobody')).rejects.toThrow(NotFound);
    await expect(
      getAuthority(publicReader(), 'XD:central-authority', { on: plainDate('2019-05-31') }),
    ).rejects.toMatchObject({ code: 'authorities.not-known-before', params: { day: '2019-06-01' } });
  });
  test('two equal desks: the official’s choice is recorded, another is refused', async () => {
    await recordChoice(officer(), question('LVA'), 'LVA:ministry-justice');
    await expect(recordChoice(officer(), question('LVA'), 'XB:central-authority')).rejects.toMatchObject({
      code: 'authorities.not-offered',
    });
    expect(await auditCount('authorities.choose')).toBe(1);
  });
});

test('treaties is told what each State’s profile says of extradition, and nothing where nobody has entered it', async () => {
  const lookup = await system().transaction((tx) => loadProfileLookup(tx));
  const on = plainDate('2026-05-14');
  expect(lookup(stateCode('XC'), on)).toMatchObject({
    treatyRequiredForExtradition: true,
    conventionAsBasis: 'no',
    minimumPenaltyYears: 2,
    insistsOnOffenceDate: true,
  });
  expect(lookup(stateCode('XB'), on)).toMatchObject({
    treatyRequiredForExtradition: false,
    conventionAsBasis: 'yes',
    dualCriminalityFor: expect.arrayContaining(['freezing', 'mla']),
  });
  expect(lookup(stateCode('XB'), on)?.dualCriminalityFor).not.toContain('joint-investigation');
  expect(lookup(stateCode('XD'), on)).toEqual({
    treatyRequiredForExtradition: null,
    conventionAsBasis: null,
    minimumPenaltyYears: null,
    insistsOnOffenceDate: null,
    dualCriminalityFor: null,
  });
  expect(lookup(stateCode('XB'), plainDate('2024-02-01'))).toBeNull();
  expect(lookup(stateCode('KEN'), on)).toBeNull();
});

test('the count by State equals what the entries say one by one', async () => {
  const counted = await listDirectoryStates(publicReader());
  const health = await getHealth(publicReader());
  expect(counted).toEqual(health.states.map(({ state, entries, confirmed }) => ({ state, entries, confirmed })));
});

describe('who sees phone numbers', () => {
  test('the public, and an official of a State without an own entry, see none; not in lists, not in errors', async () => {
    const foreigner = context(person(ids.officer, ['central-authority-officer'], null), 'KEN');
    for (const ctx of [publicReader(), foreigner]) {
      const view = await getAuthority(ctx, 'XB:central-authority');
      expect(view.layer).toBe('P');
      const seen = JSON.stringify([
        view,
        await findAuthorities(ctx, { on: plainDate('2026-05-14') }),
        await getHistory(ctx, 'XB:central-authority'),
      ]);
      expect(seen).not.toMatch(/\+1555\d{4}/);
      expect(seen).not.toContain('autoridad.central@');
    }
    await expect(reportError(foreigner, 'XB:central-authority', { text: 'x' })).rejects.toMatchObject({
      code: 'authorities.not-listed',
    });
    await expect(getForEditing(foreigner, 'XB:central-authority')).rejects.toThrow(NotAllowed);
    const rows = await database.owner.selectFrom('directory_versions').select('body').execute();
    expect(JSON.stringify(rows)).not.toMatch(/\+1555\d{4}/);
  });
  test('an official of a listed State sees them, and each look is audited', async () => {
    const before = await auditCount('authorities.read-restricted');
    const view = await getAuthority(officer(), 'XC:central-authority');
    expect(view.version.entry.phones).toEqual(['+15550300']);
    expect(await auditCount('authorities.read-restricted')).toBe(before + 1);
    expect(JSON.stringify(await findAuthorities(officer(), { on: plainDate('2026-05-14') }))).not.toMatch(
      /\+1555\d{4}/,
    );
  });
});

describe('changing', () => {
  test('one writes, another publishes; the writer cannot, and a second publication is refused', async () => {
    const both = () => context(person(ids.editor, ['directory-editor', 'directory-publisher']));
    const entry = await getForEditing(both(), 'XB:coastguard');
    const saved = await saveDraft(both(), signed, { ...entry, city: 'Harbour Town', validFrom: '2026-05-14' });
    if (!saved.ok) throw new Error(JSON.stringify(saved.error));
    await expect(publishDraft(both(), signed, saved.value.draftId)).rejects.toThrow(NotAllowed);
    expect(await publishDraft(publisher(), signed, saved.value.draftId)).toMatchObject({
      ok: true,
      value: { version: 2 },
    });
    await expect(publishDraft(publisher(), signed, saved.value.draftId)).rejects.toThrow(Conflict);
    const day = (on: string) => system().transaction((tx) => findEntry(tx, 'XB:coastguard', plainDate(on)));
    expect((await day('2026-05-14'))?.entry.city).toBe('Harbour Town');
    expect((await day('2026-05-13'))?.entry.city).toBe('Port Borea');
    expect((await getAuthority(officer(), 'XB:coastguard')).version.entry.phones).toEqual(['+15550260']);
  });
  test('a draft written before another publication is refused', async () => {
    const entry = await getForEditing(editor(), 'XB:national-police');
    const [first, second] = [
      await saveDraft(editor(), signed, { ...entry, city: 'A' }),
      await saveDraft(editor(), signed, { ...entry, city: 'B' }),
    ];
    if (!first.ok || !second.ok) throw new Error('not saved');
    await publishDraft(publisher(), signed, first.value.draftId);
    await expect(publishDraft(publisher(), signed, second.value.draftId)).rejects.toMatchObject({
      code: 'authorities.changed-meanwhile',
    });
  });
  test('a warning needs a reason before publication', async () => {
    const entry = await getForEditing(editor(), 'XB:central-authority');
    const twin = { ...entry, id: 'XB:twin', designations: [entry.designations[0]] };
    const bare = await saveDraft(editor(), signed, twin);
    if (!bare.ok) throw new Error('not saved');
    expect(bare.value.warnings.map((one) => one.code)).toEqual(['authorities.two-central-authorities']);
    const refused = await publishDraft(publisher(), signed, bare.value.draftId);
    expect(refused.ok ? [] : refused.error.map((one) => one.code)).toEqual([
      'authorities.two-central-authorities',
      'authorities.reason-needed',
    ]);
  });
  test('another State’s entry is not ours to change', async () => {
    const alba = await abroadEntry('XA:central-authority');
    await expect(saveDraft(editor(), signed, { ...alba, city: 'X' })).rejects.toMatchObject({
      code: 'authorities.not-owner',
    });
  });
  test('faults in a draft come back all at once', async () => {
    const entry = await getForEditing(editor(), 'XB:duty-desk');
    const saved = await saveDraft(editor(), signed, { ...entry, phones: ['1'], timeZone: 'Nowhere' });
    expect(saved.ok ? [] : saved.error.map((one) => one.code).sort()).toEqual([
      'authorities.bad-phone',
      'authorities.bad-time-zone',
    ]);
  });
  test('a confirmation is a version that others see, with the post and never the person', async () => {
    clock.set('2026-05-20T13:00:00.000Z');
    expect(await confirmEntry(officer(), signed, 'XB:duty-desk', 'Head of desk')).toMatchObject({ ok: true });
    const view = await getAuthority(publicReader(), 'XB:duty-desk');
    expect(view.trust).toMatchObject({ mark: 'confirmed', days: 0 });
    expect(view.version.entry.confirmedBy).toBe('Head of desk');
    expect(JSON.stringify(view)).not.toContain(ids.officer);
    clock.set('2026-08-19T13:00:00.000Z');
    expect((await getAuthority(publicReader(), 'XB:duty-desk')).trust.mark).toBe('due');
    clock.set('2026-11-17T13:00:00.000Z');
    expect((await getAuthority(publicReader(), 'XB:duty-desk')).trust.mark).toBe('stale');
    clock.set('2026-05-20T14:00:00.000Z');
  });
  test('an urgent correction by one person stands at once and is flagged until another confirms', async () => {
    expect(await correctUrgently(editor(), signed, 'XB:duty-desk', { urgentPhone: '+15550299' })).toMatchObject({
      ok: true,
    });
    expect((await getHealth(editor())).urgentToCheck.map((one) => one.id)).toEqual(['XB:duty-desk']);
    expect((await getAuthority(officer(), 'XB:duty-desk')).version.entry.urgentPhone).toBe('+15550299');
    await confirmEntry(publisher(), signed, 'XB:duty-desk', 'Publisher');
    expect((await getHealth(editor())).urgentToCheck).toEqual([]);
  });
  test('a withdrawal ends an entry on its day and nothing older comes back', async () => {
    const drafted = await withdrawEntry(editor(), signed, 'XB:asset-recovery-office', plainDate('2026-06-01'));
    if (!drafted.ok) throw new Error('not drafted');
    await publishDraft(publisher(), signed, drafted.value.draftId);
    const on = (day: string) =>
      system().transaction(async (tx) =>
        (await entriesOn(tx, stateCode('XB'), plainDate(day))).map((one) => one.entry.id as string),
      );
    expect(await on('2026-05-31')).toContain('XB:asset-recovery-office');
    expect(await on('2026-06-01')).not.toContain('XB:asset-recovery-office');
  });
  test('a reported error is due in ten working days of the owner’s calendar, and answered once', async () => {
    // Cordia rests on Friday and Saturday, and has a feast on 27 May.
    const report = await reportError(officer(), 'XC:central-authority', {
      field: 'phones',
      text: 'No answer on this number',
    });
    expect(report).toMatchObject({ dueOn: '2026-06-04', weekendsOnly: false });
    const own = await reportError(officer(), 'XB:duty-desk', { text: 'Wrong floor' });
    await answerReport(editor(), own.feedbackId, 'Corrected');
    await expect(answerReport(editor(), own.feedbackId, 'Again')).rejects.toMatchObject({
      code: 'authorities.feedback-answered',
    });
    await expect(answerReport(editor(), report.feedbackId, 'x')).rejects.toMatchObject({
      code: 'authorities.not-owner',
    });
  });
  test('versions and audit cannot be changed by the application', async () => {
    await expect(database.db.updateTable('directory_versions').set({ hash: 'x' }).execute()).rejects.toThrow(
      /permission denied/,
    );
    await expect(database.db.deleteFrom('directory_versions').execute()).rejects.toThrow(/permission denied/);
    await expect(database.db.deleteFrom('directory_feed_records').execute()).rejects.toThrow(/permission denied/);
  });
  test('posts and numbers of replaced versions are erased after 30 days, those in force stay', async () => {
    clock.set('2026-07-30T14:00:00.000Z');
    expect(await eraseOldContacts(context(person(ids.officer, ['administrator'])))).toBeGreaterThan(0);
    expect((await getAuthority(officer(), 'XB:duty-desk')).version.entry.urgentPhone).toBe('+15550299');
    clock.set('2026-05-20T15:00:00.000Z');
  });
});

describe('the signed feed as a file', () => {
  const root = () => signed.signer!.root;
  test('a changed byte is found and named; nothing is taken', async () => {
    const there = () => system(() => abroad, 'XA');
    const read = await importFeed(there(), signed, await changedFile(3), root());
    expect(read).toMatchObject({
      ok: false,
      error: [{ code: 'records.bad-signature', path: ['records/00000003.jws'] }],
    });
    const bytes = Buffer.from(await exportFeed(publicReader(), signed, 'XB'));
    const at = bytes.indexOf('records/00000005.jws') + 400;
    bytes[at] = bytes[at]! ^ 1;
    expect((await importFeed(there(), signed, bytes, root())).ok).toBe(false);
    expect(await there().transaction((tx) => entriesOn(tx, stateCode('XB'), plainDate('2026-05-14')))).toEqual([]);
  });
  test('export, import and export again are byte-equal, and the public layer is the same abroad', async () => {
    const bytes = await exportFeed(publicReader(), signed, 'XB');
    const there = system(() => abroad, 'XA');
    const report = await importFeed(there, signed, bytes, root());
    expect(report).toMatchObject({ ok: true, value: { owner: 'XB', known: 0, problems: [] } });
    const again = await exportFeedOf(there, 'XB', root(), signed.signer!.delegations);
    expect(Buffer.compare(Buffer.from(bytes), Buffer.from(again))).toBe(0);
    const both = await Promise.all(
      [system(), there].map((ctx) => ctx.transaction((tx) => entriesOn(tx, stateCode('XB'), plainDate('2026-05-20')))),
    );
    const key = (list: { entry: Entry; hash: string; version: number }[]) =>
      list.map((one) => `${one.entry.id} ${one.version} ${one.hash}`).sort();
    expect(key(both[1]!)).toEqual(key(both[0]!));
    expect(Buffer.from(bytes).toString('latin1')).not.toContain('+1555');
  });
  test('the same file again is ignored', async () => {
    const report = await importFeed(
      system(() => abroad, 'XA'),
      signed,
      await exportFeed(publicReader(), signed, 'XB'),
      root(),
    );
    expect(report).toMatchObject({ ok: true, value: { taken: [], problems: [] } });
  });
  test('two different records with one number freeze the feed, and the entry says so', async () => {
    const there = system(() => abroad, 'XA');
    const report = await importFeed(there, signed, await fork(), root());
    expect(report.ok && report.value.problems.map((one) => one.code)).toContain('records.equivocation');
    expect((await getAuthority(there, 'XB:central-authority')).frozen).toBe(true);
    expect((await getHealth(there)).states.find((one) => one.state === 'XB')?.frozen).toBe(true);
    const kept = await abroad.owner
      .selectFrom('directory_feed_records')
      .select('hash')
      .where('seq', '=', '1')
      .execute();
    expect(kept).toHaveLength(2);
  });
  test('a feed of a thousand entries in two versions each is taken in one go', async () => {
    const large = await testDatabase();
    try {
      const ctx = system(() => large, 'XA');
      const file = await largeFile(2000);
      const started = performance.now();
      const report = await importFeed(ctx, signed, await file, root());
      expect(report.ok && report.value.taken.length).toBe(2000);
      expect(performance.now() - started).toBeLessThan(30_000);
    } finally {
      await large.close();
    }
  });
  test('a record about another State than its signer’s is refused and audited', async () => {
    const third = await testDatabase();
    try {
      const ctx = system(() => third, 'XD');
      const report = await importFeed(ctx, signed, await wrongKeyFile(), root());
      expect(report.ok && report.value.problems.map((one) => one.code)).toEqual(['authorities.not-owner']);
      expect(await ctx.transaction((tx) => entriesOn(tx, stateCode('XA'), plainDate('2026-05-14')))).toEqual([]);
      const audited = await third.owner
        .selectFrom('audit_entries')
        .select('id')
        .where('action', '=', 'authorities.refuse-record')
        .execute();
      expect(audited).toHaveLength(1);
    } finally {
      await third.close();
    }
  });
});

test('the data file of custodian facts names its sources', () => {
  const provenance = readFileSync('data/authorities/PROVENANCE.md', 'utf8');
  const file = JSON.parse(readFileSync('data/authorities/custodian.json', 'utf8')) as { facts: { source: string }[] };
  for (const { source } of file.facts) expect(provenance).toContain(`| ${source} |`);
});
