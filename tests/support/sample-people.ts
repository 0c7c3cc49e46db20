import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { contextFor } from '../../src/app/node.ts';
import { loadSampleWorld } from '../../src/app/sample-world.ts';
import { DraftRequest } from '../../src/modules/requests/index.ts';
import { packageRoot } from '../../src/platform/paths.ts';
import type { StateCode } from '../../src/platform/values/index.ts';
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
  const { evidence, requests } = alba.running.live;
  const caseFile = await evidence.openCaseFile(ctx, {
    title: 'Falsified medicines',
    handling: {
      tlp: 'AMBER+STRICT',
      originator: 'XA:central-authority',
      groups: [],
      purposes: [],
      judicialUse: 'free',
      onward: 'on-request',
    },
    members: ['teo', 'noor', 'deniz'].map((one) => world.ids.get(one) ?? ''),
  });
  const file = join(packageRoot, 'data', 'samples', 'requests', 'freeze-and-records.json');
  const from = DraftRequest.parse(JSON.parse(readFileSync(file, 'utf8')));
  const opened = await requests.open(ctx, {
    caseFileId: caseFile.id,
    types: ['T5', 'T9'],
    to: 'XB' as StateCode,
    from,
  });
  // A request written after an earlier one begins without the earlier one's reasons.
  const saved = await requests.saveSection(ctx, opened.reference, {
    task: 'check',
    seen: opened.revision,
    content: { internal: from.internal },
  });
  if (!saved.ok) throw new Error(`The reasons were not saved: ${JSON.stringify(saved.error)}`);
  return opened.reference;
}
