import { type X509Certificate } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerDesk, openProof, sampleProof, type ContainerDesk } from '../../../../tests/support/containers.ts';
import { instant, sha256, type Instant } from '../../../platform/values/index.ts';
import { dataStart, listZip } from '../archive/zip.ts';
import { verifyContainer } from './verify.ts';
import { restampContainer } from './restamp.ts';
import { readManifest } from './read.ts';

let desk: ContainerDesk;
beforeAll(async () => {
  desk = await containerDesk();
});
afterAll(() => desk.close());

const over = (bytes: Buffer) => ({
  size: bytes.length,
  read: async (start: number, length: number) => bytes.subarray(start, start + length),
});
const check = (
  bytes: Buffer,
  change: { roots?: X509Certificate[]; stampRoots?: X509Certificate[]; now?: Instant } = {},
) =>
  verifyContainer(over(bytes), {
    roots: change.roots ?? [desk.office.root],
    stampRoots: change.stampRoots ?? [desk.stamps.root],
    now: change.now ?? desk.clock.now(),
  });
const blocks = async (bytes: Buffer, change = {}) =>
  (await check(bytes, change)).findings.filter((one) => one.severity === 'block').map((one) => one.code);

test('A7: a pack of files with their custody holds, and names who signed, when, and whose time stands behind it', async () => {
  const report = await check(await desk.filePack());
  expect(report).toMatchObject({
    status: 'holds',
    signer: 'XA:central-authority',
    signedAt: '2026-05-14T12:00:00.000Z',
    stamps: [{ at: '2026-05-14T12:00:00.000Z' }],
    findings: [],
  });
});

test('A7: a pack of a message holds with its receipts, log and witness', async () => {
  const report = await check(await desk.messagePack());
  expect(report.findings).toEqual([]);
  expect(report.status).toBe('holds');
});

test('A7: any changed byte of any file breaks the pack, whether its checksum is put right or not', async () => {
  const pack = await desk.messagePack();
  const { entries } = await listZip(over(pack), 100);
  for (const entry of entries) {
    const start = await dataStart(over(pack), entry);
    const step = Math.max(Math.floor(entry.size / 6), 1);
    for (let at = 0; at < entry.size; at += step) {
      const bent = Buffer.from(pack);
      bent[start + at]! ^= 1;
      expect((await check(bent)).status, `${entry.name} at ${at}`).toBe('broken');
      if (entry.name === 'mimetype' || at % 3 !== 0) continue;
      const mended = await desk.changed(pack, (files) => {
        const content = Buffer.from(files.get(entry.name)!);
        content[at]! ^= 1;
        files.set(entry.name, content);
      });
      // Versions and lists of algorithms inside a token are signed by nobody: the token says the same.
      if (!entry.name.endsWith('.tst')) expect((await check(mended)).status, `${entry.name} at ${at}`).toBe('broken');
    }
  }
});

