import { join } from 'node:path';
import { sql } from 'kysely';
import type { Clock } from '../../platform/clock.ts';
import { openTlsIdentity, type KeyStore, type TlsIdentity } from '../../platform/crypto/index.ts';
import { withTransaction, type Connection, type Db, type Tx } from '../../platform/db/index.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { MessageUses } from '../../platform/outbox/index.ts';
import type { Random } from '../../platform/random.ts';
import type { StateCode } from '../../platform/values/index.ts';
import { createLogs, getOrigin, type Logs } from '../audit/index.ts';
import type { AuthoritiesNeeds } from '../authorities/index.ts';
import { createContext, type Context } from '../identity/index.ts';
import { createPeerClient, type PeerClient } from './client.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { createLogPart, type LogPart } from './log-part.ts';
import { partFolder } from './parts.ts';
import { feedRoutes } from './replicate-routes.ts';
import { startReplication, type Replication } from './replicate.ts';
import { descriptorOf, descriptorRoute } from './routes.ts';
import { NodeId } from './schema.ts';
import { startPeerServer, type PeerRoute, type PeerServer } from './server.ts';
import { enterRecovery, sendingState } from './service/recover.ts';
import { systemActor, type DeliveryParts, type DeliveryWitness, type SigningKeys } from './service/types.ts';
import { isStampedInTime } from './service/figures.ts';
import { createWatch, type Watch } from './service/witness.ts';
import { createResolver } from './tls.ts';
import { createTrust, type OwnNode, type Trust, type TrustParts } from './trust/index.ts';
import { recentTrust } from './trust/recent.ts';
import { printedKeys } from './rules/known-bad-keys.ts';

/** What the settings say of this node among others. */
export interface ExchangeSetting {
  node: string;
  /** Alpha-2 of the State, or the node's own name when it speaks for none: in the origin of its log. */
  logName: string;
  state: StateCode | null;
  authorities: readonly string[];
  host: string;
  /** Null: nothing listens. */
  port: number | null;
  /** It accepts no connection, and collects at others what waits for it. */
  collects: boolean;
  /** Address for others; empty: the port on this machine. */
  origin: string;
  networks: string;
  perSecond: number;
  stagedBytes: number;
  /** Hours without a time stamp of the log after which nothing more leaves; 0: it always may. */
  stampBlockAfterHours: number;
  dataFolder: string;
  profile: 'demo' | 'training' | 'production';
  zone: string;
  /** Of the program. */
  version: string;
}

export interface ExchangeNeeds {
  db: Db;
  clock: Clock;
  random: Random;
  log: Log;
  keys: KeyStore;
  directory: AuthoritiesNeeds;
  /** What modules send and take; filled when all modules are built, before `start`. */
  uses: MessageUses;
  feeds?: TrustParts['feeds'];
}

/** The exchange of one node with others: trust, log, delivery. */
export interface Exchange {
  setting: ExchangeSetting;
  /** Whether this node speaks with others at all. */
  isOn: boolean;
  /** Whether a commit is on the disk when it returns; known once opened. */
  durable: boolean;
  trust: Trust;
  logs: Logs;
  watch: Watch;
  client: PeerClient;
  delivery: Delivery;
  /** Checkpoints, comparisons with others, proofs, the way back after a restored backup. */
  history: LogPart;
  parts: DeliveryParts;
  /** The node itself, for its own work. */
  system: Context;
  /** What it says of itself, signed. */
  descriptor(): Promise<string>;
  /** Publishes the own entry, listens and works. */
  start(connection: Connection, more?: readonly PeerRoute[]): Promise<void>;
  /** Port on which others are heard; once started. */
  port(): number | undefined;
  replication(): Replication | undefined;
  stop(): Promise<void>;
}

/** Whether the database has what it confirmed on its disk: all three settings must say so. */
export async function isDurable(db: Db): Promise<boolean> {
  const { rows } = await sql<{ all_on: boolean }>`
    select current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on'
       and current_setting('synchronous_commit') in ('on', 'remote_write', 'remote_apply') as all_on`.execute(db);
  return rows[0]?.all_on === true;
}

/** Endpoints of this node as its entry names them. */
function endpointsOf({ origin, port, collects }: ExchangeSetting): string[] {
  if (collects) return [];
  if (origin !== '') return [origin.replace(/\/$/, '')];
  return port === null || port === 0 ? [] : [`https://localhost:${port}`];
}

const noConnection: TlsIdentity = {
  keyPem: '',
  certPem: '',
  spkiSha256: '' as TlsIdentity['spkiSha256'],
  until: '' as TlsIdentity['until'],
};

/** Keys of this node, asked again at most once a second. */
function ownKeysOf(trust: Trust, clock: Clock): (tx: Tx) => Promise<SigningKeys> {
  let kept: { keys: SigningKeys; at: number } | undefined;
  return async (tx) => {
    const now = Date.parse(clock.now());
    if (kept && Math.abs(now - kept.at) < 1_000) return kept.keys;
    kept = { keys: await trust.ownKeys(tx), at: now };
    return kept.keys;
  };
}

/**
 * Puts the exchange of a node together. Nothing listens and nothing is sent before `start`.
 * @throws Unavailable `exchange.engine-not-durable` in production on a database that confirms before it has flushed
 */
