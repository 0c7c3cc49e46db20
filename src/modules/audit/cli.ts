import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { exit, type Command } from '../../platform/cli/index.ts';
import { Unavailable } from '../../platform/errors.ts';
import type { Translate } from '../../platform/i18n/index.ts';
import { reportText } from './report-text.ts';
import { exportLog, verifyLog, type AuditReader } from './service.ts';

/** `comity audit verify` and `comity audit export`. */
export function auditCommands(words: (ctx: AuditReader) => Translate): Command<AuditReader>[] {
  return [
    {
      module: 'audit',
      verb: 'verify',
      summary: 'Recompute the whole log and name the first broken entry',
      needs: 'node',
      async run({ ctx }) {
        const report = await verifyLog(ctx);
        return { json: report, text: reportText(words(ctx), report), exit: report.whole ? exit.done : exit.negative };
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
