import { afterAll, beforeAll, expect, test } from 'vitest';
import { Handling, plainDate } from '../../src/platform/values/index.ts';
import { twoAuthorities, type TwoAuthorities } from '../support/two-authorities.ts';

// What another State sent stays its own: it goes on to a third one, or into another case, only with its word.
let two: TwoAuthorities;
beforeAll(async () => {
  two = await twoAuthorities();
});
afterAll(() => two?.close());

test('I11: what came with a request goes to no third State and into no other case without the consent of the State that sent it', async () => {
  const { theirs } = await two.sent();
  const { evidence, incoming } = two.borea;
  const ines = two.borea.person('ines', ['registrar', 'central-authority-officer']);
  const { caseFileId } = await incoming.get(ines, theirs);
  const files = await evidence.listFiles(ines, caseFileId);
  expect(files.map((file) => file.useLimitation)).toEqual(
    files.map(() => ({ use: 'with-consent', source: 'XA:central-authority' })),
  );
  expect(files).toHaveLength(4);
  const { id } = files[0]!;
  const release = (to: string, consentId?: string) =>
    ines.transaction((tx) =>
      evidence.recordRelease(tx, ines, [id], `to-${to}`, { to, ...(consentId ? { consentId } : {}) }),
    );
  await expect(release('XC:central-authority')).rejects.toMatchObject({ code: 'evidence.use-limited' });
  await release('XA:central-authority');

  const own = await evidence.openCaseFile(ines, {
    title: 'A case of our own',
    handling: Handling.parse({ tlp: 'AMBER', originator: 'XB' }),
  });
  await expect(evidence.useInCaseFile(ines, id, own.id)).rejects.toMatchObject({ code: 'evidence.use-limited' });
  expect(await evidence.listFiles(ines, own.id)).toEqual([]);

  // The word of another State is none; that of the sender is, and the limit goes along with the copy.
  const consent = (consentId: string, by: string) =>
    ines.transaction((tx) =>
      evidence.recordConsent(tx, ines, [id], { consentId, by, on: plainDate('2026-05-15'), covers: 'A tax case' }),
    );
  await consent('c-1', 'XC:central-authority');
  await expect(release('XC:central-authority', 'c-1')).rejects.toMatchObject({ code: 'evidence.use-limited' });
  await consent('c-2', 'XA:central-authority');
  const copy = await evidence.useInCaseFile(ines, id, own.id, { consentId: 'c-2' });
  expect(copy.useLimitation).toEqual({ use: 'with-consent', source: 'XA:central-authority' });
  await release('XC:central-authority', 'c-2');
}, 300_000);
