import { RrType } from '../../dns-wire/constants.ts';
import { lowerName, readName } from '../../dns-wire/name.ts';
import { type NamePlace, namesIn } from '../../dns-wire/rdata.ts';
import type { Zone } from '../zone.ts';
import { type Rrset, rrsetOf } from '../zone-data.ts';
import type { ZoneStoreFace } from '../zone-store.ts';
import type { SectionRrset } from './message-writer.ts';

/** The place of the host in the RDATA of types whose host a client looks up next. */
const HOSTS: ReadonlyMap<number, NamePlace | undefined> = new Map(
  [
    ...[RrType.NS, RrType.MX, RrType.AFSDB, RrType.RT],
    ...[RrType.SRV, RrType.KX, RrType.SVCB, RrType.HTTPS],
  ].map((type) => [type, namesIn(type)]),
);

const ADDRESSES = [RrType.A, RrType.AAAA];

/**
 * The addresses that `zone` has of the hosts in `rrsets`, and the glue of name servers below a delegation. A host that
 * belongs to another zone of this server is left out.
 */
export function additionalsFor(
  zones: Pick<ZoneStoreFace, 'closest'>,
  zone: Zone,
  rrsets: readonly SectionRrset[],
): readonly SectionRrset[] {
  const additionals: SectionRrset[] = [];
  const seen = new Set<string>();
  for (const { owner: source, rrset } of rrsets) {
    const host = HOSTS.get(rrset.type);
    if (host === undefined) continue;
    for (const rdata of rrset.rdatas) {
      const service = serviceIn(rrset.type, rdata);
      const { name } = readName(rdata, host.offset);
      const owner = name === '' && service === 'itself' ? source : name;
      const key = lowerName(owner);
      if (seen.has(key) || zones.closest(key) !== zone) continue;
      seen.add(key);
      for (const type of service === 'alias' ? [...ADDRESSES, rrset.type] : ADDRESSES) {
        const found = recordsAt(zone, key, type, rrset.type === RrType.NS);
        if (found !== undefined && found !== rrset) additionals.push({ owner, rrset: found });
      }
    }
  }
  return additionals;
}

function recordsAt(zone: Zone, name: string, type: number, glue: boolean): Rrset | undefined {
  const found = zone.resolve(name, type);
  switch (found.kind) {
    case 'node':
    case 'wildcard':
      return rrsetOf(found.node, type);
    case 'delegation':
      return glue ? rrsetOf(zone.find(name), type) : undefined;
    default:
      return undefined;
  }
}

/**
 * RFC 9460 section 2.4: a record is an alias or describes the service itself. Only in the second form, the root as its
 * target means the owner (section 2.5).
 */
function serviceIn(type: number, rdata: Buffer): 'alias' | 'itself' | undefined {
  if (type !== RrType.SVCB && type !== RrType.HTTPS) return undefined;
  return rdata.readUInt16BE() === 0 ? 'alias' : 'itself';
}
