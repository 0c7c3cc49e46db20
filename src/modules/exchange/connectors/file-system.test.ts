import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventTypes } from '../schema.ts';
import { eventOf, type Relay } from './connector.ts';
import { fileSystemConnector } from './file-system.ts';
import { readUserMessage, writeUserMessage } from './metadata.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'comity-relay-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const setting = () => ({
  folder,
  ownParty: 'alba-access-point',
  partyOf: (authority: string) => (authority.startsWith('XB:') ? 'borea-access-point' : undefined),
  partyType: 'urn:oasis:names:tc:ebcore:partyid-type:unregistered',
  service: 'comity:container',
  serviceType: 'comity',
  action: 'Deliver',
  roles: { from: 'initiator', to: 'responder' },
});

const bytes = Buffer.from('PK container');
const relay = (more: Partial<Relay> = {}): Relay => ({
  messageId: '0190aaaa-0000-7000-8000-000000000001',
  conversationId: 'abcdefghijklmnopqrstuv',
  from: 'XA:central-authority',
  to: 'XB:central-authority',
  fileName: 'message.asice',
  mediaType: 'application/vnd.etsi.asic-e+zip',
  size: bytes.length,
  open: async () => Readable.from([bytes]),
  ...more,
});

/** Does what the plugin of an access point documents: takes a folder of OUT, renames by status, moves it at the end. */
const accessPoint = {
  list: () => readdirSync(join(folder, 'OUT')),
  begin(ref: string) {
    const out = join(folder, 'OUT', ref);
    renameSync(join(out, 'message.asice'), join(out, `message_${ref}@alba.asice.WAITING_FOR_RECEIPT`));
  },
  end(ref: string, how: 'SENT' | 'FAILED') {
    mkdirSync(join(folder, how), { recursive: true });
    renameSync(join(folder, 'OUT', ref), join(folder, how, ref));
  },
  deliver(ref: string, metadata: string, files: Record<string, string>) {
    const inside = join(folder, 'IN', ref);
    mkdirSync(inside, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(inside, name), content);
    if (metadata !== '') writeFileSync(join(inside, 'metadata.xml'), metadata);
  },
};

