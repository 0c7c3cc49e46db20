import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStampResponse } from '../../src/platform/crypto/rfc3161.ts';
import { buildStampRequest, openTimeStamp } from '../../src/platform/crypto/rfc3161.ts';
import { buildCertificateRequest } from '../../src/platform/crypto/index.ts';
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

/** Changes one byte: in the middle, or counted from the end. */
function flip(path: string, from?: number): void {
  const bytes = readFileSync(path);
  bytes[from === undefined ? bytes.length >> 1 : bytes.length + from]! ^= 1;
  writeFileSync(path, bytes);
}

let count = 0;
/** Unpacks a container into a bare folder and runs its VERIFY.txt with a shell that knows nothing of us. */
function followScript(
  pack: Buffer,
  change: (folder: string) => void = () => {},
  more: Record<string, string> = {},
): { status: number | null; out: string } {
  const folder = join(base, `bare-${(count += 1)}`);
  mkdirSync(folder);
  const file = keep('x.asice', pack);
  const unpacked = spawnSync('unzip', ['-q', file, '-d', folder], { encoding: 'utf8' });
  if (unpacked.status !== 0) return { status: unpacked.status, out: unpacked.stderr };
  change(folder);
  const env = { PATH: '/usr/bin:/bin', ROOT: root, TSAROOT: stampRoot, LC_ALL: 'C', ...more };
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
  const { out } = followScript(messagePack);
  expect(out).toContain('logged: every entry leads to log/checkpoint');
  expect(out).toContain('log stamped: its first 6 entries, May 14 12:00:00 2026 GMT');
});

