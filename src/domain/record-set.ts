import type { DomainName } from './domain-name.ts';
import type { AddressFamily, IpAddress } from './ip-address.ts';
import type { Ttl } from './ttl.ts';

/** The types of record that dynonym changes. All others at a name belong to somebody else. */
export type AddressType = 'A' | 'AAAA';

export const addressTypeOf = (family: AddressFamily): AddressType => (family === 'ipv4' ? 'A' : 'AAAA');

/**
 * The RRset of one type at a name (RFC 2181 section 5). Without addresses there is no such RRset, and the
 * TTL says nothing.
 */
export type RecordSet = {
  readonly type: AddressType;
  readonly ttl: Ttl;
  readonly addresses: readonly IpAddress[];
};

/** What a name shall become: each RRset listed is exactly as given, every other RRset of the name stays. */
export type NameChange = { readonly name: DomainName; readonly recordSets: readonly RecordSet[] };

/**
 * True when both hold the same addresses, in any order. The TTL does not count: a TTL alone is no reason to
 * send an update.
 */
export function haveSameAddresses(one: RecordSet, other: RecordSet): boolean {
  const texts = new Set(one.addresses.map((address) => address.text));
  return (
    texts.size === new Set(other.addresses.map((address) => address.text)).size &&
    other.addresses.every((address) => texts.has(address.text))
  );
}

/**
 * One change with the effect of `earlier` followed by `later`. An RRset that both name is taken from the
 * later: a name server that runs all deletions of a message first (PowerDNS does) must never see two
 * replacements of one RRset in one message.
 */
export function mergeChanges(earlier: NameChange, later: NameChange): NameChange {
  const replaced = new Set(later.recordSets.map((set) => set.type));
  return {
    name: later.name,
    recordSets: [...earlier.recordSets.filter((set) => !replaced.has(set.type)), ...later.recordSets],
  };
}
