import type { Tx } from '../../../../platform/db/index.ts';
import { Invalid, NotFound } from '../../../../platform/errors.ts';
import { uuidv7 } from '../../../../platform/random.ts';
import { fail, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';
import { EvidenceFileId } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import { foldThread, type FoldedQuestion } from '../../rules/index.ts';
import {
  readShape,
  ThreadEntry,
  type DraftRequest,
  type SharedAct,
  type Side,
  type ThreadFile,
} from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import type { NewAnswer, NewQuestion, ThreadQuestion } from '../incoming/types.ts';
import type { SealedCase } from '../sealed-case.ts';
import type { Carrying } from './carrying.ts';
import { endsOf, type Ends, type Post } from './post.ts';

const place = (id: string) => `request-thread/${id}`;

/** What a thread belongs to. */
export interface Threaded {
  row: store.RequestRow;
  /** Text for the envelope. */
  draft: DraftRequest;
  side: Side;
}

export interface ThreadUses {
  fold(tx: Tx, row: store.RequestRow): Promise<FoldedQuestion[]>;
  list(tx: Tx, row: store.RequestRow, side: Side): Promise<ThreadQuestion[]>;
  /** Keeps entries, each once. */
  keep(tx: Tx, row: store.RequestRow, entries: readonly ThreadEntry[], messageId: string | null): Promise<void>;
  ask(tx: Tx, ctx: Context, of: Threaded, question: NewQuestion): Promise<Result<Posted, Problem[]>>;
  answer(tx: Tx, ctx: Context, of: Threaded, question: string, answer: NewAnswer): Promise<Result<Posted, Problem[]>>;
  settle(tx: Tx, ctx: Context, of: Threaded, question: string): Promise<Result<Posted, Problem[]>>;
}

/** What went out: message, act, and the questions as they stand then. */
export interface Posted {
  message: string;
  act: SharedAct;
  questions: FoldedQuestion[];
}

export function threadUses(sealed: SealedCase, post: Post, carrying: Carrying | undefined): ThreadUses {
  async function entriesOf(tx: Tx, row: store.RequestRow): Promise<{ entry: ThreadEntry; messageId: string | null }[]> {
    const rows = await store.listThread(tx, row.id);
    return Promise.all(
      rows.map(async (one) => ({
        entry: ThreadEntry.parse(await sealed.open(tx, one.case_file_id, one.sealed_entry, place(one.id))),
        messageId: one.message_id,
      })),
    );
  }

  async function send(
    tx: Tx,
    ctx: Context,
    { row, draft, side }: Threaded,
    to: Ends,
    kind: 'ask' | 'answer' | 'settle',
    given: unknown,
    files: readonly EvidenceFileId[] = [],
  ): Promise<Result<Posted, Problem[]>> {
    const read = readShape(ThreadEntry, given);
    if (!read.ok) return read;
    const act = await post.nextAct(tx, ctx, row.id, { side, kind });
    const message = await post.send(tx, ctx, to, {
      kind: 'request-thread/1',
      body: {
        kind: 'request-thread',
        version: 1,
        to: side === 'requesting' ? row.reference : (row.other_reference ?? ''),
        entries: [read.value],
        act,
      },
      act,
      about: draft,
      references: [row.reference, row.other_reference],
      files,
    });
    await uses.keep(tx, row, [read.value], message);
    return ok({ message, act, questions: await uses.fold(tx, row) });
  }

  function endsFor({ row }: Threaded): Result<Ends, Problem[]> {
    const ends = endsOf(row);
    return ends ? ok(ends) : fail([problem('requests.nothing-out')]);
  }

  async function find(tx: Tx, row: store.RequestRow, id: string): Promise<FoldedQuestion> {
    const found = (await uses.fold(tx, row)).find((one) => one.id === id);
    if (!found) throw new NotFound('requests.no-question');
    return found;
  }

  function fresh(ctx: Context): { id: string; at: string } {
    const at = ctx.clock.now();
    return { id: uuidv7(ctx.random, Date.parse(at)), at };
  }

  const uses: ThreadUses = {
    fold: async (tx, row) => foldThread((await entriesOf(tx, row)).map((one) => one.entry)),

    async list(tx, row, side) {
      const entries = await entriesOf(tx, row);
      const states = new Map((await store.listMessages(tx, { requestId: row.id })).map((one) => [one.id, one.state]));
      return foldThread(entries.map((one) => one.entry)).map((question) => {
        const own = entries.findLast(({ entry }) => entry.question === question.id && entry.side === side);
        return { ...question, sent: own?.messageId ? (states.get(own.messageId) ?? null) : null };
      });
    },

    async keep(tx, row, entries, messageId) {
      for (const entry of entries) {
        await store.insertThreadEntry(tx, {
          id: entry.id,
          request_id: row.id,
          case_file_id: row.case_file_id,
          question_id: entry.question,
          type: entry.type,
          side: entry.side,
          at: entry.at,
          message_id: messageId,
          sealed_entry: await sealed.seal(tx, row.case_file_id, entry, place(entry.id)),
        });
      }
    },

    async ask(tx, ctx, of, { path, text, why, by }) {
      const to = endsFor(of);
      if (!to.ok) return to;
      const { id, at } = fresh(ctx);
      const entry = {
        type: 'question',
        id,
        question: id,
        side: of.side,
        at,
        path,
        text,
        why: why ?? null,
        by: by ?? null,
      };
      return send(tx, ctx, of, to.value, 'ask', entry);
    },

    async answer(tx, ctx, of, questionId, { text, files = [] }) {
      const to = endsFor(of);
      if (!to.ok) return to;
      const question = await find(tx, of.row, questionId);
      if (question.askedBy === of.side) return fail([problem('requests.own-question')]);
      if (question.status === 'settled') return fail([problem('requests.question-settled')]);
      const known = new Map(
        files.length > 0 && carrying
          ? (await carrying.evidence.findFilesIn(tx, of.row.case_file_id)).map((one) => [one.id as string, one])
          : [],
      );
      const unknown = files.filter((id) => !known.has(id));
      if (unknown.length > 0)
        return fail(unknown.map((file) => problem('requests.unknown-evidence', ['files'], { params: { file } })));
      const sent: ThreadFile[] = files.flatMap((id) => {
        const file = known.get(id);
        return file ? [{ id, fileName: file.fileName, sha256: file.sha256, size: file.size }] : [];
      });
      const entry = {
        type: 'answer',
        question: questionId,
        side: of.side,
        ...fresh(ctx),
        text,
        files: sent,
        supplement: null,
      };
      return send(
        tx,
        ctx,
        of,
        to.value,
        'answer',
        entry,
        files.map((id) => EvidenceFileId.parse(id)),
      );
    },

    async settle(tx, ctx, of, questionId) {
      const to = endsFor(of);
      if (!to.ok) return to;
      const question = await find(tx, of.row, questionId);
      if (question.askedBy !== of.side) throw new Invalid('requests.others-question');
      if (question.status === 'settled') return fail([problem('requests.question-settled')]);
      if (question.status === 'open') return fail([problem('requests.not-answered-yet')]);
      return send(tx, ctx, of, to.value, 'settle', {
        type: 'settle',
        question: questionId,
        side: of.side,
        ...fresh(ctx),
      });
    },
  };
  return uses;
}
