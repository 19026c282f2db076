import { DnsFault, type DnsFaultCode } from '../../application/dns-fault.ts';
import type { Clock, Deadline } from '../../application/ports/clock.ts';
import type { DnsResult } from '../../application/ports/dns-updater.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Primary } from '../../application/settings.ts';
import { socketText } from '../../domain/socket-address.ts';
import { Rcode } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { tsigSizeOf } from '../dns-wire/tsig.ts';
import { type AnswerContext, clockFault, servfailFault } from './answer-fault.ts';
import { Attempt, type PrimaryRequest, type Reply } from './attempt.ts';
import type { Delivery, Transport } from './transport.ts';

/** Larger messages go by TCP at once: more than this may be fragmented, or dropped without a word. */
const MAX_UDP = 512;
/** UDP loses messages and nobody tells; silence is asked again by TCP, after these milliseconds. */
const UDP_TIME = 1_500;
/** Long enough for a Knot that pauses a second, and for a PowerDNS with a large message. */
const STREAM_TIME = 4_500;
/** Pauses between attempts, in milliseconds; each is taken between its half and its whole, by chance. */
const PAUSES = [200, 400, 800, 1_600] as const;
const LONGEST_PAUSE = 3_200;
/** What the last attempt has at least, in milliseconds: with less than that left, nobody is asked again. */
const LEAST_TIME = 500;
/** A primary that takes no connection may be restarting; with the pauses that is three seconds. */
const UNREACHABLE_ATTEMPTS = PAUSES.length + 1;
/** A clock that is off by more than a day is wrong, and correcting it here would hide that. */
export const MAX_CLOCK_CORRECTION = 86_400;

/** How messages get to a primary. Without `udp`, all of them go by the stream (TCP or TLS). */
export type Transports = { readonly udp: Transport | undefined; readonly stream: Transport };

/**
 * Asks one primary until there is an answer that counts: it belongs to the request, and it verified when a
 * key is configured. Every attempt has an id, a time and a signature of its own.
 */
export class PrimaryClient {
  readonly context: AnswerContext;
  readonly #primary: Primary;
  readonly #transports: Transports;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Seconds that the server's clock is ahead of ours, as far as it told in an answer that verified. */
  #clockOffset = 0;

  constructor(primary: Primary, transports: Transports, clock: Clock, logger: Logger) {
    this.context = { server: socketText(primary.socket), key: primary.tsig?.name };
    this.#primary = primary;
    this.#transports = transports;
    this.#clock = clock;
    this.#logger = logger;
  }

  close(): void {
    this.#transports.udp?.close();
    this.#transports.stream.close();
  }

