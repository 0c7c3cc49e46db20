import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts';
import { folderBlobs } from '../../../platform/blobs/index.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { openFileKeyStore } from '../../../platform/crypto/index.ts';
import { createLog } from '../../../platform/log.ts';
import { packageRoot } from '../../../platform/paths.ts';
import { systemRandom } from '../../../platform/random.ts';
import {
  fail,
  Handling,
  ok,
  parseReference,
  plainDate,
  problem,
  stateCode,
  toReference,
  type Hash,
} from '../../../platform/values/index.ts';
import { loadSampleDirectory } from '../../authorities/index.ts';
import { createEvidence, type CaseFileId, type Evidence } from '../../evidence/index.ts';
import { createContext, type Context, type Role, type SigningProof } from '../../identity/index.ts';
import { createTreaties, loadTreaties, sampleFolder, type TreatyFacts } from '../../treaties/index.ts';
import { definitionsApi } from '../api/definitions.ts';
import { deskApi } from '../api/desk.ts';
import { ownApi } from '../api/requests.ts';
import { loadDefinitions } from '../definitions.ts';
import { checkRequest, warningsWithoutReason } from '../rules/index.ts';
import { contentHash, readDraft, RequestFacts, type ActionData, type DraftRequest } from '../schema/index.ts';
import { translators } from '../../../app/words.ts';
import { nodeFacts } from './facts.ts';
import { createRequests } from './requests.ts';
import type { Requests, RequestView, RiskCheck, SaveOutcome } from './types.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-requests-'));
const clock = fakeClock('2026-05-14T12:00:00.000Z');
const read = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(packageRoot, 'data/samples/requests', name), 'utf8')) as Record<string, unknown>;
const { on: _on, ...sampleFacts } = read('freeze-and-records.facts.json');

let database: TestDatabase;
let evidence: Evidence;
let requests: Requests;
let caseFileId: CaseFileId;
let amara: Context;
let jara: Context;
let noor: Context;
let deniz: Context;
let stranger: Context;
let oversight: Context;

function person(id: string, roles: Role[]): Context {
  return createContext({
    db: database.db,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    state: stateCode('XA'),
    zone: 'UTC',
    profile: 'demo',
    locale: 'en',
    actor: {
      kind: 'person',
      id,
      name: 'Sample',
      officeId: 'office-1',
      authority: null,
      roles,
      steppedUpAt: clock.now(),
    },
  });
}

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
  requests = createRequests({
    definitions: loadDefinitions(),
    sealer: evidence.sealer,
    facts: async (_tx, _ctx, _draft, stage) => RequestFacts.parse({ ...sampleFacts, stage }),
    signContent: async (text) => `header..${String(text.length)}`,
    own: { alpha2: 'XA', centralAuthority: { authority: 'XA:central-authority' } },
    signing: {
      optionsFor: async () => null,
      // Stands for the passkey of the signatory, which identity's own tests check.
      verify: async (_tx, ctx, hash, given) =>
        given.assertion === 'touched' && ctx.actor.kind === 'person'
          ? ok<SigningProof>({ contentHash: hash, personId: ctx.actor.id, at: clock.now(), method: 'demo-link' })
          : fail(problem('identity.step-up-needed')),
    },
  });
  amara = person('amara', ['prosecutor']);
  jara = person('jara', ['reviewer']);
  noor = person('noor', ['central-authority-officer']);
  deniz = person('deniz', ['signatory']);
  stranger = person('stranger', ['prosecutor', 'central-authority-officer', 'signatory']);
  oversight = person('oversight', ['oversight']);
  const file = await evidence.openCaseFile(amara, {
    title: 'AC-17/2026',
    handling: Handling.parse({ tlp: 'AMBER', originator: 'XA' }),
  });
  caseFileId = file.id;
  for (const id of ['jara', 'noor', 'deniz']) await evidence.addMember(amara, caseFileId, id);
});
beforeEach(() => clock.set('2026-05-14T12:00:00.000Z'));
afterAll(async () => {
  await database.close();
  rmSync(base, { recursive: true, force: true });
});

