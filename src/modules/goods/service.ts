import type { KeyStore } from '../../platform/crypto/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import { uuidv7, type Random } from '../../platform/random.ts';
import { instant, canonical, type Problem, type Result, sha256 } from '../../platform/values/index.ts';
import { recordAudit } from '../audit/index.ts';
import type { Context } from '../identity/index.ts';
import {
  canonicalIds,
  compareCandidates,
  compareSubjects,
  decideJudgement,
  defaultConsidered,
  entryNames,
  matchModel,
  membersOf,
  openQuery,
  pickCandidates,
  prepareList,
  spendBudget,
  type Edge,
  type Posting,
  type Screened,
  type ScreeningList,
} from './rules/index.ts';
import {
  Judgement,
  JudgementInput,
  ListEntry,
  type Comparison,
  type LoadedList,
  type Subject,
} from './schema/index.ts';
import { openSealer, type Sealer } from './secret.ts';
import * as store from './store.ts';

/** Matching as far as it needs the database: lists, screening by the table of keys, and the ledger. */
export interface Goods {
  loadList(ctx: Context, list: { id: string; version: string }, entries: readonly ListEntry[]): Promise<LoadedList>;
  listLists(ctx: Context): Promise<LoadedList[]>;
  /** The newest version of a list in memory, for many queries. */
  openList(ctx: Context, id: string): Promise<{ list: ScreeningList; loaded: LoadedList }>;
  /** Screens one subject by the table of keys, without the list in memory. */
  screen(ctx: Context, id: string, subject: Subject, limit: number): Promise<Screened>;
  judge(ctx: Context, input: JudgementInput): Promise<Result<Judgement, Problem[]>>;
  withdraw(ctx: Context, id: string, why: string): Promise<Judgement>;
  listJudgements(ctx: Context, entityId?: string): Promise<Judgement[]>;
  /** Everyone that is the same as an entity by the live judgements, and under which id. */
  whoIs(ctx: Context, entityId: string, compartment?: string): Promise<{ canonicalId: string; members: string[] }>;
}

const actorOf = (ctx: Context) => (ctx.actor.kind === 'public' ? 'public' : ctx.actor.id);
const entryPlace = (list: { id: string; version: string }, number: number) =>
  `goods_list_entries/${list.id}@${list.version}/${number}`;

