// A whole node in a process of its own that sends and takes what the bench says, and tells what it used for it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { buildLive } from '../../app/live.ts';
import { buildModules } from '../../app/modules.ts';
import { openNode } from '../../app/node.ts';
import { translators } from '../../app/words.ts';
import { readConfig } from '../../platform/config.ts';
import { withTransaction } from '../../platform/db/index.ts';
import { putInOutbox } from '../../platform/outbox/index.ts';
import { uuidv7 } from '../../platform/random.ts';
import { Sha256 } from '../../platform/values/index.ts';

export const benchKind = 'bench-note/1';

/** What the bench asks of a node; each is answered once. */
export type Ask =
  | { do: 'send'; to: string; conversations: string[]; count: number; bytes: number; atOnce: number; together: number }
  | { do: 'send-file'; to: string; conversation: string; size: number; sha256: string }
  | { do: 'count' }
  | { do: 'forget' }
  | { do: 'used' }
  | { do: 'stop' };

export interface Counted {
  /** Messages that took effect here, and how many came twice or out of their order. */
  taken: number;
  twice: number;
  disordered: number;
  /** Own messages that were sealed and signed and wait to leave. */
  signed: number;
  /** Own messages that are proven to have come, by a receipt or a later word, and those of which the other side said that they took effect. */
  delivered: number;
  handedOver: number;
  /** Bytes of files that were opened here. */
  read: number;
}

export interface Used {
  cpuMs: number;
  /** MiB, now and at most since the process began. */
  resident: number;
  most: number;
}

/** Bytes of a large file: blocks that differ, made from one, the same each time. `from`: at a border of 1 MiB. */
export function* fileBytes(size: number, from = 0): Generator<Buffer> {
  const block = Buffer.alloc(1_048_576);
  for (let index = 0; index < block.length; index += 1) block[index] = (index * 2_654_435_761) >>> 24;
  for (let at = from; at < size; at += block.length) {
    const piece = Buffer.from(block.subarray(0, Math.min(block.length, size - at)));
    if (piece.length >= 8) piece.writeBigUInt64LE(BigInt(at));
    yield piece;
  }
}

/** Hash of `fileBytes`. */
export function hashOfFile(size: number): string {
  const hash = createHash('sha256');
  for (const piece of fileBytes(size)) hash.update(piece);
  return hash.digest('hex');
}

/** Runs until told to stop. `settings` are those of the node. */
export async function runBenchNode(settings: Record<string, string>): Promise<void> {
  const config = readConfig(settings);
  const node = await openNode(config);
  const { clock, random } = node;
  const nothing: Counted = { taken: 0, twice: 0, disordered: 0, signed: 0, delivered: 0, handedOver: 0, read: 0 };
  const count = { ...nothing };
  const seen = new Set<string>();
  const last = new Map<string, number>();
  const proven = new Set<string>();
  const { exchange } = await buildLive(node, buildModules(config, translators), 'http://localhost');
  const { uses } = exchange.parts;

  uses.pack[benchKind] = (message) => {
    const { to, conversation, n, bytes, size, hash } = message.payload as Record<string, string> & { n: number };
    const fileSize = Number(size);
    return Promise.resolve({
      conversationId: conversation!,
      from: config.COMITY_AUTHORITY,
      to: to!,
      inReplyTo: null,
      legalBasis: null,
      tlp: 'AMBER',
      priority: 'routine',
      subject: `Number ${n}`,
      nationalReferences: [],
      body: { kind: 'bench-note', version: 1, n, text: 'x'.repeat(Number(bytes)) },
      files:
        fileSize === 0
          ? []
          : [
              {
                fileName: 'image.raw',
                mediaType: 'application/octet-stream',
                size: fileSize,
                sha256: Sha256.parse(hash),
                custodyRef: null,
                open: () => Promise.resolve(Readable.from(fileBytes(fileSize))),
              },
            ],
    });
  };
  uses.handlers[benchKind] = {
    async prepare(message) {
      for (const file of message.files)
        for await (const piece of await file.open()) count.read += (piece as Buffer).length;
      return undefined;
    },
    apply(_tx, { id, conversationId, sequence }) {
      if (seen.has(id)) count.twice += 1;
      seen.add(id);
      if (sequence <= (last.get(conversationId) ?? 0)) count.disordered += 1;
      last.set(conversationId, sequence);
      count.taken += 1;
      return Promise.resolve();
    },
  };
  uses.outcomes[benchKind] = (_tx, { id, outcome }) => {
    if (outcome === 'held-here') count.signed += 1;
    // Told upwards only: where the word that it took effect is here before the receipt, nobody is told of the receipt.
    else if (!proven.has(id)) {
      proven.add(id);
      count.delivered += 1;
    }
    if (outcome === 'handed-over') count.handedOver += 1;
    return Promise.resolve();
  };

  async function send(ask: Ask & { do: 'send' }): Promise<object> {
    let n = 0;
    const one = async (): Promise<void> => {
      while (n < ask.count) {
        const from = n;
        n = Math.min(ask.count, n + ask.together);
        const until = n;
        await withTransaction(node.database.db, 'system:bench', async (tx) => {
          for (let number = from; number < until; number += 1) {
            const conversation = ask.conversations[number % ask.conversations.length]!;
            await putInOutbox(tx, node, {
              id: uuidv7(random, Date.parse(clock.now())),
              stream: `${conversation} ${config.COMITY_AUTHORITY} ${ask.to}`,
              kind: benchKind,
              payload: { to: ask.to, conversation, n: number, bytes: ask.bytes, size: 0, hash: '' },
            });
          }
        });
      }
    };
    await Promise.all(Array.from({ length: ask.atOnce }, one));
    return {};
  }

  async function sendFile({ to, conversation, size, sha256: hash }: Ask & { do: 'send-file' }): Promise<object> {
    const id = uuidv7(random, Date.parse(clock.now()));
    await withTransaction(node.database.db, 'system:bench', (tx) =>
      putInOutbox(tx, node, {
        id,
        stream: `${conversation} ${config.COMITY_AUTHORITY} ${to}`,
        kind: benchKind,
        payload: { to, conversation, n: 0, bytes: 16, size, hash },
      }),
    );
    return { id };
  }

  function used(): Used {
    const status = readFileSync('/proc/self/status', 'utf8');
    const mebibytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024;
    const { user, system } = process.cpuUsage();
    return { cpuMs: (user + system) / 1000, resident: mebibytes('VmRSS'), most: mebibytes('VmHWM') };
  }

  async function obey(ask: Ask): Promise<object> {
    switch (ask.do) {
      case 'send':
        return send(ask);
      case 'send-file':
        return sendFile(ask);
      case 'count':
        return { ...count };
      case 'forget':
        Object.assign(count, nothing);
        seen.clear();
        last.clear();
        proven.clear();
        return {};
      case 'used':
        return used();
      case 'stop':
        await exchange.stop();
        await node.close();
        return {};
    }
  }

  process.on('message', ({ turn, ask }: { turn: number; ask: Ask }) => {
    obey(ask)
      .catch((error: unknown) => ({ failed: String(error) }))
      .then((answer) =>
        process.send?.({ turn, answer }, () => {
          if (ask.do === 'stop') process.exit(0);
        }),
      )
      .catch(() => process.exit(1));
  });
  process.once('disconnect', () => process.exit(0));
  // Its kind is known before the first message comes.
  await exchange.start(node.database);
  process.send?.({ ready: true });
}
