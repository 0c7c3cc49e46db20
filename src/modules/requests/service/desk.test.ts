import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts';
import { translators } from '../../../app/words.ts';
import { folderBlobs } from '../../../platform/blobs/index.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { openFileKeyStore } from '../../../platform/crypto/index.ts';
import { runDueJob } from '../../../platform/jobs/index.ts';
import { createLog } from '../../../platform/log.ts';
import { packageRoot } from '../../../platform/paths.ts';
import { systemRandom } from '../../../platform/random.ts';
import { fail, Handling, plainDate, problem, stateCode } from '../../../platform/values/index.ts';
import { createEvidence, type CaseFileId, type Evidence } from '../../evidence/index.ts';
import { createContext, type Context, type Role } from '../../identity/index.ts';
import { createTreaties, loadTreaties, sampleFolder } from '../../treaties/index.ts';
import { loadDefinitions } from '../definitions.ts';
import { readDraft, type DraftRequest } from '../schema/index.ts';
import { requestJobs, startRequestJobs } from './desk.ts';
import { nodeFacts } from './facts.ts';
import { createMatching } from './matches.ts';
import { createUnsent } from './unsent.ts';
import { createRequests } from './requests.ts';
import type { Requests } from './types.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-desk-'));
const clock = fakeClock('2026-05-14T12:00:00.000Z');
const log = createLog('silent');
/** One name in its writings. Which names are alike is decided, and tried, in `goods`. */
const writings = new Set(['سمير حداد', 'Samer Hadad', 'Sameer Haddad']);
const annexes = join(packageRoot, 'data/samples/requests/annexes');

let database: TestDatabase;
let evidence: Evidence;
let requests: Requests;
let ours: CaseFileId;
let theirs: CaseFileId;
const people = new Map<string, Context>();

function person(id: string, roles: Role[]): Context {
  const ctx = createContext({
    db: database.db,
    clock,
    random: systemRandom,
    log,
    state: stateCode('XA'),
    zone: 'UTC',
    profile: 'demo',
    locale: 'en',
    actor: { kind: 'person', id, name: 'Sample', officeId: `office-${id}`, authority: null, roles },
  });
  people.set(id, ctx);
  return ctx;
}

function sample(change: Partial<DraftRequest> = {}): DraftRequest {
  const read = readDraft(
    JSON.parse(readFileSync(join(packageRoot, 'data/samples/requests/freeze-and-records.json'), 'utf8')),
  );
  if (!read.ok) throw new Error('shape');
  return { ...read.value, ...change };
}

let amara: Context;
let jara: Context;
let noor: Context;
let other: Context;
let idle: Context;

beforeAll(async () => {
  database = await testDatabase();
  const keys = await openFileKeyStore({
    folder: join(base, 'keys'),
    passphraseFile: join(base, 'passphrase'),
    clock,
    random: systemRandom,
    cost: 1024,
  });
  evidence = createEvidence({
    keys,
    blobs: folderBlobs(join(base, 'blobs'), systemRandom),
    random: systemRandom,
    maxFileBytes: 1_048_576,
  });
  const facts = loadTreaties({ samples: sampleFolder });
  const law = createTreaties({ facts: () => facts, words: translators });
  const matching = createMatching(keys, systemRandom, {
    sealer: evidence.sealer,
    areAlike: (left, right) => writings.has(left) && writings.has(right),
  });
  requests = createRequests({
    definitions: loadDefinitions(),
    sealer: evidence.sealer,
    facts: nodeFacts({ law, fileHashes: evidence.listHashes, matching }),
    law,
    matching,
    own: { alpha2: 'XA', centralAuthority: { authority: 'XA:central-authority' } },
    signing: { optionsFor: async () => null, verify: async () => fail(problem('identity.step-up-needed')) },
  });
  amara = person('amara', ['prosecutor']);
  jara = person('jara', ['reviewer']);
  noor = person('noor', ['central-authority-officer']);
  other = person('other', ['prosecutor']);
  idle = person('idle', ['prosecutor', 'reviewer', 'central-authority-officer', 'signatory']);
  const handling = Handling.parse({ tlp: 'AMBER', originator: 'XA' });
  ours = (await evidence.openCaseFile(amara, { title: 'Ours', handling, members: ['jara', 'noor'] })).id;
  theirs = (await evidence.openCaseFile(other, { title: 'Theirs', handling })).id;
});
beforeEach(() => clock.set('2026-05-14T12:00:00.000Z'));
afterAll(async () => {
  await database.close();
  rmSync(base, { recursive: true, force: true });
});

