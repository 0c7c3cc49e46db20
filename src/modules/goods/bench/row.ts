/** One line of the benchmark table, as every module's. */
export interface BenchRow {
  area: string;
  name: string;
  figure: string;
  goal: string;
  peer?: string;
  ratio?: string;
  met: boolean;
}

export const area = 'goods';
export const thousand = (value: number) => Math.round(value).toLocaleString('en-GB');
export const share = (value: number) => value.toFixed(3);
export const between = ([low, high]: readonly [number, number]) => `[${share(low)}, ${share(high)}]`;
export const megabytes = (bytes: number) => `${(bytes / 1_048_576).toFixed(0)} MiB`;

export type Scorer = (left: string, right: string) => number;

/** Seconds of processor time, so that other work on the machine is not measured. */
export function timed(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000_000;
}
