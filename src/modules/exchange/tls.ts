import { createHash, X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Unavailable } from '../../platform/errors.ts';
import type { Instant } from '../../platform/values/index.ts';

/** What is read of the other side of a connection: the key that it proved to hold, and until when its certificate says so. */
export interface TlsPeer {
  spkiSha256: string;
  validTo: string;
}

/** Hex SHA-256 of the SPKI of the other side; undefined when it showed no certificate. */
export function readTlsPeer(socket: TLSSocket): TlsPeer | undefined {
  const raw = socket.getPeerCertificate(false)?.raw as Buffer | undefined;
  if (!raw) return undefined;
  try {
    const certificate = new X509Certificate(raw);
    const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
    return { spkiSha256: createHash('sha256').update(spki).digest('hex'), validTo: certificate.validTo };
  } catch {
    return undefined;
  }
}

export function isExpired(peer: TlsPeer, now: Instant): boolean {
  return Date.parse(peer.validTo) <= Date.parse(now);
}

type Family = 'ipv4' | 'ipv6';

// Addresses of a machine and of its surroundings: a peer stands there only when the operator says so.
const closeBy: readonly [string, number, Family][] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];
const loopback: readonly string[] = ['127.0.0.0/8', '::1/128'];

function familyOf(address: string): Family {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.trim().split('/');
    if (isIP(address) === 0 || !/^\d{1,3}$/.test(bits))
      throw new Unavailable('exchange.bad-network', { params: { network: network.trim() } });
    list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

export type ResolveHost = (host: string) => Promise<string>;

/**
 * Resolves the host of an enrolled node once, and gives the address to connect to.
 * @param networks private networks in which nodes may stand, `10.20.0.0/16, fd00::/8`
 * @param withLoopback whether nodes may stand on this machine
 * @throws Unavailable `exchange.not-reached`, `exchange.address-not-allowed`, `exchange.bad-network`
 */
export function createResolver(networks: string, withLoopback: boolean): ResolveHost {
  const named = networks.split(',').filter((one) => one.trim() !== '');
  const allowed = listOf([...named, ...(withLoopback ? loopback : [])]);
  const refused = new BlockList();
  for (const [address, bits, family] of closeBy) refused.addSubnet(address, bits, family);
  return async (host) => {
    const bare = host.replace(/^\[(.*)\]$/, '$1');
    let address = bare;
    if (isIP(bare) === 0) {
      // Names under localhost are this machine everywhere, also where the resolver does not know them.
      if (bare === 'localhost' || bare.endsWith('.localhost')) address = '127.0.0.1';
      else {
        const found = await lookup(bare).catch((cause: unknown) => {
          throw new Unavailable('exchange.not-reached', { params: { detail: 'ENOTFOUND' }, cause });
        });
        address = found.address;
      }
    }
    // An IPv4 address in IPv6 clothes is looked at as what it is.
    const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
    const family = familyOf(plain);
    if (refused.check(plain, family) && !allowed.check(plain, family))
      throw new Unavailable('exchange.address-not-allowed', { params: { host: bare } });
    return plain;
  };
}
