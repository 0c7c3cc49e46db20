import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStampResponse } from '../../src/platform/crypto/rfc3161.ts';
import { buildStampRequest, openTimeStamp } from '../../src/platform/crypto/rfc3161.ts';
import { restampContainer } from '../../src/modules/evidence/container/restamp.ts';
import { sha256 } from '../../src/platform/values/index.ts';
import { packageRoot } from '../../src/platform/paths.ts';
import { X509Certificate } from 'node:crypto';
import { containerDesk, type ContainerDesk } from '../support/containers.ts';
import { need } from './tools.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-container-'));
const verifier = join(packageRoot, 'protocol', 'verify', 'verify.py');
let desk: ContainerDesk;
let messagePack: Buffer;
let filePack: Buffer;
let root: string;
let stampRoot: string;

beforeAll(async () => {
  for (const tool of ['openssl', 'unzip', 'python3', 'sed', 'basenc']) need(tool);
  desk = await containerDesk();
  messagePack = await desk.messagePack();
  filePack = await desk.filePack();
  root = keep('root.pem', desk.office.root.toString());
  stampRoot = keep('tsa-root.pem', desk.stamps.root.toString());
}, 120_000);
afterAll(async () => {
  await desk?.close();
  rmSync(base, { recursive: true, force: true });
});

function keep(name: string, content: string | Uint8Array): string {
  const path = join(base, name);
  writeFileSync(path, content);
  return path;
}

let count = 0;
/** Unpacks a container into a bare folder and runs its VERIFY.txt with a shell that knows nothing of us. */
function followScript(
  pack: Buffer,
  change: (folder: string) => void = () => {},
): { status: number | null; out: string } {
  const folder = join(base, `bare-${(count += 1)}`);
  mkdirSync(folder);
  const file = keep('x.asice', pack);
  const unpacked = spawnSync('unzip', ['-q', file, '-d', folder], { encoding: 'utf8' });
  if (unpacked.status !== 0) return { status: unpacked.status, out: unpacked.stderr };
  change(folder);
  const env = { PATH: '/usr/bin:/bin', ROOT: root, TSAROOT: stampRoot, LC_ALL: 'C' };
  const done = spawnSync('sh', ['VERIFY.txt'], { cwd: folder, env, encoding: 'utf8' });
  return { status: done.status, out: done.stdout + done.stderr };
}

interface Answer {
  status: string;
  signer: string;
  stamps: { at: string }[];
  broken: string[];
  notes: string[];
}

function askPython(pack: Buffer, more: string[] = []): Answer {
  const file = keep('y.asice', pack);
  const args = [
    verifier,
    file,
    '--root',
    root,
    '--tsa-root',
    stampRoot,
    '--at',
    '2026-06-01T00:00:00Z',
    '--json',
    ...more,
  ];
  const done = spawnSync('python3', args, { encoding: 'utf8' });
  const answer = JSON.parse(done.stdout || JSON.stringify({ status: done.stderr })) as Answer;
  expect(done.status).toBe(answer.status === 'holds' ? 0 : 1);
  return answer;
}

test('A7: VERIFY.txt passes in a bare folder with unzip, openssl and the small tools', () => {
  for (const pack of [messagePack, filePack]) {
    const { status, out } = followScript(pack);
    expect(out).toMatch(/^stamped: May 14 12:00:00 2026 GMT$/m);
    expect(out).toMatch(/HOLDS\n$/);
    expect(status).toBe(0);
  }
  expect(followScript(messagePack).out).toContain('logged: every entry leads to log/checkpoint');
});

test('A7: VERIFY.txt finds a changed, an added and a missing file, and a wrong root', () => {
  const changes: ((folder: string) => void)[] = [
    (folder) => writeFileSync(join(folder, 'files', '001.pdf'), 'other'),
    (folder) => writeFileSync(join(folder, 'files', '009.pdf'), 'added'),
    (folder) => rmSync(join(folder, 'files', '002.txt')),
    (folder) => copyFileSync(join(folder, 'contents.json'), join(folder, 'META-INF', 'signature001.p7s')),
    (folder) =>
      copyFileSync(join(folder, 'META-INF', 'signature001.p7s'), join(folder, 'META-INF', 'timestamp001.tst')),
  ];
  for (const change of changes) {
    const { status, out } = followScript(filePack, change);
    expect(out).toContain('BROKEN');
    expect(status).toBe(1);
  }
  const proof = followScript(messagePack, (folder) => {
    const path = join(folder, 'log', '001.entry');
    writeFileSync(path, readFileSync(path, 'utf8').replace('sent', 'lost'));
  });
  expect(proof.status).toBe(1);
  const right = root;
  root = stampRoot;
  expect(followScript(filePack).status).toBe(1);
  root = right;
});

test('A7: the verifier in another language is short and agrees that our packs hold', async () => {
  expect(readFileSync(verifier, 'utf8').split('\n').length).toBeLessThan(400);
  for (const pack of [messagePack, filePack]) {
    expect(askPython(pack)).toMatchObject({
      status: 'holds',
      signer: 'XA:central-authority',
      stamps: [{ at: '2026-05-14T12:00:00Z' }],
      broken: [],
      notes: [],
    });
  }
  expect(askPython(await desk.unstampedPack())).toMatchObject({ status: 'holds', notes: ['not time-stamped yet'] });
}, 60_000);

