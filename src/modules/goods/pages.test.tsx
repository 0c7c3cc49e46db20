import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNode, type TestNode } from '../../../tests/support/node.ts';
import { addTestOffice, addTestPerson, type TestPerson } from '../../../tests/support/office-people.ts';
import { namedSubject } from './compare.ts';

let alba: TestNode;
let analyst: TestPerson;
let prosecutor: TestPerson;

beforeAll(async () => {
  alba = await startNode();
  const officeId = await addTestOffice(alba, 'Analysis');
  analyst = await addTestPerson(alba, { signInName: 'analyst', officeId, roles: ['analyst'] });
  prosecutor = await addTestPerson(alba, { signInName: 'prosecutor', officeId, roles: ['prosecutor'] });
}, 240_000);
afterAll(() => alba?.stop());

const pair = { left: 'Иван Петров', right: 'Ivan Petrov', schema: 'Person', bornLeft: '', bornRight: '' };

test('two names in two scripts are compared on the page, with both numbers and the reasons', async () => {
  const answer = await prosecutor.client.post('/intelligence/match', pair);
  expect(answer.status).toBe(200);
  for (const words of ['Similarity of the names', 'Probability of the same', 'read from another script', '0.98'])
    expect(answer.text).toContain(words);
  const arabic = await prosecutor.client.post('/intelligence/match?lang=ar', pair);
  expect(arabic.text).toContain('مقروء من كتابة أخرى');
  await prosecutor.client.get('/intelligence/match?lang=en');
});

test('a name that is missing, or holds no letter, is asked for again', async () => {
  const missing = await prosecutor.client.post('/intelligence/match', { ...pair, right: '' });
  expect(missing.status).toBe(422);
  expect(missing.text).toContain('Write a name.');
  expect((await prosecutor.client.post('/intelligence/match', { ...pair, right: '!!' })).text).toContain('no letter');
});

test('an analyst records a judgement and takes it back; a prosecutor does not see the ledger', async () => {
  const judgement = { leftId: 'XA-1', rightId: 'XA-2', verdict: 'POSITIVE', why: 'Same photograph' };
  expect((await analyst.client.post('/intelligence/judgements', judgement)).status).toBe(303);
  const listed = (await analyst.client.get('/intelligence/judgements')).text;
  expect(listed).toContain('Same photograph');
  const action = /action="(\/intelligence\/judgements\/[^"]+\/withdraw)"/.exec(listed)?.[1] ?? '';
  expect((await analyst.client.post(action, {})).status).toBe(303);
  expect((await analyst.client.get('/intelligence/judgements')).text).toContain('Taken back');
  expect((await prosecutor.client.get('/intelligence/judgements')).status).toBe(403);
});

test('names are screened on the page: one with its reasons and the way to a judgement, several by their best entry', async () => {
  const empty = await analyst.client.get('/intelligence/screen');
  expect(empty.text).toContain('No list is loaded on this node');
  const entries = [
    { id: 'E-1', ...namedSubject('Иван Петров', 'Person', { birthDates: ['1975-03-09'] }) },
    { id: 'E-2', ...namedSubject('Borean Transit Line Limited', 'Company') },
  ];
  await alba.modules.live!.goods.loadList(analyst.ctx, { id: 'watch', version: '2026-01' }, entries);
  const asked = { list: 'watch', names: 'Ivan Petrov', schema: 'Thing', born: '', reference: 'XA-9' };
  const one = await analyst.client.post('/intelligence/screen', asked);
  expect(one.status).toBe(200);
  for (const words of ['Иван Петров', 'watch 2026-01', 'read from another script', 'left=XA-9&amp;right=watch%3AE-1'])
    expect(one.text).toContain(words);
  const several = await analyst.client.post('/intelligence/screen', {
    ...asked,
    names: 'Ivan Petrov\n!!\nBorean Transit Lines Ltd\nNobody Atall',
  });
  for (const words of ['4 names, 2 of them to look at', 'The name is empty.', 'E-2', 'Nothing to look at'])
    expect(several.text).toContain(words);
  const judged = await analyst.client.get('/intelligence/judgements?left=XA-9&right=watch%3AE-1');
  expect(judged.text).toContain('value="watch:E-1"');
  const tooMany = await analyst.client.post('/intelligence/screen', { ...asked, names: 'A B\n'.repeat(60) });
  expect([tooMany.status, tooMany.text.includes('At most 50 names')]).toEqual([422, true]);
  expect((await prosecutor.client.get('/intelligence/screen')).status).toBe(403);
});

test('the interface compares and screens; a name without letters is refused with its reason', async () => {
  const subject = (name: string) => ({ schema: 'Person', names: [name] });
  const compared = await analyst.client.api('post', '/api/goods/comparisons', {
    left: subject('Chidi Okafor'),
    right: subject('OKAFOR, Chidi'),
  });
  expect(compared.json<{ comparison: object }>().comparison).toMatchObject({ band: 'name-only', decision: 'alert' });
  const refused = await analyst.client.api('post', '/api/goods/comparisons', {
    left: subject('!'),
    right: subject('A'),
  });
  expect([refused.status, refused.json<{ code: string }>().code]).toEqual([422, 'goods.name-empty']);
  const unknown = await analyst.client.api('post', '/api/goods/screenings', {
    list: 'none',
    subject: subject('Chidi'),
  });
  expect(unknown.status).toBe(404);
});
