import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/platform/paths.ts';
import { endAll, environmentOf, freePort, startProcess } from '../faults/process.ts';
import { need } from './tools.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-account-'));
const tree = join(base, 'tree');
beforeAll(() => {
  // Others may pass through, as on any machine where a program is installed for all.
  chmodSync(base, 0o755);
  mkdirSync(tree, { mode: 0o755 });
  for (const name of ['dist', 'src', 'data', 'package.json'])
    cpSync(join(packageRoot, name), join(tree, name), { recursive: true });
  const linked = spawnSync('cp', ['-al', join(packageRoot, 'node_modules'), join(tree, 'node_modules')]);
  if (linked.status !== 0) spawnSync('cp', ['-a', join(packageRoot, 'node_modules'), join(tree, 'node_modules')]);
  spawnSync('chmod', ['-R', 'a+rX', tree]);
});
afterAll(async () => {
  await endAll();
  rmSync(base, { recursive: true, force: true });
});

function idsOf(account: string): { uid: number; gid: number } {
  const fields = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === account);
  if (!fields) throw new Error(`There is no account "${account}"`);
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

test('a copy of the built tree runs as root', async () => {
  const node = await startProcess(join(tree, 'dist', 'main.js'), environmentOf(join(base, 'root'), await freePort()));
  expect((await node.get('/law')).status).toBe(200);
  expect((await node.kill('SIGTERM')).code).toBe(0);
});

test('the same copy runs as an ordinary user with a home elsewhere, and writes to home and data folder only', async () => {
  const { uid, gid } = idsOf('nobody');
  const home = join(base, 'home');
  const data = join(base, 'data');
  for (const folder of [home, data]) {
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, uid, gid);
  }
  const before = spawnSync('find', [tree, '-newer', join(tree, 'package.json'), '-user', 'nobody'], {
    encoding: 'utf8',
  });
  const node = await startProcess(
    join(tree, 'dist', 'main.js'),
    { ...environmentOf(data, await freePort()), HOME: home },
    { through: [need('setpriv'), `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'] },
  );
  expect((await node.get('/law')).status).toBe(200);
  expect((await node.get('/readyz')).text).toBe('ready\n');
  expect((await node.kill('SIGTERM')).code).toBe(0);
  const after = spawnSync('find', [tree, '-user', 'nobody'], { encoding: 'utf8' });
  expect([before.stdout, after.stdout]).toEqual(['', '']);
});
