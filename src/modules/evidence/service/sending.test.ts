import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evidenceDesk, type EvidenceDesk } from '../../../../tests/support/evidence.ts';
import { systemRandom } from '../../../platform/random.ts';
import { plainDate, sha256 } from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import type { CaseFile, EvidenceFile, UseLimitation } from '../index.ts';

const borea = 'XB:central-authority';
let desk: EvidenceDesk;
let amina: Context;
let node: Context;
let caseFile: CaseFile;

beforeAll(async () => {
  desk = await evidenceDesk();
  amina = desk.person('amina');
  node = desk.system('exchange');
  caseFile = await desk.evidence.openCaseFile(amina, { title: 'Harbour', handling: desk.handling });
});
afterAll(() => desk.close());

const random = (size: number) => Buffer.from(systemRandom.bytes(size));
const limitation: UseLimitation = { use: 'this-case', source: borea, words: 'Only the harbour case' };

async function receive(bytes: Buffer, useLimitation: UseLimitation | null = null): Promise<EvidenceFile> {
  const staged = await desk.evidence.stageFile(node, {
    fileName: 'statement.pdf',
    mediaType: 'application/pdf',
    bytes: Readable.from([bytes]),
    size: bytes.length,
    sha256: sha256(bytes),
  });
  return node.transaction((tx) =>
    desk.evidence.takeStaged(tx, node, caseFile.id, staged, {
      source: borea,
      custodyRef: 'XB-9',
      reference: 'message-1',
      useLimitation,
    }),
  );
}

test('what arrives with a message is staged before any case file is known, and enters one with its origin', async () => {
  const bytes = random(100_000);
  const staged = await desk.evidence.stageFile(node, {
    fileName: 'konto.csv',
    mediaType: 'text/csv',
    bytes: Readable.from([bytes]),
  });
  expect((await buffer(desk.evidence.readStaged(staged))).equals(bytes)).toBe(true);
  const file = await node.transaction(async (tx) => {
    const opened = await desk.evidence.openCaseFileFor(tx, node, {
      title: 'Request from Borea',
      handling: desk.handling,
      officeId: 'office-1',
      members: ['amina'],
    });
    return desk.evidence.takeStaged(tx, node, opened.id, staged, {
      source: borea,
      custodyRef: 'XB-7',
      reference: 'message-0',
      useLimitation: limitation,
    });
  });
  expect(file).toMatchObject({
    source: borea,
    sourceRef: 'XB-7',
    useLimitation: limitation,
    addedBy: 'system:exchange',
  });
  expect((await buffer((await desk.evidence.readFile(amina, file.id)).bytes)).equals(bytes)).toBe(true);
  const { entries } = await desk.evidence.listCustody(amina, file.id);
  expect(entries[0]?.entry).toMatchObject({
    act: 'received',
    by: 'system:exchange',
    party: borea,
    partyRef: 'XB-7',
    reference: 'message-0',
  });
});

test('a file that is not as announced is refused and leaves nothing behind', async () => {
  const count = async () => {
    let found = 0;
    for await (const _ of desk.blobs.list()) found += 1;
    return found;
  };
  const before = await count();
  const bytes = random(50_000);
  const give = (change: object) =>
    desk.evidence.stageFile(node, {
      fileName: 'a',
      mediaType: 'text/plain',
      bytes: Readable.from([bytes]),
      size: bytes.length,
      sha256: sha256(bytes),
      ...change,
    });
  await expect(give({ sha256: sha256('other') })).rejects.toThrow('evidence.hash-differs');
  await expect(give({ size: 49_999 })).rejects.toThrow('evidence.hash-differs');
  expect(await count()).toBe(before);
});

