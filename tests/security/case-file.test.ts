import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import pino from 'pino';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCompleteSample } from '../../src/app/sample-world.ts';
import { evidenceJobs } from '../../src/app/evidence.ts';
import { policy, roles } from '../../src/modules/identity/index.ts';
import { ComityError } from '../../src/platform/errors.ts';
import { sha256 } from '../../src/platform/values/index.ts';
import { canaryOf, findInDatabase, findInFiles } from '../support/canary.ts';
import { createClient } from '../support/client.ts';
import { isNightly } from '../support/nightly.ts';
import { startNode, type TestNode } from '../support/node.ts';
import { addTestOffice, addTestPerson, type TestPerson } from '../support/office-people.ts';

// One node with one case file: what each role reads of it, what the log says of each, and what is left when its key is gone.
const inside = ['prosecutor', 'reviewer', 'central-authority-officer', 'registrar', 'signatory', 'executing-officer'] as const; // prettier-ignore
const lines: string[] = [];
const people = new Map<string, TestPerson>();
let alba: TestNode;
let reference: string;
let caseFileId: string;
const marks = {
  risk: 'Mark-of-the-risk-check',
  fact: 'Mark-of-the-facts',
  name: 'Markname',
  title: 'Mark-of-the-title',
};

const person = (role: string) => people.get(role)!;
const get = async (who: string, path: string) => (await person(who).client.get(path)).text;

beforeAll(async () => {
  alba = await startNode({ log: pino({ level: 'trace' }, { write: (line) => void lines.push(line) }) });
  const [home, other] = [await addTestOffice(alba, 'Home'), await addTestOffice(alba, 'Other')];
  for (const role of roles)
    people.set(role, await addTestPerson(alba, { signInName: `in.${role}`, officeId: home, roles: [role] }));
  people.set('stranger', await addTestPerson(alba, { signInName: 'out', officeId: other, roles: [...inside] }));
  const { evidence, requests } = alba.running.live;
  const { ctx } = person('prosecutor');
  const members = inside.filter((role) => role !== 'prosecutor').map((role) => person(role).id);
  let view = await openCompleteSample(ctx, { evidence, requests }, { title: marks.title, members });
  ({ reference, caseFileId } = view);
  const save = async (task: 'facts' | 'people', content: Record<string, unknown>) => {
    const saved = await requests.saveSection(ctx, reference, { task, seen: view.revision, content });
    if (!saved.ok) throw new Error(JSON.stringify(saved.error));
    view = saved.value;
  };
  const { facts = [], persons = [] } = view.request;
  await save('facts', { facts: facts.map((one, n) => (n === 0 ? { ...one, text: { en: marks.fact } } : one)) });
  await save('people', {
    persons: persons.map((one, n) =>
      n === 0 ? { ...one, names: [{ text: `Odo ${marks.name}`, script: 'Latn', original: true }] } : one,
    ),
  });
  const persecution = { answer: 'none-found', reviewer: marks.risk, on: ctx.today() } as const;
  const risk = await requests.saveRisk(person('central-authority-officer').ctx, reference, { persecution });
  if (!risk.ok) throw new Error(JSON.stringify(risk.error));
}, 300_000);
afterAll(() => alba?.stop());

/** Every page and route of a request or case file, filled. */
function readable(): string[] {
  return alba.running.app.routes
    .filter((route) => route.method === 'get' && /:(ref|reference|id)\b/.test(route.path))
    .filter((route) => /^\/(api\/)?(requests|case-files)\//.test(route.path))
    .map((route) =>
      route.path
        .replaceAll(/:(ref|reference)(\{[^}]*\})?/g, reference)
        .replaceAll(/:id(\{[^}]*\})?/g, caseFileId)
        .replaceAll(/:task(\{[^}]*\})?/g, 'facts'),
    )
    .filter((path) => !path.includes(':'));
}