export async function openExchange(setting: ExchangeSetting, needs: ExchangeNeeds): Promise<Exchange> {
  const { db, clock, random, log, keys, uses } = needs;
  const isOn = setting.port !== null || setting.collects;
  const durable = await isDurable(db);
  if (isOn && !durable && setting.profile === 'production') throw new Unavailable('exchange.engine-not-durable');
  const folder = join(setting.dataFolder, 'exchange');
  const logs = createLogs({
    keys,
    clock,
    random,
    name: setting.logName,
    checkpointFile: join(setting.dataFolder, 'exchange-checkpoint'),
  });
  const witness = { keys, clock, random, logs };
  const own: OwnNode = {
    node: NodeId.parse(setting.node),
    owner: setting.state ?? setting.node,
    state: setting.state,
    authorities: setting.authorities,
    endpoints: endpointsOf(setting),
    tlsKids: [],
    logOrigin: `comity/${setting.logName}/exchange/1`,
  };
  let identity = noConnection;
  if (isOn) {
    identity = await openTlsIdentity({
      keys,
      folder: join(setting.dataFolder, 'keys'),
      name: setting.node,
      dnsNames: own.endpoints.map((one) => new URL(one).hostname),
      clock,
      random,
    });
    const wentBack = await logs.open(db);
    const key = await logs.key();
    own.tlsKids = [identity.spkiSha256];
    if (key.publicKey) own.logKey = { kid: key.kid, publicKey: key.publicKey };
    own.logOrigin = await withTransaction(db, systemActor, async (tx) => {
      if (wentBack) await enterRecovery(witness, tx, wentBack, 'own-checkpoint');
      return getOrigin(tx);
    });
  }
  const trust = createTrust({
    keys,
    own,
    clock,
    log,
    directory: needs.directory,
    ...(needs.feeds ? { feeds: needs.feeds } : {}),
    knownBad: printedKeys,
  });
  const loadTrust = (tx: Tx) => trust.loadTrust(tx);
  const viewOf = recentTrust(db, systemActor, loadTrust);
  const watch = createWatch(witness);
  const deliveryWitness: DeliveryWitness = {
    take: async (tx, view, peer, part) => void (await watch.take(tx, view, peer, part)),
    give: (tx, view, peer) => watch.part(tx, view, peer),
    gate: (tx) => sendingState(tx),
  };
  let replication: Replication | undefined;
  const parts: DeliveryParts = {
    db,
    clock,
    random,
    log,
    keys,
    trust: { loadTrust, ownKeys: ownKeysOf(trust, clock) },
    witness: deliveryWitness,
    mayRelease: (tx) => isStampedInTime(tx, clock.now(), setting.stampBlockAfterHours),
    node: own.node,
    uses,
    folder: partFolder(folder, random),
    durable,
    profile: setting.profile,
    limits: { perSecond: setting.perSecond, stagedBytes: setting.stagedBytes },
    refresh: async (peer) => (await replication?.refresh(peer)) ?? false,
    askMissing: async (peer) => void (await history.reconcile(peer)),
  };
  const client = createPeerClient({
    identity,
    clock,
    resolve: createResolver(setting.networks, setting.profile !== 'production'),
    findPlace: async (node, age) => {
      const view = await viewOf(age);
      const entry = (view.node(node) ?? (await viewOf('now')).node(node))?.entry;
      return entry && { endpoints: entry.endpoints, isTlsKey: (spki, at) => view.nodeByTlsKey(spki, at) === node };
    },
  });
  const sources = async (): Promise<NodeId[]> => {
    const view = await withTransaction(db, systemActor, loadTrust);
    return view
      .nodes()
      .flatMap(({ entry }) => (entry.node === own.node || entry.endpoints.length === 0 ? [] : [entry.node]));
  };
  const delivery = createDelivery(parts, client, setting.collects ? sources : undefined);
  const system = createContext({
    actor: { kind: 'system', id: 'exchange' },
    db,
    clock,
    random,
    log,
    state: setting.state ?? ('XA' as StateCode),
    zone: setting.zone,
    profile: setting.profile,
    locale: 'en',
  });
  const history = createLogPart({
    delivery: parts,
    logs,
    watch,
    call: client.call,
    ask: client.ask,
    trust,
    system,
    wake: () => delivery.wake.send(),
  });
  const descriptor = descriptorOf(parts, {
    endpoints: own.endpoints,
    version: setting.version,
    kinds: () => Object.keys(uses.handlers),
    feedHeads: async () => {
      const heads = await system.transaction((tx) => trust.heads(tx));
      return Object.fromEntries(heads.filter((head) => head.owner === own.owner).map((head) => [head.feed, head.seq]));
    },
  });
  let server: PeerServer | undefined;

  return {
    setting,
    isOn,
    durable,
    trust,
    logs,
    watch,
    client,
    delivery,
    history,
    parts,
    system,
    descriptor,
    port: () => server?.port,
    replication: () => replication,
    async start(connection, more = []) {
      if (!isOn) return;
      await trust.start(system);
      if (setting.port !== null)
        server = await startPeerServer({
          identity,
          host: setting.host,
          port: setting.port,
          clock,
          log,
          nodeByTlsKey: async (spki, at) =>
            (await viewOf('recent')).nodeByTlsKey(spki, at) ?? (await viewOf('now')).nodeByTlsKey(spki, at),
          heard: (peer) => void delivery.heard(peer),
          routes: [
            descriptorRoute(descriptor),
            ...delivery.routes,
            ...history.routes,
            ...feedRoutes(trust, system),
            ...more,
          ],
        });
      await delivery.start(connection);
      history.start(connection);
      replication = startReplication({ trust, call: client.call, clock, random, log, ctx: system });
      log.info({ node: own.node, port: server?.port, durable }, 'exchange.listening');
    },
    async stop() {
      await Promise.all([server?.close(), delivery.stop(), history.stop(), replication?.stop()]);
      client.close();
    },
  };
}
