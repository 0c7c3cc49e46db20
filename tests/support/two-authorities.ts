import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { carryingFor, contentSignatureType } from '../../src/app/exchange-requests.ts';
import { createEvidence, type CaseFileId, type Evidence } from '../../src/modules/evidence/index.ts';
import type { TrustView, VerifyingKey } from '../../src/modules/exchange/index.ts';
import { createContext, type Context, type Role, type SigningProof } from '../../src/modules/identity/index.ts';
import {
  createIncoming,
  createRequests,
  loadDefinitions,
  readDraft,
  RequestFacts,
  requestMessageUses,
  type DraftRequest,
  type IncomingRequests,
  type Requests,
  type RequestView,
  type RiskCheck,
} from '../../src/modules/requests/index.ts';
import { folderBlobs } from '../../src/platform/blobs/index.ts';
import { fakeClock } from '../../src/platform/clock.ts';
import { openFileKeyStore, signCompact, type KeyStore } from '../../src/platform/crypto/index.ts';
import { withTransaction } from '../../src/platform/db/index.ts';
import { createLog } from '../../src/platform/log.ts';
import type {
  IncomingMessage,
  MessageUses,
  Outcome,
  OutgoingContent,
  OutgoingMessage,
} from '../../src/platform/outbox/index.ts';
import { packageRoot } from '../../src/platform/paths.ts';
import { systemRandom } from '../../src/platform/random.ts';
import {
  canonical,
  fail,
  Handling,
  ok,
  problem,
  sha256,
  stateCode,
  type Sha256,
} from '../../src/platform/values/index.ts';
import { testDatabase, type TestDatabase } from './database.ts';

const clock = fakeClock('2026-05-14T12:00:00.000Z');
export type Clock = typeof clock;

const readSample = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(packageRoot, 'data/samples/requests', name), 'utf8')) as Record<string, unknown>;

/** One authority's services over a database, keys and files of its own. */
export interface Authority {
  state: 'XA' | 'XB';
  authority: string;
  database: TestDatabase;
  keys: KeyStore;
  evidence: Evidence;
  requests: Requests;
  incoming: IncomingRequests;
  uses: MessageUses;
  person(id: string, roles: Role[]): Context;
}

/** A message as it left: what the exchange would seal. */
export interface Carried {
  id: string;
  kind: string;
  content: OutgoingContent;
  bytes: string;
}

/** Two authorities and whoever carries between them. */
export interface TwoAuthorities {
  clock: Clock;
  /** What a check gets to know beside the text; a test may tell it more. */
  change: {
    facts(draft: DraftRequest, facts: RequestFacts): RequestFacts;
    /** Messages that an official was seen to open: by which side, which, in what role. */
    opened: string[];
  };
  alba: Authority;
  borea: Authority;
  /** Every message that left so far, in order. */
  carried: Carried[];
  /** Packs and brings what waits on either side until nothing waits; answers how many were brought. */
  carry(): Promise<number>;
  /** Packs what waits at one side without bringing it. */
  collect(from: Authority): Promise<Carried[]>;
  /** Brings one message, once more if it was brought before. Throws what the handler throws. */
  bring(to: Authority, message: Carried, change?: Partial<IncomingMessage>): Promise<void>;
  told(from: Authority, message: Carried, outcome: Outcome, reason?: string | null): Promise<void>;
  /** The complete sample request with its annexes in a case file of Alba, signed and past the hold. */
  signed(): Promise<RequestView>;
  /** The same, sent and brought. Answers the reference at Borea. */
  sent(): Promise<{ ours: string; theirs: string }>;
  close(): Promise<void>;
}

const deskOfBorea = { officeId: 'office-borea', members: ['ines', 'tomas', 'marco'] };

