import { performance } from 'node:perf_hooks';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../platform/paths.ts';
import { PlainDate } from '../../platform/values/index.ts';
import { loadDefinitions } from './definitions.ts';
import { checkRequest } from './rules/index.ts';
import { contentHash, readDraft, RequestFacts, type DraftRequest } from './schema/index.ts';

export interface BenchRow {
  area: string;
  name: string;
  figure: string;
  goal: string;
  peer?: string;
  ratio?: string;
  met: boolean;
}

function sample(): { draft: DraftRequest; facts: RequestFacts; on: PlainDate } {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(join(packageRoot, 'data/samples/requests', name), 'utf8'));
  const draft = readDraft(read('freeze-and-records.json'));
  if (!draft.ok) throw new Error('The sample request has not the shape of a request');
  const { on, ...facts } = read('freeze-and-records.facts.json') as { on: string };
  return { draft: draft.value, facts: RequestFacts.parse(facts), on: PlainDate.parse(on) };
}

/** The sample blown up to 50 persons, 20 offences and 30 annexes. */
export function largeSample(): { draft: DraftRequest; facts: RequestFacts; on: PlainDate } {
  const { draft, facts, on } = sample();
  const many = <T>(list: readonly T[] | undefined, n: number): T[] =>
    Array.from({ length: n }, (_, index) => (list ?? [])[index % (list?.length ?? 1)]!);
  const persons = many(
    draft.persons?.filter((one) => !('unknown' in (one.names ?? {}))),
    50,
  ).map((one, n) => ({ ...one, id: `p${n + 1}` }));
  const offences = many(draft.offences, 20).map((one, n) => ({ ...one, id: `o${n + 1}` }));
  const annexes = many(draft.annexes, 30).map((one, n) => ({ ...one, n: n + 1 }));
  const annexHashes = Object.fromEntries(annexes.flatMap((one) => (one.sha256 ? [[String(one.n), one.sha256]] : [])));
  return { draft: { ...draft, persons, offences, annexes }, facts: { ...facts, annexHashes }, on };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Each round gets a fresh object, so that nothing remembered from the last one helps. */
function timed<T extends object>(rounds: number, given: T, work: (one: T) => unknown): number {
  const one = () => structuredClone(given);
  work(one());
  return median(
    Array.from({ length: rounds }, () => {
      const fresh = one();
      const start = performance.now();
      work(fresh);
      return performance.now() - start;
    }),
  );
}

/** Figures of the module beside their goals; in process, median of 30 runs. */
export async function requestsBench(): Promise<BenchRow[]> {
  const definitions = loadDefinitions();
  const { draft, facts, on } = largeSample();
  const check = timed(30, draft, (one) => checkRequest(definitions, one, facts, on));
  const hash = timed(30, draft, (one) => contentHash(one));
  const row = (name: string, millis: number, goal: number): BenchRow => ({
    area: 'requests',
    name,
    figure: `${millis.toFixed(1)} ms`,
    goal: `< ${goal} ms`,
    met: millis < goal,
  });
  return [row('check: 50 persons, 20 offences, 30 annexes', check, 20), row('content hash of the same', hash, 20)];
}
