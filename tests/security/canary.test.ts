import { createPrivateKey, randomBytes, randomUUID, scryptSync } from 'node:crypto';
import diagnostics from 'node:diagnostics_channel';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contextFor } from '../../src/app/node.ts';
import type { Context } from '../../src/modules/identity/index.ts';
import { originalHash, type IncomingRequests } from '../../src/modules/requests/index.ts';
import { folderBlobs } from '../../src/platform/blobs/index.ts';
import { unseal } from '../../src/platform/crypto/index.ts';
import { backupNode, withTransaction } from '../../src/platform/db/index.ts';
import { putInOutbox } from '../../src/platform/outbox/index.ts';
import { systemRandom, uuidv7 } from '../../src/platform/random.ts';
import type { Result } from '../../src/platform/values/index.ts';
import { canariesOf, canaryOf, findInDatabase, findInFiles, listenInside, temporaryFolder } from '../support/canary.ts';
import { startNetwork, until, type Network, type NetworkNode } from '../support/network.ts';
import { contextOf, openCompleteRequest, sampleWorld } from '../support/sample-people.ts';

/**
 * Thirty-two random bytes in texts, names and files of a request that Alba sends to Borea and Borea answers, while
 * Delmar stands for the secretariat, which carries the directory. What stands in clear is the list of SECURITY.md.
 */
const canary = canaryOf(randomBytes(32));
const states = ['XA', 'XB', 'XD'] as const;
const logs = new Map<string, string>();
/** Addresses that this process, and with it every node in it, connected to. */
const called: string[] = [];
const onCall = (message: unknown) => {
  const { socket } = message as { socket: Socket };
  socket.once('connect', () => called.push(socket.remoteAddress ?? 'a socket of this machine'));
};
let folder: ReturnType<typeof temporaryFolder>;
let temp: string;
let inside: ReturnType<typeof listenInside>;
let network: Network;
let alba: NetworkNode;
let borea: NetworkNode;

const words = (en: string) => ({ en: `${en} ${canary.text}` });
function value<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

beforeAll(async () => {
  diagnostics.subscribe('net.client.socket', onCall);
  folder = temporaryFolder();
  temp = folder.path;
  inside = listenInside();
  const logOf = (state: string) =>
    pino({ level: 'trace' }, { write: (line) => void logs.set(state, (logs.get(state) ?? '') + line) });
  network = await startNetwork({
    states,
    proxies: true,
    logs: Object.fromEntries(states.map((state) => [state, logOf(state)])),
  });
  for (const { proxy } of network.nodes) proxy?.record(true);
  [alba, borea] = [network.of('XA'), network.of('XB')];
}, 300_000);
afterAll(async () => {
  inside?.stop();
  diagnostics.unsubscribe('net.client.socket', onCall);
  await network?.stop();
  folder?.remove();
});

/** Every place outside the memory of the running process, the databases of these nodes among them: what is found, by name. */
async function search(databasesOf: readonly NetworkNode[] = network.nodes): Promise<string[]> {
  const found = await findInFiles(canary, temp);
  for (const { state, proxy } of network.nodes) {
    if (canary.isIn(Buffer.from(logs.get(state) ?? ''))) found.push(`log of ${state}`);
    if (proxy && canary.isIn(proxy.captured())) found.push(`packets to ${state}`);
  }
  for (const { state, database } of databasesOf)
    for (const path of await findInDatabase(canary, database.url, folder.since)) found.push(`${state} ${path}`);
  if (canary.isIn(inside.said())) found.push('inside TLS');
  return found;
}

async function backUp(node: NetworkNode): Promise<string> {
  const target = join(temp, `backup-${node.state}`);
  mkdirSync(target);
  const { config } = node.node;
  const client = await node.node.database.ownerClient();
  try {
    const report = await backupNode({
      client,
      blobs: folderBlobs(join(config.dataFolder, 'blobs'), systemRandom),
      keyFile: join(config.dataFolder, 'secrets', 'backup.key'),
      target,
      folders: { exchange: join(config.dataFolder, 'exchange') },
      clock: node.node.clock,
      random: systemRandom,
    });
    return report.file;
  } finally {
    await client.end();
  }
}

