import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Opcode, Rcode, RrClass, RrType } from '../../src/adapters/dns-wire/constants.ts';
import { frame } from '../../src/adapters/dns-wire/frame-reader.ts';
import { type Message, parseMessage } from '../../src/adapters/dns-wire/message.ts';
import { encodeName } from '../../src/adapters/dns-wire/name.ts';
import { appendTsig, withoutTsig } from '../../src/adapters/dns-wire/tsig-record.ts';
import type { OutgoingMessage } from '../../src/adapters/dns-wire/write-message.ts';
import type { DnsFaultCode } from '../../src/application/ports/dns-fault.ts';
import { domainName } from '../../src/domain/domain-name.ts';
import { addressRecord, answerTo, sign, soaRecord } from '../support/dns-answers.ts';
import { KEYS } from '../support/name-servers/keys.ts';
import type { Action, Request, ScriptedNameServer } from '../support/scripted-name-server.ts';

/** What a client is asked to do meanwhile. */
export type Operation = 'findZone' | 'lookUp' | 'apply';
export type Keys = 'with a key' | 'without a key';

export const ZONE = domainName('dyn.example.test');
export const NAME = domainName('home.dyn.example.test');

/** What the server is asked, and how an honest one would answer. */
export type Asked = Request & {
  /** An honest answer, with these changes, and signed as the request is. */
  readonly honest: (parts?: Partial<OutgoingMessage>) => Buffer;
  /** The same, not signed. */
  readonly unsigned: (parts?: Partial<OutgoingMessage>) => Buffer;
};

export type Hostility = {
  readonly answer: (asked: Asked, server: ScriptedNameServer) => readonly Action[];
  readonly onConnection?: () => readonly Action[];
  /** What may come of it. Never a success. */
  readonly codes: readonly DnsFaultCode[];
  /** Where it is one; everywhere unless said. */
  readonly keys?: readonly Keys[];
  readonly operations?: readonly Operation[];
};

/** What an honest primary of ZONE has to say. */
function partsOf({ opcode, questions }: Message): Partial<OutgoingMessage> {
  const type = questions[0]?.type;
  if (opcode === Opcode.UPDATE) return {};
  if (type === RrType.A) return { answers: [addressRecord(NAME, '192.0.2.66')] };
  return { authorities: [soaRecord(ZONE)] };
}

export function asked(request: Request): Asked {
  const { message } = request;
  const unsigned = (parts: Partial<OutgoingMessage> = {}) =>
    answerTo(message, { ...partsOf(message), ...parts });
  const honest = (parts?: Partial<OutgoingMessage>) =>
    message.tsig === undefined ? unsigned(parts) : sign(unsigned(parts), message, KEYS.sha256);
  return { ...request, unsigned, honest };
}

/** The TSIG record of an answer, changed. */
function tampered(answer: Buffer, change: (mac: Buffer) => Buffer): Buffer {
  const { tsig, octets } = parseMessage(answer);
  if (tsig === undefined) throw new TypeError('the answer is not signed');
  return appendTsig(withoutTsig(octets, tsig), { ...tsig, mac: change(tsig.mac) });
}

/** An answer whose header is followed by these octets: a name that cannot be read. */
function withName(answer: Buffer, ...octets: readonly number[]): Buffer {
  return Buffer.concat([answer.subarray(0, 12), Buffer.from(octets), Buffer.of(0, 6, 0, 1)]);
}

/** An unsigned answer with one record more, whose RDLENGTH is a lie. */
function withRdLength(answer: Buffer, rdLength: number): Buffer {
  const lie = Buffer.concat([encodeName(NAME), Buffer.of(0, RrType.A, 0, RrClass.IN, 0, 0, 0, 60)]);
  const octets = Buffer.concat([answer, lie, Buffer.of(rdLength >> 8, rdLength & 255, 192, 0, 2, 66)]);
  octets.writeUInt16BE(octets.readUInt16BE(10) + 1, 10);
  return octets;
}

function withCount(answer: Buffer, at: number, count: number): Buffer {
  const octets = Buffer.from(answer);
  octets.writeUInt16BE(count, at);
  return octets;
}

const headerOf = (answer: Buffer): Buffer => withCount(withCount(answer, 8, 0).subarray(0, 12), 4, 0);

export const garbage = randomBytes(0xffff);
const garbageFor = ({ message }: Request): Buffer => {
  const octets = Buffer.from(garbage);
  octets.writeUInt16BE(message.id, 0);
  return octets;
};

