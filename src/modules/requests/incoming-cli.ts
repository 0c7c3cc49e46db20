import { readFileSync } from 'node:fs';
import { exit, type CliAnswer, type CliCall, type Command } from '../../platform/cli/index.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import type { Translate } from '../../platform/i18n/index.ts';
import { stateCode, type Problem } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import { IncomingActionKind, IncomingStatus, type ReplyContent, type IncomingInputKind } from './schema/index.ts';
import type { ActOutcome, IncomingRequests, IncomingView } from './service/index.ts';

type Call = CliCall<Context>;

export interface IncomingCommandNeeds {
  incoming: () => IncomingRequests;
  words: (locale: Context['locale']) => Translate;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Invalid('requests.bad-body', { cause });
  }
}

function viewText(t: Translate, view: IncomingView): string {
  const acts = view.actions.map((one) => `  ${one.at}  ${t.code(`requests.incoming-action.${one.kind}`)}`);
  const next = view.next
    .filter((one) => one.allowed && one.blockedBy === null)
    .map((one) => t.code(`requests.incoming-action.${one.action}`));
  return [
    `${view.reference}  ${t.code(`requests.incoming-status.${view.status}`)}  ${view.otherReference}  version ${view.requestVersion}`,
    view.contentHash,
    ...acts,
    `-> ${next.join(', ')}`,
    `seen ${view.head}`,
  ].join('\n');
}

export function incomingAnswer(t: Translate, view: IncomingView): CliAnswer {
  return { json: { kind: 'requests.incoming', version: 1, ...view }, text: viewText(t, view) };
}

function outcome(t: Translate, done: ActOutcome): CliAnswer {
  if (done.ok) return incomingAnswer(t, done.value);
  const problems: Problem[] = done.error.map((one) => ({ ...one, message: t.code(one.code, one.params) }));
  const lines = problems.map(
    (one) =>
      `${one.severity.padEnd(6)} ${(one.rule ?? '').padEnd(4)} ${one.path.join('/') || '-'}\n       ${one.message ?? ''}`,
  );
  return { json: { kind: 'requests.problems', version: 1, problems }, text: lines.join('\n'), exit: exit.negative };
}

/** Lists the requests of other States. */
export async function listIncoming(call: Call, needs: IncomingCommandNeeds): Promise<CliAnswer> {
  const t = needs.words(call.ctx.locale);
  const { status, from } = call.options;
  const found = await needs.incoming().list(call.ctx, {
    ...(status ? { status: IncomingStatus.parse(status) } : {}),
    ...(from ? { from: stateCode(from.toUpperCase()) } : {}),
    order: 'due',
  });
  const lines = found.requests.map(
    (one) =>
      `${one.reference}  ${t.code(`requests.incoming-status.${one.status}`).padEnd(20)} ${one.types.join(',')} <- ${one.requestingState} ${one.otherReference}  ${one.dueAt ?? ''}`,
  );
  return { json: { kind: 'requests.incoming-list', version: 1, ...found }, text: lines.join('\n') };
}

/** Takes an act on a request of another State; undefined when the reference is one of ours or unknown. */
export async function actIncoming(call: Call, needs: IncomingCommandNeeds): Promise<CliAnswer | undefined> {
  const [reference = '', action = ''] = call.args;
  const found = await needs.incoming().sideOf(call.ctx, reference);
  if (found?.side !== 'incoming') return undefined;
  const kind = IncomingActionKind.safeParse(action);
  if (!kind.success) throw new Invalid('requests.unknown-action', { params: { given: action } });
  const file = call.options['data'];
  const reason = call.options['reason'];
  const input = { ...(file ? (readJson(file) as object) : {}), ...(reason ? { reason } : {}) };
  const done = await needs
    .incoming()
    .actUnread(call.ctx, found.reference, kind.data, input, call.options['seen'] ?? null);
  return outcome(needs.words(call.ctx.locale), done);
}

/** Act that sends each kind of reply. */
const actOfReply: Record<ReplyContent['reply'], IncomingInputKind> = {
  acknowledgement: 'acknowledge',
  'more-information': 'ask-information',
  'secrecy-not-possible': 'ask-information',
  conditions: 'propose-conditions',
  postponed: 'postpone',
  'partly-executed': 'report-partial',
  executed: 'report-executed',
  refused: 'refuse',
  'returned-unexecuted': 'return-unexecuted',
  'consent-to-use': 'consent-to-use',
  'use-declined': 'decline-use',
};

export function incomingCommands(needs: IncomingCommandNeeds): Command<Context>[] {
  return [
    {
      module: 'requests',
      verb: 'reply',
      usage: 'REF FILE',
      needs: 'node',
      summary: 'Sends a reply from a file by the act it belongs to; exit 1 when something stands against it',
      options: {
        check: { summary: 'Only say what stands against it' },
        seen: { value: 'ACTION-ID', summary: 'Last act you saw' },
      },
      run: async (call) => {
        const [reference = '', file] = call.args;
        if (file === undefined) throw new Invalid('cli.argument-needed', { params: { argument: 'FILE' } });
        const t = needs.words(call.ctx.locale);
        const found = await needs.incoming().sideOf(call.ctx, reference);
        if (found?.side !== 'incoming') throw new NotFound('requests.not-found');
        const reply = readJson(file);
        if (call.options['check'] !== undefined) {
          const problems = (await needs.incoming().checkReply(call.ctx, found.reference, reply)).map((one) => ({
            ...one,
            message: t.code(one.code, one.params),
          }));
          return {
            json: { kind: 'requests.problems', version: 1, problems },
            text: problems.map((one) => `${one.severity.padEnd(6)} ${one.message}`).join('\n'),
            exit: problems.some((one) => one.severity === 'block') ? exit.negative : exit.done,
          };
        }
        const kind = Object.entries(actOfReply).find(([name]) => name === (reply as { reply?: unknown }).reply)?.[1];
        if (!kind) throw new Invalid('requests.bad-body');
        const misdirected = (reply as { reason?: unknown }).reason === 'misdirected';
        const act = kind === 'return-unexecuted' && misdirected ? 'return-misdirected' : kind;
        const seen = call.options['seen'] ?? null;
        return outcome(t, await needs.incoming().actUnread(call.ctx, found.reference, act, { reply }, seen));
      },
    },
  ];
}
