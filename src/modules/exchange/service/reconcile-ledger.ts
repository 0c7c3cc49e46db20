import type { Tx } from '../../../platform/db/index.ts';
import type { PlainDate } from '../../../platform/values/index.ts';
import {
  dayAfter,
  dayOf,
  firstIdOf,
  highestId,
  lowestId,
  RunningRoot,
  type DaySummary,
  type Direction,
} from '../rules/reconcile.ts';
import type { MessageId } from '../schema.ts';
import { nextLedgerId, readLedger, type Side } from '../store/reconcile.ts';

const piece = 50_000;

/** Who sent what is compared: the asker's `sent` is what came here. */
export function sideOf(direction: Direction, asker: boolean): Side {
  return (direction === 'sent') === asker ? 'out' : 'in';
}

/** Days of a direction that hold something, each with the root over its messages. */
export async function summarise(
  tx: Tx,
  side: Side,
  peer: string,
  from: PlainDate | null,
  until: PlainDate | null,
  most: number,
): Promise<{ days: DaySummary[]; next: PlainDate | null }> {
  const days: DaySummary[] = [];
  const end = until === null ? highestId : firstIdOf(until);
  let cursor = from === null ? lowestId : firstIdOf(from);
  for (;;) {
    const id = await nextLedgerId(tx, side, peer, cursor);
    if (id === undefined || id >= end) return { days, next: null };
    const day = dayOf(id);
    if (days.length === most) return { days, next: day };
    const beyond = firstIdOf(dayAfter(day));
    const { count, first, last, root } = await rootOfRange(tx, side, peer, id, beyond < end ? beyond : end);
    days.push({ day, count, first: first as MessageId, last: last as MessageId, root });
    cursor = beyond;
  }
}

/** Root over the messages of a range of ids. */
export async function rootOfRange(tx: Tx, side: Side, peer: string, from: string, until: string) {
  const running = new RunningRoot();
  let first: string | null = null;
  let last: string | null = null;
  for (let cursor = from; ;) {
    const read = await readLedger(tx, side, peer, cursor, until, piece);
    if (!read) break;
    running.add(read.hashes);
    first ??= read.first;
    last = read.last;
    if (read.count < piece) break;
    cursor = following(read.last);
  }
  return { count: running.count, root: running.root(), first, last };
}

/** The least id after one. */
function following(id: string): string {
  const next = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return `${next.slice(0, 8)}-${next.slice(8, 12)}-${next.slice(12, 16)}-${next.slice(16, 20)}-${next.slice(20)}`;
}
