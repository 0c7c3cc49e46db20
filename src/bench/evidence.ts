import { createHash } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { contextFor, openNode } from '../app/node.ts';
import { addSamplePeople, builder } from '../app/sample-people-at.ts';
import { createDemoLink } from '../modules/identity/index.ts';
import type { BenchRow } from '../modules/treaties/index.ts';
import { readConfig } from '../platform/config.ts';
import { createLog } from '../platform/log.ts';
import { systemRandom, uuidv7 } from '../platform/random.ts';
import { fileBytes } from './exchange/node.ts';
import { startProgram, talkTo, type Program } from './exchange/program.ts';

const area = 'evidence';
const mebibyte = 1_048_576;
/** As the page of uploads sends them. */
const pieceBytes = 64 * mebibyte;
const tus = { 'Tus-Resumable': '1.0.0' } as const;

const seconds = (since: number) => (performance.now() - since) / 1000;

/** Sends one piece of a file, as a browser does. Throws when it is not taken. */
function patch(program: Program, to: { path: string; cookie: string; csrf: string }, from: number, until: number) {
  return new Promise<void>((resolve, reject) => {
    const headers = {
      ...tus,
      Host: new URL(program.origin).host,
      Cookie: to.cookie,
      'X-CSRF-Token': to.csrf,
      'Content-Type': 'application/offset+octet-stream',
      'Content-Length': String(until - from),
      'Upload-Offset': String(from),
    };
    const { port } = program;
    const outgoing = request({ host: '127.0.0.1', port, method: 'PATCH', path: to.path, headers }, (incoming) => {
      incoming.resume();
      incoming.on('end', () =>
        incoming.statusCode === 204 ? resolve() : reject(new Error(`A piece was answered ${incoming.statusCode}`)),
      );
    });
    outgoing.on('error', reject);
    pipeline(Readable.from(fileBytes(until, from)), outgoing).catch(() => undefined);
  });
}

/** The peer: the same bytes hashed and written to a file with one flush, in this process. */
async function plainWrite(folder: string, size: number): Promise<number> {
  const began = performance.now();
  const hash = createHash('sha256');
  async function* hashed() {
    for (const piece of fileBytes(size)) {
      hash.update(piece);
      yield piece;
    }
    await Promise.resolve();
  }
  await pipeline(Readable.from(hashed()), createWriteStream(join(folder, 'plain.raw'), { flush: true }));
  return size / mebibyte / seconds(began);
}

/** One large upload into a case file over HTTP, sealed from its first byte, at the built program. */
export async function evidenceBench({ full }: { full: boolean }): Promise<BenchRow[]> {
  const size = (full ? 4_096 : 256) * mebibyte;
  const folder = mkdtempSync(join(tmpdir(), 'comity-bench-'));
  const settings = {
    COMITY_PROFILE: 'demo',
    COMITY_STATE: 'XA',
    COMITY_AUTHORITY: 'XA:central-authority',
    COMITY_DATA: join(folder, 'data'),
    COMITY_LOG_LEVEL: 'error',
    COMITY_DISK_RESERVE_MB: '16',
    COMITY_MAX_FILE_MB: '20480',
  };
  const program = await startProgram(settings);
  const talk = talkTo(program);
  try {
    const beside = await openNode(readConfig(settings), { share: true, log: createLog('silent') });
    const people = await addSamplePeople(beside);
    const ctx = contextFor(beside, builder, 'en');
    const link = await ctx.transaction((tx) => createDemoLink(tx, ctx, people.get('amara') ?? ''));
    await beside.close();
    await talk.enter(link);
    const csrf = await talk.csrf();
    const proof = { 'X-CSRF-Token': csrf };
    const handling = { tlp: 'AMBER', originator: 'XA:central-authority', groups: [], purposes: [], judicialUse: 'free', onward: 'on-request' }; // prettier-ignore
    const opened = await talk.send(
      'POST',
      '/api/case-files',
      { ...proof, 'Content-Type': 'application/json', 'Idempotency-Key': uuidv7(systemRandom, 0) },
      JSON.stringify({ number: 'B-1', title: 'Bench', handling }),
    );
    if (opened.status !== 201)
      throw new Error(`The case file was answered ${opened.status}: ${opened.text.slice(0, 200)}`);
    const { id } = (JSON.parse(opened.text) as { caseFile: { id: string } }).caseFile;
    const before = program.most();
    const began = performance.now();
    const made = await talk.send('POST', `/api/case-files/${id}/uploads`, {
      ...tus,
      ...proof,
      'Upload-Length': String(size),
      'Upload-Metadata': `filename ${Buffer.from('disk.img').toString('base64')}`,
    });
    if (made.status !== 201) throw new Error(`The upload was answered ${made.status}: ${made.text.slice(0, 200)}`);
    const to = { path: String(made.headers.location), cookie: talk.cookie(), csrf };
    for (let at = 0; at < size; at += pieceBytes) await patch(program, to, at, Math.min(size, at + pieceBytes));
    const rate = size / mebibyte / seconds(began);
    const peer = await plainWrite(folder, size);
    const most = program.most();
    return [
      {
        area,
        name: `upload of ${size / mebibyte} MiB over HTTP: hashed, sealed from the first byte, flushed`,
        figure: `${rate.toFixed(0)} MiB/s`,
        goal: '≥ 60 MiB/s',
        peer: `hashed and written in the clear, ${peer.toFixed(0)} MiB/s`,
        ratio: `${(peer / rate).toFixed(1)} times slower`,
        met: rate >= 60,
      },
      {
        area,
        name: `most memory of the node meanwhile, without PostgreSQL (${before.toFixed(0)} MiB before)`,
        figure: `${most.toFixed(0)} MiB`,
        goal: '< 300 MiB',
        met: most < 300,
      },
    ];
  } finally {
    talk.close();
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
