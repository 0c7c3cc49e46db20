import './tables.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { NotFound } from '../../../platform/errors.ts';
import { comparisonKey, type Instant } from '../../../platform/values/index.ts';
import { roles as allRoles, type Role } from '../policy.ts';
import type { Holding, Office, Person, Preferences, Proposal } from '../schema.ts';
import { isId } from './ids.ts';

/** How sign-in names compare: NFC, lower case, single spaces. */
export function signInKey(name: string): string {
  return comparisonKey(name.normalize('NFKC'));
}

export interface NewPerson {
  id: string;
  name: string;
  signInName: string;
  email: string | null;
  at: Instant;
}

export async function insertPerson(tx: Tx, person: NewPerson): Promise<void> {
  await tx
    .insertInto('identity_people')
    .values({
      id: person.id,
      name: person.name,
      sign_in_name: person.signInName,
      sign_in_key: signInKey(person.signInName),
      email: person.email,
      status: 'invited',
      created_at: person.at,
    })
    .execute();
}

export interface PersonRow {
  id: string;
  name: string;
  signInName: string;
  email: string | null;
  status: 'invited' | 'active' | 'suspended';
  preferences: Preferences;
}

const personColumns = ['id', 'name', 'sign_in_name', 'email', 'status', 'locale', 'theme', 'density'] as const;

function toPerson(row: {
  id: string;
  name: string;
  sign_in_name: string;
  email: string | null;
  status: 'invited' | 'active' | 'suspended';
  locale: string;
  theme: 'system' | 'light' | 'dark';
  density: 'comfortable' | 'compact';
}): PersonRow {
  const { id, name, email, status, theme, density } = row;
  return {
    id,
    name,
    signInName: row.sign_in_name,
    email,
    status,
    preferences: { locale: row.locale === 'ar' ? 'ar' : 'en', theme, density },
  };
}

export async function findPerson(tx: Tx, id: string): Promise<PersonRow | undefined> {
  if (!isId(id)) return undefined;
  const row = await tx.selectFrom('identity_people').select(personColumns).where('id', '=', id).executeTakeFirst();
  return row && toPerson(row);
}

export async function getPerson(tx: Tx, id: string): Promise<PersonRow> {
  const person = await findPerson(tx, id);
  if (!person) throw new NotFound('identity.not-found');
  return person;
}

export async function findPersonBySignInName(tx: Tx, name: string): Promise<PersonRow | undefined> {
  const row = await tx
    .selectFrom('identity_people')
    .select(personColumns)
    .where('sign_in_key', '=', signInKey(name))
    .executeTakeFirst();
  return row && toPerson(row);
}

