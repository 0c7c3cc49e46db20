import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { twoAuthorities, type TwoAuthorities } from '../../../../tests/support/two-authorities.ts';
import type { Context } from '../../identity/index.ts';
import { canonical, plainDate, sha256, type Problem } from '../../../platform/values/index.ts';
import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';

let two: TwoAuthorities;
let amara: Context;
let noor: Context;
let ines: Context;
let tomas: Context;
let marco: Context;
let vera: Context;

beforeAll(async () => {
  two = await twoAuthorities();
  const { alba, borea } = two;
  amara = alba.person('amara', ['prosecutor']);
  noor = alba.person('noor', ['central-authority-officer']);
  ines = borea.person('ines', ['registrar', 'central-authority-officer']);
  tomas = borea.person('tomas', ['central-authority-officer']);
  marco = borea.person('marco', ['signatory']);
  vera = borea.person('vera', ['executing-officer']);
});
afterEach(() => void (two.change.facts = (_draft, facts) => facts));
afterAll(() => two.close());

function value<T>(outcome: { ok: true; value: T } | { ok: false; error: readonly Problem[] }): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error, null, 1));
  return outcome.value;
}

const take = async (
  who: Context,
  ref: string,
  kind: Parameters<TwoAuthorities['borea']['incoming']['actUnread']>[2],
  input: unknown = {},
) => value(await two.borea.incoming.actUnread(who, ref, kind, input, null, { assertion: 'touched' }));

const acknowledgement = {
  reply: 'acknowledgement',
  desk: { en: 'Mutual assistance desk' },
  officer: { post: { en: 'Desk officer' }, name: 'Ines', line: null, email: null },
  language: 'en',
  expected: '2026-05-18',
};

test('a signed request crosses the border whole, is received with its annexes, and both sides see the same stage', async () => {
  const { ours, theirs } = await two.sent();
  const view = await two.borea.incoming.get(ines, theirs);
  const sent = await two.alba.requests.get(amara, ours);
  expect(view).toMatchObject({
    status: 'received',
    otherReference: ours,
    contentHash: sent.contentHash,
    urgent: true,
    from: { state: 'XA', authority: 'XA:central-authority' },
    signature: { finding: 'valid', authority: 'XA:central-authority', contentHash: sent.contentHash },
    misdirected: null,
  });
  expect(view.files.map((one) => one.annex).sort()).toEqual([1, 2, 3, 4]);
  expect(view.working.internal).toBeUndefined();
  expect(sent).toMatchObject({ status: 'delivered', stage: 'received' });
  expect(sent.shared).toEqual(view.shared);
  expect(view.clocks.find((one) => one.kind === 'stage')).toMatchObject({
    unit: 'hours',
    due: '2026-05-14T13:11:00.000Z',
  });
  expect(view.reference).toMatch(/^XB-2026-05-\d{4}-[A-Z]$/);
});

const words = (en: string) => ({ en });
const codes = (outcome: { ok: true } | { ok: false; error: readonly Problem[] }) =>
  outcome.ok ? [] : outcome.error.map((one) => one.code);

/** A request that Borea registered, acknowledged and assessed. */
async function assessed(): Promise<{ ours: string; theirs: string }> {
  const both = await two.sent();
  await take(ines, both.theirs, 'register');
  await take(ines, both.theirs, 'acknowledge', { reply: acknowledgement });
  await take(ines, both.theirs, 'assess', { finding: 'can-be-executed' });
  await two.carry();
  return both;
}

/** The same, being executed. */
async function executing(): Promise<{ ours: string; theirs: string }> {
  const both = await assessed();
  await take(ines, both.theirs, 'forward', { to: 'Attorney General', persons: ['vera'] });
  await take(vera, both.theirs, 'accept-execution');
  await two.carry();
  return both;
}

const statuses = async ({ ours, theirs }: { ours: string; theirs: string }) => [
  (await two.alba.requests.get(amara, ours)).status,
  (await two.borea.incoming.get(ines, theirs)).status,
];
const sameStage = async ({ ours, theirs }: { ours: string; theirs: string }) => {
  const [a, b] = [await two.alba.requests.get(amara, ours), await two.borea.incoming.get(ines, theirs)];
  expect(a.shared).toEqual(b.shared);
  return a.shared.stage;
};