describe('A7: the verifier in another language finds what was done to a pack', () => {
  const cases: [string, () => Buffer, (files: Map<string, Buffer>) => void][] = [
    ['a file changed', () => filePack, (files) => files.set('files/001.pdf', Buffer.from('x'))],
    ['a file added', () => filePack, (files) => files.set('files/009.pdf', Buffer.from('x'))],
    ['a file taken out', () => filePack, (files) => void files.delete('files/002.txt')],
    ['a file added in META-INF', () => filePack, (files) => files.set('META-INF/x.txt', Buffer.from('x'))],
    [
      'the signature of another',
      () => filePack,
      (files) => files.set('META-INF/signature001.p7s', files.get('META-INF/timestamp001.tst')!),
    ],
    ['a stamp that is none', () => filePack, (files) => files.set('META-INF/timestamp001.tst', Buffer.from('x'))],
    ['another type', () => filePack, (files) => files.set('mimetype', Buffer.from('application/zip'))],
    ['a name that climbs', () => filePack, (files) => files.set('../x', Buffer.from('x'))],
    ['a log entry changed', () => messagePack, (files) => files.set('log/001.entry', Buffer.from('x'))],
  ];
  for (const [title, pack, change] of cases) {
    test(title, async () => {
      const answer = askPython(await desk.changed(pack(), change));
      expect(answer.status).toBe('broken');
      expect(answer.broken.length).toBeGreaterThan(0);
    });
  }
  test('a wrong root', () => {
    const right = root;
    root = stampRoot;
    expect(askPython(filePack).status).toBe('broken');
    root = right;
  });
});

test('A10: a renewed pack holds after the first certificate ended, to the verifier in another language as well', async () => {
  const over = {
    size: filePack.length,
    read: async (start: number, length: number) => filePack.subarray(start, start + length),
  };
  const renewed = await buffer(
    Readable.from(await restampContainer(over, desk.secondStamps('2027-01-01T00:00:00.000Z'))),
  );
  const second = keep('second.pem', desk.second.root.toString());
  const later = ['--at', '2029-01-01T00:00:00Z'];
  expect(askPython(filePack, later).broken).toEqual([
    'time stamp was not renewed before its certificate ended: META-INF/timestamp001.tst',
  ]);
  expect(askPython(renewed, ['--tsa-root', second, ...later])).toMatchObject({ status: 'holds', stamps: [{}, {}] });
});

test('N12: an authority made with openssl ts stamps, and its token is taken; a wrong one is refused', () => {
  const folder = join(base, 'openssl-tsa');
  mkdirSync(folder);
  const run = (...args: string[]) => {
    const done = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`openssl ${args.join(' ')}: ${done.stderr}`);
  };
  writeFileSync(
    join(folder, 'tsa.cnf'),
    `[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:true\n[tsa]\nextendedKeyUsage=critical,timeStamping\n` +
      `[plain]\nbasicConstraints=CA:false\n[ts]\nserial=serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\nordering=no\ntsa_name=no\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n`,
  );
  run(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=Lane root',
    '-config',
    'tsa.cnf',
    '-extensions',
    'ca',
    '-days',
    '30',
  );
  run(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'tsa.key',
    '-out',
    'tsa.csr',
    '-subj',
    '/CN=Lane stamps',
    '-config',
    'tsa.cnf',
  );
  for (const use of ['tsa', 'plain']) {
    run(
      'x509',
      '-req',
      '-in',
      'tsa.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      `${use}.pem`,
      '-extfile',
      'tsa.cnf',
      '-extensions',
      use,
      '-days',
      '30',
    );
  }
  writeFileSync(join(folder, 'serial'), '01\n');
  const nonce = Buffer.from('0102030405060708', 'hex');
  const imprint = sha256('a checkpoint');
  writeFileSync(join(folder, 'q.tsq'), buildStampRequest({ imprint, nonce }));
  run(
    'ts',
    '-reply',
    '-config',
    'tsa.cnf',
    '-section',
    'ts',
    '-queryfile',
    'q.tsq',
    '-signer',
    'tsa.pem',
    '-inkey',
    'tsa.key',
    '-out',
    'r.tsr',
  );
  const token = readStampResponse(readFileSync(join(folder, 'r.tsr')));
  const roots = [new X509Certificate(readFileSync(join(folder, 'ca.pem')))];
  expect(openTimeStamp(token, { imprint, nonce, roots }).policy).toBe('1.2.3.4.1');
  expect(() => openTimeStamp(token, { imprint: sha256('other'), nonce, roots })).toThrow('crypto.stamp-other-imprint');
  expect(() => openTimeStamp(token, { imprint, nonce: Buffer.alloc(8, 1), roots })).toThrow('crypto.stamp-other-nonce');
  expect(() => openTimeStamp(token, { imprint, nonce, roots: [desk.stamps.root] })).toThrow('crypto.cms-untrusted');
  expect(() => openTimeStamp(token, { imprint, nonce, roots, policies: ['1.2.3.4.2'] })).toThrow(
    'crypto.stamp-other-policy',
  );
  // openssl itself does not stamp with a certificate made for other uses.
  expect(() =>
    run(
      'ts',
      '-reply',
      '-config',
      'tsa.cnf',
      '-section',
      'ts',
      '-queryfile',
      'q.tsq',
      '-signer',
      'plain.pem',
      '-inkey',
      'tsa.key',
      '-out',
      'w.tsr',
    ),
  ).toThrow();
}, 60_000);
