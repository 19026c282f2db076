import type { HostUpdate } from '../../../application/update/wanted-names.ts';
import { type DomainName, parseDomainName } from '../../../domain/domain-name.ts';
import { type AddressFamily, type IpAddress, parseIpAddress } from '../../../domain/ip-address.ts';
import { type Ipv6Prefix, isDelegatedLength, parseIpv6Prefix } from '../../../domain/ipv6-prefix.ts';
import type { Parameter } from '../context.ts';

/** One value of a request, and what it is about. `text` is its canonical form, which an answer repeats. */
export type Said = { readonly text: string } & (
  | {
      readonly about: 'ipv4';
      /** Undefined where all names are meant. */
      readonly host: DomainName | undefined;
      readonly wanted: HostUpdate['ipv4'];
    }
  | {
      readonly about: 'ipv6';
      readonly host: DomainName | undefined;
      readonly wanted: HostUpdate['ipv6'];
    }
  /** For the hosts that follow the named ones. */
  | { readonly about: 'prefix'; readonly host: undefined; readonly prefix: Ipv6Prefix }
  /** `preserve` in a parameter of either family: the address of the connection is not meant. */
  | { readonly about: 'source'; readonly host: undefined }
);

/** What one name shall have, and the values that its line repeats. */
export type HostAddresses = Pick<HostUpdate, 'ipv4' | 'ipv6'> & { readonly echo: readonly string[] };

/** What a parameter takes, and for which name. */
type Slot = {
  readonly takes: AddressFamily | 'either' | 'prefix';
  readonly host: DomainName | undefined;
};

const TAKES: ReadonlyMap<string, Slot['takes']> = new Map([
  ['myip', 'either'],
  ['ip', 'either'],
  ['myipv4', 'ipv4'],
  ['ipv4', 'ipv4'],
  ['myipv6', 'ipv6'],
  ['myip6', 'ipv6'],
  ['ipv6', 'ipv6'],
  ['ip6', 'ipv6'],
  ['ip6lanprefix', 'prefix'],
  ['ipv6prefix', 'prefix'],
  ['ip6prefix', 'prefix'],
  ['prefix', 'prefix'],
]);

const KEEP = { kind: 'keep' } as const;

/** What a value has to be, for the reason in the log. */
const EXPECTED = {
  either: 'not an address, nor a prefix of 32 to 64 bits',
  ipv4: 'not an IPv4 address',
  ipv6: 'not an IPv6 address, nor a prefix of 32 to 64 bits',
  prefix: 'not an IPv6 prefix of 32 to 64 bits',
} as const;

/**
 * The values of all parameters about addresses, in the order of the request. A reason if a value is neither address
 * nor prefix nor known junk, if two contradict each other, or if one is for something that is no domain name.
 */
export function readAddresses(
  parameters: readonly Parameter[],
): readonly Said[] | { readonly reason: string } {
  const said: Said[] = [];
  for (const [name, value] of parameters) {
    const slot = slotOf(name.toLowerCase());
    if (slot === undefined) continue;
    if (slot === 'no-host') return { reason: 'myipv4:HOST, myipv6:HOST: HOST is no domain name' };
    for (const item of value.split(',')) {
      const one = readItem(item.trim().toLowerCase(), slot);
      if (one === undefined) return { reason: `${nameOf(slot, name)}: ${EXPECTED[slot.takes]}` };
      if (one === 'junk') continue;
      const same = said.find(({ about, host }) => about === one.about && host === one.host);
      if (same === undefined) said.push(one);
      else if (same.text !== one.text)
        return { reason: `${nameOf(slot, name)}: it contradicts another value` };
    }
  }
  return said;
}

/** The name of a parameter for the log. A host in it is the client's text, and is not repeated. */
const nameOf = ({ takes, host }: Slot, parameter: string): string =>
  host === undefined ? parameter.toLowerCase() : `my${takes}:HOST`;

/** The prefix that moves the hosts which follow the named ones. */
export function prefixIn(said: readonly Said[]): Ipv6Prefix | undefined {
  return said.find((one) => one.about === 'prefix')?.prefix;
}

/**
 * What a request means for `name`. A value for this name goes before a value for all names. If there is no address,
 * `source` is meant, the address that the request came from; but not beside a prefix, because a client that knows its
 * prefix knows its addresses too.
 */