async function build(
  state: 'XA' | 'XB',
  folder: string,
  trust: () => TrustView,
  change: TwoAuthorities['change'],
): Promise<Authority> {
  const database = await testDatabase();
  const keys = await openFileKeyStore({
    folder: join(folder, state, 'keys'),
    passphraseFile: join(folder, state, 'passphrase'),
    clock,
    random: systemRandom,
    cost: 1024,
  });
  const evidence = createEvidence({
    keys,
    blobs: folderBlobs(join(folder, state, 'blobs'), systemRandom),
    random: systemRandom,
    maxFileBytes: 1 << 26,
  });
  const authority = `${state}:central-authority`;
  const base = {
    db: database.db,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    state: stateCode(state),
    zone: 'UTC',
    profile: 'demo',
    locale: 'en',
  } as const;
  const node = () => createContext({ ...base, actor: { kind: 'system', id: 'exchange' } });
  const { on: _on, ...sampleFacts } = readSample('freeze-and-records.facts.json');
  const signContent = async (text: string): Promise<string> => {
    const { kid } = await keys.ensure('authority/sign', 'ES256');
    const [header = '', , signature = ''] = (await signCompact(keys, kid, contentSignatureType, text)).split('.');
    return `${header}..${signature}`;
  };
  const parts = {
    definitions: loadDefinitions(),
    sealer: evidence.sealer,
    facts: async (_tx: unknown, _ctx: Context, draft: DraftRequest, stage: RequestFacts['stage']) =>
      change.facts(draft, RequestFacts.parse({ ...sampleFacts, stage })),
    signContent,
    own: { alpha2: state, centralAuthority: { authority } },
    signing: {
      optionsFor: async () => null,
      // Stands for the passkey of the signatory, which identity's own tests check.
      verify: async (_tx: unknown, ctx: Context, hash: SigningProof['contentHash'], given: { assertion?: unknown }) =>
        given.assertion === 'touched' && ctx.actor.kind === 'person'
          ? ok<SigningProof>({ contentHash: hash, personId: ctx.actor.id, at: clock.now(), method: 'demo-link' })
          : fail(problem('identity.step-up-needed')),
    },
    carrying: {
      ...carryingFor({
        evidence,
        node,
        loadTrust: async () => trust(),
        toAlpha2: (code) => code,
        recordAccess: (_tx, messageId, role) => {
          change.opened.push(`${state} ${messageId} ${role}`);
          return Promise.resolve();
        },
      }),
      deskOf: async (_tx: unknown, asked: string) => (asked === authority ? deskOfBorea : undefined),
    },
  };
  return {
    state,
    authority,
    database,
    keys,
    evidence,
    requests: createRequests(parts),
    incoming: createIncoming(parts),
    uses: requestMessageUses(parts),
    person: (id, roles) =>
      createContext({
        ...base,
        actor: {
          kind: 'person',
          id,
          name: 'Sample',
          officeId: state === 'XA' ? 'office-alba' : 'office-borea',
          authority,
          roles,
          steppedUpAt: clock.now(),
        },
      }),
  };
}

