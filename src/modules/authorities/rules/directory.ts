import type { Instant, PlainDate, StateCode } from '../../../platform/values/index.ts';
import type { EntryVersion } from '../schema/choice.ts';
import { versionAt, type Dated } from './history.ts';

/** Versions of many States, indexed so that one State's entries on a day are found without a walk over all. */
export interface Directory {
  entriesOn(state: StateCode, on: PlainDate, knownAt: Instant): EntryVersion[];
}

type Version = Dated & { entry: EntryVersion };

/** Builds the index over versions in the public layer. */
export function directoryOf(versions: readonly EntryVersion[]): Directory {
  const byState = new Map<string, Map<string, Version[]>>();
  for (const one of versions) {
    const { state, id, validFrom, until } = one.entry;
    const records = byState.get(state) ?? new Map<string, Version[]>();
    byState.set(state, records);
    const list = records.get(id) ?? [];
    records.set(id, list);
    list.push({ version: one.version, validFrom, until, recordedAt: one.recordedAt, entry: one });
  }
  return {
    entriesOn: (state, on, knownAt) =>
      [...(byState.get(state)?.values() ?? [])].flatMap((list) => versionAt(list, on, knownAt)?.entry ?? []),
  };
}
