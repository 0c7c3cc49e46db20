import { canonical, instant, sha256, type Sha256 } from '../../src/platform/values/index.ts';
import { flatJwsText, sealBytes, signJws, type FlatJws } from '../../src/platform/crypto/index.ts';
import {
  buildDescriptor,
  buildEvent,
  buildManifest,
  buildMessage,
  buildReceipt,
  buildRefusal,
  buildTransport,
  fillBytes,
  type MessageFields,
} from '../../src/modules/exchange/envelope.ts';
import { sign } from '../../src/modules/exchange/envelope-read.ts';
import { ReconcileAnswer, ReconcileQuestion } from '../../src/modules/exchange/rules/reconcile.ts';
import { jwsTypes, MessageId, type RefusalCode, type SignedThing } from '../../src/modules/exchange/schema.ts';
import { plainDate } from '../../src/platform/values/index.ts';
import { listed, sealingKey, seededRandom, vectorKey, vectorSigner, type Known, type VectorKey } from './keys.ts';

export interface Vector {
  kind: string;
  /** File name without its end; valid when `expect.result` is `valid`. */
  name: string;
  title: string;
  source: string;
  input: Record<string, unknown>;
  /** Moment at which the reader looks. */
  at: string;
  keys: Known;
  expect: { result: 'valid'; [fact: string]: unknown } | { result: 'refused'; code: string };
}

export const alba = {
  node: 'xa',
  authority: 'XA:central-authority',
  nodeKey: vectorKey('alba node', 'ES256'),
  authorityKey: vectorKey('alba authority', 'ES256'),
  sealing: sealingKey('alba sealing'),
};
export const borea = {
  node: 'xb',
  authority: 'XB:central-authority',
  nodeKey: vectorKey('borea node', 'EdDSA'),
  authorityKey: vectorKey('borea authority', 'EdDSA'),
  sealing: sealingKey('borea sealing'),
};
export const stranger = vectorKey('stranger', 'ES256');
export const logKey = vectorKey('alba log', 'EdDSA');
export const witnessKey = vectorKey('borea log', 'EdDSA');
const signer = vectorSigner(alba.nodeKey, alba.authorityKey, borea.nodeKey, borea.authorityKey, stranger);

export const known: Known = {
  nodes: [
    { node: alba.node, authority: alba.authority },
    { node: borea.node, authority: borea.authority },
  ],
  keys: [
    listed(alba.nodeKey, alba.node, 'node-sign'),
    listed(alba.authorityKey, alba.authority, 'authority-sign'),
    listed(borea.nodeKey, borea.node, 'node-sign'),
    listed(borea.authorityKey, borea.authority, 'authority-sign'),
  ],
};

export const signedAt = instant('2026-05-14T12:00:00.250Z');
export const now = instant('2026-05-14T12:00:03.000Z');
const id = MessageId.parse('019e2651-4f00-7000-8000-000000000001');
const eventId = '019e2651-4f00-7000-8000-0000000000ee';