test('I3: each part of a request is read by the roles that may, and is not there at all for the others', async () => {
  const mayReadRisk: readonly string[] = policy['requests.read-risk'].roles;
  const seen = new Map<string, Set<string>>();
  const wrong: string[] = [];
  const paths = readable();
  expect(paths.length).toBeGreaterThan(12);
  for (const who of [...inside, 'administrator', 'oversight', 'analyst', 'stranger'])
    for (const path of paths) {
      const text = await get(who, path);
      for (const [part, mark] of Object.entries(marks)) {
        if (!text.includes(mark)) continue;
        seen.set(part, (seen.get(part) ?? new Set()).add(who));
        const may = (inside as readonly string[]).includes(who) && (part !== 'risk' || mayReadRisk.includes(who));
        if (!may) wrong.push(`${who} reads ${part} at ${path}`);
      }
    }
  expect(wrong).toEqual([]);
  // Not by having been nowhere: those who may do read it.
  for (const part of ['fact', 'name', 'title']) expect([...(seen.get(part) ?? [])].sort()).toEqual([...inside].sort());
  expect([...(seen.get('risk') ?? [])].sort()).toEqual([...mayReadRisk].sort());
  const view = (who: string) =>
    person(who)
      .client.get(`/api/requests/${reference}`)
      .then((answer) => answer.json<{ request: { internal?: object } }>());
  expect(Object.keys((await view('signatory')).request.internal ?? {})).toContain('risk');
  expect(Object.keys((await view('prosecutor')).request.internal ?? {})).not.toContain('risk');
}, 400_000);

interface LogEntry {
  index: number;
  entry: { at: string; action: string; actor: { id?: string }; subject: { id: string } };
}
async function entriesOf(subjectId: string): Promise<LogEntry[]> {
  const answer = await person('oversight').client.get(`/api/audit/entries?subjectId=${subjectId}&limit=200`);
  return answer.json<{ entries: LogEntry[] }>().entries;
}
const newest = async () => Number((await rows<{ n: string }>('select size as n from audit_head'))[0]?.n);
async function rows<T>(query: string): Promise<T[]> {
  return (await sql.raw<T>(query).execute(alba.database.owner)).rows;
}

test('A11: who looked at a person is told by the log of the request that names the person: each reading, with who, what and when', async () => {
  const begun = await newest();
  const looked: { who: string; path: string }[] = [];
  for (const who of inside)
    for (const path of [`/requests/${reference}/people`, `/requests/${reference}`, `/api/requests/${reference}`])
      if ((await get(who, path)).includes(marks.name)) looked.push({ who: person(who).id, path });
  expect(new Set(looked.map((one) => one.who)).size).toBe(inside.length);
  const fresh = [...(await entriesOf(reference)), ...(await entriesOf(caseFileId))].filter((one) => one.index >= begun);
  for (const id of new Set(looked.map((one) => one.who))) {
    const own = fresh.filter(({ entry }) => entry.actor.id === id);
    expect(own.length).toBeGreaterThanOrEqual(looked.filter((one) => one.who === id).length);
    for (const { entry } of own) expect(entry.at).toMatch(/^\d{4}-\d\d-\d\dT/);
  }
  // The name itself stands nowhere in the log.
  expect(JSON.stringify(await rows('select entry from audit_entries'))).not.toContain(marks.name);
});

test('A5: line breaks, controls and JSON in every field make one entry of one act and one line of one event', async () => {
  const odd = [
    'a\nb',
    'a\r\n{"event":"forged"}',
    'a\u2028b\u2029c',
    '\u001b[31m',
    '","event":"forged","x":"',
    '\u202e\ufeff',
  ];
  const { client } = person('prosecutor');
  const [begun, from] = [await newest(), lines.length];
  const handling = { tlp: 'AMBER', originator: 'XA:central-authority' };
  let opened = 0;
  for (const text of odd) {
    const number = `${opened} ${text}`;
    const made = await client.api('POST', '/api/case-files', { number, title: text, handling });
    if (made.status === 201) opened += 1;
    const quoted = encodeURIComponent(text);
    await client.get(`/case-files/${quoted}?q=${quoted}`, { 'User-Agent': quoted, Referer: `http://x/${quoted}` });
    await client.get(`/api/audit/entries?action=${quoted}`);
    const visitor = createClient(alba.running);
    await visitor.post('/sign-in', { name: text, password: text });
  }
  expect(opened).toBeGreaterThan(2);
  const fresh = await rows<{ entry: string; action: string }>(
    `select e.entry, e.action from audit_entries e join audit_leaves l on l.entry_id = e.id where l.index >= ${begun}`,
  );
  expect(fresh.filter((one) => one.action === 'evidence.open-case-file')).toHaveLength(opened);
  for (const { entry } of fresh) expect(entry).not.toMatch(/[\n\r\u2028\u2029\u001b]/);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines.slice(from)) {
    expect(line.trimEnd(), line).not.toMatch(/[\n\r]/);
    expect((JSON.parse(line) as { event?: string }).event, line).not.toBe('forged');
  }
});

