import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { createLog } from '../../../platform/log.ts';
import { systemRandom } from '../../../platform/random.ts';
import { hashOf, StateCode } from '../../../platform/values/index.ts';
import type { Actor, Context } from '../context.ts';
import { createContext } from '../create-context.ts';
import { listPasskeys, lockPasskeyForGood } from '../store/index.ts';
import {
  addOwnPasskey,
  addSampleOffice,
  addSamplePerson,
  asIdentity,
  createSigning,
  identitySecrets,
  listOwnPasskeys,
  ownPasskeyCreation,
  ownStepUpOptions,
  passkeyProof,
  removeOwnPasskey,
  resolveVisitor,
  signInWithPasskey,
  signingChallenge,
  stepUpWithPasskey,
  type IdentityNode,
} from './index.ts';

type Cbor = number | string | Uint8Array | Map<number | string, Cbor>;

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255]);
}

/** As much of RFC 8949 as an authenticator writes. */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, item]) => [cbor(key), cbor(item)])]);
}

const digest = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();

/** An authenticator in software: one P-256 key, a counter, and whatever faults a test asks for. */
class Authenticator {
  readonly id = Buffer.from(systemRandom.bytes(32));
  counter = 0;
  readonly #key: KeyObject;
  readonly #cose: Buffer;
  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const coordinates = [x, y].map((part) => Buffer.from(part, 'base64url'));
    this.#cose = cbor(
      new Map<number, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, coordinates[0]!],
        [-3, coordinates[1]!],
      ]),
    );
  }
  #authData(rpId: string, flags: number): Buffer {
    this.counter += 1;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([digest(rpId), Buffer.from([flags]), counter]);
  }
  #clientData(type: string, challenge: string, origin: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }
  create(challenge: string, origin: string, rpId = new URL(origin).hostname, flags = 0x45): string {
    const idLength = Buffer.from([0, this.id.length]);
    const authData = Buffer.concat([this.#authData(rpId, flags), Buffer.alloc(16), idLength, this.id, this.#cose]);
    const attestationObject = cbor(
      new Map<string, Cbor>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]),
    );
    return this.#answer({ clientDataJSON: this.#clientData('webauthn.create', challenge, origin), attestationObject });
  }
  get(
    challenge: string,
    origin: string,
    owner: string,
    { rpId = new URL(origin).hostname, flags = 0x05 } = {},
  ): string {
    const authenticatorData = this.#authData(rpId, flags);
    const clientDataJSON = this.#clientData('webauthn.get', challenge, origin);
    const signature = sign('sha256', Buffer.concat([authenticatorData, digest(clientDataJSON)]), this.#key);
    return this.#answer({ authenticatorData, clientDataJSON, signature, userHandle: Buffer.from(owner) });
  }
  #answer(parts: Record<string, Buffer>): string {
    const response = Object.fromEntries(
      Object.entries(parts).map(([key, bytes]) => [key, bytes.toString('base64url')]),
    );
    const id = this.id.toString('base64url');
    return JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response });
  }
}

let database: TestDatabase;
let node: IdentityNode;
let personId = '';
let otherId = '';
let ctx: Context;
let device: Authenticator;
const origin = 'https://alba.example';
const client = { address: '192.0.2.7', userAgent: 'Test browser' };
const clock = fakeClock('2026-05-14T08:00:00.000Z');
const log = createLog('silent');

function contextOf(actor: Actor, sessionId?: string): Context {
  const { db, random } = node;
  return createContext({
    actor,
    db,
    clock,
    random,
    log,
    state: StateCode.parse('XA'),
    zone: 'UTC',
    profile: 'demo',
    locale: 'en',
    sessionId,
  });
}
const freshContext = (id: string) =>
  contextOf({
    kind: 'person',
    id,
    name: 'Ada Test',
    officeId: '',
    authority: null,
    roles: ['signatory'],
    steppedUpAt: clock.now(),
  });

async function register(to: Context, authenticator: Authenticator, from = origin, rpId?: string, flags?: number) {
  const { challenge } = await ownPasskeyCreation(to, node);
  return addOwnPasskey(to, node, { json: authenticator.create(challenge, from, rpId, flags), label: 'Key' });
}

beforeAll(async () => {
  database = await testDatabase();
  const random = systemRandom;
  node = {
    db: database.db,
    clock,
    random,
    log,
    profile: 'production',
    origin,
    name: 'Alba',
    ...identitySecrets(random.bytes(32), random),
  };
  const operator = contextOf({ kind: 'system', id: 'seed' });
  [personId, otherId] = await operator.transaction(async (tx) => {
    const officeId = await addSampleOffice(tx, operator, { name: { en: 'Central Authority' }, authority: null });
    const add = (signInName: string) =>
      addSamplePerson(tx, operator, { name: `Person ${signInName}`, signInName, officeId, roles: ['signatory'] });
    return [await add('ada'), await add('bo')] as const;
  });
  ctx = freshContext(personId);
  device = new Authenticator();
});
afterAll(() => database.close());

