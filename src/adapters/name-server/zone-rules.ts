import { RrType } from '../dns-wire/constants.ts';
import { RECORD_FIELDS_SIZE } from '../dns-wire/resource-record.ts';
import { isAtOrBelow, parentName } from './owner-name.ts';

/** What holds for every zone, whether it comes from a file or from an UPDATE. */

/**
 * Octets of the records of an RRset in an answer. The rest of 65,535 has room for the header, the question, an alias
 * that leads here, OPT and a signature, each with the longest names. So every RRset fits into an answer.
 */
export const MAX_RRSET_SIZE = 64_000;

/** Octets of a name that the message has already (RFC 1035 section 4.1.4). */
const POINTER_SIZE = 2;

/** Octets that a record adds to its RRset. The sum is compared with {@link MAX_RRSET_SIZE}. */
export function recordSize(rdata: Buffer): number {
  return POINTER_SIZE + RECORD_FIELDS_SIZE + rdata.length;
}

/**
 * True for a type of data. The types of questions and of messages (RFC 6895 section 3.1) are none. MD and MF are
 * refused: MX has replaced them (RFC 973), and other servers do not load them.
 */
export function isDataType(type: number): boolean {
  if (type === RrType.OPT || type === RrType.MD || type === RrType.MF) return false;
  return type > 0 && !(type >= 128 && type <= 255);
}

/** False for types whose meaning at a wildcard is not defined (RFC 4592 section 4.2, 4.4). */
export function mayStandAtWildcard(type: number): boolean {
  return type !== RrType.NS && type !== RrType.DNAME;
}

export const isWildcard = (name: string): boolean => name === '*' || name.startsWith('*.');

/** The types at a lower-case name; none where it has no records. */
export type TypesAt = (name: string) => readonly number[];

/** Why resolvers cannot find a name server. */
export type ServerFlaw = 'no address' | 'alias';

/**
 * What is wrong with `server`, the target of an NS at the apex of `zone`; both names are in lower case. Other servers
 * do not load a zone with such an NS. A target outside of the zone or below a delegation is not judged, because its
 * addresses are in another zone. The address of a wildcard does not count: a new name beside the wildcard can hide it.
 */
export function serverFlaw(server: string, zone: string, typesAt: TypesAt): ServerFlaw | undefined {
  if (!isAtOrBelow(server, zone)) return undefined;
  for (const name of namesBetween(zone, server)) {
    if (name !== server && typesAt(name).includes(RrType.DNAME)) return 'alias';
    if (name !== zone && typesAt(name).includes(RrType.NS)) return undefined;
  }
  const types = typesAt(server);
  if (types.includes(RrType.CNAME)) return 'alias';
  return types.includes(RrType.A) || types.includes(RrType.AAAA) ? undefined : 'no address';
}

/** From `zone` down to `name`. */
function namesBetween(zone: string, name: string): readonly string[] {
  return name === zone ? [zone] : [...namesBetween(zone, parentName(name)), name];
}
