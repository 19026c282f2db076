import { WireFault } from './wire-fault.ts';
import type { WireReader } from './wire-reader.ts';

/**
 * The fields of RDATA that are more than a number, a name or a string. Each function passes over one field and throws
 * `WIRE_MALFORMED` where it is invalid. They are as strict as BIND 9.18, so that secondaries with BIND load the zone.
 */

/** Any number of octets, also none. */
export function rest(reader: WireReader): void {
  reader.rest();
}

/** At least `least` octets. */
export const atLeast =
  (least: number) =>
  (reader: WireReader): void => {
    reader.take(least);
    reader.rest();
  };

export const someOctets = atLeast(1);

export function plainName(reader: WireReader): void {
  reader.plainNameOctets();
}

export function string(reader: WireReader): void {
  reader.string();
}

export function strings(reader: WireReader): void {
  do reader.string();
  while (reader.remaining > 0);
}

/** Letters and digits, at least one (RFC 8659 section 4.1). */
export function tag(reader: WireReader): void {
  if (!/^[a-z0-9]+$/i.test(reader.string().toString('latin1'))) {
    throw malformed(reader, 'a tag is not of letters and digits');
  }
}

/** The type of a digest, then the digest, up to the end. `lengths` has the octets of each known type. */
export const digest =
  (lengths: Readonly<Record<number, number>>) =>
  (reader: WireReader): void => {
    const kind = reader.uint8();
    const size = reader.remaining;
    someOctets(reader);
    if (size !== (lengths[kind] ?? size)) throw malformed(reader, 'a digest has not the length of its kind');
  };

export const octets =
  (length: number) =>
  (reader: WireReader): void => {
    reader.take(length);
  };

export function optionalString(reader: WireReader): void {
  if (reader.remaining > 0) reader.string();
}

/** At least four digits (RFC 1183 section 3.1). */
export function phoneNumber(reader: WireReader): void {
  if (!/^\d{4,}$/.test(reader.string().toString('latin1')))
    throw malformed(reader, 'a number has no four digits');
}

/** One bit for each port from 0 on, without zero octets at the end (RFC 1035 section 3.4.2). */
export function services(reader: WireReader): void {
  const bits = reader.rest();
  if (bits.length > 0x2000 || bits.at(-1) === 0)
    throw malformed(reader, 'a map of services is not well formed');
}

/** At least one octet of a format, and at least one digit where the format is 1 (af-saa-0069). */
export function atmAddress(reader: WireReader): void {
  const format = reader.uint8();
  const address = reader.rest().toString('latin1');
  if (address === '' || (format === 1 && !/^\d+$/.test(address)))
    throw malformed(reader, 'an ATM address is none');
}

/** RFC 9859 section 2: type, scheme, port, and a name. */
export function notifyTarget(reader: WireReader): void {
  reader.take(5);
  reader.plainNameOctets();
}

/** A KEY record (RFC 2535 section 3.1). It has no key where the highest two bits of its flags are set. */
export function publicKey(reader: WireReader): void {
  const flags = reader.uint16();
  reader.uint8();
  if ((flags & 0xc000) === 0xc000) reader.uint8();
  else algorithmAndKey(reader);
}

/** Like a KEY, with flags that are all zero (draft-reid-dnsext-rkey). */
export function requestKey(reader: WireReader): void {
  if (reader.uint16() !== 0) throw malformed(reader, 'a flag is set');
  reader.uint8();
  algorithmAndKey(reader);
}

const PRIVATE_DNS = 253;
const PRIVATE_OID = 254;

/** The key of a private algorithm begins with the name of the algorithm (RFC 4034 appendix A.1.1). */
export function algorithmAndKey(reader: WireReader): void {
  const algorithm = reader.uint8();
  if (algorithm === PRIVATE_DNS) reader.plainNameOctets();
  else if (algorithm === PRIVATE_OID) reader.take(reader.uint8());
  else reader.take(1);
  reader.rest();
}

/** Type, key tag and algorithm, then the certificate (RFC 4398 section 2). */
export function certificateKey(reader: WireReader): void {
  reader.take(5);
  someOctets(reader);
}

