import Packet from 'native-dns-packet';
import type { Header } from './message.ts';
import { encodeName } from './name.ts';
import { HEADER_SIZE, unsigned } from './octets.ts';
import {
  QUESTION_FIELDS_SIZE,
  type Question,
  RECORD_FIELDS_SIZE,
  type ResourceRecord,
} from './resource-record.ts';
import { WireFault } from './wire-fault.ts';

/**
 * Octets of the largest message that is written. A compression pointer has 14 bits, so it reaches every name in such a
 * message. native-dns-packet fails on a name that a pointer does not reach.
 */
export const MAX_MESSAGE = 0x4000;

/** RDATA is written as it is, without compression of its names. */
export type OutgoingRecord = Omit<ResourceRecord, 'rdataOffset'>;

/** Flags that are not given are off, sections that are not given are empty. */
export type OutgoingMessage = Pick<Header, 'id' | 'opcode'> &
  Partial<Header> & {
    readonly question: Question;
    readonly answers?: readonly OutgoingRecord[];
    readonly authorities?: readonly OutgoingRecord[];
    readonly additionals?: readonly OutgoingRecord[];
  };

/**
 * The octets of a message. Owner names keep their case and are compressed. Throws `WIRE_TOO_LARGE`, and
 * `WIRE_UNWRITABLE` for a value that has no form on the wire.
 */
export function writeMessage(message: OutgoingMessage): Buffer {
  const { question, answers = [], authorities = [], additionals = [] } = message;
  // A lower bound without the owners, so that millions of records are refused without work.
  const records = answers.length + authorities.length + additionals.length;
  if (HEADER_SIZE + records * RECORD_FIELDS_SIZE > MAX_MESSAGE) throw tooLarge();

  const packing = new Packing();
  const packet: Packet.Message = {
    header: headerOf(message),
    question: [packing.question(question)],
    answer: answers.map((record) => packing.record(record)),
    authority: authorities.map((record) => packing.record(record)),
    additional: additionals.map((record) => packing.record(record)),
  };
  const octets = Buffer.allocUnsafe(packing.size);
  const length = pack(octets, packet);
  if (length > MAX_MESSAGE) throw tooLarge();
  return octets.subarray(0, length);
}

/**
 * Converts questions and records into a form that native-dns-packet writes correctly. `size` adds up their octets
 * without compression: with a smaller buffer, the package would fail in the middle of a message.
 */
class Packing {
  size = HEADER_SIZE;
  /** The last name and its results, because the records of a name usually follow each other. */
  #lastName: string | undefined;
  #lastPacked = '';
  #lastSize = 0;

  question({ name, type, class: rrClass }: Question): Packet.Question {
    const packed = { name: this.#name(name), type: unsigned(type, 0xffff), class: unsigned(rrClass, 0xffff) };
    this.size += QUESTION_FIELDS_SIZE;
    return packed;
  }

  record({ name, type, class: rrClass, ttl, rdata }: OutgoingRecord): Packet.OpaqueRecord {
    this.size += RECORD_FIELDS_SIZE + rdata.length;
    return {
      name: this.#name(name),
      type: OPAQUE | unsigned(type, 0xffff),
      class: unsigned(rrClass, 0xffff),
      // The package would take the highest bit for a sign.
      ttl: unsigned(ttl, 0x7fffffff),
      data: rdata,
    };
  }

  #name(name: string): string {
    if (name !== this.#lastName) {
      const octets = encodeName(name);
      this.#lastName = name;
      this.#lastPacked = disguise(octets);
      this.#lastSize = octets.length;
    }
    this.size += this.#lastSize;
    return this.#lastPacked;
  }
}

/**
 * A name in a form that the package writes correctly. It splits names at their dots, and writes the lower eight bits of
 * each character. So each octet of a label becomes the character 256 above it: a dot in a label is then no separator,
 * all 256 octets are possible, and a label such as `constructor` is no property of the plain object in which the
 * package looks up earlier names.
 */
function disguise(octets: Buffer): string {
  let name = '';
  for (let at = 0, size = octets[0] ?? 0; size > 0; size = octets[at] ?? 0) {
    if (at > 0) name += '.';
    const end = at + 1 + size;
    for (at += 1; at < end; at += 1) name += String.fromCharCode(0x100 + (octets[at] ?? 0));
  }
  return name;
}

/** A bit above the 16 of a type. The package then knows no such type, copies the RDATA, and does not write the bit. */
const OPAQUE = 0x20000;

function headerOf(message: OutgoingMessage): Packet.Message['header'] {
  return {
    id: unsigned(message.id, 0xffff),
    qr: bit(message.response),
    opcode: unsigned(message.opcode, 0xf),
    aa: bit(message.aa),
    tc: bit(message.tc),
    rd: bit(message.rd),
    ra: bit(message.ra),
    res1: 0,
    // The package has no names for AD and CD (RFC 4035 section 3.1.6, 3.2.2).
    res2: bit(message.ad),
    res3: bit(message.cd),
    rcode: unsigned(message.rcode ?? 0, 0xf),
  };
}

function pack(octets: Buffer, packet: Packet.Message): number {
  try {
    return Packet.write(octets, packet);
  } catch (cause) {
    // The only possible failure is a pointer that does not reach its name.
    if (octets.length > MAX_MESSAGE) throw tooLarge(cause);
    throw cause;
  }
}

const bit = (flag: boolean | undefined): Packet.Bit => (flag ? 1 : 0);

function tooLarge(cause?: unknown): WireFault {
  return new WireFault('WIRE_TOO_LARGE', `the message would have more than ${MAX_MESSAGE} octets`, { cause });
}
