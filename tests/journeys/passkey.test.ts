import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeClock } from '../../src/platform/clock.ts';
import { plainDate } from '../../src/platform/values/index.ts';
import { launchBrowser } from '../support/browser.ts';
import { startNode, type TestNode } from '../support/node.ts';
import { contextOf, openCompleteRequest, sampleWorld, signedIn, type SampleWorld } from '../support/sample-people.ts';

let alba: TestNode;
let browser: Browser;
let world: SampleWorld;
beforeAll(async () => {
  [alba, browser] = await Promise.all([startNode({ clock: fakeClock('2026-05-14T08:00:00.000Z') }), launchBrowser()]);
  world = await sampleWorld(alba);
});
afterAll(async () => {
  await browser?.close();
  await alba?.stop();
});

/** A platform authenticator in the browser that always says yes. */
async function withAuthenticator(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return page;
}

async function readyToSign(): Promise<string> {
  const reference = await openCompleteRequest(alba, world);
  const { requests } = alba.running.live;
  for (const [name, kind] of [
    ['amara', 'submit-for-review'],
    ['teo', 'review-pass'],
    ['noor', 'clear'],
  ] as const) {
    if (kind === 'clear') {
      const risk = {
        persecution: { answer: 'none-found' as const, reviewer: 'Noor Hadal', on: plainDate('2026-05-14') },
      };
      await requests.saveRisk(await contextOf(alba, world, name), reference, risk);
    }
    const done = await requests.act(await contextOf(alba, world, name), reference, kind, {}, null);
    if (!done.ok) throw new Error(JSON.stringify(done.error));
  }
  return reference;
}

test('the signatory adds a passkey, and the passkey signs exactly the content it was shown', async () => {
  const reference = await readyToSign();
  const context = await signedIn(alba, browser, world, 'deniz');
  const page = await withAuthenticator(context);
  await page.goto(`${alba.origin}/profile`);
  await page.getByRole('button', { name: 'Make a passkey' }).click();
  await page.getByText('Passkey made. Save it with this form.').waitFor();
  await page.getByLabel('Name of the passkey').fill('Blue key');
  await page.getByRole('button', { name: 'Save the passkey' }).click();
  await page.getByText('Blue key').waitFor();
  await page.goto(`${alba.origin}/requests/${reference}/sign`);
  await page
    .getByLabel(/Type the two letters of Borea/)
    .first()
    .fill('XB');
  await page.getByRole('button', { name: 'Sign with your passkey' }).click();
  await page.waitForURL(`**/requests/${reference}?done=sign`);
  const view = await alba.running.live.requests.get(await contextOf(alba, world, 'amara'), reference);
  expect(view.status).toBe('signed');
  expect(view.signedHash).toBe(view.contentHash);
  const sign = view.actions.findLast((one) => one.kind === 'sign');
  expect(JSON.parse(sign?.data.assertion ?? '{}')).toMatchObject({ method: 'passkey', contentHash: view.contentHash });
  await context.close();
});