const SIGNED: readonly Keys[] = ['with a key'];
const UNREADABLE: readonly DnsFaultCode[] = ['DNS_UNVERIFIED'];
export const UNHEARD: readonly DnsFaultCode[] = ['DNS_TIMEOUT'];
/** By UDP nothing is closed: the time may end there as well. */
const CLOSED: readonly DnsFaultCode[] = ['DNS_UNREACHABLE', 'DNS_TIMEOUT'];

/** Each would be taken for an answer by somebody. */
export const HOSTILITIES: Readonly<Record<string, Hostility>> = {
  'a name that points to itself': {
    answer: ({ unsigned }) => [{ send: withName(unsigned(), 0xc0, 0x0c) }],
    codes: UNREADABLE,
  },
  'two names that point to each other': {
    answer: ({ unsigned }) => [{ send: withName(unsigned(), 0xc0, 0x0e, 0xc0, 0x0c) }],
    codes: UNREADABLE,
  },
  'a name that points forward': {
    answer: ({ unsigned }) => [{ send: withName(unsigned(), 0xc0, 0x14) }],
    codes: UNREADABLE,
  },
  'a label of an unknown type': {
    answer: ({ unsigned }) => [{ send: withName(unsigned(), 0x41, 0x61, 0) }],
    codes: UNREADABLE,
  },
  'two questions': {
    answer: ({ honest }) => [{ send: withCount(honest(), 4, 2) }],
    codes: UNREADABLE,
  },
  'more records than there are': {
    answer: ({ honest }) => [{ send: withCount(honest(), 6, 0xffff) }],
    codes: UNREADABLE,
  },
  'fewer records than there are': {
    answer: ({ honest }) => [{ send: Buffer.concat([withCount(honest(), 10, 0)]) }],
    codes: UNREADABLE,
    keys: SIGNED,
  },
  'octets behind its end': {
    answer: ({ honest }) => [{ send: Buffer.concat([honest(), Buffer.of(0)]) }],
    codes: UNREADABLE,
  },
  'an RDLENGTH beyond the end': {
    answer: ({ unsigned }) => [{ send: withRdLength(unsigned(), 0xffff) }],
    codes: UNREADABLE,
  },
  'an RDLENGTH that leaves octets over': {
    answer: ({ unsigned }) => [{ send: withRdLength(unsigned(), 3) }],
    codes: UNREADABLE,
  },
  'a header that is cut short': {
    answer: ({ honest }) => [{ send: honest().subarray(0, 11) }],
    codes: UNREADABLE,
  },
  'one octet': { answer: ({ honest }) => [{ send: honest().subarray(0, 1) }], codes: UNHEARD },
  'no octet': { answer: () => [{ send: Buffer.alloc(0) }], codes: UNHEARD },
  'a header alone, that says NOERROR': {
    answer: ({ unsigned }) => [{ send: headerOf(unsigned()) }],
    codes: UNREADABLE,
    keys: SIGNED,
  },
  "NSD's header that says NOTIMP": {
    answer: ({ unsigned }) => [{ send: headerOf(unsigned({ rcode: Rcode.NOTIMP })) }],
    codes: ['DNS_BAD_MESSAGE', 'DNS_UNVERIFIED'],
  },
  'addresses of three octets': {
    answer: ({ honest }) => [
      { send: honest({ answers: [{ ...addressRecord(NAME, '192.0.2.66'), rdata: Buffer.of(192, 0, 2) }] }) },
    ],
    codes: UNREADABLE,
    operations: ['lookUp'],
  },

  'another id': {
    answer: ({ honest, message }) => [{ send: honest({ id: message.id ^ 0x5555 }) }],
    codes: UNHEARD,
  },
  'another question': {
    answer: ({ honest, message: { questions } }) => {
      const [question] = questions;
      return question === undefined
        ? []
        : [{ send: honest({ question: { ...question, name: 'other.test' } }) }];
    },
    codes: UNHEARD,
  },
  'another opcode': { answer: ({ honest }) => [{ send: honest({ opcode: Opcode.NOTIFY }) }], codes: UNHEARD },
  'a question in place of an answer': {
    answer: ({ honest }) => [{ send: honest({ response: false }) }],
    codes: UNHEARD,
  },
  'the request itself': { answer: ({ message }) => [{ send: message.octets }], codes: UNHEARD },
  "the request as an answer, which is Unbound's way": {
    answer: ({ message }) => {
      const octets = Buffer.from(message.octets);
      octets.writeUInt16BE(octets.readUInt16BE(2) | 0x8000 | Rcode.NOTIMP, 2);
      return [{ send: octets }];
    },
    codes: ['DNS_BAD_MESSAGE', 'DNS_UNVERIFIED'],
  },

  'no signature': {
    answer: ({ unsigned }) => [{ send: unsigned() }],
    codes: ['DNS_UNVERIFIED'],
    keys: SIGNED,
  },
  'no signature, and REFUSED': {
    answer: ({ unsigned }) => [{ send: unsigned({ rcode: Rcode.REFUSED }) }],
    codes: ['DNS_KEY_REJECTED', 'DNS_NO_ZONE'],
    keys: SIGNED,
  },
  'a MAC with one bit wrong': {
    answer: ({ honest }) => [
      {
        send: tampered(honest(), (mac) =>
          Buffer.concat([mac.subarray(0, 31), Buffer.of((mac[31] ?? 0) ^ 1)]),
        ),
      },
    ],
    codes: ['DNS_UNVERIFIED'],
    keys: SIGNED,
  },
  'a MAC that was truncated to its half': {
    answer: ({ honest }) => [{ send: tampered(honest(), (mac) => mac.subarray(0, 16)) }],
    codes: ['DNS_UNVERIFIED'],
    keys: SIGNED,
  },
  'a MAC of no octets': {
    answer: ({ honest }) => [{ send: tampered(honest(), () => Buffer.alloc(0)) }],
    codes: ['DNS_UNVERIFIED'],
    keys: SIGNED,
  },
  'the signature of another key': {
    answer: ({ unsigned, message }) => [{ send: sign(unsigned(), message, KEYS.powerless) }],
    codes: ['DNS_UNVERIFIED'],
    keys: SIGNED,
  },
  'the signature of another secret': {
    answer: ({ unsigned, message }) => [
      { send: sign(unsigned(), message, { ...KEYS.sha256, secret: Buffer.alloc(32) }) },
    ],
    codes: ['DNS_UNVERIFIED'],
    keys: SIGNED,
  },
  'a signature that does not cover the request': {
    answer: ({ unsigned, message }) => [
      { send: sign(unsigned(), { ...message, tsig: undefined }, KEYS.sha256, message.tsig?.time) },
    ],
    codes: ['DNS_UNVERIFIED'],
    keys: SIGNED,
  },
  'a signature of another answer': {
    answer: ({ honest, message }) => {
      const refusal = honest({ rcode: Rcode.SERVFAIL });
      refusal.writeUInt16BE(honest().readUInt16BE(2), 2);
      assert.equal(refusal.readUInt16BE(0), message.id);
      return [{ send: refusal }];
    },
    codes: ['DNS_UNVERIFIED'],
    keys: SIGNED,
  },
  'a signature that was right an hour ago': {
    answer: ({ unsigned, message }) => [
      { send: sign(unsigned(), message, KEYS.sha256, (message.tsig?.time ?? 0) - 3_600) },
    ],
    codes: ['DNS_CLOCK'],
    keys: SIGNED,
  },
  'records behind the signature': {
    answer: ({ honest, unsigned }) => {
      const [signed, behind] = [honest(), withRdLength(unsigned(), 4).subarray(unsigned().length)];
      return [{ send: withCount(Buffer.concat([signed, behind]), 10, 2) }];
    },
    codes: UNREADABLE,
    keys: SIGNED,
  },

  'a truncated answer': {
    answer: ({ honest }) => [{ send: honest({ tc: true }) }],
    codes: ['DNS_UNVERIFIED'],
  },
  'half of an answer, and silence': {
    answer: ({ honest, via }) =>
      via === 'tcp' ? [{ raw: frame(honest()).subarray(0, 20) }] : [{ raw: honest().subarray(0, 20) }],
    codes: UNHEARD,
  },
  'half of an answer, and the end of the connection': {
    answer: ({ honest, via }) => (via === 'tcp' ? [{ raw: frame(honest()).subarray(0, 20) }, 'close'] : []),
    codes: CLOSED,
  },
  'a length, and silence': {
    answer: () => [{ raw: Buffer.of(0xff, 0xff) }],
    codes: UNHEARD,
  },
  'the end of the connection': { answer: () => ['close'], codes: CLOSED },
  'the end of the connection as soon as it is there': {
    answer: () => [],
    onConnection: () => ['close'],
    codes: CLOSED,
  },
  silence: { answer: () => [], codes: UNHEARD },
  'SERVFAIL, always': {
    answer: ({ honest }) => [{ send: honest({ rcode: Rcode.SERVFAIL }) }],
    codes: ['DNS_SERVER_FAILURE'],
  },
  'the largest message of garbage': {
    answer: (request) => [{ send: garbageFor(request).subarray(0, request.via === 'udp' ? 60_000 : 0xffff) }],
    codes: UNREADABLE,
  },
};
