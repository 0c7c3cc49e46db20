import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeKey, makeNode, signerOf, trustOf } from '../../../tests/support/exchange-world.ts';
import { canonical, instant, plainDate, type Instant, type Sha256 } from '../../platform/values/index.ts';
import { flatJwsText, sealBytes, signJws, type FlatJws } from '../../platform/crypto/index.ts';
import { systemRandom, uuidv7 } from '../../platform/random.ts';
import {
  buildEvent,
  buildManifest,
  buildMessage,
  buildReceipt,
  buildRefusal,
  buildTransport,
  fillBytes,
  prepareMessage,
  verifyEvent,
  verifyMessage,
  verifyReceipt,
  verifyRefusal,
  verifyTransport,
  type MessageFields,
  type Sent,
} from './envelope.ts';
import { isCanonical, peek } from './envelope-read.ts';
import { jwsTypes, MessageId, refusalCodes, type RefusalCode } from './schema.ts';

const alba = makeNode('XA');
const borea = makeNode('XB', 'EdDSA');
const cordia = makeNode('XC');
const trust = trustOf([alba, borea, cordia]);
const signedAt = instant('2026-05-14T12:00:00.250Z');
const now = instant('2026-05-14T12:00:03.000Z');
const id = () => MessageId.parse(uuidv7(systemRandom, Date.parse(signedAt)));

const conversationId = 'AAAAAAAAAAAAAAAAAAAAAA';
const messageId = id();
const body = fillBytes(Buffer.from(canonical({ kind: 'request', version: 1, text: 'accounts of a company' })));
const manifest = buildManifest({
  messageId,
  conversationId,
  from: alba.authority,
  to: borea.authority,
  subject: 'Bank records',
  nationalReferences: ['XA-2026-05-0172-D'],
  parts: [
    {
      name: 'part-001',
      fileName: 'body.json',
      mediaType: 'application/json',
      plainLength: 71,
      plainSha256: 'a'.repeat(64) as Sha256,
      custodyRef: null,
    },
  ],
});
const sealed = [manifest, body].map((plain) => sealBytes(plain, [borea.recipient, alba.recipient], systemRandom));
const fields: MessageFields = {
  id: messageId,
  subjectKind: 'request/1',
  from: alba.authority,
  to: borea.authority,
  conversationId,
  sequence: 1,
  previous: null,
  inReplyTo: null,
  legalBasis: { instrument: 'XVIII-12', article: '18', on: plainDate('2026-05-14') },
  tlp: 'AMBER',
  priority: 'routine',
  signedAt,
  expiresAt: instant('2026-06-13T12:00:00.250Z'),
  mode: 'basic',
  parts: sealed.map(({ length, headerSha256, payloadRoot }, index) => ({
    name: `part-00${index}`,
    mediaType: 'application/age' as const,
    length,
    headerSha256,
    payloadRoot,
  })),
};
const inline = new Map(sealed.map(({ bytes }, index) => [`part-00${index}`, bytes]));

const messageOf = (changes: Partial<MessageFields> = {}) =>
  buildMessage(alba.signer, alba.authorityKey.kid, { ...fields, ...changes });
const wrap = (message: FlatJws, changes: object = {}, from = alba) =>
  buildTransport(from.signer, from.nodeKey.kid, {
    message,
    inline,
    fromNode: alba.id,
    toNode: borea.id,
    sentAt: signedAt,
    checkpoint: null,
    consistency: null,
    cosignature: null,
    ...changes,
  });
const facts = { trust, now, ownNode: borea.id, tlsNode: alba.id };
const take = (text: string | Uint8Array, more = {}) =>
  verifyTransport(Buffer.from(text as string), { ...facts, ...more });
const codeOf = (result: { ok: true } | { ok: false; error: { code: RefusalCode } | RefusalCode }) =>
  result.ok ? 'taken' : typeof result.error === 'string' ? result.error : result.error.code;

/** Signs any payload as a transport or message, canonical or not. */
const signRaw = (payload: string, thing: keyof typeof jwsTypes, key = alba.nodeKey, at: Instant = signedAt) =>
  signJws(signerOf(key), key.kid, { typ: jwsTypes[thing], at }, payload);

