import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policy, roles, type Permission, type Role, type Rule } from '../src/modules/identity/index.ts';
import { DraftRequest } from '../src/modules/requests/index.ts';
import { packageRoot } from '../src/platform/paths.ts';
import { uuidv7 } from '../src/platform/random.ts';
import { toReference, type StateCode } from '../src/platform/values/index.ts';
import { createClient, type Answer, type Client } from './support/client.ts';
import { startNode, type TestNode } from './support/node.ts';
import { addTestOffice, addTestPerson, type TestPerson } from './support/office-people.ts';

type Route = TestNode['running']['app']['routes'][number];

let alba: TestNode;
let routes: readonly Route[];
/** One person per role, members of the case file. */
const members = new Map<Role, TestPerson>();
/** One person per role in another office, members of nothing. */
const strangers = new Map<Role, TestPerson>();
let present: Record<string, string>;
let absent: Record<string, string>;

const ruleOf = (route: Route): Rule => policy[route.permission as Permission];
const isWrite = (route: Route) => route.method !== 'get';
const nameOf = (route: Route) => `${route.method.toUpperCase()} ${route.path}`;
const hasMemberCondition = (route: Route) => ruleOf(route).conditions?.includes('member') ?? false;

beforeAll(async () => {
  alba = await startNode();
  routes = alba.running.app.routes;
  const [home, other] = [await addTestOffice(alba, 'Home'), await addTestOffice(alba, 'Other')];
  for (const role of roles) {
    members.set(role, await addTestPerson(alba, { signInName: `in.${role}`, officeId: home, roles: [role] }));
    strangers.set(role, await addTestPerson(alba, { signInName: `out.${role}`, officeId: other, roles: [role] }));
  }
  const { ctx, id } = members.get('prosecutor')!;
  const { evidence, requests } = alba.running.live;
  const caseFile = await evidence.openCaseFile(ctx, {
    title: 'Walk of all routes',
    handling: {
      tlp: 'AMBER+STRICT',
      originator: 'XA:central-authority',
      groups: [],
      purposes: [],
      judicialUse: 'free',
      onward: 'on-request',
    },
    members: [...members.values()].map((one) => one.id).filter((one) => one !== id),
  });
  const file = await evidence.addFile(ctx, caseFile.id, { fileName: 'note.txt', bytes: Buffer.from('A note') });
  const sample = join(packageRoot, 'data/samples/requests/freeze-and-records.json');
  const { proceeding, facts } = DraftRequest.parse(JSON.parse(readFileSync(sample, 'utf8')));
  const request = await requests.open(ctx, {
    caseFileId: caseFile.id,
    types: ['T5'],
    to: 'XB' as StateCode,
    from: DraftRequest.parse({ kind: 'request', version: 1, proceeding, facts }),
  });
  const nobody = () => uuidv7(alba.node.random, Date.parse(alba.node.clock.now()));
  present = { caseFile: caseFile.id, file: file.id, ref: request.reference, person: members.get('reviewer')!.id };
  absent = { caseFile: nobody(), file: nobody(), ref: toReference('XA', '2001-01', 9999), person: nobody() };
}, 240_000);
afterAll(() => alba?.stop());

/** Which of our things stands for a parameter of a path. */
function fill(path: string, things: Record<string, string>): string {
  return path.replaceAll(/:(\w+)(\{[^}]*\})?/g, (_whole, name: string) => {
    if (name === 'ref' || name === 'reference') return things.ref!;
    if (name === 'personId') return things.person!;
    if (name === 'state') return 'XB';
    if (name === 'instrument') return 'XVIII-12';
    if (name === 'task') return 'facts';
    if (path.includes('case-files')) return things.caseFile!;
    if (path.includes('evidence-files') || name === 'file' || name === 'fileId') return things.file!;
    if (path.includes('/authorities/')) return 'XB:central-authority';
    if (path.includes('/people/')) return things.person!;
    return things.caseFile!;
  });
}

