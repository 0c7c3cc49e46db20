import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNode, type TestNode } from '../../../tests/support/node.ts';
import { addTestOffice, addTestPerson, type TestPerson } from '../../../tests/support/office-people.ts';

let alba: TestNode;
let officer: TestPerson;
let prosecutor: TestPerson;

beforeAll(async () => {
  alba = await startNode();
  const officeId = await addTestOffice(alba, 'Treaty office');
  const roles = ['central-authority-officer'] as const;
  officer = await addTestPerson(alba, { signInName: 'officer', officeId, roles: [...roles] });
  prosecutor = await addTestPerson(alba, { signInName: 'prosecutor', officeId, roles: ['prosecutor'] });
}, 240_000);
afterAll(() => alba?.stop());

const text = `Resolution 7/1

On invented zebra goods

The Commission on Crime Prevention and Criminal Justice,

Recalling its rules,

1. Requests the Secretariat to report to the Commission at its ninth session;

2. Urges the keepers of the zebra to act;

3. Invites Member States and other donors to provide extrabudgetary resources.
`;
const place = (answer: { headers: { location?: string | undefined } }) => answer.headers.location ?? '';

test('a pasted resolution is read, shown beside what it asks, corrected, and the correction taken back', async () => {
  const added = await officer.client.post('/mandates', { text });
  expect(added.status).toBe(303);
  const path = place(added);
  const shown = (await officer.client.get(path)).text;
  for (const words of [
    'On invented zebra goods',
    'Report to Commission',
    'session 9',
    'Money is asked',
    'Look at',
    'keepers of the zebra',
  ])
    // prettier-ignore
    expect(shown).toContain(words);
  const form = await officer.client.get(`${path}/1/2`);
  expect(form.text).toContain('Correct paragraph 2');
  expect((await officer.client.post(`${path}/1/2`, { kind: '', why: '' })).status).toBe(422);
  const correction = { kind: 'request-to-states', addressees: 'states', why: 'Keepers are States here' };
  expect((await officer.client.post(`${path}/1/2`, correction)).status).toBe(303);
  const corrected = (await officer.client.get(path)).text;
  for (const words of ['Corrected by hand', 'Keepers are States here', 'Request to States']) expect(corrected).toContain(words); // prettier-ignore
  // The same words in another text carry the judgement with them.
  const other = place(await officer.client.post('/mandates', { text: text.replace('7/1', '8/1') }));
  expect(other).not.toBe(path);
  expect((await officer.client.get(other)).text).toContain('Keepers are States here');
  expect(place(await officer.client.post('/mandates', { text }))).toBe(path);
  const action = /action="(\/mandates\/judgements\/[^"]+\/withdraw)"/.exec(corrected)?.[1] ?? '';
  expect((await officer.client.post(action, {})).status).toBe(303);
  const after = (await officer.client.get(path)).text;
  expect(after).not.toContain('Corrected by hand');
  expect((await officer.client.post(action, {})).status).toBe(409);
  const arabic = (await officer.client.get(`${path}?lang=ar`)).text;
  for (const words of ['dir="rtl"', 'تقرير', 'صحّح']) expect(arabic).toContain(words);
  await officer.client.get(`${path}?lang=en`);
}, 120_000);

test('what cannot be read is said beside the form; who may not, may not; nothing stands in clear', async () => {
  const empty = await officer.client.post('/mandates', { text: ' ' });
  expect([empty.status, empty.text.includes('Paste a text')]).toEqual([422, true]);
  const letter = await officer.client.post('/mandates', { text: 'Dear Sir,\n\nNo.' });
  expect([letter.status, letter.text.includes('This is no resolution'), letter.text.includes('Dear Sir,')]).toEqual([422, true, true]); // prettier-ignore
  expect((await prosecutor.client.get('/mandates')).status).toBe(403);
  expect((await officer.client.get('/mandates/texts/none')).status).toBe(404);
  for (const table of ['mandates_texts', 'mandates_judgements', 'mandates_judgement_withdrawals', 'mandates_secret']) {
    const { rows } = await sql<{ text: string }>`SELECT row_to_json(t)::text AS text FROM ${sql.table(table)} t`.execute(alba.database.owner); // prettier-ignore
    expect(rows.length).toBeGreaterThan(0);
    for (const { text: row } of rows)
      for (const word of ['zebra', 'Keepers', 'states'])
        expect([row.includes(word), row.includes(Buffer.from(word).toString('hex'))]).toEqual([false, false]);
  }
}, 120_000);

test('the interface parses for every signed-in person and keeps nothing', async () => {
  const answer = await prosecutor.client.api('post', '/api/mandates/parse', { text });
  expect(answer.status).toBe(200);
  expect(answer.json<object>()).toMatchObject({ kind: 'resolution', document: { number: '7/1' }, operative: [{ kind: 'reporting' }, {}, { kind: 'funding' }] }); // prettier-ignore
  const akn = await prosecutor.client.api('post', '/api/mandates/parse', { text, as: 'akn' });
  expect(akn.json<{ documents: string[] }>().documents[0]).toContain('<statement name="resolution">');
  const refused = await prosecutor.client.api('post', '/api/mandates/parse', { text: 'Dear Sir,' });
  expect([refused.status, refused.json<{ code: string }>().code]).toEqual([422, 'mandates.not-a-resolution']);
}, 120_000);
