import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tx } from '../../platform/db/index.ts';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import { addJob } from '../../platform/jobs/index.ts';
import { recordAudit } from '../audit/index.ts';
import type { Context } from '../identity/index.ts';
import { checkPackFolder, installPack, packFolder, unzipPack, type CheckedPack } from './folder.ts';
import type { Pack, PackFileKind } from './schema.ts';
import { decidePack, findPack, listPacks as listRows, savePack } from './store.ts';

/** One file of an accepted pack, with what must stand beside every text shown. */
export interface InstalledFile {
  pack: string;
  version: string;
  title: string;
  asOf: string;
  language: string;
  licence: string;
  sources: string[];
  path: string;
  file: string;
}

/** Asked for when the accepted packs of this node changed; whoever reads texts out of them handles it. */
export const packsChanged = 'packs.changed';

const tellReaders = (tx: Tx, ctx: Context) => addJob(tx, ctx, { kind: packsChanged, key: packsChanged });

/** Checks a pack in a folder or zip. Throws `Invalid` with every problem. */
async function withCheckedPack<T>(source: string, work: (pack: CheckedPack) => Promise<T>): Promise<T> {
  const found = await stat(source).catch(() => undefined);
  if (!found) throw new NotFound('packs.no-such-folder', { params: { folder: source } });
  const folder = found.isDirectory() ? source : await unzipPack(source);
  try {
    const checked = await checkPackFolder(folder);
    if (!checked.ok) throw new Invalid('packs.faulty', { problems: checked.error });
    return await work(checked.value);
  } finally {
    if (folder !== source) await rm(folder, { recursive: true, force: true });
  }
}

export async function checkPack(source: string): Promise<CheckedPack['manifest']> {
  return withCheckedPack(source, async (pack) => pack.manifest);
}

/**
 * Brings a pack into this node. In production it waits for a second person; elsewhere it is accepted at once.
 * Importing the same pack again changes nothing.
 */
export async function importPack(ctx: Context, packsFolder: string, source: string): Promise<Pack> {
  ctx.allow('packs.import');
  return withCheckedPack(source, async (checked) => {
    const { id, version } = checked.manifest;
    const actorId = ctx.actor.kind === 'public' ? 'public' : ctx.actor.id;
    return ctx.transaction(async (tx) => {
      const known = await findPack(tx, id, version);
      const inPlace = existsSync(join(packFolder(packsFolder, id, version), 'pack.json'));
      if (known && known.pack.status !== 'removed') {
        if (known.pack.sha256 !== checked.manifestSha256)
          throw new Conflict('packs.version-taken', { params: { id, version } });
        if (inPlace) return known.pack;
        // The files were lost: they come back, and who brought and accepted the pack stays as it was.
        await installPack(checked, packsFolder);
        await tellReaders(tx, ctx);
        await recordAudit(tx, ctx, 'packs.import', { kind: 'pack', id: `${id}@${version}` }, { restored: true });
        return known.pack;
      }
      await installPack(checked, packsFolder);
      const status = ctx.profile === 'production' ? 'proposed' : 'accepted';
      await savePack(tx, checked.manifest, checked.manifestSha256, status, actorId, ctx.clock.now());
      if (status === 'accepted') await tellReaders(tx, ctx);
      await recordAudit(tx, ctx, 'packs.import', { kind: 'pack', id: `${id}@${version}` }, { status });
      return (await findPack(tx, id, version))!.pack;
    });
  });
}

/** Accepts a proposed pack as a second person. */
export async function acceptPack(ctx: Context, id: string, version: string): Promise<Pack> {
  return ctx.transaction(async (tx) => {
    const found = await findPack(tx, id, version);
    if (!found) throw new NotFound('packs.unknown', { params: { id, version } });
    ctx.allow('packs.accept', { createdBy: found.proposedBy, involved: [found.proposedBy] });
    if (found.pack.status === 'accepted') return found.pack;
    if (found.pack.status === 'removed') throw new Conflict('packs.was-removed', { params: { id, version } });
    await decidePack(
      tx,
      id,
      version,
      'accepted',
      ctx.actor.kind === 'public' ? 'public' : ctx.actor.id,
      ctx.clock.now(),
    );
    await tellReaders(tx, ctx);
    await recordAudit(tx, ctx, 'packs.accept', { kind: 'pack', id: `${id}@${version}` });
    return (await findPack(tx, id, version))!.pack;
  });
}

/** Takes a pack out of use. Its row stays, so that what was quoted once can be named. */
export async function removePack(ctx: Context, packsFolder: string, id: string, version: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('packs.import');
    const found = await findPack(tx, id, version);
    if (!found || found.pack.status === 'removed') throw new NotFound('packs.unknown', { params: { id, version } });
    await decidePack(
      tx,
      id,
      version,
      'removed',
      ctx.actor.kind === 'public' ? 'public' : ctx.actor.id,
      ctx.clock.now(),
    );
    await tellReaders(tx, ctx);
    await recordAudit(tx, ctx, 'packs.remove', { kind: 'pack', id: `${id}@${version}` });
  });
  await rm(packFolder(packsFolder, id, version), { recursive: true, force: true });
}

export async function listPacks(ctx: Context): Promise<Pack[]> {
  ctx.allow('packs.read');
  return ctx.transaction(async (tx) => (await listRows(tx)).map((row) => row.pack));
}

/** Files of one kind in all accepted packs; a pack that another one supersedes comes after it. */
export async function listInstalledFiles(
  ctx: Context,
  packsFolder: string,
  kind: PackFileKind,
): Promise<InstalledFile[]> {
  const rows = await ctx.transaction(async (tx) => listRows(tx));
  const accepted = rows.filter((row) => row.pack.status === 'accepted');
  const superseded = new Set(accepted.flatMap((row) => row.manifest.supersedes));
  const order = (row: (typeof accepted)[number]) => (superseded.has(`${row.pack.id}@${row.pack.version}`) ? 1 : 0);
  return [...accepted]
    .sort((a, b) => order(a) - order(b) || b.pack.asOf.localeCompare(a.pack.asOf))
    .flatMap((row) =>
      row.manifest.files
        .filter((file) => file.kind === kind)
        .map((file) => ({
          pack: row.pack.id,
          version: row.pack.version,
          title: row.pack.title,
          asOf: row.pack.asOf,
          language: row.pack.language,
          licence: row.pack.licence,
          sources: row.pack.sources,
          path: file.path,
          file: join(packFolder(packsFolder, row.pack.id, row.pack.version), ...file.path.split('/')),
        })),
    );
}