const body = Buffer.from(canonical({ kind: 'note', version: 1, text: 'Accounts of a company' }));
export const manifestFields = {
  messageId: id,
  conversationId: 'Q29taXR5IHZlY3RvcnMuLg',
  from: alba.authority,
  to: borea.authority,
  subject: 'Bank records',
  nationalReferences: ['XA-2026-05-0172-D'],
  parts: [
    {
      name: 'part-001',
      fileName: 'body.json',
      mediaType: 'application/json',
      plainLength: body.length,
      plainSha256: sha256(body),
      custodyRef: null,
    },
  ],
};
const recipients = [borea.sealing.recipient, alba.sealing.recipient];
export const sealed = [buildManifest(manifestFields), fillBytes(body)].map((plain, index) =>
  sealBytes(plain, recipients, seededRandom(`part ${index}`)),
);
export const messageFields: MessageFields = {
  id,
  subjectKind: 'request/1',
  from: alba.authority,
  to: borea.authority,
  conversationId: manifestFields.conversationId,
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

type Change = (payload: Record<string, unknown>) => unknown;
interface Case {
  name: string;
  title: string;
  source: string;
  code: RefusalCode;
  jws?: (good: FlatJws, resign: (text: string, header?: Record<string, unknown>) => Promise<FlatJws>) => Promise<FlatJws | object> | FlatJws | object;
  change?: Change;
  text?: (text: string) => string;
  known?: Known;
}

/** Signs any text, with any header. */
async function signRaw(thing: SignedThing, key: VectorKey, text: string, header?: Record<string, unknown>): Promise<FlatJws> {
  if (!header) return signJws(vectorSigner(key), key.kid, { typ: jwsTypes[thing], at: momentOf(text) }, text);
  const head = Buffer.from(canonical(header)).toString('base64url');
  const payload = Buffer.from(text).toString('base64url');
  const signature = Buffer.from(key.signBytes(Buffer.from(`${head}.${payload}`))).toString('base64url');
  return { payload, protected: head, signature };
}

function momentOf(text: string) {
  const found = /"(?:signedAt|sentAt|receivedAt|at)":"([^"]+)"/.exec(text.replace(/"message":\{[^}]*\},/, ''));
  return instant(found?.[1] ?? signedAt);
}

const withKey = (kid: string, change: object): Known => ({
  ...known,
  keys: known.keys.map((key) => (key.kid === kid ? { ...key, ...change } : key)),
});
const headerOf = (jws: FlatJws) => JSON.parse(Buffer.from(jws.protected, 'base64url').toString()) as Record<string, unknown>;
const payloadOf = (jws: FlatJws) => Buffer.from(jws.payload, 'base64url').toString();

/** What every signed object must be refused for, whatever it is. */
function commonCases(thing: SignedThing, key: VectorKey, moment: string): Case[] {
  const withHeader =
    (change: (header: Record<string, unknown>) => Record<string, unknown>): Case['jws'] =>
    (good, resign) =>
      resign(payloadOf(good), change(headerOf(good)));
  const section = 'protocol section 3';
  const otherType = thing === 'receipt' ? jwsTypes.message : jwsTypes.receipt;
  return [
    { name: 'alg-none', title: 'A header that names no algorithm', source: section, code: 'exchange.algorithm', jws: withHeader((h) => ({ ...h, alg: 'none' })) },
    { name: 'alg-other', title: 'A header that names an algorithm outside the protocol', source: section, code: 'exchange.algorithm', jws: withHeader((h) => ({ ...h, alg: 'ES384' })) },
    { name: 'typ-other', title: 'The type of another object', source: section, code: 'exchange.algorithm', jws: withHeader((h) => ({ ...h, typ: otherType })) },
    { name: 'key-in-header', title: 'A key inside the header', source: section, code: 'exchange.algorithm', jws: withHeader((h) => ({ ...h, jwk: key.publicKey })) },
    { name: 'crit-unknown', title: 'A member that must be understood and is not', source: section, code: 'exchange.algorithm', jws: withHeader((h) => ({ ...h, crit: ['exp'] })) },
    { name: 'iat-other', title: 'A header dated otherwise than its object', source: section, code: 'exchange.algorithm', jws: withHeader((h) => ({ ...h, iat: Number(h['iat']) + 1 })) },
    { name: 'kid-unknown', title: 'A key that nobody announced', source: 'protocol section 10', code: 'exchange.key-not-valid', jws: async (good) => signRaw(thing, stranger, payloadOf(good)) },
    { name: 'signature-changed', title: 'One bit of the signature changed', source: section, code: 'exchange.signature', jws: (good) => {
      const bytes = Buffer.from(good.signature, 'base64url');
      bytes[10] = (bytes[10] ?? 0) ^ 1;
      return { ...good, signature: bytes.toString('base64url') };
    } },
    { name: 'signature-of-another-key', title: 'The announced key is named, another signed', source: section, code: 'exchange.signature', jws: (good) => {
      const forger = vectorKey(`forger of ${key.kid}`, key.algorithm);
      const signature = Buffer.from(forger.signBytes(Buffer.from(`${good.protected}.${good.payload}`))).toString('base64url');
      return { ...good, signature };
    } },
    { name: 'respelled', title: 'Another spelling of the same JSON, rightly signed', source: 'RFC 8785', code: 'exchange.not-canonical', jws: (good, resign) => resign(`${payloadOf(good)} `) },
    { name: 'key-twice', title: 'A member twice, rightly signed', source: 'RFC 8785; RFC 7493', code: 'exchange.not-canonical', jws: (good, resign) => resign(payloadOf(good).replace('"kind":', '"kind":"other","kind":')) },
    { name: 'version-unknown', title: 'A major version that is not read', source: 'protocol section 2', code: 'exchange.version', change: (p) => ({ ...p, version: 2 }) },
    { name: 'kind-other', title: 'An object of another kind in this place', source: 'protocol section 3', code: 'exchange.schema', change: (p) => ({ ...p, kind: 'exchange.other' }) },
    { name: 'key-revoked', title: 'A key withdrawn before the reader looks', source: 'protocol section 10', code: 'exchange.key-not-valid', known: withKey(key.kid, { revokedSince: now }) },
    { name: 'key-not-yet', title: 'A key that counts from a later moment on', source: 'protocol section 10', code: 'exchange.key-not-valid', known: withKey(key.kid, { validFrom: instant('2026-05-14T12:00:03.001Z') }) },
    { name: 'key-ended', title: 'A key whose time ended at this moment', source: 'protocol section 10', code: 'exchange.key-not-valid', known: withKey(key.kid, { validUntil: instant(moment) }) },
  ];
}

