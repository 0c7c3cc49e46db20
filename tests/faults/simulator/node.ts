import { uuidv7 } from '../../../src/platform/random.ts';
import { instant, sha256, toInstant, type Instant, type Sha256 } from '../../../src/platform/values/index.ts';
import { readAgeHeader, sealBytes } from '../../../src/platform/crypto/index.ts';
import {
  buildManifest,
  buildMessage,
  buildTransport,
  fillBytes,
  verifyReceipt,
  verifyRefusal,
  type MessageFields,
  type Sent,
  type Signed,
} from '../../../src/modules/exchange/envelope.ts';
import {
  chooseToSend,
  commitMessage,
  heardEvent,
  isUnsettled,
  prepareMessage,
  recall,
  reissue,
  sendAnswered,
  sendStarted,
  tickOutgoing,
  type Answer,
  type Outgoing,
  type PeerState,
  type SendEffect,
} from '../../../src/modules/exchange/core.ts';
import {
  MessageId,
  streamOf,
  type FlatJws,
  type Message,
  type Priority,
  type StreamId,
  type TrustView,
} from '../../../src/modules/exchange/schema.ts';
import type { SentOutcome } from '../../../src/modules/exchange/rules/index.ts';
import {
  closedBreaker,
  emptyStreamOut,
  eventKind,
  type HeldRow,
  type StatedEvent,
  type StreamIn,
  type StreamOut,
} from './shapes.ts';
import type { Chance } from './chance.ts';
import type { Fact, Rest } from './checker.ts';
import { emptyDisk, type Change, type Disk } from './disk.ts';
import { standInPart, type Person } from './people.ts';
import type { Plant } from './plants.ts';

/** A process that ends where it stands. */
export class Crash extends Error {}

type Lent = { sequence: number; previous: Sha256 | null; stream: StreamOut };

/** What a module handed over to be sent. */
export interface Waiting {
  id: string;
  to: string;
  conversationId: string;
  kind: string;
  priority: Priority;
  lifeMillis: number;
  at: Instant;
  /** What a message about other messages says. */
  events?: readonly StatedEvent[];
}

export interface SentRow extends Outgoing {
  id: string;
  to: string;
  conversationId: string;
  jws: FlatJws;
  sha256: Sha256;
  inline: ReadonlyMap<string, Buffer>;
  transport: { text: string; sha256: Sha256 } | null;
  receipt: string | null;
  refusal: string | null;
  waiting: Waiting;
}

export interface Tables {
  queue: Waiting;
  outbox: SentRow;
  streamsOut: StreamOut;
  streamsIn: StreamIn;
  inbox: HeldRow;
  refusals: string;
  peers: PeerState;
  casework: string;
}

/** What a node reaches of the world around it. */
export interface Around {
  now(): number;
  chance: Chance;
  /** What a node knows of keys: it may hear of a new one late. */
  trustOf(node: string): TrustView;
  plant: Plant | undefined;
  seals: boolean;
  record(facts: readonly Fact[]): void;
  /** May end the process at this point. Throws `Crash`. */
  step(node: string, name: string): void;
  post(from: string, to: string, body: string, answered: (status: number, body: string) => void): void;
  /** Asks for the receipt of a message again. */
  askReceipt(from: string, to: string, id: string, answered: (status: number, body: string) => void): void;
  /** What is inside a message that carries events, for whoever opens it. */
  contents: Map<string, readonly StatedEvent[]>;
  /** Milliseconds that a card or a person takes to sign; mostly none. */
  signingTakes(): number;
  /** Goes on later, unless the node ended meanwhile. */
  after(node: SimulatedNode, millis: number, work: () => void): void;
  /** What casework does with a message, the same each time it is asked. */
  handlerOf(id: string, tries: number): 'take' | 'refuse' | 'fail';
}

/** One node: the sending half. Decisions are the product's; this carries their effects out on a virtual disk. */
export class SimulatedNode {
  readonly id: string;
  readonly authority: string;
  readonly disk: Disk<Tables>;
  skew = 0;
  epoch = 0;
  isUp = true;
  /** Does not wait for the receipt of a message before it sends the next of its stream. */
  pipelines = false;
  readonly person: Person;
  readonly around: Around;
  private readonly underWay = new Map<string, number>();
  private seals = 0;
  private readonly signing = new Set<string>();
  private readonly asked = new Set<string>();

