import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { exit, type CliCall, type Command } from '../../platform/cli/index.ts';
import { Invalid } from '../../platform/errors.ts';
import type { Translate } from '../../platform/i18n/index.ts';
import { problem } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import { CaseFileId, EvidenceFileId, NewCaseFile, type CaseFile, type EvidenceFile } from './schema.ts';
import { proofCommands } from './proof-cli.ts';
import type { Evidence } from './service/index.ts';

function argument(call: CliCall<Context>, place: number, name: string): string {
  const given = call.args[place];
  if (given === undefined) throw new Invalid('cli.argument-needed', { params: { argument: name } });
  return given;
}

const caseFileId = (text: string) => CaseFileId.parse(text);
const fileId = (text: string) => EvidenceFileId.parse(text);

function caseFileLine(one: CaseFile): string {
  return `${one.id}  ${one.number}  ${one.handling.tlp}  ${one.title ?? '—'}`;
}

function fileLine(one: EvidenceFile): string {
  return `${one.id}  ${one.mediaType}  ${one.size}  ${one.scan}  ${one.sha256}  ${one.fileName}`;
}

/** Commands on case files. `evidence` opens with the node. */
export function evidenceCommands(
  evidence: (call: CliCall<Context>) => Evidence,
  words: (ctx: Context) => Translate,
): Command<Context>[] {
  return [
    {
      module: 'evidence',
      verb: 'open',
      summary: 'Opens a case file',
      options: {
        title: { value: 'TEXT', summary: 'Title', required: true },
        number: { value: 'TEXT', summary: "The office's own number; without it the node gives the next one" },
        tlp: { value: 'MARK', summary: 'CLEAR, GREEN, AMBER, AMBER+STRICT or RED; AMBER unless told' },
      },
      needs: 'node',
      async run(call) {
        const { title = '', number, tlp = 'AMBER' } = call.options;
        const given = NewCaseFile.safeParse({ title, number, handling: { tlp, originator: call.ctx.state } });
        if (!given.success) {
          const problems = given.error.issues.map((issue) =>
            problem(issue.message.startsWith('evidence.') ? issue.message : 'evidence.not-taken', [
              String(issue.path.at(-1) ?? ''),
            ]),
          );
          throw new Invalid('evidence.not-taken', { problems });
        }
        const caseFile = await evidence(call).openCaseFile(call.ctx, given.data);
        return { json: { kind: 'case-file', version: 1, caseFile }, text: caseFileLine(caseFile) };
      },
    },
    {
      module: 'evidence',
      verb: 'list',
      summary: 'Lists the case files you may know of',
      needs: 'node',
      async run(call) {
        const found = await evidence(call).listCaseFiles(call.ctx, { limit: 200 });
        const rest = found.more ? '\nOnly the newest 200 are shown.' : '';
        return {
          json: { kind: 'case-files', version: 1, ...found },
          text: found.caseFiles.map(caseFileLine).join('\n') + rest,
        };
      },
    },
    {
      module: 'evidence',
      verb: 'add',
      summary: 'Adds a file to a case file',
      usage: 'CASE-FILE FILE',
      needs: 'node',
      async run(call) {
        const path = argument(call, 1, 'FILE');
        const file = await evidence(call).addFile(call.ctx, caseFileId(argument(call, 0, 'CASE-FILE')), {
          fileName: basename(path),
          bytes: createReadStream(path),
        });
        return { json: { kind: 'evidence-file', version: 1, file }, text: fileLine(file) };
      },
    },
    {
      module: 'evidence',
      verb: 'files',
      summary: 'Lists the files of a case file',
      usage: 'CASE-FILE',
      needs: 'node',
      async run(call) {
        const files = await evidence(call).listFiles(call.ctx, caseFileId(argument(call, 0, 'CASE-FILE')));
        return { json: { kind: 'evidence-files', version: 1, files }, text: files.map(fileLine).join('\n') };
      },
    },
    {
      module: 'evidence',
      verb: 'custody',
      summary: 'Lists who touched a file, and checks the chain',
      usage: 'FILE',
      needs: 'node',
      async run(call) {
        const { entries, problems } = await evidence(call).listCustody(call.ctx, fileId(argument(call, 0, 'FILE')));
        const lines = entries.map(({ entry }) => `${entry.seq}  ${entry.at}  ${entry.act}  ${entry.by}`);
        return {
          json: { kind: 'custody', version: 1, entries, problems },
          text: [...lines, ...problems.map((one) => one.code)].join('\n'),
          exit: problems.length > 0 ? exit.negative : exit.done,
        };
      },
    },
    {
      module: 'evidence',
      verb: 'scrub',
      summary: 'Reads every stored file again and checks its hash and custody chain',
      needs: 'node',
      async run(call) {
        const { checked, problems } = await evidence(call).verifyAll(call.ctx);
        return {
          json: { kind: 'evidence.scrub', version: 1, checked, problems },
          text: [
            `${checked} files checked, ${problems.length} problems`,
            ...problems.map((one) => `${one.path[0]}  ${one.code}`),
          ].join('\n'),
          exit: problems.length > 0 ? exit.negative : exit.done,
        };
      },
    },
    ...proofCommands(evidence, words),
  ];
}
