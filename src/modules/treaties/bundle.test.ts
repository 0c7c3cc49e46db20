import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { fakeClock } from '../../platform/clock.ts';
import {
  barePublicKey,
  buildDelegation,
  buildRecord,
  openFileKeyStore,
  writeRecordFile,
  type KeyStore,
} from '../../platform/crypto/index.ts';
import { createLog } from '../../platform/log.ts';
import { systemRandom } from '../../platform/random.ts';
import { Instant, plainDate, sha256, stateCode } from '../../platform/values/index.ts';
import { createContext, type Actor, type Context } from '../identity/index.ts';
import { acceptBundle, bringBundle, checkBundle, publishBundle } from './bundle.ts';
import { enterAgreement } from './importer.ts';
import { createLiveFacts } from './live.ts';
import { confirmReading } from './readings.ts';
import { decideBasis, emptyQuestion, statusOn } from './rules/index.ts';
import { type DatasetBody, InstrumentId } from './schema/index.ts';

let secretariat: TestDatabase;
let alba: TestDatabase;
let keys: KeyStore;
let folder: string;
const clock = fakeClock('2026-05-14T06:12:00.000Z');
const untoc = InstrumentId.parse('XVIII-12');
const owner = 'XD:secretariat';

beforeAll(async () => {
  [secretariat, alba] = [await testDatabase(), await testDatabase()];
  folder = mkdtempSync(join(tmpdir(), 'comity-keys-'));
  keys = await openFileKeyStore({
    folder: join(folder, 'keys'),
    passphraseFile: join(folder, 'passphrase'),
    clock,
    random: systemRandom,
  });
});
afterAll(async () => {
  await secretariat.close();
  await alba.close();
  rmSync(folder, { recursive: true, force: true });
});

function context(database: TestDatabase, id: string, profile: Context['profile'] = 'production'): Context {
  const actor: Actor = {
    kind: 'person',
    id,
    name: 'Test',
    officeId: '01890000-0000-7000-8000-0000000000aa',
    authority: null,
    roles: ['secretariat-officer', 'central-authority-officer'],
  };
  return createContext({
    db: database.db,
    actor,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    locale: 'en',
    state: stateCode('XA'),
    zone: 'UTC',
    profile,
  });
}
const first = () => context(alba, '01890000-0000-7000-8000-000000000001');
const second = () => context(alba, '01890000-0000-7000-8000-000000000002');

/** The secretariat's set, changed by hand, signed with its keys as the next record. */
async function signed(change: (body: DatasetBody) => void, seq: number, rehash = true) {
  const made = await publishBundle(context(secretariat, 's'), createLiveFacts(), { keys, owner });
  const body = structuredClone(made.bundle.body);
  change(body);
  if (rehash) for (const file of body.files) file.sha256 = sha256(file.text);
  const signing = await keys.ensure('treaties/sign', 'ES256');
  const root = await keys.ensure('records/root', 'ES256');
  const built = await buildRecord(
    keys,
    signing.kid,
    {
      kind: 'treaties-dataset',
      version: 1,
      owner,
      feed: 'treaties',
      recordId: 'treaties',
      recordVersion: seq,
      op: 'put',
      at: clock.now(),
      body: JSON.parse(JSON.stringify(body)) as Record<string, never>,
    },
    { seq: seq - 1, hash: `sha256:${sha256('before')}` as never },
  );
  const delegation = await buildDelegation(keys, root.kid, {
    owner,
    key: barePublicKey(signing.publicKey!),
    feeds: ['treaties'],
    from: Instant.parse(signing.createdAt),
    until: null,
  });
  return writeRecordFile([built], barePublicKey(root.publicKey!), [delegation]);
}

function editFile(body: DatasetBody, path: string, edit: (text: string) => string) {
  const file = body.files.find((one) => one.path === path)!;
  file.text = edit(file.text);
}

/** Palau's deposit, which the shipped data lack. */
const addPalau = (body: DatasetBody) =>
  editFile(body, 'participation.csv', (text) =>
    text.replace(/^XVIII-12,PLW,.*$/m, 'XVIII-12,PLW,,2019-05-01,accession,,derived,S1,'),
  );

async function problemsOf(work: Promise<unknown>): Promise<string[]> {
  try {
    await work;
    return [];
  } catch (error) {
    return ((error as { problems?: { code: string }[] }).problems ?? [{ code: (error as { code: string }).code }]).map(
      (one) => one.code,
    );
  }
}

test('a secretariat signs its data once; without a change the same record is given again', async () => {
  const live = createLiveFacts();
  const one = await publishBundle(context(secretariat, 's'), live, { keys, owner });
  const again = await publishBundle(context(secretariat, 's'), live, { keys, owner });
  expect(again.bundle.hash).toBe(one.bundle.hash);
  const checked = await checkBundle(one.bytes, one.root);
  expect(checked.ok && [checked.value.owner, checked.value.seq]).toEqual([owner, 1]);
});

