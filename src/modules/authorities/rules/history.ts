import { isUnknown, type Instant, type PlainDate, type Unknown } from '../../../platform/values/index.ts';

/** What history needs to know of a version, whatever it is a version of. */
export interface Dated {
  version: number;
  validFrom: PlainDate | Unknown;
  until: PlainDate | null;
  recordedAt: Instant;
}

function startsBy(version: Dated, on: PlainDate): boolean {
  return isUnknown(version.validFrom) || version.validFrom <= on;
}

/**
 * The version in force on `validOn`, as known at `knownAt`. A version speaks for everything from its start on: of
 * those recorded by then and begun by that day the newest decides, and its `until` ends the matter. To correct a
 * bounded time in the past, state the correction and then again what followed it.
 */
export function versionAt<T extends Dated>(
  versions: readonly T[],
  validOn: PlainDate,
  knownAt: Instant,
): T | undefined {
  let newest: T | undefined;
  for (const version of versions) {
    if (version.recordedAt > knownAt || !startsBy(version, validOn)) continue;
    if (!newest || version.version > newest.version) newest = version;
  }
  if (!newest || (newest.until !== null && newest.until <= validOn)) return undefined;
  return newest;
}

/** First day of which anything is known; undefined when a version's start is unknown or there is none. */
export function firstKnownDay(versions: readonly Dated[]): PlainDate | undefined {
  let first: PlainDate | undefined;
  for (const { validFrom } of versions) {
    if (isUnknown(validFrom)) return undefined;
    if (first === undefined || validFrom < first) first = validFrom;
  }
  return first;
}
