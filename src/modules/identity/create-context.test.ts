import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { fakeClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { systemRandom } from '../../platform/random.ts';
import { StateCode } from '../../platform/values/index.ts';
import { recordAudit } from '../audit/index.ts';
import { createContext, flushDenials, type Actor, type Context } from './index.ts';

let database: TestDatabase;
const clock = fakeClock('2026-05-14T12:00:00.000Z');
const ada: Actor = {
  kind: 'person',
  id: '01890000-0000-7000-8000-000000000001',
  name: 'Ada Test',
  officeId: '01890000-0000-7000-8000-00000000000f',
  authority: null,
  roles: ['prosecutor'],
};

function contextOf(actor: Actor): Context {
  const parts = {
    db: database.db,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    state: StateCode.parse('XA'),
  };
  return createContext({ actor, ...parts, zone: 'Pacific/Auckland', profile: 'production', locale: 'en' });
}
const denied = () =>
  database.db.selectFrom('audit_entries').select(['action', 'actor_id']).where('outcome', '=', 'denied').execute();

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

describe('a context', () => {
  test('names the actor and the office to the database for its transaction alone', async () => {
    const read = sql<{
      actor: string;
      office: string;
    }>`select current_setting('comity.actor', true) as actor, current_setting('comity.office', true) as office`;
    const inside = await contextOf(ada).transaction(async (tx) => (await read.execute(tx)).rows[0]);
    expect(inside).toEqual({
      actor: '01890000-0000-7000-8000-000000000001',
      office: '01890000-0000-7000-8000-00000000000f',
    });
    const system = await contextOf({ kind: 'system', id: 'jobs' }).transaction(
      async (tx) => (await read.execute(tx)).rows[0]?.actor,
    );
    expect(system).toBe('system:jobs');
    expect((await read.execute(database.db)).rows[0]?.actor || '').toBe('');
  });

  test('says NotFound of what the actor may not know, NotAllowed of the rest, and records both', async () => {
    const ctx = contextOf(ada);
    const unseen = ctx.transaction(async () => ctx.allow('requests.read', { members: ['other'] }));
    await expect(unseen).rejects.toMatchObject({ name: 'NotFound', code: 'identity.not-found' });
    const seen = ctx.transaction(async () =>
      ctx.allow('requests.sign', { members: [ada.kind === 'person' ? ada.id : ''] }),
    );
    await expect(seen).rejects.toMatchObject({ name: 'NotAllowed', code: 'identity.why-no-role' });
    expect(await denied()).toEqual([
      { action: 'requests.read', actor_id: '01890000-0000-7000-8000-000000000001' },
      { action: 'requests.sign', actor_id: '01890000-0000-7000-8000-000000000001' },
    ]);
  });

  test('an attempt refused outside a transaction is recorded when the call ends', async () => {
    const ctx = contextOf({ kind: 'public' });
    expect(() => ctx.allow('requests.list')).toThrow('identity.why-not-signed-in');
    expect(await denied()).toHaveLength(2);
    await flushDenials(database.db, ctx);
    await flushDenials(database.db, ctx);
    expect(await denied()).toHaveLength(3);
  });

  test('asking is not attempting', async () => {
    const ctx = contextOf(ada);
    expect(ctx.may('audit.read')).toBe(false);
    await flushDenials(database.db, ctx);
    expect(await denied()).toHaveLength(3);
  });

  test("today is the day in the node's zone", () => {
    expect(contextOf(ada).today()).toBe('2026-05-15');
  });

  test('what cannot be recorded is not done', async () => {
    await sql`create table tried (id int)`.execute(database.owner);
    await sql`grant select, insert on tried to comity_app`.execute(database.owner);
    await sql`alter table audit_leaves add constraint stop check (false) not valid`.execute(database.owner);
    const ctx = contextOf(ada);
    const act = ctx.transaction(async (tx) => {
      await sql`insert into tried values (1)`.execute(tx);
      await recordAudit(tx, ctx, 'requests.edit', { kind: 'request', id: 'r-1' });
    });
    await expect(act).rejects.toMatchObject({ name: 'Unavailable', code: 'audit.not-recording' });
    expect((await sql`select * from tried`.execute(database.db)).rows).toEqual([]);
    await sql`alter table audit_leaves drop constraint stop`.execute(database.owner);
  });
});