describe('a State applies a signed set', () => {
  test('it shows what changes, a second person accepts it, own agreements stay', async () => {
    const live = createLiveFacts();
    const root = barePublicKey((await keys.ensure('records/root', 'ES256')).publicKey!);
    await enterAgreement(first(), live, {
      id: 'xa-xb',
      parties: [stateCode('KEN'), stateCode('LVA')],
      kind: 'mla',
      exists: 'yes',
      inForceFrom: plainDate('2001-01-01'),
      until: null,
      territory: null,
      text: null,
      confirmedByBoth: true,
    });
    const bytes = await signed(addPalau, 2);
    const brought = await bringBundle(first(), live, { bytes, root });
    expect(brought.status).toBe('proposed');
    expect(brought.diff?.lines.map((line) => `${line.what} ${line.state} ${line.kind}`)).toEqual([
      'added PLW accession',
      'vanished PLW party-not-dated',
    ]);
    await expect(acceptBundle(first(), live, brought.id)).rejects.toMatchObject({ code: 'identity.why-took-part' });
    const accepted = await acceptBundle(second(), live, brought.id);
    expect(accepted.status).toBe('accepted');
    const facts = live.current();
    expect(statusOn(facts, untoc, stateCode('PLW'), plainDate('2019-06-01')).status).toBe('party');
    expect(
      decideBasis(facts, {
        ...emptyQuestion,
        from: stateCode('KEN'),
        to: stateCode('LVA'),
        measure: 'mla',
        on: plainDate('2026-05-14'),
      }).bases.some((basis) => basis.instrument === 'agreement:xa-xb'),
    ).toBe(true);
    expect(await bringBundle(first(), live, { bytes })).toMatchObject({ id: brought.id, status: 'accepted' });
  });

  test('an older set, another root key, a forged signature and a changed file are refused', async () => {
    const live = createLiveFacts();
    const root = barePublicKey((await keys.ensure('records/root', 'ES256')).publicKey!);
    const other = barePublicKey((await keys.ensure('somebody/else', 'ES256')).publicKey!);
    const older = await publishBundle(context(secretariat, 's'), createLiveFacts(), { keys, owner });
    expect(await problemsOf(bringBundle(first(), live, { bytes: older.bytes }))).toEqual(['treaties.bundle-older']);
    const bytes = await signed(addPalau, 5);
    expect(await problemsOf(bringBundle(first(), live, { bytes, root: other }))).toEqual(['records.other-root']);
    expect((await checkBundle(bytes.subarray(0, bytes.length - 40), root)).ok).toBe(false);
    const differs = await signed((body) => editFile(body, 'states.csv', (text) => `${text}\n`), 6, false);
    expect(await problemsOf(bringBundle(first(), live, { bytes: differs }))).toEqual(['treaties.bundle-file-differs']);
    const lacking = await signed((body) => void body.files.pop(), 7);
    expect(await problemsOf(bringBundle(first(), live, { bytes: lacking }))).toEqual(['treaties.bundle-file-missing']);
  });

  test('days before 1945 or far ahead are refused', async () => {
    const live = createLiveFacts();
    const bytes = await signed(
      (body) =>
        editFile(body, 'participation.csv', (text) =>
          text.replace(/^XVIII-12,PLW,.*$/m, 'XVIII-12,PLW,,2039-05-01,accession,,derived,S1,'),
        ),
      20,
    );
    expect(await problemsOf(bringBundle(first(), live, { bytes }))).toContain('treaties.bundle-date');
  });

  test('when more than two in a hundred acts are gone a reason is needed', async () => {
    const live = createLiveFacts();
    const bytes = await signed(
      (body) => editFile(body, 'participation.csv', (text) => text.replace(/^VI-19,.*\n/gm, '')),
      30,
    );
    expect(await problemsOf(bringBundle(first(), live, { bytes }))).toEqual(['treaties.bundle-losses']);
    const brought = await bringBundle(first(), live, { bytes, losses: 'the table was withdrawn' });
    expect(brought).toMatchObject({ status: 'proposed', lossesReason: 'the table was withdrawn' });
  });
});

test('an official confirms a reading once; answers then say so and the version changes', async () => {
  const live = createLiveFacts();
  await live.refresh(first());
  const reading = live
    .current()
    .readings.get(untoc)!
    .get(stateCode('LVA'))!
    .find((one) => one.provision === '16(5)(a)')!;
  expect(reading.confirmed).toBe(false);
  const before = live.current().sha256;
  expect(await confirmReading(first(), live, reading.id)).toMatchObject({ confirmed: true });
  const after = live.current().sha256;
  expect(after).not.toBe(before);
  await confirmReading(second(), live, reading.id);
  expect(live.current().sha256).toBe(after);
  await expect(confirmReading(first(), live, '00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
    code: 'treaties.no-such-reading',
  });
});
