import { RrType } from '../dns-wire/constants.ts';

/** True for a type that records can have: not one of questions or of messages (RFC 6895 section 3.1). */
export function isDataType(type: number): boolean {
  return type > 0 && type !== RrType.OPT && !(type >= 128 && type <= 255);
}

/** A CNAME is alone at its name, but for what DNSSEC adds to every name (RFC 4034 section 3, 4). */
export function mayStandBesideCname(type: number): boolean {
  return type === RrType.RRSIG || type === RrType.NSEC;
}
