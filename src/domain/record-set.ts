import type { DomainName } from './domain-name.ts';
import type { IpAddress } from './ip-address.ts';
import type { Ttl } from './ttl.ts';

/** The types of record that dynonym changes. All others at a name belong to somebody else. */
export type AddressType = 'A' | 'AAAA';

/**
 * The RRset of one type at a name (RFC 2181 section 5). Without addresses there is no such RRset, and the
 * TTL says nothing.
 */
export type RecordSet = {
  readonly type: AddressType;
  readonly ttl: Ttl;
  readonly addresses: readonly IpAddress[];
};

/** What an RRset shall become, and what it is now. */
export type RecordSetChange = RecordSet & {
  /**
   * The change happens only where the RRset holds exactly these addresses now (none: where there is no such
   * RRset); left out, it happens whatever is there. So a copy of a message that arrives late, and a change
   * that somebody else made in between, can do no harm (RFC 2136 section 2.4).
   */
  readonly replaces?: readonly IpAddress[];
};

/** What a name shall become: each RRset listed is exactly as given, every other RRset of the name stays. */
export type NameChange = { readonly name: DomainName; readonly recordSets: readonly RecordSetChange[] };

/**
 * True when each RRset is to be replaced by the same addresses. Nothing is changed then, the TTL included: it is
 * only found out whether the name still holds them.
 */
export function changesNothing({ recordSets }: NameChange): boolean {
  return recordSets.every(
    ({ addresses, replaces }) => replaces !== undefined && haveSameAddresses(addresses, replaces),
  );
}

/** A change that changes nothing: it happens where the name holds these RRsets. */
export function confirmationOf(name: DomainName, recordSets: readonly RecordSet[]): NameChange {
  return { name, recordSets: recordSets.map((set) => ({ ...set, replaces: set.addresses })) };
}

/**
 * True when both are the same addresses, in any order. The TTL of an RRset does not count anywhere: a TTL
 * alone is no reason to send an update.
 */
export function haveSameAddresses(one: readonly IpAddress[], other: readonly IpAddress[]): boolean {
  // Nearly all RRsets of addresses have one.
  if (one.length === 1 && other.length === 1) return one[0]?.text === other[0]?.text;
  const texts = new Set(one.map((address) => address.text));
  const others = new Set(other.map((address) => address.text));
  return texts.size === others.size && [...others].every((text) => texts.has(text));
}