  /** An answer that counts, with any RCODE but SERVFAIL; or why there is none. */
  async ask(request: PrimaryRequest, deadline: Deadline): Promise<DnsResult<Message>> {
    // None in advance: an error takes longer to make than a query.
    let fault: DnsFault | undefined;
    let corrected = false;
    let unreachable = 0;
    for (let attempt = 0; this.#clock.monotonic() < deadline; attempt += 1) {
      const delivery = await this.#attempt(request, deadline);
      if (delivery.kind !== 'answered') {
        fault = this.#deliveryFault(delivery);
        if (delivery.kind === 'closed') break;
        if (delivery.kind === 'unreachable') unreachable += 1;
        if (unreachable === UNREACHABLE_ATTEMPTS) break;
        // The server may have closed an idle connection at the moment when it was used: nobody's trouble.
        if (delivery.kind === 'lost' && attempt === 0) continue;
      } else if (delivery.reply.kind === 'clock') {
        const ahead = this.#secondsAhead(delivery.reply.serverTime);
        fault = clockFault(ahead, this.context);
        if (corrected || Math.abs(ahead) > MAX_CLOCK_CORRECTION) break;
        corrected = true;
        this.#correctClock(ahead);
        continue;
      } else if (delivery.reply.kind === 'unverified') {
        fault = delivery.reply.fault;
        if (fault.code !== 'DNS_SERVER_FAILURE') break;
      } else {
        const { message } = delivery.reply;
        if (message.rcode !== Rcode.SERVFAIL) return { ok: true, value: message };
        fault = servfailFault(this.context);
      }
      const pause = Math.min(pauseAfter(attempt), deadline - this.#clock.monotonic() - LEAST_TIME);
      if (pause <= 0) break;
      await new Promise<void>((resolve) => this.#clock.schedule(pause, resolve));
    }
    fault ??= unconfirmed('DNS_TIMEOUT', `no time was left to ask the primary ${this.context.server}`);
    return { ok: false, fault };
  }

  /** By UDP where that is wanted and the message is small; by the stream where it is not, or nothing came. */
  async #attempt(request: PrimaryRequest, deadline: Deadline): Promise<Delivery<Reply>> {
    const { udp, stream } = this.#transports;
    if (udp !== undefined && this.#sizeOf(request) <= MAX_UDP) {
      const attempt = this.#newAttempt(request);
      const delivery = await udp.exchange<Reply>(
        {
          message: (id) => attempt.message(id),
          judge: (octets) => {
            const reply = attempt.judge(octets);
            // A datagram that does not verify may be forged: the true one may still come, or come by TCP.
            return reply?.kind === 'unverified' ? undefined : reply;
          },
        },
        { answerTime: UDP_TIME, deadline },
      );
      if (delivery.kind === 'answered' && !isTruncated(delivery.reply)) return delivery;
      // No time is left to ask by TCP.
      if (this.#clock.monotonic() >= deadline) return { kind: 'silent' };
    }
    const delivery = await stream.exchange(this.#newAttempt(request), { answerTime: STREAM_TIME, deadline });
    if (delivery.kind !== 'answered' || !isTruncated(delivery.reply)) return delivery;
    const text = `the primary ${this.context.server} sent a truncated answer over TCP`;
    return { kind: 'answered', reply: { kind: 'unverified', fault: unconfirmed('DNS_UNVERIFIED', text) } };
  }

  #newAttempt(request: PrimaryRequest): Attempt {
    const key = request.unsigned ? undefined : this.#primary.tsig;
    return new Attempt(request, key, this.#now() + this.#clockOffset, this.context);
  }

  #sizeOf({ message }: PrimaryRequest): number {
    const { tsig } = this.#primary;
    return message.length + (tsig === undefined ? 0 : tsigSizeOf(tsig));
  }

  /** Seconds since 1970, by our clock. */
  #now(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  #secondsAhead(serverTime: number): number {
    return serverTime - this.#now();
  }

  /** Several that are under way learn of it at once; it is told once. */
  #correctClock(ahead: number): void {
    const news = Math.abs(ahead - this.#clockOffset) > 1;
    this.#clockOffset = ahead;
    if (!news) return;
    this.#logger.warn('the clock of a primary differs from ours: set one of them; TSIG times are corrected', {
      primary: this.context.server,
      secondsAhead: ahead,
    });
  }

  /** What the operator hears when no answer came: whether it was done cannot be known. */
  #deliveryFault(delivery: Exclude<Delivery<Reply>, { kind: 'answered' }>): DnsFault {
    const { server } = this.context;
    switch (delivery.kind) {
      case 'unreachable': {
        const { cause } = delivery;
        const text =
          this.#primary.transport === 'tls'
            ? `takes no TLS connection (${cause.message}): does it speak DNS over TLS on this port, and is its ` +
              'certificate for the configured name or address, and signed by a CA that is trusted here?'
            : `takes no connection (${cause.message}): is it running, and is the configured socket right?`;
        return unconfirmed('DNS_UNREACHABLE', `the primary ${server} ${text}`, cause);
      }
      case 'lost':
        return unconfirmed(
          'DNS_UNREACHABLE',
          `the primary ${server} closed the connection without an answer`,
        );
      case 'silent':
        return unconfirmed('DNS_TIMEOUT', `the primary ${server} did not answer in time`);
      case 'crowded':
        return unconfirmed('DNS_OVERLOADED', `too much is waiting for the primary ${server} already`);
      case 'closed':
        return unconfirmed('DNS_STOPPED', 'dynonym is stopping');
    }
  }
}

/** Chance keeps those who failed together from coming back together. */
function pauseAfter(attempt: number): number {
  return (PAUSES[attempt] ?? LONGEST_PAUSE) * (0.5 + Math.random() / 2);
}

const isTruncated = (reply: Reply): boolean => reply.kind === 'answer' && reply.message.tc;

const unconfirmed = (code: DnsFaultCode, text: string, cause?: Error): DnsFault =>
  new DnsFault(code, `could not confirm: ${text}`, cause === undefined ? undefined : { cause });
