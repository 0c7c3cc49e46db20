import { readFileSync, writeFileSync } from 'node:fs';
import { exit, type CliCall, type Command } from '../../../platform/cli/index.ts';
import { Invalid } from '../../../platform/errors.ts';
import type { Translate } from '../../../platform/i18n/index.ts';
import { sha256 } from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import type { Requests } from '../service/index.ts';
import { checkFile, issueDocument, type PrintSetting } from './issue.ts';
import { readPrintLanguages, renditionFormats, toVerifyAnswer } from './rendition.ts';

interface DocumentCommandNeeds {
  parts: () => { requests: Requests; printSetting: PrintSetting };
  words: (locale: Context['locale']) => Translate;
}

function argument(call: CliCall<Context>, name: string): string {
  const given = call.args[0];
  if (given === undefined) throw new Invalid('cli.argument-needed', { params: { argument: name } });
  return given;
}

/** `comity requests print` and `comity requests verify`. */
export function documentsCommands(needs: DocumentCommandNeeds): Command<Context>[] {
  return [
    {
      module: 'requests',
      verb: 'print',
      usage: 'REF',
      needs: 'node',
      summary: 'Writes the paper of a request to a file; a signed one is released',
      options: {
        format: { value: 'pdf', summary: 'pdf, docx or json; pdf unless told' },
        languages: { value: 'en,ar', summary: 'Languages of the paper, in their order' },
        out: { value: 'FILE', summary: 'File to write; its proper name in this folder unless told' },
      },
      run: async (call) => {
        const wanted = call.options['format'] ?? 'pdf';
        const format = renditionFormats.find((one) => one === wanted);
        if (!format) throw new Invalid('requests.print-unknown-format', { params: { given: wanted } });
        const languages = readPrintLanguages(call.options['languages'] ?? 'en,ar');
        const file = await issueDocument(call.ctx, needs.parts(), {
          reference: argument(call, 'REF'),
          format,
          languages,
        });
        const out = call.options['out'] ?? file.fileName;
        writeFileSync(out, file.bytes);
        const hash = sha256(file.bytes);
        return {
          json: { kind: 'requests.printed', version: 1, file: out, format, sha256: hash, bytes: file.bytes.length },
          text: `${out}\nSHA-256 ${hash}`,
        };
      },
    },
    {
      module: 'requests',
      verb: 'verify',
      usage: 'FILE',
      needs: 'node',
      summary: 'Says whether this node released a file; exit 1 when it is not known here',
      run: async (call) => {
        const bytes = readFileSync(argument(call, 'FILE'));
        const answer = toVerifyAnswer('file', await checkFile(call.ctx, sha256(bytes)));
        const t = needs.words(call.ctx.locale);
        const { rendition } = answer;
        if (!rendition) return { json: answer, text: t('work.verify-unknown'), exit: exit.negative };
        const { reference, requestVersion, language, format, contentHash, releasedAt } = rendition;
        return {
          json: answer,
          text: [
            t('requests.print-known', { reference, version: requestVersion, language, format, at: releasedAt }),
            contentHash,
          ].join('\n'),
        };
      },
    },
  ];
}
