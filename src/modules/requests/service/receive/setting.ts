import type { Tx } from '../../../../platform/db/index.ts';
import { Conflict, Invalid } from '../../../../platform/errors.ts';
import type { IncomingFile, IncomingMessage, MessageHandler } from '../../../../platform/outbox/index.ts';
import { readShape, type ThreadEntry } from '../../schema/index.ts';
import type { Handling, Problem } from '../../../../platform/values/index.ts';
import { recordAudit } from '../../../audit/index.ts';
import type { CaseFileId, StagedFile, UseLimitation } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import * as store from '../../store/index.ts';
import type { Carrying } from '../conversation/carrying.ts';
import { endsOf, type Ends } from '../conversation/post.ts';
import type { IncomingBase } from '../incoming/base.ts';
import type { OutgoingBase } from '../outgoing/base.ts';
import type { z } from 'zod';

/** What all handlers of messages are made from. */
export interface Receiving {
  carrying: Carrying;
  outgoing: OutgoingBase;
  incoming: IncomingBase;
}

/** Files of a message, sealed before anything is known of a case file. */
export interface Prepared {
  staged: { file: IncomingFile; staged: StagedFile }[];
}

/** Reads the body of a kind or refuses the message. */
export function readBody<T>(schema: z.ZodType<T>, message: IncomingMessage): T {
  const read = readShape(schema, message.body);
  if (!read.ok) throw refused('requests.bad-body', read.error);
  return read.value;
}

export function refused(code: string, problems: Problem[] = []): Invalid {
  return new Invalid(code, { problems });
}

/** The request of a conversation, held still; the message must come from its other authority and be for the own one. */
export async function lockOf(
  tx: Tx,
  message: IncomingMessage,
  side: 'outgoing' | 'incoming',
): Promise<{ row: store.RequestRow; ends: Ends }> {
  const row = await store.lockConversation(tx, message.conversationId, side);
  const ends = row && endsOf(row);
  if (!row || !ends) throw refused('requests.unknown-conversation');
  if (ends.other !== message.from || ends.own !== message.to) throw refused('requests.other-authority');
  return { row, ends };
}

/**
 * A handler that looks before it takes: what is wrong with a message is kept in quarantine with its reason, audited, and
 * refused; its files are sealed before the transaction. A message that was taken is not taken again.
 */
export function looking(
  { carrying }: Receiving,
  use: {
    /** Throws when the message is not to be taken; writes nothing. */
    inspect(tx: Tx, ctx: Context, message: IncomingMessage): Promise<void>;
    take(tx: Tx, ctx: Context, message: IncomingMessage, prepared: Prepared): Promise<void>;
    /** Kept beside the refusal, in a transaction of its own. */
    onConflict?(tx: Tx, ctx: Context, message: IncomingMessage): Promise<void>;
  },
): MessageHandler<Prepared> {
  return {
    async prepare(message) {
      const ctx = carrying.node();
      const known = await ctx.transaction((tx) => store.findMessage(tx, message.id));
      if (known) return { staged: [] };
      try {
        await ctx.transaction((tx) => use.inspect(tx, ctx, message));
      } catch (error) {
        if (error instanceof Invalid || error instanceof Conflict) await quarantine(ctx, message, error.code);
        if (error instanceof Conflict && use.onConflict)
          await ctx.transaction(async (tx) => use.onConflict?.(tx, ctx, message));
        throw error;
      }
      const staged: Prepared['staged'] = [];
      for (const file of message.files) {
        const { fileName, mediaType, size, sha256 } = file;
        const bytes = await file.open();
        staged.push({
          file,
          staged: await carrying.evidence.stageFile(ctx, { fileName, mediaType, bytes, size, sha256 }),
        });
      }
      return { staged };
    },
    async apply(tx, message, prepared) {
      if (await store.findMessage(tx, message.id)) return;
      const ctx = carrying.node();
      await use.inspect(tx, ctx, message);
      await use.take(tx, ctx, message, prepared ?? { staged: [] });
    },
  };
}

async function quarantine(ctx: Context, message: IncomingMessage, code: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    await store.insertQuarantine(tx, {
      message_id: message.id,
      from_authority: message.from,
      kind: message.kind,
      code,
      message_sha256: message.messageSha256,
      at: ctx.clock.now(),
    });
    await recordAudit(
      tx,
      ctx,
      'requests.quarantine',
      { kind: 'message', id: message.id },
      { from: message.from, code, message: message.kind },
    );
  });
}

/**
 * What came without a word on its use is the sender's all the same: another case, or a third State, gets it with the
 * sender's consent, unless the handling says that it may go on freely.
 */
export function withConsent(from: string, handling?: Pick<Handling, 'onward'>): UseLimitation | null {
  return handling?.onward === 'free' ? null : { use: 'with-consent', source: from };
}

/** Keeps what came in the thread of a request, with the files of its answers. */
export async function takeThread(
  tx: Tx,
  ctx: Context,
  receiving: Receiving,
  row: store.RequestRow,
  message: IncomingMessage,
  entries: readonly ThreadEntry[],
  staged: Prepared['staged'],
): Promise<void> {
  await receiving.incoming.thread.keep(tx, row, entries, message.id);
  const of = { requestId: row.id, caseFileId: row.case_file_id, messageId: message.id, from: message.from };
  await takeFiles(tx, ctx, receiving, of, staged, (file) => ({
    items: entries.flatMap((one) =>
      one.type === 'answer' && one.files.some((sent) => sent.sha256 === file.sha256) ? [`thread:${one.id}`] : [],
    ),
    useLimitation: withConsent(message.from),
  }));
}

/** Puts the files of a message into the case file of its request, each under what it is there. */
export async function takeFiles(
  tx: Tx,
  ctx: Context,
  { carrying }: Receiving,
  of: { requestId: string; caseFileId: CaseFileId; messageId: string; from: string },
  staged: Prepared['staged'],
  itemOf: (file: IncomingFile) => { items: string[]; useLimitation: UseLimitation | null },
): Promise<void> {
  for (const { file, staged: one } of staged) {
    const { items, useLimitation } = itemOf(file);
    const taken = await carrying.evidence.takeStaged(tx, ctx, of.caseFileId, one, {
      source: of.from,
      custodyRef: file.custodyRef,
      reference: of.messageId,
      useLimitation,
    });
    for (const item of items)
      await store.insertFile(tx, {
        request_id: of.requestId,
        case_file_id: of.caseFileId,
        file_id: taken.id,
        message_id: of.messageId,
        item,
      });
  }
}
