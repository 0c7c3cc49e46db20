import type { Tx } from '../../platform/db/index.ts';
import { sha256 } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import { loadTreaties, readDataSet, shippedVersion, type DataSet } from './dataset.ts';
import type { TreatyFacts } from './rules/index.ts';
import type { DatasetBody } from './schema/index.ts';
import {
  findDatasetVersion,
  findNewestBundle,
  insertDatasetVersion,
  listActs,
  listAgreements,
  listConfirmations,
  listImportedCoverage,
} from './store/index.ts';

/** The data a node answers from: what ships or was got from a secretariat, and what was accepted here. */
export interface LiveFacts {
  current(): TreatyFacts;
  /** Looks whether another process accepted something, and loads it. Call before answering from the database's node. */
  refresh(ctx: Context): Promise<void>;
  /** Files under it all: those of the newest accepted bundle, else the shipped ones. */
  files(): DataSet;
}

/** Data files of a bundle, as `loadTreaties` takes them. */
export function setOf(body: DatasetBody): DataSet {
  return { version: body.version, texts: new Map(body.files.map((file) => [file.path, file.text])) };
}

/** Keeps the index of a node in step with its database. `samples` only in demo, training and tests. */
export function createLiveFacts(options: { samples?: string } = {}): LiveFacts {
  let seq = '';
  let held: TreatyFacts | undefined;
  let set: DataSet | undefined;
  return {
    current: () => (held ??= loadTreaties(options)),
    files: () => (set ??= readDataSet()),
    async refresh(ctx) {
      await ctx.transaction(async (tx) => {
        const latest = await findDatasetVersion(tx);
        if (latest === undefined || latest.seq === seq) return;
        const base = (await findNewestBundle(tx, 'accepted'))?.body;
        // An act that came both ways is one act: its id is made from its content.
        const acts = new Map([...(base?.acts ?? []), ...(await listActs(tx))].map((act) => [act.id, act]));
        const overlay = {
          acts: [...acts.values()],
          agreements: await listAgreements(tx),
          coverage: [...(base?.coverage ?? []), ...(await listImportedCoverage(tx))],
          confirmed: new Set(await listConfirmations(tx)),
        };
        const under = base ? setOf(base) : readDataSet();
        held = {
          ...loadTreaties({ ...options, set: under, overlay }),
          version: latest.version,
          sha256: latest.sha256,
        };
        set = under;
        seq = latest.seq;
      });
    },
  };
}

/** Id of who acts, for columns that name a person. */
export function actorId(ctx: Context): string {
  return ctx.actor.kind === 'public' ? 'public' : ctx.actor.id;
}

/**
 * A person accepts what another one proposed, in every profile. The command line is no person: it may accept in
 * demo and training, never in production.
 */
export function allowSecondPerson(ctx: Context, proposedBy: string): void {
  if (ctx.actor.kind === 'system' && ctx.profile !== 'production') ctx.allow('treaties.import');
  else ctx.allow('treaties.accept-import', { createdBy: proposedBy, involved: [proposedBy] });
}

/** Makes the next version of this node's data; every process loads it at its next answer. */
export async function addVersion(
  tx: Tx,
  live: LiveFacts,
  added: { importId: string | null; content: string; by: string; at: string },
): Promise<void> {
  const last = await findDatasetVersion(tx);
  const before = last ?? { seq: '0', version: shippedVersion, sha256: live.current().sha256 };
  await insertDatasetVersion(tx, {
    version: `${live.files().version.split('+')[0]!}+${String(Number(before.seq) + 1)}`,
    sha256: sha256(`${before.sha256} ${added.content}`),
    importId: added.importId,
    by: added.by,
    at: added.at,
  });
}