test('G5, G6: nobody acts for another and there is no door for emergencies: no permission, role or route for either', async () => {
  const words = /delegat|deput|on-behalf|impersonat|emergenc|break-?glass|override/i;
  expect(Object.keys(policy).filter((one) => words.test(one))).toEqual([]);
  expect(roles.filter((one) => words.test(one))).toEqual([]);
  expect(alba.running.app.routes.map((route) => route.path).filter((one) => words.test(one))).toEqual([]);
  // Not even for who runs the node or watches over it.
  for (const who of ['administrator', 'oversight', 'stranger'])
    for (const path of [`/api/requests/${reference}`, `/api/case-files/${caseFileId}`])
      expect((await person(who).client.get(path)).status, `${who} ${path}`).toBeGreaterThanOrEqual(403);
});

test('I7: no mail leaves, and what can be subscribed to names nobody', async () => {
  const { config } = alba.node;
  expect(Object.keys(config).filter((name) => /MAIL|SMTP|SENDMAIL/.test(name))).toEqual([]);
  const feeds = alba.running.app.routes.filter(
    (route) =>
      route.kind === 'api' &&
      typeof route.output === 'object' &&
      'files' in route.output &&
      route.output.files.some((type) => /calendar|vcard|atom|rss|csv/.test(type)),
  );
  expect(feeds.length).toBeGreaterThan(1);
  const names = [...people.values()].map((one) => one.id);
  for (const { path } of feeds) {
    const filled = path.replaceAll(/:state/g, 'XA').replaceAll(/:id/g, 'XA:central-authority');
    const { text } = await createClient(alba.running).get(filled);
    for (const secret of [...Object.values(marks), ...names, reference, caseFileId])
      expect(text.includes(secret), `${filled} tells ${secret}`).toBe(false);
  }
});

test('I7: a calendar of one’s own deadlines names cases by their reference alone', async () => {
  const { status, text } = await person('prosecutor').client.get('/deadlines/calendar.ics');
  expect(status).toBe(200);
  expect(text).toContain('BEGIN:VCALENDAR');
  for (const mark of Object.values(marks)) expect(text, mark).not.toContain(mark);
});

test('I6: whatever the handling code, what is exported reaches members alone and says the code', async () => {
  const { evidence } = alba.running.live;
  const { ctx, client } = person('prosecutor');
  for (const tlp of ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const) {
    const opened = await evidence.openCaseFile(ctx, {
      title: `Code ${tlp}`,
      handling: {
        tlp,
        originator: 'XA:central-authority',
        groups: [],
        purposes: [],
        judicialUse: 'free',
        onward: 'no',
      },
      members: [person('reviewer').id],
    });
    const file = await evidence.addFile(ctx, opened.id, { fileName: 'note.txt', bytes: Buffer.from(`Held ${tlp}`) });
    for (const [who, may] of [
      ['prosecutor', true],
      ['reviewer', true],
      ['signatory', false],
      ['stranger', false],
      ['oversight', false],
      ['administrator', false],
    ] as const) {
      const answer = await person(who).client.get(`/api/evidence-files/${file.id}/content`);
      expect(answer.text === `Held ${tlp}`, `${who} ${tlp}`).toBe(may);
      await (
        may
          ? expect(evidence.exportFiles(person(who).ctx, [file.id])).resolves
          : expect(evidence.exportFiles(person(who).ctx, [file.id])).rejects
      ).toBeDefined();
    }
    expect((await client.get(`/case-files/${opened.id}`)).text).toContain(`TLP:${tlp}`);
  }
  expect(temporary()).toEqual([]);
});

