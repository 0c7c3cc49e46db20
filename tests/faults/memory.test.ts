import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { isNightly } from '../support/nightly.ts';
import {
  addPeople,
  environmentOf,
  freePort,
  handling,
  openBeside,
  run,
  startProcess,
  withPrograms,
} from './process.ts';

const { base, programs } = withPrograms('memory');

const mega = 1_048_576;
/** Of the heap alone; buffers of streams lie beside it. */
const heapMb = 256;
const uploadMb = isNightly ? 1_024 : 96;
const entries = isNightly ? 10_000 : 2_000;

test(`D11: with a heap of ${heapMb} MB a large file is taken and given back, and a long log is written out`, async () => {
  const environment = environmentOf(join(base, 'node'), await freePort(), {
    NODE_OPTIONS: `--max-old-space-size=${heapMb}`,
  });
  const node = await startProcess(programs.main, environment);
  const [person] = await addPeople(node, [{ signInName: 'ann', roles: ['prosecutor'] }]);
  const { client } = person!;
  const made = await client.api('POST', '/api/case-files', { title: 'Large', handling });
  const { id } = made.json<{ caseFile: { id: string } }>().caseFile;
  const tus = { 'Tus-Resumable': '1.0.0', 'X-CSRF-Token': await client.csrf() };
  const name = Buffer.from('large.bin').toString('base64');
  const begun = await client.call('POST', `/api/case-files/${id}/uploads`, {
    headers: { ...tus, 'Upload-Length': String(uploadMb * mega), 'Upload-Metadata': `filename ${name}` },
  });
  expect(begun.status).toBe(201);
  const place = String(begun.headers.location);
  const hash = createHash('sha256');
  let file = '';
  for (let at = 0; at < uploadMb; at += 32) {
    const body = Buffer.alloc(Math.min(32, uploadMb - at) * mega, at + 1);
    hash.update(body);
    const headers = { ...tus, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(at * mega) };
    const done = await client.call('PATCH', place, { headers, body });
    expect(done.status).toBe(204);
    file = String(done.headers['comity-file'] ?? '');
  }
  const given = await fetch(`http://127.0.0.1:${node.port}/api/evidence-files/${file}/content`, {
    headers: { Cookie: [...client.cookies].map((pair) => pair.join('=')).join('; ') },
  });
  expect(given.status).toBe(200);
  const back = createHash('sha256');
  for await (const piece of Readable.fromWeb(given.body as never)) back.update(piece as Buffer);
  expect(back.digest('hex')).toBe(hash.digest('hex'));

  const beside = await openBeside(environment);
  const owner = await beside.database.ownerClient();
  await owner.query(
    `insert into audit_entries (id, entry, salt)
       select gen_random_uuid(), e.entry, decode(md5(n::text), 'hex')
         from (select entry from audit_entries limit 1) e, generate_series(1, ${entries}) n`,
  );
  await owner.end();
  await beside.close();
  const log = join(base, 'log.jsonl');
  const exported = await run(programs.cli, ['audit', 'export', log, '--json'], environment);
  expect(exported.code, exported.err).toBe(0);
  expect(readFileSync(log, 'utf8').trim().split('\n').length).toBeGreaterThan(entries);
  const status = readFileSync(`/proc/${node.child.pid}/status`, 'utf8');
  const peakMb = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  expect(peakMb).toBeLessThan(heapMb + 256);
  expect(node.child.exitCode).toBeNull();
  expect((await node.kill('SIGTERM')).code).toBe(0);
}, 1_200_000);
