import type { KeyStore } from '../../../platform/crypto/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { Conflict, Invalid } from '../../../platform/errors.ts';
import type { Log } from '../../../platform/log.ts';
import {
  findDirectoryHead,
  freezeDirectory,
  listDirectoryRecords,
  takeDirectoryRecords,
  type AuthoritiesNeeds,
} from '../../authorities/index.ts';
import type { Context } from '../../identity/index.ts';
import { readFeedLines, unverifiedRecord } from './feed-lines.ts';
import type { FeedHead } from './feed-lines.ts';
import { feedText, headsHere, type FeedsParts, type OwnRecords } from './feeds.ts';
import type { FeedTaker, IntakeReport } from './intake-parts.ts';
import { takeRecords } from './intake.ts';
import { trustLoader } from './load.ts';
import { ensureOwn, keyInUse, ownCard, ownKeysNow, recordSigner, type OwnKeys, type RecordSigner } from './own.ts';
import { publishOwnEntry } from './own-entry.ts';
import { confirmRoot, proposeRoot, type Said } from './roots.ts';
import { publishOwnKeys, type PublishParts } from './publish.ts';
import type { ResumeParts } from './resume.ts';
import { fingerprintOf, type OwnNode, type RootCard } from './schema.ts';
import type { FullTrustView } from './view.ts';

export interface TrustParts {
  keys: KeyStore;
  own: OwnNode;
  clock: Clock;
  log?: Log;
  /** Of module `authorities`, for records that come and for the own entry's keys; its signer is set from here. */
  directory: AuthoritiesNeeds;
  /** Feeds of modules that are not known here, `treaties`. */
  feeds?: Readonly<Record<string, { taker: (ctx: Context) => FeedTaker; own: OwnRecords }>>;
  /** Thumbprints of keys printed in documents and vectors. */
  knownBad?: ReadonlySet<string>;
}

/** Keys, roots and records of this node and of all it knows. */
export interface Trust {
  own: OwnNode;
  feedsParts: FeedsParts;
  /** What changing own keys needs. */
  publish: PublishParts;
  /** What letting an own feed go on needs. */
  resume: ResumeParts;
  /** Never older than the transaction that asks. */
  loadTrust(tx: Tx): Promise<FullTrustView>;
  /** Makes the own keys that are missing, publishes node entry and keys of the own authorities. At each start. */
  start(ctx: Context): Promise<void>;
  ownKeys(tx: Tx): Promise<OwnKeys>;
  ownCard(tx: Tx): Promise<RootCard>;
  signer(tx: Tx): Promise<RecordSigner>;
  /** The own feeds as text, for another node. */
  feed(tx: Tx, owner: string, feed: string, since: number): Promise<string | undefined>;
  heads(tx: Tx): Promise<FeedHead[]>;
  /** Takes the text of one feed, from a file or a peer. */
  take(
    tx: Tx,
    ctx: Context,
    text: string,
    from: string | null,
    /** Whose feed was asked for: another's records in its answer are left. */
    asked?: { owner: string; feed: string },
  ): Promise<IntakeReport>;
}

/** Puts trust together for one node. Nothing is read before it is asked. */
export function createTrust(parts: TrustParts): Trust {
  const { own, clock, log, directory } = parts;
  const loadTrust = trustLoader({ own, clock, knownBad: parts.knownBad ?? new Set() });
  const others = Object.entries(parts.feeds ?? {});
  const feedsParts: FeedsParts = {
    own,
    ownRecords: {
      directory: { after: listDirectoryRecords, head: findDirectoryHead },
      ...Object.fromEntries(others.map(([feed, one]) => [feed, one.own])),
    },
  };
  const takers = (ctx: Context): Record<string, FeedTaker> => ({
    directory: {
      take: (tx, records) => takeDirectoryRecords(tx, ctx, directory, records),
      frozen: (tx, owner, lastCommonSeq) => freezeDirectory(tx, owner, lastCommonSeq, clock.now()),
    },
    ...Object.fromEntries(others.map(([feed, one]) => [feed, one.taker(ctx)])),
  });
  return {
    own,
    feedsParts,
    publish: parts,
    resume: {
      ...parts,
      // `directory` is set at start: its signer is made from here.
      directory,
      lost: {
        directory: {
          own: { after: listDirectoryRecords, head: findDirectoryHead },
          keep: async (tx, ctx, records) => void (await takeDirectoryRecords(tx, ctx, directory, records)),
        },
      },
    },
    loadTrust,
    async start(ctx) {
      await ctx.transaction((tx) => ensureOwn(tx, parts));
      directory.signer = await ctx.transaction((tx) => recordSigner(tx, parts));
      await ctx.transaction(async (tx) => {
        await publishOwnEntry(tx, parts);
        await publishOwnKeys(tx, ctx, parts);
      });
    },
    ownKeys: (tx) => ownKeysNow(tx, parts),
    ownCard: (tx) => ownCard(tx, parts),
    signer: (tx) => recordSigner(tx, parts),
    feed: (tx, owner, feed, since) => feedText(tx, feedsParts, owner, feed, since),
    heads: (tx) => headsHere(tx, feedsParts),
    async take(tx, ctx, text, from, asked) {
      const lines = readFeedLines(text);
      const { owner, feed } = asked ?? lines?.records.map(unverifiedRecord)[0] ?? {};
      if (!lines || typeof owner !== 'string' || typeof feed !== 'string') throw new Invalid('trust.feed-unreadable');
      const intake = {
        own,
        loadTrust,
        takers: takers(ctx),
        ownRecords: feedsParts.ownRecords,
        ...(log ? { log } : {}),
      };
      return takeRecords(tx, ctx, intake, { owner, feed, ...lines, from });
    },
  };
}

/**
 * Lets a node trust another owner, by the same steps as people: a first proposes the root, a second types what was
 * read aloud, then the owner's records are taken. For samples and tests; in service people do this on the pages.
 * @param people two different persons who may propose and confirm
 */
export async function introduce(
  trust: Trust,
  people: readonly [Context, Context],
  card: RootCard,
  feeds: readonly string[],
  said?: Partial<Said>,
): Promise<IntakeReport[]> {
  const [first, second] = people;
  const root = await proposeRoot(first, trust.own, card, {
    channel: 'in-person',
    on: first.today(),
    by: 'Head of the other node',
    ...said,
  });
  const outcome = await confirmRoot(second, card.owner, root.kid, fingerprintOf(card));
  if (outcome !== 'confirmed') throw new Conflict('trust.fingerprint-differs');
  const reports: IntakeReport[] = [];
  for (const text of feeds) reports.push(await second.transaction((tx) => trust.take(tx, second, text, null)));
  return reports;
}

export { confirmChange, proposeChange, refuseChange } from './changes.ts';
export { announceDays, announceKey, keyAges, lifeDays, overlapDays, revokeKey, signedSince } from './rotation.ts';
export { readCard, proposeRoot, confirmRoot, refuseRoot, endRoot, type Said } from './roots.ts';
export { channels, Channel, fingerprintOf, RootCard, type OwnNode, type TrustRoot } from './schema.ts';
export type { OwnKeys, RecordSigner } from './own.ts';
export type { IntakeReport, FeedTaker } from './intake-parts.ts';
export type { FullTrustView } from './view.ts';
export { feedNames, type OwnRecords } from './feeds.ts';
export { feedType, readHeads, writeHeads, type FeedHead } from './feed-lines.ts';
export { keyInUse };
