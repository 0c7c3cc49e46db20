import type { KeyStore } from '../../platform/crypto/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import { uuidv7, type Random } from '../../platform/random.ts';
import type { Instant } from '../../platform/values/index.ts';
import { recordAudit } from '../audit/index.ts';
import type { Context } from '../identity/index.ts';
import { judgedParagraphs, JudgementInput, type JudgedParagraph, type Judgement } from './rules/judged.ts';
import type { Operative, Resolution } from './schema.ts';
import { openSealer, type Sealer } from './secret.ts';
import { readFile, readResolutions } from './service.ts';
import * as store from './store.ts';
import { tables } from './tables.ts';

interface Kept {
  title: string;
  text: string;
}

export interface Reading {
  id: string;
  text: string;
  resolutions: { resolution: Resolution; paragraphs: JudgedParagraph[] }[];
}

export interface ReadingSummary {
  id: string;
  title: string;
  by: string;
  at: Instant;
}

/** Resolutions kept on this node with what people said of them. */
export interface Readings {
  /** Reads a file and keeps its text; answers its id. The same text is kept once. */
  add(ctx: Context, bytes: Uint8Array): Promise<string>;
  list(ctx: Context): Promise<ReadingSummary[]>;
  get(ctx: Context, id: string): Promise<Reading>;
  /** Lays a judgement over one operative paragraph, by its place in its resolution. */
  judge(ctx: Context, id: string, place: { resolution: number; paragraph: number }, given: JudgementInput): Promise<void>; // prettier-ignore
  withdraw(ctx: Context, judgementId: string): Promise<void>;
}

const mostListed = 200;
const actorOf = (ctx: Context) => (ctx.actor.kind === 'public' ? 'public' : ctx.actor.id);
const isId = (id: string) => /^[0-9a-f-]{36}$/.test(id);
/** Blanks and case are no other words. */
const wordsOf = ({ text }: Operative) => text.toLowerCase().replace(/\s+/g, ' ').trim();

export function createReadings({ keys, random }: { keys: KeyStore; random: Random }): Readings {
  const sealerOf = (tx: Tx) => openSealer(tx, keys, random);
  const getText = async (tx: Tx, sealer: Sealer, id: string): Promise<Kept> => {
    const row = isId(id) ? await store.findText(tx, id) : undefined;
    if (!row) throw new NotFound('mandates.text-unknown');
    return sealer.open(row.sealed, `mandates_texts/${id}`) as Kept;
  };
  return {
    async add(ctx, bytes) {
      ctx.allow('mandates.judge');
      const { source, resolutions } = await readFile(bytes);
      const title = resolutions[0]?.document.title ?? resolutions[0]?.document.number ?? '';
      // Resolutions that come as data have no text of their own: their words are kept as they were written.
      return ctx.transaction(async (tx) => {
        const sealer = await sealerOf(tx);
        const at = ctx.clock.now();
        const id = uuidv7(random, Date.parse(at));
        const kept: Kept = { title, text: source.text };
        const stands = await store.insertText(tx, { id, text_hash: sealer.hash(source.text), added_by: actorOf(ctx), added_at: at, sealed: sealer.seal(kept, `mandates_texts/${id}`) }); // prettier-ignore
        if (stands === id)
          await recordAudit(tx, ctx, 'mandates.add-text', { kind: 'resolution-text', id }, { format: source.format });
        return stands;
      });
    },
    async list(ctx) {
      ctx.allow('mandates.judge');
      return ctx.transaction(async (tx) => {
        const rows = await store.listTexts(tx, mostListed);
        if (rows.length === 0) return [];
        const sealer = await sealerOf(tx);
        return rows.map((row) => ({
          id: row.id,
          title: (sealer.open(row.sealed, `mandates_texts/${row.id}`) as Kept).title,
          by: row.added_by,
          at: row.added_at,
        }));
      });
    },
    async get(ctx, id) {
      ctx.allow('mandates.judge');
      return ctx.transaction(async (tx) => {
        const sealer = await sealerOf(tx);
        const { text } = await getText(tx, sealer, id);
        const resolutions = await parsedAgain(text);
        const hashes = new Map(resolutions.flatMap(({ operative }) => operative.map((one) => [wordsOf(one), sealer.hash(wordsOf(one))] as const))); // prettier-ignore
        const rows = await store.listLiveJudgements(tx, [...hashes.values()]);
        const byHash = new Map<string, Judgement[]>();
        for (const row of rows) {
          const said = JudgementInput.parse(sealer.open(row.sealed, `mandates_judgements/${row.id}`));
          const key = row.paragraph_hash.toString('hex');
          byHash.set(key, [...(byHash.get(key) ?? []), { ...said, id: row.id, by: row.judged_by, at: row.judged_at }]);
        }
        const judgementsOf = (one: Operative) => byHash.get(hashes.get(wordsOf(one))?.toString('hex') ?? '') ?? [];
        const { actorType } = tables();
        return {
          id,
          text,
          resolutions: resolutions.map((resolution) => ({
            resolution,
            paragraphs: judgedParagraphs(resolution, judgementsOf, actorType),
          })),
        };
      });
    },
    async judge(ctx, id, place, given) {
      const input = JudgementInput.parse(given);
      ctx.allow('mandates.judge');
      await ctx.transaction(async (tx) => {
        const sealer = await sealerOf(tx);
        const { text } = await getText(tx, sealer, id);
        const paragraph = (await parsedAgain(text))[place.resolution]?.operative[place.paragraph];
        if (!paragraph) throw new NotFound('mandates.paragraph-unknown');
        const at = ctx.clock.now();
        const judgementId = uuidv7(random, Date.parse(at));
        await store.insertJudgement(tx, {
          id: judgementId,
          paragraph_hash: sealer.hash(wordsOf(paragraph)),
          judged_by: actorOf(ctx),
          judged_at: at,
          sealed: sealer.seal(input, `mandates_judgements/${judgementId}`),
        });
        await recordAudit(tx, ctx, 'mandates.judge', { kind: 'resolution-text', id }, { judgement: judgementId });
      });
    },
    async withdraw(ctx, judgementId) {
      ctx.allow('mandates.judge');
      await ctx.transaction(async (tx) => {
        const found = isId(judgementId) ? await store.findJudgement(tx, judgementId) : undefined;
        if (!found) throw new NotFound('mandates.judgement-unknown');
        if (found.withdrawn_at !== null) throw new Conflict('mandates.judgement-withdrawn-already');
        await store.insertWithdrawal(tx, { judgement_id: judgementId, withdrawn_by: actorOf(ctx), withdrawn_at: ctx.clock.now() }); // prettier-ignore
        await recordAudit(tx, ctx, 'mandates.withdraw-judgement', { kind: 'judgement', id: judgementId });
      });
    },
  };
}

/** A kept text is read anew each time, so that a better parser helps at once; what came as data is data again. */
async function parsedAgain(text: string): Promise<Resolution[]> {
  return /^\s*[<{[]/.test(text) ? (await readFile(new Uint8Array(Buffer.from(text)))).resolutions : readResolutions(text); // prettier-ignore
}