test('a question is asked on a field, answered with a file, settled; both sides see one thread', async () => {
  const both = await assessed();
  const question = randomUUID();
  await take(ines, both.theirs, 'ask-information', {
    reply: {
      reply: 'more-information',
      questions: [
        {
          id: question,
          path: ['measures', 0, 'text'],
          text: words('Which branch?'),
          why: words('There are two'),
          by: '2026-05-18',
        },
      ],
      meanwhile: null,
    },
  });
  await two.carry();
  expect(await statuses(both)).toEqual(['information-asked', 'information-asked']);
  const view = await two.alba.requests.get(amara, both.ours);
  // The day that Borea set runs here, and stands among the deadlines of both.
  expect(view.clocks.find((one) => one.kind === 'stage')).toMatchObject({ due: '2026-05-18', unit: 'date' });
  const until = plainDate('2026-05-31');
  for (const [list, reference] of [
    [await two.alba.requests.deadlines(amara, { until }), both.ours],
    [await two.borea.requests.deadlines(ines, { until }), both.theirs],
  ] as const)
    expect(list.filter((one) => one.reference === reference && one.clock === 'stage')).toMatchObject([
      { dueAt: '2026-05-19T00:00:00.000Z', paused: false },
    ]);
  await expect(two.alba.requests.deadlines(two.alba.person('xeno', ['prosecutor']), { until })).resolves.toEqual([]);
  const file = await two.alba.evidence.addFile(amara, view.caseFileId, {
    fileName: 'branch.txt',
    bytes: Buffer.from('Branch 4, Borea City'),
  });
  value(
    await two.alba.requests.answerQuestion(amara, both.ours, question, { text: words('Branch 4'), files: [file.id] }),
  );
  await two.carry();
  expect(await statuses(both)).toEqual(['registered', 'assessed']);
  const settled = value(await two.borea.incoming.settle(ines, both.theirs, question));
  await two.carry();
  const ours = await two.alba.requests.conversation(amara, both.ours);
  expect(ours.thread).toMatchObject([{ id: question, status: 'settled', answers: [{ text: { en: 'Branch 4' } }] }]);
  expect(settled.thread.map(({ sent: _sent, ...one }) => one)).toEqual(
    ours.thread.map(({ sent: _sent, ...one }) => one),
  );
  expect(ours.thread[0]?.sent).toBe('delivered');
  expect(
    (await two.borea.evidence.listFiles(ines, settled.caseFileId)).some((one) => one.fileName === 'branch.txt'),
  ).toBe(true);
  expect(await sameStage(both)).toBe('accepted');
});

test('conditions are proposed and accepted; what was asked goes on', async () => {
  const both = await assessed();
  await take(ines, both.theirs, 'propose-conditions', {
    reply: {
      reply: 'conditions',
      conditions: [{ id: 'c1', kind: 'use', text: words('Only in this case') }],
      ifDeclined: words('The records are not sent'),
    },
  });
  await two.carry();
  const asked = await two.alba.requests.get(amara, both.ours);
  expect(asked.status).toBe('conditions-proposed');
  value(await two.alba.requests.act(noor, both.ours, 'accept-conditions', {}, asked.head));
  await two.carry();
  expect(await statuses(both)).toEqual(['registered', 'assessed']);
  await sameStage(both);
});

