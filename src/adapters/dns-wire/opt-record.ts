import type { ResourceRecord } from './resource-record.ts';
import { WireFault } from './wire-fault.ts';
import { WireReader } from './wire-reader.ts';

/** The content of an OPT record (RFC 6891 section 6.1), without the upper bits of the RCODE. */
export type Opt = {
  /** Octets of UDP payload that the sender accepts. */
  readonly udpPayloadSize: number;
  readonly version: number;
  readonly dnssecOk: boolean;
  readonly options: readonly EdnsOption[];
};

export type EdnsOption = { readonly code: number; readonly data: Buffer };

const DNSSEC_OK = 0x8000;

/** `offset` is that of the whole record. Throws `WIRE_MALFORMED`. */
export function readOpt(octets: Buffer, record: ResourceRecord, offset: number): Opt {
  if (record.name !== '') throw WireFault.malformed('an OPT record whose owner is not the root', offset);
  const { rdataOffset } = record;
  const reader = new WireReader(octets, 'the OPT record', rdataOffset, rdataOffset + record.rdata.length);
  const options: EdnsOption[] = [];
  while (reader.remaining > 0) options.push({ code: reader.uint16(), data: reader.take(reader.uint16()) });
  return {
    udpPayloadSize: record.class,
    version: (record.ttl >>> 16) & 0xff,
    dnssecOk: (record.ttl & DNSSEC_OK) !== 0,
    options,
  };
}

/** The upper eight of the twelve bits of the RCODE. */
export function extendedRcodeOf(record: ResourceRecord): number {
  return record.ttl >>> 24;
}
