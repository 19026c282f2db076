import { Rcode, RrType } from '../../dns-wire/constants.ts';
import { encodeName, lowerName, readName } from '../../dns-wire/name.ts';
import { joinNames, labelsOf, parentName } from '../owner-name.ts';
import { minimumOf } from '../soa.ts';
import type { Zone } from '../zone.ts';
import { type Rrset, rrsetOf, type ZoneNode } from '../zone-data.ts';
import type { ZoneStoreFace } from '../zone-store.ts';
import { additionalsFor } from './additional-records.ts';
import type { SectionRrset } from './message-writer.ts';

/** The content of an answer, without its header and before any truncation. */
export type Answer = {
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly answers: readonly SectionRrset[];
  readonly authorities: readonly SectionRrset[];
  /** They save the client another query. */
  readonly additionals: readonly SectionRrset[];
  /** A referral needs all of it (RFC 9471). */
  readonly glue: readonly SectionRrset[];
};

/** Records in a chain of aliases. The client asks again for the rest. */
const MAX_ALIASES = 16;
/** Octets of a name on the wire (RFC 1035 section 2.3.4). */
const MAX_NAME = 255;

/**
 * The zone that answers a query for the lower-case `name`. The DS of an apex belongs to the zone above (RFC 4035
 * section 3.1.4.1).
 */
export function zoneFor(zones: Pick<ZoneStoreFace, 'closest'>, name: string, type: number): Zone | undefined {
  const zone = zones.closest(name);
  if (type !== RrType.DS || zone?.name !== name || name === '') return zone;
  return zones.closest(parentName(name)) ?? zone;
}

/**
 * Answers from the zone that {@link zoneFor} gave (RFC 1034 section 4.3.2, without recursion). `name` and the answer
 * have the case of the question.
 */
export function answerQuery(
  zones: Pick<ZoneStoreFace, 'closest'>,
  zone: Zone,
  name: string,
  type: number,
): Answer {
  const answers: SectionRrset[] = [];
  let owner = name;
  for (;;) {
    const found = zone.resolve(lowerName(owner), type);
    switch (found.kind) {
      case 'nxdomain':
        return { ...NOTHING, rcode: Rcode.NXDOMAIN, answers, authorities: [negativeSoa(zone)] };
      case 'delegation': {
        const authorities = [{ owner: found.node.owner, rrset: found.ns }];
        // AA is about the first record of the answer (RFC 1035 section 4.1.1), which an alias in this zone can be.
        const authoritative = answers.length > 0;
        const glue = additionalsFor(zones, zone, authorities);
        return { ...NOTHING, authoritative, answers, authorities, glue };
      }
      case 'dname': {
        const { node, dname } = found;
        // A chain may pass one DNAME several times. The answer has it once.
        if (!answers.some(({ rrset }) => rrset === dname)) answers.push({ owner: node.owner, rrset: dname });
        const target = substituted(owner, node.name, dname);
        if (target === undefined) return { ...NOTHING, rcode: Rcode.YXDOMAIN, answers };
        // RFC 6672 section 3.1: for clients without DNAME, with the TTL of the DNAME.
        answers.push({
          owner,
          rrset: { type: RrType.CNAME, ttl: dname.ttl, rdatas: [encodeName(target)] },
        });
        if (!followsAliases(type)) return { ...NOTHING, answers };
        owner = target;
        break;
      }
      default: {
        const rrset = rrsetFor(found.node, type);
        if (rrset === undefined) return { ...NOTHING, answers, authorities: [negativeSoa(zone)] };
        answers.push({ owner, rrset });
        const target = rrset.rdatas[0];
        if (rrset.type !== RrType.CNAME || !followsAliases(type) || target === undefined) {
          return { ...NOTHING, answers, additionals: additionalsFor(zones, zone, answers) };
        }
        owner = readName(target, 0).name;
      }
    }
    // The answer ends at the border of the zone, even if this server has the next zone too. It is cached for one version
    // of this zone, so it must not depend on another zone. A loop of aliases ends here as well.
    const isLoop = answers.some(
      (earlier) => earlier.rrset.type === RrType.CNAME && lowerName(earlier.owner) === lowerName(owner),
    );
    if (isLoop || answers.length >= MAX_ALIASES || zoneFor(zones, lowerName(owner), type) !== zone) {
      return { ...NOTHING, answers };
    }
  }
}

const NOTHING: Answer = {
  rcode: Rcode.NOERROR,
  authoritative: true,
  answers: [],
  authorities: [],
  additionals: [],
  glue: [],
};

/** A signed zone has these beside a CNAME (RFC 4034 section 3, 4), so a query for them does not follow it. */
const BESIDE_CNAME: ReadonlySet<number> = new Set([RrType.RRSIG, RrType.NSEC]);

/** The RRset of the type, else the CNAME. Any RRset is enough of an answer to ANY (RFC 8482 section 4.1). */
function rrsetFor(node: ZoneNode, type: number): Rrset | undefined {
  const cname = rrsetOf(node, RrType.CNAME);
  if (type === RrType.ANY) return cname ?? node.rrsets[0];
  return rrsetOf(node, type) ?? (BESIDE_CNAME.has(type) ? undefined : cname);
}

const followsAliases = (type: number): boolean => type !== RrType.CNAME && type !== RrType.ANY;

/** RFC 2308 section 3, 5: the TTL of this SOA is how long the negative answer may be cached. */
function negativeSoa(zone: Zone): SectionRrset {
  const { soa } = zone;
  const ttl = Math.min(soa.ttl, minimumOf(soa.rdatas[0]));
  return { owner: zone.apex.owner, rrset: { ...soa, ttl } };
}

/** `owner` with the owner of the DNAME replaced by its target. Undefined where the result is too long for a name. */
function substituted(owner: string, dnameOwner: string, { rdatas: [rdata] }: Rrset): string | undefined {
  if (rdata === undefined) return undefined;
  const labels = labelsOf(owner);
  const prefix = labels.slice(0, labels.length - labelsOf(dnameOwner).length);
  const target = joinNames(prefix.join('.'), readName(rdata, 0).name);
  return wireLength(target) <= MAX_NAME ? target : undefined;
}

/** Octets of a name whose labels are valid, even where the whole is too long. */
const wireLength = (name: string): number =>
  labelsOf(name).reduce((size, label) => size + encodeName(label).length - 1, 1);