  constructor(person: Person, around: Around) {
    this.person = person;
    this.around = around;
    this.id = person.node.id;
    this.authority = person.node.authority;
    this.disk = emptyDisk<Tables>();
  }

  get trust(): TrustView {
    return this.around.trustOf(this.id);
  }

  now(): Instant {
    return toInstant(new Date(this.around.now() + this.skew));
  }

  has(plant: Plant): boolean {
    return this.around.plant === plant;
  }

  step(name: string): void {
    this.around.step(this.id, name);
  }

  save(changes: Change<Tables>[], facts: Fact[] = []): void {
    this.disk.commit(changes, facts);
  }

  flush(): void {
    this.around.record(this.disk.flush());
  }

  crash(): void {
    this.disk.crash();
    this.isUp = false;
    this.epoch += 1;
    this.underWay.clear();
    this.signing.clear();
    this.asked.clear();
    this.around.record([{ what: 'crashed', node: this.id }]);
  }

  restart(): void {
    this.isUp = true;
    if (this.has('nonce-reused-after-restart')) this.seals = 0;
  }

  submit(waiting: Waiting): void {
    this.save(
      [{ table: 'queue', key: waiting.id, row: waiting }],
      [{ what: 'submitted', id: waiting.id, from: this.authority, to: waiting.to }],
    );
    this.flush();
  }

  /** Bytes for sealing; with the planted fault the same ones after each restart. */
  private sealing() {
    return {
      bytes: (length: number) => {
        this.seals += 1;
        if (!this.has('nonce-reused-after-restart')) return this.around.chance.bytes(length);
        const bytes = Buffer.alloc(length, this.seals);
        return Uint8Array.from(bytes);
      },
    };
  }

  private seal(waiting: Waiting): { parts: MessageFields['parts']; inline: Map<string, Buffer>; nonces: string[] } {
    if (!this.around.seals) {
      const { part, bytes } = standInPart();
      return { parts: [part], inline: new Map([[part.name, bytes]]), nonces: [] };
    }
    const body = Buffer.from(`{"kind":"note","version":1,"of":"${waiting.id}"}`);
    const manifest = buildManifest({
      messageId: MessageId.parse(waiting.id),
      conversationId: waiting.conversationId,
      from: this.authority,
      to: waiting.to,
      subject: waiting.id,
      nationalReferences: [],
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
    });
    const recipients = this.trust.sealingKeys(waiting.to, this.now()).map((key) => key.recipient);
    const inline = new Map<string, Buffer>();
    const nonces: string[] = [];
    const parts = [manifest, fillBytes(body)].map((plain, index) => {
      const { bytes, length, headerSha256, payloadRoot } = sealBytes(plain, recipients, this.sealing());
      const name = `part-00${index}`;
      inline.set(name, bytes);
      const start = readAgeHeader(bytes)?.length ?? 0;
      nonces.push(bytes.toString('hex', start, start + 16));
      return { name, mediaType: 'application/age' as const, length, headerSha256, payloadRoot };
    });
    return { parts, inline, nonces };
  }

  /** Signs what waits: the number is lent first, and used with the message in one transaction. */
  async prepare(): Promise<void> {
    for (const waiting of [...this.disk.all('queue')].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) {
      const place = { conversationId: waiting.conversationId, from: this.authority, to: waiting.to };
      const stream = streamOf(place);
      const out = this.disk.read('streamsOut', stream) ?? emptyStreamOut;
      if (this.signing.has(waiting.id)) continue;
      const lent = prepareMessage(out, waiting.id, this.now());
      if (!lent.ok) continue;
      this.save([{ table: 'streamsOut', key: stream, row: lent.value.stream }]);
      this.flush();
      this.step('number lent');
      const signed = await this.sign(waiting, place, lent.value);
      this.step('signed');
      const slow = this.around.signingTakes();
      if (slow === 0) this.use(waiting, stream, lent.value, signed);
      else {
        this.signing.add(waiting.id);
        this.around.after(this, slow, () => {
          this.signing.delete(waiting.id);
          this.use(waiting, stream, lent.value, signed);
        });
      }
    }
  }

