import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { secret, type Random } from '../platform/random.ts';

const length = 32;

/**
 * Reads the key under which the web tier seals what it must hold for a while, making it at first start.
 * Several processes may start at once: the first wins.
 */
export function readNodeKey(dataFolder: string, random: Random): Uint8Array {
  const file = join(dataFolder, 'secrets', 'web.key');
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${secret(random, 9)}`;
    writeFileSync(draft, random.bytes(length), { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft);
    }
  }
  const key = readFileSync(file);
  if (key.length !== length)
    throw new Error(`${file} is damaged: it must hold ${length} bytes. Restore it from a backup`);
  return key;
}