export function createGoods({ keys, random }: { keys: KeyStore; random: Random }): Goods {
  const sealerOf = (tx: Tx) => openSealer(tx, keys, random);
  return {
    loadList: (ctx, list, entries) => loadList(ctx, sealerOf, list, entries),
    async listLists(ctx) {
      ctx.allow('goods.screen');
      return ctx.transaction(async (tx) => (await store.listLists(tx)).map(toLoaded));
    },
    async openList(ctx, id) {
      ctx.allow('goods.screen');
      return ctx.transaction(async (tx) => {
        const found = await getList(tx, id);
        const sealer = await sealerOf(tx);
        const rows = await store.listEntries(tx, found);
        const entries = rows.map((row) => ListEntry.parse(sealer.open(row.sealed, entryPlace(found, row.number))));
        return { list: prepareList(entries), loaded: toLoaded(found) };
      });
    },
    screen: (ctx, id, subject, limit) => screenByTable(ctx, sealerOf, id, subject, limit),
    async judge(ctx, given) {
      const input = JudgementInput.parse(given);
      ctx.allow('goods.judge');
      return ctx.transaction(async (tx) => {
        await store.lockLedger(tx);
        const decision = decideJudgement(toEdges(await store.listLedger(tx, input.compartment)), input);
        if (!decision.ok) return decision;
        const at = ctx.clock.now();
        const id = uuidv7(random, Date.parse(at));
        const { leftId, rightId, verdict, compartment, ...about } = input;
        const sealed = (await sealerOf(tx)).seal(about, `goods_judgements/${id}`);
        await store.insertJudgement(tx, {
          id,
          left_id: leftId,
          right_id: rightId,
          verdict,
          compartment,
          judged_by: actorOf(ctx),
          judged_at: at,
          sealed,
        });
        await recordAudit(tx, ctx, 'goods.judge', { kind: 'judgement', id }, { verdict });
        return { ok: true, value: { ...input, id, by: actorOf(ctx), at, withdrawn: null } };
      });
    },
    async withdraw(ctx, id, why) {
      if (why.trim() === '') throw new Invalid('goods.reason-needed');
      ctx.allow('goods.judge');
      return ctx.transaction(async (tx) => {
        await store.lockLedger(tx);
        const row = (await store.listLedger(tx)).find((one) => one.id === id);
        if (!row) throw new NotFound('goods.judgement-unknown');
        if (row.withdrawn_by !== null) throw new Conflict('goods.judgement-withdrawn-already');
        const sealer = await sealerOf(tx);
        const at = ctx.clock.now();
        const sealed = sealer.seal({ why: why.trim() }, `goods_judgement_withdrawals/${id}`);
        await store.insertWithdrawal(tx, { judgement_id: id, withdrawn_by: actorOf(ctx), withdrawn_at: at, sealed });
        await recordAudit(tx, ctx, 'goods.withdraw-judgement', { kind: 'judgement', id });
        const withdrawn = { withdrawn_by: actorOf(ctx), withdrawn_at: at, withdrawn_sealed: sealed };
        return toJudgement(sealer, { ...row, ...withdrawn });
      });
    },
    async listJudgements(ctx, entityId) {
      ctx.allow('goods.judge');
      return ctx.transaction(async (tx) => {
        const rows = await store.listLedger(tx);
        const wanted = rows.filter((row) => !entityId || row.left_id === entityId || row.right_id === entityId);
        const sealer = wanted.length > 0 ? await sealerOf(tx) : undefined;
        return sealer ? wanted.map((row) => toJudgement(sealer, row)) : [];
      });
    },
    async whoIs(ctx, entityId, compartment = '') {
      ctx.allow('goods.judge');
      return ctx.transaction(async (tx) => {
        const canonicals = canonicalIds(toEdges(await store.listLedger(tx, compartment)), compartment);
        return { canonicalId: canonicals.get(entityId) ?? entityId, members: membersOf(canonicals, entityId) };
      });
    },
  };
}

/** Compares two subjects for an official; the log gets that it was done and how it came out, no name. */
export async function compareAudited(
  ctx: Context,
  left: Subject,
  right: Subject,
  prior = 0.5,
): Promise<Comparison | undefined> {
  ctx.allow('goods.compare');
  const comparison = compareSubjects(left, right, prior);
  const subject = { kind: 'comparison', id: matchModel.version };
  await ctx.transaction((tx) =>
    recordAudit(tx, ctx, 'goods.compare', subject, { decision: comparison?.decision ?? 'none' }),
  );
  return comparison;
}

function toLoaded(row: store.ListRow): LoadedList {
  const { id, version, entries, names, loaded_by: loadedBy, loaded_at: loadedAt } = row;
  return { id, version, entries, names, loadedBy, loadedAt: instant(loadedAt) };
}

async function getList(tx: Tx, id: string): Promise<store.ListRow> {
  const found = await store.findList(tx, id);
  if (!found) throw new NotFound('goods.list-unknown', { params: { list: id } });
  return found;
}

