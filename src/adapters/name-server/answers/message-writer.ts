import { RrClass, RrType } from '../../dns-wire/constants.ts';
import { encodeName } from '../../dns-wire/name.ts';
import { HEADER_SIZE } from '../../dns-wire/octets.ts';
import { type NamePlace, namesIn } from '../../dns-wire/rdata.ts';
import { QUESTION_FIELDS_SIZE, RECORD_FIELDS_SIZE } from '../../dns-wire/resource-record.ts';
import type { Rrset } from '../zone-data.ts';

/** An RRset with its owner, for a section of a message. */
export type SectionRrset = { readonly owner: string; readonly rrset: Rrset };

/** Bits of the second word of the header (RFC 1035 section 4.1.1). */
export const Flag = { QR: 0x8000, AA: 0x0400, TC: 0x0200 } as const;

/** The sections of a message that hold records. */
export type Section = 'answer' | 'authority' | 'additional';

/** The offset of the number of records of a section in the header. */
const COUNT_OFFSETS: Readonly<Record<Section, number>> = { answer: 6, authority: 8, additional: 10 };

/** The places of the names in the RDATA of types whose names may be compressed (RFC 3597 section 4). */
const COMPRESSIBLE: ReadonlyMap<number, NamePlace | undefined> = new Map(
  [RrType.NS, RrType.CNAME, RrType.SOA, RrType.PTR, RrType.MX].map((type) => [type, namesIn(type)]),
);

/** A pointer has 14 bits (RFC 1035 section 4.1.4). */
const REACH = 0x3fff;
const MAX_MESSAGE = 0xffff;
/** Larger than a message, because a record is written first and measured then. */
const scratch = Buffer.allocUnsafe(2 * MAX_MESSAGE + 1024);

/**
 * Writes a message with compressed names, up to a size. All writers share one buffer, so a message must be finished
 * before the next one begins.
 */
export class MessageWriter {
  readonly #limit: number;
  /** The offset of each name so far, by its octets in lower case. */
  readonly #names = new Map<string, number>();
  #length = HEADER_SIZE;

  /** `question` is copied as the client wrote it, with its case. Its name must be uncompressed. */
  constructor(question: Buffer, limit: number) {
    this.#limit = Math.min(limit, MAX_MESSAGE);
    scratch.fill(0, 0, HEADER_SIZE);
    if (question.length === 0) return;
    scratch.writeUInt16BE(1, 4);
    this.#name(question.subarray(0, question.length - QUESTION_FIELDS_SIZE));
    this.#octets(question, question.length - QUESTION_FIELDS_SIZE);
  }

  /** Adds the whole RRset. Where there is no room for all of it, adds nothing and gives false. */
  add(section: Section, { owner, rrset }: SectionRrset): boolean {
    const start = this.#length;
    const ownerOctets = encodeName(owner);
    for (const rdata of rrset.rdatas) {
      if (!this.#record(ownerOctets, rrset.type, rrset.ttl, rdata)) {
        this.#goBack(start);
        return false;
      }
    }
    const count = COUNT_OFFSETS[section];
    scratch.writeUInt16BE(scratch.readUInt16BE(count) + rrset.rdatas.length, count);
    return true;
  }

  /** The message with these flags and the id 0. */
  finish(flags: number): Buffer {
    scratch.writeUInt16BE(flags, 2);
    return Buffer.from(scratch.subarray(0, this.#length));
  }

  #record(owner: Buffer, type: number, ttl: number, rdata: Buffer): boolean {
    this.#name(owner);
    const fields = this.#length;
    scratch.writeUInt16BE(type, fields);
    scratch.writeUInt16BE(RrClass.IN, fields + 2);
    scratch.writeUInt32BE(ttl, fields + 4);
    this.#length += RECORD_FIELDS_SIZE;
    this.#rdata(type, rdata);
    scratch.writeUInt16BE(this.#length - fields - RECORD_FIELDS_SIZE, fields + 8);
    return this.#length <= this.#limit;
  }

  #rdata(type: number, rdata: Buffer): void {
    const names = COMPRESSIBLE.get(type);
    if (names === undefined) {
      this.#octets(rdata, 0);
      return;
    }
    let at = names.offset;
    this.#octets(rdata.subarray(0, at), 0);
    for (let left = names.count; left > 0; left -= 1) {
      const end = endOfName(rdata, at);
      this.#name(rdata.subarray(at, end));
      at = end;
    }
    this.#octets(rdata, at);
  }

  /** Writes the labels that the message does not have yet, then a pointer to the rest of the name. */
  #name(octets: Buffer): void {
    const key = lowerLatin1(octets);
    for (let at = 0, size = octets[0] ?? 0; size > 0; size = octets[at] ?? 0) {
      const suffix = key.slice(at);
      const known = this.#names.get(suffix);
      if (known !== undefined) {
        this.#octets(octets.subarray(0, at), 0);
        scratch.writeUInt16BE(0xc000 | known, this.#length);
        this.#length += 2;
        return;
      }
      if (this.#length + at <= REACH) this.#names.set(suffix, this.#length + at);
      at += 1 + size;
    }
    this.#octets(octets, 0);
  }

  #octets(octets: Buffer, from: number): void {
    this.#length += octets.copy(scratch, this.#length, from);
  }

  #goBack(length: number): void {
    this.#length = length;
    for (const [name, offset] of this.#names) if (offset >= length) this.#names.delete(name);
  }
}

/** The offset behind the uncompressed name at `start`. */
export function endOfName(octets: Buffer, start: number): number {
  let at = start;
  for (let size = octets[at] ?? 0; size > 0; size = octets[at] ?? 0) at += 1 + size;
  return at + 1;
}

/**
 * The octets of a name as text, with A to Z in lower case (RFC 4343 section 3). An octet that holds the length of a label
 * never changes: it is at most 63, and the code of `A` is 65.
 */
function lowerLatin1(octets: Buffer): string {
  const text = octets.toString('latin1');
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}
