import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../../../platform/paths.ts';
import { escapeMarkdown } from './html.ts';

/** A run of text on a page, in points from the lower left corner. */
export interface Run {
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
  ends: boolean;
}

type Answer = { pages: Run[][] } | { why: 'encrypted' | 'broken' | 'too-large' };
export type PdfRead = { ok: true; markdown: string } | { ok: false; why: 'encrypted' | 'broken' | 'too-large' | 'slow' | 'pictures' }; // prettier-ignore

const mostMillis = 30_000;
const mostMegabytes = 512;

function readRuns(bytes: Uint8Array): Promise<Answer | { why: 'slow' }> {
  return new Promise((resolve) => {
    const worker = new Worker(join(packageRoot, 'src', 'modules', 'mandates', 'readers', 'pdf-worker.mjs'), {
      workerData: bytes,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    });
    const limit = AbortSignal.timeout(mostMillis);
    const end = (answer: Answer | { why: 'slow' }) => {
      resolve(answer);
      void worker.terminate();
    };
    limit.addEventListener('abort', () => end({ why: 'slow' }));
    worker.on('message', (answer: Answer) => end(answer));
    worker.on('error', () => end({ why: 'too-large' }));
    worker.on('exit', () => end({ why: 'broken' }));
  });
}

interface Line {
  text: string;
  y: number;
  height: number;
  from: number;
  to: number;
}

/** Runs on one line, left to right; what is smaller and higher than its line is raised. */
function linesOf(page: readonly Run[]): Line[] {
  const lines: Run[][] = [];
  for (const run of page) {
    if (run.text.trim() === '') {
      lines.at(-1)?.push(run);
      continue;
    }
    const line = lines.at(-1);
    const last = line?.findLast((one) => one.text.trim() !== '');
    const isSame = last && Math.abs(last.y - run.y) < Math.max(last.height, run.height) * 0.6 && run.x >= last.x - 1;
    if (line && isSame) line.push(run);
    else lines.push([run]);
  }
  return lines.flatMap((runs) => {
    const shown = runs.filter((one) => one.text.trim() !== '');
    const tallest = shown.reduce<Run | undefined>((most, one) => (!most || one.height > most.height ? one : most), undefined); // prettier-ignore
    if (!tallest) return [];
    let text = '';
    let end: number | undefined;
    for (const run of runs) {
      const isRaised = run.height < tallest.height * 0.8 && run.y > tallest.y + tallest.height * 0.15;
      if (end !== undefined && run.x - end > tallest.height * 0.2 && !text.endsWith(' ')) text += ' ';
      text += isRaised && /^\s*\d{1,3}\s*$/.test(run.text) ? `<sup>${run.text.trim()}</sup>` : escapeMarkdown(run.text);
      end = run.x + run.width;
    }
    const last = shown.at(-1)!;
    return [{ text: text.trim(), y: tallest.y, height: tallest.height, from: shown[0]!.x, to: last.x + last.width }];
  });
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const begins = /^(?:\d{1,3}\.\s|\([a-z]{1,4}\)\s|<sup>|[-–•]\s)/;

/** Lines of a page as paragraphs: a wider gap, a number, or a short line that ends a sentence parts them. */
export function pageToMarkdown(page: readonly Run[]): string {
  const lines = linesOf(page);
  const gaps = lines.slice(1).map((line, n) => lines[n]!.y - line.y).filter((gap) => gap > 0); // prettier-ignore
  const usual = median(gaps);
  const size = median(lines.map((line) => line.height));
  const right = Math.max(0, ...lines.map((line) => line.to));
  let out = '';
  let inNotes = false;
  lines.forEach((line, n) => {
    const before = lines[n - 1];
    if (!before) {
      out += line.text;
      return;
    }
    const gap = before.y - line.y;
    const isNote = /^<sup>\d/.test(line.text) && line.height < size * 0.95;
    const isShort = before.to < right - size * 4;
    const isNew =
      isNote ||
      gap > usual * 1.3 ||
      gap < 0 ||
      begins.test(line.text) ||
      (isShort && /[,;.:]$/.test(before.text) && /^\p{Lu}/u.test(line.text));
    if (isNote && !inNotes) out += '\n\n---';
    inNotes = inNotes || isNote;
    out += isNew ? `\n\n${line.text}` : `\n${line.text}`;
  });
  return out;
}

/** The text layer of a PDF as Markdown. Scripts and forms inside are never run. */
export async function pdfToMarkdown(bytes: Uint8Array): Promise<PdfRead> {
  const answer = await readRuns(bytes);
  if ('why' in answer) return { ok: false, why: answer.why };
  const markdown = answer.pages.map(pageToMarkdown).join('\n\n');
  return /\p{L}{3}/u.test(markdown) ? { ok: true, markdown } : { ok: false, why: 'pictures' };
}