test('a refusal needs a recorded consultation, reasons and a second person; bank secrecy is refused as input', async () => {
  const both = await assessed();
  await take(ines, both.theirs, 'start-refusal', { reason: 'Essential interests are touched' });
  const refusal = (more: Record<string, unknown>, ground: Record<string, unknown> = {}) => ({
    reply: {
      reply: 'refused',
      grounds: [
        {
          ground: '18.21.b',
          provision: null,
          reasons: words('It would harm essential interests.'),
          measures: null,
          ...ground,
        },
      ],
      consultation: null,
      alternatives: [],
      ...more,
    },
  });
  const refuse = (who: Context, input: unknown, assertion = 'touched') =>
    two.borea.incoming.actUnread(who, both.theirs, 'refuse', input, null, { assertion });
  await expect(refuse(ines, refusal({}))).rejects.toMatchObject({ code: 'identity.why-took-part' });
  expect(codes(await refuse(tomas, refusal({})))).toEqual(['requests.no-consultation']);
  expect(codes(await refuse(tomas, refusal({}, { ground: 'bank-secrecy' })))).toEqual(['requests.no-such-ground']);
  expect(codes(await refuse(tomas, refusal({}, { reasons: {} })))).toEqual(['requests.words-needed']);
  expect(
    codes(
      await refuse(
        tomas,
        refusal(
          {},
          { ground: 'domestic', provision: 'Banking Act art. 5', reasons: words('Bank secrecy forbids it.') },
        ),
      ),
    ),
  ).toEqual(['requests.bank-secrecy']);
  expect(
    codes(
      await refuse(tomas, refusal({ consultation: { id: randomUUID(), on: '2026-05-14', with: 'XA', how: 'Call' } })),
    ),
  ).toEqual(['requests.unknown-consultation']);
  const consulted = await take(ines, both.theirs, 'record-consultation', {
    with: 'Alba',
    on: '2026-05-14',
    how: 'Call',
    summary: 'inner',
  });
  const consultation = { id: consulted.actions.at(-1)?.id ?? '', on: '2026-05-14', with: 'Alba', how: 'Call' };
  // The words leave only with a proof of who lets them out.
  await expect(refuse(tomas, refusal({ consultation }), 'of somebody else')).rejects.toMatchObject({
    code: 'identity.step-up-needed',
  });
  expect(await statuses(both)).toEqual(['registered', 'consultation']);
  const refused = value(await refuse(tomas, refusal({ consultation })));
  const approval = JSON.parse(refused.actions.at(-1)?.data.approval ?? '{}') as { contentHash?: string };
  const said = canonical(JSON.parse(JSON.stringify(refused.actions.at(-1)?.data.reply)));
  expect(approval).toMatchObject({ personId: 'tomas', contentHash: `sha256:${sha256(said)}` });
  await two.carry();
  expect(two.carried.at(-1)?.bytes).not.toContain('personId');
  expect(await statuses(both)).toEqual(['refused', 'refused']);
  const ours = await two.alba.requests.conversation(amara, both.ours);
  expect(ours.replies.at(-1)?.reply).toMatchObject({
    reply: 'refused',
    grounds: [{ ground: '18.21.b' }],
    consultation,
  });
  expect(await sameStage(both)).toBe('answered');
});

test('a refusal on bank secrecy that comes as a message, however signed, is not taken', async () => {
  const both = await assessed();
  const content = two.carried.findLast((one) => one.kind === 'request-reply/1')?.content;
  if (!content) throw new Error('no reply went out');
  // The envelope of a reply that was sent, with another content in it.
  const { desk: _desk, officer: _officer, language: _language, expected: _expected, ...envelope } = content.body;
  const forged = {
    ...envelope,
    reply: 'refused',
    grounds: [{ ground: 'bank-secrecy', provision: null, reasons: words('no'), measures: null }],
    consultation: null,
    alternatives: [],
  };
  const id = '01890000-0000-7000-8000-000000000001';
  await expect(
    two.bring(two.alba, { id, kind: 'request-reply/1', content: { ...content, body: forged }, bytes: '' }),
  ).rejects.toMatchObject({ code: 'requests.bad-body' });
  expect(
    (await two.alba.incoming.listQuarantine(noor)).some(
      (one) => one.message === id && one.code === 'requests.bad-body',
    ),
  ).toBe(true);
  expect((await two.alba.requests.get(amara, both.ours)).status).toBe('registered');
  // A ground that is on the list does not carry bank secrecy in its reasons either.
  const grounds = [
    { ground: 'domestic', provision: 'Act 5', reasons: words('Bank secrecy forbids it.'), measures: null },
  ];
  const again = { ...content, body: { ...forged, grounds } };
  await expect(
    two.bring(two.alba, {
      id: '01890000-0000-7000-8000-000000000002',
      kind: 'request-reply/1',
      content: again,
      bytes: '',
    }),
  ).rejects.toMatchObject({ code: 'requests.bank-secrecy' });
  expect((await two.alba.requests.get(amara, both.ours)).status).toBe('registered');
});

