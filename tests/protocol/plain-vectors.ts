import { createHash } from 'node:crypto';
import { canonical, hashOf, instant } from '../../src/platform/values/index.ts';
import {
  blockHasher,
  blockPath,
  checkpointText,
  readAgeHeader,
  sealBytes,
  SignedRecord,
  signNote,
} from '../../src/platform/crypto/index.ts';
import { buildManifest } from '../../src/modules/exchange/envelope.ts';
import { leafData, rootOf } from '../../src/modules/audit/index.ts';
import { listed, sealingKey, seeded, seededRandom, vectorKey, vectorSigner, type Known } from './keys.ts';
import { alba, borea, logKey, manifestFields, messageFields, now, sealed, stranger, type Vector } from './signed-vectors.ts';

const nobody: Known = { nodes: [], keys: [] };
type Made = [name: string, title: string, code: string | null, input: Record<string, unknown>, facts?: object, keys?: Known];

function write(kind: string, source: string, keys: Known, made: readonly Made[]): Vector[] {
  return made.map(([name, title, code, input, facts = {}, own = keys]) => ({
    kind,
    name,
    title,
    source,
    input,
    at: now,
    keys: own,
    expect: code === null ? { result: 'valid', ...facts } : { result: 'refused', code },
  }));
}

function manifestVectors(): Vector[] {
  const message = { kind: 'exchange.message', version: 1, ...messageFields };
  const good = buildManifest(manifestFields);
  const input = (plain: Uint8Array | string) => ({ plain: Buffer.from(plain as string).toString('base64'), message });
  const built = (change: object) => input(buildManifest({ ...manifestFields, ...change }));
  const text = good.toString('utf8');
  const bad = 'exchange.manifest-mismatch';
  const [part] = manifestFields.parts;
  return write('manifest', 'protocol section 5', nobody, [
    ['plain', 'A manifest that fits its message', null, input(good)],
    ['long', 'A manifest that fills the next bucket', null, built({ nationalReferences: Array.from({ length: 20 }, (_, n) => `R${n}-`.padEnd(100, 'x')), subject: 's'.repeat(1000), parts: [{ ...part, fileName: 'n'.repeat(500) }] })],
    ['other-message', 'Of another message', bad, built({ messageId: '019e2651-4f00-7000-8000-000000000002' })],
    ['other-conversation', 'Of another conversation', bad, built({ conversationId: 'AAAAAAAAAAAAAAAAAAAAAA' })],
    ['other-sender', 'From another authority', bad, built({ from: 'XC:central-authority' })],
    ['other-receiver', 'To another authority', bad, built({ to: 'XC:central-authority' })],
    ['part-missing', 'Without a part that the message has', bad, built({ parts: [] })],
    ['part-more', 'With a part that the message has not', bad, built({ parts: [part, { ...part, name: 'part-002' }] })],
    ['part-name', 'With a part of another name', bad, built({ parts: [{ ...part, name: 'part-002' }] })],
    ['blank-more', 'One blank behind', bad, input(`${text} `)],
    ['not-filled', 'Not filled to its bucket', bad, input(canonical({ ...JSON.parse(text), padding: '' }))],
    ['filled-with-other', 'Filled with other than blanks', bad, input(text.replace('"padding":" ', '"padding":"x'))],
    ['respelled', 'In another spelling', bad, input(JSON.stringify(JSON.parse(text), null, 1))],
    ['other-kind', 'Of another kind', bad, input(canonical({ ...JSON.parse(text), kind: 'exchange.message' }))],
    ['no-json', 'No JSON', bad, input('manifest')],
    ['empty', 'Nothing', bad, input('')],
  ]);
}

