import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { printedKeys, schemaFiles, vectorFiles } from './files.ts';

const folder = 'protocol';
await rm(join(folder, 'schemas'), { recursive: true, force: true });
await rm(join(folder, 'vectors'), { recursive: true, force: true });
for (const [path, text] of [...schemaFiles(), ...(await vectorFiles())]) {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}
const lines = printedKeys().map((kid) => `  '${kid}',`);
await writeFile(
  'src/modules/exchange/rules/known-bad-keys.ts',
  `/** Keys whose private halves are printed in \`protocol/vectors\`: refused at enrolment and in every message. */\nexport const printedKeys: ReadonlySet<string> = new Set([\n${lines.join('\n')}\n]);\n`,
);