describe('A7: VERIFY.txt says in words what is wrong', () => {
  const cases: [string, () => Buffer, (folder: string) => void, string][] = [
    [
      'a file changed by a byte',
      () => filePack,
      (folder) => flip(join(folder, 'files', '001.pdf')),
      'files/001.pdf is not the file that META-INF/ASiCManifest001.xml lists: it was changed',
    ],
    [
      'a file added',
      () => filePack,
      (folder) => writeFileSync(join(folder, 'files', '009.pdf'), 'added'),
      'added, and covered by no signature: files/009.pdf',
    ],
    [
      'a file added in META-INF',
      () => filePack,
      (folder) => writeFileSync(join(folder, 'META-INF', 'x.txt'), 'added'),
      'added, and named by nothing: META-INF/x.txt',
    ],
    [
      'a file taken out',
      () => filePack,
      (folder) => rmSync(join(folder, 'files', '002.txt')),
      'files/002.txt is listed and is missing',
    ],
    [
      'the stamp taken out while its manifest stays',
      () => filePack,
      (folder) => rmSync(join(folder, 'META-INF', 'timestamp001.tst')),
      'META-INF/ASiCManifest002.xml belongs to a proof that is missing: META-INF/timestamp001.tst',
    ],
    [
      'a byte of the manifest',
      () => filePack,
      (folder) => flip(join(folder, 'META-INF', 'ASiCManifest001.xml')),
      'META-INF/signature001.p7s is not a signature of META-INF/ASiCManifest001.xml: one of the two was changed',
    ],
    [
      'a byte of the signature',
      () => filePack,
      (folder) => flip(join(folder, 'META-INF', 'signature001.p7s'), -3),
      'META-INF/signature001.p7s is not a signature of META-INF/ASiCManifest001.xml: one of the two was changed',
    ],
    [
      'the manifest of the stamp',
      () => filePack,
      (folder) => flip(join(folder, 'META-INF', 'ASiCManifest002.xml')),
      'META-INF/timestamp001.tst is not a stamp of META-INF/ASiCManifest002.xml: one of the two was changed',
    ],
    [
      'a byte of the stamp',
      () => filePack,
      (folder) => flip(join(folder, 'META-INF', 'timestamp001.tst'), -3),
      'META-INF/timestamp001.tst does not hold: it is damaged',
    ],
    [
      'a stamp that is none',
      () => filePack,
      (folder) => writeFileSync(join(folder, 'META-INF', 'timestamp001.tst'), 'x'),
      'META-INF/timestamp001.tst cannot be read: it is damaged or no time stamp',
    ],
    [
      'a link in the place of a file',
      () => filePack,
      (folder) => symlinkSync('/etc/hostname', join(folder, 'files', 'x')),
      'not a plain file: ./files/x',
    ],
    [
      'an entry of the log',
      () => messagePack,
      (folder) => flip(join(folder, 'log', '001.entry')),
      'log/001.entry is not the file that META-INF/ASiCManifest001.xml lists: it was changed',
    ],
  ];
  for (const [title, pack, change, words] of cases)
    test(title, () => {
      const { status, out } = followScript(pack(), change);
      expect(out).toMatch(/BROKEN: .*\n$/);
      expect(out).toContain(`BROKEN: ${words}`);
      expect(status).toBe(1);
    });

  test('roots of others, and roots that are not there', () => {
    const wrong = [
      [{ ROOT: stampRoot }, 1, 'BROKEN: the certificate of the signer does not lead to ROOT='],
      [{ TSAROOT: root }, 1, 'BROKEN: META-INF/timestamp001.tst was not made by an authority whose root is'],
      [{ ROOT: '/nowhere.pem' }, 2, 'CANNOT CHECK: ROOT=/nowhere.pem is no file with a certificate'],
      [{ ROOT: '' }, 2, 'CANNOT CHECK: set ROOT to your own copy'],
      [{ TSAROOT: '' }, 2, 'CANNOT CHECK: set TSAROOT to your own copy'],
    ] as const;
    for (const [env, status, words] of wrong) {
      const done = followScript(filePack, () => {}, env);
      expect(done.out).toContain(words);
      expect(done.status).toBe(status);
    }
  });

  test('a pack without any stamp holds, and says that nobody vouched for a time', async () => {
    const { status, out } = followScript(await desk.unstampedPack());
    expect(out).toContain('NOT STAMPED');
    expect(out).toMatch(/HOLDS\n$/);
    expect(status).toBe(0);
  });
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
  const cases: [string, () => Buffer, (files: Map<string, Buffer>) => void, string][] = [
    [
      'a file changed',
      () => filePack,
      (files) => files.set('files/001.pdf', Buffer.from('x')),
      'differs from what was signed: files/001.pdf',
    ],
    [
      'a file added',
      () => filePack,
      (files) => files.set('files/009.pdf', Buffer.from('x')),
      'present and covered by nothing: files/009.pdf',
    ],
    [
      'a file taken out',
      () => filePack,
      (files) => void files.delete('files/002.txt'),
      'listed and missing: files/002.txt',
    ],
    [
      'a file added in META-INF',
      () => filePack,
      (files) => files.set('META-INF/x.txt', Buffer.from('x')),
      'present and covered by nothing: META-INF/x.txt',
    ],
    [
      'the signature of another',
      () => filePack,
      (files) => files.set('META-INF/signature001.p7s', files.get('META-INF/timestamp001.tst')!),
      'differs from what was signed: META-INF/signature001.p7s',
    ],
    [
      'a stamp that is none',
      () => filePack,
      (files) => files.set('META-INF/timestamp001.tst', Buffer.from('x')),
      'time stamp cannot be read: META-INF/timestamp001.tst',
    ],
    [
      'another type',
      () => filePack,
      (files) => files.set('mimetype', Buffer.from('application/zip')),
      'not an ASiC-E container',
    ],
    ['a name that climbs', () => filePack, (files) => files.set('../x', Buffer.from('x')), 'unsafe name'],
    [
      'a log entry changed',
      () => messagePack,
      (files) => files.set('log/001.entry', Buffer.from('x')),
      'differs from what was signed: log/001.entry',
    ],
  ];
  for (const [title, pack, change, words] of cases) {
    test(title, async () => {
      const answer = askPython(await desk.changed(pack(), change));
      expect(answer.status).toBe('broken');
      expect(answer.broken.join('\n')).toContain(words);
    });
  }
  test('a call that is wrong is said to be, and is no judgement of the pack', () => {
    const file = keep('z.asice', filePack);
    for (const args of [
      [file, '--root', '/nowhere.pem'],
      ['/nowhere.asice', '--root', root],
    ]) {
      const done = spawnSync('python3', [verifier, ...args], { encoding: 'utf8' });
      expect(done.stderr).toContain('there is no file /nowhere');
      expect(done.status).toBe(2);
    }
  });
  test('a wrong root', () => {
    const right = root;
    root = stampRoot;
    expect(askPython(filePack).broken).toEqual([
      'signer does not lead to a root that was given, or was not valid then: META-INF/signature001.p7s',
    ]);
    root = right;
  });
});

test('openssl takes the certificate request for the signing key of an authority', async () => {
  const { kid, publicKey } = await desk.keys.ensure('authority/sign', 'ES256');
  const request = await buildCertificateRequest({ subject: 'XA:central-authority', publicKey: publicKey! }, (bytes) =>
    desk.keys.sign(kid, bytes),
  );
  const file = keep('authority.csr', request);
  const done = spawnSync('openssl', ['req', '-in', file, '-verify', '-noout', '-subject'], { encoding: 'utf8' });
  expect(done.stdout + done.stderr).toContain('XA:central-authority');
  expect(done.status).toBe(0);
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