describe('making a passkey', () => {
  test.each([
    ['from another origin', 'https://alba.example.evil.test', 'alba.example', 0x45],
    ['for another host', origin, 'borea.example', 0x45],
    ['without user verification', origin, 'alba.example', 0x41],
  ])('%s is refused', async (_name, from, rpId, flags) => {
    expect(await register(ctx, new Authenticator(), from, rpId, flags)).toMatchObject({
      ok: false,
      error: { code: 'identity.passkey-refused' },
    });
  });

  test('a challenge counts once, for one person, for five minutes', async () => {
    const { challenge } = await ownPasskeyCreation(ctx, node);
    expect(
      await addOwnPasskey(freshContext(otherId), node, { json: device.create(challenge, origin), label: '' }),
    ).toMatchObject({ ok: false });
    expect(await addOwnPasskey(ctx, node, { json: device.create(challenge, origin), label: 'Desk key' })).toMatchObject(
      { ok: true },
    );
    expect(
      await addOwnPasskey(ctx, node, { json: new Authenticator().create(challenge, origin), label: '' }),
    ).toMatchObject({ ok: false });
    const late = await ownPasskeyCreation(ctx, node);
    clock.advance(300_001);
    ctx = freshContext(personId);
    expect(
      await addOwnPasskey(ctx, node, { json: new Authenticator().create(late.challenge, origin), label: '' }),
    ).toMatchObject({ ok: false });
    expect(await listOwnPasskeys(ctx)).toMatchObject([{ label: 'Desk key', locked: false }]);
  });

  test('asks a fresh second factor', async () => {
    const { challenge } = await ownPasskeyCreation(ctx, node);
    const stale = contextOf({
      kind: 'person',
      id: personId,
      name: 'Ada Test',
      officeId: '',
      authority: null,
      roles: [],
    });
    await expect(
      addOwnPasskey(stale, node, { json: new Authenticator().create(challenge, origin), label: '' }),
    ).rejects.toThrow('identity.step-up-needed');
  });

  test.each([
    '',
    '{}',
    '{"id":"x"}',
    'null',
    '[1]',
    '{"id":"a","rawId":"a","type":"public-key","clientExtensionResults":{},"response":{"clientDataJSON":"!","attestationObject":"!"}}',
  ])('nonsense %s is refused, not a fault', async (json) => {
    expect(await addOwnPasskey(ctx, node, { json, label: '' })).toMatchObject({ ok: false });
    expect(await signInWithPasskey(node, { json }, client)).toMatchObject({ ok: false });
  });
});

describe('signing in by passkey', () => {
  const prove = async (options: { rpId?: string; flags?: number } = {}, from = origin, owner = personId) => {
    const { challenge } = await passkeyProof(node, 'sign-in');
    return signInWithPasskey(node, { json: device.get(challenge, from, owner, options), next: '/requests' }, client);
  };

  test('opens a fresh session', async () => {
    const done = await prove();
    if (!done.ok) throw new Error(done.error.code);
    const visitor = await resolveVisitor(node, done.value.cookies[0]!.split(';')[0]!);
    expect(visitor).toMatchObject({
      actor: { id: personId, steppedUpAt: clock.now() },
      session: { method: 'passkey' },
    });
    expect(done.value.next).toBe('/requests');
  });

  test('from another origin, for another host, without verification or for another person it is refused', async () => {
    for (const answer of [
      await prove({}, 'https://alba-example.test'),
      await prove({ rpId: 'borea.example' }),
      await prove({ flags: 0x01 }),
      await prove({}, origin, otherId),
    ]) {
      expect(answer).toMatchObject({ ok: false, error: { code: 'identity.not-signed-in' } });
    }
  });

  test('an answer counts once', async () => {
    const { challenge } = await passkeyProof(node, 'sign-in');
    const json = device.get(challenge, origin, personId);
    expect((await signInWithPasskey(node, { json }, client)).ok).toBe(true);
    expect((await signInWithPasskey(node, { json }, client)).ok).toBe(false);
    expect(await listOwnPasskeys(ctx)).toMatchObject([{ locked: false }]);
  });

  test('a challenge of another use opens nothing', async () => {
    const options = await ownStepUpOptions(ctx, node);
    expect((await signInWithPasskey(node, { json: device.get(options!.challenge, origin, personId) }, client)).ok).toBe(
      false,
    );
  });
});