async function text(stream: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

export async function twoAuthorities(): Promise<TwoAuthorities> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-two-'));
  clock.set('2026-05-14T12:00:00.000Z');
  const known = new Map<string, { authority: string; key: VerifyingKey }>();
  const trust = (): TrustView => ({
    nodeOf: (authority) =>
      authority === 'XA:central-authority' ? 'xa' : authority === 'XB:central-authority' ? 'xb' : undefined,
    node: () => undefined,
    nodeByTlsKey: () => undefined,
    nodeKey: () => ({ finding: 'unknown' }),
    authorityKey: (authority, kid) => {
      const found = known.get(kid);
      return found?.authority === authority ? { finding: 'valid', publicKey: found.key } : { finding: 'unknown' };
    },
    sealingKeys: () => [],
    knowsAuthority: () => true,
    freshAt: () => null,
  });
  const change: TwoAuthorities['change'] = { facts: (_draft, facts) => facts, opened: [] };
  const alba = await build('XA', folder, trust, change);
  const borea = await build('XB', folder, trust, change);
  for (const one of [alba, borea]) {
    const { kid, publicKey } = await one.keys.ensure('authority/sign', 'ES256');
    known.set(kid, { authority: one.authority, key: publicKey as VerifyingKey });
  }
  const carried: Carried[] = [];
  let sequence = 0;

  async function collect(from: Authority): Promise<Carried[]> {
    const rows = await from.database.owner
      .selectFrom('outbox')
      .selectAll()
      .where('sent_at', 'is', null)
      .orderBy('place')
      .execute();
    const packed: Carried[] = [];
    for (const row of rows) {
      await from.database.owner.updateTable('outbox').set({ sent_at: clock.now() }).where('id', '=', row.id).execute();
      const message: OutgoingMessage = { id: row.id, stream: row.stream, kind: row.kind, payload: row.payload };
      const content = await from.uses.pack[row.kind]?.(message);
      if (!content) continue;
      const files = await Promise.all(content.files.map(async (file) => text(await file.open())));
      const bytes = `${canonical(JSON.parse(JSON.stringify({ ...content, files: content.files.map(({ open: _open, ...file }) => file) })))}\n${files.join('\n')}`;
      packed.push({ id: row.id, kind: row.kind, content, bytes });
    }
    carried.push(...packed);
    return packed;
  }

  async function bring(to: Authority, message: Carried, change: Partial<IncomingMessage> = {}): Promise<void> {
    const { content, id, kind } = message;
    const incoming: IncomingMessage = {
      id,
      kind,
      conversationId: content.conversationId,
      sequence: (sequence += 1),
      from: content.from,
      to: content.to,
      inReplyTo: content.inReplyTo,
      legalBasis: content.legalBasis,
      tlp: content.tlp,
      priority: content.priority,
      signedAt: clock.now(),
      receivedAt: clock.now(),
      messageSha256: sha256(id) as Sha256,
      signedBy: 'kid-of-the-authority',
      subject: content.subject,
      nationalReferences: content.nationalReferences,
      // As it comes from the wire: text that was parsed.
      body: JSON.parse(canonical(content.body)) as Record<string, unknown>,
      files: content.files.map((file, n) => ({ part: `part-00${n + 2}`, ...file })),
      ...change,
    };
    const handler = to.uses.handlers[kind];
    if (!handler) throw new Error(`Nobody takes ${kind}`);
    const prepared = await handler.prepare?.(incoming);
    await withTransaction(to.database.db, 'system:exchange', (tx) => handler.apply(tx, incoming, prepared));
  }

  async function told(
    from: Authority,
    message: Carried,
    outcome: Outcome,
    reason: string | null = null,
  ): Promise<void> {
    await withTransaction(from.database.db, 'system:exchange', async (tx) => {
      await from.uses.outcomes[message.kind]?.(tx, {
        id: message.id,
        kind: message.kind,
        conversationId: message.content.conversationId,
        outcome,
        at: clock.now(),
        reason,
        by: message.content.to,
      });
    });
  }

  async function carry(): Promise<number> {
    for (let brought = 0; ;) {
      const before = brought;
      for (const [from, to] of [
        [alba, borea],
        [borea, alba],
      ] as const)
        for (const message of await collect(from)) {
          await bring(to, message);
          await told(from, message, 'delivered');
          brought += 1;
        }
      if (brought === before) return brought;
    }
  }

  async function signed(): Promise<RequestView> {
    const amara = alba.person('amara', ['prosecutor']);
    const teo = alba.person('teo', ['reviewer']);
    const noor = alba.person('noor', ['central-authority-officer']);
    const deniz = alba.person('deniz', ['signatory']);
    const file = await alba.evidence.openCaseFile(amara, {
      title: 'AC-17/2026',
      handling: Handling.parse({ tlp: 'AMBER', originator: 'XA' }),
    });
    const caseFileId: CaseFileId = file.id;
    for (const id of ['teo', 'noor', 'deniz']) await alba.evidence.addMember(amara, caseFileId, id);
    for (const n of [1, 2, 3, 4]) {
      const fileName = `annex-${n}.txt`;
      const bytes = readFileSync(join(packageRoot, 'data/samples/requests/annexes', fileName));
      await alba.evidence.addFile(amara, caseFileId, { fileName, bytes });
    }
    const draft = readDraft(readSample('freeze-and-records.json'));
    if (!draft.ok) throw new Error('shape');
    const { risk, ...internal } = draft.value.internal ?? {};
    const opened = await alba.requests.open(amara, { caseFileId, types: ['T9', 'T5'], from: draft.value });
    const { reference } = opened;
    await alba.requests.saveSection(amara, reference, { task: 'check', seen: 1, content: { internal } });
    if (risk) await alba.requests.saveRisk(noor, reference, risk as RiskCheck);
    let view = await alba.requests.get(amara, reference);
    const act = async (
      who: Context,
      kind: Parameters<Requests['act']>[2],
      data: Parameters<Requests['act']>[3] = {},
    ) => {
      const done = await alba.requests.act(who, reference, kind, data, view.head);
      if (!done.ok) throw new Error(JSON.stringify(done.error));
      view = done.value;
    };
    await act(amara, 'submit-for-review');
    await act(teo, 'review-pass');
    await act(noor, 'clear');
    await act(deniz, 'sign', { contentHash: view.contentHash, assertion: 'touched' });
    clock.advance(11 * 60_000);
    return view;
  }

  return {
    clock,
    change,
    alba,
    borea,
    carried,
    carry,
    collect,
    bring,
    told,
    signed,
    async sent() {
      const view = await signed();
      const noor = alba.person('noor', ['central-authority-officer']);
      const done = await alba.requests.act(noor, view.reference, 'transmit', {}, view.head);
      if (!done.ok) throw new Error(JSON.stringify(done.error));
      await carry();
      const ines = borea.person('ines', ['registrar', 'central-authority-officer']);
      const found = await borea.incoming.sideOf(ines, view.reference);
      return { ours: view.reference, theirs: found?.reference ?? '' };
    },
    async close() {
      await alba.database.close();
      await borea.database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
