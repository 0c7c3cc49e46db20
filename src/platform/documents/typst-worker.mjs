// Runs the typst compiler away from the thread that answers requests: setting 40 pages takes it hundreds of milliseconds.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

/**
 * The compiler also sees the fonts of the machine, and an installed face of the same family could take the place of
 * ours. So ours are known to it by families that no machine has: the family names are overwritten in memory.
 */
function underOurName({ file, family }) {
  const font = readFileSync(file);
  for (let n = 0; n < font.readUInt16BE(4); n++) {
    if (font.toString('latin1', 12 + 16 * n, 16 + 16 * n) !== 'name') continue;
    const table = font.subarray(font.readUInt32BE(20 + 16 * n));
    const strings = table.readUInt16BE(4);
    for (let at = 6; at < 6 + 12 * table.readUInt16BE(2); at += 12) {
      if (![1, 16, 21].includes(table.readUInt16BE(at + 6))) continue;
      const wide = table.readUInt16BE(at) !== 1;
      const name = wide ? Buffer.from(family, 'utf16le').swap16() : Buffer.from(family, 'latin1');
      if (name.length > table.readUInt16BE(at + 8)) throw new Error(`No room for the family name in ${file}`);
      name.copy(table, strings + table.readUInt16BE(at + 10));
      table.writeUInt16BE(name.length, at + 8);
    }
  }
  return font;
}

const compiler = NodeCompiler.create({
  workspace: workerData.workspace,
  fontArgs: [{ fontBlobs: workerData.fonts.map(underOurName) }],
});

parentPort.on('message', ({ id, template, data, createdAt }) => {
  try {
    // The template is ours; everything typed by people comes in as one JSON string and is never part of the source.
    const compiled = compiler.compile({ mainFileContent: template, inputs: { data } });
    if (!compiled.result)
      throw new Error(JSON.stringify(compiled.takeDiagnostics()?.shortDiagnostics ?? 'no document'));
    const pages = compiled.result.numOfPages;
    const pdf = compiler.pdf(compiled.result, { pdfStandard: 'a-2b', creationTimestamp: createdAt });
    compiler.evictCache(10);
    parentPort.postMessage({ id, pages, pdf: new Uint8Array(pdf) });
  } catch (error) {
    parentPort.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
