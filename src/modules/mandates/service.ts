import { Invalid } from '../../platform/errors.ts';
import { parseResolution, type ParseSetting } from './rules/parse/index.ts';
import type { Resolution } from './schema.ts';
import { tables } from './tables.ts';

/**
 * Reads a resolution with the shipped tables of verbs, actors and bodies.
 * @throws Invalid `mandates.unreadable`, `mandates.too-large`
 */
export function readResolution(input: string, setting: Omit<ParseSetting, 'tables'>): Resolution {
  const read = parseResolution(input, { ...setting, tables: tables() });
  if (!read.ok) throw new Invalid(read.error.code, { problems: [read.error], params: read.error.params ?? {} });
  return read.value;
}