let good: Awaited<ReturnType<typeof wrap>>;
let message: Awaited<ReturnType<typeof messageOf>>;
let sent: Sent;
beforeAll(async () => {
  message = await messageOf();
  good = await wrap(message.jws);
  sent = {
    messageId,
    messageSha256: message.payloadSha256,
    transportSha256: good.textSha256,
    toNode: borea.id,
  };
});

describe('a message wrapped by its node', () => {
  test('is taken by the node it is for, with its parts', () => {
    const taken = take(good.text);
    if (!taken.ok) throw new Error(taken.error.code);
    expect(taken.value.message.value).toEqual({ ...fields, kind: 'exchange.message', version: 1 });
    expect(taken.value.message.payloadSha256).toBe(message.payloadSha256);
    expect(taken.value.transportSha256).toBe(good.textSha256);
    expect([...taken.value.inline.keys()]).toEqual(['part-000', 'part-001']);
    expect(taken.value.inline.get('part-001')!.equals(sealed[1]!.bytes)).toBe(true);
    expect(taken.value.hasWrongPart).toBe(false);
  });

  test('may be signed outside the key store', async () => {
    const prepared = prepareMessage({ kid: alba.authorityKey.kid, alg: 'ES256' }, fields);
    const built = prepared.finish(await alba.signer.sign(alba.authorityKey.kid, prepared.input));
    expect(built.payloadSha256).toBe(prepared.payloadSha256);
    expect(built.payloadSha256).toBe(message.payloadSha256);
    expect(verifyMessage(built.jws, trust, now).ok).toBe(true);
  });

  test('M3: with any one byte changed is refused', () => {
    const bytes = Buffer.from(good.text);
    expect(bytes.length).toBeGreaterThan(2000);
    let taken = 0;
    const step = Math.max(1, Math.floor(bytes.length / 4000));
    for (let place = 0; place < bytes.length; place += place < 4000 ? 1 : step) {
      const changed = Buffer.from(bytes);
      changed[place]! ^= 1 << (place % 7);
      if (take(changed).ok) taken += 1;
    }
    expect(taken).toBe(0);
  });

  test('M3: the message alone with any one byte changed is refused', () => {
    const bytes = Buffer.from(message.text);
    let taken = 0;
    for (let place = 0; place < bytes.length; place += 1) {
      const changed = Buffer.from(bytes);
      changed[place]! ^= 1 << (place % 7);
      const jws = peek(changed);
      if (jws && verifyMessage(jws, trust, now).ok) taken += 1;
    }
    expect(taken).toBe(0);
  });

  test('cut anywhere is refused', () => {
    for (let length = 0; length < good.text.length; length += 97)
      expect(take(good.text.slice(0, length)).ok).toBe(false);
  });

  test('a part that is not what the message says is noticed, and what is right is kept', async () => {
    const other = sealBytes(manifest, [borea.recipient], systemRandom).bytes;
    for (const parts of [
      new Map([['part-000', other]]),
      new Map([['part-000', sealed[0]!.bytes.subarray(1)]]),
      new Map([['part-007', sealed[0]!.bytes]]),
      new Map([['part-000', sealed[1]!.bytes]]),
    ]) {
      const taken = take((await wrap(message.jws, { inline: parts })).text);
      expect(taken.ok && taken.value.hasWrongPart).toBe(true);
    }
  });
});

describe('M2: a message for one node is nothing to another', () => {
  test('a third node refuses it, also when it is wrapped again for it', async () => {
    expect(codeOf(take(good.text, { ownNode: cordia.id }))).toBe('exchange.wrong-recipient');
    const again = await wrap(message.jws, { toNode: cordia.id, fromNode: borea.id }, borea);
    expect(codeOf(take(again.text, { ownNode: cordia.id, tlsNode: borea.id }))).toBe('exchange.wrong-recipient');
  });

  test('a node that received it cannot hand it on in its own name', async () => {
    const again = await wrap(message.jws, { fromNode: cordia.id }, cordia);
    expect(codeOf(take(again.text, { tlsNode: cordia.id }))).toBe('exchange.not-accepted-from');
  });
});

