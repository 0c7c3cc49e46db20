import { page, redirect, type PageAnswer, type PageRoute } from '../../../platform/http/routes.ts';
import { NotFound } from '../../../platform/errors.ts';
import type { View } from '../../../web/index.ts';
import type { Context } from '../../identity/index.ts';
import { MessageId } from '../schema.ts';
import { getExchangeStatus, getTimeline, listQueue } from '../service/operate.ts';
import { MessagePage } from './message.tsx';
import { doneActs, OverviewPage, type DoneAct } from './overview.tsx';
import type { KnownNode } from './peers.tsx';
import { OutboxPage } from './queue.tsx';

/** What an operator may do with one message; each asks its own permission and is in the log. */
export interface ExchangeActs {
  /** Tries at once, also one that was put aside. */
  retryNow(ctx: Context, messageId: MessageId): Promise<void>;
  /** Puts a waiting message aside: the ones after it in its conversation wait with it. */
  park(ctx: Context, messageId: MessageId): Promise<void>;
  /** Ends an incoming message that casework could not take; the sender gets a signed no. */
  refuseParked(ctx: Context, messageId: MessageId): Promise<void>;
  /** Takes back what has no receipt yet. */
  recall(ctx: Context, messageId: MessageId): Promise<void>;
}

export interface ExchangePagesParts {
  acts: ExchangeActs;
  /** Whether it speaks with other nodes, by collecting or otherwise, and whether the database flushes before it confirms. */
  setting(): { isOn: boolean; durable: boolean; collects: boolean };
  /** Nodes whose entry is confirmed here, without this one. */
  knownNodes(): Promise<readonly KnownNode[]>;
  /** The proof of a message as a file that can be checked without this node. */
  proofFile(ctx: Context, messageId: MessageId): Promise<{ bytes: Uint8Array; mediaType: string; fileName: string }>;
}

const base = '/system/exchange';

function messageId(params: Record<string, string>): MessageId {
  const read = MessageId.safeParse(params.id);
  if (!read.success) throw new NotFound('exchange.no-such-message');
  return read.data;
}

/** The operator's pages of the exchange and the officers' outbox. Nothing of a content can be read from them. */
export function exchangePages({
  acts,
  setting,
  knownNodes,
  proofFile,
}: ExchangePagesParts): PageRoute<Context, View>[] {
  const read = { kind: 'page', method: 'get', permission: 'exchange.read-queue' } as const;
  const act = (
    done: DoneAct,
    permission: 'exchange.operate' | 'exchange.recall',
    audit: string,
    run: (ctx: Context, id: MessageId) => Promise<void>,
    after: string,
  ): PageRoute<Context, View> => ({
    kind: 'page',
    method: 'post',
    path: `${base}/messages/:id/${done}`,
    permission,
    audit,
    async handler({ ctx, params }): Promise<PageAnswer> {
      await run(ctx, messageId(params));
      return redirect(`${after}?done=${done}`);
    },
  });
  return [
    {
      ...read,
      path: base,
      async handler({ ctx, view, query }) {
        const shown = {
          status: await getExchangeStatus(ctx),
          queue: await listQueue(ctx),
          known: await knownNodes(),
          mayOperate: ctx.may('exchange.operate'),
          done: doneActs.find((one) => one === query.done),
          ...setting(),
        };
        return page(<OverviewPage view={view} shown={shown} />);
      },
    },
    {
      ...read,
      path: '/outbox',
      async handler({ ctx, view }) {
        const queue = await listQueue(ctx);
        return page(<OutboxPage view={view} queue={queue} mayRecall={ctx.may('exchange.recall')} />);
      },
    },
    {
      ...read,
      path: `${base}/messages/:id`,
      async handler({ ctx, view, params }) {
        const shown = await getTimeline(ctx, messageId(params));
        return page(<MessagePage view={view} shown={shown} mayTakeProof={ctx.may('exchange.read-proof')} />);
      },
    },
    {
      ...read,
      path: `${base}/messages/:id/proof`,
      permission: 'exchange.read-proof',
      audit: 'exchange.read-proof',
      async handler({ ctx, params }) {
        return { type: 'file', file: await proofFile(ctx, messageId(params)) };
      },
    },
    act('retry', 'exchange.operate', 'exchange.retry', acts.retryNow, base),
    act('park', 'exchange.operate', 'exchange.park', acts.park, base),
    act('refuse', 'exchange.operate', 'exchange.refuse', acts.refuseParked, base),
    act('recall', 'exchange.recall', 'exchange.recall', acts.recall, '/outbox'),
  ];
}
