import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { fakeClock } from '../../platform/clock.ts';
import { systemRandom } from '../../platform/random.ts';
import { plainDate, stateCode } from '../../platform/values/index.ts';
import { createContext, type Actor, type Context } from '../identity/index.ts';
import { acceptImport, enterAgreement, proposeImport, type ProposedTable } from './importer.ts';
import { createLiveFacts } from './live.ts';
import { decideBasis, emptyQuestion, partiesOn, statusOn } from './rules/index.ts';
import { InstrumentId } from './schema/index.ts';
import { readStatusPage } from './status-page.ts';

let database: TestDatabase;
const clock = fakeClock('2026-05-14T06:12:00.000Z');
const untoc = InstrumentId.parse('XVIII-12');
const shipped = createLiveFacts();

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

function context(id: string): Context {
  const quiet = () => undefined;
  const log = {
    level: 'silent',
    fatal: quiet,
    error: quiet,
    warn: quiet,
    info: quiet,
    debug: quiet,
    trace: quiet,
    silent: quiet,
  };
  const actor: Actor = {
    kind: 'person',
    id,
    name: 'Test',
    officeId: '01890000-0000-7000-8000-0000000000aa',
    authority: null,
    roles: ['secretariat-officer', 'central-authority-officer'],
  };
  return createContext({
    db: database.db,
    actor,
    clock,
    random: systemRandom,
    log: log as never as Context['log'],
    locale: 'en',
    state: stateCode('XA'),
    zone: 'UTC',
    profile: 'production',
  });
}
const first = () => context('01890000-0000-7000-8000-000000000001');
const second = () => context('01890000-0000-7000-8000-000000000002');

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function written(day: string): string {
  return `${String(Number(day.slice(8)))} ${monthNames[Number(day.slice(5, 7)) - 1]!} ${day.slice(0, 4)}`;
}

/** A page as the depositary lays it out, from the rows that the data hold, with one participant changed or left out. */
function page(
  more: { extra?: string; without?: number; entry?: (code: string, day: string) => string } = {},
): ProposedTable {
  const facts = shipped.current();
  const parties = partiesOn(facts, untoc, plainDate('2026-01-01'), 'deposit').parties.slice(more.without ?? 0);
  const undated = partiesOn(facts, untoc, plainDate('2026-01-01'), 'deposit').undated;
  const line = (name: string, signed: string, done: string) =>
    `<tr><td>${name} <sup>1</sup></td><td>${signed}</td><td>${done}</td></tr>`;
  const rows = parties.map((row) => {
    const signed = facts.tracks.get(untoc)!.get(row.state)!.signedOn;
    const day = more.entry?.(row.state, String(row.act.deposited)) ?? String(row.act.deposited);
    return line(row.name, signed ? written(signed) : '', `${written(day)} ${row.act.kind === 'accession' ? 'a' : ''}`);
  });
  const late = undated.map((row) => line(row.name, '', '3 Mar 2020 a'));
  const html = `<html><body><table><tr><td>menu</td></tr></table><table><tr><th>Participant</th><th>Signature</th><th>Ratification, Acceptance(A), Approval(AA), Accession(a)</th></tr>${[...rows, ...late, more.extra ?? ''].join('')}</table></body></html>`;
  return {
    instrument: untoc,
    bytes: Buffer.from(html),
    fileName: 'status.html',
    asOf: '2026-05-01',
    source: 'UN Treaty Collection',
  };
}

test('the table of a saved page is read with its letters and notes', () => {
  const read = readStatusPage(
    '<table><tr><th>Participant</th><th>Signature</th><th>Ratification, Accession(a)</th></tr><tr><td>Alba <sup>2</sup></td><td>12&nbsp;Dec 2000 s</td><td>24 Sep 2003 AA</td></tr><tr><td>Borea</td><td></td><td>soon</td></tr></table>',
  );
  expect(read!.rows).toEqual([
    { name: 'Alba', signature: '2000-12-12', definitive: true, action: '2003-09-24', kind: 'approval', marks: '2' },
  ]);
  expect(read!.unread).toEqual([{ name: 'Borea', cell: 'soon' }]);
  expect(readStatusPage('<p>no table</p>')).toBeUndefined();
});

