import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesBetween, trustNode, type TrustNode } from '../../../../tests/support/trust.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { Decrypter } from 'age-encryption';
import { sealBytes } from '../../../platform/crypto/index.ts';
import { systemRandom } from '../../../platform/random.ts';
import { pushOwn } from '../replicate.ts';
import { confirmArchiveKey, makeArchiveKey, openShares, type MadeArchiveKey } from './archive.ts';
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