function value(outcome: SaveOutcome | Awaited<ReturnType<Requests['act' | 'saveRisk']>>): RequestView {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}

function sampleDraft(): DraftRequest {
  const draft = readDraft(read('freeze-and-records.json'));
  if (!draft.ok) throw new Error('shape');
  return draft.value;
}

/** The complete sample as a stored request of its own reference. */
async function complete(): Promise<RequestView> {
  const from = sampleDraft();
  const opened = await requests.open(amara, { caseFileId, types: ['T9', 'T5'], from });
  const { risk, ...internal } = from.internal ?? {};
  value(await requests.saveSection(amara, opened.reference, { task: 'check', seen: 1, content: { internal } }));
  if (risk) value(await requests.saveRisk(noor, opened.reference, risk as RiskCheck));
  return requests.get(amara, opened.reference);
}

async function signable(): Promise<RequestView> {
  let view = await complete();
  // The signatory's name and power are part of the text that the drafter prepares.
  view = value(await requests.act(amara, view.reference, 'submit-for-review', {}, view.head));
  view = value(await requests.act(jara, view.reference, 'review-pass', {}, view.head));
  return value(await requests.act(noor, view.reference, 'clear', {}, view.head));
}

test('a request gets its reference with check letter, its first text and its first action', async () => {
  const view = await requests.open(amara, { caseFileId, types: ['T5', 'T9'], to: stateCode('XB') });
  expect(parseReference(view.reference)).toEqual({ ok: true, value: view.reference });
  expect(view.reference).toMatch(/^XA-2026-05-\d{4}-[A-Z]$/);
  expect(view).toMatchObject({ status: 'draft', revision: 1, requestVersion: 1, stage: null });
  expect(view.request).toMatchObject({
    types: ['T5', 'T9'],
    requested: { state: 'XB' },
    requesting: { state: 'XA', centralAuthority: { authority: 'XA:central-authority' } },
  });
  expect(view.actions.map((one) => one.kind)).toEqual(['open']);
  expect(view.next.filter((one) => one.allowed).map((one) => one.action)).toContain('submit-for-review');
});

test('twenty requests opened at once get twenty references', async () => {
  const opened = await Promise.all(
    Array.from({ length: 20 }, () => requests.open(amara, { caseFileId, types: ['T5'] })),
  );
  expect(new Set(opened.map((one) => one.reference)).size).toBe(20);
});

test('a kind of help this node does not know is refused by name', async () => {
  await expect(requests.open(amara, { caseFileId, types: ['T99'] })).rejects.toMatchObject({
    code: 'requests.unknown-type',
    params: { given: 'T99' },
  });
});

test('two people who write on two tasks both keep their text', async () => {
  const { reference } = await requests.open(amara, { caseFileId, types: ['T5'] });
  await requests.saveSection(amara, reference, { task: 'facts', seen: 1, content: { nexus: { en: 'A link' } } });
  const view = value(
    await requests.saveSection(noor, reference, {
      task: 'urgency',
      seen: 1,
      content: { urgency: { level: 'urgent' } },
    }),
  );
  expect(view.request).toMatchObject({ nexus: { en: 'A link' }, urgency: { level: 'urgent' } });
  expect(view).toMatchObject({ revision: 3, urgent: true });
});

test('two people who write on one task: the second sees both texts and nothing is lost', async () => {
  const { reference } = await requests.open(amara, { caseFileId, types: ['T5'] });
  value(
    await requests.saveSection(amara, reference, { task: 'facts', seen: 1, content: { nexus: { en: 'From Amara' } } }),
  );
  const second = await requests.saveSection(noor, reference, {
    task: 'facts',
    seen: 1,
    content: { nexus: { en: 'From Noor' } },
  });
  expect(second).toMatchObject({
    ok: false,
    error: {
      conflict: {
        by: 'amara',
        revision: 2,
        theirs: { nexus: { en: 'From Amara' } },
        yours: { nexus: { en: 'From Noor' } },
      },
    },
  });
  expect((await requests.get(amara, reference)).request.nexus).toEqual({ en: 'From Amara' });
  const merged = value(
    await requests.saveSection(noor, reference, { task: 'facts', seen: 2, content: { nexus: { en: 'From both' } } }),
  );
  expect(merged.request.nexus).toEqual({ en: 'From both' });
});

