import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesBetween, trustNode, type TrustNode } from '../../../../tests/support/trust.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { Decrypter } from 'age-encryption';
import { sealBytes } from '../../../platform/crypto/index.ts';
import { systemRandom } from '../../../platform/random.ts';
import { pushOwn } from '../replicate.ts';
import { confirmArchiveKey, makeArchiveKey, openShares, type MadeArchiveKey } from './archive.ts';
import {
  archiveStatus,
  confirmEndOfArchive,
  proposeEndOfArchive,
  refuseEndOfArchive,
  waitDays,
  withdrawArchiveKey,
} from './archive-end.ts';
import { introduce } from './index.ts';
import { listArchiveKeys } from './store/index.ts';

const clock = fakeClock('2026-05-14T06:12:00.000Z');
const authority = 'XB:central-authority';
let alba: TrustNode;
let borea: TrustNode;
let made: MadeArchiveKey;

const sealedTo = (node: TrustNode) =>
  node.system.transaction(async (tx) =>
    (await node.trust.loadTrust(tx)).sealingKeys(authority, clock.now()).map((key) => key.recipient),
  );
const push = () => pushOwn(linesBetween([alba, borea]).from(borea), new Map());

beforeAll(async () => {
  alba = await trustNode({ clock, state: 'XA' });
  borea = await trustNode({ clock, state: 'XB' });
  const card = await borea.system.transaction((tx) => borea.trust.ownCard(tx));
  await introduce(alba.trust, alba.people, card, await borea.feeds());
  await introduce(
    borea.trust,
    borea.people,
    await alba.system.transaction((tx) => alba.trust.ownCard(tx)),
    await alba.feeds(),
  );
}, 60_000);
afterAll(async () => {
  await alba?.close();
  await borea?.close();
});

test('an archive key is made by an administrator, and nothing is sealed to it before its keepers showed that it comes back', async () => {
  await expect(makeArchiveKey(borea.system, borea.trust.publish, authority)).rejects.toMatchObject({
    code: 'identity.why-no-role',
  });
  const other = makeArchiveKey(borea.people[0], borea.trust.publish, 'XA:central-authority');
  await expect(other).rejects.toMatchObject({ code: 'trust.no-such-authority' });
  made = await makeArchiveKey(borea.people[0], borea.trust.publish, authority);
  expect(made.shares).toHaveLength(5);
  await push();
  expect(await sealedTo(alba)).toHaveLength(1);
  await expect(makeArchiveKey(borea.people[1], borea.trust.publish, authority)).rejects.toMatchObject({
    code: 'trust.archive-waits',
  });
});

test('K8: three shares typed before a second person confirm it; two, one twice, a wrong one and the same person do not', async () => {
  const [a = '', b = '', c = '', d = ''] = made.shares;
  const [first, second] = borea.people;
  const confirm = (who: typeof first, shares: string[]) =>
    confirmArchiveKey(who, borea.trust.publish, made.key.kid, shares);
  await expect(confirm(second, [a, b])).rejects.toMatchObject({ code: 'crypto.too-few-shares' });
  await expect(confirm(second, [a, b, b])).rejects.toMatchObject({ code: 'crypto.too-few-shares' });
  await expect(confirm(second, [a, b, `${c.slice(0, -1)}A`])).rejects.toMatchObject({ code: 'crypto.bad-share' });
  await expect(confirm(first, [a, b, c])).rejects.toMatchObject({ code: 'identity.why-took-part' });
  expect((await borea.system.transaction(listArchiveKeys))[0]?.confirmedAt).toBeNull();
  await confirm(second, [b, d, c]);
  expect((await borea.system.transaction(listArchiveKeys))[0]?.confirmedAt).toBe(clock.now());
});

test('then other States seal to it as well, and the age program opens with the identity that three shares give', async () => {
  await push();
  const recipients = await sealedTo(alba);
  expect(recipients).toContain(made.key.recipient);
  expect(recipients).toHaveLength(2);
  const { bytes } = sealBytes(Buffer.from('what only the archive can read'), recipients, systemRandom);
  const decrypter = new Decrypter();
  decrypter.addIdentity(openShares([made.shares[4] ?? '', made.shares[0] ?? '', made.shares[2] ?? '']).identity);
  expect(await decrypter.decrypt(bytes, 'text')).toBe('what only the archive can read');
  // Its own sealing key is still the one in use.
  const own = await borea.system.transaction((tx) => borea.trust.ownKeys(tx));
  expect(own.authorities.get(authority)?.recipient).not.toBe(made.key.recipient);
});

test('one that waits is given up by one person or lapses after thirty days, and another can be made', async () => {
  const [first, second] = borea.people;
  const other = await makeArchiveKey(first, borea.trust.publish, authority);
  const { kid } = other.key;
  await withdrawArchiveKey(second, kid);
  const [a = '', b = '', c = ''] = other.shares;
  await expect(confirmArchiveKey(second, borea.trust.publish, kid, [a, b, c])).rejects.toMatchObject({
    code: 'trust.archive-not-waiting',
  });
  await expect(withdrawArchiveKey(first, kid)).rejects.toMatchObject({ code: 'trust.archive-not-waiting' });
  const third = await makeArchiveKey(first, borea.trust.publish, authority);
  clock.advance(waitDays * 86_400_000);
  const now = clock.now();
  const statuses = (await borea.system.transaction(listArchiveKeys)).map((key) => archiveStatus(key, now));
  expect(statuses).toEqual(['in-use', 'withdrawn', 'lapsed']);
  const late = confirmArchiveKey(borea.people[1], borea.trust.publish, third.key.kid, third.shares.slice(0, 3));
  await expect(late).rejects.toMatchObject({ code: 'trust.archive-not-waiting' });
  await makeArchiveKey(borea.people[0], borea.trust.publish, authority);
});

test('K8: a published one is taken back by two persons; nobody seals to it then, and its shares still open what was sealed before', async () => {
  const { kid, recipient } = made.key;
  expect(await sealedTo(alba)).toContain(recipient);
  const [first, second] = borea.people;
  await expect(confirmEndOfArchive(second, borea.trust.publish, kid)).rejects.toMatchObject({
    code: 'trust.archive-end-not-asked',
  });
  await proposeEndOfArchive(first, kid, 'lost');
  await expect(proposeEndOfArchive(second, kid, 'lost')).rejects.toMatchObject({ code: 'trust.archive-end-asked' });
  await expect(confirmEndOfArchive(first, borea.trust.publish, kid)).rejects.toMatchObject({
    code: 'identity.why-took-part',
  });
  await refuseEndOfArchive(second, kid);
  await expect(confirmEndOfArchive(second, borea.trust.publish, kid)).rejects.toMatchObject({
    code: 'trust.archive-end-not-asked',
  });
  await push();
  expect(await sealedTo(alba), 'in use until a second person agrees').toContain(recipient);
  await proposeEndOfArchive(first, kid, 'lost');
  await confirmEndOfArchive(second, borea.trust.publish, kid);
  await push();
  expect(await sealedTo(alba)).not.toContain(recipient);
  expect(await sealedTo(borea)).not.toContain(recipient);
  const view = await alba.system.transaction((tx) => alba.trust.loadTrust(tx));
  expect(view.revocations()).toContainEqual(expect.objectContaining({ owner: 'XB', key: kid, reason: 'lost' }));
  await expect(proposeEndOfArchive(first, kid, 'lost')).rejects.toMatchObject({ code: 'trust.archive-not-in-use' });
  expect(openShares(made.shares.slice(0, 3)).recipient).toBe(recipient);
});