  private async sign(
    waiting: Waiting,
    place: { conversationId: string; from: string; to: string },
    { sequence, previous }: Lent,
  ): Promise<{ message: Signed<Message>; inline: Map<string, Buffer> }> {
    const signedAt = this.now();
    const key = this.person.authorityKeys.at(-1);
    if (!key) throw new Error('No key to sign with');
    const { parts, inline, nonces } = this.seal(waiting);
    this.around.record(nonces.map((nonce) => ({ what: 'sealed', node: this.id, nonce })));
    const message = await buildMessage(this.person.signer, key.kid, {
      id: MessageId.parse(waiting.id),
      subjectKind: waiting.kind,
      ...place,
      sequence,
      previous,
      inReplyTo: null,
      legalBasis: null,
      tlp: 'AMBER',
      priority: waiting.priority,
      signedAt,
      expiresAt: toInstant(new Date(Date.parse(signedAt) + waiting.lifeMillis)),
      mode: 'basic',
      parts,
    });
    return { message, inline };
  }

  /** Uses the number that was lent, with the message, in one transaction; when another took it meanwhile, nothing is sent. */
  private use(
    waiting: Waiting,
    stream: StreamId,
    lent: Lent,
    { message, inline }: { message: Signed<Message>; inline: Map<string, Buffer> },
  ): void {
    if (!this.disk.read('queue', waiting.id)) return;
    const { sequence, previous } = lent;
    const link = { sequence, previous, messageSha256: message.payloadSha256 };
    const current = this.disk.read('streamsOut', stream) ?? emptyStreamOut;
    const used = this.has('lease-not-checked')
      ? { ok: true as const, value: { ...lent.stream, next: sequence + 1, lastSha256: message.payloadSha256 } }
      : commitMessage(current, waiting.id, [link]);
    if (!used.ok) return;
    const row: SentRow = {
      id: waiting.id,
      messageId: waiting.id,
      peer: this.trust.nodeOf(waiting.to) ?? '',
      stream,
      sequence,
      previous,
      subjectKind: waiting.kind,
      priority: waiting.priority,
      status: 'queued',
      isSettled: false,
      attempts: 0,
      notBefore: this.now(),
      leaseUntil: null,
      queuedAt: waiting.at,
      expiresAt: message.value.expiresAt,
      lastCode: null,
      to: waiting.to,
      conversationId: waiting.conversationId,
      jws: message.jws,
      sha256: message.payloadSha256,
      inline,
      transport: null,
      receipt: null,
      refusal: null,
      waiting,
    };
    const facts: Fact[] = [{ what: 'signed', id: row.id, sha256: row.sha256, stream, sequence }];
    if (waiting.events) this.around.contents.set(row.id, waiting.events);
    if (this.has('outbox-outside-transaction')) {
      this.save([{ table: 'queue', key: waiting.id, row: undefined }]);
      this.flush();
      this.step('taken from the queue');
    }
    this.save(
      [
        { table: 'outbox', key: row.id, row },
        { table: 'streamsOut', key: stream, row: used.value },
        { table: 'queue', key: waiting.id, row: undefined },
      ],
      facts,
    );
    this.flush();
    this.step('queued');
  }

  private peer(node: string): PeerState {
    return this.disk.read('peers', node) ?? { ...closedBreaker, node, invalidReceipts: 0 };
  }

  private choose(): SentRow[] {
    const rows = this.disk.all('outbox');
    const peers = new Map(this.disk.all('peers').map((peer) => [peer.node, peer]));
    const now = this.now();
    if (this.has('two-in-flight') || this.pipelines) {
      const isFree = (row: SentRow) => row.leaseUntil === null || row.leaseUntil <= now;
      return rows.filter((row) => isUnsettled(row) && row.notBefore <= now && isFree(row));
    }
    const ready = this.has('sending-never-resumes')
      ? rows.map((row) =>
          row.status === 'sending' ? { ...row, leaseUntil: instant('9999-12-31T23:59:59.999Z') } : row,
        )
      : rows;
    const chosen = chooseToSend(ready, peers, this.underWay, now);
    return chosen.flatMap((one) => this.disk.read('outbox', one.messageId) ?? []);
  }

