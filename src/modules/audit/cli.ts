import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { exit, type Command } from '../../platform/cli/index.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { Translate } from '../../platform/i18n/index.ts';
import { reportText } from './report-text.ts';
import { readLogState } from './state.ts';
import { exportLog, proveEntry, verifyLogs, type AuditReader } from './service.ts';

/** `comity audit verify`, `checkpoint`, `prove` and `export`. */
export function auditCommands(words: (ctx: AuditReader) => Translate): Command<AuditReader>[] {
  return [
    {
      module: 'audit',
      verb: 'verify',
      summary: 'Recompute the whole log and name the first broken entry',
      needs: 'node',
      options: {
        against: {
          value: 'FILE',
          summary: 'A checkpoint that another node or person kept of a log here',
          multiple: true,
        },
      },
      async run({ ctx, lists }) {
        const notes: string[] = [];
        for (const file of lists['against'] ?? []) notes.push(readText(file));
        const { audit, exchange } = await verifyLogs(ctx, notes);
        const t = words(ctx);
        const text = [
          t('audit.log-named', { log: t('audit.log-audit'), words: reportText(t, audit) }),
          t('audit.log-named', { log: t('audit.log-exchange'), words: reportText(t, exchange) }),
        ].join('\n');
        const whole = audit.whole && exchange.whole;
        return { json: { ...audit, whole, exchange }, text, exit: whole ? exit.done : exit.negative };
      },
    },
    {
      module: 'audit',
      verb: 'checkpoint',
      summary: 'Print the newest signed checkpoint of the exchange log, with the signatures of witnesses',
      needs: 'node',
      async run({ ctx }) {
        const state = await readLogState(ctx);
        const newest = state.logs.find((one) => one.log === 'exchange')?.note ?? null;
        const text = newest ?? words(ctx)('audit.no-checkpoint');
        return {
          json: { kind: 'audit.checkpoint', version: 1, ...state },
          text,
          exit: newest ? exit.done : exit.cannotNow,
        };
      },
    },
    {
      module: 'audit',
      verb: 'prove',
      summary: 'Prove that the log holds an entry, by its id or its place',
      usage: 'ENTRY',
      needs: 'node',
      async run({ ctx, args }) {
        const entry = args[0];
        if (!entry || args.length > 1) return { json: null, text: 'comity audit prove ENTRY', exit: exit.usage };
        const proof = await proveEntry(ctx, entry);
        const json = { kind: 'audit.proof', version: 1, ...proof };
        return { json, text: words(ctx)('audit.proven', { index: proof.index, size: proof.size, root: proof.root }) };
      },
    },
    {
      module: 'audit',
      verb: 'export',
      summary: 'Write every entry with its salt and leaf, one JSON object a line',
      usage: 'FILE',
      needs: 'node',
      async run({ ctx, args }) {
        const file = args[0];
        if (!file || args.length > 1) return { json: null, text: 'comity audit export FILE', exit: exit.usage };
        const out = openForNew(file);
        const exported = exportLog(ctx, (line) => void writeSync(out, `${line}\n`));
        const { size, root } = await exported.finally(() => {
          fsyncSync(out);
          closeSync(out);
        });
        const json = { kind: 'audit.export', version: 1, size, root, file };
        return { json, text: words(ctx)('audit.exported', { size, file, root }) };
      },
    },
  ];
}

/** A copy of the log never replaces a file, and only the operator reads it. */
function openForNew(file: string): number {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (cause) {
    throw new Unavailable('audit.cannot-write', { params: { file }, cause });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Unavailable('audit.cannot-read', { params: { file }, cause });
  }
}