describe('M4: a forged sender is refused', () => {
  test('another node under the name of the first, on either layer', async () => {
    const forgedNode = await wrap(message.jws, {}, cordia);
    expect(codeOf(take(forgedNode.text))).toBe('exchange.key-not-valid');
    const asAlba = { ...cordia.nodeKey, kid: alba.nodeKey.kid };
    const forgedKid = await signRaw(Buffer.from(good.jws.payload, 'base64url').toString(), 'transport', asAlba);
    expect(codeOf(take(flatJwsText(forgedKid)))).toBe('exchange.signature');
    const forgedMessage = await buildMessage(cordia.signer, cordia.authorityKey.kid, fields);
    expect(codeOf(take((await wrap(forgedMessage.jws)).text))).toBe('exchange.key-not-valid');
    expect(codeOf(take(good.text, { tlsNode: cordia.id }))).toBe('exchange.key-not-valid');
  });

  test('a key that nobody announced, a node and an authority that nobody knows', async () => {
    const stranger = makeNode('XD');
    expect(codeOf(take((await wrap(message.jws, { fromNode: stranger.id }, stranger)).text))).toBe(
      'exchange.unknown-node',
    );
    const unknown = await buildMessage(stranger.signer, stranger.authorityKey.kid, {
      ...fields,
      from: stranger.authority,
    });
    expect(codeOf(take((await wrap(unknown.jws)).text))).toBe('exchange.unknown-authority');
    const lost = makeKey();
    const lostMessage = await buildMessage(signerOf(lost), lost.kid, fields);
    expect(codeOf(take((await wrap(lostMessage.jws)).text))).toBe('exchange.key-not-valid');
  });

  test('the key of a node does not sign for its authority, nor the other way round', async () => {
    const byNode = await buildMessage(alba.signer, alba.nodeKey.kid, fields);
    expect(codeOf(take((await wrap(byNode.jws)).text))).toBe('exchange.key-not-valid');
    const byAuthority = await buildTransport(alba.signer, alba.authorityKey.kid, {
      ...(good.value as object as Parameters<typeof buildTransport>[2]),
      inline,
    });
    expect(codeOf(take(byAuthority.text))).toBe('exchange.key-not-valid');
  });
});

describe('M5: a key counts from its first millisecond to the one before its last', () => {
  const at = (text: string) => instant(`2026-05-14T${text}Z`);
  const cases: [string, Partial<typeof alba.authorityKey>, Instant, string][] = [
    ['begins at the moment of signing', { validFrom: signedAt }, now, 'taken'],
    ['begins one millisecond later', { validFrom: at('12:00:00.251') }, now, 'exchange.key-not-valid'],
    ['ends one millisecond after now', { validUntil: at('12:00:03.001') }, now, 'taken'],
    ['ends now', { validUntil: now }, now, 'exchange.key-not-valid'],
    ['ends at the moment of signing', { validUntil: signedAt }, now, 'exchange.key-not-valid'],
    ['revoked one millisecond after now', { revokedSince: at('12:00:03.001') }, now, 'taken'],
    ['revoked now', { revokedSince: now }, now, 'exchange.key-not-valid'],
    ['revoked between signing and now', { revokedSince: at('12:00:01.000') }, now, 'exchange.key-not-valid'],
    ['revoked before', { revokedSince: at('11:00:00.000') }, now, 'exchange.key-not-valid'],
  ];
  test.each(cases)('authority key: %s', (_what, change, moment, expected) => {
    const changed = trustOf([{ ...alba, authorityKey: { ...alba.authorityKey, ...change } }, borea]);
    expect(codeOf(take(good.text, { trust: changed, now: moment }))).toBe(expected);
  });
  test.each(cases)('node key: %s', (_what, change, moment, expected) => {
    const changed = trustOf([{ ...alba, nodeKey: { ...alba.nodeKey, ...change } }, borea]);
    expect(codeOf(take(good.text, { trust: changed, now: moment }))).toBe(expected);
  });

  test('a message received long ago is verified as of its signing', () => {
    const ended = { ...alba.authorityKey, validUntil: at('12:00:02.000'), revokedSince: at('12:00:02.500') };
    const later = trustOf([{ ...alba, authorityKey: ended }, borea]);
    expect(verifyMessage(message.jws, later, null).ok).toBe(true);
    expect(codeOf(verifyMessage(message.jws, later, now))).toBe('exchange.key-not-valid');
  });
});

