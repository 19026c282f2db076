import { DnsFault, type DnsFaultCode } from '../../application/dns-fault.ts';
import type { Clock, Deadline } from '../../application/ports/clock.ts';
import type { DnsResult } from '../../application/ports/dns-updater.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Primary } from '../../application/settings.ts';
import { socketText } from '../../domain/socket-address.ts';
import { Rcode } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import { tsigSizeOf } from '../dns-wire/tsig.ts';
import type { AnswerContext } from './answer-fault.ts';
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
/** A primary that takes no connection may be restarting; with the pauses that is three seconds. */
const UNREACHABLE_ATTEMPTS = PAUSES.length + 1;
/** A clock that is off by more than a day is wrong, and correcting it here would hide that. */
const MAX_CLOCK_CORRECTION = 86_400;

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
    let fault = this.#fault('DNS_TIMEOUT', 'was not asked: no time was left');
    let clockCorrected = false;
    let unreachable = 0;
    for (let attempt = 0; this.#clock.monotonic() < deadline; attempt += 1) {
      const delivery = await this.#attempt(request, deadline);
      if (delivery.kind === 'answered') {
        const { reply } = delivery;
        if (reply.kind === 'clock') {
          fault = this.#clockFault(reply.ahead);
          if (clockCorrected || Math.abs(reply.ahead) > MAX_CLOCK_CORRECTION) break;
          clockCorrected = true;
          this.#correctClock(reply.ahead);
          continue;
        }
        if (reply.kind === 'answer' && reply.message.rcode !== Rcode.SERVFAIL) {
          return { ok: true, value: reply.message };
        }
        fault =
          reply.kind === 'unverified'
            ? reply.fault
            : this.#fault('DNS_SERVER_FAILURE', 'could not confirm: it answered SERVFAIL; its log says why');
        if (fault.code !== 'DNS_SERVER_FAILURE') break;
      } else {
        fault = this.#deliveryFault(delivery);
        if (delivery.kind === 'unreachable') unreachable += 1;
        if (unreachable === UNREACHABLE_ATTEMPTS) break;
        // The server may have closed an idle connection at the moment when it was used: nobody's trouble.
        if (delivery.kind === 'lost' && attempt === 0) continue;
      }
      await this.#pause(attempt, deadline);
    }
    return { ok: false, fault };
  }

  /** By UDP where that is wanted and the message is small; by the stream where it is not, or nothing came. */
  async #attempt(request: PrimaryRequest, deadline: Deadline): Promise<Delivery<Reply>> {
    const time = Math.floor(this.#clock.now() / 1000) + this.#clockOffset;
    const newAttempt = () => new Attempt(request, this.#primary.tsig, time, this.context);
    const timeLeft = () => Math.max(0, deadline - this.#clock.monotonic());
    const { udp, stream } = this.#transports;

    if (udp !== undefined && this.#sizeOf(request) <= MAX_UDP) {
      const attempt = newAttempt();
      const delivery = await udp.exchange<Reply>(
        {
          message: (id) => attempt.message(id),
          judge: (octets) => {
            const reply = attempt.judge(octets);
            // A datagram that does not verify may be forged: the true one may still come, or come by TCP.
            return reply?.kind === 'unverified' ? undefined : reply;
          },
        },
        Math.min(UDP_TIME, timeLeft()),
      );
      if (delivery.kind === 'answered' && !isTruncated(delivery.reply)) return delivery;
    }
    return stream.exchange(newAttempt(), Math.min(STREAM_TIME, timeLeft()));
  }

  #sizeOf(request: PrimaryRequest): number {
    const { tsig } = this.#primary;
    return request.write(0).length + (tsig === undefined ? 0 : tsigSizeOf(tsig));
  }

  #correctClock(ahead: number): void {
    this.#clockOffset += ahead;
    this.#logger.warn('the clock of a primary differs from ours: set one of them; TSIG times are corrected', {
      primary: this.context.server,
      secondsAhead: this.#clockOffset,
    });
  }

  #clockFault(ahead: number): DnsFault {
    return this.#fault('DNS_CLOCK', `has a clock that is ${ahead} seconds ahead of ours: set one of them`);
  }

  #deliveryFault(delivery: Exclude<Delivery<Reply>, { kind: 'answered' }>): DnsFault {
    switch (delivery.kind) {
      case 'unreachable':
        return this.#fault(
          'DNS_UNREACHABLE',
          `takes no connection (${delivery.cause.message}): is it running, and is dns.socket right?`,
          delivery.cause,
        );
      case 'lost':
        return this.#fault(
          'DNS_UNREACHABLE',
          'could not confirm: it closed the connection without an answer',
        );
      case 'silent':
        return this.#fault('DNS_TIMEOUT', 'could not confirm: it did not answer in time');
    }
  }

  #fault(code: DnsFaultCode, what: string, cause?: unknown): DnsFault {
    const options = cause === undefined ? undefined : { cause };
    return new DnsFault(code, `the primary ${this.context.server} ${what}`, options);
  }

  /** Not past the deadline. Chance keeps those who failed together from coming back together. */
  #pause(attempt: number, deadline: Deadline): Promise<void> {
    const longest = PAUSES[attempt] ?? LONGEST_PAUSE;
    const pause = longest * (0.5 + Math.random() / 2);
    return new Promise((resolve) => {
      this.#clock.schedule(Math.max(0, Math.min(pause, deadline - this.#clock.monotonic())), resolve);
    });
  }
}

const isTruncated = (reply: Reply): boolean => reply.kind === 'answer' && reply.message.tc;
