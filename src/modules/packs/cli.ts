import { join } from 'node:path';
import { Invalid } from '../../platform/errors.ts';
import { exit, type CliCall, type Command } from '../../platform/cli/index.ts';
import type { Context } from '../identity/index.ts';
import { buildDevelopmentPack } from './development.ts';
import { acceptPack, checkPack, importPack, listPacks, removePack } from './service.ts';
import type { Pack } from './schema.ts';

function one(call: CliCall<Context>, what: string): string {
  const given = call.args[0];
  if (given === undefined) throw new Invalid('cli.argument-needed', { params: { argument: what } });
  return given;
}

function line(pack: Pack): string {
  return `${pack.id}@${pack.version}  ${pack.status}  as of ${pack.asOf}  ${pack.files} files  ${pack.title}`;
}

function nameAndVersion(text: string): [string, string] {
  const [id = '', version = ''] = text.split('@');
  return [id, version];
}

/** Commands of the reference packs. `dataFolder` and `packsFolder` are those of the node. */
export function packsCommands(folders: { dataFolder: string; packsFolder: string }): Command<Context>[] {
  return [
    {
      module: 'packs',
      verb: 'check',
      summary: 'Checks a reference pack and names every fault',
      usage: 'FOLDER|ZIP',
      needs: 'files',
      run: async (call) => {
        const manifest = await checkPack(one(call, 'FOLDER'));
        return {
          json: {
            kind: 'packs.check',
            version: 1,
            id: manifest.id,
            packVersion: manifest.version,
            files: manifest.files.length,
            problems: [],
          },
          text: `${manifest.id}@${manifest.version}: ${manifest.files.length} files, all as listed`,
        };
      },
    },
    {
      module: 'packs',
      verb: 'import',
      summary: 'Brings a reference pack into this node; in production a second person accepts it',
      usage: 'FOLDER|ZIP',
      needs: 'node',
      run: async (call) => {
        const pack = await importPack(call.ctx, folders.packsFolder, one(call, 'FOLDER'));
        return { json: { kind: 'packs.import', version: 1, pack }, text: line(pack) };
      },
    },
    {
      module: 'packs',
      verb: 'accept',
      summary: 'Accepts a proposed pack as a second person',
      usage: 'ID@VERSION',
      needs: 'node',
      run: async (call) => {
        const pack = await acceptPack(call.ctx, ...nameAndVersion(one(call, 'ID@VERSION')));
        return { json: { kind: 'packs.accept', version: 1, pack }, text: line(pack) };
      },
    },
    {
      module: 'packs',
      verb: 'list',
      summary: 'Lists the reference packs of this node',
      needs: 'node',
      run: async (call) => {
        const packs = await listPacks(call.ctx);
        return {
          json: { kind: 'packs.list', version: 1, packs },
          text: packs.map(line).join('\n') || 'No reference pack is installed.',
        };
      },
    },
    {
      module: 'packs',
      verb: 'remove',
      summary: 'Takes a pack out of use; its row stays on the list',
      usage: 'ID@VERSION',
      needs: 'node',
      run: async (call) => {
        const given = one(call, 'ID@VERSION');
        await removePack(call.ctx, folders.packsFolder, ...nameAndVersion(given));
        return { json: { kind: 'packs.remove', version: 1, pack: given }, text: `${given}: removed` };
      },
    },
    {
      module: 'packs',
      verb: 'build-dev',
      summary: 'Builds the development pack from the data beside the project, when they are there',
      needs: 'files',
      run: async () => {
        const target = join(folders.dataFolder, '..', 'packs', 'development');
        const manifest = await buildDevelopmentPack(target);
        if (!manifest) {
          return {
            json: { kind: 'packs.build-dev', version: 1, built: false },
            text: 'No development data stand beside this clone: nothing was built, and nothing needs them to run.',
            exit: exit.cannotNow,
          };
        }
        return {
          json: { kind: 'packs.build-dev', version: 1, built: true, files: manifest.files.length, folder: target },
          text: `${manifest.files.length} files in ${target}`,
        };
      },
    },
  ];
}
