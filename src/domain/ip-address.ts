import { invalid, type Parsed, valid } from './errors.ts';

export type AddressFamily = 'ipv4' | 'ipv6';

/** An address, with its canonical text. Two values are the same address exactly when their texts are equal. */
export type IpAddress = Ipv4Address | Ipv6Address;

/** 32 bits. `text` is dotted decimal without leading zeros. */
export type Ipv4Address = { readonly family: 'ipv4'; readonly text: string };

/** 128 bits. `text` is canonical by RFC 5952. */
export type Ipv6Address = { readonly family: 'ipv6'; readonly text: string };

const OCTET = '(0|[1-9]\\d{0,2})';
const IPV4 = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);
const HEX_GROUP = /^[0-9a-f]{1,4}$/i;

/**
 * Reads four decimal numbers and nothing else. Shorter forms and leading zeros are errors, because programs disagree
 * about their meaning (`010.0.0.1` is 8.0.0.1 to some, `1.2` is 1.0.0.2).
 */
export function parseIpv4(text: string): Parsed<Ipv4Address> {
  return ipv4Octets(text) === undefined
    ? invalid('an IPv4 address has four decimal numbers of 0 to 255, like 192.0.2.7')
    : valid({ family: 'ipv4', text });
}

/**
 * Reads any form of RFC 4291 section 2.2. Zone ids (`%eth0`), brackets and ports are errors, and so is an
 * IPv4-mapped address (`::ffff:192.0.2.7`): it names an IPv4 host and is of no use in an AAAA record.
 */
export function parseIpv6(text: string): Parsed<Ipv6Address> {
  const groups = ipv6Groups(text);
  if (groups === undefined) return invalid('an IPv6 address is written like 2001:db8::7');
  if (isIpv4Mapped(groups)) return invalid('an IPv4 address that is mapped into IPv6 is written as IPv4');
  return valid({ family: 'ipv6', text: ipv6Text(groups) });
}

/** Reads an address of either family. */
export function parseIpAddress(text: string): Parsed<IpAddress> {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/**
 * Reads the address of a client from what a socket reports. A dual-stack socket reports an IPv4 client by its
 * IPv4-mapped address, which is read as the IPv4 address. A zone id is dropped.
 */
export function parsePeerAddress(text: string): Parsed<IpAddress> {
  const percent = text.indexOf('%');
  const bare = percent === -1 ? text : text.slice(0, percent);
  if (!bare.includes(':')) return parseIpv4(bare);
  const groups = ipv6Groups(bare);
  if (groups === undefined) return invalid('this is no IP address');
  if (!isIpv4Mapped(groups)) return valid({ family: 'ipv6', text: ipv6Text(groups) });
  const [high = 0, low = 0] = groups.slice(6);
  return valid({ family: 'ipv4', text: [high >> 8, high & 255, low >> 8, low & 255].join('.') });
}

/** 4 or 16 octets, in network order. */
export function addressOctets(address: IpAddress): Uint8Array {
  if (address.family === 'ipv4') return Uint8Array.from(ipv4Octets(address.text) ?? []);
  const octets = new Uint8Array(16);
  for (const [index, group] of (ipv6Groups(address.text) ?? []).entries()) {
    octets[2 * index] = group >> 8;
    octets[2 * index + 1] = group & 255;
  }
  return octets;
}

/** The address that 4 or 16 octets in network order stand for. Throws a RangeError for any other number. */
export function addressFromOctets(octets: Uint8Array): IpAddress {
  if (octets.length === 4) return { family: 'ipv4', text: octets.join('.') };
  if (octets.length !== 16) throw new RangeError(`an address has 4 or 16 octets, not ${octets.length}`);
  const groups: number[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0));
  return { family: 'ipv6', text: ipv6Text(groups) };
}

function ipv4Octets(text: string): number[] | undefined {
  const [, a, b, c, d] = IPV4.exec(text) ?? [];
  const octets = [Number(a), Number(b), Number(c), Number(d)];
  // False for NaN too, when the text does not have four numbers.
  return octets.every((octet) => octet <= 255) ? octets : undefined;
}

/** The eight groups of 16 bits. Undefined when the text is not an address. */
function ipv6Groups(text: string): number[] | undefined {
  // Six groups of four digits and a dotted quad are the longest form.
  if (text.length > 45) return undefined;
  const halves = text.split('::', 3);
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(groupsOf);
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  // A dotted quad stands at the very end only.
  if (tail === undefined || halves[0]?.includes('.')) return undefined;
  const missing = 8 - head.length - tail.length;
  // "::" stands for at least one group of zeros.
  return missing < 1 ? undefined : [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** The groups on one side of a `::`. A dotted quad at the end is two groups. */
function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (HEX_GROUP.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const quad = index === parts.length - 1 ? ipv4Octets(part) : undefined;
    if (quad === undefined) return undefined;
    const [a = 0, b = 0, c = 0, d = 0] = quad;
    groups.push((a << 8) | b, (c << 8) | d);
  }
  return groups;
}

function isIpv4Mapped(groups: readonly number[]): boolean {
  return groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
}

/** RFC 5952 section 4: lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
function ipv6Text(groups: readonly number[]): string {
  let best = { start: 0, length: 1 };
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.length < 2) return hex.join(':');
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
}
