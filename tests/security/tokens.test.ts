import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contextFor } from '../../src/app/node.ts';
import { makeToken } from '../../src/modules/identity/service/tokens.ts';
import { send } from '../support/client.ts';
import { addTestOffice, addTestPerson, demoLink, type TestPerson } from '../support/office-people.ts';
import { startNetwork, type Network, type NetworkNode } from '../support/network.ts';

// Every kind of token of a node, each shown at every door that is not its own.
let network: Network;
let alba: NetworkNode;
let ann: TestPerson;

beforeAll(async () => {
  network = await startNetwork({ states: ['XA', 'XB'] });
  alba = network.of('XA');
  const officeId = await addTestOffice(alba, 'Operations');
  ann = await addTestPerson(alba, { signInName: 'ann', officeId, roles: ['prosecutor'] });
}, 180_000);
afterAll(() => network?.stop());

interface Shown {
  status: number;
  signedIn: boolean;
}

async function show(path: string, headers: Record<string, string>, method = 'GET', body?: string): Promise<Shown> {
  const { port, origin } = alba.running;
  const answer = await send(port, method, path, { Host: new URL(origin).host, ...headers }, body);
  return { status: answer.status, signedIn: answer.setCookies.some((one) => one.startsWith('__Host-comity=')) };
}

/** Asks the door for other nodes, with this node's own certificate for no one. */
function askPeers(path: string, headers: Record<string, string>, options: object = {}): Promise<string> {
  return new Promise((resolve) => {
    const port = Number(alba.node.config.COMITY_EXCHANGE_PORT);
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () => {
      const lines = Object.entries({ Host: 'x', Connection: 'close', ...headers }).map(
        ([name, value]) => `${name}: ${value}`,
      );
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    });
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(`error ${error.code ?? error.message}`));
    socket.on('close', () => resolve(said || 'closed'));
  });
}

test('M16: a token of one door opens no other', async () => {
  const { client, ctx } = ann;
  const stepped = contextFor(alba.node, { ...ctx.actor, steppedUpAt: alba.node.clock.now() } as never, 'en');
  const made = await makeToken(stepped, { label: 'Script', scopes: ['evidence.list-case-files'], days: 30 });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  const csrf = await client.csrf();
  const tokens: Record<string, string> = {
    session: client.cookies.get('__Host-comity')!,
    form: csrf,
    program: made.value.token,
    link: (await demoLink(alba, ann.id)).split('/').at(-1)!,
  };
  const cookie = `__Host-comity=${tokens.session}`;
  const api = '/api/case-files';
  // Each opens its own door, or the rest would prove nothing.
  expect((await show(api, { Cookie: cookie })).status).toBe(200);
  expect((await show(api, { Authorization: `Bearer ${tokens.program}` })).status).toBe(200);

  const wrong: string[] = [];
  const body = JSON.stringify({ title: 'Should not be', handling: { tlp: 'AMBER', originator: 'XA' } });
  const json = { 'Content-Type': 'application/json', 'Idempotency-Key': 'key-of-tokens' };
  for (const [kind, token] of Object.entries(tokens)) {
    const doors: [string, boolean, () => Promise<Shown>][] = [
      ['session cookie', kind === 'session', () => show(api, { Cookie: `__Host-comity=${token}` })],
      ['visitor cookie', false, () => show(api, { Cookie: `__Host-comity-visitor=${token}` })],
      ['bearer', kind === 'program', () => show(api, { Authorization: `Bearer ${token}` })],
      ['bearer dressed up', kind === 'program', () => show(api, { Authorization: `Bearer ${token.startsWith('comity_') ? token : `comity_${token}`}` })],
      ['basic', false, () => show(api, { Authorization: `Basic ${Buffer.from(`ann:${token}`).toString('base64')}` })],
      ['address', false, () => show(`${api}?token=${token}&access_token=${token}`, {})],
      ['form proof', kind === 'form', () => show(api, { Cookie: cookie, 'X-CSRF-Token': token, ...json }, 'POST', body)],
      ['page by bearer', false, () => show('/profile', { Authorization: `Bearer ${token}` })],
      ['another route by bearer', false, () => show('/api/people', { Authorization: `Bearer ${token}` })],
      ['another scope by bearer', false, () => show('/api/requests', { Authorization: `Bearer ${token}` })],
      ['upload', false, () => show('/api/uploads/01890000-0000-7000-8000-0000000000aa', { Authorization: `Bearer ${token}` })],
      ['entering', kind === 'link', () => show(`/enter/${token}`, {}, 'POST', '')],
      ['invitation', false, () => show(`/invitation/${token}`, {}, 'POST', '')],
      ['metrics of people', false, () => show('/api/audit/entries', { Cookie: `__Host-comity=${token}`, Authorization: `Bearer ${token}` })],
    ]; // prettier-ignore
    for (const [door, isOwn, knock] of doors) {
      if (isOwn) continue;
      const { status, signedIn } = await knock();
      const refused = [401, 403, 404, 410, 422].includes(status) || (status === 303 && door === 'page by bearer');
      if (!refused || signedIn) wrong.push(`${kind} as ${door}: ${status}${signedIn ? ' signed in' : ''}`);
    }
  }
  expect(wrong).toEqual([]);
  // Nor at the door for other nodes, which asks for a certificate and for nothing else.
  for (const token of Object.values(tokens))
    for (const path of ['/exchange/v1/messages/x/receipt', '/exchange/v1/feeds', '/api/case-files', '/profile']) {
      const said = await askPeers(path, { Authorization: `Bearer ${token}`, Cookie: `__Host-comity=${token}` });
      expect(said, `${path}: ${said.slice(0, 60)}`).toMatch(/^HTTP\/1\.1 (401|403|404|405)|^error|^closed/);
    }
}, 300_000);

test('C6: the door for other nodes speaks TLS 1.3 alone', async () => {
  const path = '/.well-known/comity-node';
  expect(await askPeers(path, {})).toMatch(/^HTTP\/1\.1 200/);
  for (const version of ['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const)
    expect(
      await askPeers(path, {}, { minVersion: 'TLSv1', maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' }),
      version,
    ).toMatch(/^error/);
}, 60_000);
