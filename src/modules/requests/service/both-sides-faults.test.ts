import { afterAll, beforeAll, expect, test } from 'vitest';
import { twoAuthorities, type Authority, type TwoAuthorities } from '../../../../tests/support/two-authorities.ts';
import { contentSignatureType } from '../../../app/exchange-requests.ts';
import { signCompact } from '../../../platform/crypto/index.ts';
import type { Context } from '../../identity/index.ts';
import { canonicalForeign, hashForeign } from './incoming/foreign.ts';
import type { Problem } from '../../../platform/values/index.ts';
import { sql } from 'kysely';

let two: TwoAuthorities;
let amara: Context;
let noor: Context;
let ines: Context;

beforeAll(async () => {
  two = await twoAuthorities();
  const { alba, borea } = two;
  amara = alba.person('amara', ['prosecutor']);
  noor = alba.person('noor', ['central-authority-officer']);
  ines = borea.person('ines', ['registrar', 'central-authority-officer']);
});
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
) => value(await two.borea.incoming.actUnread(who, ref, kind, input, null));

const words = (en: string) => ({ en });
const codes = (outcome: { ok: true } | { ok: false; error: readonly Problem[] }) =>
  outcome.ok ? [] : outcome.error.map((one) => one.code);

test('the same message again changes nothing; another text under a known reference is kept and told', async () => {
  const both = await two.sent();
  const message = two.carried.findLast((one) => one.kind === 'request/1');
  if (!message) throw new Error('no request went out');
  const before = await two.borea.incoming.get(ines, both.theirs);
  await two.bring(two.borea, message);
  await two.bring(two.borea, { ...message, id: '01890000-0000-7000-8000-000000000002' });
  const after = await two.borea.incoming.get(ines, both.theirs);
  expect({ ...after, messages: [] }).toEqual({ ...before, messages: [] });
  expect(after.messages.map((one) => one.state)).toEqual(['taken', 'late']);
  await two.told(two.alba, message, 'delivered');
  expect(
    (await two.alba.requests.get(amara, both.ours)).actions.filter((one) => one.kind === 'record-delivery'),
  ).toHaveLength(1);
});

test('a text changed after signing, a key of another State and a foreign reference are quarantined with their reason and audited', async () => {
  const view = await two.signed();
  value(await two.alba.requests.act(noor, view.reference, 'transmit', {}, view.head));
  const [message] = await two.collect(two.alba);
  if (!message) throw new Error('nothing left');
  const withBody = (body: Record<string, unknown>, n: number) => ({
    ...message,
    id: `01890000-0000-7000-8000-0000000001${String(n).padStart(2, '0')}`,
    content: { ...message.content, body },
  });
  const { body } = message.content;
  const refusedWith = async (changed: Record<string, unknown>, n: number, code: string) => {
    await expect(two.bring(two.borea, withBody(changed, n))).rejects.toMatchObject({ code });
    const kept = await two.borea.incoming.listQuarantine(ines);
    expect(kept.find((one) => one.message.endsWith(`1${String(n).padStart(2, '0')}`))?.code).toBe(code);
  };
  await refusedWith({ ...body, nexus: { en: 'Other words' } }, 1, 'requests.wrong-hash');
  await refusedWith(
    { ...body, signature: { ...(body['signature'] as object), jws: undefined } },
    2,
    'requests.not-signed',
  );
  await refusedWith(await resigned(two.borea, body), 3, 'requests.signature-not-of-authority');
  await refusedWith({ ...body, measures: undefined }, 4, 'requests.bad-body');
  expect(await two.borea.incoming.sideOf(ines, view.reference)).toBeUndefined();
  const { rows } = await sql<{
    n: string;
  }>`select count(*) as n from audit_entries where entry::text like '%requests.quarantine%'`.execute(
    two.borea.database.owner,
  );
  expect(Number(rows[0]?.n)).toBeGreaterThanOrEqual(4);
  await two.bring(two.borea, message);
  expect((await two.borea.incoming.sideOf(ines, view.reference))?.side).toBe('incoming');
});

test('a message is taken back while it waits, and not once it was delivered', async () => {
  const view = await two.signed();
  const sent = value(await two.alba.requests.act(noor, view.reference, 'transmit', {}, view.head));
  const back = value(await two.alba.requests.act(noor, view.reference, 'recall', { reason: 'Wrong annex' }, sent.head));
  expect(back.status).toBe('signed');
  expect(await two.collect(two.alba)).toEqual([]);
  const again = value(await two.alba.requests.act(noor, view.reference, 'transmit', {}, back.head));
  await two.carry();
  expect(
    await codesOf(two.alba.requests.act(noor, view.reference, 'recall', { reason: 'Too late' }, again.head)),
  ).toContain('requests.changed-meanwhile');
});

