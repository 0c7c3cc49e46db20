import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addTestOffice, addTestPerson, type TestPerson } from '../../../tests/support/office-people.ts';
import { startNode, type TestNode } from '../../../tests/support/node.ts';
import { zipEntries } from './documents/zip.ts';
import { readPdf, squeezed } from './documents/testing/pdf.ts';
import { fakeClock } from '../../platform/clock.ts';
import { packageRoot } from '../../platform/paths.ts';
import { toReference } from '../../platform/values/index.ts';

const folder = join(packageRoot, 'data/samples/requests');
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;

let alba: TestNode;
let amara: TestPerson;
let noor: TestPerson;
let stranger: TestPerson;
let caseFileId: string;

interface View {
  reference: string;
  head: string;
  revision: number;
  status: string;
  actions: { kind: string }[];
}
interface Fault {
  code: string;
  params?: Record<string, unknown>;
  problems?: { code: string; path: (string | number)[]; rule?: string; severity: string }[];
}

beforeAll(async () => {
  alba = await startNode({ clock: fakeClock('2026-05-14T12:00:00.000Z') });
  const [home, other] = [await addTestOffice(alba, 'Home'), await addTestOffice(alba, 'Other')];
  amara = await addTestPerson(alba, { signInName: 'amara', officeId: home, roles: ['prosecutor'] });
  noor = await addTestPerson(alba, { signInName: 'noor', officeId: home, roles: ['central-authority-officer'] });
  stranger = await addTestPerson(alba, { signInName: 'stranger', officeId: other, roles: ['prosecutor'] });
  const opened = await alba.running.live.evidence.openCaseFile(amara.ctx, {
    title: 'By API',
    handling: {
      tlp: 'AMBER',
      originator: 'XA:central-authority',
      groups: [],
      purposes: [],
      judicialUse: 'free',
      onward: 'on-request',
    },
    members: [noor.id],
  });
  caseFileId = opened.id;
}, 120_000);
afterAll(() => alba?.stop());

async function open(): Promise<View> {
  const answer = await amara.client.api('POST', '/api/requests', { caseFileId, types: ['T5'], to: 'XB' });
  expect(answer.status).toBe(201);
  return answer.json<View>();
}

test('through the mount, the planted faults are the list that the command line gives', async () => {
  const { on: _on, ...facts } = read('planted-faults.facts.json');
  const answer = await amara.client.api('POST', '/api/requests/check', { request: read('planted-faults.json'), facts });
  expect(answer.status).toBe(200);
  const expected = JSON.parse(readFileSync(join(folder, 'planted-faults.expected.json'), 'utf8')) as unknown[];
  const found = answer.json<{ problems: NonNullable<Fault['problems']>; blocked: boolean }>();
  expect(found.blocked).toBe(true);
  const listed = found.problems.map(({ rule, severity, code, path, ...rest }) => ({
    rule,
    severity,
    code,
    path: path.join('/'),
    source: (rest as { source?: string }).source,
  }));
  const order = (one: unknown) => JSON.stringify(one);
  expect([...listed].sort((a, b) => (order(a) < order(b) ? -1 : 1))).toEqual(
    [...expected].sort((a, b) => (order(a) < order(b) ? -1 : 1)),
  );
});

test('a request is opened, saved and checked; its bases come with their answers', async () => {
  const { reference } = await open();
  const path = `/api/requests/${reference}`;
  const saved = await amara.client.api('PUT', `${path}/sections/facts`, {
    seen: 1,
    content: { nexus: { en: 'The account received three transfers' } },
  });
  expect([saved.status, saved.json<View>().revision]).toEqual([200, 2]);
  const check = await amara.client.get(`${path}/check`);
  expect(check.json<{ blocked: boolean }>().blocked).toBe(true);
  const basis = await amara.client.get(`${path}/basis`);
  expect(basis.status).toBe(200);
  expect(basis.json<{ options: { instrument: string }[] }>().options.map((one) => one.instrument)).toContain(
    'XVIII-12',
  );
  const chosen = await amara.client.api('POST', `${path}/basis`, { instrument: 'XVIII-12' });
  expect(chosen.json<{ request: object }>().request).toMatchObject({
    basis: { primary: { instrument: 'XVIII-12' }, snapshot: { onRequest: '2026-05-14' } },
  });
});

