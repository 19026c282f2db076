import type { WireReader } from './wire-reader.ts';

/** Octets of a question without its name, and of a record without its owner and RDATA (RFC 1035 section 4.1). */
export const QUESTION_FIELDS_SIZE = 4;
export const RECORD_FIELDS_SIZE = 10;

/** Names have the presentation text of `name.ts`, in the case of the wire. */
export type Question = { readonly name: string; readonly type: number; readonly class: number };

export type ResourceRecord = {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** As on the wire, unsigned. Whoever stores it takes a value from 2^31 on for 0 (RFC 2181 section 8). */
  readonly ttl: number;
  /** A view of the message. Its names may be compressed (`expandRdata` decompresses them). */
  readonly rdata: Buffer;
  readonly rdataOffset: number;
};

export function readQuestion(reader: WireReader): Question {
  return { name: reader.name(), type: reader.uint16(), class: reader.uint16() };
}

export function readRecord(reader: WireReader): ResourceRecord {
  const name = reader.name();
  const type = reader.uint16();
  const rrClass = reader.uint16();
  const ttl = reader.uint32();
  const rdLength = reader.uint16();
  const rdataOffset = reader.offset;
  return { name, type, class: rrClass, ttl, rdata: reader.take(rdLength), rdataOffset };
}
