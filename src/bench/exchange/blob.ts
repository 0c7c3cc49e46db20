import { randomBytes, randomInt } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { BenchRow } from '../../modules/treaties/index.ts';
import { hashOfFile } from './node.ts';
import { freePort, type Pair, type Side } from './pair.ts';

const area = 'exchange';
const mebibyte = 1_048_576;
const sizeText = (bytes: number) =>
  bytes >= 1024 * mebibyte ? `${(bytes / 1024 / mebibyte).toFixed(0)} GiB` : `${(bytes / mebibyte).toFixed(0)} MiB`;

interface Counter {
  /** Bytes that went to the node, as they passed on the line: all of TLS and HTTP among them. */
  up(): number;
  close(): Promise<void>;
}

/** Stands on the port at which a node is expected, passes everything on, and counts. */
async function countingLine(port: number, target: number): Promise<Counter> {
  let up = 0;
  const sockets = new Set<Socket>();
  const server = createServer((outer) => {
    const inner = connect(target, '127.0.0.1');
    for (const [one, other] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    outer.on('data', (piece: Buffer) => (up += piece.length));
    outer.pipe(inner);
    inner.pipe(outer);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    up: () => up,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const conversation = () => randomBytes(16).toString('base64url');

async function until(holds: () => Promise<boolean> | boolean, minutes: number, what: string): Promise<void> {
  const end = performance.now() + minutes * 60_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Not within ${minutes} min: ${what}`);
    await pause(25);
  }
}

/** One file from the writer's commit to the receipt of its message, and to its last byte opened on the other side. */
async function speedRows({ alba, borea }: Pair, size: number): Promise<BenchRow[]> {
  const sha256 = hashOfFile(size);
  for (const side of [alba, borea]) {
    await side.stop();
    await side.begin();
    await side.ask({ do: 'forget' });
  }
  const before = await Promise.all([alba.used(), borea.used()]);
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  await alba.ask({ do: 'send-file', to: borea.authority, conversation: conversation(), size, sha256 });
  await until(async () => (await alba.count()).delivered === 1, 30, 'the receipt of a large file');
  const received = seconds();
  await until(async () => (await borea.count()).taken === 1, 30, 'the large file opened');
  const opened = seconds();
  if ((await borea.count()).read !== size) throw new Error('Not all of the file was opened');
  const after = await Promise.all([alba.used(), borea.used()]);
  const rate = size / mebibyte / received;
  const cpu = after.map((one, index) =>
    ((one.cpuMs - before[index]!.cpuMs) / 1000 / (size / 1024 / mebibyte)).toFixed(1),
  );
  return [
    {
      area,
      name: `one file of ${sizeText(size)}: sealed, sent, each block checked and flushed, receipt; processor ${cpu.join(' + ')} s a GiB, opening among it; all opened after ${opened.toFixed(1)} s`,
      figure: `${rate.toFixed(0)} MiB/s`,
      goal: '≥ 60 MiB/s',
      met: rate >= 60,
    },
    ...(['sender', 'receiver'] as const).map((who, index): BenchRow => ({
      area,
      name: `most memory of the ${who} meanwhile, without PostgreSQL (${before[index]!.most.toFixed(0)} MiB before)`,
      figure: `${after[index]!.most.toFixed(0)} MiB`,
      goal: '< 300 MiB',
      met: after[index]!.most < 300,
    })),
  ];
}

async function committedAt(side: Side): Promise<number> {
  const client = new pg.Client({ connectionString: side.database.url('comity_super', 'postgres') });
  await client.connect();
  try {
    const { rows } = await client.query<{ committed: string }>(
      `select committed from exchange_blob where direction = 'in' order by announced_at desc limit 1`,
    );
    return Number(rows[0]?.committed ?? 0);
  } finally {
    await client.end();
  }
}

/** A file whose sender and receiver are killed in turn, each at a byte by chance; what is sent again is counted on the line. */
async function killRow({ alba, borea }: Pair, size: number, kills: number): Promise<BenchRow> {
  const sha256 = hashOfFile(size);
  await Promise.all([alba.stop(), borea.stop()]);
  const inner = await freePort();
  const line = await countingLine(borea.port, inner);
  try {
    await Promise.all([alba.begin(), borea.begin(inner)]);
    await Promise.all([alba.ask({ do: 'forget' }), borea.ask({ do: 'forget' })]);
    const places = Array.from({ length: kills }, () => randomInt(1, size)).sort((a, b) => a - b);
    await alba.ask({ do: 'send-file', to: borea.authority, conversation: conversation(), size, sha256 });
    const again: number[] = [];
    let since = { up: line.up(), committed: 0 };
    const note = (committed: number) => {
      const up = line.up();
      again.push(up - since.up - (committed - since.committed));
      since = { up, committed };
    };
    for (const [turn, place] of places.entries()) {
      await until(() => line.up() - since.up + since.committed >= place, 30, 'the next place to kill at');
      const [side, begin] = turn % 2 === 0 ? [alba, () => alba.begin()] : [borea, () => borea.begin(inner)];
      await side.kill();
      // What was under way when it ended reaches the end of the line or is lost with it.
      await pause(500);
      note(await committedAt(borea));
      await begin();
    }
    await until(async () => (await borea.count()).taken >= 1, 30, 'the file that was broken off');
    note(size);
    const counted = await borea.count();
    const isWhole = counted.read === size && counted.taken === 1;
    const worst = Math.max(...again) / mebibyte;
    const all = again.reduce((sum, one) => sum + one, 0) / mebibyte;
    return {
      area,
      name: `${sizeText(size)} with ${kills} × kill -9 of sender and receiver in turn, at ${places.map((place) => (place / mebibyte).toFixed(0)).join(', ')} MiB: sent again after one kill at most, TLS and HTTP among it; ${all.toFixed(1)} MiB in all; ${isWhole ? 'came whole, once' : 'did not come whole once'}`,
      figure: `${worst.toFixed(1)} MiB`,
      goal: '≤ 64 MiB',
      met: isWhole && worst <= 64,
    };
  } finally {
    await Promise.all([alba.kill(), borea.kill()]);
    await line.close();
  }
}

/** Speed and memory of one large file, then the same with kills. Leaves nothing running. */
export async function blobRows(pair: Pair, sizes: { file: number; killed: number }): Promise<BenchRow[]> {
  const rows = await speedRows(pair, sizes.file);
  rows.push(await killRow(pair, sizes.killed, 5));
  return rows;
}