/** What a body must hold for a service to be reached at all; nothing here changes anything for a stranger. */
function bodyOf(route: Route): unknown {
  if (route.kind !== 'api' || !route.input.body) return undefined;
  if (route.path === '/api/case-files/:id') return { version: 1, onHold: false };
  if (route.path === '/api/case-files/:id/files') return { fileName: 'a.txt', content: 'QQ==' };
  if (route.path === '/api/requests') return { caseFileId: 'to be set', types: ['T5'] };
  if (route.path.endsWith('/sections/:task')) return { seen: 1, content: {} };
  if (route.path.endsWith('/actions')) return { action: 'withdraw', data: {}, seen: 'none' };
  return {};
}

async function tryRoute(client: Client, route: Route, things: Record<string, string>): Promise<Answer> {
  const path = fill(route.path, things);
  if (!isWrite(route)) return client.get(path);
  if (route.kind === 'page') return client.post(path, {});
  const body = bodyOf(route);
  const filled = route.path === '/api/requests' ? { ...(body as object), caseFileId: things.caseFile } : body;
  return client.api(route.method, path, filled);
}

/** Sends a write whose proof is wrong: the roles are asked first, and nothing can happen after. */
async function tryWithoutProof(client: Client, route: Route): Promise<Answer> {
  const path = fill(route.path, present);
  if (!isWrite(route)) return client.get(path);
  if (route.kind === 'page') return client.post(path, { _csrf: 'x'.repeat(43) });
  return client.api(route.method, path, bodyOf(route), { 'X-CSRF-Token': 'x'.repeat(43) });
}

const isJson = (answer: Answer) => answer.headers['content-type']?.includes('json') ?? false;
const codeOf = (answer: Answer) => (isJson(answer) ? answer.json<{ code?: string }>().code : undefined);
const formExpired = 'The form you sent is too old';

describe('each declared route', () => {
  test('has a permission that stands in the policy table', () => {
    expect(routes.length).toBeGreaterThan(100);
    expect(routes.filter((route) => !(route.permission in policy)).map(nameOf)).toEqual([]);
  });

  test('is declared once', () => {
    const names = routes.map(nameOf);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('names what the log gets when it changes something', () => {
    // These answer a question that is too long for an address; nothing is stored.
    const questions = ['POST /api/requests/check', 'POST /api/treaties/matrix'];
    const silent = routes.filter((route) => isWrite(route) && !route.audit && !questions.includes(nameOf(route)));
    expect(silent.map(nameOf)).toEqual([]);
  });

  test('names what the log gets when it shows the content of a case file', () => {
    const silent = routes.filter((route) => !isWrite(route) && hasMemberCondition(route) && !route.audit);
    expect(silent.map(nameOf)).toEqual([]);
  });

  test('of the API declares its answer, and its input wherever it has any', () => {
    for (const route of routes) {
      if (route.kind !== 'api') continue;
      expect(route.output, nameOf(route)).toBeDefined();
      expect(route.summary, nameOf(route)).toMatch(/^[A-Z]/);
      const named = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      expect(Object.keys(route.input.params?.shape ?? {}).sort(), nameOf(route)).toEqual(named.sort());
    }
  });
});

function sourcesUnder(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), { recursive: true })
    .map((name) => join(packageRoot, folder, String(name)))
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !name.endsWith('identity/policy.ts'));
}

