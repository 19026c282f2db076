import { type DomainName, parentOf } from '../../domain/domain-name.ts';
import { haveSameAddresses, type RecordSet } from '../../domain/record-set.ts';
import type { Deadline } from '../ports/clock.ts';
import type { DnsResult, DnsUpdater } from '../ports/dns-updater.ts';
import type { Present } from './plan-change.ts';

/** What the primary shows at a name that is not known to have records of its own. */
export type Shown = { readonly name: DomainName; readonly zone: DomainName; readonly present: Present };

/**
 * Whether a wildcard above the name shows some of the same records. Then they may be those of the wildcard alone
 * (RFC 4592), and whoever changes that would change what this name shows, though it was reported for itself.
 */
export async function isShownByWildcard(
  dns: Pick<DnsUpdater, 'lookUp'>,
  { name, zone, present }: Shown,
  deadline: Deadline,
): Promise<DnsResult<boolean>> {
  const types = [...present.keys()];
  const looks: Promise<DnsResult<readonly RecordSet[]>>[] = [];
  for (let at = name; at !== zone && types.length > 0; at = parentOf(at)) {
    const wildcard = `*.${parentOf(at)}` as DomainName;
    if (wildcard !== name) looks.push(dns.lookUp(wildcard, types, deadline));
  }
  let isShown = false;
  for (const look of await Promise.all(looks)) {
    if (look.ok) {
      isShown ||= look.value.some((set) => haveSameAddresses(set.addresses, present.get(set.type) ?? []));
    } else if (!look.fault.refused) {
      return look;
    }
    // What is refused there is an alias or a delegation, which shows no addresses.
  }
  return { ok: true, value: isShown };
}