test('results are reported, checked by another, sent with their files, compared by hash and receipted; other use is asked and agreed', async () => {
  const both = await executing();
  expect(await sameStage(both)).toBe('being-executed');
  const { caseFileId } = await two.borea.incoming.get(ines, both.theirs);
  const records = Buffer.from(`records ${'x'.repeat(70_000)}`);
  const file = await two.borea.evidence.addFile(vera, caseFileId, { fileName: 'records.txt', bytes: records });
  const evidence = [
    {
      id: file.id,
      sha256: file.sha256,
      fileName: file.fileName,
      size: file.size,
      form: 'certified-copy',
      custody: null,
    },
  ];
  const item = { outcome: 'executed', note: words('Done'), use: 'only-this-case', secretUntil: null, returnBy: null };
  const reply = {
    reply: 'executed',
    results: [{ measure: 'm1', evidence: [], ...item }],
    procedure: { followed: true, note: null },
    conditions: [],
    freezeEnds: '2027-05-15',
    costs: null,
  };
  const report = (input: unknown) =>
    two.borea.incoming.actUnread(vera, both.theirs, 'report-executed', { reply: input }, null);
  // Part of the results leaves without a check of its own: not by the hand that brought the file in.
  const part = {
    reply: 'partly-executed',
    results: [{ measure: 'm2', evidence, ...item }],
    open: [{ measure: 'm1', reason: words('The court sits on Monday'), by: '2026-05-20' }],
  };
  expect(codes(await two.borea.incoming.actUnread(vera, both.theirs, 'report-partial', { reply: part }, null))).toEqual(
    ['requests.partial-by-other'],
  );
  expect(codes(await report(reply))).toEqual(['requests.item-without-result']);
  const whole = { ...reply, results: [...reply.results, { measure: 'm2', evidence, ...item }] };
  value(await report(whole));
  await expect(take(vera, both.theirs, 'check-results')).rejects.toMatchObject({ code: 'identity.why-took-part' });
  expect(codes(await two.borea.incoming.actUnread(marco, both.theirs, 'send-results', {}, null))).toEqual([
    'requests.check-first',
  ]);
  await take(tomas, both.theirs, 'check-results');
  await take(marco, both.theirs, 'send-results');
  await two.carry();
  expect(await statuses(both)).toEqual(['results-sent', 'results-sent']);
  const got = await two.alba.requests.conversation(amara, both.ours);
  expect(got.results).toMatchObject([{ evidence: file.id, measure: 'm2', sent: file.sha256, received: file.sha256 }]);
  const ours = await two.alba.requests.get(amara, both.ours);
  value(await two.alba.requests.act(amara, both.ours, 'confirm-results', {}, ours.head));
  await two.carry();
  const after = await two.borea.incoming.get(ines, both.theirs);
  expect(after.receipts).toMatchObject([
    { items: [{ evidence: file.id, sent: file.sha256, received: file.sha256, same: true }] },
  ]);
  value(
    await two.alba.requests.act(
      amara,
      both.ours,
      'ask-other-use',
      { use: { scope: words('A tax case'), evidence: [file.id] } },
      null,
    ),
  );
  await two.carry();
  const [asked] = (await two.borea.incoming.get(ines, both.theirs)).state.useQuestions;
  await take(ines, both.theirs, 'consent-to-use', {
    reply: { reply: 'consent-to-use', request: asked, scope: words('A tax case'), evidence: [file.id], until: null },
  });
  await two.carry();
  const taken = got.results[0]?.fileId ?? '';
  const listed = (await two.alba.evidence.listFiles(amara, ours.caseFileId)).find((one) => one.id === taken);
  expect(listed).toMatchObject({ useLimitation: { use: 'this-case', source: 'XB:central-authority' } });
  expect(listed && (await two.alba.evidence.listConsents(amara, listed.id))).toMatchObject([
    { by: 'XB:central-authority' },
  ]);
  value(await two.alba.requests.act(noor, both.ours, 'close', {}, null));
  await two.carry();
  expect(await statuses(both)).toEqual(['closed', 'closed']);
  expect(await sameStage(both)).toBe('closed');
});