test('A6, V8: a request with its answer leaves none of its content in clear, in no log, at neither end nor with the secretariat', async () => {
  const [ours, theirs] = [await sampleWorld(alba), await sampleWorld(borea)];
  const as = async (node: NetworkNode, name: string): Promise<Context> => {
    const { actor } = await contextOf(node, node === alba ? ours : theirs, name);
    return contextFor(node.node, { ...actor, steppedUpAt: node.node.clock.now() } as typeof actor, 'en');
  };
  const [amara, teo, noor, deniz] = await Promise.all(['amara', 'teo', 'noor', 'deniz'].map((one) => as(alba, one)));
  const [ines, vera, tomas] = await Promise.all(['ines', 'vera', 'tomas'].map((one) => as(borea, one)));
  const { requests, evidence } = alba.running.live;
  const there = borea.running.live;
  const reference = await openCompleteRequest(alba, ours);

  let view = await requests.get(amara!, reference);
  const { facts = [], persons = [] } = view.request;
  view = value(
    await requests.saveSection(amara!, reference, {
      task: 'facts',
      seen: view.revision,
      content: { facts: facts.map((one) => ({ ...one, text: { ...(one.text as object), ...words('It was said') } })) },
    }),
  );
  view = value(
    await requests.saveSection(amara!, reference, {
      task: 'people',
      seen: view.revision,
      content: {
        persons: persons.map((one, n) =>
          n === 0 ? { ...one, names: [{ text: `Odo ${canary.text}`, script: 'Latn', original: true }] } : one,
        ),
      },
    }),
  );
  const held = await evidence.getCaseFile(amara!, view.caseFileId);
  await evidence.changeCaseFile(amara!, view.caseFileId, { version: held.version, title: `Title ${canary.text}` });
  // A large file that has come half way lies there sealed already.
  const bytes = Buffer.concat(Array.from({ length: 40_000 }, () => Buffer.concat([canary.bytes, randomBytes(32)])));
  const half = bytes.length / 2;
  const { id: upload } = await evidence.beginUpload(amara!, view.caseFileId, {
    fileName: `${canary.text}.bin`,
    size: bytes.length,
  });
  await evidence.continueUpload(amara!, upload, 0, Readable.from([bytes.subarray(0, half)]));
  expect(await search([alba])).toEqual([]);
  const { file } = await evidence.continueUpload(amara!, upload, half, Readable.from([bytes.subarray(half)]));

  const { languages } = view.request;
  view = value(
    await requests.saveSection(amara!, reference, {
      task: 'check',
      seen: view.revision,
      content: {
        languages: {
          ...languages,
          translations: (languages?.translations ?? []).map((one) => ({
            ...one,
            ofVersion: originalHash(view.request),
          })),
        },
      },
    }),
  );
  const { open: warnings } = await requests.check(amara!, reference);
  view = value(
    await requests.saveSection(amara!, reference, {
      task: 'check',
      seen: view.revision,
      content: {
        internal: {
          ...view.request.internal,
          warningReasons: [
            ...(view.request.internal?.warningReasons ?? []),
            ...warnings.map((one) => ({ code: one.code, at: one.path.join('/'), reason: `Why ${canary.text}` })),
          ],
        },
      },
    }),
  );
  const act = async (who: Context, kind: Parameters<typeof requests.act>[2], data = {}) =>
    value(await requests.act(who, reference, kind, data, null));
  await act(amara!, 'submit-for-review');
  await act(teo!, 'review-pass', { reason: `Read ${canary.text}` });
  const persecution = { answer: 'none-found', reviewer: `Noor ${canary.text}`, on: noor!.today() } as const;
  value(await requests.saveRisk(noor!, reference, { persecution }));
  await act(noor!, 'clear');
  view = await requests.get(deniz!, reference);
  await act(deniz!, 'sign', { contentHash: view.contentHash });
  // Borea cannot be reached for a while: sealed parts wait at Alba.
  borea.proxy?.set({ down: true });
  await act(noor!, 'transmit', { waiveHold: true });
  const messages = async () => (await requests.conversation(amara!, reference)).messages;
  await until(async () => (await messages()).some((one) => one.state === 'held-here'), 'it is sealed and waits');
  expect(await search([alba])).toEqual([]);
  borea.proxy?.set({});

  const { incoming } = there;
  let theirReference = '';
  await until(async () => {
    theirReference = (await incoming.list(ines!)).requests[0]?.reference ?? '';
    return theirReference !== '';
  }, 'Borea has it');
  const take = async (who: Context, kind: Parameters<IncomingRequests['actUnread']>[2], input: unknown = {}) =>
    value(await incoming.actUnread(who, theirReference, kind, input, null));
  await incoming.addNote(ines!, theirReference, `Note ${canary.text}`);
  await take(ines!, 'register');
  const drafted = (await incoming.get(ines!, theirReference)).proposals[0];
  await take(ines!, 'acknowledge', { reply: drafted });
  await take(ines!, 'assess', { finding: 'can-be-executed', note: `Found ${canary.text}` });
  const question = randomUUID();
  const asked = { id: question, path: ['facts', 0, 'text'], text: words('Which?'), why: words('For'), by: null };
  value(await incoming.ask(ines!, theirReference, { path: asked.path, text: asked.text, why: asked.why }));
  await until(async () => (await requests.conversation(amara!, reference)).thread.length > 0, 'the question is here');
  const [open] = (await requests.conversation(amara!, reference)).thread;
  value(await requests.answerQuestion(amara!, reference, open!.id, { text: words('This'), files: [file!.id] }));
  await until(
    async () => (await incoming.get(ines!, theirReference)).thread[0]?.answers[0]?.files.length === 1,
    'the answer is there with its file',
  );

  const persons2 = [theirs.ids.get('vera') ?? '', theirs.ids.get('tomas') ?? ''];
  await take(ines!, 'forward', { to: `Court ${canary.text}`, persons: persons2, note: `Go ${canary.text}` });
  await take(vera!, 'accept-execution');
  const { caseFileId, working } = await incoming.get(vera!, theirReference);
  const found = await there.evidence.addFile(vera!, caseFileId, {
    fileName: `result ${canary.text}.bin`,
    bytes: Readable.from([bytes]),
  });
  const item = { outcome: 'executed', note: words('Done'), use: 'only-this-case', secretUntil: null, returnBy: null };
  const { id, sha256, fileName, size } = found;
  const given = { id, sha256, fileName, size, form: 'certified-copy', custody: null };
  await take(vera!, 'report-executed', {
    reply: {
      reply: 'executed',
      results: (working.measures ?? []).map((one) => ({ measure: one.id, evidence: [given], ...item })),
      procedure: { followed: true, note: null },
      conditions: [],
      freezeEnds: '2099-05-15',
      costs: null,
    },
  });
  await take(tomas!, 'check-results');
  await take(ines!, 'send-results');
  await until(async () => (await requests.get(amara!, reference)).status === 'results-sent', 'the results are here');
  await act(amara!, 'confirm-results');
  const got = (await requests.conversation(amara!, reference)).results;
  expect(got.every((one) => one.received === sha256)).toBe(true);

  for (const { exchange } of network.nodes) await exchange.replication()?.once();
  for (const node of network.nodes) expect(existsSync(await backUp(node))).toBe(true);
  expect(await search()).toEqual([]);
  // What was planted did travel: the links carried at least the file, both ways.
  expect(borea.proxy?.bytes().up).toBeGreaterThan(bytes.length);
}, 480_000);

