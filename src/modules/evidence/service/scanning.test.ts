import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evidenceDesk, type EvidenceDesk } from '../../../../tests/support/evidence.ts';
import { hostileArchives, makeZip, ratioBomb } from '../../../../tests/support/hostile/archives.ts';
import { clamdDouble, eicar, type ClamdDouble } from '../../../../tests/support/hostile/clamd.ts';
import type { Context } from '../../identity/index.ts';
import { clamd, type CaseFileId, type Evidence, type EvidenceFileId } from '../index.ts';
import { decideScan } from '../rules/scan.ts';

let desk: EvidenceDesk;
let double: ClamdDouble;
let evidence: Evidence;
let amina: Context;
let bruno: Context;
let node: Context;
let caseFileId: CaseFileId;

beforeAll(async () => {
  desk = await evidenceDesk();
  double = await clamdDouble();
  evidence = desk.again({ scanner: clamd({ address: double.address, limit: 5_000_000, timeout: 2000 }) });
  amina = desk.person('amina');
  bruno = desk.person('bruno', ['reviewer', 'prosecutor']);
  node = desk.system('scan');
  caseFileId = (await evidence.openCaseFile(amina, { title: 'Hostile', handling: desk.handling, members: ['bruno'] }))
    .id;
});
afterAll(async () => {
  await desk.close();
  await double.close();
});

async function scanned(bytes: Buffer, fileName = 'sample.bin', by = evidence) {
  const { id } = await by.addFile(amina, caseFileId, { fileName, bytes });
  const done = await by.scanFile(node, id);
  return { id, done, file: await by.getFile(amina, id) };
}

test('F2: the test file of scanners is locked, plain and inside other bytes, and nobody gets it', async () => {
  for (const bytes of [
    eicar,
    Buffer.concat([Buffer.from('From: x\n\n'), eicar]),
    makeZip([{ name: 'e', content: eicar, stored: true }]),
  ]) {
    const { id, file } = await scanned(bytes);
    expect(file.scan).toBe('quarantined');
    await expect(evidence.readFile(amina, id)).rejects.toThrow('evidence.in-quarantine');
    await expect(
      amina.transaction((tx) => evidence.recordRelease(tx, amina, [id], 'message-1', { to: 'XB:central-authority' })),
    ).rejects.toThrow('evidence.in-quarantine');
    expect(await evidence.listQuarantine(amina, caseFileId)).toContainEqual(
      expect.objectContaining({ fileId: id, found: 'Eicar-Test-Signature', confirmedBy: null }),
    );
  }
});

test('F2: a file comes out of quarantine by two persons only, and is still not called clean', async () => {
  const { id } = await scanned(eicar);
  await expect(evidence.confirmLettingOut(bruno, id)).rejects.toThrow('evidence.not-asked');
  await evidence.askLettingOut(amina, id, 'needed-as-evidence');
  await expect(evidence.askLettingOut(bruno, id, 'false-alarm')).rejects.toThrow('evidence.asked-already');
  await expect(evidence.confirmLettingOut(desk.person('amina', ['reviewer']), id)).rejects.toThrow(
    'identity.why-took-part',
  );
  await expect(evidence.confirmLettingOut(desk.person('mallory', ['reviewer']), id)).rejects.toThrow();
  await expect(evidence.readFile(amina, id)).rejects.toThrow('evidence.in-quarantine');
  await evidence.confirmLettingOut(bruno, id);
  const read = await evidence.readFile(amina, id);
  expect((await buffer(read.bytes)).equals(eicar)).toBe(true);
  expect(read.file.scan).toBe('quarantined');
  const { entries } = await evidence.listCustody(amina, id);
  expect(entries.map(({ entry }) => entry.act)).toEqual(['received', 'sealed', 'scanned', 'let-out', 'read']);
});