test('a supplement is prepared by one, signed by another; execution waits until each change is decided', async () => {
  const both = await executing();
  const prepared = value(
    await two.alba.requests.prepareSupplement(amara, both.ours, [
      {
        path: ['nexus'],
        after: { en: 'A further transfer was found.', ar: 'كُشف تحويل آخر.' },
        why: words('New bank data'),
      },
      { path: ['deadline', 'date'], after: '2026-05-22', why: words('Court date moved') },
    ]),
  );
  const untranslated = await two.alba.requests.prepareSupplement(amara, both.ours, [
    { path: ['nexus'], after: { en: 'Only in English.' }, why: words('x') },
  ]);
  // Every rule runs over the new text: the certified translation is one of the old.
  expect(value(untranslated).problems.map((one) => one.rule)).toContain('V10');
  expect(prepared.changes.map((one) => one.path)).toEqual([['nexus'], ['deadline', 'date']]);
  const done = await two.alba.requests.act(
    two.alba.person('deniz', ['signatory']),
    both.ours,
    'supplement',
    { supplement: prepared.id, assertion: 'touched' },
    null,
  );
  expect(value(done)).toMatchObject({ status: 'in-execution', requestVersion: 2 });
  await two.carry();
  const changed = await two.borea.incoming.get(ines, both.theirs);
  expect(changed.state.changedByOtherSide).toBe(true);
  expect(changed.versions.map((one) => one.requestVersion)).toEqual([1, 2]);
  expect(changed.working.deadline?.date).toBe('2026-05-20');
  const report = await two.borea.incoming.actUnread(
    vera,
    both.theirs,
    'report-partial',
    {
      reply: {
        reply: 'partly-executed',
        results: [
          {
            measure: 'm1',
            outcome: 'executed',
            note: words('Frozen'),
            evidence: [],
            use: 'only-this-case',
            secretUntil: null,
            returnBy: null,
          },
        ],
        open: [{ measure: 'm2', reason: words('The bank answers later'), by: '2026-05-20' }],
      },
    },
    null,
  );
  expect(codes(report)).toEqual(['requests.acknowledge-change-first']);
  const [first, second] = changed.supplements[0]?.changes ?? [];
  expect(
    codes(
      await two.borea.incoming.actUnread(
        ines,
        both.theirs,
        'acknowledge-change',
        { decisions: [{ id: first?.id, accepted: true }] },
        null,
      ),
    ),
  ).toEqual(['requests.decide-each-change']);
  const decided = await take(ines, both.theirs, 'acknowledge-change', {
    decisions: [
      { id: first?.id, accepted: true },
      { id: second?.id, accepted: false, reason: 'The bank needs the time' },
    ],
  });
  expect(decided.working.nexus).toMatchObject({ en: 'A further transfer was found.' });
  expect(decided.working.deadline?.date).toBe('2026-05-20');
  await two.carry();
  const supplement = (await two.alba.requests.conversation(amara, both.ours)).supplements.find(
    (one) => one.id === prepared.id,
  );
  expect(supplement?.changes.map((one) => one.decision?.accepted)).toEqual([true, false]);
  await sameStage(both);
});

test('a supplement that adds a person runs every rule again: identity, names, others about the same', async () => {
  const both = await executing();
  const { request } = await two.alba.requests.get(amara, both.ours);
  const known = request.persons?.length ?? 0;
  const added = (more: object) => ({ id: 'p9', kind: 'natural', role: 'suspect', ...more });
  const rules = async (person: object): Promise<(string | undefined)[]> => {
    const prepared = value(
      await two.alba.requests.prepareSupplement(amara, both.ours, [
        { path: ['persons', known], after: person, why: words('He was named by a witness') },
      ]),
    );
    return prepared.problems.filter((one) => one.path[1] === known || one.rule === 'V60').map((one) => one.rule);
  };
  // Nobody, and nothing that would tell him from others.
  expect(await rules(added({}))).toContain('V03');
  // A name that the other State cannot read in Latin letters.
  const unread = { names: [{ text: 'سامر حداد', script: 'Arab', original: true }] };
  expect(await rules(added(unread))).toContain('V52');
  two.change.facts = (draft, facts) =>
    (draft.persons?.length ?? 0) > known
      ? { ...facts, duplicates: [{ id: 'r1', reference: null, key: 'person' }] }
      : facts;
  expect(await rules(added(unread))).toContain('V60');
});

