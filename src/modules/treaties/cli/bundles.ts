import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { JWK } from 'jose';
import { exit, type CliCall, type Command } from '../../../platform/cli/index.ts';
import { barePublicKey } from '../../../platform/crypto/index.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import type { Context } from '../../identity/index.ts';
import { bringBundle, checkBundle, countChanges, publishBundle, type Publisher } from '../bundle.ts';
import type { LiveFacts } from '../live.ts';
import { confirmReading } from '../readings.ts';
import type { DatasetBundle } from '../schema/index.ts';

type Call = CliCall<Context>;

function fileOf(call: Call): { bytes: Uint8Array; file: string } {
  const file = call.args[0];
  if (file === undefined) throw new Invalid('cli.argument-needed', { params: { argument: 'FILE' } });
  if (!existsSync(file)) throw new NotFound('treaties.import-no-file', { params: { file } });
  return { bytes: readFileSync(file), file };
}

function rootOf(call: Call): JWK | undefined {
  const file = call.options['root'];
  if (file === undefined) return undefined;
  if (!existsSync(file)) throw new NotFound('treaties.import-no-file', { params: { file } });
  try {
    return barePublicKey(JSON.parse(readFileSync(file, 'utf8')) as JWK);
  } catch (cause) {
    throw new Invalid('treaties.bad-root', { params: { file }, cause });
  }
}

const rootOption = {
  value: 'FILE',
  summary: 'Public root key of the secretariat, got by another way than the set',
};

function linesOf(bundle: DatasetBundle): string[] {
  const { diff } = bundle;
  if (!diff) return [];
  const counts = countChanges(diff);
  const shown = 40;
  return [
    `${String(counts.added)} new, ${String(counts.changed)} changed, ${String(counts.vanished)} gone, ${String(diff.same)} the same`,
    ...diff.lines
      .slice(0, shown)
      .map(
        (line) =>
          `  ${line.what} ${line.state} ${line.instrument} ${line.kind}: ${line.before ?? '-'} -> ${line.after ?? '-'}`,
      ),
    ...(diff.lines.length > shown ? [`  and ${String(diff.lines.length - shown)} more`] : []),
  ];
}

/** Answers without the files themselves: they are long, and in the bundle. */
function summaryOf(bundle: DatasetBundle) {
  const { id, owner, seq, hash, status, diff, lossesReason, body } = bundle;
  return { id, owner, seq, hash, status, lossesReason, diff, version: body.version, asOf: body.asOf };
}

/** Commands of signed sets of treaty data and of readings. */
export function bundleCommands(live: LiveFacts, publisher: () => Publisher): Command<Context>[] {
  return [
    {
      module: 'treaties',
      verb: 'bundle',
      summary: 'Signs the accepted data as a set that other nodes can apply',
      options: { out: { value: 'FILE', summary: 'Zip file to write; the root key goes beside it', required: true } },
      needs: 'node',
      run: async (call) => {
        const out = call.options['out']!;
        const made = await publishBundle(call.ctx, live, publisher());
        writeFileSync(out, made.bytes);
        writeFileSync(`${out}.root.json`, `${JSON.stringify(made.root)}\n`);
        return {
          json: { kind: 'treaties.bundle', version: 1, file: out, bundle: summaryOf(made.bundle) },
          text: `Set ${made.bundle.body.version}, record ${String(made.bundle.seq)} of ${made.bundle.owner}, ${String(made.bytes.length)} bytes: ${out}\nRoot key: ${out}.root.json. Give it to the receivers by another way.`,
        };
      },
    },
    {
      module: 'treaties',
      verb: 'bundle-verify',
      summary: 'Checks signature, hashes and days of a signed set, and changes nothing',
      usage: 'FILE',
      options: { root: { ...rootOption, required: true } },
      needs: 'files',
      run: async (call) => {
        const { bytes } = fileOf(call);
        const checked = await checkBundle(bytes, rootOf(call)!);
        if (!checked.ok) {
          return {
            json: { kind: 'treaties.bundle-check', version: 1, holds: false, problems: checked.error },
            text: checked.error.map((one) => `${one.code} ${JSON.stringify(one.params ?? {})}`).join('\n'),
            exit: exit.negative,
          };
        }
        const { owner, seq, hash, body, facts } = checked.value;
        return {
          json: { kind: 'treaties.bundle-check', version: 1, holds: true, owner, seq, hash, asOf: body.asOf },
          text: `The set holds: ${body.version}, record ${String(seq)} of ${owner}, made on ${body.asOf}; ${String(body.files.length)} files, ${String(facts.acts.size)} acts`,
        };
      },
    },
    {
      module: 'treaties',
      verb: 'bundle-apply',
      summary: 'Brings a signed set to this node and shows what it changes; in production a second person accepts it',
      usage: 'FILE',
      options: {
        root: { ...rootOption, summary: `${rootOption.summary}; only for the first set` },
        'accept-losses': { value: 'REASON', summary: 'Reason, when more than 2 % of the acts are gone' },
      },
      needs: 'node',
      run: async (call) => {
        const { bytes } = fileOf(call);
        const root = rootOf(call);
        const losses = call.options['accept-losses'];
        const bundle = await bringBundle(call.ctx, live, {
          bytes,
          ...(root ? { root } : {}),
          ...(losses === undefined ? {} : { losses }),
        });
        return {
          json: { kind: 'treaties.bundle-apply', version: 1, bundle: summaryOf(bundle) },
          text: [`${bundle.id}  ${bundle.status}  ${bundle.owner} ${bundle.body.version}`, ...linesOf(bundle)].join(
            '\n',
          ),
        };
      },
    },
    {
      module: 'treaties',
      verb: 'confirm-reading',
      summary: 'Records that an official confirmed a reading; in production the official does it on its page',
      usage: 'ID',
      needs: 'node',
      run: async (call) => {
        const id = call.args[0];
        if (id === undefined) throw new Invalid('cli.argument-needed', { params: { argument: 'ID' } });
        const reading = await confirmReading(call.ctx, live, id);
        return {
          json: { kind: 'treaties.reading', version: 1, reading },
          text: `${reading.state} ${reading.instrument} ${reading.provision} ${reading.position}: confirmed`,
        };
      },
    },
  ];
}