export async function isAnybodyThere(tx: Tx): Promise<boolean> {
  return (await tx.selectFrom('identity_people').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Names of people by id, for lists that show who did what. */
export async function personNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  ids = ids.filter(isId);
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('identity_people')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}

export async function setPersonStatus(tx: Tx, id: string, status: 'active' | 'suspended'): Promise<void> {
  await tx
    .updateTable('identity_people')
    .set((eb) => ({ status, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

export async function setPreferences(tx: Tx, id: string, preferences: Preferences): Promise<void> {
  await tx.updateTable('identity_people').set(preferences).where('id', '=', id).execute();
}

export async function insertOffice(tx: Tx, office: Office): Promise<void> {
  await tx
    .insertInto('identity_offices')
    .values({ id: office.id, name: JSON.stringify(office.name), authority: office.authority })
    .execute();
}

export async function findOffice(tx: Tx, id: string): Promise<Office | undefined> {
  if (!isId(id)) return undefined;
  return tx
    .selectFrom('identity_offices')
    .select(['id', 'name', 'authority'])
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .executeTakeFirst();
}

export async function listOffices(tx: Tx): Promise<Office[]> {
  return tx
    .selectFrom('identity_offices')
    .select(['id', 'name', 'authority'])
    .where('closed_at', 'is', null)
    .orderBy('id')
    .execute();
}

export async function insertHolding(
  tx: Tx,
  holding: {
    id: string;
    personId: string;
    officeId: string;
    role: Role;
    from: Instant;
    until: Instant | null;
    grantedBy: string;
    confirmedBy: string | null;
  },
): Promise<void> {
  await tx
    .insertInto('identity_holdings')
    .values({
      id: holding.id,
      person_id: holding.personId,
      office_id: holding.officeId,
      role: holding.role,
      held_from: holding.from,
      held_until: holding.until,
      granted_by: holding.grantedBy,
      confirmed_by: holding.confirmedBy,
    })
    .execute();
}

/** Ends a role now. False when it was not held. */
export async function endHolding(
  tx: Tx,
  personId: string,
  officeId: string,
  role: string,
  at: Instant,
): Promise<boolean> {
  if (!isId(personId) || !isId(officeId)) return false;
  const ended = await tx
    .updateTable('identity_holdings')
    .set({ held_until: at })
    .where('person_id', '=', personId)
    .where('office_id', '=', officeId)
    .where('role', '=', role)
    .where((eb) => eb.or([eb('held_until', 'is', null), eb('held_until', '>', at)]))
    .returning('id')
    .execute();
  return ended.length > 0;
}

/** Roles held by a person at a moment, by office, oldest office first. */
export async function listRolesHeld(
  tx: Tx,
  personId: string,
  at: Instant,
): Promise<{ officeId: string; roles: Role[] }[]> {
  const rows = await tx
    .selectFrom('identity_holdings as h')
    .innerJoin('identity_offices as o', 'o.id', 'h.office_id')
    .select(['h.office_id', 'h.role'])
    .where('h.person_id', '=', personId)
    .where('h.held_from', '<=', at)
    .where((eb) => eb.or([eb('h.held_until', 'is', null), eb('h.held_until', '>', at)]))
    .where('o.closed_at', 'is', null)
    .orderBy('h.held_from')
    .orderBy('h.id')
    .execute();
  const byOffice = new Map<string, Role[]>();
  for (const row of rows) {
    const role = allRoles.find((known) => known === row.role);
    if (!role) continue;
    const held = byOffice.get(row.office_id) ?? [];
    if (!held.includes(role)) held.push(role);
    byOffice.set(row.office_id, held);
  }
  return [...byOffice].map(([officeId, roles]) => ({ officeId, roles }));
}

/** Everyone with what they hold now or later, by name. */
export async function listPeople(tx: Tx, at: Instant): Promise<Person[]> {
  const people = await tx
    .selectFrom('identity_people')
    .select(['id', 'name', 'sign_in_name', 'email', 'status'])
    .orderBy('name')
    .orderBy('id')
    .execute();
  const holdings = await tx
    .selectFrom('identity_holdings')
    .selectAll()
    .where((eb) => eb.or([eb('held_until', 'is', null), eb('held_until', '>', at)]))
    .orderBy('held_from')
    .execute();
  return people.map(({ sign_in_name, ...person }) => ({
    ...person,
    signInName: sign_in_name,
    holdings: holdings
      .filter((row) => row.person_id === person.id)
      .map((row): Holding => ({
        id: row.id,
        officeId: row.office_id,
        role: row.role,
        from: row.held_from,
        until: row.held_until,
      })),
  }));
}

export async function insertProposal(tx: Tx, proposal: Proposal & { until: Instant | null }): Promise<void> {
  await tx
    .insertInto('identity_proposals')
    .values({
      id: proposal.id,
      kind: proposal.kind,
      person_id: proposal.personId,
      office_id: proposal.officeId,
      role: proposal.role,
      held_until: proposal.until,
      proposed_by: proposal.proposedBy,
      proposed_at: proposal.proposedAt,
    })
    .execute();
}

export async function listOpenProposals(tx: Tx, since: Instant): Promise<Proposal[]> {
  const rows = await tx
    .selectFrom('identity_proposals')
    .selectAll()
    .where('decision', 'is', null)
    .where('proposed_at', '>', since)
    .orderBy('proposed_at')
    .execute();
  return rows.map(toProposal);
}

function toProposal(row: {
  id: string;
  kind: 'grant-role' | 'reset-factors';
  person_id: string;
  office_id: string | null;
  role: string | null;
  proposed_by: string;
  proposed_at: Instant;
}): Proposal {
  return {
    id: row.id,
    kind: row.kind,
    personId: row.person_id,
    officeId: row.office_id,
    role: row.role,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
  };
}

/** Open proposal, locked for deciding. */
export async function lockProposal(
  tx: Tx,
  id: string,
  since: Instant,
): Promise<(Proposal & { until: Instant | null }) | undefined> {
  if (!isId(id)) return undefined;
  const row = await tx
    .selectFrom('identity_proposals')
    .selectAll()
    .where('id', '=', id)
    .where('decision', 'is', null)
    .where('proposed_at', '>', since)
    .forUpdate()
    .executeTakeFirst();
  return row && { ...toProposal(row), until: row.held_until };
}

export async function decideProposal(
  tx: Tx,
  id: string,
  by: string,
  at: Instant,
  decision: 'confirmed' | 'refused',
): Promise<void> {
  await tx
    .updateTable('identity_proposals')
    .set({ decided_by: by, decided_at: at, decision })
    .where('id', '=', id)
    .execute();
}
