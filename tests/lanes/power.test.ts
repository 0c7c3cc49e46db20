import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../../src/platform/clock.ts';
import { connect, openNodeDatabase, openPostgres, withTransaction } from '../../src/platform/db/index.ts';
import { putInOutbox } from '../../src/platform/outbox/index.ts';
import { systemRandom, uuidv7 } from '../../src/platform/random.ts';
import { bundleProgram } from '../support/bundle.ts';
import { isNightly } from '../support/nightly.ts';
import { readTrace, RecordedDisk, tracedCalls, type DiskEvent } from '../faults/recorded-disk.ts';
import { need, serverPids } from './tools.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-power-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const options = ['-f', '-y', '-xx', '-s', '2000000', '-e', `trace=${tracedCalls}`];

/** Numbers in [0, 1), the same for the same seed. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Blobs that were told to be stored and that some disk would not give back, over every prefix of what was done. */
function lostBlobs(events: readonly DiskEvent[], seeds: number): string[] {
  const lost = new Set<string>();
  const disk = new RecordedDisk();
  for (const event of events) {
    disk.apply(event);
    for (let seed = 0; seed < seeds + 2; seed += 1) {
      const left = disk.left(seed === 0 ? 'least' : seed === 1 ? 'most' : chanceOf(seed));
      for (const key of disk.said) {
        const bytes = left.get(`blobs/${key.slice(0, 2)}/${key}`);
        if (!bytes || createHash('sha256').update(bytes).digest('hex') !== key) lost.add(key);
      }
      // What stands under a name is whole, told or not.
      for (const [path, bytes] of left) {
        const name = /^blobs\/[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(path)?.[1];
        if (name && createHash('sha256').update(bytes).digest('hex') !== name) lost.add(name);
      }
    }
  }
  return [...lost];
}

test('D17: after a power cut at any moment every stored file that was acknowledged is there and whole', async () => {
  const strace = need('strace');
  const program = await bundleProgram('tests/faults/blob-writer.ts');
  const folder = join(base, 'files');
  mkdirSync(folder);
  const trace = join(base, 'files.trace');
  const count = isNightly ? 60 : 8;
  const ran = spawnSync(strace, [...options, '-o', trace, process.execPath, program, folder, String(count)], {
    encoding: 'utf8',
  });
  expect(ran.status, ran.stderr).toBe(0);
  const said = (bytes: Buffer) => /^stored ([0-9a-f]{64})\n$/.exec(bytes.toString('latin1'))?.[1];
  const events = readTrace(readFileSync(trace, 'utf8'), folder, said);
  expect(events.filter((event) => event.do === 'say')).toHaveLength(count);
  expect(events.filter((event) => event.do === 'flush').length).toBeGreaterThanOrEqual(count * 2);
  const seeds = isNightly ? 20 : 3;
  expect(lostBlobs(events, seeds)).toEqual([]);
  // Without any one kind of flush the trial finds it: of the file, or of the folder.
  const isFolder = (path: string) => !/[0-9A-Za-z_-]{16,}$/.test(path);
  for (const skipped of [true, false])
    expect(
      lostBlobs(
        events.filter((event) => event.do !== 'flush' || isFolder(event.path) !== skipped),
        seeds,
      ).length,
    ).toBe(count);
}, 300_000);

/** Writes the files a disk was left with into a folder that belongs to whom the old one belonged to. */
function putBack(left: ReadonlyMap<string, Buffer>, folder: string, like: string): void {
  const { uid, gid } = statSync(like);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  chownSync(folder, uid, gid);
  for (const [path, bytes] of left) {
    const file = join(folder, path);
    if (path.endsWith('/')) mkdirSync(file, { recursive: true, mode: 0o700 });
    else writeFileSync(file, bytes, { mode: 0o600 });
    chownSync(file, uid, gid);
  }
}

let prepared: Promise<string> | undefined;

/** The data folder of a node that was started once and stopped; made once. */
function preparedNode(): Promise<string> {
  prepared ??= (async () => {
    const folder = join(base, 'prepared');
    await (await openNodeDatabase({ folder })).close();
    return folder;
  })();
  return prepared;
}

/** Records a server while messages are put into the outbox one after the other; what it had before stands in `before`. */
async function recordOutbox(
  name: string,
  count: number,
  settings: string[],
): Promise<{ before: string; home: string; events: DiskEvent[]; ids: string[] }> {
  const home = join(base, name);
  cpSync(await preparedNode(), home, { recursive: true, preserveTimestamps: true });
  const owner = statSync(join(await preparedNode(), 'postgres', 'data'));
  const made = join(home, 'postgres', 'data');
  for (const one of ['', ...readdirSync(made, { recursive: true }).map(String)])
    chownSync(join(made, one), owner.uid, owner.gid);
  const data = join(home, 'postgres', 'data');
  const server = await openPostgres({ folder: home, settings });
  // Everything that came before stands on the disk.
  const { client } = connect({ url: server.url('comity_super'), size: 1 });
  const asked = await client();
  await asked.query('CHECKPOINT');
  await asked.end();
  const before = join(base, `${name}-before`);
  cpSync(data, before, { recursive: true, filter: (path) => !/\.s\.PGSQL|postmaster\.pid/.test(path) });
  const trace = join(base, `${name}.trace`);
  const pids = serverPids(server.pid);
  const tracer = spawn(need('strace'), [...options, '-o', trace, ...pids.flatMap((pid) => ['-p', String(pid)])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    tracer.once('exit', () => reject(new Error(`strace ended: ${said}`)));
    tracer.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.split('attached').length > pids.length) resolve();
    });
  });
  const { db, close } = connect({ url: server.url('comity_app'), size: 1 });
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const id = uuidv7(systemRandom, Date.parse(systemClock.now()));
    await withTransaction(db, 'system:tests', (tx) =>
      putInOutbox(tx, { clock: systemClock }, { id, stream: `s${n} a b`, kind: 'power/1', payload: { n } }),
    );
    ids.push(id);
  }
  // The same server process answers once more: so the line of the last reply is written whole.
  await sql`select 1`.execute(db);
  const ended = new Promise((resolve) => tracer.once('close', resolve));
  tracer.kill('SIGINT');
  await ended;
  await close();
  await server.stop();
  // One reply that says COMMIT for each message that was acknowledged.
  const says = (bytes: Buffer) => (bytes.includes('COMMIT') ? 'stored' : undefined);
  return { before, home, events: readTrace(readFileSync(trace, 'latin1'), data, says), ids };
}

