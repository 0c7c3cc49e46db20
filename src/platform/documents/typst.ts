import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../paths.ts';
import type { Instant } from '../values/index.ts';
import { fontFiles } from './fonts.ts';

export interface PdfJob {
  /** Typst source of our own; it reads `json(bytes(sys.inputs.data))`. Nothing typed by people is ever spliced in. */
  template: string;
  /** What the template prints, written as JSON. */
  data: unknown;
  /** Moment written into the file as its creation; two renderings with the same one have the same bytes. */
  createdAt: Instant;
}

export interface Pdf {
  bytes: Uint8Array;
  pages: number;
}

interface Answer {
  id: number;
  pages?: number;
  pdf?: Uint8Array;
  error?: string;
}

interface Waiting {
  resolve: (pdf: Pdf) => void;
  reject: (error: Error) => void;
}

const folder = join(packageRoot, 'src', 'platform', 'documents');
const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let last = 0;

function failAll(error: Error): void {
  worker = undefined;
  for (const { reject } of waiting.values()) reject(error);
  waiting.clear();
}

function settle(answer: Answer): void {
  const job = waiting.get(answer.id);
  waiting.delete(answer.id);
  if (waiting.size === 0) worker?.unref();
  if (answer.pdf) job?.resolve({ bytes: answer.pdf, pages: answer.pages ?? 0 });
  else job?.reject(new Error(`The document was not set: ${answer.error ?? 'no reason given'}`));
}

function startWorker(): Worker {
  const started = new Worker(join(folder, 'typst-worker.mjs'), {
    workerData: { workspace: folder, fonts: fontFiles() },
  });
  started.on('message', settle);
  started.on('error', failAll);
  started.on('exit', (code) => {
    if (worker === started) failAll(new Error(`The typesetter stopped with code ${code}`));
  });
  return started;
}

/**
 * Sets a document as PDF/A-2b with embedded fonts, in a thread of its own, one job after the other.
 * Same job, same bytes. Throws when the template is wrong or a character has no glyph (see `toPrintableText`).
 */
export function renderPdf(job: PdfJob): Promise<Pdf> {
  worker ??= startWorker();
  worker.ref();
  const id = ++last;
  const { promise, resolve, reject } = withResolvers();
  waiting.set(id, { resolve, reject });
  const createdAt = Math.floor(Date.parse(job.createdAt) / 1000);
  worker.postMessage({ id, template: job.template, data: JSON.stringify(job.data), createdAt });
  return promise;
}

// Promise.withResolvers is not in Node 20.
function withResolvers(): Waiting & { promise: Promise<Pdf> } {
  let parts: Waiting | undefined;
  const promise = new Promise<Pdf>((resolve, reject) => (parts = { resolve, reject }));
  if (!parts) throw new Error('A promise runs its executor at once');
  return { promise, ...(parts as Waiting) };
}