const codes = async (ctx: Context, reference: string) =>
  (await requests.check(ctx, reference)).problems.map((one) => one.code);

test('another office’s request about the same account is told without its name; one’s own with it', async () => {
  const first = await requests.open(amara, { caseFileId: ours, types: ['T9'], from: sample() });
  expect(await codes(amara, first.reference)).not.toContain('requests.possible-duplicate-elsewhere');
  const second = await requests.open(other, { caseFileId: theirs, types: ['T9'], from: sample() });
  const hidden = (await requests.check(other, second.reference)).problems.filter((one) => one.rule === 'V60');
  expect(hidden.map((one) => one.code)).toEqual(['requests.possible-duplicate-elsewhere']);
  expect(JSON.stringify(hidden)).not.toContain(first.reference);
  expect(JSON.stringify(hidden)).not.toContain(first.id);
  const third = await requests.open(amara, { caseFileId: ours, types: ['T9'], from: sample() });
  const seen = (await requests.check(amara, third.reference)).problems.filter((one) => one.rule === 'V60');
  expect(seen.map((one) => [one.code, one.params?.['reference']])).toContainEqual([
    'requests.possible-duplicate',
    first.reference,
  ]);
  // A request that is given up is no duplicate any more; one named as related is no discovery.
  await requests.act(amara, first.reference, 'discard', { reason: 'Double' }, first.head);
  await requests.saveSection(amara, third.reference, {
    task: 'evidence',
    seen: third.revision,
    content: { related: [{ kind: 'request', reference: second.reference }] },
  });
  const left = (await requests.check(amara, third.reference)).problems.filter((one) => one.rule === 'V60');
  expect(left.map((one) => one.code)).toEqual(['requests.possible-duplicate-elsewhere']);
});

test('what is kept to find related requests holds no name and no number', async () => {
  const { rows } = await sql<{
    text: string;
  }>`select string_agg(k::text, ' ') as text from request_match_keys k`.execute(database.owner);
  const account = sample().measures?.[0]?.fields?.['property'];
  expect(JSON.stringify(account)).toContain('XB23');
  expect(rows[0]?.text).not.toMatch(/XB23|KEST|\b7719\b/);
  expect(rows[0]?.text).toMatch(/account,[0-9a-f]{64}/);
});

test('a name written otherwise, even in another script, is found with the year of birth; it is sealed where it is kept', async () => {
  const of = (text: string, script: string, date: string): DraftRequest =>
    ({
      kind: 'request',
      persons: [{ id: 'p1', kind: 'natural', names: [{ text, script, original: true }], born: { on: { date } } }],
    }) as DraftRequest;
  await requests.open(other, { caseFileId: theirs, types: ['T5'], from: of('سمير حداد', 'Arab', '1971-04-02') });
  const alike = await requests.open(amara, {
    caseFileId: ours,
    types: ['T5'],
    from: of('Samer Hadad', 'Latn', '1971-04'),
  });
  const hits = (await requests.check(amara, alike.reference)).problems.filter((one) => one.rule === 'V60');
  expect(hits.map((one) => one.code)).toEqual(['requests.possible-duplicate-elsewhere']);
  for (const [name, born] of [
    ['Samer Hadad', '1975'],
    ['Samir Khoury', '1971'],
  ] as const) {
    const stranger = await requests.open(amara, { caseFileId: ours, types: ['T5'], from: of(name, 'Latn', born) });
    expect(await codes(amara, stranger.reference)).not.toContain('requests.possible-duplicate-elsewhere');
  }
  const own = await requests.open(amara, {
    caseFileId: ours,
    types: ['T5'],
    from: of('Sameer Haddad', 'Latn', '1971'),
  });
  expect(await codes(amara, own.reference)).toContain('requests.possible-duplicate');
  const { rows } = await sql<{
    text: string;
  }>`select string_agg(encode(sealed_names, 'escape'), ' ') as text from request_match_names`.execute(database.owner);
  expect(rows[0]?.text).not.toMatch(/Hadd?ad|Khoury/);
});