test('two saves of one task at the same moment: one is stored, the other told', async () => {
  const { reference } = await requests.open(amara, { caseFileId, types: ['T5'] });
  const save = (ctx: Context, text: string) =>
    requests.saveSection(ctx, reference, { task: 'facts', seen: 1, content: { nexus: { en: text } } });
  const outcomes = await Promise.all([save(amara, 'one'), save(noor, 'two')]);
  expect(outcomes.map((one) => one.ok).sort()).toEqual([false, true]);
});

test('a save of another task’s part or of a wrong shape stores nothing', async () => {
  const { reference } = await requests.open(amara, { caseFileId, types: ['T5'] });
  expect(
    await requests.saveSection(amara, reference, { task: 'facts', seen: 1, content: { offences: [] } }),
  ).toMatchObject({ ok: false, error: { problems: [{ code: 'requests.part-of-other-task' }] } });
  expect(
    await requests.saveSection(amara, reference, {
      task: 'urgency',
      seen: 1,
      content: { deadline: { date: '2026-02-30' } },
    }),
  ).toMatchObject({ ok: false, error: { problems: [{ code: 'values.bad-date' }] } });
  expect((await requests.get(amara, reference)).revision).toBe(1);
});

test('who is not a member of the case file learns nothing of the request', async () => {
  const { reference } = await requests.open(amara, { caseFileId, types: ['T5'] });
  const absent = await requests.get(stranger, toReference('XA', '2020-01', 1)).catch((error: unknown) => error);
  const hidden = await requests.get(stranger, reference).catch((error: unknown) => error);
  expect(hidden).toMatchObject({ name: 'NotFound' });
  expect(hidden).toEqual(absent);
  expect((await requests.list(stranger)).requests).toEqual([]);
  await expect(requests.list(oversight)).rejects.toMatchObject({ name: 'NotAllowed' });
});

test('a reference with a wrong letter is told before anything is looked up', async () => {
  await expect(requests.get(amara, 'XA-2026-05-0001-A')).rejects.toMatchObject({ code: 'values.check-letter' });
});

test('an incomplete draft does not go to review: everything missing is told at once', async () => {
  const view = await requests.open(amara, { caseFileId, types: ['T5'] });
  const decided = await requests.act(amara, view.reference, 'submit-for-review', {}, view.head);
  expect(decided.ok).toBe(false);
  if (!decided.ok)
    expect(decided.error.map((one) => one.code)).toEqual(
      expect.arrayContaining(['requests.no-facts', 'requests.no-purpose', 'requests.no-offence']),
    );
  expect((await requests.get(amara, view.reference)).status).toBe('draft');
});

test('the complete request is reviewed, cleared and signed by others than its writer; what is signed is its content', async () => {
  const view = await signable();
  expect(view.status).toBe('to-sign');
  const hash = contentHash(view.request);
  const done = value(
    await requests.act(deniz, view.reference, 'sign', { contentHash: hash, assertion: 'touched' }, view.head),
  );
  expect(done).toMatchObject({
    status: 'signed',
    contentHash: hash,
    signedHash: hash,
    holdUntil: '2026-05-14T12:10:00.000Z',
  });
  expect(done.request).toMatchObject({
    contentHash: hash,
    signature: { signatory: 'Deniz Orlo', at: '2026-05-14T12:00:00.000Z' },
  });
  expect(done.actions.map((one) => one.kind)).toEqual([
    'open',
    'edit',
    'submit-for-review',
    'review-pass',
    'clear',
    'sign',
  ]);
});

