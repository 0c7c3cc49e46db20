import {
  addSampleOffice,
  addSamplePerson,
  listOffices,
  listPeople,
  type Actor,
  type Context,
} from '../modules/identity/index.ts';
import { contextFor, type Node } from './node.ts';
import { samplePeopleOf } from './sample-people.ts';

/** Who makes the sample world. */
export const builder: Actor = { kind: 'system', id: 'sample-world' };

/** People of the sample world who are on the node already, by sign-in name. */
export async function knownPeople(ctx: Context): Promise<Map<string, string>> {
  return ctx.transaction(async (tx) => {
    const rows = await tx.selectFrom('identity_people').select(['id', 'sign_in_name']).execute();
    return new Map(rows.map((row) => [row.sign_in_name, row.id]));
  });
}

/** Offices and people of the node's invented State, made once; ids by sign-in name. */
export async function addSamplePeople(node: Node): Promise<Map<string, string>> {
  const ctx = contextFor(node, builder, 'en');
  const known = await knownPeople(ctx);
  if (known.size > 0) return known;
  const world = samplePeopleOf(node.config.COMITY_STATE, node.config.COMITY_AUTHORITY);
  return ctx.transaction(async (tx) => {
    const officeIds = new Map<string, string>();
    for (const [key, office] of Object.entries(world.offices))
      officeIds.set(key, await addSampleOffice(tx, ctx, office));
    const made = new Map<string, string>();
    for (const { name, signInName, roles, office } of world.people) {
      const officeId = officeIds.get(office) ?? '';
      made.set(signInName, await addSamplePerson(tx, ctx, { name, signInName, roles, officeId }));
    }
    return made;
  });
}

/** The context of a sample person who just proved who it is: for what happened before the reader came. */
export async function actAsSample(node: Node, signInName: string): Promise<Context> {
  const now = node.clock.now();
  const world = samplePeopleOf(node.config.COMITY_STATE, node.config.COMITY_AUTHORITY);
  const sample = world.people.find((one) => one.signInName === signInName);
  const actor = await contextFor(node, builder, 'en').transaction(async (tx): Promise<Actor> => {
    const person = (await listPeople(tx, now)).find((one) => one.signInName === signInName);
    const held = person?.holdings[0];
    if (!person || !held || !sample) throw new Error(`No sample person ${signInName}`);
    const { id, name } = person;
    const office = (await listOffices(tx)).find((one) => one.id === held.officeId);
    const authority = office?.authority ?? null;
    return { kind: 'person', id, name, officeId: held.officeId, authority, roles: sample.roles, steppedUpAt: now };
  });
  return contextFor(node, actor, 'en');
}
