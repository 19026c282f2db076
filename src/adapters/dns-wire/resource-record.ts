import type { WireReader } from './wire-reader.ts';

/** Octets of a question beside its name, and of a record beside its owner and its RDATA (RFC 1035 section 4.1). */
export const QUESTION_FIELDS_SIZE = 4;
export const RECORD_FIELDS_SIZE = 10;

/** Names are the presentation text of `name.ts`, in the case of the wire. */
export type Question = { readonly name: string; readonly type: number; readonly class: number };

export type ResourceRecord = {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** Unsigned: RFC 2181 section 8 calls those from 2^31 on zero, but that is for who keeps them to say. */
  readonly ttl: number;
  /** A view of the message. Names in it may be compressed: see `expandRdata`. */
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