function sealedVectors(): Vector[] {
  const plain = seeded('sealed content', 66_000);
  const reader = sealingKey('borea sealing');
  const recipients = [reader.recipient, alba.sealing.recipient];
  const good = sealBytes(plain, recipients, seededRandom('sealed vector')).bytes;
  const head = readAgeHeader(good)?.length ?? 0;
  const start = head + 16;
  const long = 65_552;
  const chunk = (index: number) => good.subarray(start + index * long, Math.min(good.length, start + (index + 1) * long));
  const front = good.subarray(0, start);
  const header = good.toString('latin1', 0, head);
  const withHead = (text: string) => Buffer.concat([Buffer.from(text, 'latin1'), good.subarray(head)]);
  const flipped = (at: number) => {
    const changed = Buffer.from(good);
    changed[at] = (changed[at] ?? 0) ^ 1;
    return changed;
  };
  const input = (bytes: Uint8Array, identity = reader.identity) => ({ sealed: Buffer.from(bytes).toString('base64'), identity });
  const facts = (bytes: Uint8Array) => ({ plainSha256: createHash('sha256').update(bytes).digest('hex') });
  const small = sealBytes(Buffer.from('a'), recipients, seededRandom('small')).bytes;
  const none = sealBytes(Buffer.alloc(0), recipients, seededRandom('none')).bytes;
  const full = sealBytes(Buffer.alloc(65_536, 7), recipients, seededRandom('full')).bytes;
  const bad = 'crypto.cannot-open';
  const stanza = /-> X25519 .{43}\n.{43}\n/.exec(header)?.[0] ?? '';
  return write('sealed', 'C2SP age; protocol section 5', nobody, [
    ['two-chunks', 'A part of two chunks', null, input(good), facts(plain)],
    ['other-reader', 'The same for its other reader', null, input(good, alba.sealing.identity), facts(plain)],
    ['one-byte', 'A part of one byte', null, input(small), facts(Buffer.from('a'))],
    ['nothing', 'A part of nothing', null, input(none), facts(Buffer.alloc(0))],
    ['full-chunk', 'A part of exactly one chunk', null, input(full), facts(Buffer.alloc(65_536, 7))],
    ['not-a-reader', 'For somebody else', 'crypto.no-reader', input(good, sealingKey('somebody else').identity)],
    ['last-dropped', 'The last chunk is missing', bad, input(Buffer.concat([front, chunk(0)]))],
    ['all-dropped', 'All chunks are missing', bad, input(front)],
    ['exchanged', 'Two chunks are exchanged', bad, input(Buffer.concat([front, chunk(1), chunk(0)]))],
    ['doubled', 'A chunk is there twice', bad, input(Buffer.concat([front, chunk(0), chunk(0), chunk(1)]))],
    ['longer', 'A byte is added', bad, input(Buffer.concat([good, Buffer.alloc(1)]))],
    ['shorter', 'A byte is missing', bad, input(good.subarray(0, -1))],
    ['payload-changed', 'One bit of the payload changed', bad, input(flipped(start + 65_600))],
    ['nonce-changed', 'One bit of the nonce changed', bad, input(flipped(head + 3))],
    ['code-changed', 'One bit of the code over the header changed', bad, input(withHead(header.replace(/--- (.)/, (_, first: string) => `--- ${first === 'A' ? 'B' : 'A'}`)))],
    ['version', 'Another version of age', bad, input(withHead(header.replace('v1\n', 'v2\n')))],
    ['passphrase', 'A stanza for a passphrase', bad, input(withHead(header.replace(stanza, `-> scrypt ${'A'.repeat(22)} 18\n${'A'.repeat(43)}\n`)))],
    ['too-many', 'More than 64 stanzas', bad, input(withHead(header.replace(stanza, stanza.repeat(65))))],
    ['padded-base64', 'Base64 with padding', bad, input(withHead(header.replace(/(--- .{43})\n/, '$1=\n')))],
    ['zero-share', 'A share that agrees to zero with every key', bad, input(withHead(header.replace(/X25519 .{43}/, `X25519 ${'A'.repeat(43)}`)))],
  ]);
}