async function codesOf(outcome: Promise<{ ok: true } | { ok: false; error: readonly Problem[] }>): Promise<string[]> {
  return outcome.then(codes, (error: { code: string }) => [error.code]);
}

/** The body signed again by a key of one of the two, as that node would sign it. */
async function resigned(by: Authority, body: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { kid } = await by.keys.ensure('authority/sign', 'ES256');
  const text = canonicalForeign(body);
  const [header = '', , signature = ''] = (await signCompact(by.keys, kid, contentSignatureType, text)).split('.');
  return {
    ...body,
    contentHash: hashForeign(body),
    signature: { ...(body['signature'] as object), jws: `${header}..${signature}` },
  };
}

test('a field and a kind that this node does not know are kept word for word and named', async () => {
  const view = await two.signed();
  value(await two.alba.requests.act(noor, view.reference, 'transmit', {}, view.head));
  const [message] = await two.collect(two.alba);
  if (!message) throw new Error('nothing left');
  const { body } = message.content;
  const strange = await resigned(two.alba, {
    ...body,
    types: [...(body['types'] as string[]), 'T99'],
    satellites: { pass: 'dawn' },
    nexus: { ...(body['nexus'] as object) },
    purpose: { ...(body['purpose'] as object), onBehalfOf: 'a court' },
  });
  await two.bring(two.borea, { ...message, content: { ...message.content, body: strange } });
  const found = await two.borea.incoming.sideOf(ines, view.reference);
  const shown = await two.borea.incoming.get(ines, found?.reference ?? '');
  expect(shown.notKnownHere.types).toEqual(['T99']);
  expect([...shown.notKnownHere.fields].sort()).toEqual(['purpose/onBehalfOf', 'satellites']);
  expect(shown.verbatim).toMatchObject({ satellites: { pass: 'dawn' }, purpose: { onBehalfOf: 'a court' } });
  expect(shown.contentHash).toBe(strange['contentHash']);
});

test('another text under a known reference is a conflict: both are kept for the desk', async () => {
  const both = await two.sent();
  const message = two.carried.findLast((one) => one.kind === 'request/1');
  if (!message) throw new Error('nothing left');
  const other = await resigned(two.alba, { ...message.content.body, nexus: { en: 'Quite other words' } });
  const id = '01890000-0000-7000-8000-000000000003';
  await expect(
    two.bring(two.borea, { ...message, id, content: { ...message.content, body: other } }),
  ).rejects.toMatchObject({ name: 'Conflict', code: 'requests.reference-reused' });
  const [conflict] = await two.borea.incoming.listConflicts(ines, both.theirs);
  expect(conflict).toMatchObject({
    message: { id, state: 'conflict' },
    request: { nexus: { en: 'Quite other words' } },
  });
  expect((await two.borea.incoming.get(ines, both.theirs)).contentHash).toBe(message.content.body['contentHash']);
});

test('a request for another authority is proposed to go back as misdirected, and after its return comes again as a new version', async () => {
  const view = await two.signed();
  value(await two.alba.requests.act(noor, view.reference, 'transmit', {}, view.head));
  const [message] = await two.collect(two.alba);
  if (!message) throw new Error('nothing left');
  const requested = message.content.body['requested'] as { authority: object };
  const astray = await resigned(two.alba, {
    ...message.content.body,
    requested: { ...requested, authority: { ...requested.authority, authority: 'XB:customs' } },
  });
  await two.bring(two.borea, { ...message, content: { ...message.content, body: astray } });
  await two.told(two.alba, message, 'delivered');
  const theirs = (await two.borea.incoming.sideOf(ines, view.reference))?.reference ?? '';
  const shown = await two.borea.incoming.get(ines, theirs);
  expect(shown.misdirected).toEqual({ addressedTo: 'XB:customs' });
  await take(ines, theirs, 'return-misdirected', { reply: shown.proposals[0] });
  await two.carry();
  let ours = await two.alba.requests.get(noor, view.reference);
  expect(ours.status).toBe('returned-unexecuted');
  const act = async (who: Context, kind: Parameters<typeof two.alba.requests.act>[2], data = {}) => {
    ours = value(await two.alba.requests.act(who, view.reference, kind, data, ours.head));
  };
  expect(codes(await two.alba.requests.act(noor, view.reference, 'resubmit', {}, ours.head))).toEqual([
    'requests.reason-needed',
  ]);
  await act(noor, 'resubmit', { reason: 'To the right desk' });
  expect(ours).toMatchObject({ status: 'draft', requestVersion: 2, signedHash: null });
  await act(amara, 'submit-for-review');
  await act(two.alba.person('teo', ['reviewer']), 'review-pass');
  // Whoever wrote on the text does not clear it; the one who resubmitted did not write.
  await act(noor, 'clear');
  await act(two.alba.person('deniz', ['signatory']), 'sign', { contentHash: ours.contentHash, assertion: 'touched' });
  two.clock.advance(11 * 60_000);
  await act(noor, 'transmit');
  await two.carry();
  const again = await two.borea.incoming.get(ines, theirs);
  expect(again).toMatchObject({ status: 'received', requestVersion: 2, contentHash: ours.contentHash });
  expect(again.actions.at(-1)?.kind).toBe('reopen-on-resubmission');
  expect(again.shared).toEqual((await two.alba.requests.get(noor, view.reference)).shared);
  expect(again.shared.round).toBe(2);
});

