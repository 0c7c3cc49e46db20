import type { z } from 'zod';
import type { Tx } from '../../../platform/db/index.ts';
import { NotFound } from '../../../platform/errors.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { canonical, type Instant } from '../../../platform/values/index.ts';
import type { CaseFileId, Sealer } from '../../evidence/index.ts';
import type { Context } from '../../identity/index.ts';
import { contentHash, DraftRequest, type ActionKind, type IncomingActionKind } from '../schema/index.ts';
import * as store from '../store/index.ts';

type Place = Pick<store.RequestRow, 'id' | 'case_file_id'>;

/** An act as it is kept, its data opened. */
export interface KeptAct<K extends string, D> {
  id: string;
  at: Instant;
  actor: string;
  kind: K;
  data: D;
  shared: boolean;
  causes: string | null;
}

/** What stands sealed of a request, of either side: its texts and the data of its acts. */
export interface SealedCase {
  seal(tx: Tx, caseFileId: CaseFileId, value: object, place: string): Promise<Buffer>;
  /** JSON that stood sealed at a place, to be parsed by its schema. */
  open(tx: Tx, caseFileId: CaseFileId, sealed: Uint8Array, place: string): Promise<unknown>;
  openText(tx: Tx, row: Place, revision: number): Promise<DraftRequest>;
  saveText(
    tx: Tx,
    row: Place,
    text: { revision: number; section: string; draft: DraftRequest; by: string; at: Instant },
  ): Promise<void>;
  openActs<K extends ActionKind | IncomingActionKind, D>(
    tx: Tx,
    row: Place,
    kinds: z.ZodType<K>,
    data: z.ZodType<D>,
  ): Promise<KeptAct<K, D>[]>;
  append<K extends ActionKind | IncomingActionKind, D extends object>(
    tx: Tx,
    ctx: Pick<Context, 'clock' | 'random'>,
    row: Place,
    act: { seq: number; kind: K; data: D; by: string; shared: boolean },
  ): Promise<KeptAct<K, D>>;
}

/** JSON as it is stored: nothing that is undefined. */
export function withoutUndefined(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}

export function sealedCase(sealer: Sealer): SealedCase {
  const textPlace = (id: string, revision: number) => `requests/${id}/${revision}`;
  const actionPlace = (id: string) => `request-actions/${id}`;

  const seal: SealedCase['seal'] = (tx, caseFileId, value, place) =>
    sealer.seal(tx, caseFileId, Buffer.from(canonical(withoutUndefined(value)), 'utf8'), place);
  const open: SealedCase['open'] = async (tx, caseFileId, sealed, place) =>
    JSON.parse(Buffer.from(await sealer.open(tx, caseFileId, sealed, place)).toString('utf8')) as unknown;

  return {
    seal,
    open,
    async openText(tx, row, revision) {
      const found = await store.findRevision(tx, row.id, revision);
      if (!found) throw new NotFound('requests.not-found');
      return DraftRequest.parse(await open(tx, row.case_file_id, found.sealed_request, textPlace(row.id, revision)));
    },
    async saveText(tx, row, { revision, section, draft, by, at }) {
      await store.insertRevision(tx, {
        request_id: row.id,
        revision,
        case_file_id: row.case_file_id,
        section,
        content_hash: contentHash(draft),
        sealed_request: await seal(tx, row.case_file_id, draft, textPlace(row.id, revision)),
        saved_by: by,
        saved_at: at,
      });
    },
    async openActs(tx, row, kinds, data) {
      const rows = await store.listActions(tx, row.id);
      return Promise.all(
        rows.map(async ({ id, at, actor, kind, shared, causes, sealed_data }) => ({
          id,
          at,
          actor,
          kind: kinds.parse(kind),
          data: data.parse(await open(tx, row.case_file_id, sealed_data, actionPlace(id))),
          shared,
          causes,
        })),
      );
    },
    async append(tx, ctx, row, { seq, kind, data, by, shared }) {
      const at = ctx.clock.now();
      const id = uuidv7(ctx.random, Date.parse(at));
      await store.insertAction(tx, {
        id,
        request_id: row.id,
        seq,
        case_file_id: row.case_file_id,
        at,
        actor: by,
        kind,
        shared,
        causes: null,
        sealed_data: await seal(tx, row.case_file_id, data, actionPlace(id)),
      });
      return { id, at, actor: by, kind, data, shared, causes: null };
    },
  };
}
