import { Rcode, RrType } from '../../dns-wire/constants.ts';
import { encodeName, lowerName, readName } from '../../dns-wire/name.ts';
import { joinNames, labelsOf, parentName } from '../owner-name.ts';
import { minimumOf } from '../soa.ts';
import type { Zone } from '../zone.ts';
import { type Rrset, rrsetOf, type ZoneNode } from '../zone-data.ts';
import type { ZoneStoreFace } from '../zone-store.ts';
import { additionalsFor } from './additional-records.ts';
import type { SectionRrset } from './message-writer.ts';

/** What is said to a question, but for the header and the limits of the message. */
export type Answer = {
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly answers: readonly SectionRrset[];
  readonly authorities: readonly SectionRrset[];
  /** What spares the next question. */
  readonly additionals: readonly SectionRrset[];
  /** Without them all, a referral leads nowhere (RFC 9471). */
  readonly glue: readonly SectionRrset[];
};

/** An alias of an alias of an alias…: whoever needs more asks again. */
const MAX_ALIASES = 16;
/** Octets of a name on the wire (RFC 1035 section 2.3.4). */
const MAX_NAME = 255;

/**
 * The zone to answer from about `name`, which is in lower case. Of a zone's apex, DS alone is asked of the zone
 * above (RFC 4035 section 3.1.4.1).
 */
export function zoneFor(zones: Pick<ZoneStoreFace, 'closest'>, name: string, type: number): Zone | undefined {
  const zone = zones.closest(name);
  if (type !== RrType.DS || zone?.name !== name || name === '') return zone;
  return zones.closest(parentName(name)) ?? zone;
}

/**
 * Answers from one of the zones, that of {@link zoneFor} (RFC 1034 section 4.3.2, without recursion). `name` is
 * in the case of the question, and the answer keeps that.
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
        // Behind an alias the answer begins in the zone itself, and AA speaks of that (RFC 1035 section 4.1.1).
        const authoritative = answers.length > 0;
        const glue = additionalsFor(zones, zone, authorities);
        return { ...NOTHING, authoritative, answers, authorities, glue };
      }
      case 'dname': {
        const { node, dname } = found;
        // A name may pass through one DNAME again and again; it is shown once.
        if (!answers.some(({ rrset }) => rrset === dname)) answers.push({ owner: node.owner, rrset: dname });
        const target = substituted(owner, node.name, dname);
        if (target === undefined) return { ...NOTHING, rcode: Rcode.YXDOMAIN, answers };
        // RFC 6672 section 3.1: for those who know no DNAME, with its TTL.
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
    // What lies in another zone is asked there, also where that is one of ours: this answer is kept for as long
    // as this zone stays, and must say nothing of another. A loop ends with what it has shown so far.
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

/** What a signed zone has beside a CNAME (RFC 4034 section 3, 4): a question for it is about the name itself. */
const BESIDE_CNAME: ReadonlySet<number> = new Set([RrType.RRSIG, RrType.NSEC]);

/** For ANY, one RRset is enough of an answer (RFC 8482 section 4.1). */
function rrsetFor(node: ZoneNode, type: number): Rrset | undefined {
  const cname = rrsetOf(node, RrType.CNAME);
  if (type === RrType.ANY) return cname ?? node.rrsets[0];
  return rrsetOf(node, type) ?? (BESIDE_CNAME.has(type) ? undefined : cname);
}

const followsAliases = (type: number): boolean => type !== RrType.CNAME && type !== RrType.ANY;

/** RFC 2308 section 3 and 5: the TTL of the SOA is how long "there is none" may be remembered. */
function negativeSoa(zone: Zone): SectionRrset {
  const { soa } = zone;
  const ttl = Math.min(soa.ttl, minimumOf(soa.rdatas[0]));
  return { owner: zone.apex.owner, rrset: { ...soa, ttl } };
}

/** The labels of `owner` below the DNAME, in front of its target; undefined where that is too long for a name. */
function substituted(owner: string, dnameOwner: string, { rdatas: [rdata] }: Rrset): string | undefined {
  if (rdata === undefined) return undefined;
  const labels = labelsOf(owner);
  const prefix = labels.slice(0, labels.length - labelsOf(dnameOwner).length);
  const target = joinNames(prefix.join('.'), readName(rdata, 0).name);
  return wireLength(target) <= MAX_NAME ? target : undefined;
}

/** Octets of a name, of which each label may be valid and the whole too long. */
const wireLength = (name: string): number =>
  labelsOf(name).reduce((size, label) => size + encodeName(label).length - 1, 1);
