import { RrType } from './constants.ts';
import { extendedRcodeOf, type Opt, readOpt } from './opt-record.ts';
import {
  QUESTION_FIELDS_SIZE,
  type Question,
  RECORD_FIELDS_SIZE,
  type ResourceRecord,
  readQuestion,
  readRecord,
} from './resource-record.ts';
import { readTsig, type Tsig } from './tsig-record.ts';
import { WireFault } from './wire-fault.ts';
import { WireReader } from './wire-reader.ts';

export type Header = {
  readonly id: number;
  readonly response: boolean;
  readonly opcode: number;
  readonly aa: boolean;
  readonly tc: boolean;
  readonly rd: boolean;
  readonly ra: boolean;
  readonly ad: boolean;
  readonly cd: boolean;
  readonly rcode: number;
};

/**
 * A message (RFC 1035 section 4). In an UPDATE, the sections are zone, prerequisites, updates and additional data
 * (RFC 2136 section 2).
 */
export type Message = Header & {
  readonly octets: Buffer;
  /** At most one (RFC 9619). Some servers answer NOTIMP without a question. */
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  /** Without OPT and TSIG, which are no data. */
  readonly additionals: readonly ResourceRecord[];
  /** Where it is present, `rcode` has all twelve bits. */
  readonly opt: Opt | undefined;
  readonly tsig: Tsig | undefined;
};

/** Octets of a question and of a record whose name is the root. */
const SHORTEST_QUESTION = 1 + QUESTION_FIELDS_SIZE;
const SHORTEST_RECORD = 1 + RECORD_FIELDS_SIZE;

/**
 * Parses a whole message strictly: all counts and lengths must be right, and no octet may be left. Only the RDATA of
 * OPT and TSIG is parsed. Throws nothing but `WIRE_MALFORMED`, and the cost is bounded for any octets.
 */
export function parseMessage(octets: Buffer): Message {
  const reader = new WireReader(octets, 'the message');
  const id = reader.uint16();
  const flags = reader.uint16();
  const counts = {
    questions: reader.uint16(),
    answers: reader.uint16(),
    authorities: reader.uint16(),
    additionals: reader.uint16(),
  };
  if (counts.questions > 1) throw WireFault.malformed(`${counts.questions} questions in one message`, 4);
  const records = counts.answers + counts.authorities + counts.additionals;
  if (counts.questions * SHORTEST_QUESTION + records * SHORTEST_RECORD > reader.remaining) {
    throw WireFault.malformed(`the message is too short for ${records} records`, 6);
  }

  const questions = counts.questions === 0 ? [] : [readQuestion(reader)];
  const answers = readData(reader, counts.answers);
  const authorities = readData(reader, counts.authorities);
  const { additionals, opt, tsig, extendedRcode } = readAdditional(octets, reader, counts.additionals);
  reader.finish();

  return {
    id,
    response: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    aa: (flags & 0x0400) !== 0,
    tc: (flags & 0x0200) !== 0,
    rd: (flags & 0x0100) !== 0,
    ra: (flags & 0x0080) !== 0,
    ad: (flags & 0x0020) !== 0,
    cd: (flags & 0x0010) !== 0,
    rcode: (extendedRcode << 4) | (flags & 0xf),
    octets,
    questions,
    answers,
    authorities,
    additionals,
    opt,
    tsig,
  };
}

/** The records of a section without OPT and TSIG. */
function readData(reader: WireReader, count: number): readonly ResourceRecord[] {
  const records: ResourceRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = reader.offset;
    const record = readRecord(reader);
    if (record.type === RrType.OPT || record.type === RrType.TSIG) {
      throw WireFault.malformed('OPT or TSIG outside of the additional section', start);
    }
    records.push(record);
  }
  return records;
}

function readAdditional(
  octets: Buffer,
  reader: WireReader,
  count: number,
): Pick<Message, 'additionals' | 'opt' | 'tsig'> & { extendedRcode: number } {
  const additionals: ResourceRecord[] = [];
  let opt: Opt | undefined;
  let tsig: Tsig | undefined;
  let extendedRcode = 0;
  for (let index = 0; index < count; index += 1) {
    const start = reader.offset;
    // RFC 8945 section 5.1: it is the last record, so there is at most one.
    if (tsig !== undefined) throw WireFault.malformed('a record behind TSIG', start);
    const record = readRecord(reader);
    if (record.type === RrType.OPT) {
      if (opt !== undefined) throw WireFault.malformed('a second OPT record', start);
      opt = readOpt(octets, record, start);
      extendedRcode = extendedRcodeOf(record);
    } else if (record.type === RrType.TSIG) {
      tsig = readTsig(octets, record, start);
    } else {
      additionals.push(record);
    }
  }
  return { additionals, opt, tsig, extendedRcode };
}
