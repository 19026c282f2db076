import { RrType } from '../dns-wire/constants.ts';
import { RECORD_FIELDS_SIZE } from '../dns-wire/resource-record.ts';

/**
 * Octets of the records of an RRset in an answer. The rest of 65,535 is for header and question, an alias that
 * leads here, OPT and a signature, each with the longest names: so every RRset can be asked for.
 */
export const MAX_RRSET_SIZE = 64_000;

/** Octets of a name that stands in the message already (RFC 1035 section 4.1.4). */
const POINTER_SIZE = 2;

/**
 * True for a type that records can have: not one of questions or of messages (RFC 6895 section 3.1), nor one of
 * the two that MX has replaced since 1986 and that other servers refuse to load (RFC 973).
 */
export function isDataType(type: number): boolean {
  if (type === RrType.OPT || type === RrType.MD || type === RrType.MF) return false;
  return type > 0 && !(type >= 128 && type <= 255);
}

/** What a record counts for {@link MAX_RRSET_SIZE}. */
export function recordSize(rdata: Buffer): number {
  return POINTER_SIZE + RECORD_FIELDS_SIZE + rdata.length;
}

/** What these would mean at a name that stands for many, nobody has said (RFC 4592 section 4.2, 4.4). */
export function mayStandAtWildcard(type: number): boolean {
  return type !== RrType.NS && type !== RrType.DNAME;
}

export const isWildcard = (name: string): boolean => name === '*' || name.startsWith('*.');