describe('M6: a signed object of one kind never passes as another', () => {
  test('each type in each other place', async () => {
    const payload = Buffer.from(message.jws.payload, 'base64url').toString();
    for (const thing of ['transport', 'receipt', 'refusal', 'event', 'descriptor', 'reconcile'] as const) {
      expect(codeOf(verifyMessage(await signRaw(payload, thing, alba.authorityKey), trust, now))).toBe(
        'exchange.algorithm',
      );
    }
    const outer = Buffer.from(good.jws.payload, 'base64url').toString();
    for (const thing of ['message', 'receipt', 'refusal', 'event'] as const)
      expect(codeOf(take(flatJwsText(await signRaw(outer, thing))))).toBe('exchange.algorithm');
    expect(codeOf(verifyReceipt(good.text, sent, trust, now))).toBe('exchange.algorithm');
    expect(codeOf(verifyEvent(message.jws, trust, now))).toBe('exchange.algorithm');
  });

  test('a second signature and an unprotected header are outside the protocol', () => {
    const { signature, payload, protected: head } = good.jws;
    const two = {
      payload,
      signatures: [
        { protected: head, signature },
        { protected: head, signature },
      ],
    };
    expect(codeOf(take(JSON.stringify(two)))).toBe('exchange.algorithm');
    expect(codeOf(take(JSON.stringify({ ...good.jws, header: { alg: 'none' } })))).toBe('exchange.algorithm');
    expect(codeOf(take(JSON.stringify(good.jws, null, 1)))).toBe('exchange.not-canonical');
    expect(codeOf(take('<html>'))).toBe('exchange.not-canonical');
    expect(codeOf(take(''))).toBe('exchange.not-canonical');
  });

  test('a header dated otherwise than its object is outside the protocol', async () => {
    const payload = Buffer.from(good.jws.payload, 'base64url').toString();
    const other = await signRaw(payload, 'transport', alba.nodeKey, instant('2026-05-14T12:00:01.000Z'));
    expect(codeOf(take(flatJwsText(other)))).toBe('exchange.algorithm');
  });

  test('a certificate that is not of the key in the directory is outside the protocol', async () => {
    const built = await buildMessage(alba.signer, alba.authorityKey.kid, fields, [Buffer.from('no certificate')]);
    expect(codeOf(take((await wrap(built.jws)).text))).toBe('exchange.algorithm');
  });
});

describe('M9: exactly the canonical bytes are signed', () => {
  const spelled = async (change: (text: string) => string) => {
    const text = change(Buffer.from(message.jws.payload, 'base64url').toString());
    const jws = await signRaw(text, 'message', alba.authorityKey);
    return codeOf(take((await wrap(jws)).text));
  };
  test('another spelling of the same message is refused, though its signature holds', async () => {
    expect(await spelled((text) => text)).toBe('taken');
    for (const change of [
      (text: string) => `${text} `,
      (text: string) => `\ufeff${text}`,
      (text: string) => text.replace('"id"', '"i\\u0064"'),
      (text: string) => text.replace('"sequence":1,', '"sequence":1.0,'),
      (text: string) => text.replace('"sequence":1,', '"sequence":1e0,'),
      (text: string) => text.replace('"sequence":1,', '"sequence":2,"sequence":1,'),
      (text: string) => text.replace('"mode":"basic",', '').replace('{', '{"mode":"basic",'),
      (text: string) => text.replace('"tlp":"AMBER"', '"tlp":"AM\\u0042ER"'),
      (text: string) => text.replace('{', `{"a":${'['.repeat(20)}${']'.repeat(20)},`),
      (text: string) => text.replace('{', '{"\u00e9":1,'),
      (text: string) => text.replace('{', '{"a":"\\ud800",'),
      (text: string) => text.replace('{', '{"a":9007199254740993,'),
      (text: string) => text.slice(0, -1),
    ]) {
      expect(await spelled(change)).toBe('exchange.not-canonical');
    }
  });

  test('what is canonical has one spelling: no other text that reads the same is taken', () => {
    const value = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.maxSafeInteger(),
        fc.string({ unit: 'binary' }).filter((text) => !/\p{Surrogate}/u.test(text)),
        fc.array(tie('json'), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), tie('json'), { maxKeys: 4 }),
      ),
    })).json;
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), value, { maxKeys: 5 }),
        fc.nat(),
        (object, space) => {
          const text = canonical(object);
          const bytes = Buffer.from(text, 'utf8');
          expect(isCanonical(bytes, peek(bytes))).toBe(true);
          const loose = JSON.stringify(object, null, (space % 3) + 1);
          if (loose !== text) expect(isCanonical(Buffer.from(loose), peek(Buffer.from(loose)))).toBe(false);
          const reversed = JSON.stringify(Object.fromEntries(Object.entries(object).reverse()));
          if (reversed !== text) expect(isCanonical(Buffer.from(reversed), peek(Buffer.from(reversed)))).toBe(false);
        },
      ),
    );
  });

  test('bytes that are no UTF-8 are refused', async () => {
    const payload = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    expect(peek(payload)).toBeUndefined();
    expect(peek(Buffer.from([0xff, 0xfe, 0x7b, 0x00]))).toBeUndefined();
  });
});