test('every permission of the table is used by a route or a service, and none is used that is not there', () => {
  const text = ['src/modules', 'src/app']
    .flatMap(sourcesUnder)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const unused = Object.keys(policy).filter((permission) => !text.includes(`'${permission}'`));
  expect(unused).toEqual([]);
  const asked = [...text.matchAll(/(?:allow|may|admits|getAllowed)\((?:[\w.]+, )*'([a-z]+\.[a-z-]+)'/g)].map(
    ([, name]) => name!,
  );
  expect(asked.length).toBeGreaterThan(30);
  expect(asked.filter((permission) => !(permission in policy))).toEqual([]);
});

test('each route answers each role as the policy table says, and a visitor as well', async () => {
  const wrong: string[] = [];
  let tried = 0;
  const visitor = createClient(alba.running);
  const identities: { who: string; role?: Role; client: Client }[] = [{ who: 'signed out', client: visitor }];
  for (const role of roles) {
    identities.push({ who: `${role}, member`, role, client: members.get(role)!.client });
    identities.push({ who: `${role}, other office`, role, client: strangers.get(role)!.client });
  }
  for (const route of routes) {
    const rule = ruleOf(route);
    for (const { who, role, client } of identities) {
      const answer = await tryWithoutProof(client, route);
      tried += 1;
      const admitted =
        rule.roles === 'public' || (role !== undefined && (rule.roles === 'signed-in' || rule.roles.includes(role)));
      const told = `${nameOf(route)} for ${who}: ${answer.status} ${codeOf(answer) ?? ''}`;
      if (answer.status >= 500) wrong.push(told);
      else if (!admitted && role === undefined) {
        const toSignIn = answer.status === 303 && answer.headers.location?.startsWith('/sign-in?next=%2F');
        if (route.kind !== 'page' ? answer.status !== 401 : !toSignIn) wrong.push(told);
      } else if (!admitted) {
        const isRefused = answer.status === 403 && (route.kind === 'page' || codeOf(answer) === 'http.not-allowed');
        if (!isRefused || answer.text.includes(formExpired)) wrong.push(told);
      } else if (isWrite(route)) {
        // Let through by role, stopped by the missing proof; the public API asks for none.
        const stopped = [403, 422].includes(answer.status) && codeOf(answer) !== 'http.not-allowed';
        if (!stopped && rule.roles !== 'public') wrong.push(told);
      } else {
        const isForeign = who.endsWith('office') && hasMemberCondition(route) && route.path.includes(':');
        const fine = isForeign ? answer.status === 404 : [200, 303, 404, 409, 422].includes(answer.status);
        const byCondition = answer.status === 403 && (rule.conditions?.length ?? 0) > 0 && !isForeign;
        if (!fine && !byCondition) wrong.push(told);
        if (answer.status === 401) wrong.push(told);
      }
    }
  }
  console.log(`${routes.length} routes × ${identities.length} identities = ${tried} calls`);
  expect(wrong).toEqual([]);
}, 600_000);

/** The body without what differs from call to call. */
function comparable(answer: Answer): string {
  const things = [...Object.values(present), ...Object.values(absent)];
  return things
    .reduce(
      (text, thing) => text.replaceAll(thing, 'THING').replaceAll(encodeURIComponent(thing), 'THING'),
      answer.text,
    )
    .replaceAll(/"reference":"\w+"/g, '')
    .replaceAll(/<code dir="ltr">\w{3,12}<\/code>/g, '')
    .replaceAll(/name="_(key|csrf)" value="[^"]*"/g, '');
}

test('what belongs to a foreign case file answers as if it were not there, to every role and on every route', async () => {
  const differing: string[] = [];
  let compared = 0;
  for (const route of routes.filter((one) => hasMemberCondition(one))) {
    const wanted = ruleOf(route).roles;
    for (const [role, { client }] of strangers) {
      if (!Array.isArray(wanted) || !wanted.includes(role)) continue;
      const [foreign, missing] = [await tryRoute(client, route, present), await tryRoute(client, route, absent)];
      compared += 1;
      const told = `${nameOf(route)} for ${role}: ${foreign.status} and ${missing.status}`;
      if (foreign.status !== missing.status || comparable(foreign) !== comparable(missing)) differing.push(told);
      else if (foreign.status < 400) differing.push(`${told}: opened`);
      else if (!isWrite(route) && foreign.status !== 404) differing.push(told);
    }
  }
  expect(compared).toBeGreaterThan(60);
  expect(differing).toEqual([]);
}, 300_000);

test('lists and counts of a stranger hold nothing of a foreign case file', async () => {
  for (const [, { client }] of strangers) {
    for (const route of routes.filter((one) => !isWrite(one) && !one.path.includes(':'))) {
      const answer = await client.get(route.path);
      for (const name of ['caseFile', 'file', 'ref'] as const)
        expect(answer.text.includes(present[name]!), `${nameOf(route)} shows ${name}`).toBe(false);
      expect(answer.text.includes('Walk of all routes'), nameOf(route)).toBe(false);
    }
  }
}, 300_000);

test('a member who reads content of a case file leaves an entry in the log each time', async () => {
  const entries = async () => {
    const row = await alba.database.admin
      .selectFrom('audit_entries')
      .select((one) => one.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow();
    return Number(row.count);
  };
  const { client } = members.get('prosecutor')!;
  const read = routes.filter((route) => !isWrite(route) && hasMemberCondition(route));
  expect(read.length).toBeGreaterThan(5);
  const silent: string[] = [];
  for (const route of read) {
    const before = await entries();
    const answer = await client.get(fill(route.path, present));
    if (answer.status === 200 && (await entries()) === before) silent.push(nameOf(route));
  }
  expect(silent).toEqual([]);
});

describe('malformed input', () => {
  const bodies: [string, string, string][] = [
    ['nothing', '', 'application/json'],
    ['no JSON', '{"a":', 'application/json'],
    ['a list', '[1,2,3]', 'application/json'],
    ['a number', '7', 'application/json'],
    ['null', 'null', 'application/json'],
    ['a name twice', '{"a":1,"a":2}', 'application/json'],
    ['a deep object', '{"a":'.repeat(60) + '1' + '}'.repeat(60), 'application/json'],
    ['names of the prototype', '{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}}}', 'application/json'],
    ['wrong types', '{"id":{},"name":[],"version":"x","body":7,"roles":{"a":1}}', 'application/json'],
    ['another media type', 'a=1', 'text/plain'],
    ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]).toString('latin1'), 'application/json'],
  ];
  const forms = [
    '',
    'a=1',
    '_key=zu%20kurz',
    '%=&=%&&&',
    'text=%00%FF',
    'name[]=1&name[0][x]=2',
    '__proto__=1&constructor=2',
  ];
  /** Ends the very session that asks, as it should with nothing but the proof. */
  const obeys = ['/sign-out'];

  test('is answered with 4xx and never with 5xx, on every route that takes input', async () => {
    const wrong: string[] = [];
    const everyone = await addTestPerson(alba, {
      signInName: 'all.roles',
      officeId: await addTestOffice(alba, 'All'),
      roles,
    });
    const { client } = everyone;
    const csrf = await client.csrf();
    for (const route of routes.filter(isWrite)) {
      if (obeys.includes(route.path)) continue;
      const path = fill(route.path, present);
      if (route.kind === 'api') {
        if (!route.input.body) continue;
        for (const [what, body, type] of bodies) {
          const headers = {
            'X-CSRF-Token': csrf,
            'Content-Type': type,
            'Idempotency-Key': `key-${wrong.length}-${what.length}`,
          };
          const answer = await client.call(route.method.toUpperCase(), path, {
            headers,
            body: Buffer.from(body, 'latin1'),
          });
          if (answer.status < 400 || answer.status >= 500)
            wrong.push(`${nameOf(route)} with ${what}: ${answer.status}`);
        }
      } else {
        for (const form of forms) {
          const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
          const body = `${form}&_csrf=${csrf}`;
          const answer = await client.call('POST', path, { headers, body });
          if (answer.status >= 500) wrong.push(`${nameOf(route)} with ${form}: ${answer.status}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 300_000);

  test('in an address is answered with 4xx and never with 5xx', async () => {
    const odd = [
      '%00',
      '%ff',
      '..%2f..%2fetc%2fpasswd',
      "1'%20OR%20'1'='1",
      'x'.repeat(3000),
      '%E2%80%AE',
      '-1',
      'null',
      '%7B%7D',
    ];
    const wrong: string[] = [];
    const { client } = members.get('prosecutor')!;
    for (const route of routes.filter((one) => !isWrite(one))) {
      const pattern = /:(\w+)(\{[^}]*\})?/g;
      for (const value of odd) {
        const inPath = route.path.includes(':') ? route.path.replaceAll(pattern, value) : undefined;
        const inQuery = `${fill(route.path, present)}?on=${value}&from=${value}&to=${value}&q=${value}&after=${value}&limit=${value}&state=${value}&seen=${value}`;
        for (const path of [inPath, inQuery]) {
          if (path === undefined) continue;
          const answer = await client.get(path);
          if (answer.status >= 500) wrong.push(`${path.slice(0, 120)}: ${answer.status}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 300_000);
});
