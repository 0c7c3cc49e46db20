import type { JWK } from 'jose';
import { barePublicKey, type BuiltRecord } from '../../platform/crypto/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { uuidv7 } from '../../platform/random.ts';
import { StateCode } from '../../platform/values/index.ts';
import { recordAudit } from '../audit/index.ts';
import type { Context } from '../identity/index.ts';
import { baseFacts, checkDataset, lossLimit } from './bundle.ts';
import { actorId, addVersion, type LiveFacts } from './live.ts';
import { compareActs } from './rules/index.ts';
import type { DatasetBundle } from './schema/index.ts';
import {
  findNewestBundle,
  insertBundle,
  insertBundleDecision,
  listBundles,
  listPublished,
  lockDataset,
} from './store/index.ts';

/** The feed `treaties`: what a node publishes, and what it takes of a secretariat's. */
export interface TreatiesFeed {
  taker(ctx: Context): {
    /** Records are verified and in order; answers a code per record that is not taken. */
    take(tx: Tx, records: readonly BuiltRecord[], root: JWK): Promise<{ seq: number; code: string }[]>;
  };
  own: {
    after(tx: Tx, owner: string, since: number): Promise<BuiltRecord[]>;
    head(tx: Tx, owner: string): Promise<{ seq: number; hash: string } | undefined>;
  };
}

function toRecord({ jws, hash }: DatasetBundle): BuiltRecord {
  const [header = '', payload = ''] = jws.split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  const { kid } = read(header) as { kid: string };
  return { record: read(payload) as BuiltRecord['record'], hash, jws, kid };
}

/**
 * Whose set this node follows: that of the owner whose set it accepted before; without one that of an owner who speaks
 * for no State. What a State publishes of its own is kept and passed on, and changes nothing here.
 */
function follows(held: DatasetBundle | undefined, owner: string): boolean {
  return held ? held.owner === owner : !StateCode.safeParse(owner).success;
}

/** @returns why the record is not taken */
async function takeOne(
  tx: Tx,
  ctx: Context,
  live: LiveFacts,
  one: BuiltRecord,
  root: JWK,
): Promise<string | undefined> {
  await lockDataset(tx);
  const held = await findNewestBundle(tx, 'accepted');
  if (!follows(held, one.record.owner)) return undefined;
  const checked = checkDataset(one);
  if (!checked.ok) return checked.error[0]?.code;
  const { owner, seq, hash, jws, body, facts } = checked.value;
  if ((held && held.seq >= seq) || (await listBundles(tx)).some((known) => known.hash === hash)) return undefined;
  const diff = compareActs(await baseFacts(tx, live), facts);
  const vanished = diff.lines.filter((line) => line.what === 'vanished').length;
  // A person may still bring it as a file, with a reason.
  if (vanished > diff.vanishedOf * lossLimit) return 'treaties.bundle-losses';
  const at = ctx.clock.now();
  const by = actorId(ctx);
  const id = uuidv7(ctx.random, Date.parse(at));
  await insertBundle(
    tx,
    {
      id,
      owner,
      seq,
      hash,
      jws,
      root: barePublicKey(root) as DatasetBundle['root'],
      body,
      diff,
      lossesReason: null,
      broughtBy: by,
    },
    at,
  );
  await recordAudit(tx, ctx, 'treaties.import', { kind: 'treaty-bundle', id });
  // In production what came waits for a person; elsewhere it counts at once.
  if (ctx.profile === 'production') return undefined;
  await insertBundleDecision(tx, id, 'accepted', by, at);
  await addVersion(tx, live, { importId: null, content: hash, by, at });
  await recordAudit(tx, ctx, 'treaties.accept-import', { kind: 'treaty-bundle', id });
  return undefined;
}

/** What `exchange` asks of the treaty data; `app` hands it over. */
export function treatiesFeed(live: LiveFacts): TreatiesFeed {
  return {
    taker: (ctx) => ({
      async take(tx, records, root) {
        const refused: { seq: number; code: string }[] = [];
        for (const one of records) {
          const code = await takeOne(tx, ctx, live, one, root);
          if (code !== undefined) refused.push({ seq: one.record.seq, code });
        }
        return refused;
      },
    }),
    own: {
      after: async (tx, _owner, since) => (await listPublished(tx, since)).map(toRecord),
      async head(tx) {
        const newest = await findNewestBundle(tx, 'published');
        return newest && { seq: newest.seq, hash: newest.hash };
      },
    },
  };
}