test('a withdrawal before the answer ends it on both sides; it says why, and only the central authority takes it', async () => {
  const both = await two.sent();
  const ours = await two.alba.requests.get(amara, both.ours);
  await expect(two.alba.requests.act(amara, both.ours, 'withdraw', { reason: 'x' }, ours.head)).rejects.toMatchObject({
    name: 'NotAllowed',
  });
  expect(codes(await two.alba.requests.act(noor, both.ours, 'withdraw', {}, ours.head))).toEqual([
    'requests.reason-needed',
  ]);
  value(
    await two.alba.requests.act(
      noor,
      both.ours,
      'withdraw',
      { reason: 'inner reason', words: words('No longer needed') },
      ours.head,
    ),
  );
  await two.carry();
  expect(two.carried.at(-1)?.bytes).not.toContain('inner reason');
  const theirs = await two.borea.incoming.get(ines, both.theirs);
  expect(theirs).toMatchObject({ status: 'withdrawn', state: { changedByOtherSide: true } });
  expect(theirs.actions.at(-1)?.data.words).toEqual({ en: 'No longer needed' });
});

test('a draft is shown with initials, remarked on, and the request that follows joins its case file; no remark after it expired', async () => {
  const { caseFileId } = await two.signed();
  const draft = await two.alba.requests.open(amara, {
    caseFileId,
    types: ['T5'],
    from: (await two.alba.requests.get(amara, (await two.signed()).reference)).request,
  });
  const names = (draft.request.persons ?? []).flatMap((one) =>
    'names' in one && Array.isArray(one.names) ? one.names.map((name) => String((name as { text?: string }).text)) : [],
  );
  expect(names.length).toBeGreaterThan(0);
  value(await two.alba.requests.shareDraft(amara, draft.reference, { initials: true }, draft.head));
  await two.carry();
  const sent = two.carried.findLast((one) => one.kind === 'request-draft/1');
  for (const name of names) expect(sent?.bytes).not.toContain(name);
  const shown = (await two.borea.incoming.listDrafts(ines)).find((one) => one.reference === draft.reference);
  if (!shown) throw new Error('not shown');
  const open = await two.borea.incoming.getDraft(ines, shown.id);
  expect(open.draft.measures?.[0]?.id).toBe('m1');
  expect(open.body).toMatchObject({ mark: 'DRAFT NOT A REQUEST', initials: true, expiresOn: '2026-06-13' });
  value(
    await two.borea.incoming.remark(ines, shown.id, [
      { path: ['measures', 0], text: words('Name the branch'), severity: 'refuses-without' },
    ]),
  );
  await two.carry();
  const ours = await two.alba.requests.conversation(amara, draft.reference);
  expect(ours.remarks).toMatchObject([{ text: { en: 'Name the branch' }, severity: 'refuses-without' }]);
  expect((await two.alba.requests.get(amara, draft.reference)).actions.at(-1)?.kind).toBe('receive-comment');
  two.clock.advance(31 * 86_400_000);
  expect(
    codes(
      await two.borea.incoming.remark(two.borea.person('ines', ['central-authority-officer']), shown.id, [
        { path: [], text: words('Late'), severity: 'suggestion' },
      ]),
    ),
  ).toEqual(['requests.draft-expired']);
});
