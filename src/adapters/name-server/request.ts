import type { TsigKey } from '../../domain/tsig-key.ts';
import { RrType } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { HEADER_SIZE } from '../dns-wire/octets.ts';
import { QUESTION_FIELDS_SIZE, RECORD_FIELDS_SIZE } from '../dns-wire/resource-record.ts';
import { tsigSizeOf } from '../dns-wire/tsig.ts';
import { type RequestVerdict, signReply } from '../dns-wire/tsig-server.ts';
import { endOfName } from './answers/message-writer.ts';
import { Flag } from './answers/write-answer.ts';
import type { Client } from './client.ts';
import type { CookieVerdict } from './server-cookies.ts';

/** A request that could be read, with all that was found out about its sender. */
export type Request = {
  readonly message: Message;
  readonly client: Client;
  readonly signature: RequestVerdict;
  /** Undefined when it shows none. */
  readonly cookie: CookieVerdict | undefined;
};

/** EDNS options (RFC 6891 section 6.1.2). */
export const COOKIE_OPTION = 10;

/** Octets of UDP payload that pass every network in one piece. */
const UDP_PAYLOAD = 1232;
/** What every client takes (RFC 1035 section 4.2.1). */
const SMALL_PAYLOAD = 512;
const MAX_MESSAGE = 0xffff;

/** Octets of the headers of IPv4 and UDP. */
const PACKET_HEADERS = 28;
/**
 * Whoever has not shown to be where it says it is gets no packet that is larger than its own by more than this
 * factor: of no use to somebody who sends in the name of a victim (QUIC has the same rule and figure, RFC 9000
 * section 8). What does not fit is to be had over TCP.
 */
const AMPLIFICATION = 3;

const OPT_SIZE = 1 + RECORD_FIELDS_SIZE;
const OPTION_FIELDS_SIZE = 4;
const DNSSEC_OK = 0x8000;

/** The opcode and RD (RFC 1035 section 4.1.1). */
const ECHOED_FLAGS = 0x7900;

/** The key whose holder wrote the request. */
export function keyOf({ signature }: Request): TsigKey | undefined {
  return signature.kind === 'verified' ? signature.key : undefined;
}

/** The octets of the question, which are never compressed; none where there is no question. */
export function questionOctets({ octets, questions }: Message): Buffer {
  return questions.length === 0
    ? octets.subarray(0, 0)
    : octets.subarray(HEADER_SIZE, endOfName(octets, HEADER_SIZE) + QUESTION_FIELDS_SIZE);
}

/** The octets that a reply may have before {@link sealReply} adds to it. */
export function roomFor(request: Request): number {
  const { signature } = request;
  const signed = signature.kind === 'verified' || signature.kind === 'rejected';
  return payloadOf(request) - optSizeOf(request) - (signed ? tsigSizeOf(signature.key) : 0);
}

/** The reply with all that belongs to every reply, and signed as the request is. `time` is in seconds since 1970. */
export function sealReply(request: Request, reply: Buffer, time: number, extendedRcode = 0): Buffer {
  const octets = completeReply(request, reply, extendedRcode);
  return request.signature.kind === 'unsigned' ? octets : signReply(octets, request.signature, time);
}

/** The reply with the id, the opcode and RD of the request, and with OPT where the request has one. */
export function completeReply(request: Request, reply: Buffer, extendedRcode = 0): Buffer {
  const size = optSizeOf(request);
  const octets = Buffer.allocUnsafe(reply.length + size);
  reply.copy(octets);
  echoHeader(request.message.octets, octets);
  if (size > 0) {
    octets.writeUInt16BE(octets.readUInt16BE(10) + 1, 10);
    writeOpt(request, octets.subarray(reply.length), extendedRcode);
  }
  return octets;
}

/** What the header of every reply has from that of its request. */
export function echoHeader(request: Buffer, reply: Buffer): void {
  request.copy(reply, 0, 0, 2);
  reply.writeUInt16BE(reply.readUInt16BE(2) | (request.readUInt16BE(2) & ECHOED_FLAGS), 2);
}

/** A reply that says nothing but the RCODE, up to 15. */
export function bareReply(question: Buffer, rcode: number): Buffer {
  const reply = Buffer.alloc(HEADER_SIZE + question.length);
  reply.writeUInt16BE(Flag.QR | rcode, 2);
  if (question.length > 0) reply.writeUInt16BE(1, 4);
  question.copy(reply, HEADER_SIZE);
  return reply;
}

function payloadOf({ message, client, signature, cookie }: Request): number {
  if (client.transport === 'tcp') return MAX_MESSAGE;
  const { opt, octets } = message;
  const accepted = Math.max(SMALL_PAYLOAD, Math.min(opt?.udpPayloadSize ?? 0, UDP_PAYLOAD));
  const isProven = signature.kind === 'verified' || (cookie?.kind === 'cookie' && cookie.proven);
  if (isProven) return accepted;
  return Math.min(accepted, AMPLIFICATION * (octets.length + PACKET_HEADERS) - PACKET_HEADERS);
}

function optSizeOf({ message, cookie }: Request): number {
  if (message.opt === undefined) return 0;
  return OPT_SIZE + (cookie?.kind === 'cookie' ? OPTION_FIELDS_SIZE + cookie.reply.length : 0);
}

/** RFC 6891 section 6.1.2; of the flags only DO, as it was asked (RFC 3225 section 3). */
function writeOpt({ message, cookie }: Request, octets: Buffer, extendedRcode: number): void {
  octets[0] = 0;
  octets.writeUInt16BE(RrType.OPT, 1);
  octets.writeUInt16BE(UDP_PAYLOAD, 3);
  octets[5] = extendedRcode;
  octets[6] = 0;
  octets.writeUInt16BE(message.opt?.dnssecOk ? DNSSEC_OK : 0, 7);
  octets.writeUInt16BE(octets.length - OPT_SIZE, 9);
  if (cookie?.kind !== 'cookie') return;
  octets.writeUInt16BE(COOKIE_OPTION, OPT_SIZE);
  octets.writeUInt16BE(cookie.reply.length, OPT_SIZE + 2);
  cookie.reply.copy(octets, OPT_SIZE + OPTION_FIELDS_SIZE);
}
