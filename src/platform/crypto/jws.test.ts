import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { calculateJwkThumbprint, flattenedVerify, importJWK, type JWK } from 'jose';
import { describe, expect, test } from 'vitest';
import { canonical, instant } from '../values/index.ts';
import { flatJwsText, isJwsSignedBy, parseFlatJws, prepareJws, readJws, signJws, type Signer } from './jws.ts';

const at = instant('2026-05-14T12:00:00.000Z');
const typ = 'comity-message+jws';

async function signer(kind: 'ES256' | 'EdDSA') {
  const pair = kind === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  const publicKey = pair.publicKey.export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(publicKey);
  const keys: Signer = {
    publicKey: async () => ({ kid, label: 'node/sign', algorithm: kind, publicKey, createdAt: '' }),
    sign: async (_kid, bytes) => signWith(pair.privateKey, bytes),
  };
  return { keys, kid, publicKey, privateKey: pair.privateKey };
}
function signWith(key: KeyObject, bytes: Uint8Array): Buffer {
  return key.asymmetricKeyType === 'ec'
    ? sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })
    : sign(null, bytes, key);
}
const read = (jws: unknown) => {
  const found = readJws(jws, typ);
  if (!found.ok) throw new Error(found.error);
  return found.value;
};

describe.each(['ES256', 'EdDSA'] as const)('a JWS signed with %s', (kind) => {
  test('verifies here and with jose, over exactly the bytes that were signed', async () => {
    const { keys, kid, publicKey } = await signer(kind);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (payload) => {
        const jws = await signJws(keys, kid, { typ, at }, payload);
        const taken = read(jws);
        expect(taken.header).toEqual({ alg: kind, typ, kid, iat: 1_778_760_000 });
        expect(taken.payload.toString('utf8')).toBe(payload);
        expect(isJwsSignedBy(taken, publicKey)).toBe(true);
        const other = await flattenedVerify(jws, await importJWK(publicKey, kind));
        expect(Buffer.from(other.payload).toString('utf8')).toBe(payload);
        expect(parseFlatJws(flatJwsText(jws))).toEqual(jws);
      }),
      { numRuns: 30 },
    );
  });

  test('M3: is refused with any one byte changed', async () => {
    const { keys, kid, publicKey } = await signer(kind);
    const text = Buffer.from(flatJwsText(await signJws(keys, kid, { typ, at }, canonical({ a: 'b'.repeat(200) }))));
    for (let place = 0; place < text.length; place += 1) {
      for (const bit of [0, 2, 5]) {
        const changed = Buffer.from(text);
        changed[place]! ^= 1 << bit;
        const jws = parseFlatJws(changed);
        const taken = jws && readJws(jws, typ);
        expect(taken?.ok === true && isJwsSignedBy(taken.value, publicKey)).toBe(false);
      }
    }
  });

  test('does not hold under another key, or under a key of the other kind', async () => {
    const { keys, kid } = await signer(kind);
    const jws = read(await signJws(keys, kid, { typ, at }, 'x'));
    expect(isJwsSignedBy(jws, (await signer('ES256')).publicKey)).toBe(false);
    expect(isJwsSignedBy(jws, (await signer('EdDSA')).publicKey)).toBe(false);
  });
});