test('the drafter neither reviews nor signs; a touch that fails signs nothing', async () => {
  const view = await complete();
  const sent = value(await requests.act(amara, view.reference, 'submit-for-review', {}, view.head));
  await expect(requests.act(amara, view.reference, 'review-pass', {}, sent.head)).rejects.toMatchObject({
    name: 'NotAllowed',
  });
  const ready = await signable();
  expect(
    await requests.act(
      deniz,
      ready.reference,
      'sign',
      { contentHash: ready.contentHash, assertion: 'no touch' },
      ready.head,
    ),
  ).toMatchObject({ ok: false, error: [{ code: 'identity.step-up-needed' }] });
  expect((await requests.get(deniz, ready.reference)).status).toBe('to-sign');
});

test('a hash other than the text’s is not signed', async () => {
  const ready = await signable();
  const other = `sha256:${'0'.repeat(64)}` as Hash;
  expect(
    await requests.act(deniz, ready.reference, 'sign', { contentHash: other, assertion: 'touched' }, ready.head),
  ).toMatchObject({ ok: false, error: [{ code: 'requests.content-changed' }] });
});

test('a text under review does not change; returned, it does, and the signature of a reopened one is gone', async () => {
  const ready = await signable();
  await expect(
    requests.saveSection(amara, ready.reference, {
      task: 'facts',
      seen: ready.revision,
      content: { nexus: { en: 'x' } },
    }),
  ).rejects.toMatchObject({ code: 'requests.not-a-draft' });
  const signed = value(
    await requests.act(
      deniz,
      ready.reference,
      'sign',
      { contentHash: ready.contentHash, assertion: 'touched' },
      ready.head,
    ),
  );
  await expect(requests.act(noor, ready.reference, 'reopen', { reason: 'late' }, ready.head)).rejects.toMatchObject({
    code: 'requests.changed-meanwhile',
    params: { status: 'signed' },
  });
  expect(await requests.act(noor, ready.reference, 'transmit', { waiveHold: true }, signed.head)).toMatchObject({
    ok: false,
  });
  const reopened = value(
    await requests.act(noor, ready.reference, 'reopen', { reason: 'A name was wrong' }, signed.head),
  );
  expect(reopened).toMatchObject({ status: 'draft', signedHash: null });
  expect(reopened.request.contentHash).toBeNull();
  expect(reopened.request.signature).toMatchObject({ signatory: 'Deniz Orlo' });
  expect(reopened.request.signature).not.toHaveProperty('at');
});