/** What stands where files wait on their way in. */
function temporary(): string[] {
  try {
    return readdirSync(join(alba.node.config.dataFolder, 'blobs', 'incoming'));
  } catch {
    return [];
  }
}

test('W10: a form with a file, spoilt at any place, is taken whole or refused, and leaves nothing behind', async () => {
  const { client, ctx } = person('prosecutor');
  const boundary = 'x'.repeat(24);
  const proof = await client.csrf();
  const part = (name: string, value: string, more = '') =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
  const files = async () => (await alba.running.live.evidence.listFiles(ctx, caseFileId as never)).length;
  const before = await files();
  let [taken, n] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1_000_000),
      fc.nat(255),
      fc.constantFrom('flip', 'cut', 'double', 'insert'),
      async (place, byte, how) => {
        n += 1;
        const whole = Buffer.from(
          `${part('_csrf', proof)}${part('_key', `multipart-${n}-key`)}${part('file', 'Some bytes', '; filename="odd.txt"\r\nContent-Type: text/plain')}--${boundary}--\r\n`,
        );
        const at = place % whole.length;
        const spoilt = {
          flip: () => Buffer.from(whole.map((one, index) => (index === at ? byte : one))),
          cut: () => whole.subarray(0, at),
          double: () => Buffer.concat([whole.subarray(0, at), whole]),
          insert: () => Buffer.concat([whole.subarray(0, at), Buffer.from([byte, 13, 10]), whole.subarray(at)]),
        }[how]();
        const headers = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
        const answer = await client.call('POST', `/case-files/${caseFileId}/files`, { headers, body: spoilt });
        expect(answer.status, `${how} at ${at} with ${byte}`).toBeLessThan(500);
        if (answer.status === 303) taken += 1;
      },
    ),
    { numRuns: isNightly ? 1_000 : 100 },
  );
  expect(await files()).toBe(before + taken);
  expect(temporary()).toEqual([]);
}, 300_000);

test('G8: whatever is set in whatever order, hold, day of retention and the node at work, nothing under a hold goes', async () => {
  const { evidence } = alba.running.live;
  const { ctx } = person('prosecutor');
  const opened = await evidence.openCaseFile(ctx, {
    title: 'Kept',
    handling: { tlp: 'AMBER', originator: 'XA:central-authority' } as never,
  });
  const file = await evidence.addFile(ctx, opened.id, { fileName: 'kept.txt', bytes: Buffer.from('Kept') });
  const jobs = Object.entries(evidenceJobs(alba.node, evidence)).filter(([kind]) => !kind.includes('scan'));
  const acts = fc.constantFrom('hold', 'lift', 'due', 'not-due', 'work');
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { minLength: 3, maxLength: 8 }), async (order) => {
      for (const act of order) {
        const { version } = await evidence.getCaseFile(ctx, opened.id);
        if (act === 'hold' || act === 'lift')
          await evidence.changeCaseFile(ctx, opened.id, { version, onHold: act === 'hold' });
        if (act === 'due' || act === 'not-due')
          await evidence.changeCaseFile(ctx, opened.id, {
            version,
            retainUntil: (act === 'due' ? '2001-01-01' : '2099-01-01') as never,
          });
        if (act === 'work') for (const [, run] of jobs) await ctx.transaction((tx) => run(tx, {}));
        const held = await evidence.getCaseFile(ctx, opened.id);
        expect([held.erased, held.title]).toEqual([false, 'Kept']);
      }
    }),
    { numRuns: isNightly ? 200 : 12 },
  );
  expect((await evidence.listFiles(ctx, opened.id))[0]).toMatchObject({ sha256: sha256('Kept'), id: file.id });
}, 300_000);