  async send(): Promise<void> {
    for (const chosen of this.choose()) {
      const started = sendStarted(chosen, this.peer(chosen.peer), this.now());
      let { row } = started;
      if (!row.transport || this.has('retry-makes-new-transport')) {
        const wrapped = await buildTransport(this.person.signer, this.person.node.nodeKey.kid, {
          message: row.jws,
          inline: row.inline,
          fromNode: this.id,
          toNode: row.peer,
          sentAt: this.now(),
          checkpoint: null,
          consistency: null,
          cosignature: null,
        });
        row = { ...row, transport: { text: wrapped.text, sha256: wrapped.textSha256 } };
      }
      this.save([
        { table: 'outbox', key: row.id, row },
        { table: 'peers', key: row.peer, row: started.peer },
      ]);
      this.flush();
      this.step('before the post');
      const { transport } = row;
      if (!transport) continue;
      const count = (this.underWay.get(row.peer) ?? 0) + 1;
      this.underWay.set(row.peer, count);
      const { id, stream } = row;
      this.around.record([
        {
          what: 'posted',
          node: this.id,
          id,
          stream,
          pipelines: this.pipelines,
          underWay: count,
          textSha256: transport.sha256,
        },
      ]);
      const { epoch } = this;
      this.around.post(this.id, row.peer, transport.text, (status, body) => {
        if (!this.isUp || this.epoch !== epoch) return;
        this.underWay.set(row.peer, Math.max(0, (this.underWay.get(row.peer) ?? 1) - 1));
        this.answered(row.id, transport.sha256, status, body);
      });
    }
  }

  private readAnswer(row: SentRow, status: number, body: string, transportSha256: Sha256): Answer {
    const sent: Sent = { messageId: row.id, messageSha256: row.sha256, transportSha256, toNode: row.peer };
    const { trust } = this;
    if (status === 0) return { is: 'failure', code: 'exchange.not-reached' };
    if (status === 202) return { is: 'waiting-for-parts' };
    if (status === 200) {
      const receipt = verifyReceipt(body, sent, trust, this.now());
      const isReceipt = receipt.ok || (this.has('receipt-for-other-hash') && body.includes('"payload"'));
      return isReceipt
        ? { is: 'receipt' }
        : { is: 'failure', code: 'exchange.invalid-receipt', isInvalidReceipt: true };
    }
    const refusal = verifyRefusal(body, sent, trust, this.now());
    if (refusal.ok) return { is: 'refusal', code: refusal.value.value.code, after: refusal.value.value.after };
    if (this.has('unsigned-4xx-is-final') && status >= 400 && status < 500)
      return { is: 'refusal', code: 'exchange.schema' };
    return { is: 'failure', code: `exchange.http-${status}` };
  }

  /** An answer came, or the line broke: what it means is the core's; the end of a message is one transaction. */
  private answered(id: string, transportSha256: Sha256, status: number, body: string): void {
    const row = this.disk.read('outbox', id);
    if (!row) return;
    const answer = this.readAnswer(row, status, body, transportSha256);
    this.step('answer read');
    if (this.has('late-receipt-ignored') && row.expiresAt < this.now() && answer.is === 'receipt') return;
    const before = this.peer(row.peer);
    const decided = sendAnswered(row, before, answer, this.now(), this.around.chance.share());
    const peer = this.has('breaker-never-closes') && before.breaker !== 'closed' ? before : decided.peer;
    const isSigned = verifiesAs(answer, row, body, transportSha256, this);
    const isKept = decided.effects.some((effect) => effect.do === 'keep-answer');
    const next: SentRow = {
      ...decided.row,
      receipt: answer.is === 'receipt' && isKept ? body : row.receipt,
      refusal: answer.is === 'refusal' && isKept ? body : row.refusal,
    };
    const changes: Change<Tables>[] = [
      { table: 'outbox', key: id, row: next },
      { table: 'peers', key: row.peer, row: peer },
    ];
    const facts = this.endFacts(row, next, decided.effects, proofOf(answer, isSigned));
    const does = new Set(decided.effects.map((effect) => effect.do));
    if (does.has('reissue') && !this.has('reissue-forgotten')) changes.push(...this.reissue(next, facts));
    if (does.has('try-all')) changes.push(...this.tryAll(row.peer, id));
    if (this.has('retry-makes-new-id') && answer.is === 'failure') {
      const copy = `${id.slice(0, -4)}${(row.attempts + 4096).toString(16).padStart(4, '0').slice(-4)}`;
      changes.push({ table: 'queue', key: copy, row: { ...row.waiting, id: copy } });
      facts.push({ what: 'submitted', id: copy, from: this.authority, to: row.to });
      changes[0] = { table: 'outbox', key: id, row: { ...next, status: 'refused', isSettled: true } };
    }
    this.save(changes, facts);
    this.step('answer kept');
    this.flush();
  }