test('words typed and not sent are kept sealed for who typed them, until they are sent', async () => {
  const unsent = createUnsent(evidence);
  const { reference } = await requests.open(amara, { caseFileId: ours, types: ['T9'], from: sample() });
  await unsent.keep(amara, reference, 'act/consult', { words: ['Half a sent'] });
  await unsent.keep(amara, reference, 'act/consult', { words: ['Half a sentence'], language: ['en'] });
  expect(await unsent.find(amara, reference, 'act/consult')).toEqual({
    typed: { words: ['Half a sentence'], language: ['en'] },
    at: clock.now(),
  });
  expect(await unsent.find(amara, reference, 'act/remind')).toBeUndefined();
  // A colleague on the same case file has their own; who is no member learns nothing.
  expect(await unsent.find(noor, reference, 'act/consult')).toBeUndefined();
  await expect(unsent.find(other, reference, 'act/consult')).rejects.toThrow('identity.not-found');
  await expect(unsent.keep(amara, reference, 'act/consult', { words: ['x'.repeat(400_001)] })).rejects.toThrow(
    'requests.line-too-long',
  );
  const { rows } = await sql<{
    text: string;
  }>`select encode(sealed_form, 'escape') as text from request_unsent`.execute(database.owner);
  expect(rows.map((row) => row.text).join()).not.toContain('sentence');
  await unsent.drop(amara, reference, 'act/consult');
  expect(await unsent.find(amara, reference, 'act/consult')).toBeUndefined();
});

test('an account written otherwise is the same account', async () => {
  const property = [{ description: { en: 'Account' }, iban: 'XB99 TEST 0000 1111 22' }];
  const bare = (iban: string) => ({
    measures: [{ id: 'm1', type: 'T9', fields: { property: [{ ...property[0], iban }] } }],
  });
  const from = (iban: string): DraftRequest => ({ kind: 'request', ...bare(iban) }) as DraftRequest;
  await requests.open(amara, { caseFileId: ours, types: ['T9'], from: from('XB99 TEST 0000 1111 22') });
  const again = await requests.open(amara, { caseFileId: ours, types: ['T9'], from: from('XB99TEST0000111122') });
  expect(await codes(amara, again.reference)).toContain('requests.possible-duplicate');
});

test('an annex without its file in the case file is told; once the file is there it is not', async () => {
  const view = await requests.open(amara, { caseFileId: ours, types: ['T9'], from: sample() });
  expect(await codes(amara, view.reference)).toContain('requests.annex-file-missing');
  for (const n of [1, 2, 3, 4]) {
    const bytes = readFileSync(join(annexes, `annex-${n}.txt`));
    await evidence.addFile(amara, ours, { fileName: `annex-${n}.txt`, bytes });
  }
  expect(await codes(amara, view.reference)).not.toContain('requests.annex-file-missing');
});

