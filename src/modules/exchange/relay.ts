import { createReadStream, readFileSync } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Tx } from '../../platform/db/index.ts';
import { Conflict, Invalid, NotFound, Unavailable } from '../../platform/errors.ts';
import { recordAudit } from '../audit/index.ts';
import { nameActor, type Context } from '../identity/index.ts';
import { eventOf, type Connector, type RelayedIn, type RelayStatus } from './connectors/connector.ts';
import { fileSystemConnector } from './connectors/file-system.ts';
import type { EventType, MessageId } from './schema.ts';
import { createRecord } from './service/record.ts';
import type { DeliveryParts } from './service/types.ts';
import { listEventRows } from './store/operate.ts';

const Name = z.string().min(1).max(300);

/** The file that `COMITY_RELAY_FILE` names: how this node is known at its access point, and who is reached there. */
export const RelaySetting = z.strictObject({
  folder: Name.describe('Folder that the access point watches: OUT, IN, SENT and FAILED stand in it'),
  ownParty: Name,
  parties: z.record(z.string().max(200), Name).describe('Authority id to the party of its access point'),
  partyType: Name.default('urn:oasis:names:tc:ebcore:partyid-type:unregistered'),
  service: Name,
  serviceType: Name,
  action: Name,
  roles: z.strictObject({ from: Name, to: Name }),
  mostBytes: z.int().min(1).optional(),
});
export type RelaySetting = z.infer<typeof RelaySetting>;

/**
 * Opens the door to the access point that a setting file describes.
 * @param file path; empty: there is none
 */
export function openRelay(file: string): Connector {
  if (file === '') throw new Unavailable('exchange.relay-off');
  let text: unknown;
  try {
    text = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Unavailable('exchange.relay-setting', { params: { place: '' }, cause });
  }
  const read = RelaySetting.safeParse(text);
  if (!read.success)
    throw new Unavailable('exchange.relay-setting', { params: { place: read.error.issues[0]?.path.join('.') ?? '' } });
  const { parties, mostBytes, ...setting } = read.data;
  return fileSystemConnector({
    ...setting,
    partyOf: (authority) => parties[authority],
    ...(mostBytes === undefined ? {} : { mostBytes }),
  });
}

type RelayParts = Pick<DeliveryParts, 'keys' | 'random' | 'trust' | 'node'>;

/** Message of this node, as far as a relay names it. */
async function findOutgoing(tx: Tx, id: string) {
  return tx
    .selectFrom('exchange_outbox')
    .select(['message_id', 'message_sha256', 'conversation_id', 'from_authority', 'to_authority'])
    .where('message_id', '=', id)
    .executeTakeFirst();
}

async function asNode<T>(ctx: Context, work: (tx: Tx) => Promise<T>): Promise<T> {
  return ctx.transaction(async (tx) => {
    ctx.allow('exchange.operate');
    await nameActor(tx, { kind: 'system', id: 'exchange' });
    const value = await work(tx);
    await nameActor(tx, ctx.actor);
    return value;
  });
}

/**
 * Hands the container of a message to the access point. The same message twice is handed over once.
 * @throws NotFound `exchange.no-such-message` for a message that this node did not send
 */
export async function sendByRelay(
  ctx: Context,
  connector: Connector,
  given: { message: MessageId; file: string },
): Promise<string> {
  const row = await asNode(ctx, (tx) => findOutgoing(tx, given.message));
  if (!row) throw new NotFound('exchange.no-such-message');
  const found = await stat(given.file).catch((cause: unknown) => {
    throw new Invalid('log.no-such-file', { params: { file: given.file }, cause });
  });
  if (!found.isFile()) throw new Invalid('log.no-such-file', { params: { file: given.file } });
  const ref = await connector.submit({
    messageId: given.message,
    conversationId: row.conversation_id,
    from: row.from_authority,
    to: row.to_authority,
    fileName: basename(given.file),
    mediaType: 'application/vnd.etsi.asic-e+zip',
    size: found.size,
    open: () => Promise.resolve(createReadStream(given.file)),
  });
  await ctx.transaction((tx) => recordAudit(tx, ctx, 'exchange.relay', { kind: 'message', id: given.message }));
  return ref;
}

/**
 * Asks where a container is. What the access point decided is stated once as an event of its own kind, which never says
 * more than that another system has it.
 */
export async function askRelay(
  ctx: Context,
  connector: Connector,
  parts: RelayParts,
  message: MessageId,
): Promise<RelayStatus & { event: EventType | null }> {
  const status = await connector.status(message);
  const event = eventOf(status.state);
  if (event === null) return { ...status, event };
  await asNode(ctx, async (tx) => {
    const row = await findOutgoing(tx, message);
    if (!row) throw new NotFound('exchange.no-such-message');
    const { message_id: messageId, message_sha256: messageSha256, from_authority: authority } = row;
    if ((await listEventRows(tx, messageId)).some((one) => one.type === event)) return;
    const record = createRecord(parts);
    record.state({ type: event, messageId, messageSha256, at: ctx.clock.now(), authority });
    await record.flush(tx);
  });
  return { ...status, event };
}

/** Writes the files of one that came into a folder of its own, then says to the access point that it was taken. */
export async function takeFromRelay(
  ctx: Context,
  connector: Connector,
  ref: string,
  folder: string,
): Promise<RelayedIn> {
  ctx.allow('exchange.operate');
  const came = (await connector.poll()).find((one) => one.ref === ref);
  if (!came) throw new NotFound('exchange.relay-no-such-ref', { params: { ref } });
  await mkdir(folder, { recursive: true });
  for (const file of came.files) {
    if (!/^[A-Za-z0-9@._-]{1,200}$/.test(file.name) || file.name.startsWith('.'))
      throw new Invalid('exchange.relay-metadata', { params: { why: 'bad-file-name' } });
    const handle = await open(join(folder, file.name), 'wx', 0o600).catch((cause: unknown) => {
      throw new Conflict('exchange.relay-file-there', { params: { file: join(folder, file.name) }, cause });
    });
    await pipeline(await file.open(), handle.createWriteStream({ flush: true }));
  }
  await ctx.transaction((tx) =>
    recordAudit(tx, ctx, 'exchange.take-relayed', { kind: 'relay', id: ref.slice(0, 100) }),
  );
  await connector.taken(ref);
  return came;
}