  private endFacts(
    row: SentRow,
    next: SentRow,
    effects: readonly SendEffect[],
    proof: 'receipt' | 'refusal' | 'event' | 'own' | 'none',
  ): Fact[] {
    const facts: Fact[] = [];
    if (next.isSettled && !row.isSettled) facts.push({ what: 'settled', id: row.id, stream: row.stream });
    for (const effect of effects) {
      if (effect.do !== 'tell') continue;
      const outcome = endOf(effect.outcome);
      if (outcome) facts.push({ what: 'ended', node: this.id, id: row.id, outcome, proof, code: next.lastCode });
    }
    return facts;
  }

  /** Puts what stands behind a freed number back, to be signed again. It never left. */
  private reissue(freed: SentRow, facts: Fact[]): Change<Tables>[] {
    const out = this.disk.read('streamsOut', freed.stream) ?? emptyStreamOut;
    const behind = this.disk
      .all('outbox')
      .filter((row) => row.stream === freed.stream && row.sequence > freed.sequence && !row.isSettled)
      .sort((a, b) => a.sequence - b.sequence);
    const decided = reissue(out, freed, behind);
    const changes: Change<Tables>[] = [{ table: 'streamsOut', key: freed.stream, row: decided.stream }];
    for (const row of decided.ended) {
      facts.push({ what: 'settled', id: row.id, stream: row.stream });
      changes.push({ table: 'outbox', key: row.id, row });
    }
    for (const row of decided.again) {
      const lifeMillis = Math.max(3_600_000, Date.parse(row.expiresAt) - Date.parse(this.now()));
      changes.push(
        { table: 'outbox', key: row.id, row: undefined },
        { table: 'queue', key: row.id, row: { ...row.waiting, lifeMillis } },
      );
    }
    return changes;
  }

  /** Lets go at once what waits for a peer that answers again. */
  private tryAll(peer: string, but: string): Change<Tables>[] {
    const now = this.now();
    return this.disk
      .all('outbox')
      .filter((row) => row.peer === peer && row.id !== but && !row.isSettled && row.leaseUntil === null)
      .filter((row) => row.notBefore > now)
      .map((row) => ({ table: 'outbox', key: row.id, row: { ...row, notBefore: now } }));
  }

  /** What a message of the other side, just opened, says of messages that were sent there. */
  hear(from: string, events: readonly StatedEvent[]): { changes: Change<Tables>[]; facts: Fact[] } {
    const changes: Change<Tables>[] = [];
    const facts: Fact[] = [];
    const rows = new Map<string, SentRow>();
    for (const event of events) {
      const row = rows.get(event.messageId) ?? this.disk.read('outbox', event.messageId);
      if (!row || row.to !== from) continue;
      const heard = heardEvent(row, event);
      if (heard.row === row) continue;
      rows.set(row.id, heard.row);
      changes.push({ table: 'outbox', key: row.id, row: heard.row });
      facts.push(...this.endFacts(row, heard.row, heard.effects, 'event'));
    }
    return { changes, facts };
  }

  /** A message that tells the other side what became of its own, to be sent like any other. */
  telling(to: string, conversationId: string, events: readonly StatedEvent[]): Change<Tables> {
    const id = uuidv7(this.around.chance, Date.parse(this.now()));
    const about = sha256(`events ${conversationId}`).slice(0, 32);
    const row: Waiting = {
      id,
      to,
      conversationId: Buffer.from(about, 'hex').toString('base64url'),
      kind: eventKind,
      priority: 'routine',
      lifeMillis: 30 * 24 * 3_600_000,
      at: this.now(),
      events,
    };
    return { table: 'queue', key: id, row };
  }

  /** What time alone does. */
  tick(): void {
    const changes: Change<Tables>[] = [];
    const facts: Fact[] = [];
    for (const row of this.disk.all('outbox')) {
      const ticked = tickOutgoing(row, this.now());
      if (ticked.effects.some((effect) => effect.do === 'ask-receipt')) this.askReceipt(row);
      if (ticked.row === row) continue;
      changes.push({ table: 'outbox', key: row.id, row: ticked.row });
      facts.push(...this.endFacts(row, ticked.row, ticked.effects, 'own'));
    }
    if (changes.length === 0) return;
    this.save(changes, facts);
    this.step('time kept');
    this.flush();
  }

  private askReceipt({ id, peer, transport }: SentRow): void {
    if (!transport || this.asked.has(id)) return;
    this.asked.add(id);
    const { epoch } = this;
    this.around.askReceipt(this.id, peer, id, (status, body) => {
      // That nothing is known of it there says nothing.
      if (this.isUp && this.epoch === epoch && status !== 404 && status !== 0)
        this.answered(id, transport.sha256, status, body);
    });
  }

