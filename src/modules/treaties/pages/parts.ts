import { NotFound } from '../../../platform/errors.ts';
import type { PageCall } from '../../../platform/http/routes.ts';
import { addYears, problem, type PlainDate, type Problem } from '../../../platform/values/index.ts';
import { readDate, type View } from '../../../web/index.ts';
import type { Context } from '../../identity/index.ts';
import type { LiveFacts } from '../live.ts';
import { parseInstrument, type TreatyFacts } from '../rules/index.ts';
import type { InstrumentId } from '../schema/index.ts';
import type { Treaties } from '../service.ts';
import type { InstalledText } from './instrument/articles.tsx';
import type { DeclarationText } from './readings.tsx';

/** What the pages read. `declarations` looks up wording in the installed packs. */
export interface LawParts {
  treaties: Treaties;
  declarations(ctx: Context): Promise<(instrument: string, state: string) => DeclarationText | undefined>;
  /** Treaty texts of the installed packs, by id of the text. */
  texts(ctx: Context): Promise<(textId: string) => InstalledText | undefined>;
  /** The node's own data: what imports, bundles and confirmations change. */
  live: LiveFacts;
  /** Names of people, for "brought by". */
  namesOf(ctx: Context, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export type Call = PageCall<Context, View>;

export function dayOf(
  view: View,
  text: string | undefined,
  today: PlainDate,
  name: string,
): { day: PlainDate; typed: string; problems: Problem[] } {
  if (text === undefined || text.trim() === '') return { day: today, typed: view.formats.day(today), problems: [] };
  const read = readDate(text);
  const field = view.t(name === 'on' ? 'law.on' : 'law.offence-date');
  const refused = (code: string, params: Record<string, string>) => ({
    day: today,
    typed: text,
    problems: [problem(code, [name], { params: { field, typed: text, given: text, ...params } })],
  });
  if (read.kind === 'ambiguous') {
    return refused('web.ambiguous-date', {
      first: view.formats.day(read.first),
      second: view.formats.day(read.second),
    });
  }
  if (read.kind !== 'day') return refused('web.bad-date', {});
  const last = addYears(today, 5);
  if (read.day < '1945-01-01' || read.day > last) return refused('treaties.bad-date', { last: view.formats.day(last) });
  return { day: read.day, typed: view.formats.day(read.day), problems: [] };
}

export function instrumentOr404(facts: TreatyFacts, text: string): InstrumentId {
  const found = parseInstrument(facts, text);
  if (!found.ok)
    throw new NotFound('treaties.unknown-instrument', { params: found.error[0]?.params ?? {}, problems: found.error });
  return found.value;
}