interface Kind {
  thing: SignedThing;
  key: VectorKey;
  good: FlatJws;
  input: (text: string) => Record<string, unknown>;
  /** In places where the text itself travels, its spelling is looked at too. */
  isText: boolean;
  facts: Record<string, unknown>;
  extra: Case[];
  /** Before the names, where a kind has several objects. */
  prefix?: string;
}

async function writeKind({ thing, key, good, input, isText, facts, extra, prefix = '' }: Kind): Promise<Vector[]> {
  const base = { kind: thing, at: now as string };
  const resign = (text: string, header?: Record<string, unknown>) => signRaw(thing, key, text, header);
  const vectors: Vector[] = [
    { ...base, name: 'plain', title: `A ${thing} as it should be`, source: 'protocol section 3', input: input(flatJwsText(good)), keys: known, expect: { result: 'valid', ...facts } },
  ];
  const more = canonical({ ...(JSON.parse(payloadOf(good)) as object), laterMember: ['kept'] });
  const wider = await resign(more);
  vectors.push({ ...base, name: 'unknown-member', title: 'A member that this version does not know is kept', source: 'protocol section 2', input: input(flatJwsText(wider)), keys: known, expect: { result: 'valid' } });
  const textCases: Case[] = isText
    ? [
        { name: 'text-respelled', title: 'The JWS in another spelling', source: 'protocol section 3', code: 'exchange.not-canonical', text: (text) => text.replace(',', ', ') },
        { name: 'unprotected-header', title: 'A header that nobody signed', source: 'protocol section 3', code: 'exchange.algorithm', text: (text) => text.replace('{', '{"header":{"alg":"none"},') },
        { name: 'no-json', title: 'Something else than a signed object', source: 'protocol section 3', code: 'exchange.not-canonical', text: () => '<html>It works!</html>' },
      ]
    : [{ name: 'unprotected-header', title: 'A header that nobody signed', source: 'protocol section 3', code: 'exchange.algorithm', jws: (jws) => ({ ...jws, header: { alg: 'none' } }) }];
  for (const one of [...commonCases(thing, key, now), ...textCases, ...extra]) {
    let jws: object = good;
    if (one.change) jws = await resign(canonical(one.change(JSON.parse(payloadOf(good)) as Record<string, unknown>)));
    if (one.jws) jws = await one.jws(good, resign);
    const text = 'header' in jws ? JSON.stringify(jws) : flatJwsText(jws as FlatJws);
    const { name, title, source, code } = one;
    vectors.push({
      ...base,
      name,
      title,
      source,
      input: input(one.text ? one.text(text) : text),
      keys: one.known ?? known,
      expect: { result: 'refused', code },
    });
  }
  return vectors.map((vector) => ({ ...vector, name: `${prefix}${vector.name}` }));
}

