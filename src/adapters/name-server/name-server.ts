import type { ServedZone } from '../../application/manage/settings.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';
import { Opcode, Rcode, RrType, rcodeText } from '../dns-wire/constants.ts';
import { type Message, parseMessage } from '../dns-wire/message.ts';
import { HEADER_SIZE } from '../dns-wire/octets.ts';
import { type RequestVerdict, verifyRequest } from '../dns-wire/tsig-server.ts';
import { WireFault } from '../dns-wire/wire-fault.ts';
import { QueryResponder } from './answers/query-responder.ts';
import { addressOf, type Client } from './client.ts';
import { bareReply, COOKIE_OPTION, echoHeader, questionOctets, type Request, sealReply } from './request.ts';
import { MessageStream, TransferResponder } from './secondaries/transfer-responder.ts';
import type { CookieVerdict, ServerCookies } from './server-cookies.ts';
import { UpdateResponder } from './update-responder.ts';
import type { ZoneStoreFace } from './zone-store.ts';

/** What goes back to the client: a message, many, or nothing at all; perhaps later. Never rejects. */
export type Reply = Buffer | MessageStream | undefined | Promise<Buffer>;

type BadSignature = Extract<RequestVerdict, { readonly kind: 'unauthenticated' | 'rejected' }>;

/**
 * An authoritative name server from octets to octets; sockets are for others. It answers from the zones of the
 * store and never asks anybody (no recursion).
 */
export class NameServer {
  readonly #keys: ReadonlyMap<string, TsigKey>;
  readonly #cookies: ServerCookies;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #queries: QueryResponder;
  readonly #updates: UpdateResponder;
  readonly #transfers: TransferResponder;

  constructor(
    zones: ZoneStoreFace,
    served: readonly ServedZone[],
    cookies: ServerCookies,
    clock: Clock,
    logger: Logger,
  ) {
    const servedByName = new Map(served.map((zone) => [zone.name as string, zone]));
    this.#keys = keysOf(served);
    this.#cookies = cookies;
    this.#clock = clock;
    this.#logger = logger;
    this.#queries = new QueryResponder(zones);
    this.#updates = new UpdateResponder(zones, servedByName, logger);
    this.#transfers = new TransferResponder(zones, servedByName, () => this.#seconds(), logger);
  }

  /** `octets` are read until the reply is there, and not afterwards. */
  handle(octets: Buffer, client: Client): Reply {
    // A response gets no answer: two servers would talk to each other for ever.
    if (octets.length < HEADER_SIZE || isResponse(octets)) return undefined;
    let message: Message;
    try {
      message = parseMessage(octets);
    } catch (error) {
      if (error instanceof WireFault) return replyToUnreadable(octets);
      throw error;
    }
    const time = this.#seconds();
    const signature = verifyRequest(message, (name) => this.#keys.get(name), time);
    const request = { message, client, signature, cookie: this.#judgeCookie(message, client, time) };
    return this.#respond(request, time);
  }

  #respond(request: Request, time: number): Reply {
    const { message, signature, cookie } = request;
    const say = (rcode: number) => sealReply(request, bareReply(questionOctets(message), rcode), time);
    if (message.opt !== undefined && message.opt.version > 0) {
      // RFC 6891 section 6.1.3.
      const reply = bareReply(questionOctets(message), Rcode.BADVERS & 0xf);
      return sealReply(request, reply, time, Rcode.BADVERS >> 4);
    }
    if (cookie?.kind === 'malformed' || signature.kind === 'malformed') return say(Rcode.FORMERR);
    if (signature.kind === 'unauthenticated' || signature.kind === 'rejected') {
      this.#tellBadSignature(request, signature);
      return say(Rcode.NOTAUTH);
    }
    switch (message.opcode) {
      case Opcode.QUERY: {
        if (!isTransfer(message)) return sealReply(request, this.#queries.respond(request), time);
        const reply = this.#transfers.respond(request);
        return reply instanceof MessageStream ? reply : sealReply(request, reply, time);
      }
      case Opcode.UPDATE:
        return this.#updates.respond(request).then((reply) => sealReply(request, reply, this.#seconds()));
      default:
        return say(Rcode.NOTIMP);
    }
  }

  /** RFC 7873 section 5.2: of several, the first counts. */
  #judgeCookie(message: Message, client: Client, time: number): CookieVerdict | undefined {
    const option = message.opt?.options.find(({ code }) => code === COOKIE_OPTION);
    return option === undefined ? undefined : this.#cookies.judge(option.data, addressOf(client), time);
  }

  /** Without a good MAC it may be anybody, as often as they like. */
  #tellBadSignature({ client }: Request, signature: BadSignature): void {
    const { error, tsig } = signature;
    this.#logger[signature.kind === 'rejected' ? 'info' : 'debug']('Refused a signature', {
      client: client.address,
      key: tsig.keyName,
      error: rcodeText(error),
    });
  }

  #seconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }
}

const isResponse = (octets: Buffer): boolean => ((octets[2] ?? 0) & 0x80) !== 0;

function isTransfer({ questions: [question] }: Message): boolean {
  return question?.type === RrType.AXFR || question?.type === RrType.IXFR;
}

/** Nothing of the message is repeated but what could be read: its header. */
function replyToUnreadable(octets: Buffer): Buffer {
  const opcode = ((octets[2] ?? 0) >> 3) & 0xf;
  const isKnown = opcode === Opcode.QUERY || opcode === Opcode.UPDATE;
  const reply = bareReply(Buffer.alloc(0), isKnown ? Rcode.FORMERR : Rcode.NOTIMP);
  echoHeader(octets, reply);
  return reply;
}

/** Every key that may be used for anything, by its name. */
function keysOf(served: readonly ServedZone[]): ReadonlyMap<string, TsigKey> {
  const keys = served
    .flatMap(({ updates, transfer, notify }) => [...updates, ...transfer, ...notify])
    .flatMap(({ key }) => (key === undefined ? [] : [key]));
  return new Map(keys.map((key) => [key.name, key]));
}
