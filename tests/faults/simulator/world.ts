import { fail, ok, sha256, toInstant, type Result } from '../../../src/platform/values/index.ts';
import { flatJwsText, type FlatJws } from '../../../src/platform/crypto/index.ts';
import { uuidv7 } from '../../../src/platform/random.ts';
import { makeKey, signerOf } from '../../support/exchange-world.ts';
import { buildMessage, buildTransport } from '../../../src/modules/exchange/envelope.ts';
import type { TrustView } from '../../../src/modules/exchange/schema.ts';
import { chanceFrom, type Chance } from './chance.ts';
import { check, type Fact, type Violation } from './checker.ts';
import { Crash, SimulatedNode, type Around } from './node.ts';
import { peopleOf, replaceKey, trustAmong, type Person } from './people.ts';
import type { Plant } from './plants.ts';
import { findReceipt, openDue, takePost, type Reply } from './receiving.ts';
import type { StatedEvent } from './shapes.ts';

export interface RunOptions {
  seed: number;
  /** 2 to 50; chosen by the seed unless told. */
  nodes?: number;
  messages?: number;
  plant?: Plant;
}

export interface RunReport {
  seed: number;
  nodes: number;
  messages: number;
  /** Bodies that were posted, those of an attacker included. */
  posts: number;
  crashes: number;
  /** Whether contents were really sealed and opened. Signatures always are. */
  sealed: boolean;
  /** Virtual milliseconds. */
  lasted: number;
  violations: Violation[];
}

const start = Date.parse('2026-05-14T12:00:00.000Z');
const minute = 60_000;
const hour = 60 * minute;

/** How bad the world is in one run; some runs are mild in one way and harsh in another. */
function troublesOf(chance: Chance) {
  const harsh = (most: number) => (chance.happens(0.6) ? chance.share() * most : 0);
  return {
    drop: harsh(0.35),
    answerLost: harsh(0.35),
    duplicate: harsh(0.3),
    slow: harsh(0.5),
    cut: harsh(0.15),
    flip: harsh(0.15),
    garbage: harsh(0.25),
    wrongReceipt: harsh(0.2),
    crash: harsh(0.04),
    attack: harsh(0.3),
    handlerFails: harsh(0.2),
    clocks: chance.happens(0.4),
    revokes: chance.happens(0.35),
    cutOff: chance.happens(0.4),
    shortLives: chance.happens(0.4),
    recalls: chance.happens(0.3),
    slowSigner: harsh(0.3),
    lag: harsh(8 * minute),
    pipelines: chance.happens(0.5),
  };
}

interface Task {
  at: number;
  turn: number;
  work(): Promise<void> | void;
}

/** One world: nodes, the network between them, an attacker on it, one time for all and a clock for each. */
class World implements Around {
  readonly seals: boolean;
  readonly chance: Chance;
  readonly history: Fact[] = [];
  readonly nodes: SimulatedNode[];
  readonly plant: Plant | undefined;
  readonly contents = new Map<string, readonly StatedEvent[]>();
  posts = 0;
  crashes = 0;
  private time = 0;
  private turn = 0;
  private tasks: Task[] = [];
  private isCalm = false;
  private readonly trouble;
  private readonly people: Person[];
  private readonly seenBodies: { from: string; to: string; body: string }[] = [];
  private readonly seenReceipts: string[] = [];
  private readonly cutUntil = new Map<string, number>();
  private readonly handlers = new Map<string, { fails: number; refuses: boolean }>();
  private readonly views = new Map<string, TrustView>();
  private readonly woken = new Map<string, number>();