describe('what a message says must fit together', () => {
  test.each([
    ['expires in less than an hour', { expiresAt: instant('2026-05-14T12:59:59.999Z') }],
    ['expires after more than 365 days', { expiresAt: instant('2027-05-14T12:00:00.251Z') }],
    ['a first message with something before it', { previous: 'b'.repeat(64) as Sha256 }],
    ['a second message with nothing before it', { sequence: 2 }],
    ['a request without legal basis', { legalBasis: null }],
    ['parts out of their order', { parts: [...fields.parts].reverse() }],
    ['to itself', { to: alba.authority }],
  ] as [string, Partial<MessageFields>][])('%s is refused and is not built', async (_what, change) => {
    await expect(messageOf(change)).rejects.toThrow();
    const payload = canonical({ ...message.value, ...change });
    const jws = await signRaw(payload, 'message', alba.authorityKey);
    expect(codeOf(verifyMessage(jws, trust, now))).toBe('exchange.schema');
  });

  test('N16: members that this version does not know are kept, another major version is refused by name', async () => {
    const more = { ...message.value, colour: 'blue', later: { a: [1] } };
    const jws = await signRaw(canonical(more), 'message', alba.authorityKey);
    const taken = take((await wrap(jws)).text);
    expect(taken.ok && taken.value.message.value).toEqual(more);
    const newer = await signRaw(canonical({ ...message.value, version: 2 }), 'message', alba.authorityKey);
    expect(codeOf(take((await wrap(newer)).text))).toBe('exchange.version');
    const unknownKind = await messageOf({ subjectKind: 'weather-report/7', legalBasis: null });
    expect(codeOf(take((await wrap(unknownKind.jws)).text))).toBe('taken');
  });

  test('a body over the limit is refused before it is read', () => {
    expect(codeOf(take('x'.repeat(1_048_577)))).toBe('exchange.too-large');
  });
});

