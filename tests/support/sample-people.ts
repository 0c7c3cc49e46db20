import type { Browser, BrowserContext } from 'playwright-core';
import { contextFor } from '../../src/app/node.ts';
import { loadSampleWorld, openCompleteSample } from '../../src/app/sample-world.ts';
import type { Actor, Context } from '../../src/modules/identity/index.ts';
import type { TestNode } from './node.ts';

export interface SampleWorld {
  /** One-time sign-in links by first name. */
  links: Map<string, string>;
  ids: Map<string, string>;
}

/** The sample world on a test node, with a link and an id per person, by first name in small letters. */
export async function sampleWorld(alba: TestNode): Promise<SampleWorld> {
  const made = await loadSampleWorld(alba.node, alba.running.live);
  const rows = await alba.database.owner.selectFrom('identity_people').select(['id', 'sign_in_name']).execute();
  return {
    links: new Map(made.map(({ person, link }) => [person.signInName, link])),
    ids: new Map(rows.map((row) => [row.sign_in_name, row.id])),
  };
}

/** A browser context signed in as a sample person. */
export async function signedIn(
  alba: TestNode,
  browser: Browser,
  world: SampleWorld,
  name: string,
  options: { scripts?: boolean; lang?: 'en' | 'ar'; width?: number } = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    javaScriptEnabled: options.scripts ?? true,
    viewport: { width: options.width ?? 1280, height: 900 },
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const link = world.links.get(name);
  if (!link) throw new Error(`No link for ${name}: each works once`);
  world.links.delete(name);
  await page.goto(`${alba.origin}${link}?lang=${options.lang ?? 'en'}`);
  await page.locator('main form button').first().click();
  await page.waitForURL(/\/(desk|profile|system|oversight)/);
  await page.close();
  return context;
}

/** The context of a sample person, for use cases called without a page. */
export async function contextOf(alba: TestNode, world: SampleWorld, name: string): Promise<Context> {
  const id = world.ids.get(name);
  const held = await alba.database.owner
    .selectFrom('identity_holdings')
    .innerJoin('identity_offices', 'identity_offices.id', 'identity_holdings.office_id')
    .select(['identity_holdings.office_id', 'identity_holdings.role', 'identity_offices.authority'])
    .where('identity_holdings.person_id', '=', id ?? '')
    .execute();
  const actor: Actor = {
    kind: 'person',
    id: id ?? '',
    name,
    officeId: held[0]?.office_id ?? '',
    authority: held[0]?.authority ?? null,
    roles: held.map((one) => one.role) as never,
  };
  return contextFor(alba.node, actor, 'en');
}

/** Opens the complete sample request (freezing and bank records, Alba to Borea) in a case file of its own. */
export async function openCompleteRequest(alba: TestNode, world: SampleWorld): Promise<string> {
  const ctx = await contextOf(alba, world, 'amara');
  const members = ['teo', 'noor', 'deniz'].map((one) => world.ids.get(one) ?? '');
  const view = await openCompleteSample(ctx, alba.running.live, { title: 'Falsified medicines', members });
  return view.reference;
}
