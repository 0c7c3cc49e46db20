import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchRow } from '../../modules/treaties/index.ts';
import { blobRows } from './blob.ts';
import { deskRows } from './desk.ts';
import { messageRows, type MessageSizes } from './messages.ts';
import { makePair, type Pair } from './pair.ts';

const gibibyte = 1024 ** 3;

/** What fits into some minutes, and what was promised. Nothing is reckoned from the one to the other. */
const sizes = {
  short: {
    messages: { runs: 3, each: 500, backlog: 3_000, oneStream: 300 },
    files: { file: gibibyte / 2, killed: gibibyte / 4 },
  },
  full: {
    messages: { runs: 5, each: 1_500, backlog: 50_000, oneStream: 5_000 },
    files: { file: 4 * gibibyte, killed: 4 * gibibyte },
  },
} satisfies Record<string, { messages: MessageSizes; files: { file: number; killed: number } }>;

async function withPair(work: (pair: Pair) => Promise<BenchRow[]>): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-bench-'));
  try {
    const pair = await makePair(folder);
    return await work(pair).finally(() => pair.close());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Messages between two nodes in processes of their own, on loopback over mutual TLS, each with a PostgreSQL that flushes. */
export function exchangeBench({ full }: { full: boolean }): Promise<BenchRow[]> {
  return withPair(async (pair) => {
    const shown = await deskRows(pair, full ? 10 : 3);
    return [...(await messageRows(pair, sizes[full ? 'full' : 'short'].messages)), ...shown];
  });
}

/** One large file between the same two nodes, and the same with both killed again and again. */
export function filesBench({ full }: { full: boolean }): Promise<BenchRow[]> {
  return withPair((pair) => blobRows(pair, sizes[full ? 'full' : 'short'].files));
}
