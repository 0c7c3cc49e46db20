import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Tx } from '../../../platform/db/index.ts';
import { packageRoot } from '../../../platform/paths.ts';
import { addDays, hashOf, StateCode, type PlainDate } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { nextConfirmationDue } from '../rules/index.ts';
import { blankEntry, CustodianFile, Entry, toCustodianEntry, toLayer } from '../schema/index.ts';
import { listVersions, type RecordKind } from '../store/index.ts';
import type { AuthoritiesNeeds } from './needs.ts';
import { appendChecked } from './write.ts';

const SampleFile = z.object({
  kind: z.literal('authorities.sample'),
  version: z.literal(1),
  state: StateCode,
  entries: z.array(z.object({ confirmedDaysAgo: z.int().optional() }).loose()),
  profiles: z.array(z.unknown()),
  calendars: z.array(z.unknown()),
});

export const sampleNames = ['alba', 'borea', 'cordia', 'delmar'] as const;

/** Reads an entry written shortly: what is left out is `not-coded`, and the last confirmation counts back from today. */
function fullEntry(short: Record<string, unknown> & { confirmedDaysAgo?: number }, today: PlainDate): Entry {
  const { confirmedDaysAgo, ...said } = short;
  const confirmedOn = confirmedDaysAgo === undefined ? undefined : addDays(today, -confirmedDaysAgo);
  return Entry.parse({
    ...blankEntry,
    ...(confirmedOn && { confirmedOn, nextConfirmationDue: nextConfirmationDue(confirmedOn) }),
    ...said,
  });
}

/** Entries, profiles and calendars of the invented States, as they stand on a day. */
export function readSamples(
  today: PlainDate,
  names: readonly (typeof sampleNames)[number][] = sampleNames,
): { kind: RecordKind; body: unknown }[] {
  return names.flatMap((name) => {
    const file = SampleFile.parse(
      JSON.parse(readFileSync(join(packageRoot, `data/samples/authorities/${name}.json`), 'utf8')),
    );
    return [
      ...file.calendars.map((body) => ({ kind: 'calendar' as const, body })),
      ...file.profiles.map((body) => ({ kind: 'requirement-profile' as const, body })),
      ...file.entries.map((short) => ({ kind: 'authority-entry' as const, body: fullEntry(short, today) })),
    ];
  });
}

/** Custodian entries of real States, made from facts of public acts. */
export function readCustodianEntries(): Entry[] {
  const file = CustodianFile.parse(
    JSON.parse(readFileSync(join(packageRoot, 'data/authorities/custodian.json'), 'utf8')),
  );
  return file.facts.map(toCustodianEntry);
}

async function appendNew(
  tx: Tx,
  ctx: Context,
  needs: AuthoritiesNeeds,
  kind: RecordKind,
  body: unknown,
  recordId: string,
): Promise<boolean> {
  const held = (await listVersions(tx, { kind, recordId })).at(-1);
  const hash = hashOf(kind === 'authority-entry' ? toLayer(body as Entry, 'P') : body);
  if (held?.hash === hash) return false;
  const done = await appendChecked(tx, ctx, needs, kind, body);
  if (!done.ok)
    throw new Error(`${recordId}: ${done.error.map((one) => `${one.code} at ${one.path.join('.')}`).join(', ')}`);
  return true;
}

function idOf(kind: RecordKind, body: unknown): string {
  const { id, state, territory } = body as { id?: string; state: string; territory: string | null };
  return kind === 'requirement-profile' ? (territory ? `${state}/${territory}` : state) : (id ?? '');
}

/** Loads the invented States' directories; what is there already stays. Gives the number of records written. */
export async function loadSampleDirectory(
  tx: Tx,
  ctx: Context,
  options: { needs?: AuthoritiesNeeds; names?: readonly (typeof sampleNames)[number][] } = {},
): Promise<number> {
  let written = 0;
  for (const { kind, body } of readSamples(ctx.today(), options.names)) {
    const recordId = idOf(kind, body);
    if ((await listVersions(tx, { kind, recordId })).length > 0) continue;
    if (await appendNew(tx, ctx, options.needs ?? {}, kind, body, recordId)) written += 1;
  }
  await recordAudit(tx, ctx, 'authorities.load-samples', { kind: 'directory', id: 'samples' }, { records: written });
  return written;
}

/** Loads the custodian entries; changed facts become new versions, equal ones are left. Gives the number written. */
export async function loadCustodianEntries(tx: Tx, ctx: Context, needs: AuthoritiesNeeds = {}): Promise<number> {
  let written = 0;
  for (const entry of readCustodianEntries())
    if (await appendNew(tx, ctx, needs, 'authority-entry', entry, entry.id)) written += 1;
  await recordAudit(
    tx,
    ctx,
    'authorities.load-custodian',
    { kind: 'directory', id: 'custodian' },
    { records: written },
  );
  return written;
}
