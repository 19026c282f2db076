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

/** What an RRset shall become: exactly this, or what is there now behind another prefix. */
export type WantedRecordSet =
  | RecordSet
  | { readonly type: 'AAAA'; readonly ttl: Ttl; readonly prefix: Ipv6Prefix };

/** What a name shall become. RRsets that are not listed stay as they are. */
export type WantedName = { readonly name: DomainName; readonly recordSets: readonly WantedRecordSet[] };

export type Plan = {
  /** Conditional on everything that was found. RRsets that are as wanted already are a condition only. */
  readonly change: NameChange;
  /** What was wanted, with the host parts that were found. */
  readonly recordSets: readonly RecordSet[];
  /** True when the name holds these values already. Its TTLs may differ. */
  readonly asWanted: boolean;
};

/**
 * What has to be sent so that a name becomes as wanted.
 *
 * @param found the RRsets of the wanted types, in the order in which they are wanted.
 * @returns undefined where a prefix was to be put in front of a host part, and there is no AAAA to take one from.
 */
export function planChange({ name, recordSets }: WantedName, found: FoundRecords): Plan | undefined {
  const resolved: RecordSet[] = [];
  const changes: RecordSetChange[] = [];
  let asWanted = true;
  for (const [index, wanted] of recordSets.entries()) {
    const present = found.recordSets[index];
    if (present === undefined) throw new Error('a DnsUpdater gave fewer RRsets than it was asked for');
    const set = 'prefix' in wanted ? behindPrefix(wanted, present) : wanted;
    if (set === undefined) return undefined;
    resolved.push(set);
    const sameValues = haveSameValues(set.values, present.values);
    // A TTL alone is set right where the primary was asked. It is no reason to doubt what is remembered.
    const sameTtl = found.remembered || set.values.length === 0 || set.ttl === present.ttl;
    if (!(sameValues && sameTtl)) changes.push({ ...set, kind: 'replace' });
    asWanted &&= sameValues;
  }
  return { change: { name, condition: found.recordSets, changes }, recordSets: resolved, asWanted };
}

function behindPrefix(
  { type, ttl, prefix }: Extract<WantedRecordSet, { prefix: Ipv6Prefix }>,
  present: RecordSet,
): RecordSet | undefined {
  if (present.values.length === 0) return undefined;
  const joined = present.values.map((address) => joinPrefix(prefix, address as Ipv6Address));
  // Addresses with one host part in two networks become one address.
  const different = new Map(joined.map((address) => [address.text, address]));
  return { type, ttl, values: [...different.values()] };
}
