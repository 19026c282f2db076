import type { ServedZone } from '../../application/manage/settings.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { TsigKey } from '../../domain/tsig-key.ts';
import { Opcode, Rcode, RrType, rcodeText } from '../dns-wire/constants.ts';
import { type Message, parseMessage } from '../dns-wire/message.ts';
import { HEADER_SIZE } from '../dns-wire/octets.ts';
import { type RequestVerdict, verifyRequest } from '../dns-wire/tsig-server.ts';
import { ifReadable } from '../dns-wire/wire-fault.ts';
import { queryResponder } from './answers/query-responder.ts';
import {
  addressOf,
  type BareReply,
  type Client,
  COOKIE_OPTION,
  echoHeader,
  type Request,
  replyWithoutRecords,
  sealReply,
} from './request.ts';
import { transferResponder } from './secondaries/transfer-responder.ts';
import type { CookieVerdict, ServerCookies } from './server-cookies.ts';
import { updateResponder } from './update-responder.ts';
import type { ZoneStoreFace } from './zone-store.ts';

/** One message, the messages of a transfer, or no answer at all. The promise never rejects. */
export type Reply = Buffer | Generator<Buffer> | undefined | Promise<Buffer>;

type BadSignature = Extract<RequestVerdict, { readonly kind: 'unauthenticated' | 'rejected' }>;

/**
 * An authoritative name server without its sockets: it takes the octets of a request and gives the octets of the reply.
 * It answers from the zones of the store, without recursion.
 */
export class NameServer {
  readonly #keys: ReadonlyMap<string, TsigKey>;
  readonly #cookies: ServerCookies;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #query: ReturnType<typeof queryResponder>;
  readonly #update: ReturnType<typeof updateResponder>;
  readonly #transfer: ReturnType<typeof transferResponder>;

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
    this.#query = queryResponder(zones);
    this.#update = updateResponder(zones, servedByName, logger);
    this.#transfer = transferResponder(zones, servedByName, () => this.#seconds(), logger);
  }

  /** Never throws. The caller may reuse `octets` when the reply is there. */
  handle(octets: Buffer, client: Client): Reply {
    // A response gets no answer. Otherwise two servers could answer each other without end.
    if (octets.length < HEADER_SIZE || isResponse(octets)) return undefined;
    try {
      const reply = this.#handle(octets, client);
      return reply instanceof Promise ? reply.catch((error) => this.#fail(octets, error)) : reply;
    } catch (error) {
      return this.#fail(octets, error);
    }
  }

  #handle(octets: Buffer, client: Client): Reply {
    const message = ifReadable(() => parseMessage(octets));
    if (message === undefined) return replyToUnreadable(octets);
    const time = this.#seconds();
    const signature = verifyRequest(message, (name) => this.#keys.get(name), time);
    const request = { message, client, signature, cookie: this.#judgeCookie(message, client, time) };
    const seal = (reply: BareReply) => sealReply(request, reply, this.#seconds());
    const reply = this.#respond(request);
    if (reply instanceof Promise) return reply.then(seal);
    return typeof reply === 'number' || Buffer.isBuffer(reply) ? seal(reply) : reply;
  }

  /** An error of the program fails one request, and not the process. */
  #fail(octets: Buffer, error: unknown): Buffer {
    this.#logger.error('Could not answer a DNS request', { error: error as Error });
    return replyByHeader(octets, Rcode.SERVFAIL);
  }

  #respond(request: Request): BareReply | Promise<BareReply> | Generator<Buffer> {
    const { message, signature, cookie } = request;
    // RFC 6891 section 6.1.3.
    if (message.opt !== undefined && message.opt.version > 0) return Rcode.BADVERS;
    if (cookie?.kind === 'malformed' || signature.kind === 'malformed') return Rcode.FORMERR;
    if (signature.kind === 'unauthenticated' || signature.kind === 'rejected') {
      this.#logBadSignature(request, signature);
      return Rcode.NOTAUTH;
    }
    switch (message.opcode) {
      case Opcode.QUERY:
        return isTransfer(message) ? this.#transfer(request) : this.#query(request);
      case Opcode.UPDATE:
        return this.#update(request);
      default:
        return Rcode.NOTIMP;
    }
  }

  /** RFC 7873 section 5.2: where there are several cookies, the first one counts. */
  #judgeCookie(message: Message, client: Client, time: number): CookieVerdict | undefined {
    const option = message.opt?.options.find(({ code }) => code === COOKIE_OPTION);
    return option === undefined ? undefined : this.#cookies.judge(option.data, addressOf(client), time);
  }

  /** Anybody can send a bad MAC, at any rate, so only holders of a key reach the level `info`. */
  #logBadSignature({ client }: Request, signature: BadSignature): void {
    const { error, tsig } = signature;
    this.#logger[signature.kind === 'rejected' ? 'info' : 'debug']('Refused a TSIG signature', {
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

function replyToUnreadable(octets: Buffer): Buffer {
  const opcode = ((octets[2] ?? 0) >> 3) & 0xf;
  const isKnown = opcode === Opcode.QUERY || opcode === Opcode.UPDATE;
  return replyByHeader(octets, isKnown ? Rcode.FORMERR : Rcode.NOTIMP);
}

/** Repeats nothing of the request but its header. */
function replyByHeader(octets: Buffer, rcode: number): Buffer {
  const reply = replyWithoutRecords(Buffer.alloc(0), rcode);
  echoHeader(octets, reply);
  return reply;
}

/** All keys that any right or secondary uses, by their names. */
function keysOf(served: readonly ServedZone[]): ReadonlyMap<string, TsigKey> {
  const keys = served
    .flatMap(({ updates, transfer, notify }) => [...updates, ...transfer, ...notify])
    .flatMap(({ key }) => (key === undefined ? [] : [key]));
  return new Map(keys.map((key) => [key.name, key]));
}