test('whoever acts on a page that somebody has overtaken is told, and nothing is done', async () => {
  const both = await two.sent();
  const seen = (await two.borea.incoming.get(ines, both.theirs)).head;
  await take(ines, both.theirs, 'register');
  await expect(
    two.borea.incoming.actUnread(ines, both.theirs, 'assess', { finding: 'doubtful' }, seen),
  ).rejects.toMatchObject({ code: 'requests.changed-meanwhile', params: { status: 'registered' } });
  expect((await two.borea.incoming.get(ines, both.theirs)).actions.map((one) => one.kind)).toEqual([
    'receive',
    'register',
  ]);
  const ours = await two.alba.requests.get(noor, both.ours);
  const before = ours.actions.at(-2)?.id ?? '';
  await expect(
    two.alba.requests.act(noor, both.ours, 'withdraw', { reason: 'No longer needed' }, before),
  ).rejects.toMatchObject({ code: 'requests.changed-meanwhile' });
});

test('the sender is told once that an official opened what came, by role', async () => {
  const both = await two.sent();
  const opened = () => two.change.opened.filter((one) => one.startsWith('XB '));
  const before = opened().length;
  expect(await two.borea.incoming.wasOpened(ines, both.theirs)).toBe(false);
  await two.borea.incoming.get(tomas, both.theirs);
  expect(await two.borea.incoming.wasOpened(ines, both.theirs)).toBe(true);
  const { requests: listed } = await two.borea.incoming.list(ines, { view: 'all' });
  expect(listed.find((one) => one.reference === both.theirs)).toMatchObject({ opened: true });
  await two.borea.incoming.get(ines, both.theirs);
  const request = two.carried.findLast((one) => one.kind === 'request/1');
  expect(opened().slice(before)).toEqual([`XB ${request?.id} central-authority-officer`]);
});

test('a request of another State is handed on, put aside and taken back, and who is no member gets nothing', async () => {
  const both = await two.sent();
  const { incoming } = two.borea;
  expect((await incoming.assign(ines, both.theirs, 'tomas')).owner).toBe('tomas');
  expect((await incoming.waitUntil(ines, both.theirs, plainDate('2026-05-20'))).waitingUntil).toBe('2026-05-20');
  const listed = await incoming.list(ines, { view: 'waiting' });
  expect(listed.requests.map((one) => one.reference)).toContain(both.theirs);
  expect(await incoming.undoDesk(ines, both.theirs)).toMatchObject({ owner: 'tomas', waitingUntil: null });
  expect((await incoming.undoDesk(ines, both.theirs)).owner).toBe(null);
  await expect(incoming.undoDesk(ines, both.theirs)).rejects.toMatchObject({ code: 'requests.nothing-to-undo' });
  await expect(incoming.assign(ines, both.theirs, 'stranger')).rejects.toMatchObject({ code: 'requests.not-a-member' });
});

test('a postponement says why and until when, rests on a consultation, and is resumed', async () => {
  const both = await executing();
  await take(ines, both.theirs, 'start-postponement', { reason: 'Own inquiry' });
  const consulted = await take(ines, both.theirs, 'record-consultation', {
    with: 'Alba',
    on: '2026-05-14',
    how: 'Call',
  });
  const postponed = {
    reply: 'postponed',
    proceeding: words('Inquiry 7/2026 of Borea'),
    ground: words('It would interfere with an ongoing investigation'),
    provision: 'UNTOC art. 18(25)',
    consultation: { id: consulted.actions.at(-1)?.id, on: '2026-05-14', with: 'Alba', how: 'Call' },
    review: '2026-05-14',
    mayProceed: null,
  };
  expect(codes(await two.borea.incoming.actUnread(ines, both.theirs, 'postpone', { reply: postponed }, null))).toEqual([
    'requests.review-in-past',
  ]);
  const view = await take(ines, both.theirs, 'postpone', { reply: { ...postponed, review: '2026-08-14' } });
  expect(view.clocks.slice(0, 2)).toMatchObject([
    { kind: 'stage', due: '2026-08-14' },
    { kind: 'deadline', paused: true },
  ]);
  await two.carry();
  expect(await statuses(both)).toEqual(['postponed', 'postponed']);
  await take(ines, both.theirs, 'resume');
  await two.carry();
  expect(await statuses(both)).toEqual(['in-execution', 'in-execution']);
});