describe('M6: a header that is not exactly ours is refused', async () => {
  const { privateKey, publicKey, kid } = await signer('ES256');
  const good = { alg: 'ES256', typ, kid, iat: 1_778_760_000 };
  const signed = (header: string, payload = '{}') => {
    const head = Buffer.from(header).toString('base64url');
    const body = Buffer.from(payload).toString('base64url');
    const signature = signWith(privateKey, Buffer.from(`${head}.${body}`)).toString('base64url');
    return { payload: body, protected: head, signature };
  };
  const cases: [string, unknown][] = [
    ['alg none', { ...good, alg: 'none' }],
    ['a symmetric algorithm', { ...good, alg: 'HS256' }],
    ['another curve', { ...good, alg: 'ES384' }],
    ['RSA', { ...good, alg: 'RS256' }],
    ['alg in other letters', { ...good, alg: 'es256' }],
    ['a key in the header', { ...good, jwk: publicKey }],
    ['an address of keys', { ...good, jku: 'https://keys.example' }],
    ['an address of a certificate', { ...good, x5u: 'https://keys.example' }],
    ['a payload outside', { ...good, b64: false }],
    ['crit with a name we do not know', { ...good, crit: ['exp'] }],
    ['crit that is empty', { ...good, crit: [] }],
    ['another typ', { ...good, typ: 'comity-receipt+jws' }],
    ['typ of the web', { ...good, typ: 'JWT' }],
    ['no typ', { alg: 'ES256', kid, iat: 1 }],
    ['no kid', { alg: 'ES256', typ, iat: 1 }],
    ['no iat', { alg: 'ES256', typ, kid }],
    ['iat as text', { ...good, iat: '1778760000' }],
    ['a certificate without its hash', { ...good, x5c: ['AAAA'] }],
    ['an unknown member', { ...good, zip: 'DEF' }],
    ['a list', [good]],
  ];
  test.each(cases)('%s', (_what, header) => {
    expect(readJws(signed(canonical(header)), typ)).toEqual({ ok: false, error: 'algorithm' });
  });

  test('and one of the same members in another spelling', () => {
    expect(readJws(signed(canonical(good)), typ).ok).toBe(true);
    expect(readJws(signed(JSON.stringify(good, null, 1)), typ).ok).toBe(false);
    const twice = canonical(good).replace('"iat"', '"alg":"none","iat"');
    expect(readJws(signed(twice), typ).ok).toBe(false);
    expect(readJws(signed(`\ufeff${canonical(good)}`), typ).ok).toBe(false);
  });

  test('and a second signature, an unprotected header, foreign members or loose base64', () => {
    const jws = signed(canonical(good));
    const { signature, ...rest } = jws;
    const second = { protected: jws.protected, signature };
    expect(readJws({ ...rest, signatures: [second, second] }, typ)).toEqual({ ok: false, error: 'algorithm' });
    expect(readJws({ ...jws, header: { kid: 'x' } }, typ)).toEqual({ ok: false, error: 'algorithm' });
    for (const bad of [
      { ...jws, more: 1 },
      rest,
      { ...jws, signature: `${signature}=` },
      { ...jws, payload: 'e30=' },
      { ...jws, payload: 'e31' },
      { ...jws, payload: 'e3 0' },
      null,
      [jws],
      'jws',
      { ...jws, signature: 7 },
    ]) {
      expect(readJws(bad, typ)).toEqual({ ok: false, error: 'malformed' });
    }
    const text = flatJwsText(jws);
    expect(parseFlatJws(text)).toEqual(jws);
    for (const bad of [
      `${text}\n`,
      ` ${text}`,
      text.replace(',', ', '),
      text.replace('"payload"', '"pa\\u0079load"'),
    ]) {
      expect(JSON.parse(bad)).toEqual(jws);
      expect(parseFlatJws(bad)).toBeUndefined();
    }
  });
});

