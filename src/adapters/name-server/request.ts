import { type IpAddress, parsePeerAddress } from '../../domain/ip-address.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';
import { RrType } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { HEADER_SIZE } from '../dns-wire/octets.ts';
import { QUESTION_FIELDS_SIZE, RECORD_FIELDS_SIZE } from '../dns-wire/resource-record.ts';
import { tsigSizeOf } from '../dns-wire/tsig.ts';
import { type RequestVerdict, signReply } from '../dns-wire/tsig-server.ts';
import { endOfName, Flag } from './answers/message-writer.ts';
import type { CookieVerdict } from './server-cookies.ts';

/** The sender of a request, and its transport. `address` is the one that the socket gives. */
export type Client = { readonly transport: 'udp' | 'tcp'; readonly address: string };

/** Throws a TypeError for a text that no socket gives. */
export function addressOf({ address }: Client): IpAddress {
  const parsed = parsePeerAddress(address);
  if (!parsed.ok) throw new TypeError(`"${address}": ${parsed.reason}`);
  return parsed.value;
}

/** A request that was parsed, with what is known about its sender. */
export type Request = {
  readonly message: Message;
  readonly client: Client;
  readonly signature: RequestVerdict;
  /** Undefined where the request has none. */
  readonly cookie: CookieVerdict | undefined;
};

/** EDNS options (RFC 6891 section 6.1.2). */
export const COOKIE_OPTION = 10;

/** Octets of UDP payload that networks do not fragment. */
const UDP_PAYLOAD = 1232;
/** Octets that every client accepts (RFC 1035 section 4.2.1). */
const SMALL_PAYLOAD = 512;
const MAX_MESSAGE = 0xffff;

/** Octets of the headers of IPv4 and UDP. */
const PACKET_HEADERS = 28;
/**
 * The largest packet that an unproven address gets, in packets of its own size. So the server cannot be used to flood
 * the owner of a forged address (QUIC has the same rule and figure, RFC 9000 section 8). Larger answers need TCP.
 */
const AMPLIFICATION = 3;

const OPT_SIZE = 1 + RECORD_FIELDS_SIZE;
const OPTION_FIELDS_SIZE = 4;
const DNSSEC_OK = 0x8000;

/** The opcode and RD (RFC 1035 section 4.1.1). */
const ECHOED_FLAGS = 0x7900;

/** The key that the request is signed with, if its signature was verified. */
export function keyOf({ signature }: Request): TsigKey | undefined {
  return signature.kind === 'verified' ? signature.key : undefined;
}

/** The octets of the question, whose name is never compressed. Empty where there is no question. */
export function questionOctets({ octets, questions }: Message): Buffer {
  return questions.length === 0
    ? octets.subarray(0, 0)
    : octets.subarray(HEADER_SIZE, endOfName(octets, HEADER_SIZE) + QUESTION_FIELDS_SIZE);
}

/** Octets that a reply may have before {@link sealReply} adds OPT and TSIG. */
export function roomFor(request: Request): number {
  const { signature } = request;
  const signed = signature.kind === 'verified' || signature.kind === 'rejected';
  return payloadOf(request) - optSizeOf(request) - (signed ? tsigSizeOf(signature.key) : 0);
}

/** A reply before it is sealed: its octets, or only its RCODE. */
export type BareReply = Buffer | number;

/** Completes the reply, and signs it where the request is signed. `time` is in seconds since 1970. */
export function sealReply(request: Request, reply: BareReply, time: number): Buffer {
  return signReply(completeReply(request, reply), request.signature, time);
}

/** The reply with the id, the opcode and the RD of the request, and with OPT where the request has OPT. */
export function completeReply(request: Request, bare: BareReply): Buffer {
  const [reply, extendedRcode] =
    typeof bare === 'number'
      ? [replyWithoutRecords(questionOctets(request.message), bare & 0xf), bare >> 4]
      : [bare, 0];
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

/** Copies the id, the opcode and RD from the header of a request to that of its reply. */
export function echoHeader(request: Buffer, reply: Buffer): void {
  request.copy(reply, 0, 0, 2);
  reply.writeUInt16BE(reply.readUInt16BE(2) | (request.readUInt16BE(2) & ECHOED_FLAGS), 2);
}

/** `rcode` is at most 15. */
export function replyWithoutRecords(question: Buffer, rcode: number): Buffer {
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

/** RFC 6891 section 6.1.2. The only flag is DO, copied from the request (RFC 3225 section 3). */
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