  constructor({ seed, nodes, plant }: RunOptions) {
    this.chance = chanceFrom(seed);
    this.plant = plant;
    this.people = peopleOf(nodes ?? this.chance.between(2, 5));
    this.seals = seed % 10 === 0 || plant === 'nonce-reused-after-restart';
    this.trouble = troublesOf(this.chance);
    for (const { node } of this.people) {
      const lag = this.trouble.lag * this.chance.share();
      const knows = (key: { validFrom: string }) => this.isCalm || Date.parse(key.validFrom) + lag <= this.now();
      this.views.set(node.id, trustAmong(this.people, knows));
    }
    this.nodes = this.people.map((person) => new SimulatedNode(person, this));
    // A number that may be freed is no place for what was sent ahead: such a peer waits, or its keys stay.
    const { trouble } = this;
    if (trouble.pipelines && !trouble.revokes && !trouble.recalls) this.chance.pick(this.nodes).pipelines = true;
  }

  trustOf(node: string): TrustView {
    const view = this.views.get(node);
    if (!view) throw new Error(`No node ${node}`);
    return view;
  }

  signingTakes(): number {
    return this.happens(this.trouble.slowSigner) ? this.chance.between(1000, 14 * minute) : 0;
  }

  after(node: SimulatedNode, millis: number, work: () => void): void {
    const { epoch } = node;
    this.later(millis, () => {
      if (node.epoch !== epoch) return;
      this.guard(node, work);
      this.wake(node);
    });
  }

  now(): number {
    return start + this.time;
  }

  record(facts: readonly Fact[]): void {
    this.history.push(...facts);
  }

  step(name: string): void {
    if (this.isCalm || !this.chance.happens(this.trouble.crash)) return;
    throw new Crash(name);
  }

  handlerOf(id: string, tries: number): 'take' | 'refuse' | 'fail' {
    let plan = this.handlers.get(id);
    if (!plan) {
      const isBad = this.chance.happens(this.trouble.handlerFails);
      plan = { fails: isBad ? this.chance.between(1, 7) : 0, refuses: isBad && this.chance.happens(0.2) };
      this.handlers.set(id, plan);
    }
    if (plan.refuses) return 'refuse';
    return tries < plan.fails ? 'fail' : 'take';
  }

  private later(millis: number, work: Task['work']): void {
    this.turn += 1;
    this.tasks.push({ at: this.time + Math.max(0, Math.round(millis)), turn: this.turn, work });
  }

  private delay(): number {
    if (this.isCalm) return this.chance.between(1, 20);
    return this.chance.happens(this.trouble.slow) ? this.chance.between(100, 90_000) : this.chance.between(1, 400);
  }

  private isCut(from: string, to: string): boolean {
    return !this.isCalm && (this.cutUntil.get(`${from} ${to}`) ?? 0) > this.time;
  }

  private happens(probability: number): boolean {
    return !this.isCalm && this.chance.happens(probability);
  }

  /** What comes back to a node, once: an answer, or in the end its own patience. */
  private hearing(from: string, answered: (status: number, body: string) => void) {
    let isAnswered = false;
    const answer = (status: number, text: string) => {
      if (isAnswered) return;
      isAnswered = true;
      const sender = this.node(from);
      this.guard(sender, () => answered(status, text));
      this.wake(sender);
    };
    // A sender gives up by itself after its longest wait.
    this.later(35_000, () => answer(0, ''));
    return answer;
  }

  /** Carries one body across a network that loses, doubles, delays, cuts and changes. */
  post(from: string, to: string, body: string, answered: (status: number, body: string) => void): void {
    this.seenBodies.push({ from, to, body });
    const answer = this.hearing(from, answered);
    if (this.happens(this.trouble.drop) || this.isCut(from, to)) return;
    const copies = this.happens(this.trouble.duplicate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1)
      this.later(this.delay(), () => this.arrive(from, to, this.spoil(body), answer));
  }

  askReceipt(from: string, to: string, id: string, answered: (status: number, body: string) => void): void {
    const answer = this.hearing(from, answered);
    if (this.happens(this.trouble.drop) || this.isCut(from, to)) return;
    this.later(this.delay(), async () => {
      const node = this.node(to);
      const reply = await this.guardAsync(node, async () => findReceipt(node, from, id));
      this.giveBack(from, to, reply, answer);
    });
  }

