import { Invalid } from '../../platform/errors.ts';
import { createCiter } from './citing.ts';
import { parseResolutions, type ParseSetting } from './rules/parse/index.ts';
import type { Resolution } from './schema.ts';
import { readSource, type Source } from './readers/index.ts';
import { tables } from './tables.ts';

export type ReadSetting = Partial<Omit<ParseSetting, 'tables'>>;

/**
 * Reads the resolutions of a text with the shipped tables of verbs, actors and bodies.
 * @throws Invalid `mandates.unreadable`, `mandates.not-a-resolution`, `mandates.too-large`
 */
export function readResolutions(input: string, setting: ReadSetting = {}): Resolution[] {
  const read = parseResolutions(input, { citer: createCiter, ...setting, tables: tables() });
  if (!read.ok) throw new Invalid(read.error.code, { problems: [read.error], params: read.error.params ?? {} });
  return read.value;
}

/** The first resolution of a text. */
export function readResolution(input: string, setting: ReadSetting = {}): Resolution {
  return readResolutions(input, setting)[0]!;
}

/**
 * Reads a file of any known format and the resolutions in it. Those that were read before, as Akoma Ntoso or JSON of ours, come as
 * they are.
 * @throws Invalid `mandates.unreadable`, `mandates.not-a-resolution`, `mandates.too-large`
 */
export async function readFile(
  bytes: Uint8Array,
  setting: ReadSetting = {},
): Promise<{ source: Source; resolutions: Resolution[] }> {
  const source = await readSource(bytes);
  if (!source.ok) throw new Invalid(source.error.code, { problems: [source.error], params: source.error.params ?? {} });
  const { text, sha256, resolutions } = source.value;
  return { source: source.value, resolutions: resolutions ?? readResolutions(text, { ...setting, sha256 }) };
}
