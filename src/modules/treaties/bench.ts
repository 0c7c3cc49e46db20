export interface BenchRow {
  area: string;
  name: string;
  figure: string;
  goal: string;
  peer?: string;
  ratio?: string;
  met: boolean;
}
export async function treatiesBench(): Promise<BenchRow[]> {
  return [];
}
