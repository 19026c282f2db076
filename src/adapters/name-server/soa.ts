import { RrType } from '../dns-wire/constants.ts';
import { rrsetOf, type SoaRrset, type ZoneView } from './zone-data.ts';

/** The numbers of a SOA are the last 20 octets of its RDATA (RFC 1035 section 3.3.13). */

const SERIAL = 20;
const MINIMUM = 4;

/** Throws a RangeError where the zone, in the middle of a change, has not exactly one. */
export function soaOf(zone: ZoneView): SoaRrset {
  const soa = rrsetOf(zone.find(zone.name), RrType.SOA);
  const rdata = soa?.rdatas[0];
  if (soa === undefined || rdata === undefined || soa.rdatas.length > 1) {
    throw new RangeError(`the zone ${zone.name} has not one SOA`);
  }
  return { ...soa, rdatas: [rdata] };
}

export function serialOf(soa: Buffer): number {
  return soa.readUInt32BE(soa.length - SERIAL);
}

/** How long "there is none" may be remembered, together with the TTL of the SOA (RFC 2308 section 3). */
export function minimumOf(soa: Buffer): number {
  return soa.readUInt32BE(soa.length - MINIMUM);
}

/** A copy with another serial. */
export function withSerial(soa: Buffer, serial: number): Buffer {
  const copy = Buffer.from(soa);
  copy.writeUInt32BE(serial, copy.length - SERIAL);
  return copy;
}
