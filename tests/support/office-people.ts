import {
  addSampleOffice,
  addSamplePerson,
  createDemoLink,
  type Actor,
  type Context,
  type Role,
} from '../../src/modules/identity/index.ts';
import { contextFor } from '../../src/app/node.ts';
import { createClient, type Client } from './client.ts';
import type { TestNode } from './node.ts';

export interface TestPerson {
  id: string;
  officeId: string;
  roles: readonly Role[];
  /** Signed in at the node. */
  client: Client;
  /** The same person without a browser, for arranging things. */
  ctx: Context;
}

const builder: Actor = { kind: 'system', id: 'tests' };

export function addTestOffice(alba: TestNode, name: string): Promise<string> {
  const ctx = contextFor(alba.node, builder, 'en');
  return ctx.transaction((tx) => addSampleOffice(tx, ctx, { name: { en: name }, authority: null }));
}

/** An invented person with roles in an office, signed in by a one-time link. */
export async function addTestPerson(
  alba: TestNode,
  given: { signInName: string; officeId: string; roles: readonly Role[] },
): Promise<TestPerson> {
  const { signInName, officeId, roles } = given;
  const builderCtx = contextFor(alba.node, builder, 'en');
  const name = `Person ${signInName}`;
  const id = await builderCtx.transaction((tx) =>
    addSamplePerson(tx, builderCtx, { name, signInName, officeId, roles }),
  );
  const client = createClient(alba.running);
  await enterAs(alba, id, client);
  const ctx = contextFor(alba.node, { kind: 'person', id, name, officeId, authority: null, roles }, 'en');
  return { id, officeId, roles, client, ctx };
}

/** Makes a one-time sign-in link of a person, `/enter/…`. */
export function demoLink(alba: TestNode, personId: string): Promise<string> {
  const ctx = contextFor(alba.node, builder, 'en');
  return ctx.transaction((tx) => createDemoLink(tx, ctx, personId));
}

/** Signs a sample person in once more, with a link of its own. */
export async function enterAs(alba: TestNode, personId: string, client: Client): Promise<void> {
  await client.enter(await demoLink(alba, personId));
}