  /** Takes back what has not left yet. */
  recall(id: string): void {
    const row = this.disk.read('outbox', id);
    const decided = row && recall(row);
    if (!row || decided?.do !== 'withdrawn') return;
    const facts = this.endFacts(row, decided.row, decided.effects, 'own');
    this.save([{ table: 'outbox', key: id, row: decided.row }, ...this.reissue(decided.row, facts)], facts);
    this.flush();
  }

  /** Earliest moment of this node's own time at which something may be due. */
  dueAt(): number {
    const now = Date.parse(this.now());
    const times: number[] = this.disk.all('queue').map((row) => this.preparableAt(row));
    for (const row of this.disk.all('outbox')) {
      if (!isUnsettled(row)) continue;
      const peer = this.disk.read('peers', row.peer);
      const open = peer && peer.breaker !== 'closed' ? Date.parse(peer.probeAt ?? row.notBefore) : 0;
      times.push(Math.max(Date.parse(row.notBefore), Date.parse(row.leaseUntil ?? row.notBefore), open));
      if (row.status === 'queued' || row.status === 'sending')
        times.push(...[300_000, 360_000].map((late) => Date.parse(row.expiresAt) + late).filter((at) => at > now));
    }
    for (const row of this.disk.all('inbox'))
      if (row.status === 'received' || row.status === 'parked') times.push(Date.parse(row.nextAt));
    return times.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...times);
  }

  private preparableAt(row: Waiting): number {
    const stream = streamOf({ conversationId: row.conversationId, from: this.authority, to: row.to });
    const out = this.disk.read('streamsOut', stream);
    const isLent = out?.reservedBy && out.reservedBy !== row.id && out.reservedUntil;
    const own = this.signing.has(row.id) ? Date.parse(this.now()) + 60_000 : Date.parse(row.at);
    return isLent ? Math.max(own, Date.parse(out.reservedUntil ?? row.at)) : own;
  }

  rest(): Rest {
    const ends = <S extends { next: number; lastSha256: string | null }>(table: readonly [string, S][]) =>
      Object.fromEntries(table.map(([stream, { next, lastSha256 }]) => [stream, { next, last: lastSha256 }]));
    const streams = new Set([
      ...this.disk.all('outbox').map((row) => row.stream),
      ...this.disk.all('inbox').map((row) => row.stream),
    ]);
    const of = <T extends 'streamsOut' | 'streamsIn'>(table: T) =>
      [...streams].flatMap((stream) => {
        const end = this.disk.read(table, stream);
        return end ? [[stream, end] as [string, typeof end]] : [];
      });
    return {
      node: this.id,
      authority: this.authority,
      inbox: new Set(this.disk.all('inbox').map((row) => row.messageId)),
      waiting: this.disk
        .all('inbox')
        .filter((row) => row.status === 'received' || row.status === 'held' || row.status === 'parked')
        .map((row) => ({ id: row.messageId, status: row.status })),
      outbox: this.disk.all('outbox').map(({ id, isSettled, status }) => ({ id, isSettled, status })),
      unsigned: this.disk.all('queue').map((row) => row.id),
      streamsOut: ends(of('streamsOut')),
      streamsIn: ends(of('streamsIn')),
      openBreakers: this.disk.all('peers').flatMap((peer) => (peer.breaker === 'closed' ? [] : [peer.node])),
    };
  }
}

/** The end that a word tells; whatever is higher than delivered was delivered as well. */
function endOf(outcome: SentOutcome): 'delivered' | 'refused' | 'expired' | 'recalled' | undefined {
  switch (outcome) {
    case 'held-here':
      return undefined;
    case 'refused':
    case 'expired':
    case 'recalled':
      return outcome;
    default:
      return 'delivered';
  }
}

/** What proves the end that an answer brings. */
function proofOf(answer: Answer, isSigned: boolean): 'receipt' | 'refusal' | 'none' {
  if (!isSigned) return 'none';
  return answer.is === 'receipt' ? 'receipt' : 'refusal';
}

function verifiesAs(answer: Answer, row: SentRow, body: string, transportSha256: Sha256, node: SimulatedNode): boolean {
  const sent: Sent = { messageId: row.id, messageSha256: row.sha256, transportSha256, toNode: row.peer };
  if (answer.is === 'receipt') return verifyReceipt(body, sent, node.trust, node.now()).ok;
  if (answer.is === 'refusal') return verifyRefusal(body, sent, node.trust, node.now()).ok;
  return false;
}
