import { startWorker, type Worker } from '../../platform/jobs/index.ts';
import { every } from '../../platform/clock.ts';
import { withTransaction, type Connection } from '../../platform/db/index.ts';
import { Invalid } from '../../platform/errors.ts';
import { canonical } from '../../platform/values/index.ts';
import { getOrigin, type AuditActor, type Logs } from '../audit/index.ts';
import type { PeerCall, PeerClient } from './client.ts';
import { nameActor, type Context } from '../identity/index.ts';
import type { MessageId, NodeId } from './schema.ts';
import type { PeerRoute } from './server.ts';
import { bringBack, type PullReport } from './service/bring-back.ts';
import { fetchPart } from './service/fetch-parts.ts';
import { hearFetched } from './service/hear-fetched.ts';
import { getProof, type ProofParts } from './service/proof.ts';
import {
  answerReconcile,
  reconcile,
  reconcilePath,
  type ReconcileParts,
  type ReconcileReport,
} from './service/reconcile.ts';
import { sendingState } from './service/recover.ts';
import type { DeliveryParts } from './service/types.ts';
import type { Watch } from './service/witness.ts';
import { listLastRuns } from './store/reconcile.ts';
import type { Trust } from './trust/index.ts';

const daily = 86_400_000;
const system: AuditActor = { kind: 'system', id: 'reconcile' };

/** The log of a running exchange: checkpoints, comparisons, proofs and the way back. */
export interface LogPart {
  parts: ReconcileParts & ProofParts;
  /** `POST /exchange/v1/reconcile`, for the server that other nodes call. */
  routes: PeerRoute[];
  /** Nodes that this one may compare with. */
  peers(): Promise<NodeId[]>;
  reconcile(peer: NodeId, options?: Partial<Parameters<typeof reconcile>[2]>): Promise<ReconcileReport>;
  bringBack(): Promise<PullReport>;
  /** After two persons let the node go on: publishes the new origin and key of its log. */
  publishOrigin(): Promise<void>;
  /** The proof of a message as a file. */
  proofFile(ctx: Context, id: MessageId): Promise<{ bytes: Uint8Array; mediaType: string; fileName: string }>;
  /** Makes due checkpoints, remembers the newest, compares with each node once a day. */
  start(connection: Connection): void;
  stop(): Promise<void>;
}

export interface LogNeeds {
  delivery: DeliveryParts;
  logs: Logs;
  watch: Watch;
  call: PeerCall;
  ask: PeerClient['ask'];
  trust: Pick<Trust, 'loadTrust' | 'own' | 'start'>;
  /** The node itself, for its own work. */
  system: Context;
  /** Wakes the worker that sends. */
  wake(): void;
}

export function createLogPart({ delivery, logs, watch, call, ask, trust, system: self, wake }: LogNeeds): LogPart {
  const { db, clock, random, keys, log, node } = delivery;
  const parts: LogPart['parts'] = {
    db,
    clock,
    random,
    keys,
    logs,
    node,
    trust: delivery.trust,
    watch,
    call,
    hearEvents: (tx, peer, events) => hearFetched(tx, delivery, peer, events),
    async fetchParts(peer, announced) {
      for (const part of announced) await fetchPart(delivery, ask, peer, part, () => false);
    },
    publish: () => publishOrigin(),
    wake,
  };
  let checkpoints: Worker | undefined;
  let looking: { stop(): void } | undefined;
  let comparing: Promise<void> = Promise.resolve();

  const peers = () =>
    withTransaction(db, 'system:reconcile', async (tx) => {
      const view = await trust.loadTrust(tx);
      return (
        view
          .nodes()
          // One without an address asks by itself.
          .flatMap(({ entry }) => (entry.node === node || entry.endpoints.length === 0 ? [] : [entry.node as NodeId]))
      );
    });

  async function publishOrigin(): Promise<void> {
    const key = await logs.key();
    trust.own.logOrigin = await withTransaction(db, 'system:log', (tx) => getOrigin(tx));
    if (key.publicKey) trust.own.logKey = { kid: key.kid, publicKey: key.publicKey };
    await trust.start(self);
  }

  /** Compares with whoever was not compared with for a day; one that is not reached is asked again in an hour. */
  async function compareDue(): Promise<void> {
    const runs = await withTransaction(db, 'system:reconcile', listLastRuns);
    const last = new Map(runs.map((run) => [run.peer, run]));
    for (const peer of await peers()) {
      const run = last.get(peer);
      const wait = run?.outcome === 'not-reached' ? daily / 24 : daily;
      if (run && Date.parse(clock.now()) - Date.parse(run.at) < wait) continue;
      await reconcile(parts, peer, { actor: system });
    }
  }

  return {
    parts,
    peers,
    publishOrigin,
    routes: [
      {
        method: 'POST',
        path: new RegExp(`^${reconcilePath}$`),
        maxBytes: 1_048_576,
        async answer({ peer, body }) {
          try {
            const text = await answerReconcile(parts, peer as NodeId, body.toString('utf8'));
            return { status: 200, type: 'application/jose+json', body: text };
          } catch (error) {
            if (!(error instanceof Invalid)) throw error;
            return {
              status: 422,
              type: 'application/problem+json',
              body: canonical({ status: 422, code: error.code }),
            };
          }
        },
      },
    ],
    reconcile: (peer, options = {}) => reconcile(parts, peer, { actor: system, ...options }),
    bringBack: async () => bringBack(parts, await peers()),
    async proofFile(ctx, id) {
      const proof = await ctx.transaction(async (tx) => {
        ctx.allow('exchange.read-proof');
        await nameActor(tx, { kind: 'system', id: 'exchange' });
        const found = await getProof(parts, tx, id);
        await nameActor(tx, ctx.actor);
        return found;
      });
      const bytes = Buffer.from(`${canonical(proof)}\n`, 'utf8');
      return { bytes, mediaType: 'application/json', fileName: `proof-${id}.json` };
    },
    start(connection) {
      checkpoints = startWorker({
        connection,
        log,
        channel: 'comity_log',
        every: 5_000,
        async work() {
          await withTransaction(db, 'system:log', async (tx) => {
            if ((await sendingState(tx)).may) await logs.makeDue(tx);
          });
          await withTransaction(db, 'system:log', async (tx) => {
            if ((await sendingState(tx)).may) await logs.remember(tx);
          });
          return false;
        },
      });
      const look = () => {
        comparing = comparing.then(compareDue).catch((error: unknown) => {
          log.warn({
            event: 'exchange.reconcile-failed',
            code: error instanceof Error ? error.message.slice(0, 80) : '',
          });
        });
      };
      looking = every(600_000, look);
    },
    async stop() {
      looking?.stop();
      await Promise.all([checkpoints?.stop(), comparing]);
    },
  };
}