test('the basis is chosen on live data, and what the law says stays in the request', async () => {
  const { reference } = await requests.open(amara, { caseFileId: ours, types: ['T9', 'T5'], from: sample() });
  const offered = await requests.basisOptions(jara, reference);
  expect(offered.options.map((one) => one.instrument)).toEqual(expect.arrayContaining(['XVIII-12', 'XVIII-14']));
  const done = await requests.chooseBasis(amara, reference, { instrument: 'XVIII-14' });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  expect(done.value.request.basis).toMatchObject({
    primary: { instrument: 'XVIII-14' },
    snapshot: { onRequest: '2026-05-14', acknowledged: [] },
  });
  await expect(requests.chooseBasis(idle, reference, { instrument: 'XVIII-12' })).rejects.toMatchObject({
    name: 'NotFound',
  });
});

test('a request is given to a member of its case file, put aside and taken up again; each step can be taken back', async () => {
  const { reference } = await requests.open(amara, { caseFileId: ours, types: ['T5'] });
  expect(await requests.assign(amara, reference, 'jara')).toMatchObject({ owner: 'jara', mayUndo: true });
  await expect(requests.assign(amara, reference, 'idle')).rejects.toMatchObject({ code: 'requests.not-a-member' });
  await expect(requests.assign(idle, reference, 'idle')).rejects.toMatchObject({ name: 'NotFound' });
  const mine = (ctx: Context) => requests.list(ctx, { view: 'mine', caseFileId: ours });
  const has = async (ctx: Context) => (await mine(ctx)).requests.some((one) => one.reference === reference);
  expect([await has(jara), await has(amara)]).toEqual([true, false]);
  const aside = await requests.waitUntil(jara, reference, plainDate('2026-05-20'));
  expect(aside).toMatchObject({ owner: 'jara', waitingUntil: '2026-05-20' });
  expect(await has(jara)).toBe(false);
  clock.set('2026-05-20T08:00:00.000Z');
  expect(await has(jara)).toBe(true);
  await expect(requests.waitUntil(jara, reference, plainDate('2026-05-20'))).rejects.toMatchObject({
    code: 'requests.wait-in-past',
  });
  expect(await requests.undoDesk(jara, reference)).toMatchObject({ owner: 'jara', waitingUntil: null, mayUndo: true });
  expect(await requests.undoDesk(jara, reference)).toMatchObject({ owner: 'amara', mayUndo: false });
  await expect(requests.undoDesk(jara, reference)).rejects.toMatchObject({ code: 'requests.nothing-to-undo' });
  const audit = await sql<{ n: string }>`select count(*) as n from audit_entries
    where subject_id = ${reference} and action = 'requests.assign'`.execute(database.owner);
  expect(Number(audit.rows[0]?.n)).toBe(4);
  await expect(sql`update request_desk set owner_id = 'x'`.execute(database.db)).rejects.toThrow(/permission denied/);
});

test('counts tell nothing of requests one may not see', async () => {
  expect(await requests.deskCounts(idle)).toEqual({
    new: 0,
    mine: 0,
    due: 0,
    overdue: 0,
    waiting: 0,
    approve: 0,
    all: 0,
  });
  const counts = await requests.deskCounts(amara);
  expect(counts.all).toBe((await requests.list(amara, { limit: 200 })).requests.length);
  expect(counts.mine).toBeGreaterThan(0);
});

