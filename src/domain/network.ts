import { invalid, type Parsed, valid } from './errors.ts';
import { addressFromOctets, addressOctets, type IpAddress, parseIpAddress } from './ip-address.ts';

/** All addresses that share their first `length` bits. */
export type Network = { readonly address: IpAddress; readonly length: number };

/** Reads `192.0.2.0/24`, `2001:db8::/32`, or a single address. Bits behind the length are ignored. */
export function parseNetwork(text: string): Parsed<Network> {
  const slash = text.indexOf('/');
  const address = parseIpAddress(slash === -1 ? text : text.slice(0, slash));
  if (!address.ok) return invalid('a network is written like 192.0.2.0/24 or 2001:db8::/32');
  const bits = address.value.family === 'ipv4' ? 32 : 128;
  if (slash === -1) return valid({ address: address.value, length: bits });
  const length = text.slice(slash + 1);
  return /^\d{1,3}$/.test(length) && Number(length) <= bits
    ? valid({ address: address.value, length: Number(length) })
    : invalid(`the length of this network is a number of 0 to ${bits}`);
}

export const networkText = ({ address, length }: Network): string => `${address.text}/${length}`;

/** True when `address` is of the network's family and shares its first bits. */
export function isInNetwork(address: IpAddress, network: Network): boolean {
  if (address.family !== network.address.family) return false;
  const octets = addressOctets(address);
  const expected = addressOctets(network.address);
  const whole = network.length >> 3;
  for (let index = 0; index < whole; index += 1) if (octets[index] !== expected[index]) return false;
  const bits = network.length & 7;
  if (bits === 0) return true;
  const mask = (0xff << (8 - bits)) & 0xff;
  return ((octets[whole] ?? 0) & mask) === ((expected[whole] ?? 0) & mask);
}

/** True when all addresses of the first network are in the second one. */
export const isWithin = ({ address, length }: Network, network: Network): boolean =>
  length >= network.length && isInNetwork(address, network);

const LOOPBACK: readonly Network[] = [
  { address: { family: 'ipv4', text: '127.0.0.0' }, length: 8 },
  { address: { family: 'ipv6', text: '::1' }, length: 128 },
];

/** True when only programs on this machine reach `address` (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3). */
export function isLoopback(address: IpAddress): boolean {
  return LOOPBACK.some((network) => isInNetwork(address, network));
}

/** True when all addresses of the network are loopback addresses. */
export function isLoopbackNetwork(network: Network): boolean {
  return LOOPBACK.some((loopback) => isWithin(network, loopback));
}

/** The Well-Known Prefix, under which a NAT64 shows IPv4 addresses (RFC 6052 section 2.1). */
const NAT64: Network = { address: { family: 'ipv6', text: '64:ff9b::' }, length: 96 };

/** The IPv4 address that a NAT64 shows as `address`; any other address is returned as it is. */
export function behindNat64(address: IpAddress): IpAddress {
  // The canonical texts of these addresses begin like this. Checked first, because it excludes most others quickly.
  const isNat64 = address.text.startsWith(NAT64.address.text) && isInNetwork(address, NAT64);
  return isNat64 ? addressFromOctets(addressOctets(address).subarray(12)) : address;
}

/**
 * The site of a client, by which limits count: an IPv4 address, or an IPv6 /64, because one host can use every address
 * in a /64 (RFC 4291 section 2.5.4). The site of a NAT64 address is the IPv4 address in it.
 */
export function siteOf(client: IpAddress): string {
  const address = behindNat64(client);
  if (address.family === 'ipv4') return address.text;
  const octets = addressOctets(address);
  const groups: string[] = [];
  for (let at = 0; at < 8; at += 2) {
    groups.push((((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)).toString(16));
  }
  return `${groups.join(':')}::/64`;
}

/** The IPv6 /48 that holds a site. One customer may have a whole /48 (RFC 6177). Undefined for an IPv4 address. */
export function wideSiteOf(site: string): string | undefined {
  const [first, second, third] = site.split(':');
  return second === undefined ? undefined : `${first}:${second}:${third}::/48`;
}
