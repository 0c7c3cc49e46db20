import type { Connection } from '../../platform/db/index.ts';
import { withTransaction } from '../../platform/db/index.ts';
import { outboxChannel } from '../../platform/outbox/index.ts';
import { blobRoutes } from './blobs.ts';
import type { PeerAnswer, PeerClient, PeerRequest } from './client.ts';
import { messageRoutes } from './routes.ts';
import type { NodeId } from './schema.ts';
import type { PeerRoute } from './server.ts';
import { createActs, type Acts } from './service/acts.ts';
import { createCollector } from './service/collect.ts';
import { createGiver } from './service/give.ts';
import { createHearing } from './service/heard.ts';
import { openReceived } from './service/open.ts';
import { packWaiting } from './service/prepare.ts';
import { tellEvents } from './service/tell.ts';
import { createReceiver, type Receiver } from './service/receive.ts';
import { createBlobSender } from './service/send-blobs.ts';
import { createSender, type Sender } from './service/send.ts';
import { createHousekeeping, type Housekeeping } from './service/tick.ts';
import { isCollecting, systemActor, type DeliveryParts, type Wake } from './service/types.ts';
import { duePeers, probeAll, releaseLeases, reviveUnderstood } from './store/index.ts';
import { startListener, startLoop, type Loop } from './worker.ts';

/** The running exchange of one node. */
export interface Delivery {
  receiver: Receiver;
  sender: Sender;
  acts: Acts;
  housekeeping: Housekeeping;
  /** A peer proved by its TLS key who it is: what waits for it goes at once. */
  heard(peer: NodeId): Promise<void>;
  routes: PeerRoute[];
  /** Begins to work: packs, sends, opens and tells. */
  start(connection: Connection): Promise<void>;
  wake: Wake;
  /** Takes up nothing new; resolves when what is in hand is done. */
  stop(): Promise<void>;
}

/**
 * Puts receiving and sending together. Nothing runs before `start`.
 * @param sources nodes with an address, for a node that accepts no connection and collects what waits for it there
 */
export function createDelivery(
  parts: DeliveryParts,
  client: Pick<PeerClient, 'ask'>,
  sources?: () => Promise<readonly NodeId[]>,
): Delivery {
  const loops = new Map<string, Loop>();
  const wakeUp = (name: string) => () => loops.get(name)?.wake();
  const wakeSend = () => {
    loops.get('send')?.wake();
    giver.wake();
  };
  const wake: Wake = { pack: wakeUp('pack'), send: wakeSend, open: wakeUp('open'), tell: wakeUp('tell') };
  const receiver = createReceiver(parts, wake);

  /** Authorities of one node write to each other as well: that message goes through the same door, without a line. */
  async function ask(node: NodeId, request: PeerRequest): Promise<PeerAnswer> {
    if (node !== parts.node) return client.ask(node, request);
    const reply = await receiver.receive(node, Buffer.from((request.body as Uint8Array | undefined) ?? []));
    const body = typeof reply.body === 'string' || reply.body instanceof Uint8Array ? reply.body : '';
    return { status: reply.status, headers: {}, body: Buffer.from(body as Uint8Array) };
  }
  const sender = createSender(parts, ask, wake);
  const blobs = createBlobSender(parts, ask, wake);
  const giver = createGiver(parts, sender);
  const collector = sources && createCollector(parts, ask, receiver, sources);
  const acts = createActs(parts, wake);
  const housekeeping = createHousekeeping(parts, ask, sender);
  const hearing = createHearing(parts, ask, wake);
  let turn = 0;

  /** One round over the peers that have something due; a slow one occupies only its own places. */
  async function sendRound(): Promise<boolean> {
    const peers = await withTransaction(parts.db, systemActor, async (tx) => {
      const due = await duePeers(tx, parts.clock.now());
      const trust = due.length > 0 ? await parts.trust.loadTrust(tx) : undefined;
      return due.filter((peer) => !trust || !isCollecting(trust, peer));
    });
    turn += 1;
    let begun = 0;
    for (let index = 0; index < peers.length; index += 1)
      begun += await sender.sendTo(peers[(index + turn) % peers.length] as NodeId);
    return begun > 0;
  }

  return {
    receiver,
    sender,
    wake,
    acts,
    housekeeping,
    heard: (peer) => hearing.heard(peer),
    routes: [...messageRoutes(receiver), ...blobRoutes(parts), ...giver.routes],
    async start(connection) {
      const { log } = parts;
      const now = parts.clock.now();
      await withTransaction(parts.db, systemActor, async (tx) => {
        await releaseLeases(tx);
        await probeAll(tx, now);
        await reviveUnderstood(tx, Object.keys(parts.uses.handlers), now);
      });
      loops.set(
        'pack',
        startLoop('pack', log, 2_000, async () => {
          const any = await packWaiting(parts);
          if (any) {
            wake.send();
            loops.get('blobs')?.wake();
          }
          return any;
        }),
      );
      loops.set('send', startLoop('send', log, 1_000, sendRound));
      loops.set(
        'blobs',
        startLoop('blobs', log, 1_000, async () => (await blobs.round()) > 0),
      );
      loops.set(
        'open',
        startLoop('open', log, 1_000, async () => {
          const any = await openReceived(parts);
          if (any) wake.tell();
          return any;
        }),
      );
      loops.set(
        'tell',
        startLoop('tell', log, 2_000, async () => {
          const any = await tellEvents(parts);
          if (any) wake.send();
          return any;
        }),
      );
      loops.set(
        'tick',
        startLoop('tick', log, 15_000, () => housekeeping.look()),
      );
      loops.set(
        'knock',
        startLoop('knock', log, 10_000, async () => {
          await hearing.knock();
          return false;
        }),
      );
      if (collector)
        loops.set(
          'collect',
          startLoop('collect', log, 1_000, async () => (await collector.round()) > 0),
        );
      loops.set('listen', startListener(connection, log, outboxChannel, wake.pack));
    },
    async stop() {
      const all = [...loops.values()];
      loops.clear();
      giver.stop();
      await Promise.all([...all.map((loop) => loop.stop()), collector?.stop()]);
      // Under way may be a part of gigabytes: it goes on where it stands when the node is back.
      await sender.idle();
    },
  };
}