test('a deadline shows in its week and then as overdue, and lists by due day page without gaps', async () => {
  const made: string[] = [];
  for (const day of ['2026-06-01', '2026-06-03', '2026-06-02']) {
    const { reference } = await requests.open(amara, { caseFileId: ours, types: ['T5'] });
    const deadline = { date: plainDate(day), reason: { en: 'Trial' } };
    await requests.saveSection(amara, reference, { task: 'urgency', seen: 1, content: { deadline } });
    made.push(reference);
  }
  clock.set('2026-05-28T08:00:00.000Z');
  const due = await requests.list(amara, { view: 'due', order: 'due' });
  const order = due.requests.map((one) => one.reference).filter((one) => made.includes(one));
  expect(order).toEqual([made[0], made[2], made[1]]);
  clock.set('2026-06-02T08:00:00.000Z');
  const late = (await requests.list(amara, { view: 'overdue' })).requests.map((one) => one.reference);
  expect(late).toContain(made[0]);
  expect(late).not.toContain(made[2]);
  const walked: string[] = [];
  for (let after: string | undefined; ;) {
    const page = await requests.list(amara, { order: 'due', limit: 2, ...(after ? { after } : {}) });
    walked.push(...page.requests.map((one) => one.reference));
    if (!page.next) break;
    after = page.next;
  }
  expect(new Set(walked).size).toBe(walked.length);
  expect(walked.length).toBe((await requests.deskCounts(amara)).all);
  await expect(requests.list(amara, { order: 'due', after: '2026-99-99~x' })).rejects.toMatchObject({
    name: 'Invalid',
  });
});

test('the desk is told at 50, 80, 100 and 110 per cent of a term, once each, and only who may know', async () => {
  const { reference } = await requests.open(amara, { caseFileId: ours, types: ['T5'] });
  const deadline = { date: plainDate('2026-05-23'), reason: { en: 'Trial' } };
  await requests.saveSection(amara, reference, { task: 'urgency', seen: 1, content: { deadline } });
  const jobs = {
    db: database.db,
    clock,
    random: systemRandom,
    log,
    handlers: requestJobs({ clock, random: systemRandom }),
  };
  await idle.transaction(async () => undefined);
  const system = createContext({
    db: database.db,
    clock,
    random: systemRandom,
    log,
    state: stateCode('XA'),
    zone: 'UTC',
    profile: 'demo',
    locale: 'en',
    actor: { kind: 'system', id: 'jobs' },
  });
  await system.transaction((tx) => startRequestJobs(tx, { clock, random: systemRandom }));
  const told = async (at: string) => {
    clock.set(at);
    expect(await runDueJob(jobs)).toBe(true);
    const notices = await requests.notices(amara, 200);
    return notices.filter((one) => one.reference === reference).map((one) => [one.level, one.audience, one.owner]);
  };
  expect(await told('2026-05-15T12:00:00.000Z')).toEqual([]);
  expect(await told('2026-05-19T12:00:00.000Z')).toEqual([[50, 'owner', 'amara']]);
  expect(await told('2026-05-22T12:00:00.000Z')).toEqual([[80, 'owner', 'amara']]);
  expect(await told('2026-05-24T12:00:00.000Z')).toEqual([[100, 'deputy', 'amara']]);
  expect(await told('2026-05-26T12:00:00.000Z')).toEqual([[110, 'head', 'amara']]);
  expect((await requests.notices(idle, 200)).length).toBe(0);
  const { rows } = await sql<{ n: string }>`select count(*) as n from request_notices n
    join requests r on r.id = n.request_id where r.reference = ${reference}`.execute(database.owner);
  expect(Number(rows[0]?.n)).toBe(4);
  // A moved deadline is a new term: what was told of the old one is no longer shown.
  const later = { date: plainDate('2026-12-23'), reason: { en: 'Trial' } };
  await requests.saveSection(amara, reference, { task: 'urgency', seen: 2, content: { deadline: later } });
  expect((await requests.notices(amara, 200)).some((one) => one.reference === reference)).toBe(false);
});

test('what waits for approval is shown to who may approve it and did not write on it', async () => {
  const seen = async (ctx: Context) => (await requests.deskCounts(ctx)).approve;
  const before = { amara: await seen(amara), jara: await seen(jara), noor: await seen(noor) };
  const { reference } = await requests.open(noor, { caseFileId: ours, types: ['T5'] });
  await sql`update requests set status = 'peer-review' where reference = ${reference}`.execute(database.owner);
  expect(await seen(jara)).toBe(before.jara + 1);
  expect(await seen(noor)).toBe(before.noor);
  expect(await seen(amara)).toBe(before.amara);
});
