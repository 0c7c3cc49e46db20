import { performance } from 'node:perf_hooks';
import { hashOf, instant, plainDate, type StateCode } from '../../platform/values/index.ts';
import { choose, directoryOf, profileFor, versionAt, type ChooserFacts } from './rules/index.ts';
import { readSamples } from './service/index.ts';
import { toLayer, type Entry, type EntryVersion, type Profile, type Question } from './schema/index.ts';

export interface BenchRow {
  area: string;
  name: string;
  figure: string;
  goal: string;
  peer?: string;
  ratio?: string;
  met: boolean;
}

const today = plainDate('2026-05-14');
const at = instant('2026-05-14T06:12:00.000Z');
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** 200 States of 40 entries each, made of the sample offices. */
function manyEntries(): EntryVersion[] {
  const samples = readSamples(today, ['borea']).flatMap((one) =>
    one.kind === 'authority-entry' ? [toLayer(one.body as Entry, 'P')] : [],
  );
  const versions: EntryVersion[] = [];
  for (let state = 0; state < 200; state += 1) {
    const code = `Q${letters[Math.floor(state / 26)]}${letters[state % 26]}` as StateCode;
    for (let index = 0; index < 40; index += 1) {
      const model = samples[index % samples.length]!;
      const role = index < samples.length ? model.role : 'executing';
      const entry: Entry = { ...model, id: `${code}:office-${index}` as Entry['id'], state: code, role };
      versions.push({ entry, version: 1, hash: hashOf({ code, index }), recordedAt: at, op: 'put' });
    }
  }
  return versions;
}

function quantile(times: number[], part: number): number {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
}

function timed(rounds: number, work: (round: number) => void): number[] {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    work(round);
    times.push(performance.now() - start);
  }
  return times;
}

/** Choosing among 200 States of 40 entries, beside a scan over all of them. */
export async function authoritiesBench(): Promise<BenchRow[]> {
  const versions = manyEntries();
  const states = [...new Set(versions.map((one) => one.entry.state))];
  const profile = readSamples(today, ['borea']).find((one) => one.kind === 'requirement-profile')!.body as Profile;
  const profileOnDay = profileFor(
    { state: profile.state, territory: null, on: today },
    { profile, version: 1, hash: hashOf(profile) },
  );
  const question = (round: number): Question => ({
    state: states[(round * 7) % states.length]!,
    function: 'confiscation',
    measure: 'freezing',
    instrument: 'XVIII-12',
    territory: null,
    on: today,
    urgent: true,
    languages: ['en'],
  });
  const facts = (entries: readonly EntryVersion[]): ChooserFacts => ({
    entries,
    profile: profileOnDay,
    calendarOf: () => undefined,
    pingOf: () => undefined,
    at,
    today,
  });
  const startIndex = performance.now();
  const directory = directoryOf(versions);
  const indexed = performance.now() - startIndex;
  const ours = (round: number) => choose(question(round), facts(directory.entriesOn(question(round).state, today, at)));
  const scan = (round: number) => {
    const asked = question(round);
    const entries = versions.filter(
      (one) =>
        one.entry.state === asked.state &&
        versionAt(
          [{ version: 1, validFrom: one.entry.validFrom, until: one.entry.until, recordedAt: one.recordedAt }],
          today,
          at,
        ),
    );
    return choose(asked, facts(entries));
  };
  timed(200, ours);
  timed(50, scan);
  const [mine, naive] = [timed(2000, ours), timed(400, scan)];
  const [p95, peer] = [quantile(mine, 0.95), quantile(naive, 0.95)];
  return [
    {
      area: 'authorities',
      name: 'choose a desk among 200 States of 40 entries, p95',
      figure: `${p95.toFixed(3)} ms`,
      goal: '< 5 ms',
      peer: `linear scan ${peer.toFixed(3)} ms`,
      ratio: `${(peer / p95).toFixed(1)} times as fast`,
      met: p95 < 5,
    },
    {
      area: 'authorities',
      name: 'index 8,000 entries',
      figure: `${indexed.toFixed(0)} ms`,
      goal: '< 500 ms',
      met: indexed < 500,
    },
  ];
}
