import type { DomainName } from '../domain/domain-name.ts';
import type { IpAddress, Ipv6Address } from '../domain/ip-address.ts';
import { type Ipv6Prefix, joinPrefix } from '../domain/ipv6-prefix.ts';
import {
  type AddressType,
  haveSameAddresses,
  type NameChange,
  type RecordSet,
} from '../domain/record-set.ts';
import type { Ttl } from '../domain/ttl.ts';

/** What an RRset shall become: exactly this, or what is there now with another network in front. */
export type WantedRecordSet =
  | RecordSet
  | { readonly type: 'AAAA'; readonly ttl: Ttl; readonly prefix: Ipv6Prefix };

/** RRsets of the name that are not listed stay. */
export type WantedName = { readonly name: DomainName; readonly recordSets: readonly WantedRecordSet[] };

/** What the primary showed of a name; a type without records is left out. */
export type Present = ReadonlyMap<AddressType, RecordSet>;

export type Plan =
  /** `change` holds only what differs; `recordSets` is all that was wanted. */
  | { readonly kind: 'change'; readonly change: NameChange; readonly recordSets: readonly RecordSet[] }
  | { readonly kind: 'unchanged'; readonly recordSets: readonly RecordSet[] }
  /** A prefix was to be put in front of a host part, and there is no AAAA to take one from. */
  | { readonly kind: 'no-host-part' };

/**
 * What has to be sent so that a name becomes as wanted.
 *
 * @param present what the primary showed just now.
 * @param refuted what it showed before an earlier change that it then refused because the RRset was not so.
 */
export function planChange({ name, recordSets }: WantedName, present: Present, refuted?: Present): Plan {
  const resolved: RecordSet[] = [];
  for (const set of recordSets) {
    const plain = 'prefix' in set ? behindPrefix(set, present.get('AAAA')) : set;
    if (plain === undefined) return { kind: 'no-host-part' };
    resolved.push(plain);
  }
  const different = resolved.filter(
    (set) => !haveSameAddresses(addressesOf(present, set.type), set.addresses),
  );
  if (different.length === 0) return { kind: 'unchanged', recordSets: resolved };
  const changes = different.map((set) => {
    const shown = addressesOf(present, set.type);
    // Shown again, though the RRset is not there: a wildcard answers in its place (RFC 4592). Prerequisites
    // look at the records themselves.
    const synthesised = refuted !== undefined && haveSameAddresses(shown, addressesOf(refuted, set.type));
    return { ...set, replaces: synthesised ? [] : shown };
  });
  return { kind: 'change', change: { name, recordSets: changes }, recordSets: resolved };
}

const addressesOf = (present: Present, type: AddressType): readonly IpAddress[] =>
  present.get(type)?.addresses ?? [];

function behindPrefix(
  { type, ttl, prefix }: Extract<WantedRecordSet, { prefix: Ipv6Prefix }>,
  present: RecordSet | undefined,
): RecordSet | undefined {
  if (present === undefined || present.addresses.length === 0) return undefined;
  const addresses = present.addresses.map((address) => joinPrefix(prefix, address as Ipv6Address));
  return { type, ttl, addresses };
}
