import { createServer } from 'node:net';
import { createHash, randomBytes } from 'node:crypto';
import { introduceNodes } from '../../src/app/introduce.ts';
import { loadSampleDirectory } from '../../src/modules/authorities/index.ts';
import type { Exchange } from '../../src/modules/exchange/index.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { withTransaction } from '../../src/platform/db/index.ts';
import type { Log } from '../../src/platform/log.ts';
import {
  putInOutbox,
  type IncomingMessage,
  type MessageOutcome,
  type MessageUses,
  type OutgoingContent,
} from '../../src/platform/outbox/index.ts';
import { systemRandom, uuidv7 } from '../../src/platform/random.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { startNode, type StartOptions, type TestNode } from './node.ts';

export type NetworkState = 'XA' | 'XB' | 'XC' | 'XD';

const samples = { XA: 'alba', XB: 'borea', XC: 'cordia', XD: 'delmar' } as const;

export interface NetworkNode extends TestNode {
  state: NetworkState;
  exchange: Exchange;
  authority: string;
  /** In front of this node, for every peer; absent without `proxies`. */
  proxy: FaultProxy | undefined;
}

export interface NetworkOptions {
  states: readonly NetworkState[];
  /** A fault proxy in front of each node. */
  proxies?: boolean;
  profile?: StartOptions['profile'];
  clocks?: Partial<Record<NetworkState, Clock>>;
  logs?: Partial<Record<NetworkState, Log>>;
  environment?: Partial<Record<NetworkState, Record<string, string>>>;
  /** Starts without the nodes knowing each other. */
  strangers?: boolean;
}

export interface Network {
  nodes: readonly NetworkNode[];
  of(state: NetworkState): NetworkNode;
  stop(): Promise<void>;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

async function startOne(state: NetworkState, options: NetworkOptions): Promise<NetworkNode> {
  const port = await freePort();
  const proxy = options.proxies ? await startFaultProxy({ port: () => port }) : undefined;
  const name = samples[state];
  const clock = options.clocks?.[state];
  const log = options.logs?.[state];
  const node = await startNode({
    state,
    profile: options.profile ?? 'demo',
    ...(clock ? { clock } : {}),
    ...(log ? { log } : {}),
    environment: {
      COMITY_EXCHANGE_PORT: String(port),
      COMITY_EXCHANGE_ORIGIN: `https://${name}.localhost:${proxy?.port ?? port}`,
      ...options.environment?.[state],
    },
  });
  const { exchange } = node.running.live;
  const { system } = exchange;
  await system.transaction((tx) =>
    loadSampleDirectory(tx, system, { needs: node.modules.authoritiesNeeds, names: [name] }),
  );
  // Now that the directory has the own authority, its keys are published as well.
  await exchange.trust.start(system);
  return { ...node, state, exchange, authority: `${state}:central-authority`, proxy };
}

/** Whole nodes in this process, each with a database of its own, with keys made on the spot, trusting each other. */
export async function startNetwork(options: NetworkOptions): Promise<Network> {
  const nodes: NetworkNode[] = [];
  const stop = async () => {
    // A proxy that swallows everything would keep a stop waiting.
    for (const { proxy } of nodes) {
      proxy?.set({});
      proxy?.reset();
    }
    await Promise.all(nodes.map((node) => node.stop()));
    for (const { proxy } of nodes) await proxy?.close();
  };
  try {
    for (const state of options.states) nodes.push(await startOne(state, options));
    if (!options.strangers)
      for (const [index, one] of nodes.entries())
        for (const other of nodes.slice(index + 1))
          await introduceNodes(
            { node: one.node, live: one.running.live },
            { node: other.node, live: other.running.live },
          );
    if (!options.strangers) for (const { exchange } of nodes) await exchange.replication()?.once();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    nodes,
    of(state) {
      const found = nodes.find((node) => node.state === state);
      if (!found) throw new Error(`No node of ${state}`);
      return found;
    },
    stop,
  };
}

/** What a node sent and took of the kind `test-note/1`, for tests of delivery alone. */
export interface Notes {
  taken: IncomingMessage[];
  /** Bytes of files as they were read, but for very large ones. */
  files: Map<string, Buffer>;
  hashes: Map<string, string>;
  outcomes: MessageOutcome[];
  /** Runs inside the handler, before the note is kept. */
  onApply?: ((message: IncomingMessage) => void | Promise<void>) | undefined;
  send(note: NewNote): Promise<string>;
}

export interface NewNote {
  to: string;
  conversationId?: string;
  text: string;
  priority?: OutgoingContent['priority'];
  expiresAfterHours?: number;
  tlp?: string;
  files?: OutgoingContent['files'];
  id?: string;
}

export const noteKind = 'test-note/1';
/** Files up to this many bytes are kept as they came. */
const mostKept = 64 * 1_048_576;

export function newConversation(): string {
  return randomBytes(16).toString('base64url');
}

/** Teaches a node the kind `test-note/1`: contents wait in memory, what comes is kept in memory in the handler's transaction. */
export function takeNotes(node: NetworkNode, { readFiles = false } = {}): Notes {
  const { exchange } = node;
  const waiting = new Map<string, OutgoingContent>();
  const notes: Notes = {
    taken: [],
    files: new Map(),
    hashes: new Map(),
    outcomes: [],
    async send({ to, text, conversationId = newConversation(), ...more }) {
      const id = more.id ?? uuidv7(systemRandom, Date.parse(node.node.clock.now()));
      const content: OutgoingContent = {
        conversationId,
        from: node.authority,
        to,
        inReplyTo: null,
        legalBasis: null,
        tlp: more.tlp ?? 'AMBER',
        priority: more.priority ?? 'routine',
        subject: `Subject of ${text}`,
        nationalReferences: [],
        body: { kind: 'test-note', version: 1, text },
        files: more.files ?? [],
        ...(more.expiresAfterHours === undefined ? {} : { expiresAfterHours: more.expiresAfterHours }),
      };
      waiting.set(id, content);
      await withTransaction(node.node.database.db, 'system:tests', (tx) =>
        putInOutbox(tx, node.node, {
          id,
          stream: `${conversationId} ${node.authority} ${to}`,
          kind: noteKind,
          payload: { id },
        }),
      );
      return id;
    },
  };
  const uses: MessageUses = {
    pack: { [noteKind]: (message) => Promise.resolve(waiting.get(message.id)) },
    handlers: {
      [noteKind]: {
        async prepare(message) {
          if (!readFiles) return undefined;
          for (const file of message.files) {
            const pieces: Buffer[] = [];
            const hash = createHash('sha256');
            for await (const piece of await file.open()) {
              hash.update(piece as Buffer);
              if (file.size <= mostKept) pieces.push(piece as Buffer);
            }
            const name = `${message.id}/${file.fileName}`;
            notes.hashes.set(name, hash.digest('hex'));
            if (file.size <= mostKept) notes.files.set(name, Buffer.concat(pieces));
          }
          return undefined;
        },
        async apply(_tx, message) {
          await notes.onApply?.(message);
          notes.taken.push(message);
        },
      },
    },
    outcomes: {
      [noteKind]: (_tx, outcome) => {
        notes.outcomes.push(outcome);
        return Promise.resolve();
      },
    },
  };
  for (const part of ['pack', 'handlers', 'outcomes'] as const) Object.assign(exchange.parts.uses[part], uses[part]);
  return notes;
}

/** Waits until something holds; fails with what is said after a minute. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, seconds = 60): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