test('G3: many acts on one request at the same moment come out as one history, and each approval counts once', async () => {
  const { evidence, requests } = alba.running.live;
  const { ctx } = person('prosecutor');
  const members = inside.filter((role) => role !== 'prosecutor').map((role) => person(role).id);
  const begun = await openCompleteSample(ctx, { evidence, requests }, { title: 'Many at once', members });
  const many = isNightly ? 100 : 30;
  const strange: string[] = [];
  /** How many of the tries took effect; those that did not say why in a code. */
  async function won(tries: readonly Promise<{ ok: boolean }>[]): Promise<number> {
    const ended = await Promise.allSettled(tries);
    for (const one of ended)
      if (one.status === 'rejected' && !(one.reason instanceof ComityError)) strange.push(String(one.reason));
    return ended.filter((one) => one.status === 'fulfilled' && one.value.ok).length;
  }
  const tries = Array.from({ length: many }, (_, n) => n);
  const counted = async (kind: string) =>
    (await requests.get(ctx, begun.reference)).actions.filter((one) => one.kind === kind).length;

  const submitted = await won(tries.map(() => requests.act(ctx, begun.reference, 'submit-for-review', {}, begun.head)));
  expect([submitted, await counted('submit-for-review')]).toEqual([1, 1]);
  const { head } = await requests.get(ctx, begun.reference);
  const approved = await won(
    tries.map((n) =>
      n % 3 === 0
        ? requests.act(ctx, begun.reference, 'review-pass', { reason: 'My own' }, head)
        : requests.act(person('reviewer').ctx, begun.reference, 'review-pass', { reason: `Read ${n}` }, head),
    ),
  );
  expect([approved, await counted('review-pass')]).toEqual([1, 1]);
  const after = await requests.get(ctx, begun.reference);
  expect(after.actions.find((one) => one.kind === 'review-pass')?.actor).toBe(person('reviewer').id);
  expect(strange).toEqual([]);
}, 300_000);

test('K9: once the key of a case file is destroyed nothing of it is read again, on any page, in any index, in any backup made since', async () => {
  const { evidence } = alba.running.live;
  const { ctx, client } = person('prosecutor');
  const canary = canaryOf(randomBytes(32));
  const opened = await evidence.openCaseFile(ctx, {
    title: canary.text,
    handling: { tlp: 'AMBER', originator: 'XA:central-authority' } as never,
  });
  const file = await evidence.addFile(ctx, opened.id, { fileName: `${canary.text}.bin`, bytes: canary.bytes });
  const since = new Date(alba.node.clock.now());
  expect((await client.get(`/case-files/${opened.id}`)).text).toContain(canary.text);
  const [kept] = await rows<{ key: string }>(
    `select encode(wrapped_key, 'hex') as key from case_files where id = '${opened.id}'`,
  );
  await rows(`update case_files set wrapped_key = null where id = '${opened.id}'`);
  // The row that held the key goes from its page as well.
  await sql`vacuum full case_files`.execute(alba.database.admin);
  const paths = [
    `/case-files/${opened.id}`,
    `/api/case-files/${opened.id}`,
    `/api/case-files/${opened.id}/files`,
    `/api/evidence-files/${file.id}/content`,
    `/case-files/${opened.id}/files/${file.id}/download`,
    '/case-files',
    '/api/case-files',
    `/search?q=${canary.text}`,
  ];
  for (const path of paths) {
    const answer = await client.get(path);
    expect(answer.status, path).not.toBe(500);
    expect(canary.isIn(answer.bytes) && !path.startsWith('/search'), path).toBe(false);
  }
  await expect(evidence.exportFiles(ctx, [file.id])).rejects.toMatchObject({ code: 'evidence.erased' });
  expect(await findInDatabase(canary, alba.database.url, since)).toEqual([]);
  expect(await findInFiles(canary, alba.node.config.dataFolder)).toEqual([]);
  const sealedKey = canaryOf(Buffer.from(kept!.key, 'hex').subarray(0, 32));
  const found = await findInDatabase(sealedKey, alba.database.url, new Date('2100-01-01T00:00:00.000Z'));
  expect(found.filter((path) => path.startsWith('base/'))).toEqual([]);
}, 300_000);
