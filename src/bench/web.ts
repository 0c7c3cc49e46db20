import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer as createSocket, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { packageRoot } from '../platform/paths.ts';
import type { BenchRow } from '../modules/treaties/index.ts';

const area = 'web';
const runs = 3;
const lawPage = '/law/XVIII-12?on=2013-03-29';
const smallPage = '/accessibility';

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function quantile(values: number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
}

async function freePort(): Promise<number> {
  const probe = createSocket().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

interface Fetched {
  status: number;
  bytes: number;
  body: Buffer;
}

function get(port: number, path: string, agent?: Agent, headers: Record<string, string> = {}): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const host = `alba.localhost:${port}`;
    const outgoing = request(
      { host: '127.0.0.1', port, path, agent, headers: { Host: host, ...headers } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const body = Buffer.concat(chunks);
          resolve({ status: incoming.statusCode ?? 0, bytes: body.length, body });
        });
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Answers a bounded number of calls, so many at once, and says how long each took. */
async function load(
  port: number,
  path: string,
  { calls, atOnce }: { calls: number; atOnce: number },
): Promise<{ perSecond: number; p95: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const times: number[] = [];
  let left = calls;
  const began = performance.now();
  const one = async () => {
    while (left > 0) {
      left -= 1;
      const start = performance.now();
      const { status } = await get(port, path, agent);
      if (status !== 200) throw new Error(`${path} answered ${status} under load`);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return { perSecond: calls / seconds, p95: quantile(times, 0.95) };
}

interface Started {
  child: ChildProcess;
  port: number;
  seconds: number;
}

/** Starts the built program as a process of its own and waits until it is ready. */
async function startNode(folder: string): Promise<Started> {
  const port = await freePort();
  const settings = ['COMITY_PROFILE=demo', 'COMITY_STATE=XA', `COMITY_DATA=${folder}`, `COMITY_PORT=${port}`,
    'COMITY_LOG_LEVEL=error', 'COMITY_DISK_RESERVE_MB=16', 'COMITY_PUBLIC_PER_MINUTE=0', 'DATABASE_URL=']; // prettier-ignore
  const began = performance.now();
  const child = spawn('env', [...settings, process.execPath, join(packageRoot, 'dist', 'main.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while (performance.now() - began < 120_000) {
    if (child.exitCode !== null) throw new Error(`The node ended with ${child.exitCode} at its start`);
    const answer = await get(port, '/readyz').catch(() => undefined);
    if (answer?.status === 200) return { child, port, seconds: (performance.now() - began) / 1000 };
    await wait(20);
  }
  child.kill('SIGKILL');
  throw new Error('The node was not ready after two minutes');
}

async function stopNode({ child }: Started): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([ended, wait(20_000, undefined, { ref: false })]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}

/** The peer: the same bytes from a bare server in a process of its own. */
async function startPeer(body: Buffer): Promise<{ child: ChildProcess; port: number }> {
  const port = await freePort();
  const program = `const chunks=[];process.stdin.on('data',(c)=>chunks.push(c)).on('end',()=>{const body=Buffer.concat(chunks);
    require('node:http').createServer((q,a)=>a.writeHead(200,{'Content-Type':'text/html; charset=utf-8','Content-Length':body.length}).end(body)).listen(${port},'127.0.0.1')})`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(body);
  for (let tries = 0; tries < 250; tries += 1) {
    if (await get(port, '/').catch(() => undefined)) return { child, port };
    await wait(20);
  }
  throw new Error('The bare server was not ready');
}

function megabytesOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;

async function speedRows(node: Started): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [name, path, goal] of [
    ['treaty page with 197 States', lawPage, 0],
    ['small page', smallPage, 300],
  ] as const) {
    const peer = await startPeer((await get(node.port, path)).body);
    try {
      const size = { calls: 400, atOnce: 8 };
      await load(node.port, path, { calls: 200, atOnce: 8 });
      await load(peer.port, '/', { calls: 200, atOnce: 8 });
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        ours.push((await load(node.port, path, size)).perSecond);
        theirs.push((await load(peer.port, '/', size)).perSecond);
      }
      const [figure, bare] = [median(ours), median(theirs)];
      const crowd = await load(node.port, path, { calls: 500, atOnce: 50 });
      rows.push({
        area,
        name: `${name}, one process`,
        figure: `${figure.toFixed(0)}/s`,
        goal: goal === 0 ? 'see p95' : `${goal}/s or more`,
        peer: `the same bytes from node:http, ${bare.toFixed(0)}/s`,
        ratio: `${(bare / figure).toFixed(1)} times slower`,
        met: figure >= goal,
      });
      rows.push({
        area,
        name: `${name}, 50 readers at once, p95`,
        figure: `${crowd.p95.toFixed(0)} ms`,
        goal: '< 300 ms',
        met: crowd.p95 < 300,
      });
    } finally {
      peer.child.kill();
    }
  }
  return rows;
}

async function weightRows(node: Started): Promise<BenchRow[]> {
  const taking = { 'Accept-Encoding': 'br, gzip' };
  const page = await get(node.port, lawPage, undefined, taking);
  const html = (await get(node.port, lawPage)).body;
  const assets = [...html.toString('utf8').matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  let total = page.bytes;
  for (const path of assets) total += (await get(node.port, path, undefined, taking)).bytes;
  const folder = join(packageRoot, 'dist', 'assets');
  const built = readdirSync(folder);
  const manifest = Object.values(
    JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, string>,
  );
  const gzipped = (name: string) => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length;
  const css = manifest.filter((name) => name.endsWith('.css')).reduce((sum, name) => sum + gzipped(name), 0);
  const scripts = manifest.filter((name) => name.endsWith('.js'));
  const parts = built.filter((name) => /^part-\w+\.js$/.test(name));
  const script = [...scripts, ...parts].reduce((sum, name) => sum + gzipped(name), 0);
  const publicScripts = assets.filter((path) => path.endsWith('.js')).map((path) => path.slice('/assets/'.length));
  const publicScript = publicScripts.reduce((sum, name) => sum + gzipped(name), 0);
  const latin = ['ibm-plex-sans-latin-wght', 'source-serif-4-latin-opsz'].flatMap((start) =>
    manifest.filter((name) => name.startsWith(start)),
  );
  const fonts = latin.reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0);
  const bare = gzipSync(html).length;
  const row = (name: string, bytes: number, most: number, peer?: string): BenchRow => ({
    area,
    name,
    figure: kilobytes(bytes),
    goal: `≤ ${most} KB`,
    ...(peer === undefined ? {} : { peer }),
    met: bytes <= most * 1024,
  });
  return [
    row(
      'first page over the wire, without fonts',
      total,
      100,
      `page alone as it is ${kilobytes(html.length)}, gzip ${kilobytes(bare)}, brotli ${kilobytes(brotliCompressSync(html).length)}`,
    ),
    row('first page over the wire, with Latin fonts', total + fonts, 250),
    row('sheet, gzip', css, 30),
    row('all scripts, gzip', script, 120),
    row('scripts of a public page, gzip', publicScript, 20),
  ];
}

/** Pages a second, weight over the wire, start and memory of the built program, on loopback; stops by itself. */
export async function webBench(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-bench-'));
  const peerStart = async () => {
    const began = performance.now();
    const child = spawn(process.execPath, ['-e', 'require("node:http").createServer().listen(0,()=>process.exit())']);
    await once(child, 'exit');
    return (performance.now() - began) / 1000;
  };
  try {
    const first = await startNode(folder);
    await stopNode(first);
    const starts: number[] = [];
    for (let run = 1; run < runs; run += 1) {
      const again = await startNode(folder);
      starts.push(again.seconds);
      await stopNode(again);
    }
    const node = await startNode(folder);
    starts.push(node.seconds);
    try {
      const speed = await speedRows(node);
      const weight = await weightRows(node);
      const used = megabytesOf(node.child.pid);
      const start = median(starts);
      const bare = await peerStart();
      return [
        ...speed,
        ...weight,
        {
          area,
          name: 'first start, database made',
          figure: `${first.seconds.toFixed(1)} s`,
          goal: '< 30 s',
          met: first.seconds < 30,
        },
        {
          area,
          name: 'start of an installed node',
          figure: `${start.toFixed(1)} s`,
          goal: '< 5 s',
          peer: `a bare node:http server, ${bare.toFixed(2)} s`,
          ratio: `${(start / bare).toFixed(0)} times`,
          met: start < 5,
        },
        {
          area,
          name: 'memory after the load, without PostgreSQL',
          figure: `${used.toFixed(0)} MiB`,
          goal: '< 512 MiB',
          met: used < 512,
        },
      ];
    } finally {
      await stopNode(node);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
