import Packet from 'native-dns-packet';
import type { Header } from './message.ts';
import { encodeName } from './name.ts';
import { HEADER_SIZE, unsigned } from './octets.ts';
import { type Opt, optRecord } from './opt-record.ts';
import {
  QUESTION_FIELDS_SIZE,
  type Question,
  RECORD_FIELDS_SIZE,
  type ResourceRecord,
} from './resource-record.ts';
import { WireFault } from './wire-fault.ts';

/**
 * Octets of the largest message that is written. A compression pointer has 14 bits: in a message of this size
 * it reaches every name, and native-dns-packet fails on a name that it does not reach.
 */
export const MAX_MESSAGE = 0x4000;

/** RDATA goes out as it is: no name in it is compressed. */
export type OutgoingRecord = Omit<ResourceRecord, 'rdataOffset'>;

/** Flags that are not given are off, sections that are not given are empty. */
export type OutgoingMessage = Pick<Header, 'id' | 'opcode'> &
  Partial<Header> & {
    readonly question: Question;
    readonly answers?: readonly OutgoingRecord[];
    readonly authorities?: readonly OutgoingRecord[];
    readonly additionals?: readonly OutgoingRecord[];
    /** Needed for an RCODE above 15, whose upper bits it carries. */
    readonly opt?: Opt | undefined;
  };

/**
 * The octets of a message, with compressed owner names in their case. Throws `WIRE_TOO_LARGE` or
 * `WIRE_UNWRITABLE` rather than write anything but what was asked for.
 */
export function writeMessage(message: OutgoingMessage): Buffer {
  const { question, answers = [], authorities = [], additionals = [], opt, rcode = 0 } = message;
  if (rcode > 0xf && opt === undefined) {
    throw new WireFault('WIRE_UNWRITABLE', `the RCODE ${rcode} needs an OPT record`);
  }
  const extended = opt === undefined ? additionals : [...additionals, optRecord(opt, rcode >> 4)];

  // Without even their owners, so that nobody's million of records is looked at.
  const records = answers.length + authorities.length + extended.length;
  if (HEADER_SIZE + records * RECORD_FIELDS_SIZE > MAX_MESSAGE) throw tooLarge();

  const packing = new Packing();
  const packet: Packet.Message = {
    header: headerOf(message),
    question: [packing.question(question)],
    answer: answers.map((record) => packing.record(record)),
    authority: authorities.map((record) => packing.record(record)),
    additional: extended.map((record) => packing.record(record)),
  };
  const octets = Buffer.allocUnsafe(packing.size);
  const length = pack(octets, packet);
  if (length > MAX_MESSAGE) throw tooLarge();
  return octets.subarray(0, length);
}

/**
 * Turns questions and records into what native-dns-packet writes right, and adds up how much room they need
 * without compression: out of room, the package fails in the middle of a message.
 */
class Packing {
  size = HEADER_SIZE;
  /** The records of one name mostly follow each other. */
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
      // The package takes the sign bit for a sign.
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
 * The package cuts a name at its dots and writes of each character the lower eight bits, so an octet inside a
 * label travels as the character 256 above it. That keeps a dot in a label from being taken for a separator,
 * lets all 256 octets through, and keeps labels such as `constructor` apart from what every object has: the
 * package looks for earlier names among the properties of a plain object.
 */
function disguise(octets: Buffer): string {
  // Two octets for each character; the dot between two labels takes the place of the length of the second.
  const disguised = Buffer.allocUnsafe(2 * octets.length);
  let length = 0;
  for (let at = 0, size = octets[0] ?? 0; size > 0; size = octets[at] ?? 0) {
    if (at > 0) {
      disguised[length++] = DOT;
      disguised[length++] = 0;
    }
    const end = at + 1 + size;
    for (at += 1; at < end; at += 1) {
      disguised[length++] = octets[at] ?? 0;
      disguised[length++] = 1;
    }
  }
  return disguised.toString('utf16le', 0, length);
}

const DOT = 0x2e;

/** Makes the package take RDATA as it is: no type that it knows has this bit, and it does not write it. */
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
    rcode: unsigned(message.rcode ?? 0, 0xfff) & 0xf,
  };
}

function pack(octets: Buffer, packet: Packet.Message): number {
  try {
    return Packet.write(octets, packet);
  } catch (cause) {
    // All that is left to fail is a pointer to a name beyond its reach.
    if (octets.length > MAX_MESSAGE) throw tooLarge(cause);
    throw cause;
  }
}

const bit = (flag: boolean | undefined): Packet.Bit => (flag ? 1 : 0);

function tooLarge(cause?: unknown): WireFault {
  return new WireFault('WIRE_TOO_LARGE', `the message would have more than ${MAX_MESSAGE} octets`, { cause });
}
