import { developmentTexts, conferenceTexts, humanLabels } from './testing/texts.ts';
import { labelsOf, scoreOf, type Pair } from './testing/labels.ts';
import { readResolutions } from './service.ts';
import { toAkomaNtoso } from './rules/akn/export.ts';
import { readAkomaNtoso } from './rules/akn/read.ts';
import type { BenchRow } from '../treaties/index.ts';

const area = 'mandates';
const silent = () => ({ read: () => [], readNote: () => [] });

/** A resolution of our own, as long as told. */
function invented(paragraphs: number): string {
  const asks = Array.from({ length: paragraphs }, (_one, n) => `${String(n + 1)}. *Requests* the Secretariat, within existing resources, to report on invented matter ${String(n + 1)} to the Commission at its thirtieth session, ${'in accordance with the rules of the invented matter and all that belongs to it, '.repeat(3)}and urges States to act upon it;`);
  return `## Resolution 9/1\n\nOn invented matters\n\n*The Commission on Crime Prevention and Criminal Justice,*\n\n*Recalling* General Assembly resolution 55/25,\n\n${asks.join('\n\n')}`;
} // prettier-ignore

const rounds = 5;

function median(work: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
}

/** Middle 95 of 100 scores of sets drawn again from the same set: how far a set of this size can be trusted. */
function interval(pairs: readonly Pair[]): [number, number] {
  let state = 20131;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % pairs.length;
  const scores = Array.from({ length: 400 }, () => scoreOf(pairs.map(() => pairs[next()]!)).macro).sort((a, b) => a - b); // prettier-ignore
  return [scores[10]!, scores[389]!];
}

/** Parts of a text told apart without any of this: a paragraph is operative when it begins with a number. */
function byNumber(texts: ReturnType<typeof conferenceTexts>, human: ReadonlyMap<string, string>): Pair[] {
  return texts.flatMap(({ id, paragraphs }) =>
    paragraphs.flatMap(({ n, fr }): Pair[] => {
      const said = human.get(`${id} ${String(n)}`);
      const found = /^\d/.test(fr.trim()) ? 'operative' : 'preambular';
      return said === undefined ? [] : [[said as Pair[0], found]];
    }),
  );
}

function conferenceRows(): BenchRow[] {
  const texts = conferenceTexts();
  if (texts.length === 0) return [];
  const labels = humanLabels();
  const { human, model } = labelsOf(texts, labels, (text) => readResolutions(text, { citer: silent }));
  const said = scoreOf(human);
  const [low, high] = interval(human);
  const plain = scoreOf(byNumber(texts, labels));
  const three = (value: number) => value.toFixed(3);
  return [
    {
      area,
      name: `preambular and operative, ${String(human.length)} labels of people, macro F1`,
      figure: `${three(said.macro)} [${three(low)}, ${three(high)}]; ${three(said.preambular)}, ${three(said.operative)}`,
      goal: '≥ 0.95',
      peer: `a number makes it operative: ${three(plain.macro)}`,
      met: said.macro >= 0.95,
    },
    {
      area,
      name: `the same, ${String(model.length)} labels of a model`,
      figure: three(scoreOf(model).macro),
      goal: '≥ 0.95',
      met: scoreOf(model).macro >= 0.95,
    },
  ];
}

/** Measures the parser: time, memory, and the labels of the education conference where its texts are at hand. */
export async function mandatesBench(): Promise<BenchRow[]> {
  const short = invented(20);
  const long = invented(1200);
  readResolutions(short);
  const first = median(() => void readResolutions(short));
  const before = process.memoryUsage().rss;
  const second = median(() => void readResolutions(long));
  const grown = (process.memoryUsage().rss - before) / 1_048_576;
  const real = developmentTexts().slice(0, 60);
  const start = performance.now();
  const read = real.flatMap(({ text }) => readResolutions(text));
  const seconds = (performance.now() - start) / 1000;
  const [one] = readResolutions(short);
  const there = median(() => void readAkomaNtoso(toAkomaNtoso(one!)));
  const row = (name: string, figure: string, goal: string, met: boolean): BenchRow => ({ area, name, figure, goal, met }); // prettier-ignore
  return [
    row('20 paragraphs, citations too', `${first.toFixed(1)} ms`, '< 100 ms', first < 100),
    row(`200 pages (${(long.length / 1000).toFixed(0)} kB, 1,200 paragraphs)`, `${(second / 1000).toFixed(2)} s, ${grown.toFixed(0)} MB`, '< 3 s', second < 3000), // prettier-ignore
    row('20 paragraphs to Akoma Ntoso and back', `${there.toFixed(1)} ms`, '< 300 ms', there < 300),
    ...(read.length > 0 ? [row('real resolutions, citations too', `${(read.length / seconds).toFixed(1)} a second`, '≥ 5', read.length / seconds >= 5)] : []), // prettier-ignore
    ...conferenceRows(),
  ];
}