test('a staged file is taken once: the second taking finds nothing', async () => {
  const staged = await desk.evidence.stageFile(node, {
    fileName: 'once',
    mediaType: 'text/plain',
    bytes: Readable.from([random(10)]),
  });
  const take = () =>
    node.transaction((tx) =>
      desk.evidence.takeStaged(tx, node, caseFile.id, staged, { source: borea, custodyRef: null, useLimitation: null }),
    );
  const both = await Promise.allSettled([take(), take()]);
  expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('only a file that a person released with this reference is opened for sending', async () => {
  const bytes = random(70_000);
  const file = await desk.evidence.addFile(amina, caseFile.id, { fileName: 'proof.bin', bytes });
  const open = (reference: string) => node.transaction((tx) => desk.evidence.openReleased(tx, [file.id], reference));
  await expect(open('message-2')).rejects.toThrow('evidence.not-released');
  await amina.transaction((tx) => desk.evidence.recordRelease(tx, amina, [file.id], 'message-2', { to: borea }));
  const [outgoing] = await open('message-2');
  expect(outgoing).toMatchObject({ fileName: 'proof.bin', size: bytes.length, sha256: sha256(bytes) });
  expect((await buffer(await outgoing!.open())).equals(bytes)).toBe(true);
  expect((await buffer(await outgoing!.open())).equals(bytes)).toBe(true);
  await expect(open('message-3')).rejects.toThrow('evidence.not-released');
  const { entries } = await desk.evidence.listCustody(amina, file.id);
  expect(entries.at(-1)).toMatchObject({
    hash: outgoing!.custodyRef,
    entry: { act: 'released', reference: 'message-2', party: borea, by: 'amina' },
  });
});

test('V3: a file given for one case is opened for another only with the consent of the State that gave it', async () => {
  const file = await receive(random(2000), limitation);
  const other = await desk.evidence.openCaseFile(amina, { title: 'Warehouse', handling: desk.handling });
  const use = (consentId?: string) =>
    desk.evidence.useInCaseFile(amina, file.id, other.id, consentId === undefined ? {} : { consentId });
  await expect(use()).rejects.toMatchObject({
    code: 'evidence.use-limited',
    problems: [{ code: 'evidence.consent-needed', rule: 'V21' }],
  });
  await expect(use('consent-1')).rejects.toMatchObject({ problems: [{ code: 'evidence.consent-unknown' }] });
  const consent = (by: string, consentId: string) =>
    node.transaction((tx) =>
      desk.evidence.recordConsent(tx, node, [file.id], {
        consentId,
        by,
        on: plainDate('2026-05-14'),
        covers: 'The warehouse case',
      }),
    );
  // Of somebody else: it does not count.
  await consent('XC:central-authority', 'consent-2');
  await expect(use('consent-2')).rejects.toThrow('evidence.use-limited');
  await consent(borea, 'consent-1');
  const linked = await use('consent-1');
  expect(linked).toMatchObject({ linkedFrom: file.id, sha256: file.sha256, useLimitation: limitation, source: borea });
  const bytes = await buffer((await desk.evidence.readFile(amina, linked.id)).bytes);
  expect(sha256(bytes)).toBe(file.sha256);
  expect(await desk.evidence.listConsents(amina, file.id)).toMatchObject([
    { consentId: 'consent-2' },
    { consentId: 'consent-1', covers: 'The warehouse case', recordedBy: 'system:exchange' },
  ]);
  // The consent does not travel on: a third case asks again.
  const third = await desk.evidence.openCaseFile(amina, { title: 'Third', handling: desk.handling });
  await expect(desk.evidence.useInCaseFile(amina, linked.id, third.id, { consentId: 'consent-1' })).rejects.toThrow(
    'evidence.use-limited',
  );
});

test('V3: what one State gave goes to a third State only with its consent, and back to it freely', async () => {
  const file = await receive(random(2000), limitation);
  const release = (to: string, consentId?: string) =>
    amina.transaction((tx) =>
      desk.evidence.recordRelease(tx, amina, [file.id], `to-${to}`, { to, ...(consentId ? { consentId } : {}) }),
    );
  await expect(release('XC:central-authority')).rejects.toThrow('evidence.use-limited');
  await release(borea);
  await node.transaction((tx) => desk.evidence.recordReturn(tx, node, [file.id], 'message-5', borea));
  const { entries } = await desk.evidence.listCustody(amina, file.id);
  expect(entries.slice(-2).map(({ entry }) => [entry.act, entry.party])).toEqual([
    ['released', borea],
    ['returned', borea],
  ]);
});

test('only the node opens a case file for what arrived, and never one that nobody may know of', async () => {
  const open = (ctx: Context, members: string[]) =>
    ctx.transaction((tx) =>
      desk.evidence.openCaseFileFor(tx, ctx, { title: 'X', handling: desk.handling, officeId: 'office-1', members }),
    );
  await expect(open(amina, ['amina'])).rejects.toThrow('evidence.node-only');
  await expect(open(node, [])).rejects.toThrow('evidence.last-member');
});
