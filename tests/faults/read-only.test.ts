import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { startNode, type TestNode } from '../support/node.ts';

// Stands in for a full disk where none can be made: no disk has a terabyte to spare for its reserve.
let alba: TestNode;
beforeAll(async () => void (alba = await startNode({ environment: { COMITY_DISK_RESERVE_MB: '1000000' } })));
afterAll(() => alba?.stop());

test('a node whose disk is almost full answers reads, says so on each page and refuses writes with words', async () => {
  const client = createClient(alba.running);
  const words = 'Storage is almost full. You can read and print, but not add.';
  const page = await client.get('/law');
  expect(page.status).toBe(200);
  expect(page.text).toContain(words);
  const arabic = await createClient(alba.running).get('/law?lang=ar');
  expect(arabic.text).toContain('مساحة التخزين توشك أن تمتلئ');
  expect((await client.get('/api/treaties/instruments')).status).toBe(200);
  const form = await client.post('/sign-in', { name: 'ann' });
  expect(form.status).toBe(503);
  expect(form.text).toContain(words);
  expect((await client.get('/readyz')).status).toBe(200);
});
