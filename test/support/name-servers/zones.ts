import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DomainName, domainName } from '../../../src/domain/domain-name.ts';

/** The zone in which nearly everything happens. */
export const DYN_ZONE = domainName('dyn.example.test');
/** Lies below {@link DYN_ZONE} on the same server: its names are not that zone's to change. */
export const CHILD_ZONE = domainName('child.dyn.example.test');
/** Names in it are refused to `KEYS.limited` by policy, all but two. */
export const POLICY_ZONE = domainName('pol.example.test');

export const PRIMARY_ZONES: readonly DomainName[] = [DYN_ZONE, CHILD_ZONE, POLICY_ZONE];

/** Writes `ZONE.zone` for each zone. */
export async function writeZoneFiles(folder: string, zones: readonly DomainName[]): Promise<void> {
  for (const zone of zones) await writeFile(join(folder, `${zone}.zone`), zoneFile(zone));
}

/** What each zone holds at first: `www`, the CNAME `alias`, `txt`, the delegation `deleg`, `*.wild`. */
function zoneFile(zone: DomainName): string {
  return `$ORIGIN ${zone}.
$TTL 300
@ 300 IN SOA ns1.${zone}. hostmaster.${zone}. 1000 3600 600 86400 60
@ 300 IN NS ns1.${zone}.
@ 300 IN NS ns2.${zone}.
ns1 300 IN A 127.0.0.1
ns2 300 IN A 127.0.0.1
www 300 IN A 192.0.2.80
alias 300 IN CNAME www.${zone}.
txt 300 IN TXT "one" "two"
deleg 300 IN NS ns1.deleg.${zone}.
ns1.deleg 300 IN A 127.0.0.1
*.wild 300 IN A 192.0.2.99
`;
}
