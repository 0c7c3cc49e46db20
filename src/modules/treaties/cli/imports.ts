import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from '../../../platform/cli/index.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import type { Context } from '../../identity/index.ts';
import { dataFiles, dataFolder } from '../dataset.ts';
import { acceptImport, enterAgreement, listTreatyImports, proposeImport } from '../importer.ts';
import type { LiveFacts } from '../live.ts';
import { Agreement, agreementKinds, type TreatyImport } from '../schema/index.ts';
import type { Treaties } from '../service.ts';

function line(found: TreatyImport): string {
  const { diff } = found;
  const changed = diff.corrections.filter((one) => one.what === 'changed').length;
  const counts = `${String(diff.same)} same, ${String(diff.added.length)} new, ${String(changed)} changed, ${String(diff.corrections.length - changed)} gone`;
  return `${found.id}  ${found.status}  ${found.instrument} as of ${found.asOf} (${found.source}): ${counts}, ${String(diff.toRead.length)} with notes to read`;
}

/** Commands that bring status tables into a node's own data, and the export of the shipped files. */
export function importCommands(treaties: Treaties, live: LiveFacts): Command<Context>[] {
  return [
    {
      module: 'treaties',
      verb: 'import',
      summary: 'Compares a saved status page or a CSV file with the data and proposes the difference',
      options: {
        instrument: { value: 'ID', summary: 'Instrument by number or short name', required: true },
        file: { value: 'FILE', summary: 'Saved page (.html) or file in our own columns (.csv)', required: true },
        'as-of': { value: 'YYYY-MM-DD', summary: 'Day to which the source spoke', required: true },
        source: { value: 'NAME', summary: 'Name of the source', required: true },
      },
      needs: 'node',
      run: async (call) => {
        const file = call.options['file']!;
        if (!existsSync(file)) throw new NotFound('treaties.import-no-file', { params: { file } });
        const proposed = await proposeImport(call.ctx, live, {
          instrument: treaties.readInstrument(call.options['instrument']!),
          bytes: readFileSync(file),
          fileName: basename(file),
          asOf: call.options['as-of']!,
          source: call.options['source']!,
        });
        return { json: { kind: 'treaties.import', version: 1, import: proposed }, text: line(proposed) };
      },
    },
    {
      module: 'treaties',
      verb: 'imports',
      summary: 'Lists what was imported and what waits for a second person',
      needs: 'node',
      run: async (call) => {
        const imports = await listTreatyImports(call.ctx);
        return { json: { kind: 'treaties.imports', version: 1, imports }, text: imports.map(line).join('\n') };
      },
    },
    {
      module: 'treaties',
      verb: 'accept-import',
      summary: 'Accepts an import; in production a second person does it on the page /law/imports',
      usage: 'ID',
      options: {
        'accept-losses': { value: 'REASON', summary: 'Reason, when more than 2 % of the participants are gone' },
      },
      needs: 'node',
      run: async (call) => {
        const id = call.args[0];
        if (id === undefined) throw new Invalid('cli.argument-needed', { params: { argument: 'ID' } });
        const reason = call.options['accept-losses'];
        const accepted = await acceptImport(call.ctx, live, id, reason === undefined ? undefined : { reason });
        return { json: { kind: 'treaties.import', version: 1, import: accepted }, text: line(accepted) };
      },
    },
    {
      module: 'treaties',
      verb: 'agreement',
      summary: 'Enters a treaty between two States, or that there is none',
      options: {
        id: { value: 'NAME', summary: 'Name of the agreement, the same in all its entries', required: true },
        from: { value: 'STATE', summary: 'One State', required: true },
        to: { value: 'STATE', summary: 'The other State', required: true },
        kind: { value: 'KIND', summary: agreementKinds.join(', '), required: true },
        'in-force-from': { value: 'YYYY-MM-DD', summary: 'Day of entry into force; absent: there is no such treaty' },
        until: { value: 'YYYY-MM-DD', summary: 'Day from which it is no longer in force' },
        'confirmed-by-both': { summary: 'Both States have confirmed it' },
      },
      needs: 'node',
      run: async (call) => {
        const { options } = call;
        const given = {
          id: options['id'],
          parties: [treaties.readState(options['from']!), treaties.readState(options['to']!)],
          kind: options['kind'],
          exists: options['in-force-from'] === undefined ? 'none' : 'yes',
          inForceFrom: options['in-force-from'] ?? null,
          until: options['until'] ?? null,
          territory: null,
          text: null,
          confirmedByBoth: call.switches.has('confirmed-by-both'),
        };
        const agreement = Agreement.omit({ enteredBy: true }).safeParse(given);
        if (!agreement.success)
          throw new Invalid('treaties.bad-agreement', { params: { valid: agreementKinds.join(', ') } });
        await enterAgreement(call.ctx, live, agreement.data);
        return {
          json: { kind: 'treaties.agreement', version: 1, agreement: agreement.data },
          text: `${agreement.data.id}: entered`,
        };
      },
    },
    {
      module: 'treaties',
      verb: 'export',
      summary: 'Writes the shipped data files with their sources and licences to a folder',
      options: { out: { value: 'FOLDER', summary: 'Folder to write to', required: true } },
      needs: 'files',
      run: async (call) => {
        const out = call.options['out']!;
        mkdirSync(out, { recursive: true });
        const files = [...dataFiles(), 'PROVENANCE.md'];
        for (const name of files) copyFileSync(join(dataFolder, name), join(out, name));
        return {
          json: { kind: 'treaties.export', version: 1, files, sha256: treaties.facts().sha256 },
          text: `${String(files.length)} files written to ${out}`,
        };
      },
    },
  ];
}
