import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { folderBlobs } from '../platform/blobs/index.ts';
import { exit, type CliAnswer, type CliCall, type Command } from '../platform/cli/index.ts';
import type { Config } from '../platform/config.ts';
import { checkPages, isFolderInUse, nameOfFile, openNodeDatabase, ownServerData } from '../platform/db/index.ts';
import { Unavailable } from '../platform/errors.ts';
import { systemRandom } from '../platform/random.ts';
import type { Context } from '../modules/identity/index.ts';
import type { OperationsParts } from './operations-commands.ts';

interface Damage {
  file: string;
  page: number;
  /** Table or index that the page belongs to; null where the server cannot be asked. */
  of: string | null;
}

/** Names what damaged pages belong to, when a node runs that can be asked. */
async function named(config: Config, pages: readonly Omit<Damage, 'of'>[]): Promise<Damage[]> {
  if (pages.length === 0 || !isFolderInUse(config.dataFolder)) return pages.map((one) => ({ ...one, of: null }));
  const database = await openNodeDatabase({ folder: config.dataFolder, share: true, migrations: 'none' });
  try {
    const client = await database.ownerClient();
    try {
      const found: Damage[] = [];
      for (const one of pages) found.push({ ...one, of: await nameOfFile(client, one.file) });
      return found;
    } finally {
      await client.end();
    }
  } finally {
    await database.close();
  }
}

async function verify({ ctx }: CliCall<Context>, parts: OperationsParts): Promise<CliAnswer> {
  const t = parts.words(ctx);
  const config = parts.config();
  const data = ownServerData(config.dataFolder);
  if (!data && config.DATABASE_URL === '')
    throw new Unavailable('app.no-data', { params: { folder: config.dataFolder } });
  const pages = data && config.DATABASE_URL === '' ? await checkPages(data) : undefined;
  const damaged = pages ? await named(config, pages.damaged) : [];
  const files = { checked: 0, damaged: [] as string[] };
  const folder = join(config.dataFolder, 'blobs');
  if (existsSync(folder))
    for await (const { key, whole } of folderBlobs(folder, systemRandom).scrub()) {
      files.checked += 1;
      if (!whole) files.damaged.push(key);
    }
  const whole = damaged.length === 0 && files.damaged.length === 0;
  const lines = [
    pages ? t('app.verify-pages', { count: pages.pages }) : t('app.verify-other-server'),
    t('app.verify-files', { count: files.checked }),
    ...damaged.map(({ file, page, of }) => t('app.verify-bad-page', { file, page, of: of ?? '–' })),
    ...files.damaged.map((key) => t('app.verify-bad-file', { key })),
    t(whole ? 'app.verify-whole' : 'app.verify-damaged'),
  ];
  return {
    json: {
      kind: 'verify',
      version: 1,
      whole,
      database: pages ? { checked: true, pages: pages.pages, damaged } : { checked: false, pages: 0, damaged: [] },
      files,
    },
    text: lines.join('\n'),
    exit: whole ? exit.done : exit.negative,
  };
}

/** Looks for what rotted where nobody has read since. */
export function verifyCommand(parts: OperationsParts): Command<Context> {
  return {
    module: '',
    verb: 'verify',
    summary:
      'Reads every page of the database and every stored file and names what is damaged; the node may go on working',
    needs: 'files',
    run: (call) => verify(call, parts),
  };
}