  private spoil(body: string): string {
    if (this.happens(this.trouble.cut)) return body.slice(0, this.chance.between(0, body.length - 1));
    if (!this.happens(this.trouble.flip)) return body;
    const bytes = Buffer.from(body, 'latin1');
    const place = this.chance.between(0, bytes.length - 1);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << this.chance.between(0, 6));
    return bytes.toString('latin1');
  }

  private async arrive(
    from: string,
    to: string,
    body: string,
    answer: (status: number, body: string) => void,
  ): Promise<void> {
    this.posts += 1;
    const node = this.node(to);
    if (!node.isUp) return this.later(this.delay(), () => answer(0, ''));
    const reply = await this.guardAsync(node, () => takePost(node, from, body));
    this.wake(node);
    if (reply?.status === 200) {
      this.record([{ what: 'answered', node: to, transport: sha256(body), text: reply.body }]);
      this.seenReceipts.push(reply.body);
    }
    this.giveBack(from, to, reply, answer);
  }

  /** Carries an answer back, or what becomes of it on the way. */
  private giveBack(
    from: string,
    to: string,
    reply: Reply | undefined,
    answer: (status: number, body: string) => void,
  ): void {
    if (!reply) return this.later(this.delay(), () => answer(0, ''));
    if (this.happens(this.trouble.answerLost) || this.isCut(to, from)) return;
    if (this.happens(this.trouble.garbage)) {
      const [status, text] = this.chance.pick([
        [200, '<html>It works!</html>'],
        [200, ''],
        [404, 'not found'],
        [403, '{"code":"exchange.expired"}'],
        [500, 'oops'],
        [502, ''],
        [302, ''],
      ] as const);
      return this.later(this.delay(), () => answer(status, text));
    }
    if (this.happens(this.trouble.wrongReceipt) && this.seenReceipts.length > 0)
      return this.later(this.delay(), () => answer(200, this.chance.pick(this.seenReceipts)));
    const text = this.spoil(reply.body);
    this.later(this.delay(), () => answer(reply.status, text));
  }

  private node(id: string): SimulatedNode {
    const found = this.nodes.find((node) => node.id === id);
    if (!found) throw new Error(`No node ${id}`);
    return found;
  }

  private guard(node: SimulatedNode, work: () => void): void {
    if (!node.isUp) return;
    try {
      work();
    } catch (error) {
      this.crashed(node, error);
    }
  }

  private async guardAsync<T>(node: SimulatedNode, work: () => Promise<T>): Promise<T | undefined> {
    if (!node.isUp) return undefined;
    try {
      return await work();
    } catch (error) {
      this.crashed(node, error);
      return undefined;
    }
  }

  private crashed(node: SimulatedNode, error: unknown): void {
    if (!(error instanceof Crash)) throw error;
    this.crashes += 1;
    node.crash();
    this.later(this.chance.between(100, 120_000), () => {
      node.restart();
      this.wake(node);
    });
  }

  /** One turn of a node: what is due is done, then it sleeps until something is. */
  private async run(node: SimulatedNode): Promise<void> {
    this.woken.delete(node.id);
    await this.guardAsync(node, async () => {
      node.tick();
      await node.prepare();
      await openDue(node);
      await node.send();
    });
    if (!node.isUp) return;
    const due = node.dueAt() - node.skew - this.now();
    if (Number.isFinite(due)) this.wake(node, Math.max(250, due));
  }

  private wake(node: SimulatedNode, millis = 1): void {
    const at = this.time + Math.round(millis);
    const planned = this.woken.get(node.id);
    if (planned !== undefined && planned <= at) return;
    this.woken.set(node.id, at);
    this.later(millis, () => (this.woken.get(node.id) === at ? this.run(node) : undefined));
  }

  private async runUntil(end: number): Promise<void> {
    for (;;) {
      let best: Task | undefined;
      for (const task of this.tasks)
        if (!best || task.at < best.at || (task.at === best.at && task.turn < best.turn)) best = task;
      if (!best || best.at > end) break;
      this.tasks.splice(this.tasks.indexOf(best), 1);
      this.time = Math.max(this.time, best.at);
      await best.work();
    }
    this.time = Math.max(this.time, end);
  }

  private plan(messages: number): void {
    const { trouble, chance, nodes } = this;
    const conversations = Array.from({ length: trouble.pipelines ? 1 : Math.max(2, Math.ceil(messages / 4)) }, () =>
      Buffer.from(chance.bytes(16)).toString('base64url'),
    );
    const ids: { node: SimulatedNode; id: string }[] = [];
    for (let count = 0; count < messages; count += 1) {
      const from = nodes.find((node) => node.pipelines && chance.happens(0.6)) ?? chance.pick(nodes);
      const to = chance.pick(nodes.filter((node) => node !== from));
      const at = chance.between(0, trouble.pipelines ? 3 * minute : 15 * minute);
      const id = uuidv7(chance, start + at + count);
      ids.push({ node: from, id });
      const submit = () => {
        from.submit({
          id,
          to: to.authority,
          conversationId: chance.pick(conversations),
          kind: 'note/1',
          priority: chance.pick(['routine', 'routine', 'urgent', 'immediate'] as const),
          lifeMillis: trouble.shortLives && chance.happens(0.5) ? hour : 30 * 24 * hour,
          at: toInstant(new Date(this.now() + count)),
        });
        this.wake(from);
      };
      this.later(at, submit);
    }
    if (trouble.clocks) {
      for (const node of nodes) {
        const far = chance.pick([-2 * hour, -4 * minute, 0, 4 * minute, 2 * hour]);
        this.later(chance.between(0, 5 * minute), () => void (node.skew = far));
        this.later(chance.between(8 * minute, 20 * minute), () => void (node.skew = 0));
      }
    }
    if (trouble.revokes) {
      const index = chance.between(0, nodes.length - 1);
      const person = this.people[index];
      if (person)
        this.later(chance.between(minute, 12 * minute), () =>
          replaceKey(person, index, toInstant(new Date(this.now()))),
        );
    }
    // Whoever recorded the line plays all of it again, once keys have changed and everyone knows.
    if (trouble.revokes) this.later(24 * minute, () => this.replayAll());
    if (trouble.cutOff) {
      for (let cut = 0; cut < chance.between(1, 4); cut += 1) {
        const [a, b] = [chance.pick(nodes).id, chance.pick(nodes).id];
        const until = chance.happens(0.5) ? 80 * minute : 10 * minute;
        this.later(chance.between(0, 10 * minute), () => {
          this.cutUntil.set(`${a} ${b}`, this.time + until);
          if (this.chance.happens(0.4)) this.cutUntil.set(`${b} ${a}`, this.time + until);
        });
      }
    }
    if (trouble.recalls)
      for (const { node, id } of ids.filter(() => chance.happens(0.15)))
        this.later(chance.between(0, 20 * minute), () => this.guard(node, () => node.recall(id)));
    for (let turn = 0; turn < 12; turn += 1)
      if (chance.happens(trouble.attack)) this.later(chance.between(minute, 20 * minute), () => this.attack());
  }

  private replayAll(): void {
    for (const { from, to, body } of this.seenBodies.slice(-80))
      this.later(this.delay() / 100, () => this.arrive(from, to, body, () => {}));
  }

  /** What someone on the line, or a node with a key of its own, may do. */
  private async attack(): Promise<void> {
    const { chance } = this;
    if (this.seenBodies.length === 0) return;
    const { from, to, body } = chance.pick(this.seenBodies);
    const other = chance.pick(this.nodes);
    const send = (sender: string, receiver: string, text: string) =>
      this.later(this.delay(), () => this.arrive(sender, receiver, text, () => {}));
    const outer = JSON.parse(body) as FlatJws;
    const transport = JSON.parse(Buffer.from(outer.payload, 'base64url').toString('utf8')) as { message: FlatJws };
    const inner = Buffer.from(transport.message.payload, 'base64url').toString('utf8');
    const withMessage = (message: FlatJws) =>
      flatJwsText({ ...outer, payload: Buffer.from(JSON.stringify({ ...transport, message })).toString('base64url') });
    const encode = (value: unknown) =>
      Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
    switch (chance.pick(['replay', 'elsewhere', 'respelled', 'unsigned', 'forged', 'handed-on'] as const)) {
      case 'replay':
        return send(from, to, body);
      case 'elsewhere':
        return send(from, other.id, body);
      case 'respelled': {
        const loose = JSON.stringify(JSON.parse(inner), null, 1);
        return send(from, to, withMessage({ ...transport.message, payload: encode(loose) }));
      }
      case 'unsigned': {
        const message = JSON.parse(inner) as { id: string; sequence: number; priority: string };
        const forged = {
          ...message,
          id: uuidv7(chance, this.now()),
          sequence: message.sequence + chance.between(0, 1),
        };
        const header = { alg: 'none', typ: 'comity-message+jws' };
        return send(from, to, withMessage({ payload: encode(forged), protected: encode(header), signature: '' }));
      }
      case 'forged': {
        const key = makeKey('EdDSA');
        const message = JSON.parse(inner) as Parameters<typeof buildMessage>[2] & { kind?: string; version?: number };
        const { kind: _kind, version: _version, ...fields } = message;
        const forged = await buildMessage(signerOf(key), key.kid, { ...fields, priority: 'immediate' });
        const node = this.node(from);
        const wrapped = await buildTransport(node.person.signer, node.person.node.nodeKey.kid, {
          message: forged.jws,
          inline: new Map(),
          fromNode: from,
          toNode: to,
          sentAt: toInstant(new Date(this.now())),
          checkpoint: null,
          consistency: null,
          cosignature: null,
        });
        return send(from, to, wrapped.text);
      }
      case 'handed-on': {
        const node = this.node(to);
        const wrapped = await buildTransport(node.person.signer, node.person.node.nodeKey.kid, {
          message: transport.message,
          inline: new Map(),
          fromNode: to,
          toNode: other.id,
          sentAt: toInstant(new Date(this.now())),
          checkpoint: null,
          consistency: null,
          cosignature: null,
        });
        return send(to, other.id, wrapped.text);
      }
    }
  }

  /** Lets the schedule run, then gives the world peace, and looks at what is left. */
  async live(messages: number): Promise<Result<Violation[], Violation[]>> {
    this.plan(messages);
    await this.runUntil(25 * minute);
    if (this.trouble.shortLives || this.trouble.cutOff) await this.runUntil(90 * minute);
    this.isCalm = true;
    for (const node of this.nodes) {
      node.skew = 0;
      if (!node.isUp) node.restart();
      this.wake(node);
    }
    const end = this.time + 12 * hour;
    while (this.time < end) {
      await this.runUntil(Math.min(end, this.time + 30 * minute));
      if (this.nodes.every((node) => !Number.isFinite(node.dueAt()))) break;
    }
    const violations = check(
      this.history,
      this.nodes.map((node) => node.rest()),
    );
    return violations.length === 0 ? ok(violations) : fail(violations);
  }

  get lasted(): number {
    return this.time;
  }
}

/** Runs one schedule from its seed. The same seed and options give the same run. */
export async function run(options: RunOptions): Promise<RunReport> {
  const world = new World(options);
  const messages = options.messages ?? chanceFrom(options.seed ^ 0x5bd1e995).between(5, 25);
  const ended = await world.live(messages);
  return {
    seed: options.seed,
    nodes: world.nodes.length,
    messages,
    posts: world.posts,
    crashes: world.crashes,
    sealed: world.seals,
    lasted: world.lasted,
    violations: ended.ok ? [] : ended.error,
  };
}