function treeVectors(): Vector[] {
  const blocks = Array.from({ length: 5 }, (_, index) => seeded(`block ${index}`, index === 4 ? 100 : 1_048_576));
  const hasher = blockHasher();
  blocks.forEach((block) => hasher.update(block));
  const { root, leaves } = hasher.finish();
  // Blocks of 1 MiB would make the files large: a block is told by how it is made, or as bytes where it is short.
  const input = (index: number, change: object = {}) => ({
    block: index === 4 ? { base64: (blocks[4] ?? Buffer.alloc(0)).toString('base64') } : { seededAs: `block ${index}`, length: 1_048_576 },
    index,
    count: 5,
    path: blockPath(leaves, index),
    root,
    ...change,
  });
  const path = blockPath(leaves, 2);
  const zero = '0'.repeat(64);
  const bad = 'exchange.block';
  return write('tree', 'RFC 6962 section 2.1; protocol section 11', nobody, [
    ...[0, 2, 3, 4].map((index): Made => [`block-${index}`, `Block ${index} of five`, null, input(index)]),
    ['other-block', 'Another block in this place', bad, input(2, { block: { seededAs: 'block 3', length: 1_048_576 } })],
    ['other-place', 'The block in another place', bad, input(2, { index: 1 })],
    ['beyond', 'A place beyond the end', bad, input(2, { index: 5 })],
    ['negative', 'A place before the beginning', bad, input(2, { index: -1 })],
    ['count', 'Another number of blocks', bad, input(2, { count: 4 })],
    ['step-missing', 'A step is missing', bad, input(2, { path: path.slice(1) })],
    ['step-more', 'A step too many', bad, input(2, { path: [...path, zero] })],
    ['step-changed', 'A step is another', bad, input(2, { path: [zero, ...path.slice(1)] })],
    ['steps-exchanged', 'Two steps are exchanged', bad, input(2, { path: [path[1], path[0], ...path.slice(2)] })],
    ['step-short', 'A step of another length', bad, input(2, { path: [(path[0] ?? '').slice(2), ...path.slice(1)] })],
    ['other-root', 'Another root', bad, input(2, { root: zero })],
    ['no-path', 'No path', bad, input(2, { path: [] })],
    ['short-block', 'A block that lacks its end', bad, input(4, { block: { base64: (blocks[4] ?? Buffer.alloc(0)).subarray(1).toString('base64') } })],
  ]);
}

function recordVectors(): Vector[] {
  const key = vectorKey('alba records', 'ES256');
  const keys: Known = { nodes: [], keys: [listed(key, 'XA', 'record')] };
  const sign = (payload: string, header: object = {}) => {
    const head = Buffer.from(canonical({ alg: 'ES256', kid: key.kid, typ: 'comity-record+jws', ...header })).toString('base64url');
    const input = `${head}.${Buffer.from(payload).toString('base64url')}`;
    return `${input}.${Buffer.from(key.signBytes(Buffer.from(input))).toString('base64url')}`;
  };
  const build = (content: object, seq: number, previous: string | null) => {
    const record = SignedRecord.parse({ ...content, seq, previous });
    return { record, hash: hashOf(record), jws: sign(canonical(record)) };
  };
  const content = {
    kind: 'node-entry',
    version: 1,
    owner: 'XA',
    feed: 'nodes',
    recordId: 'xa',
    recordVersion: 1,
    op: 'put' as const,
    at: instant('2026-05-14T12:00:00.000Z'),
    body: { node: 'xa', logOrigin: 'comity/XA/exchange/1' },
  };
  const first = build(content, 1, null);
  const second = build({ ...content, recordVersion: 2 }, 2, first.hash);
  const revocation = {
    ...content,
    kind: 'key-revocation',
    feed: 'nodes',
    recordId: alba.nodeKey.kid,
    body: { key: alba.nodeKey.kid, use: 'node-sign', since: '2026-05-14T12:00:00.000Z', reason: 'compromised' },
  };
  const revoked = build(revocation, 1, null);
  const input = (jws: string) => ({ jws });
  const common = (good: { jws: string; record: object }): Made[] => {
    const [head = '', payload = '', signature = ''] = good.jws.split('.');
    const changed = Buffer.from(signature, 'base64url');
    changed[9] = (changed[9] ?? 0) ^ 1;
    const ended: Known = { nodes: [], keys: keys.keys.map((one) => ({ ...one, validUntil: content.at })) };
    const early: Known = { nodes: [], keys: keys.keys.map((one) => ({ ...one, validFrom: now })) };
    const other: Known = { nodes: [], keys: [listed(key, 'XB', 'record')] };
    return [
      ['signature-changed', 'One bit of the signature changed', 'records.bad-signature', input(`${head}.${payload}.${changed.toString('base64url')}`)],
      ['key-unknown', 'A key that nobody announced', 'records.unknown-key', input(good.jws), {}, nobody],
      ['key-of-another', 'A key of another owner', 'records.unknown-key', input(good.jws), {}, other],
      ['key-ended', 'A key whose time was over', 'records.key-out-of-time', input(good.jws), {}, ended],
      ['key-early', 'A key whose time had not come', 'records.key-out-of-time', input(good.jws), {}, early],
      ['alg-none', 'A header that names no algorithm', 'records.malformed', input(sign(canonical(good.record), { alg: 'none' }))],
      ['typ-other', 'The type of another object', 'records.malformed', input(sign(canonical(good.record), { typ: 'comity-receipt+jws' }))],
      ['header-more', 'A member of the header that is not ours', 'records.malformed', input(sign(canonical(good.record), { jku: 'https://keys.example' }))],
      ['two-parts', 'No signature', 'records.malformed', input(`${head}.${payload}`)],
      ['respelled', 'Another spelling, rightly signed', 'records.not-canonical', input(sign(`${canonical(good.record)} `))],
      ['key-twice', 'A member twice, rightly signed', 'records.not-canonical', input(sign(canonical(good.record).replace('"seq":', '"seq":9,"seq":')))],
      ['seq-zero', 'A record before the first', 'records.malformed', input(sign(canonical({ ...good.record, seq: 0 })))],
      ['no-body', 'No body', 'records.malformed', input(sign(canonical({ ...good.record, body: null })))],
      ['op-other', 'An act that is not known', 'records.malformed', input(sign(canonical({ ...good.record, op: 'delete' })))],
      ['member-more', 'A member that no record has', 'records.malformed', input(sign(canonical({ ...good.record, more: 1 })))],
    ];
  };
  const body = (change: object) => input(sign(canonical({ ...revoked.record, body: { ...revocation.body, ...change } })));
  return [
    ...write('record', 'protocol section 10', keys, [
      ['first', 'The first record of a feed', null, input(first.jws), { hash: first.hash }],
      ['second', 'The next one names the one before', null, input(second.jws), { hash: second.hash, previous: first.hash }],
      ...common(first),
    ]),
    ...write('revocation', 'protocol section 10', keys, [
      ['plain', 'A key withdrawn', null, input(revoked.jws), { hash: hashOf(revoked.record) }],
      ...common(revoked),
      ['reason-other', 'A reason that is not known', 'exchange.schema', body({ reason: 'because' })],
      ['use-other', 'A use that is not known', 'exchange.schema', body({ use: 'everything' })],
      ['since-other', 'A day instead of a moment', 'exchange.schema', body({ since: '2026-05-14' })],
    ]),
  ];
}