describe('answers', () => {
  const receiptFields = () => ({
    messageId,
    messageSha256: message.payloadSha256,
    transportSha256: good.textSha256,
    receivedAt: now,
    receiver: borea.id,
    order: 'applied' as const,
    log: { origin: 'comity/XB/exchange/1', index: 7, leafHash: 'c'.repeat(64) as Sha256 },
    durability: 'flushed' as const,
    checkpoint: null,
    consistency: null,
    cosignature: null,
  });
  const receiptOf = (change: object = {}, from = borea) =>
    buildReceipt(from.signer, from.nodeKey.kid, { ...receiptFields(), ...change });

  test('M10: a receipt counts for exactly what was sent, and from the node it was sent to', async () => {
    expect(verifyReceipt((await receiptOf()).text, sent, trust, now).ok).toBe(true);
    const other = 'd'.repeat(64) as Sha256;
    for (const change of [
      { messageSha256: other },
      { transportSha256: other },
      { messageId: id() },
      { receiver: cordia.id },
      { order: 'held' },
      { expects: 3 },
    ]) {
      expect(verifyReceipt((await receiptOf(change)).text, sent, trust, now).ok).toBe(false);
    }
    expect(codeOf(verifyReceipt((await receiptOf({}, cordia)).text, sent, trust, now))).toBe('exchange.key-not-valid');
    expect(codeOf(verifyReceipt((await receiptOf()).text, { ...sent, toNode: cordia.id }, trust, now))).toBe(
      'exchange.key-not-valid',
    );
    for (const garbage of ['', '{}', '<html></html>', 'null', good.text, '[]'])
      expect(verifyReceipt(garbage, sent, trust, now).ok).toBe(false);
  });

  test('M3: a receipt with any one byte changed is refused', async () => {
    for (const signer of [borea, { ...borea, ...makeNode('XB') }]) {
      const mine = trustOf([alba, signer]);
      const bytes = Buffer.from((await receiptOf({}, signer)).text);
      expect(verifyReceipt(bytes, sent, mine, now).ok).toBe(true);
      for (let place = 0; place < bytes.length; place += 1) {
        const changed = Buffer.from(bytes);
        changed[place]! ^= 1 << (place % 7);
        expect(verifyReceipt(changed, sent, mine, now).ok).toBe(false);
      }
    }
  });

  test('a refusal says in words and in time what its code means, and repeats nothing', async () => {
    for (const code of Object.keys(refusalCodes) as RefusalCode[]) {
      const built = await buildRefusal(borea.signer, borea.nodeKey.kid, {
        code,
        messageId,
        messageSha256: message.payloadSha256,
        transportSha256: good.textSha256,
        receiver: borea.id,
        at: now,
        log: null,
      });
      expect(verifyRefusal(built.text, sent, trust, now).ok).toBe(true);
      expect(built.value.retry === 'never').toBe(refusalCodes[code].final);
      expect(built.value.retry === 'after').toBe(built.value.after !== undefined);
      expect(built.value.detail).not.toContain(messageId);
      expect(verifyRefusal(built.text, { ...sent, transportSha256: 'e'.repeat(64) }, trust, now).ok).toBe(false);
      expect(verifyRefusal(built.text, { ...sent, toNode: cordia.id }, trust, now).ok).toBe(false);
    }
  });

  test('a refusal by a node whose clock is years behind is still read as its refusal', async () => {
    const built = await buildRefusal(borea.signer, borea.nodeKey.kid, {
      code: 'exchange.clock-skew',
      messageId,
      messageSha256: message.payloadSha256,
      transportSha256: good.textSha256,
      receiver: borea.id,
      at: instant('2016-05-14T12:00:00.000Z'),
      log: null,
    });
    const read = verifyRefusal(built.text, sent, trust, now);
    expect(read.ok && read.value.value).toMatchObject({ at: '2016-05-14T12:00:00.000Z', retry: 'after', after: 300 });
  });

  test('an event is taken from the node or the authority that states it and from nobody else', async () => {
    const event = {
      eventId: id(),
      type: 'ContentHandover' as const,
      messageId,
      messageSha256: message.payloadSha256,
      at: now,
      by: { node: borea.id, authority: borea.authority },
      previousEvent: null,
    };
    const byNode = await buildEvent(borea.signer, borea.nodeKey.kid, event);
    const byAuthority = await buildEvent(borea.signer, borea.authorityKey.kid, event);
    expect(verifyEvent(byNode.jws, trust, now).ok).toBe(true);
    expect(verifyEvent(byAuthority.jws, trust, now).ok).toBe(true);
    const nodeOnly = await buildEvent(borea.signer, borea.authorityKey.kid, { ...event, by: { node: borea.id } });
    expect(codeOf(verifyEvent(nodeOnly.jws, trust, now))).toBe('exchange.key-not-valid');
    const lent = await buildEvent(cordia.signer, cordia.nodeKey.kid, event);
    expect(codeOf(verifyEvent(lent.jws, trust, now))).toBe('exchange.key-not-valid');
    const claimed = await buildEvent(cordia.signer, cordia.nodeKey.kid, {
      ...event,
      by: { node: cordia.id, authority: borea.authority },
    });
    expect(codeOf(verifyEvent(claimed.jws, trust, now))).toBe('exchange.unknown-authority');
  });
});