/** The secrets of a node and the private keys in its store, opened as only the node can. */
function keysOf({ node }: NetworkNode): { name: string; bytes: Buffer }[] {
  const { dataFolder } = node.config;
  const found: { name: string; bytes: Buffer }[] = [];
  for (const name of readdirSync(join(dataFolder, 'secrets'))) {
    // A line break at the end belongs to the file, not to the secret.
    const bytes = readFileSync(join(dataFolder, 'secrets', name));
    found.push({ name: `secrets/${name}`, bytes: bytes.at(-1) === 10 ? bytes.subarray(0, -1) : bytes });
  }
  const store = JSON.parse(readFileSync(join(dataFolder, 'keys', 'keys.json'), 'utf8')) as {
    kdf: { n: number; r: number; p: number; salt: string };
    keys: { kid: string; label: string; algorithm: string; sealed: string }[];
  };
  const passphrase = readFileSync(join(dataFolder, 'secrets', 'key-store.passphrase'), 'utf8').trim();
  const { n: N, r, p, salt } = store.kdf;
  const master = scryptSync(passphrase, Buffer.from(salt, 'base64'), 32, { N, r, p, maxmem: 256 * N * r });
  for (const { kid, label, algorithm, sealed } of store.keys) {
    const key = unseal(master, Buffer.from(sealed, 'base64'), `key-store/${kid}/${algorithm}/${label}`);
    const secret =
      algorithm === 'A256GCM'
        ? key
        : Buffer.from(
            createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' }).d ?? '',
            'base64url',
          );
    found.push({ name: label, bytes: secret });
  }
  return found;
}