test('a withdrawal reaches the other side in any open status; what comes after it is kept and changes nothing', async () => {
  const both = await executing();
  // Both act before either hears of the other.
  const ours = await two.alba.requests.get(amara, both.ours);
  value(
    await two.alba.requests.act(
      noor,
      both.ours,
      'withdraw',
      { reason: 'Settled here', words: words('Settled') },
      ours.head,
    ),
  );
  await take(ines, both.theirs, 'start-postponement', { reason: 'x' });
  await two.borea.incoming.ask(ines, both.theirs, { path: [], text: words('Still needed?') });
  await two.carry();
  expect(await statuses(both)).toEqual(['withdrawn', 'withdrawn']);
  const conversation = await two.alba.requests.conversation(amara, both.ours);
  expect(conversation.messages.filter((one) => one.direction === 'in').map((one) => one.state)).toContain('late');
  expect(await sameStage(both)).toBe('closed');
});

test('of what was withdrawn in part nothing is owed, and both sides read why', async () => {
  const both = await executing();
  value(
    await two.alba.requests.act(
      noor,
      both.ours,
      'withdraw',
      { reason: 'Found here', words: words('The records were found here.'), measures: ['m2'] },
      null,
    ),
  );
  await two.carry();
  const told = await two.borea.incoming.get(ines, both.theirs);
  expect(told).toMatchObject({ status: 'in-execution', state: { withdrawn: ['m2'], changedByOtherSide: true } });
  expect(told.actions.at(-1)?.data).toMatchObject({
    measures: ['m2'],
    words: { en: 'The records were found here.' },
  });
  await take(ines, both.theirs, 'acknowledge-change');
  const item = { outcome: 'executed', note: words('Done'), use: 'only-this-case', secretUntil: null, returnBy: null };
  await take(vera, both.theirs, 'report-executed', {
    reply: {
      reply: 'executed',
      results: [{ measure: 'm1', evidence: [], ...item }],
      procedure: { followed: true, note: null },
      conditions: [],
      freezeEnds: '2027-05-15',
      costs: null,
    },
  });
  await take(tomas, both.theirs, 'check-results');
  await take(marco, both.theirs, 'send-results');
  await two.carry();
  // The end of the freezing runs on both sides.
  for (const clocks of [
    (await two.alba.requests.get(amara, both.ours)).clocks,
    (await two.borea.incoming.get(ines, both.theirs)).clocks,
  ])
    expect(clocks.find((one) => one.kind === 'freeze-end')).toMatchObject({ due: '2027-05-15' });
});

test('an internal note, the risk check and working papers are in no outgoing byte, and no canary is in clear in the database', async () => {
  const canary = randomBytes(32).toString('hex');
  const both = await assessed();
  await two.borea.incoming.addNote(ines, both.theirs, `inner ${canary}`);
  await take(ines, both.theirs, 'start-refusal', { reason: `reason ${canary}` });
  await take(ines, both.theirs, 'record-consultation', {
    with: 'Alba',
    on: '2026-05-14',
    how: 'Call',
    summary: `sum ${canary}`,
  });
  await take(ines, both.theirs, 'forward', { to: 'Attorney General', persons: ['vera'], note: `note ${canary}` });
  await take(vera, both.theirs, 'hand-back', { reason: `back ${canary}` });
  await two.carry();
  expect(two.carried.length).toBeGreaterThan(10);
  for (const message of two.carried) {
    expect(message.bytes).not.toContain(canary);
    expect(message.bytes).not.toContain('"internal"');
    expect(message.bytes).not.toContain('persecution');
  }
  expect((await two.borea.incoming.get(ines, both.theirs)).notes.map((one) => one.text)).toEqual([`inner ${canary}`]);
  const tables = ['request_notes', 'request_actions', 'request_messages', 'request_revisions', 'outbox', 'requests'];
  for (const table of tables) {
    const { rows } = await sql<{ found: boolean }>`
      select coalesce(bool_or(position(convert_to(${canary}, 'UTF8') in convert_to(row_to_json(t)::text, 'UTF8')) > 0
        or position(encode(convert_to(${canary}, 'UTF8'), 'hex') in row_to_json(t)::text) > 0), false) as found
        from ${sql.table(table)} t`.execute(two.borea.database.owner);
    expect([table, rows[0]?.found]).toEqual([table, false]);
  }
});
