import { requestDocx } from './docx/index.ts';
import { requestPdf } from './pdf.ts';
import { toPrintable } from './printable/index.ts';
import { samplePrintOptions, sampleRequest } from './sample.ts';

/** One figure beside its goal and, where there is one, a peer measured in the same run. */
export interface BenchRow {
  area: string;
  name: string;
  figure: string;
  goal: string;
  peer?: string;
  ratio?: string;
  met: boolean;
}

async function p95(times: number, run: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let n = 0; n < times; n++) {
    const start = performance.now();
    await run();
    taken.push(performance.now() - start);
  }
  return taken.sort((a, b) => a - b)[Math.ceil(times * 0.95) - 1] ?? 0;
}

const factsForFortyPages = 70;

/** Sets a request of 40 pages in two languages again and again, beside the same request as a Word file. */
export async function documentsBench(): Promise<BenchRow[]> {
  const options = samplePrintOptions(['en', 'ar']);
  let round = 0;
  // Every run has another text, so that nothing set before is taken from the typesetter's memory as a whole.
  const next = () => {
    const request = sampleRequest(factsForFortyPages);
    const { contentHash: _hash, ...changed } = { ...request, requestVersion: ++round };
    return toPrintable(changed, options);
  };
  const { pages } = await requestPdf(next());
  const pdf = await p95(20, async () => requestPdf(next()));
  const docx = await p95(5, async () => requestDocx(next()));
  const ms = (value: number) => `${Math.round(value)} ms`;
  return [
    {
      area: 'requests',
      name: `PDF of ${pages} pages in English and Arabic, p95 of 20`,
      figure: ms(pdf),
      goal: '40 pages or more < 3 s',
      peer: `the same request as DOCX, ${ms(docx)}`,
      ratio: `${(docx / pdf).toFixed(1)} times as fast`,
      met: pages >= 40 && pdf < 3000,
    },
  ];
}
