import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pingDue, type ReplicateParts } from '../../src/modules/exchange/replicate.ts';
import { revokeKey } from '../../src/modules/exchange/trust/index.ts';
import { contextFor } from '../../src/app/node.ts';
import { toInstant } from '../../src/platform/values/index.ts';
import { startNetwork, takeNotes, until, type Network, type NetworkNode } from '../support/network.ts';

let network: Network;
beforeAll(async () => {
  network = await startNetwork({ states: ['XA', 'XB'], proxies: true });
}, 240_000);
afterAll(async () => network?.stop(), 60_000);

function partsOf({ node, exchange }: NetworkNode): ReplicateParts {
  const { clock, random, log } = node;
  return { trust: exchange.trust, call: exchange.client.call, clock, random, log, ctx: exchange.system };
}
const administrator = ({ node }: NetworkNode) =>
  contextFor(
    node,
    {
      kind: 'person',
      id: '01890000-0000-7000-8000-0000000000a1',
      name: 'Test',
      officeId: '01890000-0000-7000-8000-0000000000aa',
      authority: null,
      roles: ['administrator'],
      steppedUpAt: node.clock.now(),
    },
    'en',
  );

describe('between two running nodes', () => {
  test('a secure address is asked by a sealed message, answered by the other node at once, and shown as answered', async () => {
    const alba = network.of('XA');
    expect(await pingDue(partsOf(alba))).toBe(1);
    const answered = async () => {
      const row = await alba.database.owner
        .selectFrom('directory_pings')
        .selectAll()
        .where('record_id', '=', 'XB:central-authority')
        .executeTakeFirst();
      return row?.last_answered_at ?? null;
    };
    await until(async () => (await answered()) !== null, 'the pong of Borea');
    const page = await alba.get('/authorities/XB:central-authority');
    expect(page.status).toBe(200);
    // Answered a moment ago: nothing is asked again for thirty days.
    expect(await pingDue(partsOf(alba))).toBe(0);
  }, 120_000);

  test('K2: a key taken back while a message waits: the message is refused with a signed reason, the next one goes out under the new key', async () => {
    const [alba, borea] = [network.of('XA'), network.of('XB')];
    const taken = takeNotes(alba);
    const sent = takeNotes(borea);
    await sent.send({ to: alba.authority, text: 'before' });
    await until(() => taken.taken.length === 1, 'the first note');
    const old = await borea.exchange.system.transaction((tx) => borea.exchange.trust.ownKeys(tx));
    const oldKid = old.authorities.get(borea.authority)!.sign.kid;
    expect(taken.taken[0]?.signedBy).toBe(oldKid);

    alba.proxy!.set({ down: true });
    // Connections that are kept open would still carry it.
    alba.proxy!.reset();
    const waiting = await sent.send({ to: alba.authority, text: 'waits' });
    await until(async () => {
      const row = await borea.database.owner
        .selectFrom('exchange_outbox')
        .select('status')
        .where('message_id', '=', waiting)
        .executeTakeFirst();
      return row !== undefined;
    }, 'the second note to be signed');
    const since = toInstant(new Date(Date.parse(borea.node.clock.now()) - 60_000));
    const { successor } = await revokeKey(administrator(borea), borea.exchange.trust.publish, oldKid, {
      since,
      reason: 'compromised',
    });
    alba.proxy!.set({});
    await borea.exchange.replication()?.once();
    const view = await alba.exchange.system.transaction((tx) => alba.exchange.trust.loadTrust(tx));
    expect(view.authorityKey(borea.authority, oldKid, since).finding).toBe('revoked');

    await until(
      () => sent.outcomes.some((one) => one.id === waiting && one.outcome === 'refused'),
      'the signed refusal',
      90,
    );
    expect(sent.outcomes.find((one) => one.id === waiting && one.outcome === 'refused')?.reason).toBe(
      'exchange.key-not-valid',
    );
    await sent.send({ to: alba.authority, text: 'after' });
    await until(() => taken.taken.some((one) => one.signedBy === successor), 'the note under the new key', 90);
    expect(taken.taken.map((one) => one.body.text)).toEqual(['before', 'after']);
    // What was received before is kept and marked.
    const marked = await alba.database.owner
      .selectFrom('exchange_inbox')
      .select('flagged_code')
      .where('message_id', '=', taken.taken[0]!.id)
      .executeTakeFirstOrThrow();
    expect(marked.flagged_code).toBe('trust.key-revoked-later');
  }, 240_000);
});
