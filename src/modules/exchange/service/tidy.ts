import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Direction } from '../parts.ts';
import { day, keptAfterReceipt } from '../rules/index.ts';
import { listAbandoned, listDelivered, liveBlobs, updateBlob, type BlobRow } from '../store/index.ts';
import { later, systemActor, type DeliveryParts } from './types.ts';

const atOnce = 50;

type Parts = Pick<DeliveryParts, 'db' | 'clock' | 'random' | 'folder'>;
type ListParts = (tx: Tx, before: Instant, most: number) => Promise<BlobRow[]>;

/** Takes large parts away that nobody needs any more, and what processes left behind that ended in between. */
export interface Tidying {
  /** Looks once. Answers how many parts it took away. */
  look(): Promise<number>;
  /** Takes away what lies in the folder and belongs to nothing; answers how many files. */
  sweep(): Promise<number>;
}

export function createTidying({ db, clock, random, folder }: Parts): Tidying {
  async function takeAway(direction: Direction, before: Instant, list: ListParts): Promise<number> {
    const now = clock.now();
    const rows = await withTransaction(db, systemActor, async (tx) => {
      const found = await list(tx, before, atOnce);
      for (const { blob_id: id, peer, message_id: message } of found) {
        await updateBlob(tx, id, { status: 'removed', changed_at: now });
        const ctx = { actor: { kind: 'system', id: 'exchange' } as const, clock, random };
        await recordAudit(tx, ctx, 'exchange.remove-part', { kind: 'exchange-part', id }, { peer, message });
      }
      return found;
    });
    // The row first: who ends here leaves files that belong to nothing, and the next sweep takes them.
    for (const { blob_id: id } of rows) await folder.remove(direction, id);
    return rows.length;
  }

  async function sweepFolder(direction: Direction): Promise<number> {
    const before = Date.parse(later(clock.now(), -day));
    let swept = 0;
    for await (const files of folder.list(direction, atOnce)) {
      const old = files.filter((one) => one.changedAt < before);
      if (old.length === 0) continue;
      const ids = [...new Set(old.map((one) => one.blobId))];
      const live = await withTransaction(db, systemActor, (tx) => liveBlobs(tx, direction, ids));
      for (const { name, blobId, isDraft } of old) {
        if (!isDraft && live.has(blobId)) continue;
        await folder.discard(direction, name);
        swept += 1;
      }
    }
    return swept;
  }

  return {
    async look() {
      const now = clock.now();
      const abandoned = await takeAway('in', later(now, -day), listAbandoned);
      return abandoned + (await takeAway('out', later(now, -keptAfterReceipt), listDelivered));
    },
    sweep: async () => (await sweepFolder('in')) + (await sweepFolder('out')),
  };
}