test('F6: a photo with its place is told to the officer; the copy for sharing has none, the original keeps it', async () => {
  const gps = Buffer.from('ffd8ffe1001a45786966000049492a000800000001002588030001000000ffff', 'hex');
  const photo = Buffer.concat([gps.subarray(0, 30), Buffer.from('ffda000401003f00d2cf20ffd9', 'hex')]);
  const { id, file } = await scanned(photo, 'harbour.jpg');
  expect(file.findings).toEqual(['photo-place']);
  const copy = await evidence.makeShareCopy(amina, id);
  expect(copy.fileName).toBe('harbour-share.jpg');
  await evidence.scanFile(node, copy.id);
  expect((await evidence.getFile(amina, copy.id)).findings).toEqual([]);
  expect((await buffer((await evidence.readFile(amina, copy.id)).bytes)).includes('Exif')).toBe(false);
  expect((await buffer((await evidence.readFile(amina, id)).bytes)).equals(photo)).toBe(true);
  const text = await scanned(Buffer.from('no photo'), 'note.txt');
  await expect(evidence.makeShareCopy(amina, text.id)).rejects.toThrow('evidence.no-share-copy');
});

test('P7: the table itself refuses that one person asks and confirms', async () => {
  const { id } = await scanned(eicar);
  await evidence.askLettingOut(amina, id, 'false-alarm');
  await expect(
    amina.transaction((tx) =>
      tx.updateTable('evidence_quarantine').set({ confirmed_by: 'amina' }).where('file_id', '=', id).execute(),
    ),
  ).rejects.toThrow(/check constraint/);
});

test('F3: only an answer of the scanner makes a file clean: down, silent, cut and nonsense do not', async () => {
  expect((await scanned(Buffer.from('harmless'))).file.scan).toBe('clean');
  for (const mode of ['silent', 'cuts', 'nonsense'] as const) {
    double.mode = mode;
    const { id, done, file } = await scanned(Buffer.from(`harmless ${mode}`));
    expect([file.scan, done]).toEqual(['scanner-down', false]);
    double.mode = 'works';
    // Asked again when it is back.
    expect(await node.transaction((tx) => evidence.listToScan(tx, 50))).toContain(id);
    expect(await evidence.scanFile(node, id)).toBe(true);
    expect((await evidence.getFile(amina, id)).scan).toBe('clean');
  }
  const away = desk.again({ scanner: clamd({ address: '127.0.0.1:9', limit: 1000 }) });
  expect((await scanned(Buffer.from('x'), 'x', away)).file.scan).toBe('scanner-down');
  expect((await scanned(Buffer.from('x'), 'x', desk.again())).file.scan).toBe('not-scanned');
});

test('F3: what is larger than the scanner takes is said to be, by our limit and by its own', async () => {
  expect((await scanned(Buffer.alloc(5_000_001))).file.scan).toBe('too-big-to-scan');
  double.limit = 1000;
  expect((await scanned(Buffer.alloc(2000, 1))).file.scan).toBe('too-big-to-scan');
  double.limit = 1 << 30;
});

test('F3: over our own limits the OK of a scanner means nothing', async () => {
  const { file } = await scanned(ratioBomb(), 'bomb.zip');
  expect(file).toMatchObject({ scan: 'too-big-to-scan', findings: ['archive-ratio'], mediaType: 'application/zip' });
});

test('F3: an encrypted archive is said to be, and never clean', async () => {
  const encrypted = hostileArchives.find((one) => one.finding === 'archive-encrypted')!;
  const { file } = await scanned(encrypted.bytes(), 'locked.zip');
  expect(file).toMatchObject({ scan: 'not-scanned', findings: ['archive-encrypted'] });
});

test('clean has one way only', () => {
  const statuses = ['clean', 'found', 'too-big', 'down'] as const;
  for (const hasScanner of [true, false])
    for (const status of [...statuses, undefined])
      for (const findings of [
        [],
        ['archive-ratio'],
        ['archive-encrypted'],
        ['archive-broken'],
        ['archive-link'],
      ] as const) {
        const answer = status === 'found' ? { status, name: 'x' } : status ? { status } : undefined;
        const { scan } = decideScan({ hasScanner, answer, findings });
        const may = hasScanner && status === 'clean' && (findings.length === 0 || findings[0] === 'archive-link');
        expect(scan === 'clean', `${hasScanner} ${status} ${findings.join()}`).toBe(may);
        if (status === 'found') expect(scan).toBe('quarantined');
      }
});

test('only the node scans', async () => {
  const { id } = await scanned(Buffer.from('y'));
  await expect(evidence.scanFile(amina, id as EvidenceFileId)).rejects.toThrow('evidence.node-only');
});