test('two officials act at once: one act is taken, the other is told the present status', async () => {
  const view = await complete();
  const acts = await Promise.allSettled([
    requests.act(amara, view.reference, 'submit-for-review', {}, view.head),
    requests.act(noor, view.reference, 'discard', { reason: 'double' }, view.head),
  ]);
  expect(acts.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(acts.find((one) => one.status === 'rejected')).toMatchObject({
    reason: { code: 'requests.changed-meanwhile' },
  });
});

async function signed(): Promise<RequestView> {
  const ready = await signable();
  const sign = { contentHash: ready.contentHash, assertion: 'touched' };
  return value(await requests.act(deniz, ready.reference, 'sign', sign, ready.head));
}

const issuePaper = (view: RequestView) =>
  database.db
    .insertInto('request_renditions')
    .values({
      file_sha256: createHash('sha256').update(view.reference).digest('hex'),
      content_hash: view.contentHash,
      reference: view.reference,
      request_version: view.requestVersion,
      language: 'en',
      format: 'pdf',
      released_at: clock.now(),
    })
    .execute();

async function codesOf(outcome: Promise<Awaited<ReturnType<Requests['act']>>>): Promise<string[]> {
  const done = await outcome;
  return done.ok ? [] : done.error.map((one) => one.code);
}

test('by its own channel this node does not deliver yet, and says how to go on', async () => {
  const view = await signed();
  clock.advance(11 * 60_000);
  expect(await codesOf(requests.act(noor, view.reference, 'transmit', {}, view.head))).toEqual([
    'requests.no-delivery-yet',
  ]);
});

test('a signed request leaves by courier with a note, after the hold, as a paper that was issued here', async () => {
  const view = await signed();
  const dispatch = { on: plainDate('2026-05-14'), how: 'Courier, waybill 4471', by: 'Noor Hadal' };
  const send = (data: ActionData) => requests.act(noor, view.reference, 'transmit', data, view.head);
  expect(await codesOf(send({ channel: 'diplomatic' }))).toEqual([
    'requests.hold-not-over',
    'requests.no-paper-issued',
    'requests.dispatch-note-needed',
  ]);
  await issuePaper(view);
  expect(await codesOf(send({ channel: 'diplomatic', dispatch }))).toEqual(['requests.hold-not-over']);
  clock.advance(11 * 60_000);
  const late = { ...dispatch, on: plainDate('2026-05-15') };
  expect(await codesOf(send({ channel: 'diplomatic', dispatch: late }))).toEqual(['requests.dispatch-in-future']);
  const early = { ...dispatch, on: plainDate('2026-05-13') };
  expect(await codesOf(send({ channel: 'diplomatic', dispatch: early }))).toEqual([
    'requests.dispatch-before-signature',
  ]);
  const sent = value(await send({ channel: 'diplomatic', dispatch }));
  expect(sent).toMatchObject({ status: 'sent', stage: 'sent', signedHash: view.contentHash });
  expect(sent.actions.at(-1)?.data).toMatchObject({ channel: 'diplomatic', dispatch, contentHash: view.contentHash });
  // The alarm on delivery is for what the node sends itself.
  expect(sent.clocks.filter((one) => one.kind === 'stage')).toEqual([]);
  await expect(requests.act(amara, view.reference, 'recall', { reason: 'Wrong bag' }, sent.head)).rejects.toMatchObject(
    {
      name: 'NotAllowed',
    },
  );
  const back = value(await requests.act(noor, view.reference, 'recall', { reason: 'Wrong bag' }, sent.head));
  expect(back).toMatchObject({ status: 'signed', signedHash: view.contentHash });
});

test('an urgent request may leave before the hold is over, another may not', async () => {
  const view = await signed();
  await issuePaper(view);
  const dispatch = { on: plainDate('2026-05-14'), how: 'By hand', by: 'Noor Hadal' };
  const outcome = requests.act(
    noor,
    view.reference,
    'transmit',
    { channel: 'email', dispatch, waiveHold: true },
    view.head,
  );
  expect(view.urgent).toBe(true);
  expect(await codesOf(outcome)).toEqual([]);
});

test('a signature dies with its text: reopened and changed, the request is signed anew under the same version', async () => {
  const view = await signed();
  const reopened = value(await requests.act(noor, view.reference, 'reopen', { reason: 'A name was wrong' }, view.head));
  expect(reopened).toMatchObject({ status: 'draft', signedHash: null, requestVersion: view.requestVersion });
  expect(reopened.request.supersedes ?? null).toBeNull();
  const costs = { extraordinary: true };
  const changed = value(
    await requests.saveSection(amara, view.reference, {
      task: 'conditions',
      seen: reopened.revision,
      content: { costs },
    }),
  );
  expect(changed.contentHash).not.toBe(view.contentHash);
  expect(changed.signedHash).toBeNull();
  const gone = value(await requests.act(amara, view.reference, 'discard', { reason: 'Not needed' }, changed.head));
  expect(gone.status).toBe('discarded');
  expect(gone.next).toEqual([]);
});

test('the risk check is read and written by the central authority alone, and is no part of what is signed', async () => {
  const view = await complete();
  expect(view.request.internal).not.toHaveProperty('risk');
  const seenByNoor = await requests.get(noor, view.reference);
  expect(seenByNoor.request.internal?.risk?.persecution).toMatchObject({ answer: 'none-found' });
  expect(seenByNoor.contentHash).toBe(view.contentHash);
  expect((await requests.revision(jara, view.reference, view.revision)).internal).not.toHaveProperty('risk');
  const risk = { persecution: { answer: 'risk-found', reviewer: 'Amara', on: '2026-05-14' } };
  expect(
    await requests.saveSection(amara, view.reference, {
      task: 'check',
      seen: view.revision,
      content: { internal: { risk } },
    }),
  ).toMatchObject({ ok: false, error: { problems: [{ code: 'requests.risk-not-yours' }] } });
  // Saving the rest of what is internal leaves the risk check where it is.
  const notes = ['Ask the bank first'];
  const saved = value(
    await requests.saveSection(amara, view.reference, {
      task: 'check',
      seen: view.revision,
      content: { internal: { notes } },
    }),
  );
  expect(saved.contentHash).toBe(view.contentHash);
  expect((await requests.get(noor, view.reference)).request.internal).toMatchObject({
    notes,
    risk: { persecution: { answer: 'none-found' } },
  });
  await expect(
    requests.saveRisk(amara, view.reference, {
      persecution: { answer: 'none-found', reviewer: 'x', on: plainDate('2026-05-14') },
    }),
  ).rejects.toMatchObject({ name: 'NotAllowed' });
});

test('lists page without gaps or repeats, newest change first, and count by status', async () => {
  const first = await requests.list(amara, { limit: 7 });
  const second = await requests.list(amara, { limit: 7, after: first.next ?? '' });
  const references = [...first.requests, ...second.requests].map((one) => one.reference);
  expect(new Set(references).size).toBe(14);
  await expect(requests.list(amara, { after: 'yesterday~1' })).rejects.toMatchObject({ name: 'Invalid' });
  expect((await requests.list(amara, { status: 'signed' })).requests.every((one) => one.status === 'signed')).toBe(
    true,
  );
  expect((await requests.counts(amara)).draft).toBeGreaterThan(0);
});

test('the text is sealed at rest, actions and revisions cannot be changed, and every act is in the audit log', async () => {
  const { reference, id } = await requests.open(amara, { caseFileId, types: ['T5'] });
  await requests.saveSection(amara, reference, {
    task: 'facts',
    seen: 1,
    content: { nexus: { en: 'Kestrel-secret' } },
  });
  const rows = await sql<{
    sealed: Buffer;
  }>`select sealed_request as sealed from request_revisions where request_id = ${id}`.execute(database.owner);
  expect(rows.rows.length).toBe(2);
  expect(rows.rows.some(({ sealed }) => sealed.includes('Kestrel-secret'))).toBe(false);
  for (const [table, column] of [
    ['request_actions', 'at'],
    ['request_revisions', 'saved_at'],
  ] as const) {
    const change = sql`update ${sql.table(table)} set ${sql.ref(column)} = now()`;
    await expect(change.execute(database.db)).rejects.toThrow(/permission denied/);
    await expect(sql`delete from ${sql.table(table)}`.execute(database.db)).rejects.toThrow(/permission denied/);
  }
  const audit = await sql<{
    action: string;
  }>`select action from audit_entries where subject_id = ${reference}`.execute(database.owner);
  expect(audit.rows.map((row) => row.action).sort()).toEqual(['requests.create', 'requests.edit']);
});

const lawOn = (facts: TreatyFacts) => createTreaties({ facts: () => facts, words: translators });

test('facts of a check come from this node: who is bound since when, the desk, its languages and its holidays', async () => {
  const treaties = loadTreaties({ samples: sampleFolder });
  const facts = nodeFacts({ law: lawOn(treaties) });
  const node = createContext({
    db: database.db,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    state: stateCode('XA'),
    zone: 'UTC',
    profile: 'demo',
    locale: 'en',
    actor: { kind: 'system', id: 'samples' },
  });
  await node.transaction((tx) => loadSampleDirectory(tx, node));
  const found = await amara.transaction((tx) => facts(tx, amara, sampleDraft(), 'sign'));
  expect(found).toMatchObject({
    stage: 'sign',
    desk: { authority: 'XB:central-authority', designated: true },
    profile: {
      state: 'XB',
      items: { P01: { value: { request: ['es', 'en'] } }, P09: { value: { default: 'coercive-only' } } },
    },
  });
  expect(found.basis.participation.find((one) => one.instrument === 'XVIII-12' && one.state === 'XA')?.bound).toEqual([
    { from: '2003-09-29' },
  ]);
  expect(found.calendars['XB']?.weeklyRest).toEqual([6, 7]);
  expect(RequestFacts.safeParse(found).success).toBe(true);
  const problems = checkRequest(loadDefinitions(), sampleDraft(), found, amara.today());
  // The directory's entry is another version than the one the sample names, and Borea looks at its own time limits.
  const codes = problems.map((one) => one.code);
  expect(codes).toEqual(expect.arrayContaining(['requests.limitation-there', 'requests.desk-changed']));
  // Nobody recorded what else binds the two: that is told, and neither taken as none nor as a hindrance.
  expect(codes).toContain('requests.other-treaties-unknown');
  expect(codes).toHaveLength(3);
  expect(warningsWithoutReason(sampleDraft(), problems).map((one) => one.severity)).toEqual(['warn', 'warn']);
});

test('by API a request is opened, saved, checked and acted on; answers have the declared shape', async () => {
  const routes = [...definitionsApi(requests), ...deskApi(requests), ...ownApi(requests)];
  async function call(
    method: string,
    path: string,
    ctx: Context,
    given: { params?: object; query?: object; body?: unknown } = {},
  ): Promise<Record<string, unknown>> {
    const route = routes.find((one) => one.method === method && one.path === path);
    if (!route || 'files' in route.output) throw new Error(`${method} ${path}`);
    const { input } = route;
    const answer = await route.handler({
      ctx,
      query: (input.query?.parse(given.query ?? {}) ?? {}) as never,
      params: (input.params?.parse(given.params ?? {}) ?? {}) as never,
      body: input.body?.parse(given.body) as undefined,
    });
    return route.output.parse(answer) as Record<string, unknown>;
  }
  const opened = await call('post', '/api/requests', amara, { body: { caseFileId, types: ['T5'], to: 'XB' } });
  const ref = String(opened['reference']);
  const saved = await call('put', '/api/requests/:ref/sections/:task', amara, {
    params: { ref, task: 'urgency' },
    body: { seen: 1, content: { urgency: { level: 'normal' } } },
  });
  expect(saved).toMatchObject({ revision: 2, status: 'draft' });
  const late = call('put', '/api/requests/:ref/sections/:task', noor, {
    params: { ref, task: 'urgency' },
    body: { seen: 1, content: { urgency: { level: 'urgent' } } },
  });
  await expect(late).rejects.toMatchObject({
    name: 'Conflict',
    code: 'requests.section-changed',
    params: { by: 'amara' },
  });
  expect(await call('get', '/api/requests/:ref/check', amara, { params: { ref } })).toMatchObject({ blocked: true });
  const act = (action: string, seen: unknown) =>
    call('post', '/api/requests/:ref/actions', amara, { params: { ref }, body: { action, data: {}, seen } });
  await expect(act('sign', saved['head'])).rejects.toMatchObject({ name: 'NotAllowed' });
  await expect(act('submit-for-review', saved['head'])).rejects.toMatchObject({ name: 'Invalid' });
  await expect(act('take-back', saved['head'])).rejects.toMatchObject({
    name: 'Conflict',
    code: 'requests.action-not-allowed',
  });
  await expect(act('fly', saved['head'])).rejects.toThrow();
  expect(await call('post', '/api/requests/check', amara, { body: read('freeze-and-records.json') })).toMatchObject({
    blocked: false,
    completeness: { done: 8, all: 8 },
  });
  await expect(
    call('post', '/api/requests/check', amara, { body: { kind: 'request', shoeSize: 1 } }),
  ).rejects.toMatchObject({ problems: [{ code: 'requests.unknown-field' }] });
  expect(await call('get', '/api/requests', amara, { query: { status: 'draft', limit: '3' } })).toMatchObject({
    kind: 'requests.list',
  });
  expect(await call('get', '/api/requests/rules', amara, { query: { rule: 'v26' } })).toMatchObject({
    rules: [{ id: 'V26' }],
  });
  await expect(call('get', '/api/requests/definitions', amara, { query: { type: 'T99' } })).rejects.toMatchObject({
    name: 'NotFound',
  });
});
