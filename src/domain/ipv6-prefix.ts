import { invalid, type Parsed, valid } from './errors.ts';
import { addressFromOctets, addressOctets, type Ipv6Address, parseIpv6 } from './ip-address.ts';

/** The network that a provider delegates, with its host bits cleared. `text` is canonical: `2001:db8:1:2::/64`. */
export type Ipv6Prefix = { readonly network: Ipv6Address; readonly length: number; readonly text: string };

/** Reads `address/length`. Host bits may be set; they are dropped. */
export function parseIpv6Prefix(text: string): Parsed<Ipv6Prefix> {
  const slash = text.indexOf('/');
  if (slash === -1) return invalid('an IPv6 prefix is written like 2001:db8:1::/56');
  const length = numberOf(text.slice(slash + 1));
  if (length === undefined || length > 128)
    return invalid('the length of an IPv6 prefix is a number of 0 to 128');
  const address = parseIpv6(text.slice(0, slash));
  return address.ok ? valid(prefixOf(address.value, length)) : address;
}

/** Reads the number of bits that are the prefix of an address. */
export function parsePrefixLength(value: number | string): Parsed<number> {
  const length = typeof value === 'string' ? numberOf(value) : value;
  return length !== undefined && isDelegatedLength(length)
    ? valid(length)
    : invalid('the length of a prefix that hosts move with is a number of 32 to 64');
}

/**
 * True when hosts can move with a prefix of this length. A shorter prefix is that of a whole provider and not of a
 * customer. A longer one would cut off bits of interface ids, which have 64 (RFC 4291 section 2.5.1), so that two hosts
 * could get one address.
 */
export function isDelegatedLength(length: number): boolean {
  return Number.isInteger(length) && length >= 32 && length <= 64;
}

/** The first `length` bits of `address`. */
export function prefixOf(address: Ipv6Address, length: number): Ipv6Prefix {
  const octets = addressOctets(address).map((octet, index) => octet & maskOctet(length, index));
  const network = addressFromOctets(octets) as Ipv6Address;
  return { network, length, text: `${network.text}/${length}` };
}

/**
 * The address whose first bits are the prefix, and whose other bits are those of `interfaceId`. Behind a prefix that is
 * shorter than 64 bits, the id also says which subnet: `::12:a:b:c:d` and 2001:db8:1:ff00::/56 give
 * 2001:db8:1:ff12:a:b:c:d.
 */
export function joinPrefix(prefix: Ipv6Prefix, interfaceId: Ipv6Address): Ipv6Address {
  const host = addressOctets(interfaceId);
  const octets = addressOctets(prefix.network).map((octet, index) => {
    const mask = maskOctet(prefix.length, index);
    return (octet & mask) | ((host[index] ?? 0) & ~mask & 0xff);
  });
  return addressFromOctets(octets) as Ipv6Address;
}

function maskOctet(length: number, index: number): number {
  const bits = Math.min(8, Math.max(0, length - 8 * index));
  return (0xff << (8 - bits)) & 0xff;
}

/** Undefined when the text is not a number of at most three digits. */
function numberOf(text: string): number | undefined {
  return /^(?:0|[1-9]\d{0,2})$/.test(text) ? Number(text) : undefined;
}
