import { lookup } from 'node:dns/promises';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { PlatformError } from '../platform-error.ts';

/** IANA's registries of special-purpose addresses: of the host itself, private, shared, documentation, multicast, reserved. */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
] as const;
/** Inside 2000::/3, outside of which nothing is public; those that hold an IPv4 address are among them. */
const NOT_PUBLIC_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'] as const;

const listOf = (networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList();
  for (const network of networks) {
    const [prefix = '', bits] = network.split('/');
    list.addSubnet(prefix, Number(bits), family);
  }
  return list;
};

const notPublicV4 = listOf(NOT_PUBLIC_V4, 'ipv4');
const notPublicV6 = listOf(NOT_PUBLIC_V6, 'ipv6');
const unicastV6 = listOf(['2000::/3'], 'ipv6');

/** Whether the address is one of the public internet. */
const isPublicAddress = (address: string): boolean => {
  if (isIPv4(address)) return !notPublicV4.check(address, 'ipv4');
  return unicastV6.check(address, 'ipv6') && !notPublicV6.check(address, 'ipv6');
};

/**
 * The address to connect to. It has to be used as it is: to look the name up again could give another one. All addresses of a host
 * have to be public, unless the host is one of `allowed`, so that nobody reaches the platform's own network through it.
 * @throws PlatformError `host-not-allowed`, `host-unknown`
 */
export const allowedAddress = async (host: string, allowed: readonly string[]): Promise<string> => {
  const found = isIP(host)
    ? [host]
    : await lookup(host, { all: true }).then(
        (all) => all.map(({ address }) => address),
        () => [],
      );
  const [first] = found;
  if (first === undefined) throw new PlatformError('host-unknown', 'That host has no address');
  const isAllowed = allowed.some((name) => name.toLowerCase() === host.toLowerCase());
  if (isAllowed || found.every(isPublicAddress)) return first;
  throw new PlatformError('host-not-allowed', 'Mail is not fetched from that host');
};