describe('A7: a good signature over a wrong content is broken', () => {
  const cases: [string, (files: Map<string, Buffer>) => void, string][] = [
    [
      'another file in the place of one',
      (files) => files.set('files/001.pdf', Buffer.from('other')),
      'evidence.container-differs',
    ],
    ['a file added', (files) => files.set('files/009.pdf', Buffer.from('added')), 'evidence.container-unlisted'],
    [
      'a file added in META-INF',
      (files) => files.set('META-INF/extra.txt', Buffer.from('x')),
      'evidence.container-unlisted',
    ],
    ['a file taken out', (files) => void files.delete('files/001.pdf'), 'evidence.container-missing'],
    [
      'the signature taken out',
      (files) => void files.delete('META-INF/signature001.p7s'),
      'evidence.container-missing',
    ],
    [
      'the manifest rewritten to fit',
      (files) => {
        files.set('files/001.pdf', Buffer.from('other'));
        const manifest = files.get('META-INF/ASiCManifest001.xml')!.toString();
        const right = Buffer.from(sha256('other'), 'hex').toString('base64');
        files.set(
          'META-INF/ASiCManifest001.xml',
          Buffer.from(manifest.replace(/(files\/001\.pdf".*?<ds:DigestValue>)[^<]*/, `$1${right}`)),
        );
      },
      'evidence.container-bad-signature',
    ],
    [
      'another time stamp',
      (files) => void files.set('META-INF/timestamp001.tst', Buffer.from('30820000', 'hex')),
      'evidence.container-bad-stamp',
    ],
    ['another type', (files) => files.set('mimetype', Buffer.from('application/zip')), 'evidence.container-bad-type'],
  ];
  for (const [title, change, code] of cases) {
    test(title, async () => {
      expect(await blocks(await desk.changed(await desk.filePack(), change))).toContain(code);
    });
  }
});

test('a log proof, a checkpoint or a witness that does not fit the message is found', async () => {
  const good = await sampleProof(desk);
  const packed = async (change: Partial<typeof good>) => blocks(await openProof(desk, { ...good, ...change }));
  const [entry] = good.log;
  expect(await packed({})).toEqual([]);
  expect(await packed({ log: [{ ...entry!, entry: entry!.entry.replace('sent', 'lost') }] })).toContain(
    'evidence.container-bad-log-proof',
  );
  expect(await packed({ log: [{ ...entry!, path: entry!.path.slice(1) }] })).toContain(
    'evidence.container-bad-log-proof',
  );
  expect(await packed({ log: [good.log[1]!] })).toContain('evidence.container-log-other-message');
  expect(await packed({ checkpoint: good.checkpoint!.replace('\n8\n', '\n9\n') })).toContain(
    'evidence.container-bad-log-proof',
  );
  expect(await packed({ cosignatures: [good.checkpoint!] })).toContain('evidence.container-bad-cosignature');
  expect(await packed({ consistency: [] })).toContain('evidence.container-bad-cosignature');
  expect(await packed({ consistency: [{ from: 6, to: 8, hashes: [sha256('x')] }] })).toContain(
    'evidence.container-bad-cosignature',
  );
  const [stamped] = good.stamps ?? [];
  const ofAnother = { checkpoint: good.checkpoint!, token: stamped!.token };
  expect(await packed({ stamps: [ofAnother] })).toContain('evidence.container-bad-stamp');
  expect(await packed({ message: { ...good.message, signature: good.receipts[0]!.signature } })).toContain(
    'evidence.container-bad-message',
  );
});

test('a root of somebody else, and a key that was not valid at the time, are refused', async () => {
  const pack = await desk.filePack();
  expect(await blocks(pack, { roots: [desk.stamps.root] })).toContain('evidence.container-untrusted');
  expect(await blocks(pack, { stampRoots: [desk.office.root] })).toContain('evidence.container-bad-stamp');
});

test('A10: the certificates may end after the stamp; without renewal the pack is broken, with renewal it holds', async () => {
  const pack = await desk.filePack();
  const report = await check(pack);
  expect(report.renewBefore).toBe('2027-05-14T12:00:00.000Z');
  const later = instant('2029-01-01T00:00:00.000Z');
  expect(await blocks(pack, { now: later })).toEqual(['evidence.container-stamp-lapsed']);
  // Renewed in time by a second authority with a longer certificate.
  const renewed = await buffer(
    Readable.from(await restampContainer(over(pack), desk.secondStamps('2027-01-01T00:00:00.000Z'))),
  );
  const after = await check(renewed, { now: later, stampRoots: [desk.stamps.root, desk.second.root] });
  expect(after.findings).toEqual([]);
  expect(after.stamps.map((one) => one.at)).toEqual(['2026-05-14T12:00:00.000Z', '2027-01-01T00:00:00.000Z']);
  // Renewed too late: nobody knows what was changed in between.
  const late = await buffer(
    Readable.from(await restampContainer(over(pack), desk.secondStamps('2028-01-01T00:00:00.000Z'))),
  );
  expect(await blocks(late, { now: later, stampRoots: [desk.stamps.root, desk.second.root] })).toContain(
    'evidence.container-stamp-lapsed',
  );
});

test('N12: when no authority answers the pack is made all the same, says so, and is stamped later', async () => {
  const pack = await desk.unstampedPack();
  const report = await check(pack);
  expect(report).toMatchObject({
    status: 'holds',
    stamps: [],
    findings: [{ code: 'evidence.container-no-stamp', severity: 'warn' }],
  });
  const stamped = await buffer(Readable.from(await restampContainer(over(pack), desk.stampAuthority())));
  expect(await check(stamped)).toMatchObject({ status: 'holds', findings: [], stamps: [{}] });
});

test('a manifest in any other form is refused: entities, comments, other digests, text in between', () => {
  const good =
    '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">' +
    '<asic:SigReference URI="a.p7s" MimeType="x"/><asic:DataObjectReference URI="a"><ds:DigestMethod ' +
    'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AAAA</ds:DigestValue></asic:DataObjectReference></asic:ASiCManifest>';
  expect(readManifest('m', good).references).toEqual([{ name: 'a', digest: 'AAAA' }]);
  for (const bad of [
    `<!DOCTYPE x>${good}`,
    good.replace('URI="a"', 'URI="&x;"'),
    good.replace('<asic:SigReference', '<!-- --><asic:SigReference'),
    good.replace('#sha256', '#sha1'),
    good.replace('<ds:DigestValue>AAAA', '<ds:DigestValue>A A'),
    good.replace('<asic:DataObjectReference URI="a">', '<asic:DataObjectReference URI="a"><x/>'),
    good.replace(/<asic:SigReference[^>]*>/, ''),
  ]) {
    expect(() => readManifest('m', bad), bad).toThrow('evidence.container-bad-manifest');
  }
});
