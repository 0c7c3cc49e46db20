import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import pg from 'pg';

/** Something secret that is planted and must be found nowhere in clear. */
export interface Canary {
  bytes: Buffer;
  /** As it stands in texts and names. */
  text: string;
  /** Whether bytes hold it in any form that is no encryption: as it is, hex, base64, or cut up by the database's compression. */
  isIn(bytes: Buffer): boolean;
}

/** Longest form that is looked for, so that a search in pieces misses none at a border. */
const longest = 160;

/** Base64 of the bytes wherever they begin in a triple, without the letters that neighbours have a part in. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const inner = whole.slice(shift === 0 ? 0 : 4, Math.floor((shift + bytes.length) / 3) * 4);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** PostgreSQL's compression puts a control byte before each eight it keeps as they are. */
function compressedIn(bytes: Buffer, needle: Buffer): boolean {
  for (let phase = 0; phase < 8; phase += 1) {
    const [one, two] = [needle.subarray(phase, phase + 8), needle.subarray(phase + 8, phase + 16)];
    for (let at = bytes.indexOf(one); at >= 0; at = bytes.indexOf(one, at + 1))
      if (bytes.subarray(at + 9, at + 17).equals(two)) return true;
  }
  return false;
}

export function canaryOf(bytes: Buffer): Canary {
  const text = bytes.toString('hex');
  const plain = [text, text.toUpperCase(), ...base64Forms(bytes), ...base64Forms(Buffer.from(text))];
  const needles = [bytes, ...new Set(plain)].map((one) => Buffer.from(one as string));
  return {
    bytes,
    text,
    isIn: (given) =>
      needles.some((needle) => given.includes(needle)) ||
      compressedIn(given, bytes) ||
      compressedIn(given, Buffer.from(text)),
  };
}

/**
 * The same for many short secrets at once, in one pass over the bytes: as they are, cut up by compression, in hex and base64.
 * `found` names those that were seen.
 */
export function canariesOf(secrets: readonly { name: string; bytes: Buffer }[]): {
  found: Set<string>;
  isIn(bytes: Buffer): boolean;
} {
  const needles: { name: string; bytes: Buffer }[] = secrets.flatMap(({ name, bytes }) => {
    const raw = Array.from({ length: 8 }, (_, phase) => bytes.subarray(phase, phase + 8));
    const hex = bytes.toString('hex').slice(0, 16);
    const texts = [hex, hex.toUpperCase(), ...base64Forms(bytes).map((one) => one.slice(0, 12))];
    return [...raw, ...texts.map((one) => Buffer.from(one))].map((one) => ({ name, bytes: one }));
  });
  const byStart = new Map<number, typeof needles>();
  const starts = new Uint8Array(65_536);
  for (const needle of needles) {
    const start = needle.bytes.readUInt16LE(0);
    starts[start] = 1;
    byStart.set(start, [...(byStart.get(start) ?? []), needle]);
  }
  const found = new Set<string>();
  return {
    found,
    isIn(given) {
      let any = false;
      for (let at = 0; at + 8 <= given.length; at += 1) {
        const start = given[at]! | (given[at + 1]! << 8);
        if (starts[start] === 0) continue;
        for (const { name, bytes } of byStart.get(start) ?? []) {
          if (!given.subarray(at, at + bytes.length).equals(bytes)) continue;
          found.add(name);
          any = true;
        }
      }
      return any;
    },
  };
}

/** Files under a folder that hold it. */
export async function findInFiles(canary: Pick<Canary, 'isIn'>, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    if (canary.isIn(Buffer.from(file.name))) found.push(`name of ${path}`);
    let last = Buffer.alloc(0);
    try {
      for await (const piece of createReadStream(path, { highWaterMark: 4 << 20 })) {
        const both = Buffer.concat([last, piece as Buffer]);
        if (canary.isIn(both)) {
          found.push(path);
          break;
        }
        last = Buffer.from(both.subarray(-longest));
      }
    } catch (error) {
      // What is done with goes away while others are looked at.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return found;
}

const slice = 8 << 20;

/**
 * Files of a database as they lie on disk after a checkpoint, and the write-ahead log since a moment, that hold it.
 * Read through the server, so that any server will do; the role must be a superuser's.
 */
export async function findInDatabase(canary: Pick<Canary, 'isIn'>, url: string, since: Date): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('CHECKPOINT');
    const { rows } = await client.query<{ path: string; size: string }>(
      `select path, (pg_stat_file(path, true)).size
         from (select 'base/' || d.oid || '/' || f as path from pg_database d, pg_ls_dir('base/' || d.oid) f
                where d.datname = current_database()
               union all select 'pg_wal/' || name from pg_ls_waldir() where modification >= $1) files
        order by path`,
      [since],
    );
    const found: string[] = [];
    for (const { path, size } of rows) {
      for (let at = 0; at < Number(size); at += slice - longest) {
        const read = await client.query<{ bytes: Buffer | null }>({
          text: 'select pg_read_binary_file($1, $2, $3, true) as bytes',
          values: [path, at, slice],
          binary: true,
          types: { getTypeParser: () => (raw: unknown) => raw },
        } as pg.QueryConfig);
        const bytes = read.rows[0]?.bytes;
        if (bytes && canary.isIn(bytes)) {
          found.push(path);
          break;
        }
      }
    }
    return found;
  } finally {
    await client.end();
  }
}

/** A folder for everything temporary of this process, data folders of its nodes included, until it is removed. */
export function temporaryFolder(): { path: string; since: Date; remove(): void } {
  const before = process.env['TMPDIR'];
  const path = mkdtempSync(join(tmpdir(), 'comity-canary-'));
  process.env['TMPDIR'] = path;
  return {
    path,
    // A file system may round the time of a change.
    since: new Date(Date.now() - 2_000),
    remove() {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** What nodes of this process say to each other inside TLS, until `stop`: requests and answers, headers aside. */
export function listenInside(): { said(): Buffer; stop(): void } {
  const pieces: Buffer[] = [];
  const keep = (given: unknown) => {
    if (typeof given === 'string') pieces.push(Buffer.from(given));
    else if (given instanceof Uint8Array) pieces.push(Buffer.from(given));
  };
  const undo = [http.ClientRequest.prototype, http.ServerResponse.prototype].flatMap((prototype) =>
    (['write', 'end'] as const).map((name) => {
      const own = Object.getOwnPropertyDescriptor(prototype, name);
      const real = prototype[name] as (...given: unknown[]) => never;
      Object.defineProperty(prototype, name, {
        configurable: true,
        writable: true,
        value(this: http.OutgoingMessage, ...given: unknown[]) {
          // What people are shown goes over plain sockets here; peers are TLS both ways.
          if (this instanceof http.ClientRequest || this.socket instanceof TLSSocket) keep(given[0]);
          return real.apply(this, given);
        },
      });
      return () => {
        if (own) Object.defineProperty(prototype, name, own);
        else Reflect.deleteProperty(prototype, name);
      };
    }),
  );
  return { said: () => Buffer.concat(pieces), stop: () => undo.forEach((one) => one()) };
}