test('an act sent twice with one key is one act', async () => {
  const { reference, head } = await open();
  const body = { action: 'discard', data: { reason: 'Sent twice' }, seen: head };
  const headers = { 'Idempotency-Key': 'discard-once-0001' };
  const first = await amara.client.api('POST', `/api/requests/${reference}/actions`, body, headers);
  const again = await amara.client.api('POST', `/api/requests/${reference}/actions`, body, headers);
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.json<View>()).toEqual(first.json<View>());
  const view = (await amara.client.get(`/api/requests/${reference}`)).json<View>();
  expect(view.actions.map((one) => one.kind)).toEqual(['open', 'discard']);
});

test('an act on what changed meanwhile is a conflict that names the present status', async () => {
  const { reference, head } = await open();
  await amara.client.api('PUT', `/api/requests/${reference}/sections/facts`, {
    seen: 1,
    content: { nexus: { en: 'x' } },
  });
  const stale = await amara.client.api('POST', `/api/requests/${reference}/actions`, {
    action: 'discard',
    data: { reason: 'Late' },
    seen: head,
  });
  expect(stale.status).toBe(409);
  const fault = stale.json<Fault>();
  expect(fault.code).toBe('requests.changed-meanwhile');
  expect(fault.problems?.[0]).toMatchObject({ code: 'requests.changed-meanwhile', params: { status: 'draft' } });
});

test('a foreign request answers as one that is not there, byte for byte', async () => {
  const { reference } = await open();
  const absent = toReference('XA', '2001-01', 9999);
  for (const tail of ['', '/check', '/basis']) {
    const [foreign, missing] = [
      await stranger.client.get(`/api/requests/${reference}${tail}`),
      await stranger.client.get(`/api/requests/${absent}${tail}`),
    ];
    const plain = (text: string) => text.replaceAll(/"reference":"\w+"/g, '').replaceAll(reference, absent);
    expect([foreign.status, missing.status]).toEqual([404, 404]);
    expect(plain(foreign.text)).toBe(plain(missing.text));
  }
  const desk = { assign: stranger.id };
  expect((await stranger.client.api('POST', `/api/requests/${reference}/desk`, desk)).status).toBe(404);
  const counts = (await stranger.client.get('/api/requests/desk')).json<{ counts: Record<string, number> }>().counts;
  expect(Object.values(counts).every((n) => n === 0)).toBe(true);
});

test('internal notes and the risk check stand in no byte of a paper, whoever prints it', async () => {
  const { reference } = await open();
  const path = `/api/requests/${reference}`;
  const before = (await amara.client.get(path)).json<{ contentHash: string }>().contentHash;
  await amara.client.api('PUT', `${path}/sections/check`, {
    seen: 1,
    content: { internal: { notes: ['Kestrelnote for ourselves'] } },
  });
  const persecution = { answer: 'none-found', reviewer: 'Kestrelrisk Reviewer', on: '2026-05-14' };
  const risk = await noor.client.api('PUT', `${path}/risk`, { persecution });
  expect([risk.status, risk.text.includes('Kestrelrisk')]).toEqual([200, true]);
  expect((await amara.client.api('PUT', `${path}/risk`, { persecution })).status).toBe(403);
  const mine = await amara.client.get(path);
  expect([mine.text.includes('Kestrelnote'), mine.text.includes('Kestrelrisk')]).toEqual([true, false]);
  expect(mine.json<{ contentHash: string }>().contentHash).toBe(before);
  const printed = async (format: string) => {
    const answer = await noor.client.get(`/requests/${reference}/document/${format}`);
    expect(answer.status).toBe(200);
    return answer.bytes;
  };
  const json = (await printed('json')).toString('utf8');
  expect(json).toContain(reference);
  const docx = (await zipEntries(await printed('docx'))).map((one) => one.bytes.toString('utf8')).join('\n');
  expect(docx).toContain(reference);
  const pdf = squeezed(readPdf(await printed('pdf')).pages.join(''));
  expect(pdf).toContain(reference);
  for (const text of [json, docx, pdf]) expect(text).not.toMatch(/kestrel/i);
  expect(json).not.toContain('internal');
}, 60_000);
