import { RrType } from '../dns-wire/constants.ts';
import { rrsetOf, type SoaRrset, type ZoneView } from './zone-data.ts';

/** The SOA of a zone, and its serial. domain/serial.ts compares serials. */

/** The five numbers are the last 20 octets of the RDATA (RFC 1035 section 3.3.13); the serial is the first of them. */
const SERIAL = 20;
const MINIMUM = 4;

/** Throws a RangeError unless the zone, which may be in the middle of a change, has exactly one SOA. */
export function soaOf(zone: ZoneView): SoaRrset {
  const soa = rrsetOf(zone.find(zone.name), RrType.SOA);
  const rdata = soa?.rdatas[0];
  if (soa === undefined || rdata === undefined || soa.rdatas.length > 1) {
    throw new RangeError(`the zone ${zone.name} does not have exactly one SOA`);
  }
  return { ...soa, rdatas: [rdata] };
}

export function serialOf(soa: Buffer): number {
  return soa.readUInt32BE(soa.length - SERIAL);
}

/** Seconds. With the TTL of the SOA, it limits how long a negative answer may be cached (RFC 2308 section 3). */
export function minimumOf(soa: Buffer): number {
  return soa.readUInt32BE(soa.length - MINIMUM);
}

/** A copy of the RDATA with another serial. */
export function withSerial(soa: Buffer, serial: number): Buffer {
  const copy = Buffer.from(soa);
  copy.writeUInt32BE(serial, copy.length - SERIAL);
  return copy;
}

/** The next serial. It is never 0, because some secondaries read 0 as "no serial yet". */
export function nextSerial(serial: number): number {
  return (serial + 1) >>> 0 || 1;
}
