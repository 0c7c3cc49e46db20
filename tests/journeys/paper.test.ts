import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeClock } from '../../src/platform/clock.ts';
import { issueDocument } from '../../src/modules/requests/index.ts';
import { startNode, type TestNode } from '../support/node.ts';
import { contextOf, openCompleteRequest, sampleWorld, type SampleWorld } from '../support/sample-people.ts';

let alba: TestNode;
let world: SampleWorld;
let reference: string;
beforeAll(async () => {
  alba = await startNode({ clock: fakeClock('2026-05-14T08:00:00.000Z') });
  world = await sampleWorld(alba);
  reference = await openCompleteRequest(alba, world);
});
afterAll(() => alba?.stop());

test('a draft printed twice has the same bytes and is not released', async () => {
  const ctx = await contextOf(alba, world, 'amara');
  for (const format of ['pdf', 'docx', 'json'] as const) {
    const asked = { reference, format, languages: ['en', 'ar'] } as const;
    const first = await issueDocument(ctx, alba.running.live, asked);
    const second = await issueDocument(ctx, alba.running.live, asked);
    expect(Buffer.from(first.bytes).equals(Buffer.from(second.bytes)), format).toBe(true);
    if (format === 'pdf') expect(Buffer.from(first.bytes).subarray(0, 8).toString()).toBe('%PDF-1.7');
    const file = join(tmpdir(), `comity-paper.${format}`);
    writeFileSync(file, first.bytes);
    const verify = alba.modules.commands.find((one) => one.module === 'requests' && one.verb === 'verify');
    const call = { ctx, args: [file], options: {}, lists: {}, switches: new Set<string>(), say: () => undefined };
    const answer = await verify?.run(call);
    expect(answer?.exit).toBe(1);
  }
});

test('a hash nobody released is not known, and what is no hash is refused', async () => {
  const unknown = await alba.get(`/api/verify?sha256=${'0'.repeat(64)}`, { headers: { accept: 'application/json' } });
  expect(await unknown.json()).toMatchObject({ kind: 'requests.verification', known: false, rendition: null });
  const bad = await alba.get('/api/verify?sha256=abc', { headers: { accept: 'application/json' } });
  expect(bad.status).toBe(422);
});