describe('approving by passkey', () => {
  const contentHash = hashOf({ request: 'XA-2026-05-0172-D', facts: 'a' });
  const signing = () => createSigning(node);
  const verify = (json: string | undefined, hash = contentHash, by = ctx) =>
    by.transaction((tx) => signing().verify(tx, by, hash, { assertion: json }));

  test('the challenge is the hash of the content', async () => {
    const options = await signing().optionsFor(ctx, contentHash);
    expect(Buffer.from(options!.challenge, 'base64url').toString('hex')).toBe(contentHash.slice(7));
    expect(await signing().optionsFor(freshContext(otherId), contentHash)).toBeNull();
  });

  test('an approval names the content, and verifies without us', async () => {
    const answer = await verify(device.get(signingChallenge(contentHash), origin, personId));
    if (!answer.ok || answer.value.method !== 'passkey') throw new Error('not approved');
    const clientData = JSON.parse(Buffer.from(answer.value.evidence.clientDataJson, 'base64url').toString()) as {
      challenge: string;
    };
    expect(Buffer.from(clientData.challenge, 'base64url').toString('hex')).toBe(contentHash.slice(7));
    expect(answer.value).toMatchObject({ personId, contentHash });
    const again = device.get(signingChallenge(contentHash), origin, personId);
    expect((await verify(again)).ok).toBe(true);
    expect((await verify(again)).ok).toBe(false);
    expect(await listOwnPasskeys(ctx)).toMatchObject([{ locked: false }]);
  });

  test('an approval of other content, or by the key of another, is none', async () => {
    const changed = hashOf({ request: 'XA-2026-05-0172-D', facts: 'b' });
    expect(await verify(device.get(signingChallenge(contentHash), origin, personId), changed)).toMatchObject({
      ok: false,
    });
    expect(
      await verify(device.get(signingChallenge(contentHash), origin, personId), contentHash, freshContext(otherId)),
    ).toMatchObject({ ok: false });
  });

  test('without a passkey a fresh second factor is asked', async () => {
    expect(await verify(undefined)).toMatchObject({ ok: true, value: { method: 'password-totp' } });
    clock.advance(300_001);
    expect(await verify(undefined)).toMatchObject({ ok: false, error: { code: 'identity.step-up-needed' } });
    ctx = freshContext(personId);
  });
});

describe('a copied authenticator', () => {
  test('shows by its falling counter: refused, locked, and in the log', async () => {
    const copyAt = device.counter;
    const { challenge } = await passkeyProof(node, 'sign-in');
    expect((await signInWithPasskey(node, { json: device.get(challenge, origin, personId) }, client)).ok).toBe(true);
    device.counter = copyAt - 1;
    const again = await passkeyProof(node, 'sign-in');
    expect((await signInWithPasskey(node, { json: device.get(again.challenge, origin, personId) }, client)).ok).toBe(
      false,
    );
    device.counter = copyAt + 10;
    const later = await passkeyProof(node, 'sign-in');
    expect((await signInWithPasskey(node, { json: device.get(later.challenge, origin, personId) }, client)).ok).toBe(
      false,
    );
    expect(await listOwnPasskeys(ctx)).toMatchObject([{ locked: true }]);
    const alarms = await database.db
      .selectFrom('audit_entries')
      .select('subject_id')
      .where('action', '=', 'identity.passkey-alarm')
      .execute();
    expect(alarms).toEqual([{ subject_id: personId }]);
  });

  test('step-up takes only the own passkey', async () => {
    const [mine, theirs] = [new Authenticator(), new Authenticator()];
    expect((await register(ctx, mine)).ok).toBe(true);
    expect((await register(freshContext(otherId), theirs)).ok).toBe(true);
    const done = await signInWithPasskey(
      node,
      { json: mine.get((await passkeyProof(node, 'sign-in')).challenge, origin, personId) },
      client,
    );
    if (!done.ok) throw new Error('not in');
    const visitor = await resolveVisitor(node, done.value.cookies[0]!.split(';')[0]!);
    const session = contextOf(visitor.actor, visitor.session?.id);
    const options = await ownStepUpOptions(session, node);
    expect((await stepUpWithPasskey(session, node, theirs.get(options!.challenge, origin, otherId))).ok).toBe(false);
    expect((await stepUpWithPasskey(session, node, mine.get(options!.challenge, origin, personId))).ok).toBe(true);
  });

  test('the last way to sign in cannot be removed', async () => {
    const other = freshContext(otherId);
    const [only] = await listOwnPasskeys(other);
    expect(await removeOwnPasskey(other, only!.id)).toMatchObject({
      ok: false,
      error: { code: 'identity.last-factor' },
    });
    const own = await listOwnPasskeys(ctx);
    expect(own).toHaveLength(2);
    await expect(removeOwnPasskey(ctx, only!.id)).rejects.toThrow('identity.not-found');
    expect((await removeOwnPasskey(ctx, own[0]!.id)).ok).toBe(true);
  });

  test('a locked passkey is not offered', async () => {
    await asIdentity(node, async (tx) => {
      for (const one of await listPasskeys(tx, otherId)) await lockPasskeyForGood(tx, one.id, clock.now());
    });
    expect(await ownStepUpOptions(freshContext(otherId), node)).toBeNull();
  });
});
