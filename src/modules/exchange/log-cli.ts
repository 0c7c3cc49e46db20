import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { exit, type CliAnswer, type Command } from '../../platform/cli/index.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import type { Translate } from '../../platform/i18n/index.ts';
import type { Context } from '../identity/index.ts';
import { messageArgument, readDay, readText } from './cli-input.ts';
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
          throw new NotFound('log.no-such-peer', {
            params: { peer: options['peer'] ?? '', known: (await part().peers()).join(', ') || '–' },
          });
        const { from: first, to } = options;
        const from = first === undefined ? null : readDay('--from', first);
        const until = to === undefined ? null : readDay('--to', to);
        if (from !== null && until !== null && from >= until) throw new Invalid('log.no-days');
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
        'tsa-root': {
          value: 'PEM',
          summary: 'Your own copy of the root of a time-stamp authority; may be given more than once',
          multiple: true,
        },
      },
      async run({ ctx, args, options, lists }) {
        const t = words(ctx);
        if (args.length === 0) throw new Invalid('cli.argument-needed', { params: { argument: 'FILE' } });
        const file = options['keys'];
        const trusted = file === undefined ? undefined : readKeys(file);
        const stampRoots = readRoots(lists['tsa-root'] ?? []);
        const given = {
          ...(trusted === undefined ? {} : { trusted }),
          ...(stampRoots === undefined ? {} : { stampRoots }),
        };
        const found: (Verified & { file: string })[] = [];
        for (const name of args) found.push({ file: name, ...verifyFile(readText(name), given) });
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
      async run(call) {
        const { bytes } = await part().proofFile(call.ctx, messageArgument(call));
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
        throw new Invalid('cli.argument-needed', { params: { argument: 'pull|propose|confirm' } });
      },
    },
  ];
}

function readKeys(file: string): ProofKey[] {
  const text = readText(file);
  try {
    const value: unknown = JSON.parse(text);
    const list = Array.isArray(value) ? value : (value as { keys?: unknown }).keys;
    return KeyList.parse(list);
  } catch (cause) {
    throw new Invalid('log.bad-keys-file', { params: { file }, cause });
  }
}

/** @returns undefined when none was named; @throws Invalid `log.bad-root-file` for a file without a certificate */
function readRoots(files: readonly string[]): X509Certificate[] | undefined {
  if (files.length === 0) return undefined;
  const roots: X509Certificate[] = [];
  for (const file of files) {
    const pems = readText(file).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (pems.length === 0) throw new Invalid('log.bad-root-file', { params: { file } });
    try {
      roots.push(...pems.map((pem) => new X509Certificate(pem)));
    } catch (cause) {
      throw new Invalid('log.bad-root-file', { params: { file }, cause });
    }
  }
  return roots;
}

/** What was found, in sentences; what does not hold is marked. */
export function verifiedText(t: Translate, { holds, statements }: Verified, file: string): string {
  const lines = statements.map((one) => `${one.holds ? '  ' : '! '}${statementText(t, one)}`);
  return [t('log.verify-file', { file, what: t(holds ? 'log.verify-holds' : 'log.verify-fails') }), ...lines].join(
    '\n',
  );
}

function statementText(t: Translate, { code, params }: Statement): string {
  const { thing, why } = params;
  return t.code(code, {
    ...params,
    ...(typeof thing === 'string' ? { thing: t.code(`log.thing-${thing}`) } : {}),
    ...(typeof why === 'string' ? { why: whyText(t, why) } : {}),
  });
}

/** Why something does not hold, in words where there are some, with its code. */
function whyText(t: Translate, code: string): string {
  const short = `log.why-${code.slice(code.indexOf('.') + 1)}`;
  return t.has(short) ? `${t.code(short)} (${code})` : code;
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
