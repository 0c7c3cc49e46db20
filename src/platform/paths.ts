import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) throw new Error('package.json not found above the program');
  }
}

/** Folder of the package: where `data/`, `src/` (migrations, definitions) and `dist/` stand, whether bundled or not. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));
