import { exit, type Command } from '../../platform/cli/index.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { Translate } from '../../platform/i18n/index.ts';
import type { Context } from '../identity/index.ts';
import type { Exchange } from './exchange.ts';
import { messageArgument } from './cli-input.ts';
import type { MessageId } from './schema.ts';
import { getExchangeStatus, listQueue } from './service/operate.ts';

/** What an operator asks and does without pages. `exchange` opens with the node. */
export function exchangeCommands(exchange: () => Exchange, wordsOf: (ctx: Context) => Translate): Command<Context>[] {
  const act = (
    verb: 'retry' | 'park',
    summary: string,
    run: (ctx: Context, id: MessageId) => Promise<void>,
    done: 'exchange.retried' | 'exchange.put-aside',
  ): Command<Context> => ({
    module: 'exchange',
    verb,
    summary,
    usage: 'MESSAGE',
    needs: 'node',
    async run(call) {
      const messageId = messageArgument(call);
      await run(call.ctx, messageId);
      return { json: { kind: `exchange.${verb}`, version: 1, messageId }, text: wordsOf(call.ctx)(done) };
    },
  });
  return [
    {
      module: 'exchange',
      verb: 'status',
      summary: 'Tells how the exchange with other nodes stands: what waits, for whom, and what a person must look at',
      needs: 'node',
      async run(call) {
        const status = await getExchangeStatus(call.ctx);
        const t = wordsOf(call.ctx);
        const { waiting, held, delivered, received, parked } = status;
        const lines = [
          t('exchange.status-line', { waiting, parked: parked.in + parked.out, held, delivered, received }),
          ...status.peers.map((peer) =>
            t('exchange.status-peer', { node: peer.node, state: peer.breaker ?? 'closed', waiting: peer.waiting }),
          ),
          ...status.alarms.map(({ code, peer, what, since }) => {
            const short = code.slice(code.indexOf('.') + 1);
            const words = t.has(`operate.why-${short}`)
              ? `${t.code(`operate.why-${short}`)}. ${t.code(`operate.remedy-${short}`)}`
              : t('operate.why-other');
            return ['!', peer, what, words, since, `(${code})`].filter(Boolean).join(' ');
          }),
        ];
        return {
          json: { ...status },
          text: lines.join('\n'),
          exit: status.alarms.length > 0 ? exit.negative : exit.done,
        };
      },
    },
    {
      module: 'exchange',
      verb: 'queue',
      summary: 'Lists what waits to leave, what was put aside and what came before its turn',
      options: { peer: { value: 'NODE', summary: 'For this node only' } },
      needs: 'node',
      async run(call) {
        const queue = await listQueue(call.ctx, call.options.peer);
        const all = [...queue.waiting, ...queue.parked, ...queue.held, ...queue.notUnderstood];
        const lines = all.map((one) =>
          `${one.id}  ${one.status}  ${one.peer}  ${one.kind}  ${one.code ?? ''}`.trimEnd(),
        );
        return {
          json: { kind: 'exchange.queue', version: 1, ...queue },
          text: lines.length > 0 ? lines.join('\n') : wordsOf(call.ctx)('exchange.queue-empty'),
        };
      },
    },
    act(
      'retry',
      'Tries a message now, also one that was put aside',
      (ctx, id) => exchange().delivery.acts.retryNow(ctx, id),
      'exchange.retried',
    ),
    act(
      'park',
      'Puts a waiting message aside',
      (ctx, id) => exchange().delivery.acts.park(ctx, id),
      'exchange.put-aside',
    ),
    {
      module: 'exchange',
      verb: 'descriptor',
      summary: 'Prints what this node says of itself to others, signed',
      needs: 'node',
      async run() {
        if (!exchange().isOn) throw new Unavailable('exchange.off');
        const text = await exchange().descriptor();
        const { payload } = JSON.parse(text) as { payload: string };
        const said = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { [member: string]: unknown };
        return {
          json: { kind: 'exchange.node-descriptor', version: 1, descriptor: said, jws: JSON.parse(text) as unknown },
          text,
        };
      },
    },
  ];
}
