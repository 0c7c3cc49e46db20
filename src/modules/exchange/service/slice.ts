import type { Tx } from '../../../platform/db/index.ts';
import type { Sha256 } from '../../../platform/values/index.ts';
import type { Arrival } from '../envelope.ts';
import { advance, type ArrivalFacts, type ArrivalSlice, type StreamIn, type Verdict } from '../rules/index.ts';
import { streamOf } from '../schema.ts';
import {
  findAtPlaces,
  findIncoming,
  listAhead,
  listBlobsOf,
  lockStreams,
  type BlobRow,
  type StreamEnd,
} from '../store/index.ts';

/** A message that holds a number behind the next one. */
interface Ahead {
  id: string;
  sequence: number;
  messageSha256: Sha256;
  previous: Sha256 | null;
  /** Waits to take effect; otherwise it was refused and only holds its number. */
  waits: boolean;
}

/** What of the database a group of messages touches, moved on as each is decided. The streams are locked. */
export interface Slice {
  of(arrival: Arrival): ArrivalSlice;
  partsOf(arrival: Arrival): ArrivalFacts['parts'];
  apply(arrival: Arrival, verdict: Verdict): void;
  /** Streams that moved on. */
  moved(): Map<string, StreamEnd>;
  /** Messages of before that take effect now. */
  released(): string[];
  statusOf(id: string): 'received' | 'held';
  /** Sequence that a stream waits for. */
  expects(arrival: Arrival): number;
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
  const waiting = await listAhead(tx, [...ends.keys()]);
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
  const ahead = new Map<string, Ahead[]>();
  for (const row of waiting) {
    const one = {
      id: row.message_id,
      sequence: Number(row.sequence),
      messageSha256: row.message_sha256,
      previous: row.previous_sha256,
      waits: row.status === 'held',
    };
    ahead.set(row.stream, [...(ahead.get(row.stream) ?? []), one]);
  }
  const moved = new Set<string>();
  const released: string[] = [];
  const status = new Map<string, 'received' | 'held'>();

  /** Lets those behind a message take effect, as far as they follow each other. */
  function release(stream: string): void {
    const behind = ahead.get(stream) ?? [];
    for (let next = behind[0]; next; next = behind[0]) {
      const at = ins.get(stream)!;
      if (next.sequence !== at.next || next.previous !== at.lastSha256) return;
      behind.shift();
      ins.set(stream, advance(at, next));
      if (!next.waits) continue;
      if (status.has(next.id)) status.set(next.id, 'received');
      else released.push(next.id);
    }
  }

  return {
    of({ message: { value: message } }) {
      const stream = streamOf(message);
      const sha256 = shas.get(message.id);
      const atPlace = places.get(`${stream} ${message.sequence}`);
      return {
        byId: sha256 === undefined ? null : { messageSha256: sha256 },
        atSequence: atPlace === undefined ? null : { messageId: atPlace },
        stream: ins.get(stream)!,
      };
    },
    partsOf: (arrival) => partsOf(arrival, blobs),
    apply({ message: { value: message, payloadSha256 } }, verdict) {
      if (verdict.do !== 'place') return;
      const stream = streamOf(message);
      const { id, sequence, previous } = message;
      const link = { sequence, previous, messageSha256: payloadSha256 };
      shas.set(id, payloadSha256);
      places.set(`${stream} ${sequence}`, id);
      status.set(id, verdict.place === 'ahead' ? 'held' : 'received');
      if (verdict.place === 'ahead') {
        const all = [...(ahead.get(stream) ?? []), { id, ...link, waits: verdict.code === null }];
        ahead.set(
          stream,
          all.sort((a, b) => a.sequence - b.sequence),
        );
        return;
      }
      ins.set(stream, advance(ins.get(stream)!, link));
      moved.add(stream);
      release(stream);
    },
    moved: () => new Map([...moved].map((stream) => [stream, ins.get(stream)!])),
    released: () => released,
    statusOf: (id) => status.get(id) ?? 'received',
    expects: ({ message }) => ins.get(streamOf(message.value))?.next ?? 1,
    answerTo: (id) => answers.get(id) ?? Buffer.alloc(0),
    keepAnswer: (id, answer) => void answers.set(id, answer),
  };
}
