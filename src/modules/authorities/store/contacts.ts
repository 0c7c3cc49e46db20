import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { Entry, type Contacts } from '../schema/index.ts';

export async function insertContacts(tx: Tx, recordId: string, version: number, contacts: Contacts): Promise<void> {
  await tx
    .insertInto('directory_contacts')
    .values({ record_id: recordId, version, body: JSON.stringify(contacts), erased_at: null })
    .execute();
}

const ContactFields = Entry.pick({ emails: true, phones: true, fax: true, urgentPhone: true, contactPersons: true });

/** Restricted fields of a version; undefined when never told here or erased. */
export async function findContacts(tx: Tx, recordId: string, version: number): Promise<Contacts | undefined> {
  const row = await tx
    .selectFrom('directory_contacts')
    .select('body')
    .where('record_id', '=', recordId)
    .where('version', '=', version)
    .executeTakeFirst();
  if (!row?.body) return undefined;
  return ContactFields.parse(row.body);
}

/** Erases restricted fields of versions that were replaced before a moment. Gives the number erased. */
export async function eraseContactsReplacedBefore(tx: Tx, before: Instant, at: Instant): Promise<number> {
  const done = await tx
    .updateTable('directory_contacts as c')
    .set({ body: null, erased_at: at })
    .where('c.erased_at', 'is', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('directory_versions as v')
          .select('v.version')
          .whereRef('v.record_id', '=', 'c.record_id')
          .where('v.kind', '=', 'authority-entry')
          .whereRef('v.version', '>', 'c.version')
          .where('v.recorded_at', '<', before),
      ),
    )
    .executeTakeFirst();
  return Number(done.numUpdatedRows);
}

export async function insertNotes(tx: Tx, recordId: string, version: number, notes: string): Promise<void> {
  await tx.insertInto('directory_notes').values({ record_id: recordId, version, notes }).execute();
}

export async function findNotes(tx: Tx, recordId: string, version: number): Promise<string> {
  const row = await tx
    .selectFrom('directory_notes')
    .select('notes')
    .where('record_id', '=', recordId)
    .where('version', '=', version)
    .executeTakeFirst();
  return row?.notes ?? '';
}