async function loadList(
  ctx: Context,
  sealerOf: (tx: Tx) => Promise<Sealer>,
  list: { id: string; version: string },
  entries: readonly ListEntry[],
): Promise<LoadedList> {
  ctx.allow('goods.load-list');
  if (entries.length === 0) throw new Invalid('goods.list-empty');
  return ctx.transaction(async (tx) => {
    const known = (await store.listLists(tx)).find((row) => row.id === list.id && row.version === list.version);
    if (known) throw new Conflict('goods.list-version-known');
    const sealer = await sealerOf(tx);
    const keys: store.KeyRow[] = [];
    let names = 0;
    const place = { list_id: list.id, list_version: list.version };
    for (const [number, entry] of entries.entries())
      for (const { keys: some, size } of entryNames(entry)) {
        for (const { key } of some)
          keys.push({
            ...place,
            key_hash: sealer.hash(String(key)),
            name: names,
            entry: number,
            size: Math.min(255, size),
          });
        names += 1;
      }
    const row: store.ListRow = {
      ...list,
      entries: entries.length,
      names,
      sha256: sha256(canonical(entries)),
      loaded_by: actorOf(ctx),
      loaded_at: ctx.clock.now(),
    };
    await store.insertList(tx, row);
    await store.insertEntries(
      tx,
      entries.map((entry, number) => ({ ...place, number, sealed: sealer.seal(entry, entryPlace(list, number)) })),
    );
    await store.insertKeys(tx, keys);
    await recordAudit(tx, ctx, 'goods.load-list', { kind: 'list', id: `${list.id}@${list.version}` }, { entries: entries.length }); // prettier-ignore
    return toLoaded(row);
  });
}

async function screenByTable(
  ctx: Context,
  sealerOf: (tx: Tx) => Promise<Sealer>,
  id: string,
  subject: Subject,
  limit: number,
): Promise<Screened> {
  ctx.allow('goods.screen');
  return ctx.transaction(async (tx) => {
    const list = await getList(tx, id);
    const sealer = await sealerOf(tx);
    const query = openQuery(subject);
    const all = [...query.keys, ...query.rarityKeys.flat()];
    const hashes = new Map(all.map(({ key }) => [key, sealer.hash(String(key))]));
    const counts = await store.countKeys(tx, list, [...hashes.values()]);
    const frequency = (key: number) => counts.get(hashes.get(key)?.toString('hex') ?? '') ?? 0;
    const { spent, truncated } = spendBudget(query.keys, frequency);
    const postings: Posting[] = [];
    for (const { key, kind, most, frequency: df } of spent) {
      const names = await store.listNamesOfKey(tx, list, hashes.get(key)!, most);
      postings.push({ kind, frequency: df, names });
    }
    const candidates = pickCandidates(postings, list.names, query.size, Math.max(limit, defaultConsidered));
    const numbers = candidates.map(({ entry }) => entry);
    const rows = await store.listEntries(tx, list, numbers);
    const entries = new Map(
      rows.map((row) => [row.number, ListEntry.parse(sealer.open(row.sealed, entryPlace(list, row.number)))]),
    );
    await recordAudit(tx, ctx, 'goods.screen', { kind: 'list', id: `${list.id}@${list.version}` });
    const facts = { names: list.names, size: list.entries, frequency, entry: (n: number) => entries.get(n)! };
    return { found: compareCandidates(query, candidates, facts, { limit }), truncated };
  });
}

function toEdges(rows: readonly store.LedgerRow[]): Edge[] {
  return rows.map((row) => ({
    id: row.id,
    leftId: row.left_id,
    rightId: row.right_id,
    verdict: row.verdict,
    compartment: row.compartment,
    isLive: row.withdrawn_by === null,
  }));
}

function toJudgement(sealer: Sealer, row: store.LedgerRow): Judgement {
  const about = sealer.open(row.sealed, `goods_judgements/${row.id}`) as object;
  const withdrawn =
    row.withdrawn_by === null || row.withdrawn_sealed === null
      ? null
      : {
          by: row.withdrawn_by,
          at: row.withdrawn_at,
          ...(sealer.open(row.withdrawn_sealed, `goods_judgement_withdrawals/${row.id}`) as object),
        };
  return Judgement.parse({
    ...about,
    id: row.id,
    leftId: row.left_id,
    rightId: row.right_id,
    verdict: row.verdict,
    compartment: row.compartment,
    by: row.judged_by,
    at: row.judged_at,
    withdrawn,
  });
}