describe('M7: signatures have one spelling', () => {
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
  const number = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const bytes = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

  test('of the two that P-256 allows only the smaller is taken, and signing gives it', async () => {
    const { keys, kid, publicKey } = await signer('ES256');
    for (let turn = 0; turn < 20; turn += 1) {
      const jws = await signJws(keys, kid, { typ, at }, `${turn}`);
      const signature = Buffer.from(jws.signature, 'base64url');
      const s = number(signature.subarray(32));
      expect(s <= order / 2n).toBe(true);
      const twin = Buffer.concat([signature.subarray(0, 32), bytes(order - s)]).toString('base64url');
      await flattenedVerify({ ...jws, signature: twin }, await importJWK(publicKey, 'ES256'));
      expect(isJwsSignedBy(read({ ...jws, signature: twin }), publicKey)).toBe(false);
      expect(isJwsSignedBy(read(jws), publicKey)).toBe(true);
    }
  });

  test('zero, the order, too short, too long and DER are refused', async () => {
    const { keys, kid, publicKey, privateKey } = await signer('ES256');
    const jws = await signJws(keys, kid, { typ, at }, 'x');
    const right = Buffer.from(jws.signature, 'base64url');
    const input = Buffer.from(`${jws.protected}.${jws.payload}`);
    const wrong = [
      Buffer.alloc(64),
      Buffer.concat([right.subarray(0, 32), Buffer.alloc(32)]),
      Buffer.concat([Buffer.alloc(32), right.subarray(32)]),
      Buffer.concat([bytes(order), right.subarray(32)]),
      Buffer.concat([right.subarray(0, 32), bytes(order)]),
      right.subarray(0, 63),
      Buffer.concat([right, Buffer.alloc(1)]),
      sign('sha256', input, privateKey),
      Buffer.alloc(0),
    ];
    for (const signature of wrong) {
      const taken = readJws({ ...jws, signature: signature.toString('base64url') }, typ);
      expect(taken.ok && isJwsSignedBy(taken.value, publicKey)).toBe(false);
    }
  });

  test('Ed25519: S plus the order is refused, and keys of small order sign nothing', async () => {
    const { keys, kid, publicKey } = await signer('EdDSA');
    const jws = await signJws(keys, kid, { typ, at }, 'x');
    const signature = Buffer.from(jws.signature, 'base64url');
    const little = (value: Uint8Array) => number(Buffer.from(value).reverse());
    const l = 2n ** 252n + 27742317777372353535851937790883648493n;
    const twin = Buffer.concat([
      signature.subarray(0, 32),
      Buffer.from(bytes(little(signature.subarray(32)) + l)).reverse(),
    ]);
    expect(isJwsSignedBy(read({ ...jws, signature: twin.toString('base64url') }), publicKey)).toBe(false);
    for (const hex of ['01', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', '00']) {
      const x = Buffer.from(hex.padEnd(64, '0'), 'hex').toString('base64url');
      // With the neutral element as key, R = S = that element "holds" for every text in careless verifiers.
      const forged = Buffer.concat([Buffer.from('01'.padEnd(64, '0'), 'hex'), Buffer.alloc(32)]).toString('base64url');
      expect(isJwsSignedBy(read({ ...jws, signature: forged }), { kty: 'OKP', crv: 'Ed25519', x })).toBe(false);
    }
  });

  test('a key off its curve verifies nothing', async () => {
    const { keys, kid, publicKey } = await signer('ES256');
    const jws = read(await signJws(keys, kid, { typ, at }, 'x'));
    const y = Buffer.from(publicKey.y ?? '', 'base64url');
    y[31]! ^= 1;
    expect(isJwsSignedBy(jws, { ...publicKey, y: y.toString('base64url') })).toBe(false);
    expect(isJwsSignedBy(jws, { kty: 'RSA', n: 'AQAB', e: 'AQAB' })).toBe(false);
    expect(isJwsSignedBy(jws, {})).toBe(false);
  });
});

test('a signer outside the key store gets the bytes to sign, and a certificate is named by its hash', async () => {
  const { privateKey, publicKey, kid } = await signer('ES256');
  const certificate = Buffer.from('a certificate in DER');
  const prepared = prepareJws({ alg: 'ES256', typ, kid, at, certificates: [certificate] }, '{"a":1}');
  const outside = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const taken = read(prepared.finish(signWith(outside, prepared.input)));
  expect(isJwsSignedBy(taken, publicKey)).toBe(true);
  expect(taken.header.x5c).toEqual([certificate.toString('base64')]);
  expect(taken.header['x5t#S256']).toBe(createHash('sha256').update(certificate).digest('base64url'));
  expect(() => prepared.finish(Buffer.alloc(63))).toThrow();
});