const s = (name: string, title: string, code: RefusalCode, change: Change, source = 'protocol section 3'): Case => ({ name, title, source, code, change });

/** Vectors of everything that is signed as flattened JWS. */
export async function signedVectors(): Promise<Vector[]> {
  const message = await buildMessage(signer, alba.authorityKey.kid, messageFields);
  const inline = new Map(sealed.map(({ bytes }, index) => [`part-00${index}`, bytes]));
  const transportFields = { fromNode: alba.node, toNode: borea.node, sentAt: signedAt, checkpoint: null, consistency: null, cosignature: null };
  const transport = await buildTransport(signer, alba.nodeKey.kid, { ...transportFields, message: message.jws, inline });
  const sent = { messageId: id, messageSha256: message.payloadSha256, transportSha256: transport.textSha256, toNode: borea.node };
  const leaf = sha256('leaf');
  const receipt = await buildReceipt(signer, borea.nodeKey.kid, {
    messageId: id,
    messageSha256: message.payloadSha256,
    transportSha256: transport.textSha256,
    receivedAt: instant('2026-05-14T12:00:02.000Z'),
    receiver: borea.node,
    order: 'applied',
    log: { origin: 'comity/XB/exchange/1', index: 7, leafHash: leaf },
    durability: 'flushed',
    checkpoint: null,
    consistency: null,
    cosignature: null,
  });
  const refusal = await buildRefusal(signer, borea.nodeKey.kid, {
    code: 'exchange.expired',
    messageId: id,
    messageSha256: message.payloadSha256,
    transportSha256: transport.textSha256,
    receiver: borea.node,
    at: instant('2026-05-14T12:00:02.000Z'),
    log: null,
  });
  const event = await buildEvent(signer, borea.authorityKey.kid, {
    eventId,
    type: 'ContentHandover',
    messageId: id,
    messageSha256: message.payloadSha256,
    at: instant('2026-05-14T12:00:02.000Z'),
    by: { node: borea.node, authority: borea.authority },
    previousEvent: null,
  });
  const descriptor = await buildDescriptor(signer, alba.nodeKey.kid, {
    node: alba.node,
    state: null,
    endpoints: ['https://xa.example:8443'],
    keys: [alba.nodeKey.kid],
    feedHeads: { nodes: 1 },
    protocols: ['exchange/1'],
    suites: ['age-x25519/1'],
    kinds: ['request/1'],
    limits: { body: 1_048_576, blob: 107_374_182_400, rate: 50 },
    logOrigin: 'comity/XA/exchange/1',
    software: { name: 'comity', version: '0.1.0' },
    at: signedAt,
  });
  const along = { checkpoint: null, consistency: null, cosignature: null };
  const question = await sign(
    ReconcileQuestion, 'reconcile', signer, alba.nodeKey.kid,
    {
      fromNode: alba.node, toNode: borea.node, at: signedAt, nonce: 'Q29taXR5IHZlY3RvcnMuLg', ...along,
      ask: { what: 'summary', from: plainDate('2026-05-01'), until: null },
    },
    signedAt,
  );
  const answeredAt = instant('2026-05-14T12:00:02.000Z');
  const answer = await sign(
    ReconcileAnswer, 'reconcile', signer, borea.nodeKey.kid,
    {
      questionSha256: question.textSha256, fromNode: borea.node, toNode: alba.node, at: answeredAt, ...along,
      state: 'normal', seen: [], conflicts: [],
      answer: {
        what: 'summary', sent: [], next: null,
        received: [{ day: plainDate('2026-05-14'), count: 1, first: id, last: id, root: leaf }],
      },
    },
    answeredAt,
  );
  const other = sha256('another') as Sha256;
  const jwsOf = (text: string) => ({ jws: JSON.parse(text) as object });
  const sets = [
    await writeKind({
      thing: 'message', key: alba.authorityKey, good: message.jws, input: jwsOf, isText: false,
      facts: { messageSha256: message.payloadSha256 },
      extra: [
        s('expires-too-soon', 'An expiry less than an hour after signing', 'exchange.schema', (p) => ({ ...p, expiresAt: '2026-05-14T12:59:59.999Z' })),
        s('expires-too-late', 'An expiry more than 365 days after signing', 'exchange.schema', (p) => ({ ...p, expiresAt: '2027-05-14T12:00:00.251Z' })),
        s('first-with-previous', 'A first message that names one before it', 'exchange.schema', (p) => ({ ...p, previous: other })),
        s('second-without-previous', 'A second message that names none before it', 'exchange.schema', (p) => ({ ...p, sequence: 2 })),
        s('request-without-basis', 'A request without legal basis', 'exchange.schema', (p) => ({ ...p, legalBasis: null })),
        s('no-parts', 'No part at all', 'exchange.schema', (p) => ({ ...p, parts: [] })),
        s('id-not-v7', 'An id of another version of UUID', 'exchange.schema', (p) => ({ ...p, id: '019e2651-4f00-4000-8000-000000000001' })),
        s('unknown-authority', 'An authority that the directory does not know', 'exchange.unknown-authority', (p) => ({ ...p, from: 'XD:central-authority' })),
      ],
    }),
    await writeKind({
      thing: 'transport', key: alba.nodeKey, good: transport.jws, isText: true,
      input: (text) => ({ body: text, ownNode: borea.node, tlsNode: alba.node }),
      facts: { transportSha256: transport.textSha256, messageSha256: message.payloadSha256 },
      extra: [
        s('to-another-node', 'Addressed to another node', 'exchange.wrong-recipient', (p) => ({ ...p, toNode: 'xc' })),
        s('from-another-node', 'In the name of a node that nobody knows', 'exchange.unknown-node', (p) => ({ ...p, fromNode: 'xd' })),
        s('inline-not-base64url', 'A part that is not base64url', 'exchange.schema', (p) => ({ ...p, inline: { 'part-000': '%%%' } })),
      ],
    }),
    await writeKind({
      thing: 'receipt', key: borea.nodeKey, good: receipt.jws, isText: true, input: (text) => ({ body: text, sent }), facts: {},
      extra: [
        s('other-message', 'A receipt for another message', 'exchange.wrong-recipient', (p) => ({ ...p, messageSha256: other }), 'protocol section 6'),
        s('other-transport', 'A receipt for other bytes', 'exchange.wrong-recipient', (p) => ({ ...p, transportSha256: other }), 'protocol section 6'),
        s('other-receiver', 'A receipt in the name of another node', 'exchange.wrong-recipient', (p) => ({ ...p, receiver: alba.node }), 'protocol section 6'),
        s('held-without-expects', 'Held, without saying what is missing', 'exchange.schema', (p) => ({ ...p, order: 'held' }), 'protocol section 6'),
      ],
    }),
    await writeKind({
      thing: 'refusal', key: borea.nodeKey, good: refusal.jws, isText: true, input: (text) => ({ body: text, sent }), facts: { code: 'exchange.expired' },
      extra: [
        s('other-transport', 'A refusal of other bytes', 'exchange.wrong-recipient', (p) => ({ ...p, transportSha256: other }), 'protocol section 7'),
        s('unknown-code', 'A code that is not of this protocol', 'exchange.schema', (p) => ({ ...p, code: 'exchange.no' }), 'protocol section 7'),
        s('final-and-again', 'A final code that asks to try again', 'exchange.schema', (p) => ({ ...p, retry: 'now' }), 'protocol section 7'),
      ],
    }),
    await writeKind({
      thing: 'event', key: borea.authorityKey, good: event.jws, isText: false, input: jwsOf, facts: { type: 'ContentHandover' },
      extra: [
        s('unknown-type', 'An event that is not of the 22', 'exchange.schema', (p) => ({ ...p, type: 'ContentBurned' }), 'ETSI EN 319 522-3'),
        s('authority-of-another', 'An authority that another node serves', 'exchange.unknown-authority', (p) => ({ ...p, by: { node: borea.node, authority: alba.authority } }), 'protocol section 8'),
        s('node-alone', 'The key of an authority for a word of the node', 'exchange.key-not-valid', (p) => ({ ...p, by: { node: borea.node } }), 'protocol section 8'),
      ],
    }),
    await writeKind({
      thing: 'descriptor', key: alba.nodeKey, good: descriptor.jws, isText: true, input: (text) => ({ body: text, node: alba.node }), facts: {},
      extra: [
        s('other-node', 'A descriptor of another node', 'exchange.wrong-recipient', (p) => ({ ...p, node: borea.node }), 'protocol section 10'),
        s('no-protocol', 'A node that offers no protocol', 'exchange.schema', (p) => ({ ...p, protocols: [] }), 'protocol section 10'),
      ],
    }),
    await writeKind({
      thing: 'reconcile', prefix: 'question-', key: alba.nodeKey, good: question.jws, isText: true,
      input: (text) => ({ body: text, peer: alba.node, ownNode: borea.node }), facts: { what: 'summary' },
      extra: [
        s('to-another-node', 'A question to another node', 'exchange.wrong-recipient', (p) => ({ ...p, toNode: 'xc' }), 'protocol section 9'),
        s('from-another-node', 'A question in the name of another node', 'exchange.wrong-recipient', (p) => ({ ...p, fromNode: 'xc' }), 'protocol section 9'),
        s('of-another-hour', 'A question of an hour before', 'exchange.clock-skew', (p) => ({ ...p, at: '2026-05-14T11:00:00.250Z' }), 'protocol section 9'),
        s('asks-nothing-known', 'A question of a kind that is not known', 'exchange.schema', (p) => ({ ...p, ask: { what: 'everything' } }), 'protocol section 9'),
        s('no-ranges', 'A question about no range', 'exchange.schema', (p) => ({ ...p, ask: { what: 'ranges', ranges: [] } }), 'protocol section 9'),
        s('log-of-nothing', 'A question about the log, of no message', 'exchange.schema', (p) => ({ ...p, ask: { what: 'log', messageIds: [] } }), 'protocol section 9'),
        s('log-of-no-id', 'A question about the log, of what is no id', 'exchange.schema', (p) => ({ ...p, ask: { what: 'log', messageIds: ['1'] } }), 'protocol section 9'),
        s('short-nonce', 'A nonce of fewer than 128 bits', 'exchange.schema', (p) => ({ ...p, nonce: 'AAAA' }), 'protocol section 9'),
      ],
    }),
    await writeKind({
      thing: 'reconcile', prefix: 'answer-', key: borea.nodeKey, good: answer.jws, isText: true,
      input: (text) => ({ body: text, peer: borea.node, ownNode: alba.node, asked: { questionSha256: question.textSha256, what: 'summary' } }),
      facts: { what: 'summary' },
      extra: [
        s('to-another-question', 'An answer to another question', 'exchange.wrong-recipient', (p) => ({ ...p, questionSha256: other }), 'protocol section 9'),
        s('to-another-node', 'An answer to another node', 'exchange.wrong-recipient', (p) => ({ ...p, toNode: 'xc' }), 'protocol section 9'),
        s('log-not-asked', 'An answer about the log to a question about days', 'exchange.schema', (p) => ({ ...p, answer: { what: 'log', checkpoint: null, messages: [] } }), 'protocol section 9'),
        s('of-another-kind', 'An answer to what was not asked', 'exchange.schema', (p) => ({ ...p, answer: { what: 'message', message: null } }), 'protocol section 9'),
        s('negative-count', 'A day with fewer than no messages', 'exchange.schema', (p) => {
          const { received } = p['answer'] as { received: object[] };
          return { ...p, answer: { ...(p['answer'] as object), received: received.map((day) => ({ ...day, count: -1 })) } };
        }, 'protocol section 9'),
      ],
    }),
  ];
  return sets.flat();
}
