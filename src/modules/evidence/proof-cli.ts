import { X509Certificate } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exit, type CliCall, type Command } from '../../platform/cli/index.ts';
import { Invalid } from '../../platform/errors.ts';
import { instant, type Instant } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import { fileReader } from './container/read.ts';
import { restampContainer } from './container/restamp.ts';
import { verifyContainer, type ContainerReport } from './container/verify.ts';
import { EvidenceFileId } from './schema.ts';
import type { Evidence, ProofPack } from './service/index.ts';

function needed(call: CliCall<Context>, place: number, name: string): string {
  const given = call.args[place];
  if (given === undefined) throw new Invalid('cli.argument-needed', { params: { argument: name } });
  return given;
}

async function rootsOf(files: readonly string[]): Promise<X509Certificate[]> {
  const roots: X509Certificate[] = [];
  for (const file of files) {
    const pems = (await readFile(file, 'utf8')).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
    for (const pem of pems ?? []) roots.push(new X509Certificate(pem));
  }
  return roots;
}

function reportText(report: ContainerReport): string {
  const lines = [
    `${report.status}: ${report.files} files`,
    `signed by ${report.signer ?? '?'} at ${report.signedAt ?? '?'}`,
    ...report.stamps.map((one) => `time-stamped at ${one.at}`),
    ...(report.renewBefore ? [`stamp again before ${report.renewBefore}`] : ['not yet time-stamped']),
    ...report.findings.map((one) => `${one.severity}  ${one.code}  ${one.path.join(' ')}`),
  ];
  return lines.join('\n');
}

/** Commands for what others can check without this node. */
export function proofCommands(evidence: (call: CliCall<Context>) => Evidence): Command<Context>[] {
  async function write(call: CliCall<Context>, pack: ProofPack) {
    const out = call.options.out ?? pack.fileName;
    // Never over a file that is there.
    await pipeline(pack.bytes, createWriteStream(out, { flags: 'wx', mode: 0o600 }));
    const stamped = pack.stamp ? `time-stamped at ${pack.stamp.at}` : 'not yet time-stamped';
    return {
      json: { kind: 'proof-pack', version: 1, out, files: pack.files, stampedAt: pack.stamp?.at ?? null },
      text: `${out}: ${pack.files} files, ${stamped}`,
    };
  }
  return [
    {
      module: 'evidence',
      verb: 'export',
      summary: 'Makes a proof pack (ASiC-E) of a message or of files, that anyone can check',
      options: {
        message: { value: 'ID', summary: 'Message with its receipts, events and log' },
        file: { value: 'ID', summary: 'File with its custody; may be given more than once', multiple: true },
        out: { value: 'FILE', summary: 'Where to write; proof-ID.asice unless told' },
      },
      needs: 'node',
      async run(call) {
        const { message } = call.options;
        const files = call.lists.file ?? [];
        if ((message === undefined) === (files.length === 0))
          throw new Invalid('cli.argument-needed', { params: { argument: '--message | --file' } });
        const uses = evidence(call);
        return write(
          call,
          message === undefined
            ? await uses.exportFiles(
                call.ctx,
                files.map((one) => EvidenceFileId.parse(one)),
              )
            : await uses.exportMessage(call.ctx, message),
        );
      },
    },
    {
      module: 'evidence',
      verb: 'verify',
      summary: 'Checks a proof pack: signature, every digest, stamps, log proof, witnesses, custody. Needs no node',
      usage: 'FILE',
      options: {
        root: { value: 'PEM', summary: "Your own copy of a State's root; may be given more than once", multiple: true },
        'tsa-root': {
          value: 'PEM',
          summary: 'Root of a time-stamp authority; may be given more than once',
          multiple: true,
        },
        at: { value: 'INSTANT', summary: 'Check as of this moment, 2029-01-01T00:00:00.000Z; now unless told' },
      },
      needs: 'files',
      async run(call) {
        const reader = await fileReader(needed(call, 0, 'FILE')).catch((cause: unknown) => {
          throw new Invalid('evidence.container-bad-type', { cause });
        });
        try {
          const now: Instant = call.options.at === undefined ? call.ctx.clock.now() : instant(call.options.at);
          const report = await verifyContainer(reader, {
            roots: await rootsOf(call.lists.root ?? []),
            stampRoots: await rootsOf(call.lists['tsa-root'] ?? []),
            now,
          });
          return {
            json: { kind: 'evidence.verify', version: 1, ...report },
            text: reportText(report),
            exit: report.status === 'holds' ? exit.done : exit.negative,
          };
        } finally {
          await reader.close();
        }
      },
    },
    {
      module: 'evidence',
      verb: 'stamp',
      summary: 'Adds a time stamp to a proof pack: the first, or one more before an older one ends',
      usage: 'FILE',
      options: { out: { value: 'FILE', summary: 'Where to write the stamped pack', required: true } },
      needs: 'node',
      async run(call) {
        const reader = await fileReader(needed(call, 0, 'FILE'));
        try {
          const bytes = Readable.from(await restampContainer(reader, evidence(call).stampAuthority()));
          const out = call.options.out ?? '';
          await pipeline(bytes, createWriteStream(out, { flags: 'wx', mode: 0o600 }));
          return { json: { kind: 'evidence.stamp', version: 1, out }, text: out };
        } finally {
          await reader.close();
        }
      },
    },
  ];
}
