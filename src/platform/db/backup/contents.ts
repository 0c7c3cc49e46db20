import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { z } from 'zod';
import { Unavailable } from '../../errors.ts';
import { Instant, Sha256 } from '../../values/index.ts';

export const Table = z.object({ name: z.string(), columns: z.array(z.string()) });
export type Table = z.infer<typeof Table>;
export const Header = z.object({
  kind: z.literal('comity-backup'),
  version: z.literal(1),
  at: Instant,
  migrations: z.array(z.object({ name: z.string(), sha256: z.string() })),
  tables: z.array(Table),
  sequences: z.array(z.object({ name: z.string(), last: z.string().nullable() })),
});
export type Header = z.infer<typeof Header>;
export const Part = z.object({ name: z.string(), bytes: z.int(), sha256: Sha256 });
export const Contents = z.object({
  kind: z.literal('comity-backup-contents'),
  version: z.literal(1),
  parts: z.array(Part),
});
export type Part = z.infer<typeof Part>;
export type Contents = z.infer<typeof Contents>;

/** What went into a backup or came out of it. The hash of a table's part is the same before and after. */
export interface BackupReport {
  file: string;
  at: string;
  tables: number;
  blobs: number;
  /** Files of the folders given. */
  files: number;
  bytes: number;
  parts: Part[];
}

/** A table, a stored file or another file that just went into a backup or came out of it. */
export type OnPart = (part: Part) => void;

/** Folders beside the database and the blobs, by the name they have in the backup. */
export type Folders = Readonly<Record<string, string>>;

export const place = 'backup/1';

/** Throws `db.backup-unreadable` when the file does not hold a key. */
export async function readKey(file: string): Promise<Buffer> {
  const key = Buffer.from((await readFile(file, 'utf8').catch(() => '')).trim(), 'base64url');
  if (key.length !== 32) throw new Unavailable('db.backup-unreadable', { params: { file } });
  return key;
}

/** Passes pieces on; afterwards tells how many bytes went by, and their hash. */
export function counting(source: AsyncIterable<Buffer>) {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
  }
  return { pieces: pieces(), result: () => ({ bytes, sha256: Sha256.parse(hash.digest('hex')) }) };
}

export function columnList(table: Table): string {
  return `${pg.escapeIdentifier(table.name)} (${table.columns.map((one) => pg.escapeIdentifier(one)).join(', ')})`;
}
