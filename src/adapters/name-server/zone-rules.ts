import { RrType } from '../dns-wire/constants.ts';

/**
 * True for a type that records can have: not one of questions or of messages (RFC 6895 section 3.1), nor one of
 * the two that MX has replaced since 1986 and that other servers refuse to load (RFC 973).
 */
export function isDataType(type: number): boolean {
  if (type === RrType.OPT || type === RrType.MD || type === RrType.MF) return false;
  return type > 0 && !(type >= 128 && type <= 255);
}

/** A CNAME is alone at its name, but for what DNSSEC adds to every name (RFC 4034 section 3, 4). */
export function mayStandBesideCname(type: number): boolean {
  return type === RrType.RRSIG || type === RrType.NSEC;
}
