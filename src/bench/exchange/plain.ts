import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { programOf, type Pair } from './pair.ts';

const atOnce = 32;
const bytes = 4_096;
const table = 'create table if not exists bench_plain (id bigint primary key, body bytea, done boolean not null)';

/** The receiving process of the peer: keeps each body in a commit, then answers. Tells its port. */
export async function runPlainReceiver(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  const server = createServer((incoming, outgoing) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      pool
        .query('insert into bench_plain values ($1, $2, true)', [incoming.url?.slice(1), Buffer.concat(pieces)])
        .then(() => outgoing.writeHead(200).end('{"kept":true}'))
        .catch(() => outgoing.writeHead(500).end());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.once('disconnect', () => process.exit(0));
  process.send?.({ port: (server.address() as AddressInfo).port });
}

/**
 * The peer: bodies of 4 KiB over plain HTTP between two processes, in the clear, unsigned, with the same two commits. The
 * receiver keeps the body before it answers, and the sender then notes that it was answered. Messages a second.
 */
export async function plainPosts({ alba, borea }: Pair, count: number): Promise<number> {
  const [own, theirs] = [alba, borea].map(({ database }) => database.url('comity_super', 'postgres')) as [
    string,
    string,
  ];
  const pool = new pg.Pool({ connectionString: own, max: 10 });
  const there = new pg.Client({ connectionString: theirs });
  await there.connect();
  await pool.query(table);
  await there.query(table);
  const child = fork(programOf('bench-node'), [JSON.stringify({ plainReceiver: theirs })], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const body = Buffer.alloc(bytes, 7);
  const post = (id: number) =>
    new Promise<void>((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, method: 'POST', path: `/${id}`, agent }, (incoming) => {
        incoming.resume();
        incoming.on('end', () =>
          incoming.statusCode === 200 ? resolve() : reject(new Error(`Answered ${incoming.statusCode}`)),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  try {
    let last = 0;
    const began = performance.now();
    const one = async () => {
      while (last < count) {
        const id = (last += 1);
        await post(id);
        await pool.query('insert into bench_plain values ($1, null, true)', [id]);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
    return count / ((performance.now() - began) / 1000);
  } finally {
    agent.destroy();
    child.kill();
    for (const one of [pool, there]) {
      await one.query('drop table bench_plain');
      await one.end();
    }
  }
}
