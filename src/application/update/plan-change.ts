import type { DomainName } from '../../domain/domain-name.ts';
import type { Ipv6Address } from '../../domain/ip-address.ts';
import { type Ipv6Prefix, joinPrefix } from '../../domain/ipv6-prefix.ts';
import {
  haveSameValues,
  type NameChange,
  type RecordSet,
  type RecordSetChange,
} from '../../domain/record-set.ts';
import type { Ttl } from '../../domain/ttl.ts';
import type { FoundRecords } from '../ports/dns-updater.ts';

/** What an RRset shall become: exactly this one, or the present addresses with another prefix. */
export type WantedRecordSet =
  | RecordSet
  | { readonly type: 'AAAA'; readonly ttl: Ttl; readonly prefix: Ipv6Prefix };

/** What a name shall become. RRsets that are not listed stay as they are. */
export type WantedName = { readonly name: DomainName; readonly recordSets: readonly WantedRecordSet[] };

export type Plan = {
  /** Its condition is everything that was found. An RRset that is as wanted already is in the condition only. */
  readonly change: NameChange;
  /** The wanted RRsets. Where a prefix was wanted, the host parts that were found stand behind it. */
  readonly recordSets: readonly RecordSet[];
  /** True when the name holds the wanted values already: at most its TTLs change. */
  readonly keepsValues: boolean;
};

/**
 * What has to be sent so that a name becomes as wanted.
 *
 * @param found the RRsets of the wanted types, in the order in which they are wanted.
 * @returns undefined where a prefix is wanted, and there is no AAAA whose host part could stand behind it.
 */
export function planChange({ name, recordSets }: WantedName, found: FoundRecords): Plan | undefined {
  const resolved: RecordSet[] = [];
  const changes: RecordSetChange[] = [];
  let keepsValues = true;
  for (const [index, wanted] of recordSets.entries()) {
    const present = found.recordSets[index];
    if (present === undefined) throw new Error('a DnsUpdater gave fewer RRsets than it was asked for');
    const set = 'prefix' in wanted ? withPrefix(wanted, present) : wanted;
    if (set === undefined) return undefined;
    resolved.push(set);
    const sameValues = haveSameValues(set.values, present.values);
    // Prerequisites cannot compare TTLs (RFC 2136 section 2.4.2), so a TTL alone is corrected only after a query.
    const sameTtl = found.remembered || set.values.length === 0 || set.ttl === present.ttl;
    if (!(sameValues && sameTtl)) changes.push({ ...set, kind: 'replace' });
    keepsValues &&= sameValues;
  }
  return { change: { name, condition: found.recordSets, changes }, recordSets: resolved, keepsValues };
}

function withPrefix(
  { type, ttl, prefix }: Extract<WantedRecordSet, { prefix: Ipv6Prefix }>,
  present: RecordSet,
): RecordSet | undefined {
  if (present.values.length === 0) return undefined;
  const joined = present.values.map((address) => joinPrefix(prefix, address as Ipv6Address));
  // Addresses that differ in the prefix alone become one address.
  const different = new Map(joined.map((address) => [address.text, address]));
  return { type, ttl, values: [...different.values()] };
}
