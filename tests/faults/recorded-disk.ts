// What a program did to its files, as strace tells it, and the disks that a power cut at any moment may leave of it: bytes of
// a file last from its flush on, a name in a folder from the folder's flush on; what was not flushed may be there or not.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

export type DiskEvent =
  | { do: 'make-folder' | 'create' | 'flush' | 'remove'; path: string }
  | { do: 'write'; path: string; at: number | null; bytes: Buffer }
  | { do: 'cut'; path: string; size: number }
  | { do: 'rename'; path: string; to: string }
  /** Told to somebody: from here on it may not be lost. */
  | { do: 'say'; text: string };

interface Inode {
  isFolder: boolean;
  /** As programs see it; and as the disk has it for sure. */
  bytes: Buffer;
  flushed: Buffer;
  names: Map<string, Inode>;
  flushedNames: Map<string, Inode>;
  place: number;
}

function newInode(isFolder: boolean, bytes = Buffer.alloc(0)): Inode {
  return { isFolder, bytes, flushed: bytes, names: new Map(), flushedNames: new Map(), place: 0 };
}

function load(folder: string): Inode {
  const inode = newInode(true);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() && !entry.isFile()) continue;
    const path = join(folder, entry.name);
    inode.names.set(entry.name, entry.isDirectory() ? load(path) : newInode(false, readFileSync(path)));
  }
  inode.flushedNames = new Map(inode.names);
  return inode;
}

/** How much of what was not flushed a disk kept: nothing, all, or what chance gives (numbers in [0, 1)). */
export type Kept = 'least' | 'most' | (() => number);

const sector = 4_096;

/** A disk below one folder, event by event. */
export class RecordedDisk {
  readonly said: string[] = [];
  readonly #root: Inode;

  /** @param before the folder as it lay on the disk when the recording began; empty unless told */
  constructor(before?: string) {
    this.#root = before === undefined ? newInode(true) : load(before);
  }

  #find(path: string): Inode | undefined {
    let inode: Inode | undefined = this.#root;
    for (const name of path.split('/')) if (name !== '' && name !== '.') inode = inode?.names.get(name);
    return inode;
  }

  #place(path: string): { folder: Inode; name: string } | undefined {
    const at = path.lastIndexOf('/');
    const folder = this.#find(at < 0 ? '' : path.slice(0, at));
    return folder && { folder, name: path.slice(at + 1) };
  }

  apply(event: DiskEvent): void {
    if (event.do === 'say') return void this.said.push(event.text);
    const place = this.#place(event.path);
    const inode = this.#find(event.path);
    if (event.do === 'make-folder' || event.do === 'create') {
      if (place && !inode) place.folder.names.set(place.name, newInode(event.do === 'make-folder'));
    } else if (event.do === 'remove') place?.folder.names.delete(place.name);
    else if (event.do === 'rename') {
      const target = this.#place(event.to);
      if (!inode || !place || !target) return;
      place.folder.names.delete(place.name);
      target.folder.names.set(target.name, inode);
    } else if (!inode) return;
    else if (event.do === 'flush') {
      if (inode.isFolder) inode.flushedNames = new Map(inode.names);
      else inode.flushed = inode.bytes;
    } else if (event.do === 'cut') {
      const bytes = Buffer.alloc(event.size);
      inode.bytes.copy(bytes);
      inode.bytes = bytes;
    } else if (event.do === 'write') {
      const at = event.at ?? inode.place;
      const bytes = Buffer.alloc(Math.max(inode.bytes.length, at + event.bytes.length));
      bytes.set(inode.bytes);
      bytes.set(event.bytes, at);
      inode.bytes = bytes;
      inode.place = at + event.bytes.length;
    }
  }

  /** Files that the disk may hold after a cut at this moment, by path; folders with a `/` at the end. */
  left(kept: Kept): Map<string, Buffer> {
    const found = new Map<string, Buffer>();
    const walk = (inode: Inode, path: string): void => {
      if (!inode.isFolder) return void found.set(path, bytesLeft(inode, kept));
      if (path !== '') found.set(`${path}/`, Buffer.alloc(0));
      for (const name of new Set([...inode.names.keys(), ...inode.flushedNames.keys()])) {
        const [now, sure] = [inode.names.get(name), inode.flushedNames.get(name)];
        const child = kept === 'least' ? sure : kept === 'most' || now === sure || kept() < 0.5 ? now : sure;
        if (child) walk(child, path === '' ? name : `${path}/${name}`);
      }
    };
    walk(this.#root, '');
    return found;
  }
}

