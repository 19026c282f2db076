import { RrType } from './constants.ts';
import * as check from './rdata-checks.ts';
import type { WireReader } from './wire-reader.ts';

/**
 * One field of an RDATA. Each has a text form in master files (`name-server/rdata/`), except a check. RDATA with a
 * check is written as octets (RFC 3597 section 5).
 */
export type RdataField =
  | 'ipv4'
  | 'ipv6'
  /** Compressed or not, and compared without case (RFC 3597 section 4, RFC 4034 section 6.2). */
  | 'name'
  /** Never compressed, and compared octet by octet (RFC 3597 section 6). */
  | 'plain-name'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  /** A `uint32`, in master files also as `1h30m`. */
  | 'seconds'
  /** A character-string (RFC 1035 section 3.3). */
  | 'string'
  /** A `string` that rewrites a name (RFC 3402 section 3.2). */
  | 'substitution'
  /** One character-string or more, up to the end. */
  | 'strings'
  /** A text without a length, up to the end. */
  | 'text'
  /** A character-string of letters and digits (RFC 8659 section 4.1). */
  | 'tag'
  /** At least one octet, up to the end. `hex` and `base64` differ in their text only. */
  | 'hex'
  | 'base64'
  /** The number of the algorithm, then the key, up to the end. */
  | 'algorithm-and-key'
  | 'service-parameters'
  /** One octet with the type of a digest, then the digest, up to the end. Has the length of each known type. */
  | { readonly digest: Readonly<Record<number, number>> }
  | Check;

/** Moves the reader behind a field. Throws `WIRE_MALFORMED` if the field is invalid. */
export type Check = (reader: WireReader) => void;

export type RdataForm = readonly RdataField[];

/** SHA-1, SHA-256, SHA-384 (RFC 4034, 4509, 6605). */
const DELEGATION: RdataForm = ['uint16', 'uint8', { digest: { 1: 20, 2: 32, 4: 48 } }];
const KEY: RdataForm = ['uint16', 'uint8', 'algorithm-and-key'];
const CERTIFICATE: RdataForm = ['uint8', 'uint8', 'uint8', 'hex'];
const OPAQUE: RdataForm = [check.rest];
const SOME: RdataForm = [check.someOctets];

/**
 * The form of each type that a zone can have, where `constants.ts` has a name for the type. This is the only table of
 * them: RDATA is compared, compressed, validated, and converted from and to master files by these forms.
 */
const FORMS: ReadonlyMap<number, RdataForm> = new Map<number, RdataForm>([
  [RrType.A, ['ipv4']],
  [RrType.NS, ['name']],
  [RrType.CNAME, ['name']],
  [RrType.SOA, ['name', 'name', 'uint32', 'seconds', 'seconds', 'seconds', 'seconds']],
  [RrType.MB, ['name']],
  [RrType.MG, ['name']],
  [RrType.MR, ['name']],
  [RrType.NULL, OPAQUE],
  [RrType.WKS, ['ipv4', 'uint8', check.services]],
  [RrType.PTR, ['name']],
  [RrType.HINFO, ['string', 'string']],
  [RrType.MINFO, ['name', 'name']],
  [RrType.MX, ['uint16', 'name']],
  [RrType.TXT, ['strings']],
  [RrType.RP, ['name', 'name']],
  [RrType.AFSDB, ['uint16', 'name']],
  [RrType.X25, [check.phoneNumber]],
  [RrType.ISDN, ['string', check.optionalString]],
  [RrType.RT, ['uint16', 'name']],
  [RrType.NSAP, SOME],
  [RrType['NSAP-PTR'], ['plain-name']],
  [RrType.KEY, [check.publicKey]],
  [RrType.PX, ['uint16', 'name', 'name']],
  [RrType.GPOS, ['string', 'string', 'string']],
  [RrType.AAAA, ['ipv6']],
  [RrType.LOC, [check.location]],
  [RrType.EID, SOME],
  [RrType.NIMLOC, SOME],
  [RrType.SRV, ['uint16', 'uint16', 'uint16', 'name']],
  [RrType.ATMA, [check.atmAddress]],
  [RrType.NAPTR, ['uint16', 'uint16', 'string', 'string', 'substitution', 'name']],
  [RrType.KX, ['uint16', 'name']],
  [RrType.CERT, [check.certificateKey]],
  [RrType.A6, [check.chainedAddress]],
  [RrType.DNAME, ['name']],
  [RrType.SINK, [check.atLeast(3)]],
  [RrType.APL, [check.addressPrefixes]],
  [RrType.DS, DELEGATION],
  // SHA-1, SHA-256 (RFC 4255, 6594).
  [RrType.SSHFP, ['uint8', { digest: { 1: 20, 2: 32 } }]],
  [RrType.IPSECKEY, [check.ipsecGateway]],
  [RrType.DNSKEY, KEY],
  [RrType.DHCID, SOME],
  [RrType.TLSA, CERTIFICATE],
  [RrType.SMIMEA, CERTIFICATE],
  [RrType.HIP, [check.hostIdentity]],
  [RrType.NINFO, ['strings']],
  [RrType.RKEY, [check.requestKey]],
  [RrType.TALINK, ['plain-name', 'plain-name']],
  [RrType.CDS, DELEGATION],
  [RrType.CDNSKEY, KEY],
  [RrType.OPENPGPKEY, ['base64']],
  [RrType.CSYNC, ['uint32', 'uint16', check.bitmap]],
  [RrType.ZONEMD, ['uint32', check.zoneDigest]],
  [RrType.SVCB, ['uint16', 'plain-name', 'service-parameters']],
  [RrType.HTTPS, ['uint16', 'plain-name', 'service-parameters']],
  [RrType.DSYNC, [check.notifyTarget]],
  [RrType.HHIT, SOME],
  [RrType.BRID, SOME],
  [RrType.SPF, ['strings']],
  [RrType.UINFO, OPAQUE],
  [RrType.UID, OPAQUE],
  [RrType.GID, OPAQUE],
  [RrType.UNSPEC, OPAQUE],
  [RrType.NID, ['uint16', check.octets(8)]],
  [RrType.L32, ['uint16', check.octets(4)]],
  [RrType.L64, ['uint16', check.octets(8)]],
  [RrType.LP, ['uint16', 'plain-name']],
  [RrType.EUI48, [check.octets(6)]],
  [RrType.EUI64, [check.octets(8)]],
  [RrType.URI, ['uint16', 'uint16', 'text']],
  [RrType.CAA, ['uint8', 'tag', 'text']],
  [RrType.AVC, ['strings']],
  [RrType.DOA, ['uint32', 'uint32', 'uint8', 'string', check.rest]],
  [RrType.AMTRELAY, [check.amtRelay]],
  [RrType.RESINFO, ['strings']],
  [RrType.WALLET, ['strings']],
  [RrType.TA, DELEGATION],
  [RrType.DLV, DELEGATION],
]);

/** The types that only signing adds to a zone. Zones are served unsigned, and an update would make them invalid. */
const SIGNATURES: ReadonlySet<number> = new Set([
  RrType.SIG,
  RrType.NXT,
  RrType.RRSIG,
  RrType.NSEC,
  RrType.NSEC3,
  RrType.NSEC3PARAM,
]);

/** Undefined for a type without a name, whose RDATA may be any octets (RFC 3597), and for types that no zone has. */
export function rdataFormOf(type: number): RdataForm | undefined {
  return FORMS.get(type);
}

/** True for a type that only signed zones have. */
export function isSignature(type: number): boolean {
  return SIGNATURES.has(type);
}