/** Starts a server on what the disk kept, and tells which of the acknowledged messages are not there. */
async function missingAfter(
  name: string,
  left: ReadonlyMap<string, Buffer>,
  home: string,
  acknowledged: readonly string[],
): Promise<string[]> {
  const folder = join(base, name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(home, 'postgres', 'secrets.json'), join(folder, 'postgres', 'secrets.json'), { recursive: true });
  putBack(left, join(folder, 'postgres', 'data'), join(home, 'postgres', 'data'));
  const server = await openPostgres({ folder }).catch((error: unknown) => {
    throw new Error(readFileSync(join(folder, 'postgres', 'server.log'), 'utf8'), { cause: error });
  });
  try {
    const { client } = connect({ url: server.url('comity_super'), size: 1 });
    const asked = await client();
    const { rows } = await asked.query<{ id: string }>('select id from outbox');
    await asked.end();
    const there = new Set(rows.map((row) => row.id));
    return acknowledged.filter((id) => !there.has(id));
  } finally {
    await server.stop();
  }
}

test('D17: after a power cut at any moment every acknowledged message stands in the outbox; without flushes this trial fails', async () => {
  const count = isNightly ? 40 : 10;
  const cuts = isNightly ? 24 : 2;
  const { before, home, events, ids } = await recordOutbox('durable', count, []);
  const stored = () => events.filter((event) => event.do === 'say').length;
  expect(stored()).toBe(count);
  const chance = chanceOf(7);
  let tried = 0;
  for (let cut = 1; cut <= cuts; cut += 1) {
    // Just after an acknowledgement, where most is to be lost, or anywhere.
    const acknowledged = Math.ceil((count * cut) / cuts);
    let seen = 0;
    let end = events.findIndex((event) => event.do === 'say' && (seen += 1) === acknowledged) + 1;
    if (cut % 2 === 0) end = Math.floor(chance() * events.length);
    const disk = new RecordedDisk(before);
    for (const event of events.slice(0, end)) disk.apply(event);
    for (const kept of ['least', chance] as const) {
      expect(
        await missingAfter('after', disk.left(kept), home, ids.slice(0, disk.said.length)),
        `cut at ${end}, ${String(kept)}`,
      ).toEqual([]);
      tried += 1;
    }
  }
  expect(tried).toBe(cuts * 2);
  const careless = await recordOutbox('careless', count, ['fsync=off']);
  const disk = new RecordedDisk(careless.before);
  for (const event of careless.events) disk.apply(event);
  expect(disk.said).toHaveLength(count);
  expect(await missingAfter('after', disk.left('least'), careless.home, careless.ids)).not.toEqual([]);
}, 900_000);