function bytesLeft(inode: Inode, kept: Kept): Buffer {
  if (kept === 'least' || inode.bytes === inode.flushed) return inode.flushed;
  if (kept === 'most') return inode.bytes;
  // Each sector came to the disk or did not.
  const bytes = Buffer.alloc(kept() < 0.5 ? inode.bytes.length : inode.flushed.length);
  for (let at = 0; at < bytes.length; at += sector)
    bytes.set((kept() < 0.5 ? inode.bytes : inode.flushed).subarray(at, Math.min(at + sector, bytes.length)), at);
  return bytes;
}

/** Calls to be traced for `readTrace`. */
export const tracedCalls =
  'openat,write,writev,pwrite64,pwritev,pwritev2,sendto,fsync,fdatasync,ftruncate,fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat';

const unquote = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex');
const strings = (text: string): Buffer[] =>
  [...text.matchAll(/"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g)].map(([, hex = '', cut]) => {
    if (cut) throw new Error('strace cut a string short');
    return unquote(hex);
  });
const plain = (path: string): string =>
  (path.includes('\\x') ? unquote(path).toString('utf8') : path).replace(/ \(deleted\)$/, '');

/**
 * Events below a folder, from what `strace -f -y -xx` wrote.
 * @param says what a line that was written or sent outside the folder tells; undefined for what tells nothing
 */
export function readTrace(trace: string, base: string, says: (bytes: Buffer) => string | undefined): DiskEvent[] {
  const events: DiskEvent[] = [];
  const begun = new Map<string, string>();
  const inside = (path: string): string | undefined => {
    const below = relative(base, path);
    return below.startsWith('..') ? undefined : below;
  };
  for (const line of trace.split('\n')) {
    const [, pid = '', text = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (text.endsWith('<unfinished ...>')) {
      begun.set(pid, text.slice(0, -' <unfinished ...>'.length));
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text);
    const whole = resumed ? `${begun.get(pid) ?? ''}${resumed[1]}` : text;
    const call = /^(\w+)\((.*)\)\s+=\s+(\d+)/.exec(whole);
    if (!call) continue;
    const [, name = '', args = ''] = call;
    const held = /^(?:AT_FDCWD|\d+)<([^>]*)>/.exec(args)?.[1];
    const of = held === undefined ? undefined : plain(held);
    const path = of === undefined ? undefined : inside(of);
    const given = () => strings(args).map((one) => one.toString('utf8'));
    /** Paths of calls that name them, each after the folder it is counted from. */
    const named = () => {
      const froms = [...args.matchAll(/(?:AT_FDCWD|\b\d+)<([^>]*)>/g)].map(([, one = '']) => plain(one));
      return given().map((one, n) => inside(one.startsWith('/') ? one : join(froms[n] ?? froms[0] ?? base, one)));
    };
    if (name === 'openat') {
      const [one] = named();
      if (one !== undefined && args.includes('O_CREAT')) events.push({ do: 'create', path: one });
      if (one !== undefined && args.includes('O_TRUNC')) events.push({ do: 'cut', path: one, size: 0 });
    } else if (/^(p?writev?(64|2)?|sendto)$/.test(name)) {
      const bytes = Buffer.concat(strings(args));
      const told = path === undefined ? says(bytes) : undefined;
      if (told !== undefined) events.push({ do: 'say', text: told });
      const numbers = /((?:, \d+)+)$/.exec(args)?.[1]?.split(', ').slice(1).map(Number) ?? [];
      const at = name.startsWith('pwrite') ? (numbers.at(name === 'pwritev2' ? -2 : -1) ?? null) : null;
      if (path !== undefined) events.push({ do: 'write', path, at, bytes });
    } else if (name === 'fsync' || name === 'fdatasync') {
      if (path !== undefined) events.push({ do: 'flush', path });
    } else if (name === 'ftruncate') {
      if (path !== undefined) events.push({ do: 'cut', path, size: Number(/, (\d+)$/.exec(args)?.[1]) });
    } else if (name === 'fallocate') {
      const [, from = '0', length = '0'] = /, (\d+), (\d+)$/.exec(args) ?? [];
      if (path !== undefined)
        events.push({ do: 'write', path, at: Number(from) + Number(length), bytes: Buffer.alloc(0) });
    } else if (name.startsWith('rename') || name.startsWith('link')) {
      const [one, to] = named();
      if (one !== undefined && to !== undefined) events.push({ do: 'rename', path: one, to });
    } else if (name.startsWith('unlink')) {
      const [one] = named();
      if (one !== undefined) events.push({ do: 'remove', path: one });
    } else if (name.startsWith('mkdir')) {
      const [one] = named();
      if (one !== undefined) events.push({ do: 'make-folder', path: one });
    }
  }
  return events;
}
