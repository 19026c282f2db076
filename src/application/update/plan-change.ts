import type { DomainName } from '../../domain/domain-name.ts';
import type { IpAddress, Ipv6Address } from '../../domain/ip-address.ts';
import { type Ipv6Prefix, joinPrefix } from '../../domain/ipv6-prefix.ts';
import {
  type AddressType,
  haveSameAddresses,
  type NameChange,
  type RecordSet,
  type RecordSetChange,
} from '../../domain/record-set.ts';
import type { Ttl } from '../../domain/ttl.ts';

/** What an RRset shall become: exactly this, or what is there now with another network in front. */
export type WantedRecordSet =
  | RecordSet
  | { readonly type: 'AAAA'; readonly ttl: Ttl; readonly prefix: Ipv6Prefix };

/** RRsets of the name that are not listed stay. */
export type WantedName = { readonly name: DomainName; readonly recordSets: readonly WantedRecordSet[] };

/** The addresses that the primary holds at a name. */
export type Present = ReadonlyMap<AddressType, readonly IpAddress[]>;

const NOTHING: Present = new Map();

export type Plan =
  /** `recordSets` is what was wanted, with the host parts that are there. */
  | { readonly kind: 'change'; readonly change: NameChange; readonly recordSets: readonly RecordSet[] }
  | { readonly kind: 'unchanged'; readonly recordSets: readonly RecordSet[] }
  /** A prefix was to be put in front of a host part, and there is no AAAA to take one from. */
  | { readonly kind: 'no-host-part' };

/**
 * What has to be sent so that a name becomes as wanted. Where one RRset differs, those that do not are sent
 * too: the primary then vouches for all of them at one moment, and a wildcard that shows the wanted A, but
 * not to a name that has come to exist by its AAAA, is found out.
 *
 * @param shown what the primary showed just now.
 * @param refuted what it showed before an earlier change that it then refused because the RRsets were not so.
 */
export function planChange({ name, recordSets }: WantedName, shown: Present, refuted?: Present): Plan {
  // Refused, and shown once more: a wildcard answers in place of the name (RFC 4592), which has no records.
  // Prerequisites look at the records themselves.
  const synthesised =
    refuted !== undefined &&
    recordSets.every(({ type }) => haveSameAddresses(addressesOf(shown, type), addressesOf(refuted, type)));
  const present = synthesised ? NOTHING : shown;

  const resolved: RecordSet[] = [];
  const changes: RecordSetChange[] = [];
  let isChange = false;
  for (const set of recordSets) {
    const plain = 'prefix' in set ? behindPrefix(set, addressesOf(present, 'AAAA')) : set;
    if (plain === undefined) return { kind: 'no-host-part' };
    resolved.push(plain);
    const replaces = addressesOf(present, plain.type);
    isChange ||= !haveSameAddresses(plain.addresses, replaces);
    // A primary may forbid even the removal of what is not there.
    if (plain.addresses.length > 0 || replaces.length > 0) changes.push({ ...plain, replaces });
  }
  return isChange
    ? { kind: 'change', change: { name, recordSets: changes }, recordSets: resolved }
    : { kind: 'unchanged', recordSets: resolved };
}

const addressesOf = (present: Present, type: AddressType): readonly IpAddress[] => present.get(type) ?? [];

function behindPrefix(
  { type, ttl, prefix }: Extract<WantedRecordSet, { prefix: Ipv6Prefix }>,
  present: readonly IpAddress[],
): RecordSet | undefined {
  if (present.length === 0) return undefined;
  const joined = present.map((address) => joinPrefix(prefix, address as Ipv6Address));
  // Addresses with one host part in two networks become one address.
  const different = new Map(joined.map((address) => [address.text, address]));
  return { type, ttl, addresses: [...different.values()] };
}
