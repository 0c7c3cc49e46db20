import { X509Certificate } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exit, type CliCall, type Command } from '../../platform/cli/index.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import type { Translate } from '../../platform/i18n/index.ts';
import { Instant } from '../../platform/values/index.ts';
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

/** @throws NotFound `evidence.no-such-file`; Invalid `evidence.no-certificate-in` */
async function rootsOf(files: readonly string[]): Promise<X509Certificate[]> {
  const roots: X509Certificate[] = [];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new NotFound('evidence.no-such-file', { params: { file }, cause });
    });
    const pems = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
    if (!pems) throw new Invalid('evidence.no-certificate-in', { params: { file } });
    for (const pem of pems) {
      try {
        roots.push(new X509Certificate(pem));
      } catch (cause) {
        throw new Invalid('evidence.no-certificate-in', { params: { file }, cause });
      }
    }
  }
  return roots;
}

function openPack(file: string) {
  return fileReader(file).catch((cause: unknown) => {
    throw new NotFound('evidence.no-such-file', { params: { file }, cause });
  });
}

function moment(text: string): Instant {
  const read = Instant.safeParse(text);
  if (!read.success)
    throw new Invalid('cli.argument-needed', { params: { argument: '--at 2029-01-01T00:00:00.000Z' } });
  return read.data;
}

function reportText(t: Translate, report: ContainerReport): string {
  const lines = [
    `${report.status}: ${report.files} files`,
    ...(report.signer === null ? [] : [`signed by ${report.signer} at ${report.signedAt ?? '?'}`]),
    ...report.stamps.map((one) => `time-stamped at ${one.at}`),
    ...(report.renewBefore ? [`stamp again before ${report.renewBefore}`] : []),
    ...report.findings.map((one) => `${one.severity}  ${t.code(one.code, one.params)}  [${one.code}]`),
  ];
  return lines.join('\n');
}

/** Commands for what others can check without this node. */
export function proofCommands(
  evidence: (call: CliCall<Context>) => Evidence,
  words: (ctx: Context) => Translate,
): Command<Context>[] {
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
        const given = call.lists.root ?? [];
        if (given.length === 0) throw new Invalid('cli.argument-needed', { params: { argument: '--root' } });
        const reader = await openPack(needed(call, 0, 'FILE'));
        try {
          const now = call.options.at === undefined ? call.ctx.clock.now() : moment(call.options.at);
          const report = await verifyContainer(reader, {
            roots: await rootsOf(given),
            stampRoots: await rootsOf(call.lists['tsa-root'] ?? []),
            now,
          });
          return {
            json: { kind: 'evidence.verify', version: 1, ...report },
            text: reportText(words(call.ctx), report),
            exit: report.status === 'holds' ? exit.done : exit.negative,
          };
        } finally {
          await reader.close();
        }
      },
    },
    {
      module: 'evidence',
      verb: 'roots',
      summary:
        'Writes the root certificates that our proof packs are checked against, to give to others by another way',
      options: { out: { value: 'FOLDER', summary: 'Where state-root.pem and tsa-root.pem go', required: true } },
      needs: 'node',
      async run(call) {
        const roots = await evidence(call).proofRoots();
        const written = [];
        for (const [name, root] of [
          ['state-root.pem', roots.state],
          ['tsa-root.pem', roots.stamps],
        ] as const) {
          if (!root) continue;
          const file = join(call.options.out ?? '', name);
          await writeFile(file, root.toString(), { flag: 'wx' });
          written.push({ file, subject: root.subject, sha256: root.fingerprint256 });
        }
        return {
          json: { kind: 'evidence.roots', version: 1, roots: written },
          text: written.map((one) => `${one.file}\n  ${one.subject}\n  SHA-256 ${one.sha256}`).join('\n'),
        };
      },
    },
    {
      module: 'evidence',
      verb: 'certificate-request',
      summary: 'Writes a certificate request (PKCS#10) for the signing key of the authority',
      options: { out: { value: 'FILE', summary: 'Where to write it; authority.csr unless told' } },
      needs: 'node',
      async run(call) {
        const { out = 'authority.csr' } = call.options;
        await writeFile(out, await evidence(call).certificateRequest(), { flag: 'wx' });
        return { json: { kind: 'evidence.certificate-request', version: 1, out }, text: out };
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
        const reader = await openPack(needed(call, 0, 'FILE'));
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
