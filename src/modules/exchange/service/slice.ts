import type { Tx } from '../../../platform/db/index.ts';
import type { Sha256 } from '../../../platform/values/index.ts';
import type { ArrivalFacts, HeldMessage, ReceiveDecision, ReceivedStatus, ReceiveState } from '../core.ts';
import type { Arrival } from '../envelope.ts';
import type { StreamIn } from '../rules/index.ts';
import { streamOf } from '../schema.ts';
import {
  findAtPlaces,
  findIncoming,
  listAhead,
  listBlobsOf,
  lockStreams,
  type BlobRow,
  type InboxFacts,
} from '../store/index.ts';

/** What of the database a group of messages touches, moved on as each is decided. The streams are locked. */
export interface Slice {
  stateOf(arrival: Arrival): ReceiveState;
  partsOf(arrival: Arrival): ArrivalFacts['parts'];
  apply(arrival: Arrival, decision: ReceiveDecision): void;
  /** Streams that moved on. */
  moved(): Map<string, StreamIn>;
  /** Messages of before whose turn came, or that ended where they stood, with the code of their end. */
  released(): { row: InboxFacts; code: string | null }[];
  /** What became of a message of this group, and the code of its end. */
  endOf(id: string): { status: ReceivedStatus; code: string | null };
  answerTo(id: string): Buffer;
  keepAnswer(id: string, answer: Buffer): void;
}

function partsOf({ message, inline, hasWrongPart }: Arrival, blobs: readonly BlobRow[]): ArrivalFacts['parts'] {
  if (hasWrongPart) return 'wrong';
  let missing = false;
  for (const part of message.value.parts) {
    if (inline.has(part.name)) continue;
    const blob = blobs.find((one) => one.message_id === message.value.id && one.part === part.name);
    const isSame =
      blob !== undefined &&
      Number(blob.length) === part.length &&
      blob.payload_root === part.payloadRoot &&
      blob.header_sha256 === part.headerSha256;
    if (blob && !isSame) return 'wrong';
    if (blob?.status !== 'whole') missing = true;
  }
  return missing ? 'missing' : 'whole';
}

function heldOf(row: InboxFacts): HeldMessage {
  return {
    messageId: row.message_id,
    sequence: Number(row.sequence),
    previous: row.previous_sha256,
    messageSha256: row.message_sha256,
    subjectKind: row.kind,
    // Whatever ended it, it only holds its number.
    status: row.status === 'held' || row.status === 'expired' ? row.status : 'refused',
  };
}

export async function loadSlice(tx: Tx, arrivals: readonly Arrival[]): Promise<Slice> {
  const messages = arrivals.map((arrival) => arrival.message.value);
  const ends = await lockStreams(
    tx,
    messages.map((message) => streamOf(message)),
  );
  const known = await findIncoming(
    tx,
    messages.map((message) => message.id),
  );
  const placed = await findAtPlaces(
    tx,
    messages.map((message) => ({ stream: streamOf(message), sequence: message.sequence })),
  );
  const ahead = await listAhead(tx, [...ends.keys()]);
  const large = arrivals.filter(({ message, inline }) => inline.size < message.value.parts.length);
  const blobs = await listBlobsOf(
    tx,
    'in',
    large.map(({ message }) => message.value.id),
  );

  const shas = new Map<string, Sha256>([...known.values()].map((row) => [row.message_id, row.message_sha256]));
  const places = new Map(placed.map((row) => [`${row.stream} ${row.sequence}`, row.message_id]));
  const ins = new Map<string, StreamIn>([...ends].map(([stream, end]) => [stream, end.in]));
  const answers = new Map([...known.values()].map((row) => [row.message_id, row.receipt_bytes]));
  const before = new Map(ahead.map((row) => [row.message_id, row]));
  const waiting = new Map<string, readonly HeldMessage[]>();
  for (const row of ahead) waiting.set(row.stream, [...(waiting.get(row.stream) ?? []), heldOf(row)]);
  const moved = new Set<string>();
  const released: { row: InboxFacts; code: string | null }[] = [];
  const written = new Map<string, { status: ReceivedStatus; code: string | null }>();

  return {
    stateOf({ message: { value: message } }) {
      const stream = streamOf(message);
      const sha256 = shas.get(message.id);
      const atPlace = places.get(`${stream} ${message.sequence}`);
      return {
        byId: sha256 === undefined ? null : { messageSha256: sha256 },
        atSequence: atPlace === undefined ? null : { messageId: atPlace },
        stream: ins.get(stream)!,
        waiting: waiting.get(stream) ?? [],
      };
    },
    partsOf: (arrival) => partsOf(arrival, blobs),
    apply({ message: { value: message, payloadSha256 } }, decision) {
      const stream = streamOf(message);
      ins.set(stream, decision.stream);
      waiting.set(stream, decision.waiting);
      for (const effect of decision.effects) {
        switch (effect.do) {
          case 'store':
            shas.set(message.id, payloadSha256);
            places.set(`${stream} ${message.sequence}`, message.id);
            written.set(message.id, { status: effect.status, code: effect.code });
            break;
          case 'advance':
            moved.add(stream);
            break;
          case 'release': {
            const { messageId, status, code } = effect;
            const row = before.get(messageId);
            if (row) released.push({ row, code });
            else written.set(messageId, { status, code });
          }
        }
      }
    },
    moved: () => new Map([...moved].map((stream) => [stream, ins.get(stream)!])),
    released: () => released,
    endOf: (id) => written.get(id) ?? { status: 'received', code: null },
    answerTo: (id) => answers.get(id) ?? Buffer.alloc(0),
    keepAnswer: (id, answer) => void answers.set(id, answer),
  };
}