describe('an access point with the file-system plugin', () => {
  test('a container lies whole in OUT, addressed from authority to authority', async () => {
    const connector = fileSystemConnector(setting());
    const ref = await connector.submit(relay());
    expect(accessPoint.list()).toEqual([ref]);
    expect(readFileSync(join(folder, 'OUT', ref, 'message.asice'))).toEqual(bytes);
    expect(readUserMessage(readFileSync(join(folder, 'OUT', ref, 'metadata.xml'), 'utf8'))).toMatchObject({
      fromParty: 'alba-access-point',
      toParty: 'borea-access-point',
      originalSender: 'XA:central-authority',
      finalRecipient: 'XB:central-authority',
      mediaType: 'application/vnd.etsi.asic-e+zip',
    });
  });

  test('the same message is handed over once, also after it was sent', async () => {
    const connector = fileSystemConnector(setting());
    const ref = await connector.submit(relay());
    accessPoint.begin(ref);
    expect(await connector.submit(relay())).toBe(ref);
    accessPoint.end(ref, 'SENT');
    await connector.submit(relay());
    expect(accessPoint.list()).toEqual([]);
  });

  test('folders tell where it is, and a hop receipt never becomes an authority’s', async () => {
    const connector = fileSystemConnector(setting());
    const ref = await connector.submit(relay());
    expect(await connector.status(ref)).toEqual({ state: 'waiting', detail: null });
    accessPoint.begin(ref);
    expect(await connector.status(ref)).toEqual({ state: 'waiting', detail: 'WAITING_FOR_RECEIPT' });
    accessPoint.end(ref, 'SENT');
    const status = await connector.status(ref);
    expect(eventOf(status.state)).toBe('RelayToNonERDS');
    expect(eventTypes.filter((type) => (['waiting', 'handed-over', 'failed', 'unknown'] as const).some((state) => eventOf(state) === type))).toEqual(
      ['RelayToNonERDS', 'RelayToNonERDSFailure'],
    );
    expect(await connector.status('never-submitted')).toEqual({ state: 'unknown', detail: null });
  });

  test('a failure of the access point is a failure here', async () => {
    const connector = fileSystemConnector(setting());
    const ref = await connector.submit(relay());
    accessPoint.end(ref, 'FAILED');
    expect(eventOf((await connector.status(ref)).state)).toBe('RelayToNonERDSFailure');
  });

  test('a stream that breaks leaves nothing in OUT, and the next try goes through', async () => {
    const connector = fileSystemConnector(setting());
    const broken = relay({ open: async () => Readable.from((function* () { yield bytes.subarray(0, 3); throw new Error('cut'); })()) });
    await expect(connector.submit(broken)).rejects.toThrow('cut');
    expect(accessPoint.list()).toEqual([]);
    await connector.submit(relay());
    expect(accessPoint.list()).toHaveLength(1);
  });

  test('too large, no party, or a size that is not kept: refused before the access point sees it', async () => {
    await expect(fileSystemConnector({ ...setting(), mostBytes: 3 }).submit(relay())).rejects.toMatchObject({ code: 'exchange.relay-too-large' });
    const connector = fileSystemConnector(setting());
    await expect(connector.submit(relay({ to: 'XC:central-authority' }))).rejects.toMatchObject({ code: 'exchange.relay-no-party' });
    await expect(connector.submit(relay({ size: 5 }))).rejects.toMatchObject({ code: 'exchange.relay-not-written' });
    await expect(connector.submit(relay({ messageId: '../up' }))).rejects.toMatchObject({ code: 'exchange.relay-metadata' });
  });

  test('what comes is offered until it was taken; half-written folders wait', async () => {
    const connector = fileSystemConnector(setting());
    const metadata = writeUserMessage({
      fromParty: 'borea-access-point', toParty: 'alba-access-point', partyType: 't', fromRole: 'a', toRole: 'b', service: 's', serviceType: 'c', action: 'd',
      conversationId: null, originalSender: 'XB:central-authority', finalRecipient: 'XA:central-authority', mediaType: 'application/vnd.etsi.asic-e+zip',
    });
    accessPoint.deliver('m1@borea', metadata, { 'answer.asice': 'answer' });
    accessPoint.deliver('m2@borea', '', { 'half.asice': 'half' });
    const [came, ...others] = await connector.poll();
    expect(others).toEqual([]);
    expect(came).toMatchObject({ ref: 'm1@borea', from: 'XB:central-authority', to: 'XA:central-authority' });
    expect(await text(await came!.files[0]!.open())).toBe('answer');
    expect(await connector.poll()).toHaveLength(1);
    await connector.taken('m1@borea');
    await connector.taken('m1@borea');
    expect(await connector.poll()).toEqual([]);
  });
}); // prettier-ignore

describe('W7: metadata that means harm', () => {
  const body = writeUserMessage({
    fromParty: 'a', toParty: 'b', partyType: 't', fromRole: 'a', toRole: 'b', service: 's', serviceType: 'c', action: 'd',
    conversationId: 'x', originalSender: 'XB:o', finalRecipient: 'XA:o', mediaType: 'm/n',
  });
  const hostile: readonly [string, string][] = [
    ['a document type', body.replace('<UserMessage', '<!DOCTYPE UserMessage [<!ENTITY e SYSTEM "file:///etc/passwd">]><UserMessage')],
    ['an entity', body.replace('>XB:o<', '>&e;<')],
    ['not XML', '{}'],
    ['another root', body.replaceAll('UserMessage', 'SignalMessage')],
    ['another namespace', body.replace('ebxml-msg', 'other')],
    ['no final recipient', body.replace('finalRecipient', 'other')],
    ['too deep', body.replace('<PayloadInfo>', '<a>'.repeat(30)).replace('</PayloadInfo>', '</a>'.repeat(30))],
    ['too large', body.replace('<PayloadInfo>', `<!-- ${'x'.repeat(70_000)} --><PayloadInfo>`)],
    ['a processing instruction', body.replace('<PayloadInfo>', '<?x y?><PayloadInfo>')],
  ];
  test.each(hostile)('%s is refused', (_what, xml) => {
    expect(() => readUserMessage(xml)).toThrow();
  });

  test('names are written as text, never as markup', () => {
    const meant = { fromParty: 'a<b>&"', toParty: "c'd", partyType: 't', fromRole: 'a', toRole: 'b', service: 's', serviceType: 'c', action: 'd',
      conversationId: null, originalSender: '<x>', finalRecipient: '&amp;', mediaType: 'm/n' };
    expect(readUserMessage(writeUserMessage(meant))).toMatchObject({ fromParty: 'a<b>&"', toParty: "c'd", originalSender: '<x>', finalRecipient: '&amp;' });
  });
}); // prettier-ignore