test('K7: no key of any node is in a log, a packet, a page, a setting, a database, a file or a backup', async () => {
  const all = network.nodes.flatMap((node) =>
    keysOf(node).map(({ name, bytes }) => ({ name: `${node.state} ${name}`, bytes })),
  );
  expect(all.length).toBeGreaterThan(20);
  const keys = canariesOf(all);
  const places = (await findInFiles(keys, temp)).filter(
    (path) => !network.nodes.some(({ node }) => path.startsWith(join(node.config.dataFolder, 'secrets'))),
  );
  keys.found.clear();
  const asked = ['/', '/nothing', '/metrics', '/healthz', '/api/openapi.json', '/sign-in', '/api/nothing', '/system'];
  for (const node of network.nodes) {
    const { state, proxy } = node;
    if (proxy && keys.isIn(proxy.captured())) places.push(`packets to ${state}`);
    if (keys.isIn(Buffer.from(logs.get(state) ?? ''))) places.push(`log of ${state}`);
    if (keys.isIn(Buffer.from(JSON.stringify(node.node.config)))) places.push(`settings of ${state}`);
    for (const path of asked)
      if (keys.isIn(Buffer.from(await (await node.get(path)).arrayBuffer()))) places.push(`${state} ${path}`);
    places.push(...(await findInDatabase(keys, node.database.url, folder.since)));
  }
  if (keys.isIn(inside.said())) places.push('inside TLS');
  expect(places, [...keys.found].join(', ')).toEqual([]);
  // Where they do stand they are found.
  expect(keys.isIn(Buffer.concat([Buffer.alloc(5), all.at(-1)!.bytes]))).toBe(true);
}, 480_000);

test('C4: in all of this no node called anybody but this machine', () => {
  // Lines are kept open, so there are few; but that some were seen shows that the ear works.
  expect(called.length).toBeGreaterThan(5);
  expect(called.filter((address) => !/^(127\.|::1$|::ffff:127\.|a socket)/.test(address))).toEqual([]);
});

test('A6: the search finds it wherever a node would let it slip', async () => {
  const slips: [string, () => unknown, RegExp, ...NetworkNode[]][] = [
    [
      'a message whose outbox row says more than ids',
      () =>
        withTransaction(alba.node.database.db, 'system:tests', (tx) =>
          putInOutbox(tx, alba.node, {
            id: uuidv7(systemRandom, Date.parse(alba.node.clock.now())),
            stream: 'slip XA:central-authority XB:central-authority',
            kind: 'slip/1',
            // Long and alike, so that the database compresses it.
            payload: { text: `${'facts '.repeat(600)}${canary.text}${' of the case'.repeat(300)}` },
          }),
        ),
      /^XA base\//,
      alba,
    ],
    ['a temporary file', () => writeFileSync(join(temp, 'preview.tmp'), canary.bytes), /preview\.tmp/],
    ['a file called as the officer called it', () => writeFileSync(join(temp, `${canary.text}.bin`), ''), /^name of /],
    ['a line of the log', () => borea.node.log.trace({ subject: `Subject ${canary.text}` }, 'slip'), /^log of XB/],
    [
      'a body sent in base64 beside its seal',
      async () => {
        const [node] = await withTransaction(alba.node.database.db, 'system:tests', async (tx) => [
          (await alba.exchange.trust.loadTrust(tx)).nodeOf('XB:central-authority'),
        ]);
        await alba.exchange.client
          ?.ask(node as never, {
            method: 'POST',
            path: '/exchange/v1/messages',
            body: Buffer.from(JSON.stringify({ inline: Buffer.from(`a ${canary.text}`).toString('base64url') })),
          })
          .catch(() => undefined);
      },
      /^inside TLS/,
    ],
  ];
  for (const [what, slip, where, ...nodes] of slips) {
    await slip();
    expect(
      (await search(nodes)).some((one) => where.test(one)),
      what,
    ).toBe(true);
  }
}, 300_000);