test('a name that no State has stops the import and is listed', async () => {
  const extra = '<tr><td>Utopia</td><td></td><td>1 Jan 2020 a</td></tr>';
  await expect(proposeImport(first(), createLiveFacts(), page({ extra }))).rejects.toMatchObject({
    code: 'treaties.import-unmapped',
    params: { name: 'Utopia' },
  });
});

test('a date far ahead, and a table older than the data, are refused', async () => {
  const extra = '<tr><td>Samoa</td><td></td><td>1 Jan 2099 a</td></tr>';
  await expect(proposeImport(first(), createLiveFacts(), page({ extra }))).rejects.toMatchObject({
    code: 'treaties.import-date',
  });
  await expect(proposeImport(first(), createLiveFacts(), { ...page(), asOf: '2010-01-01' })).rejects.toMatchObject({
    code: 'treaties.import-older',
  });
});

test('losing more than two in a hundred participants needs a reason', async () => {
  const proposed = await proposeImport(first(), createLiveFacts(), page({ without: 20 }));
  expect(proposed.diff.corrections.filter((one) => one.what === 'vanished').length).toBe(20);
  await expect(acceptImport(second(), createLiveFacts(), proposed.id)).rejects.toMatchObject({
    code: 'treaties.import-losses',
  });
});

test('a table is proposed by one person, accepted by another, and changes what the node answers', async () => {
  const live = createLiveFacts();
  const samoa = stateCode('WSM');
  const extra = '<tr><td>Samoa</td><td></td><td>17 Dec 2014 a</td></tr>';
  const table = page({ extra, entry: (code, day) => (code === 'KEN' ? '2004-06-17' : day) });
  const proposed = await proposeImport(first(), live, table);
  expect(proposed.diff.added.map((act) => act.participant)).toContain('WSM');
  expect(proposed.diff.corrections.find((one) => one.state === 'KEN')).toMatchObject({ what: 'changed' });
  await expect(acceptImport(first(), live, proposed.id)).rejects.toMatchObject({ name: 'NotAllowed' });
  expect(statusOn(live.current(), untoc, samoa, plainDate('2020-01-01')).status).toBe('unknown');
  await acceptImport(second(), live, proposed.id);
  const after = live.current();
  expect(after.version).toBe('2026.1+1');
  expect(statusOn(after, untoc, samoa, plainDate('2020-01-01')).status).toBe('party');
  expect(
    after.tracks
      .get(untoc)!
      .get(stateCode('KEN'))!
      .spells.map((spell) => spell.deposit.first),
  ).toEqual(['2004-06-17']);
  expect(after.completeForAll.get(untoc)).toBe('2026-05-01');
  const other = createLiveFacts();
  await other.refresh(second());
  expect(other.current().sha256).toBe(after.sha256);
});

test('the same file again is the same import and changes nothing', async () => {
  const live = createLiveFacts();
  const table = page({
    extra: '<tr><td>Samoa</td><td></td><td>17 Dec 2014 a</td></tr>',
    entry: (code, day) => (code === 'KEN' ? '2004-06-17' : day),
  });
  const again = await proposeImport(first(), live, table);
  expect(again.status).toBe('accepted');
  const before = live.current().version;
  await acceptImport(second(), live, again.id);
  expect(live.current().version).toBe(before);
});

test('a statement that no other treaty exists is entered and answers the question', async () => {
  const live = createLiveFacts();
  const question = {
    ...emptyQuestion,
    from: stateCode('KEN'),
    to: stateCode('CHE'),
    measure: 'mla' as const,
    on: plainDate('2020-01-01'),
  };
  expect(decideBasis(live.current(), question).missing).toContain('other-treaty');
  await enterAgreement(first(), live, {
    id: 'ken-che-mla',
    parties: [question.from, question.to],
    kind: 'mla',
    exists: 'none',
    inForceFrom: null,
    until: null,
    territory: null,
    text: null,
    confirmedByBoth: false,
  });
  expect(decideBasis(live.current(), question).missing).not.toContain('other-treaty');
});

test('the application cannot change or delete an act', async () => {
  await expect(sql`UPDATE treaty_acts SET note = 'x'`.execute(database.db)).rejects.toThrow(/permission denied/);
  await expect(sql`DELETE FROM treaty_acts`.execute(database.db)).rejects.toThrow(/permission denied/);
});
