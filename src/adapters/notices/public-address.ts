import { networkInterfaces } from 'node:os';
import { type IpAddress, parseIpAddress } from '../../domain/ip-address.ts';
import { behindNat64, isInNetwork, type Network, parseNetwork } from '../../domain/network.ts';

const networks = (...texts: readonly string[]): readonly Network[] =>
  texts.flatMap((text) => {
    const network = parseNetwork(text);
    return network.ok ? [network.value] : [];
  });

/**
 * The networks of the special-purpose registries (RFC 6890) that are not for the whole Internet, multicast, and one
 * address of a cloud that serves metadata to its machines.
 */
const SPECIAL = networks(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10', // shared by customers of a provider (RFC 6598)
  '127.0.0.0/8',
  '168.63.129.16', // metadata
  '169.254.0.0/16', // link-local, and metadata of most clouds
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3', // multicast, reserved, broadcast
  '2001::/23', // protocols, among them Teredo, which has an IPv4 address inside
  '2001:db8::/32',
  '2002::/16', // 6to4, which has an IPv4 address inside
  '3fff::/20',
);

/** All other IPv6 addresses are local, mapped, multicast or not assigned (RFC 4291). */
const GLOBAL_UNICAST = networks('2000::/3');

/** True when notices may go to the address: it is public and in no network of this machine, or in one of `allow`. */
export function mayReach(
  address: IpAddress,
  allow: readonly Network[],
  own: readonly Network[] = networksOfThisMachine(),
): boolean {
  const reached = behindNat64(address);
  const isIn = (some: readonly Network[]) => some.some((network) => isInNetwork(reached, network));
  if (isIn(allow)) return true;
  if (reached.family === 'ipv6' && !isIn(GLOBAL_UNICAST)) return false;
  return !isIn(SPECIAL) && !isIn(own);
}

/** IPv4-mapped addresses are not read, and so never reached. */
export function readAddress(text: string): IpAddress | undefined {
  const parsed = parseIpAddress(text);
  return parsed.ok ? parsed.value : undefined;
}

function networksOfThisMachine(): readonly Network[] {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return networks(...interfaces.flatMap(({ cidr }) => (cidr === null ? [] : [cidr])));
}
