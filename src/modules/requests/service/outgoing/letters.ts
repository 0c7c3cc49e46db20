import type { Tx } from '../../../../platform/db/index.ts';
import { fail, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';
import type { EvidenceFileId } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import { foldShared } from '../../rules/index.ts';
import {
  readShape,
  RequestBody,
  RequestReply,
  sharedPart,
  type ActionData,
  type ActionKind,
  type DraftRequest,
  type SharedActKind,
} from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import { endsOf, type Ends, type Post } from '../conversation/post.ts';
import { base64url } from '../conversation/ids.ts';
import type { SupplementUses } from './supplements.ts';
import type { Loaded, OutgoingBase } from './base.ts';

/** What an act that leaves changes here beside its own entry. */
interface Left {
  data: Partial<ActionData>;
  draft?: DraftRequest;
  columns: store.RequestChange;
}

export interface OutgoingLetters {
  /** Everything that stands against sending by node. */
  againstSending(tx: Tx, draft: DraftRequest): Promise<Problem[]>;
  /** Puts the message of an act into the outbox, where the other State is to know of it. */
  leave(tx: Tx, ctx: Context, loaded: Loaded, kind: ActionKind, data: ActionData): Promise<Result<Left, Problem[]>>;
  /** The conversation of a request, begun when there is none. */
  begin(tx: Tx, ctx: Context, loaded: Pick<Loaded, 'row' | 'draft'>): Promise<Result<Ends, Problem[]>>;
}

/** Acts whose whole content is that they were done, with a word to it. */
const byStatus: Partial<Record<ActionKind, SharedActKind>> = {
  remind: 'remind',
  consult: 'consult',
  'accept-conditions': 'accept-conditions',
  'decline-conditions': 'decline-conditions',
  'query-results': 'query-results',
  'ask-other-use': 'ask-other-use',
  'return-items': 'return-items',
  close: 'close',
};

const nothing: Left = { data: {}, columns: {} };

/** A request's text as another State gets it, before its act is added. */
function toWire(draft: DraftRequest): Record<string, unknown> {
  return {
    ...sharedPart(draft),
    contentHash: draft.contentHash,
    signature: JSON.parse(JSON.stringify(draft.signature)),
  };
}

export function outgoingLetters(base: OutgoingBase, post: Post, supplements: SupplementUses): OutgoingLetters {
  const { carrying, own } = base.parts;

  async function filesOfAnnexes(
    tx: Tx,
    { row, draft }: Pick<Loaded, 'row' | 'draft'>,
  ): Promise<Result<EvidenceFileId[], Problem[]>> {
    const annexes = draft.annexes ?? [];
    if (annexes.length === 0 || !carrying) return ok([]);
    const stored = new Map(
      (await carrying.evidence.findFilesIn(tx, row.case_file_id)).map((one) => [one.sha256, one.id]),
    );
    const missing = annexes.flatMap((one, n) =>
      one.sha256 && stored.has(one.sha256) ? [] : [problem('requests.annex-missing', ['annexes', n, 'sha256'])],
    );
    if (missing.length > 0) return fail(missing);
    return ok([
      ...new Set(annexes.flatMap((one) => stored.get(one.sha256 ?? ('' as typeof one.sha256 & string)) ?? [])),
    ]);
  }

  async function transmit(tx: Tx, ctx: Context, loaded: Loaded): Promise<Result<Left, Problem[]>> {
    const { row, draft } = loaded;
    const begun = await letters.begin(tx, ctx, loaded);
    if (!begun.ok) return begun;
    const files = await filesOfAnnexes(tx, loaded);
    if (!files.ok) return files;
    const act = await post.nextAct(tx, ctx, row.id, { side: 'requesting', kind: 'transmit' });
    const body = readShape(RequestBody, { ...toWire(draft), act });
    if (!body.ok) return body;
    const message = await post.send(tx, ctx, begun.value, {
      kind: 'request/1',
      body: body.value,
      act,
      about: draft,
      references: [row.reference, draft.otherReference ?? null],
      files: files.value,
    });
    const { conversationId, own: own_authority, other } = begun.value;
    return ok({
      data: { message, act: act.id },
      columns: { conversation_id: conversationId, own_authority, other_authority: other },
    });
  }

  async function recall(tx: Tx, ctx: Context, { actions }: Loaded): Promise<Result<Left, Problem[]>> {
    const message = actions.findLast((one) => one.kind === 'transmit')?.data.message;
    // A paper that left outside the node is called back by hand.
    if (message === undefined) return ok(nothing);
    return (await post.recall(tx, ctx, message)) ? ok(nothing) : fail([problem('requests.already-delivered')]);
  }

  async function confirm(tx: Tx, ctx: Context, { row, draft }: Loaded, to: Ends): Promise<Result<Left, Problem[]>> {
    const sent = await post.list(tx, { requestId: row.id });
    const replies = sent.flatMap(({ message, body }) => {
      const read = message.kind === 'request-reply/1' && message.direction === 'in' && RequestReply.safeParse(body);
      return read && read.success ? [read.data] : [];
    });
    const reply = replies.findLast((one) => one.reply === 'executed');
    if (reply?.reply !== 'executed') return ok(nothing);
    const taken = new Map((await store.listFiles(tx, row.id)).map((one) => [one.item, one.file_id]));
    const stored = new Map(
      ((await carrying?.evidence.findFilesIn(tx, row.case_file_id)) ?? []).map((one) => [one.id as string, one.sha256]),
    );
    const items = reply.results
      .flatMap((one) => one.evidence)
      .map(({ id, sha256 }) => {
        const received = stored.get(taken.get(`result:${id}`) ?? '') ?? null;
        return { evidence: id, sent: sha256, received, same: received === sha256 };
      });
    const act = await post.nextAct(tx, ctx, row.id, {
      side: 'requesting',
      kind: 'confirm-results',
      causes: reply.act.id,
    });
    const message = await post.send(tx, ctx, to, {
      kind: 'results-receipt/1',
      body: { kind: 'results-receipt', version: 1, to: reply.from.reference, ofReply: reply.act.id, items, act },
      act,
      about: draft,
      references: [row.reference, row.other_reference],
    });
    return ok({ data: { message, act: act.id }, columns: {} });
  }

  const letters: OutgoingLetters = {
    async againstSending(tx, draft) {
      if (!carrying) return [problem('requests.no-delivery-yet', ['channel'], { params: { channel: 'node' } })];
      const found: Problem[] = [];
      const other = draft.requested?.authority?.authority;
      if (!own.centralAuthority?.authority || !draft.signature?.jws) found.push(problem('requests.no-authority-key'));
      if (!other || !(await carrying.mayReach(tx, other)))
        found.push(problem('requests.not-by-node', ['channel'], { params: { authority: other ?? '' } }));
      const shape = readShape(RequestBody.omit({ act: true }), toWire(draft));
      if (!shape.ok)
        found.push(
          ...shape.error.map((one) =>
            problem('requests.not-complete', one.path, { params: { at: one.path.join('/'), code: one.code } }),
          ),
        );
      return found;
    },

    async begin(_tx, ctx, { row, draft }) {
      const known = endsOf(row);
      if (known) return ok(known);
      const from = own.centralAuthority?.authority;
      const to = draft.requested?.authority?.authority;
      if (!carrying || !from || !to) return fail([problem('requests.not-by-node', ['channel'])]);
      return ok({
        requestId: row.id,
        draftId: null,
        caseFileId: row.case_file_id,
        conversationId: base64url(ctx.random.bytes(16)),
        own: from,
        other: to,
      });
    },

    async leave(tx, ctx, loaded, kind, data) {
      const { row, draft } = loaded;
      if (kind === 'transmit') return data.channel === 'node' ? transmit(tx, ctx, loaded) : ok(nothing);
      if (kind === 'recall') return recall(tx, ctx, loaded);
      const to = endsOf(row);
      // What left outside the node is told outside the node.
      if (!to || !loaded.actions.some((one) => one.kind === 'transmit' && one.data.message)) return ok(nothing);
      if (kind === 'supplement') {
        const sent = await supplements.send(tx, ctx, loaded, to, data);
        return sent.ok ? ok({ data: sent.value.data, draft: sent.value.draft, columns: {} }) : sent;
      }
      if (kind === 'confirm-results') return confirm(tx, ctx, loaded, to);
      if (kind === 'withdraw') {
        const act = await post.nextAct(tx, ctx, row.id, { side: 'requesting', kind: 'withdraw' });
        const message = await post.send(tx, ctx, to, {
          kind: 'request-withdrawal/1',
          body: {
            kind: 'request-withdrawal',
            version: 1,
            to: row.reference,
            measures: data.measures ?? null,
            reason: data.words ?? null,
            act,
          },
          act,
          about: draft,
          references: [row.reference, row.other_reference],
        });
        return ok({ data: { message, act: act.id }, columns: {} });
      }
      const shared = byStatus[kind];
      if (!shared) return ok(nothing);
      if (kind === 'ask-other-use' && !data.use) return fail([problem('requests.words-needed', ['use', 'scope'])]);
      const acts = await store.listSharedActs(tx, row.id);
      const causes = acts.findLast((one) => one.side === 'requested' && one.kind !== 'deliver')?.id ?? null;
      const act = await post.nextAct(tx, ctx, row.id, { side: 'requesting', kind: shared, causes });
      const message = await post.send(tx, ctx, to, {
        kind: 'request-status/1',
        body: {
          kind: 'request-status',
          version: 1,
          to: row.reference,
          stage: foldShared([...acts, act]).stage ?? 'sent',
          note: data.words ?? null,
          use: data.use ?? null,
          decisions: [],
          act,
        },
        act,
        about: draft,
        references: [row.reference, row.other_reference],
      });
      const back = kind === 'accept-conditions' || kind === 'decline-conditions' ? { back: 'registered' as const } : {};
      return ok({ data: { message, act: act.id, ...back }, columns: {} });
    },
  };
  return letters;
}
