// Runs the typst compiler away from the thread that answers requests: setting 40 pages takes it hundreds of milliseconds.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';

const compiler = NodeCompiler.create({
  workspace: workerData.workspace,
  fontArgs: [{ fontBlobs: workerData.fonts.map((file) => readFileSync(file)) }],
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