/** RFC 1876 section 2. Version 0 is the only one. */
export function location(reader: WireReader): void {
  if (reader.uint8() !== 0) throw malformed(reader, 'a location has another version than 0');
  for (let size = 0; size < 3; size += 1) {
    const octet = reader.uint8();
    const [digit, power] = [octet >> 4, octet & 0xf];
    if (digit > 9 || power > 9 || (digit === 0 && power > 0)) {
      throw malformed(reader, 'a size is no digit and power of ten');
    }
  }
  for (const degrees of [90, 180]) {
    const fromEquator = Math.abs(reader.uint32() - 0x80000000);
    if (fromEquator > degrees * 3_600_000) throw malformed(reader, `more than ${degrees} degrees`);
  }
  reader.uint32();
}

/** RFC 2874 section 3.1: the last bits of an address, and a name that has the first bits. */
export function chainedAddress(reader: WireReader): void {
  const prefix = reader.uint8();
  if (prefix > 128) throw malformed(reader, 'a prefix has more than 128 bits');
  const suffix = reader.take(16 - (prefix >> 3));
  if (((suffix[0] ?? 0) & ~(0xff >> (prefix & 7))) !== 0)
    throw malformed(reader, 'bits of the prefix are set');
  if (prefix > 0) reader.plainNameOctets();
}

/** RFC 3123 section 4. */
export function addressPrefixes(reader: WireReader): void {
  while (reader.remaining > 0) {
    const family = reader.uint16();
    const prefix = reader.uint8();
    const address = reader.take(reader.uint8() & 0x7f);
    const size = family === 1 ? 4 : family === 2 ? 16 : undefined;
    if (size !== undefined && (prefix > 8 * size || address.length > size)) {
      throw malformed(reader, 'a prefix is longer than an address');
    }
    if (address.at(-1) === 0) throw malformed(reader, 'an address in a prefix ends with a zero');
  }
}

/** RFC 4025 section 2. */
export function ipsecGateway(reader: WireReader): void {
  reader.uint8();
  const kind = reader.uint8();
  const algorithm = reader.uint8();
  gateway(reader, kind);
  if (algorithm === 0) reader.finish();
  else someOctets(reader);
}

/** RFC 8777 section 4. */
export function amtRelay(reader: WireReader): void {
  reader.uint8();
  gateway(reader, reader.uint8() & 0x7f);
}

function gateway(reader: WireReader, kind: number): void {
  if (kind === 0) return;
  if (kind === 3) reader.plainNameOctets();
  else if (kind === 1 || kind === 2) reader.take(kind === 1 ? 4 : 16);
  else throw malformed(reader, `a gateway of the unknown type ${kind}`);
}

/** RFC 8005 section 5. */
export function hostIdentity(reader: WireReader): void {
  const tag = reader.uint8();
  reader.uint8();
  const key = reader.uint16();
  if (tag === 0 || key === 0) throw malformed(reader, 'a host identity without a tag or a key');
  reader.take(tag + key);
  while (reader.remaining > 0) reader.plainNameOctets();
}

/** RFC 4034 section 4.1.2: windows in ascending order. Each has octets, and the last octet is not zero. */
export function bitmap(reader: WireReader): void {
  for (let last = -1; reader.remaining > 0; ) {
    const window = reader.uint8();
    const bits = reader.take(reader.uint8());
    if (window <= last || bits.length === 0 || bits.length > 32 || bits.at(-1) === 0) {
      throw malformed(reader, 'a bitmap of types is not well formed');
    }
    last = window;
  }
}

/** Scheme, algorithm, and a digest of at least 12 octets. Those of SHA-384 and SHA-512 are complete (RFC 8976). */
export function zoneDigest(reader: WireReader): void {
  reader.uint8();
  const algorithm = reader.uint8();
  const length = algorithm === 1 ? 48 : algorithm === 2 ? 64 : undefined;
  const digest = reader.rest();
  if (digest.length < 12 || (length !== undefined && digest.length !== length)) {
    throw malformed(reader, 'a digest has not the length of its kind');
  }
}

function malformed(reader: WireReader, what: string): WireFault {
  return WireFault.malformed(what, reader.offset);
}
