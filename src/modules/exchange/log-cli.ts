import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { exit, type CliAnswer, type Command } from '../../platform/cli/index.ts';
import { Invalid, NotFound, Unavailable } from '../../platform/errors.ts';
import type { Translate } from '../../platform/i18n/index.ts';
import { PlainDate } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import type { LogPart } from './log-part.ts';
import { ProofKey, type Statement } from './rules/proof.ts';
import { NodeId } from './schema.ts';
import type { ReconcileReport } from './service/reconcile.ts';
import { confirmToGoOn, proposeToGoOn } from './service/recover.ts';
import { verifyFile, type Verified } from './verify.ts';

/** What the commands need: the log of the running exchange, once a database is open. */
export interface LogCommandParts {
  part(): LogPart;
  words(ctx: Context): Translate;
}

const KeyList = z.array(ProofKey).max(10_000);

/** `comity exchange reconcile`, `verify`, `proof`, `recover`. */
export function logCommands({ part, words }: LogCommandParts): Command<Context>[] {
  return [
    {
      module: 'exchange',
      verb: 'reconcile',
      summary: 'Compare histories with another node; exit 1 when they differ, 4 when it is not reached',
      needs: 'node',
      options: {
        peer: { value: 'NODE', summary: 'The node to compare with', required: true },
        from: { value: 'DAY', summary: 'First day' },
        to: { value: 'DAY', summary: 'First day that is not compared' },
        'look-only': { summary: 'Only look: send nothing again, fetch nothing' },
      },
      async run({ ctx, options, switches }) {
        ctx.allow('exchange.reconcile');
        const peer = NodeId.safeParse(options['peer']);
        if (!peer.success || !(await part().peers()).includes(peer.data))
          throw new NotFound('log.no-such-peer', { params: { peer: options['peer'] ?? '' } });
        const [from, until] = [readDay(options['from']), readDay(options['to'])];
        const asked = { from, until, actor: ctx.actor, lookOnly: switches.has('look-only') };
        return reportAnswer(words(ctx), await part().reconcile(peer.data, asked));
      },
    },
    {
      module: 'exchange',
      verb: 'verify',
      summary: 'Check proofs, signed objects and checkpoints without a node, and say in words what each proves',
      usage: 'FILE…',
      needs: 'files',
      options: {
        keys: {
          value: 'FILE',
          summary: 'Keys that you trust, as a proof lists them; those in the files then do not count',
        },
      },
      async run({ ctx, args, options }) {
        const t = words(ctx);
        if (args.length === 0) return { json: null, text: t('log.verify-usage'), exit: exit.usage };
        const file = options['keys'];
        const trusted = file === undefined ? undefined : await readKeys(file);
        const found: (Verified & { file: string })[] = [];
        for (const name of args)
          found.push({ file: name, ...verifyFile(await readText(name), trusted === undefined ? {} : { trusted }) });
        const holds = found.every((one) => one.holds);
        const text = found.map((one) => verifiedText(t, one, one.file)).join('\n\n');
        return {
          json: { kind: 'exchange.verification', version: 1, holds, files: found },
          text,
          exit: holds ? exit.done : exit.negative,
        };
      },
    },
    {
      module: 'exchange',
      verb: 'proof',
      summary: 'Write all that is kept of a message: signatures, receipts, events, places in the log, witnesses',
      usage: 'MESSAGE',
      needs: 'node',
      async run({ ctx, args }) {
        const { bytes } = await part().proofFile(ctx, args[0] as Parameters<LogPart['proofFile']>[1]);
        const text = Buffer.from(bytes).toString('utf8');
        return { json: JSON.parse(text), text: text.trimEnd() };
      },
    },
    {
      module: 'exchange',
      verb: 'recover',
      summary: 'After a restored backup: ask other nodes what is missing; then two persons let the node go on',
      usage: 'pull|propose|confirm',
      needs: 'node',
      async run({ ctx, args }) {
        const t = words(ctx);
        const log = part();
        if (args[0] === 'pull') {
          ctx.allow('exchange.operate');
          const report = await log.bringBack();
          const { back, again, lost, missed } = report;
          const text = t('log.recovery-pulled', { back, again, lost, missed: missed.join(', ') || '0' });
          return { json: report, text, exit: missed.length > 0 ? exit.cannotNow : exit.done };
        }
        if (args[0] === 'propose') {
          await proposeToGoOn(ctx);
          return { json: { kind: 'exchange.recovery', version: 1, proposed: true }, text: t('log.recovery-propose') };
        }
        if (args[0] === 'confirm') {
          const origin = await confirmToGoOn(ctx, log.parts);
          await log.publishOrigin();
          return { json: { kind: 'exchange.recovery', version: 1, origin }, text: t('log.recovery-done', { origin }) };
        }
        return { json: null, text: 'comity exchange recover pull|propose|confirm', exit: exit.usage };
      },
    },
  ];
}

function readDay(text: string | undefined): PlainDate | null {
  if (text === undefined) return null;
  const day = PlainDate.safeParse(text);
  if (!day.success) throw new Invalid('log.bad-day');
  return day.data;
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Unavailable('log.no-such-file', { params: { file }, cause });
  });
}

async function readKeys(file: string): Promise<ProofKey[]> {
  const text = await readText(file);
  try {
    const value: unknown = JSON.parse(text);
    const list = Array.isArray(value) ? value : (value as { keys?: unknown }).keys;
    return KeyList.parse(list);
  } catch (cause) {
    throw new Invalid('log.bad-keys-file', { params: { file }, cause });
  }
}

/** What was found, in sentences; what does not hold is marked. */
export function verifiedText(t: Translate, { holds, statements }: Verified, file: string): string {
  const lines = statements.map((one) => `${one.holds ? '  ' : '! '}${statementText(t, one)}`);
  return [t('log.verify-file', { file, what: t(holds ? 'log.verify-holds' : 'log.verify-fails') }), ...lines].join(
    '\n',
  );
}

function statementText(t: Translate, { code, params }: Statement): string {
  const { thing } = params;
  return t.code(code, typeof thing === 'string' ? { ...params, thing: t.code(`log.thing-${thing}`) } : params);
}

function reportAnswer(t: Translate, report: ReconcileReport): CliAnswer {
  const { peer, outcome, compared, looked, differences } = report;
  const lines = differences.map(
    (one) =>
      `${one.messageId}  ${t(`log.direction-${one.direction}`)}  ${t(`log.finding-${one.finding}`)}  ${t(`log.action-${one.action}`)}`,
  );
  const first = t('log.reconcile-report', {
    peer,
    outcome: t(`log.outcome-${outcome}`),
    compared,
    looked,
    differences: differences.length,
  });
  const codes = { equal: exit.done, differences: exit.negative, 'not-reached': exit.cannotNow } as const;
  return { json: report, text: [first, ...lines].join('\n'), exit: codes[outcome] };
}
