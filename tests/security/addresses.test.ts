import { expect, test } from 'vitest';
import { createResolver } from '../../src/modules/exchange/tls.ts';

const hostOf = (address: string) => new URL(`https://${address}/exchange/v1/messages`).hostname;

test('W5: however an address of this machine or of the house is written, no node is called there', async () => {
  const resolve = createResolver('', false);
  const close = [
    '127.0.0.1', '127.1', '2130706433', '0x7f.0.0.1', '0177.0.0.1', '0', 'localhost', 'alba.localhost', '[::1]', '[::]',
    '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:10.1.2.3]', '169.254.169.254', '[fe80::1]', '[fd00::7]',
    '10.0.0.8', '172.31.255.254', '192.168.1.1', '100.64.0.1', '224.0.0.1', '255.255.255.255', '[ff02::1]', '198.18.0.1',
    '[::ffff:a9fe:a9fe]',
  ]; // prettier-ignore
  for (const address of close)
    await expect(resolve(hostOf(address)), address).rejects.toMatchObject({ code: 'exchange.address-not-allowed' });
  // An address of the world is what it is, and is connected to as it was looked at.
  expect(await resolve(hostOf('203.0.113.7'))).toBe('203.0.113.7');
});

test('W5: an operator may name a network in which nodes stand, and nothing beside it', async () => {
  const resolve = createResolver('10.20.0.0/16, fd00:20::/32', true);
  expect(await resolve(hostOf('10.20.3.4'))).toBe('10.20.3.4');
  expect(await resolve(hostOf('[::ffff:10.20.3.4]'))).toBe('::ffff:a14:304');
  expect(await resolve(hostOf('borea.localhost'))).toBe('127.0.0.1');
  for (const address of ['10.21.0.1', '169.254.169.254', '[fd00:21::1]'])
    await expect(resolve(hostOf(address)), address).rejects.toMatchObject({ code: 'exchange.address-not-allowed' });
  expect(() => createResolver('10.20.0.0', false)).toThrow(expect.objectContaining({ code: 'exchange.bad-network' }));
});
