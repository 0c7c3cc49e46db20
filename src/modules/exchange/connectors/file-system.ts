import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Invalid, Unavailable } from '../../../platform/errors.ts';
import type { Connector, Relay, RelayedIn, RelayStatus } from './connector.ts';
import { readUserMessage, writeUserMessage, type UserMessage } from './metadata.ts';

/** How this node is known at the access point, and which of its processes carries our containers. */
export interface FileSystemSetting {
  /** Folder that the access point watches: OUT, IN, SENT and FAILED stand in it. */
  folder: string;
  ownParty: string;
  /** Party of the access point that serves an authority, or undefined when none does. */
  partyOf(authority: string): string | undefined;
  partyType: string;
  service: string;
  serviceType: string;
  action: string;
  roles: { from: string; to: string };
  /** Two gigabytes unless the access point says otherwise. */
  mostBytes?: number;
}

const twoGigabytes = 2_000_000_000;
const metadataName = 'metadata.xml';
const payloadName = 'message.asice';
const safeRef = /^[A-Za-z0-9@._-]{1,200}$/;

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function flushFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeFlushed(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o640);
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Access points with the file-system plugin of Domibus and Harmony: a folder per message in OUT with `metadata.xml` and
 * the payload; the plugin renames the payload by status and moves it to SENT or FAILED; what comes lies in IN, a folder per message.
 * A submission is written beside OUT and moved in by one rename, so that the plugin never sees half of it.
 */
export function fileSystemConnector(setting: FileSystemSetting): Connector {
  const { folder } = setting;
  const mostBytes = setting.mostBytes ?? twoGigabytes;
  const place = (name: 'OUT' | 'IN' | 'SENT' | 'FAILED' | 'STAGED' | 'TAKEN') => join(folder, name);

  function placeOf(ref: string): string {
    if (!safeRef.test(ref)) throw new Invalid('exchange.relay-metadata', { params: { why: 'bad-reference' } });
    return ref;
  }

  async function submit(relay: Relay): Promise<string> {
    if (relay.size > mostBytes)
      throw new Invalid('exchange.relay-too-large', { params: { size: relay.size, most: mostBytes } });
    const party = setting.partyOf(relay.to);
    if (party === undefined) throw new Invalid('exchange.relay-no-party', { params: { authority: relay.to } });
    const ref = placeOf(relay.messageId);
    const known = await Promise.all((['OUT', 'SENT', 'FAILED'] as const).map((one) => exists(join(place(one), ref))));
    if (known.some(Boolean)) return ref;
    const staged = join(place('STAGED'), ref);
    await rm(staged, { recursive: true, force: true });
    await mkdir(staged, { recursive: true });
    await mkdir(place('OUT'), { recursive: true });
    const message: UserMessage = {
      fromParty: setting.ownParty,
      toParty: party,
      partyType: setting.partyType,
      fromRole: setting.roles.from,
      toRole: setting.roles.to,
      service: setting.service,
      serviceType: setting.serviceType,
      action: setting.action,
      conversationId: relay.conversationId,
      originalSender: relay.from,
      finalRecipient: relay.to,
      mediaType: relay.mediaType,
    };
    await pipeline(
      await relay.open(),
      createWriteStream(join(staged, payloadName), { flags: 'wx', mode: 0o640, flush: true }),
    );
    const written = (await stat(join(staged, payloadName))).size;
    if (written !== relay.size) throw new Unavailable('exchange.relay-not-written', { params: { written } });
    await writeFlushed(join(staged, metadataName), writeUserMessage(message));
    await flushFolder(staged);
    await rename(staged, join(place('OUT'), ref));
    await flushFolder(place('OUT'));
    return ref;
  }

  async function status(ref: string): Promise<RelayStatus> {
    placeOf(ref);
    if (await exists(join(place('SENT'), ref))) return { state: 'handed-over', detail: 'SENT' };
    if (await exists(join(place('FAILED'), ref))) return { state: 'failed', detail: 'FAILED' };
    const out = join(place('OUT'), ref);
    if (!(await exists(out))) return { state: 'unknown', detail: null };
    // The plugin says where a payload is by the end of its name: message_ID.asice.WAITING_FOR_RECEIPT.
    const names = await readdir(out);
    const suffix = names.map((name) => /\.([A-Z][A-Z_]+)$/.exec(name)?.[1]).find((one) => one !== undefined) ?? null;
    return { state: suffix === 'SEND_FAILURE' ? 'failed' : 'waiting', detail: suffix };
  }

  async function poll(): Promise<RelayedIn[]> {
    if (!(await exists(place('IN')))) return [];
    const found: RelayedIn[] = [];
    const entries = await readdir(place('IN'), { withFileTypes: true });
    for (const entry of entries.filter((one) => one.isDirectory() && safeRef.test(one.name))) {
      const inside = join(place('IN'), entry.name);
      const files = await readdir(inside, { withFileTypes: true });
      // The plugin writes the metadata last; a folder without it is still being written.
      if (!files.some((one) => one.isFile() && one.name === metadataName)) continue;
      if (files.some((one) => one.name.endsWith('.lock'))) continue;
      const meta = readUserMessage(await readFile(join(inside, metadataName), 'utf8'));
      found.push({
        ref: entry.name,
        from: meta.originalSender,
        to: meta.finalRecipient,
        conversationId: meta.conversationId,
        files: files
          .filter((one) => one.isFile() && one.name !== metadataName)
          .map((one) => ({
            name: basename(one.name),
            mediaType: meta.mediaType,
            open: async () => createReadStream(join(inside, one.name)),
          })),
      });
    }
    return found.sort((a, b) => (a.ref < b.ref ? -1 : 1));
  }

  async function taken(ref: string): Promise<void> {
    const from = join(place('IN'), placeOf(ref));
    if (!(await exists(from))) return;
    await mkdir(place('TAKEN'), { recursive: true });
    await rename(from, join(place('TAKEN'), ref));
    await flushFolder(place('TAKEN'));
  }

  return { mostBytes, submit, poll, taken, status };
}