async function logVectors(): Promise<Vector[]> {
  const origin = 'comity/XA/exchange/1';
  const entries = Array.from({ length: 7 }, (_, n) => canonical({ kind: 'exchange.entry', version: 1, number: n }));
  const salts = entries.map((_, n) => seeded(`salt ${n}`, 16));
  const data = entries.map((entry, n) => leafData(salts[n] ?? Buffer.alloc(16), entry));
  const root = rootOf(data);
  const signer = vectorSigner(logKey, stranger);
  const note = await signNote(signer, logKey.kid, { name: origin, publicKey: logKey.publicKey }, checkpointText({ origin, size: 7, root }));
  const keys: Known = { nodes: [], keys: [listed(logKey, origin, 'log')] };
  const input = (text: string) => ({ note: text, origin });
  const forger = vectorKey('forger of a log', 'EdDSA');
  const resigned = async (text: string, name = origin) =>
    input(await signNote(signer, logKey.kid, { name, publicKey: logKey.publicKey }, text));
  const byForger = await signNote(vectorSigner(forger), forger.kid, { name: origin, publicKey: forger.publicKey }, checkpointText({ origin, size: 7, root }));
  const good = root.toString('base64');
  const [form, signature] = ['exchange.not-canonical', 'exchange.signature'];
  const checkpoint = write('checkpoint', 'C2SP signed-note, tlog-checkpoint; protocol section 9', keys, [
    ['plain', 'The state of a log', null, input(note), { size: 7, root: root.toString('hex') }],
    ['empty-log', 'The state of a log without entries', null, await resigned(checkpointText({ origin, size: 0, root: rootOf([]) })), { size: 0 }],
    ['size-changed', 'Another size than was signed', signature, input(note.replace('\n7\n', '\n8\n'))],
    ['root-changed', 'Another root than was signed', signature, input(note.replace(good, rootOf([]).toString('base64')))],
    ['key-other', 'Signed with a key that nobody announced', signature, input(byForger)],
    ['no-signature', 'Not signed', form, input(checkpointText({ origin, size: 7, root }))],
    ['name-other', 'Signed under another name', signature, await resigned(checkpointText({ origin, size: 7, root }), 'comity/XB/exchange/1')],
    ['origin-other', 'Of another log', 'exchange.wrong-recipient', await resigned(checkpointText({ origin: 'comity/XB/exchange/1', size: 7, root }))],
    ['size-leading-zero', 'A size with a zero before it', form, await resigned(`${origin}\n07\n${good}\n`)],
    ['size-negative', 'A size below nothing', form, await resigned(`${origin}\n-7\n${good}\n`)],
    ['root-short', 'A root that is too short', form, await resigned(`${origin}\n7\n${good.slice(0, 20)}\n`)],
    ['root-missing', 'No root', form, await resigned(`${origin}\n7\n`)],
    ['no-end', 'No end of the last line', form, input(note.slice(0, -1))],
    ['hyphen', 'Another dash before the signature', form, input(note.replace('\u2014', '-'))],
    ['signature-cut', 'A signature that is cut', form, input(`${note.slice(0, -6)}\n`)],
    ['carriage-return', 'Lines that end otherwise', form, input(note.replaceAll('\n', '\r\n'))],
  ]);
  const { inclusionProof, consistencyProof } = await import('../../src/modules/audit/rules/merkle.ts');
  const hex = (steps: readonly Uint8Array[]) => steps.map((step) => Buffer.from(step).toString('hex'));
  const place = (index: number, change: object = {}) => ({
    proves: 'inclusion',
    entry: entries[index],
    salt: salts[index]?.toString('hex'),
    index,
    size: 7,
    path: hex(inclusionProof(data, index)),
    root: root.toString('hex'),
    ...change,
  });
  const growth = (from: number, change: object = {}) => ({
    proves: 'consistency',
    from,
    fromRoot: rootOf(data.slice(0, from)).toString('hex'),
    size: 7,
    path: hex(consistencyProof(data, from)),
    root: root.toString('hex'),
    ...change,
  });
  const path = hex(inclusionProof(data, 3));
  const steps = hex(consistencyProof(data, 3));
  const zero = '0'.repeat(64);
  const bad = 'log.bad-proof';
  const proof = write('proof', 'RFC 6962 section 2.1; protocol section 9', nobody, [
    ...[0, 3, 6].map((index): Made => [`entry-${index}`, `Entry ${index} of seven`, null, place(index)]),
    ...[1, 3, 4, 7].map((from): Made => [`grew-from-${from}`, `A log of ${from} entries that grew to seven`, null, growth(from)]),
    ['other-entry', 'Another entry in this place', bad, place(3, { entry: entries[2] })],
    ['other-salt', 'Another salt', bad, place(3, { salt: salts[2]?.toString('hex') })],
    ['other-place', 'The entry in another place', bad, place(3, { index: 2 })],
    ['beyond', 'A place beyond the end', bad, place(3, { index: 7 })],
    ['step-missing', 'A step is missing', bad, place(3, { path: path.slice(1) })],
    ['step-more', 'A step too many', bad, place(3, { path: [...path, zero] })],
    ['step-changed', 'A step is another', bad, place(3, { path: [zero, ...path.slice(1)] })],
    ['other-root', 'Another root', bad, place(3, { root: zero })],
    ['other-size', 'Another size', bad, place(3, { size: 4 })],
    ['grew-from-nothing', 'From no entries: that shows nothing', bad, growth(3, { from: 0, fromRoot: rootOf([]).toString('hex'), path: [] })],
    ['grew-from-another', 'From a log with another root', bad, growth(3, { fromRoot: zero })],
    ['grew-to-another', 'To a log with another root', bad, growth(3, { root: zero })],
    ['grew-backwards', 'From more entries to fewer', bad, growth(3, { from: 8 })],
    ['growth-step-missing', 'A step of growth is missing', bad, growth(3, { path: steps.slice(1) })],
    ['growth-step-more', 'A step of growth too many', bad, growth(3, { path: [...steps, zero] })],
    ['same-size-other-root', 'Of one size, with two roots', bad, growth(7, { fromRoot: zero })],
  ]);
  return [...checkpoint, ...proof];
}

/** Vectors of everything that is not a flattened JWS. */
export async function plainVectors(): Promise<Vector[]> {
  return [
    ...manifestVectors(),
    ...sealedVectors(),
    ...treeVectors(),
    ...recordVectors(),
    ...(await logVectors()),
  ];
}

export { borea, sealed };
