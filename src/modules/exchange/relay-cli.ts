import { exit, type Command } from '../../platform/cli/index.ts';
import type { Translate } from '../../platform/i18n/index.ts';
import type { Context } from '../identity/index.ts';
import type { Exchange } from './exchange.ts';
import { askRelay, openRelay, sendByRelay, takeFromRelay } from './relay.ts';
import { argument, messageArgument } from './cli-input.ts';

/** Commands for the folders of an access point: `settingFile` is what `COMITY_RELAY_FILE` says. */
export function relayCommands(
  exchange: () => Exchange,
  settingFile: string,
  wordsOf: (ctx: Context) => Translate,
): Command<Context>[] {
  return [
    {
      module: 'exchange',
      verb: 'relay send',
      summary: 'Hands a proof container of a message to the access point that COMITY_RELAY_FILE names',
      usage: 'MESSAGE CONTAINER',
      needs: 'node',
      async run(call) {
        const message = messageArgument(call);
        const ref = await sendByRelay(call.ctx, openRelay(settingFile), {
          message,
          file: argument(call, 1, 'CONTAINER'),
        });
        return {
          json: { kind: 'exchange.relay', version: 1, ref, state: 'waiting' },
          text: wordsOf(call.ctx)('exchange.relay-state-waiting'),
        };
      },
    },
    {
      module: 'exchange',
      verb: 'relay status',
      summary: 'Asks the access point about a message and states what it decided; 1 when it failed, 4 while it waits',
      usage: 'MESSAGE',
      needs: 'node',
      async run(call) {
        const found = await askRelay(call.ctx, openRelay(settingFile), exchange().parts, messageArgument(call));
        const { state, detail, event } = found;
        const codes = {
          'handed-over': exit.done,
          failed: exit.negative,
          waiting: exit.cannotNow,
          unknown: exit.negative,
        };
        return {
          json: { kind: 'exchange.relay', version: 1, state, detail, event },
          text: wordsOf(call.ctx)(`exchange.relay-state-${state}`),
          exit: codes[state],
        };
      },
    },
    {
      module: 'exchange',
      verb: 'relay poll',
      summary: 'Lists what the access point brought; with --take writes its files into a folder and marks it taken',
      options: {
        take: { value: 'REF', summary: 'The one to take' },
        out: { value: 'FOLDER', summary: 'Where its files are written; a folder named as REF unless told' },
      },
      needs: 'node',
      async run(call) {
        call.ctx.allow('exchange.operate');
        const connector = openRelay(settingFile);
        const { take, out = take } = call.options;
        const came =
          take === undefined || out === undefined
            ? await connector.poll()
            : [await takeFromRelay(call.ctx, connector, take, out)];
        const items = came.map(({ ref, from, to, conversationId, files }) => ({
          ref,
          from,
          to,
          conversationId,
          files: files.map((file) => file.name),
        }));
        const lines = items.map((one) => `${one.ref}  ${one.from} -> ${one.to}  ${one.files.join(', ')}`);
        return {
          json: { kind: 'exchange.relayed', version: 1, items, taken: take !== undefined },
          text: lines.length > 0 ? lines.join('\n') : wordsOf(call.ctx)('exchange.relay-nothing'),
        };
      },
    },
  ];
}
