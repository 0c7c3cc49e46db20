import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fakeClock } from '../../src/platform/clock.ts';
import { createClient, hiddenValue, type Client } from '../support/client.ts';
import { startNode, type TestNode } from '../support/node.ts';
import { addTestOffice, addTestPerson, demoLink, enterAs, type TestPerson } from '../support/office-people.ts';

const clock = fakeClock('2026-05-14T08:00:00.000Z');
let alba: TestNode;
let officeId: string;
let person: TestPerson;
let people = 0;
beforeAll(async () => {
  alba = await startNode({ clock });
  officeId = await addTestOffice(alba, 'Operations');
});
afterAll(() => alba?.stop());
beforeEach(async () => {
  people += 1;
  person = await addTestPerson(alba, { signInName: `p${people}`, officeId, roles: ['administrator'] });
});
afterEach(() => clock.advance(1000));

const minutes = (count: number) => clock.advance(count * 60_000);
const isIn = async (client: Client, cookie?: string) => {
  const answer = await client.call('GET', '/profile', cookie === undefined ? {} : { cookie });
  return answer.status === 200;
};
const sessionOf = (client: Client) => `__Host-comity=${client.cookies.get('__Host-comity')}`;

describe('the cookie of a session', () => {
  test('goes to this host alone, never to scripts, never with a request from elsewhere, and ends with the browser', async () => {
    const client = createClient(alba.running);
    const answer = await client.enter(await demoLink(alba, person.id));
    const set = answer.setCookies.find((one) => one.startsWith('__Host-comity=')) ?? '';
    expect(set.split('; ').slice(1).sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']);
    expect(set.split('; ')[0]!.slice('__Host-comity='.length)).toMatch(/^[\w-]{43}$/);
  });

  test('is a new one at sign-in, whatever the browser brought', async () => {
    const client = createClient(alba.running);
    const planted = 'A'.repeat(43);
    client.cookies.set('__Host-comity', planted);
    client.cookies.set('__Host-comity-visitor', planted);
    const link = await demoLink(alba, person.id);
    const page = await client.get(link);
    expect(client.cookies.get('__Host-comity')).toBeUndefined();
    await client.post(link, { _csrf: hiddenValue(page.text, '_csrf') ?? '' });
    expect(client.cookies.get('__Host-comity')).not.toBe(planted);
    expect(await isIn(createClient(alba.running), `__Host-comity=${planted}`)).toBe(false);
  });

  test('opens nothing once signed out, in no tab', async () => {
    const copied = sessionOf(person.client);
    expect(await isIn(createClient(alba.running), copied)).toBe(true);
    await person.client.post('/sign-out');
    expect(await isIn(createClient(alba.running), copied)).toBe(false);
  });

  test('stands in the database as a hash only', async () => {
    const token = person.client.cookies.get('__Host-comity') ?? '';
    const rows = await alba.database.admin.selectFrom('identity_sessions').selectAll().execute();
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe('a session', () => {
  test('ends after fifteen minutes without a call, not before', async () => {
    minutes(14.9);
    expect(await isIn(person.client)).toBe(true);
    minutes(14.9);
    expect(await isIn(person.client)).toBe(true);
    minutes(15);
    expect(await isIn(person.client)).toBe(false);
  });

  test('ends after ten hours, however busy', async () => {
    for (let passed = 0; passed < 590; passed += 10) {
      minutes(10);
      expect(await isIn(person.client), `after ${passed + 10} minutes`).toBe(true);
    }
    minutes(10);
    expect(await isIn(person.client)).toBe(false);
  });

  test('is ended from another one at once', async () => {
    const other = createClient(alba.running);
    await enterAs(alba, person.id, other);
    expect(await isIn(other)).toBe(true);
    expect((await person.client.post('/profile/sessions/end', { id: 'others' })).status).toBe(303);
    expect(await isIn(other)).toBe(false);
    expect(await isIn(person.client)).toBe(true);
  });

  test('is over with its person: suspended, and the next call is a visitor’s', async () => {
    await alba.database.owner
      .updateTable('identity_people')
      .set({ status: 'suspended' })
      .where('id', '=', person.id)
      .execute();
    expect(await isIn(person.client)).toBe(false);
  });

  test('loses a role at the next call after it is taken away', async () => {
    expect((await person.client.get('/system/people')).status).toBe(200);
    await alba.database.owner
      .updateTable('identity_holdings')
      .set({ held_until: clock.now() })
      .where('person_id', '=', person.id)
      .execute();
    clock.advance(1);
    expect((await person.client.get('/system/people')).status).not.toBe(200);
  });
});

test('what was typed when the session ended is kept, shown after sign-in, and sent once more', async () => {
  const csrf = await person.client.csrf();
  minutes(20);
  const typed = { officeName: 'Registry <b>of</b> the Court & Archive', authority: '', _csrf: csrf };
  const sent = await person.client.post('/system/people/offices', typed);
  expect(sent.status).toBe(303);
  expect(sent.headers.location).toMatch(/^\/sign-in\?next=%2Fkept%2F[\w-]{32}$/);
  const kept = new URL(sent.headers.location ?? '', alba.origin).searchParams.get('next') ?? '';
  const count = async () => (await alba.database.owner.selectFrom('identity_offices').select('id').execute()).length;
  const before = await count();
  // Nobody reads it without signing in.
  expect((await createClient(alba.running).get(kept)).headers.location).toContain('/sign-in');
  await enterAs(alba, person.id, person.client);
  const page = await person.client.get(kept);
  expect(page.status).toBe(200);
  expect(page.text).toContain('Registry &lt;b&gt;of&lt;/b&gt; the Court &amp; Archive');
  expect(page.text).toContain('action="/system/people/offices"');
  expect(page.text).not.toContain(csrf);
  const again = await person.client.post('/system/people/offices', {
    officeName: typed.officeName,
    authority: '',
    _csrf: hiddenValue(page.text, '_csrf') ?? '',
    _key: hiddenValue(page.text, '_key') ?? '',
  });
  expect(again.status).toBe(303);
  expect(await count()).toBe(before + 1);
});

test('what is kept of a form never holds a password or a code', async () => {
  const csrf = await person.client.csrf();
  minutes(20);
  const sent = await person.client.post('/sign-in/step-up', {
    password: 'a long secret phrase',
    code: '123456',
    next: '/profile',
    _csrf: csrf,
  });
  const kept = new URL(sent.headers.location ?? '', alba.origin).searchParams.get('next') ?? '';
  await enterAs(alba, person.id, person.client);
  const page = await person.client.get(kept);
  expect(page.text).not.toContain('a long secret phrase');
  expect(page.text).not.toContain('123456');
});

describe('guessing', () => {
  const guess = async (client: Client, name: string, n: number) => {
    const answer = await client.post('/sign-in', { name, password: `not the right one ${n}` });
    return /Wait (\d+) minute/.exec(answer.text) || answer.text.includes('Too many') ? 'waits' : 'refused';
  };

  test('is slowed after a few tries, alike for names that are known and names that are not, and never for more than a quarter of an hour', async () => {
    for (const name of [`p${people}`, 'nobody.by.this.name']) {
      const client = createClient(alba.running);
      const answers: string[] = [];
      for (let n = 0; n < 8; n += 1) answers.push(await guess(client, name, n));
      expect(answers.filter((one) => one === 'refused').length, name).toBeLessThanOrEqual(5);
      expect(answers.at(-1), name).toBe('waits');
      minutes(16);
    }
    const client = createClient(alba.running);
    expect(await guess(client, `p${people}`, 99)).toBe('refused');
  }, 120_000);

  test('tells the same words for a known and an unknown name', async () => {
    minutes(120);
    const client = createClient(alba.running);
    const words = async (name: string) =>
      (await client.post('/sign-in', { name, password: 'wrong as can be here' })).text
        .replaceAll(/name="_(key|csrf)" value="[^"]*"/g, '')
        .replaceAll(name, 'NAME')
        .replaceAll(/data-options="[^"]*"|"challenge":"[^"]*"|&quot;challenge&quot;:&quot;[^&]*&quot;/g, '');
    expect(await words(`p${people}`)).toBe(await words('nobody.else'));
  });
});
