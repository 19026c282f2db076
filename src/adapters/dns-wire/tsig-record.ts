import type { TsigAlgorithm } from '../../domain/tsig-key.ts';
import { RrClass, RrType } from './constants.ts';
import { encodeName, lowerName } from './name.ts';
import { uint, uint16 } from './octets.ts';
import type { ResourceRecord } from './resource-record.ts';
import { WireFault } from './wire-fault.ts';
import { WireReader } from './wire-reader.ts';

/** The content of a TSIG record (RFC 8945 section 4.2). It must not be trusted before the MAC is verified. */
export type Tsig = {
  /** The offset of the record in the message. */
  readonly offset: number;
  /** Names in lower case, as they are digested. */
  readonly keyName: string;
  readonly algorithmName: string;
  /** Seconds since 1970, 48 bits. */
  readonly time: number;
  readonly fudge: number;
  readonly mac: Buffer;
  readonly originalId: number;
  readonly error: number;
  readonly otherData: Buffer;
};

/** Offset of the count of additional records in the header. */
const ARCOUNT = 10;

const ALGORITHM_NAMES: Readonly<Record<TsigAlgorithm, string>> = {
  'hmac-md5': 'hmac-md5.sig-alg.reg.int',
  'hmac-sha1': 'hmac-sha1',
  'hmac-sha224': 'hmac-sha224',
  'hmac-sha256': 'hmac-sha256',
  'hmac-sha384': 'hmac-sha384',
  'hmac-sha512': 'hmac-sha512',
};

/** The name of an algorithm on the wire (RFC 8945 section 6). Only that of MD5 differs from its usual name. */
export function algorithmNameOf(algorithm: TsigAlgorithm): string {
  return ALGORITHM_NAMES[algorithm];
}

/** `offset` is that of the whole record. Throws `WIRE_MALFORMED`. */
export function readTsig(octets: Buffer, record: ResourceRecord, offset: number): Tsig {
  if (record.class !== RrClass.ANY || record.ttl !== 0) {
    throw WireFault.malformed('a TSIG record whose class is not ANY or whose TTL is not 0', offset);
  }
  const { rdataOffset } = record;
  const reader = new WireReader(octets, 'the TSIG record', rdataOffset, rdataOffset + record.rdata.length);
  const algorithmName = lowerName(reader.name());
  if (encodeName(algorithmName).length !== reader.offset - rdataOffset) {
    throw WireFault.malformed('a compressed name in a TSIG record', rdataOffset);
  }
  const tsig = {
    offset,
    keyName: lowerName(record.name),
    algorithmName,
    time: reader.uint48(),
    fudge: reader.uint16(),
    mac: reader.take(reader.uint16()),
    originalId: reader.uint16(),
    error: reader.uint16(),
    otherData: reader.take(reader.uint16()),
  };
  reader.finish();
  return tsig;
}

/** `message` with a TSIG record as its last record. */
export function appendTsig(message: Buffer, tsig: Omit<Tsig, 'offset'>): Buffer {
  const { mac, otherData } = tsig;
  const rdata = Buffer.concat([
    encodeName(tsig.algorithmName),
    uint(tsig.time, 6),
    uint16(tsig.fudge, mac.length),
    mac,
    uint16(tsig.originalId, tsig.error, otherData.length),
    otherData,
  ]);
  // The TTL is 0.
  const fields = uint16(RrType.TSIG, RrClass.ANY, 0, 0, rdata.length);
  const signed = Buffer.concat([message, encodeName(tsig.keyName), fields, rdata]);
  signed.writeUInt16BE(message.readUInt16BE(ARCOUNT) + 1, ARCOUNT);
  return signed;
}

/** The message as it was before its TSIG record was appended (RFC 8945 section 4.3.2). */
export function withoutTsig(message: Buffer, tsig: Tsig): Buffer {
  const unsigned = Buffer.from(message.subarray(0, tsig.offset));
  unsigned.writeUInt16BE(tsig.originalId, 0);
  unsigned.writeUInt16BE(message.readUInt16BE(ARCOUNT) - 1, ARCOUNT);
  return unsigned;
}