export function addressesFor(name: DomainName, said: readonly Said[], source: IpAddress): HostAddresses {
  const ipv4 = saidOf(name, 'ipv4', said);
  const ipv6 = saidOf(name, 'ipv6', said);
  const given = said.filter((one) => (one === ipv4 || one === ipv6) && one.wanted.kind !== 'keep');
  if (given.length > 0) {
    return { ipv4: ipv4?.wanted ?? KEEP, ipv6: ipv6?.wanted ?? KEEP, echo: given.map(({ text }) => text) };
  }

  const prefix = prefixIn(said);
  if (prefix !== undefined) return { ipv4: KEEP, ipv6: KEEP, echo: [prefix.text] };
  const preserved = source.family === 'ipv4' ? ipv4 : ipv6;
  if (preserved !== undefined || said.some(({ about }) => about === 'source')) {
    return { ipv4: KEEP, ipv6: KEEP, echo: [] };
  }
  return source.family === 'ipv4'
    ? { ipv4: { kind: 'set', address: source }, ipv6: KEEP, echo: [source.text] }
    : { ipv4: KEEP, ipv6: { kind: 'set', address: source }, echo: [source.text] };
}

/** The values for `name` alone, which `hostname` does not list. Values for all names and the source do not count. */
export function addressesOfItsOwn(name: DomainName, said: readonly Said[]): HostAddresses {
  const own = said.filter(({ host }) => host === name);
  return {
    ipv4: saidOf(name, 'ipv4', own)?.wanted ?? KEEP,
    ipv6: saidOf(name, 'ipv6', own)?.wanted ?? KEEP,
    echo: [],
  };
}

function saidOf<About extends Said['about']>(name: DomainName, about: About, said: readonly Said[]) {
  const isAbout = (one: Said): one is Extract<Said, { about: About }> => one.about === about;
  const all = said.filter(isAbout);
  return all.find(({ host }) => host === name) ?? all.find(({ host }) => host === undefined);
}

/** True for a parameter whose values are addresses, of whatever name. */
export const isAboutAddresses = (parameter: string): boolean => slotOf(parameter.toLowerCase()) !== undefined;

/** Undefined for a parameter that has nothing to do with addresses. */
function slotOf(parameter: string): Slot | 'no-host' | undefined {
  const takes = TAKES.get(parameter);
  if (takes !== undefined) return { takes, host: undefined };
  const colon = parameter.indexOf(':');
  const family = parameter.slice(0, Math.max(0, colon));
  if (family !== 'myipv4' && family !== 'myipv6') return undefined;
  const host = parseDomainName(parameter.slice(colon + 1));
  return host.ok ? { takes: family === 'myipv4' ? 'ipv4' : 'ipv6', host: host.value } : 'no-host';
}

function readItem(text: string, { takes, host }: Slot): Said | 'junk' | undefined {
  if (text === 'preserve' || text === '<preserve>') return preserve(takes, host);
  // Clients that have no address send such a word, or their own placeholder.
  if (text === '' || text === 'none' || /^<[^>]*>$/.test(text)) return 'junk';
  if (text.includes('/')) return readPrefix(text, { takes, host });

  const address = parseIpAddress(text);
  if (!address.ok) return undefined;
  const { value } = address;
  if (value.text === '0.0.0.0' || value.text === '::') return 'junk';
  if (takes !== 'either' && takes !== value.family) return undefined;
  return value.family === 'ipv4'
    ? { about: 'ipv4', host, text: value.text, wanted: { kind: 'set', address: value } }
    : { about: 'ipv6', host, text: value.text, wanted: { kind: 'set', address: value } };
}

function preserve(takes: Slot['takes'], host: Slot['host']): Said | undefined {
  switch (takes) {
    case 'ipv4':
    case 'ipv6':
      return { about: takes, host, text: 'preserve', wanted: KEEP };
    case 'either':
      return { about: 'source', host: undefined, text: 'preserve' };
    case 'prefix':
      return undefined;
  }
}

function readPrefix(text: string, { takes, host }: Slot): Said | 'junk' | undefined {
  const parsed = parseIpv6Prefix(text);
  if (!parsed.ok || takes === 'ipv4') return undefined;
  const prefix = parsed.value;
  // This is no network, so no host can move there.
  if (prefix.network.text === '::') return 'junk';
  if (!isDelegatedLength(prefix.length)) return undefined;
  return host === undefined
    ? { about: 'prefix', host, text: prefix.text, prefix }
    : { about: 'ipv6', host, text: prefix.text, wanted: { kind: 'prefix', prefix } };
}
