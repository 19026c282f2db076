import type { Primary } from '../../application/manage/settings.ts';
import type { Clock, Deadline } from '../../application/ports/clock.ts';
import type { DnsFault } from '../../application/ports/dns-fault.ts';
import type { DnsResult } from '../../application/ports/dns-updater.ts';
import type { Events } from '../../application/ports/events.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { PrimaryState } from '../../application/ports/primary-health.ts';
import { pause } from '../../application/service/waiting.ts';
import { type ServerSocket, socketText } from '../../domain/socket-address.ts';
import { Rcode } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import type { AnswerContext } from './about.ts';
import { deliveryFault, faultOf, hintFault, type NoAnswer, unconfirmed } from './answer-fault.ts';
import { attemptOf, type Reply } from './attempt.ts';
import { Breaker, withJitter } from './breaker.ts';
import { isTruncated, PrimaryAddress, STREAM_TIME, socketsOf, type Transports } from './primary-address.ts';
import type { PrimaryRequest } from './requests.ts';
import { anyQuery } from './requests.ts';
import type { Exchange } from './transport.ts';

/** The pauses between attempts, in milliseconds, before the jitter. */
const PAUSES = [200, 400, 800, 1_600] as const;
const LONGEST_PAUSE = 3_200;
/** The least time for the last attempt, in milliseconds. With less than that left, there is no further attempt. */
const LEAST_TIME = 500;
/** After this many attempts without a connection, a request ends. The pauses between them are 1.5 to 3 seconds in all. */
const UNREACHABLE_ATTEMPTS = PAUSES.length + 1;
/** In seconds. A clock that is more than a day off is wrong, and to correct for it here would hide that. */
export const MAX_CLOCK_CORRECTION = 86_400;

/** What became of one attempt. */
type Outcome = Extract<Reply, { kind: 'answer' }> | Failure;

/** Why an attempt got no answer that counts. */
type Failure =
  /** `final`: another attempt would end the same. `clock`: the next one is signed by the clock of the server. */
  | { readonly kind: 'final' | 'clock' | 'server-failure'; readonly fault: DnsFault }
  /** No answer came. */
  | { readonly kind: Exclude<NoAnswer['kind'], 'closed'>; readonly fault: DnsFault };

/** What the attempts of a request have come to so far. */
type Tried = {
  readonly maxServerFailures: number;
  attempts: number;
  unreachable: number;
  serverFailures: number;
  clockCorrected: boolean;
};

/**
 * Sends requests to one primary until an answer counts: it belongs to the request, and it verified if there is a key.
 * While the breaker is open, nothing is sent.
 */
export class PrimaryClient {
  readonly #primary: Primary;
  /** In the order of the configuration. All of them belong to the same server. */
  readonly #addresses: readonly PrimaryAddress[];
  readonly #breaker: Breaker;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Seconds by which the clock of the server is ahead of ours, according to answers that verified. */
  #clockOffset = 0;

  /** @param transportsTo opens the transports to one address; called once for each. */
  constructor(
    primary: Primary,
    transportsTo: (socket: ServerSocket) => Transports,
    clock: Clock,
    logger: Logger,
    events: Events,
  ) {
    this.#primary = primary;
    this.#addresses = socketsOf(primary).map(
      (socket) => new PrimaryAddress(socket, primary.tsig, transportsTo(socket), clock),
    );
    this.#breaker = new Breaker(socketText(primary.socket), () => this.#probe(), clock, logger, events);
    this.#clock = clock;
    this.#logger = logger;
  }

  /** The address to which the next request goes, and the key. */
  get context(): AnswerContext {
    return this.#bestAddress().context;
  }

  get state(): PrimaryState {
    return { primary: this.#primary.socket, answers: this.#breaker.fault === undefined };
  }

  close(): void {
    this.#breaker.close();
    for (const address of this.#addresses) address.close();
  }

  /**
   * Resolves to an answer that counts, with any RCODE but SERVFAIL, or to the reason why there is none.
   *
   * @param maxServerFailures after this many answers with SERVFAIL, there is no further attempt.
   */
  async ask(
    request: PrimaryRequest,
    deadline: Deadline,
    maxServerFailures = Number.POSITIVE_INFINITY,
  ): Promise<DnsResult<Message>> {
    const tried = {
      maxServerFailures,
      attempts: 0,
      unreachable: 0,
      serverFailures: 0,
      clockCorrected: false,
    };
    let fault: DnsFault | undefined;
    while (this.#clock.monotonic() < deadline) {
      if (this.#breaker.fault !== undefined) return failure(this.#breaker.fault);
      const address = this.#bestAddress();
      const outcome = await this.#attempt(address, request, deadline);
      if (outcome.kind === 'answer') return { ok: true, value: outcome.message };
      // An attempt that the deadline cut short says less than the one before it.
      const wasCutShort = outcome.kind === 'silent' && this.#clock.monotonic() >= deadline;
      if (fault === undefined || !wasCutShort) fault = outcome.fault;

      const round = Math.floor(tried.attempts / this.#addresses.length);
      const next = this.#nextAfter(outcome.kind, tried, address);
      if (next === 'give-up') break;
      if (next === 'after-pause' && !(await this.#pause(round, deadline))) break;
    }
    return failure(
      fault ?? unconfirmed('DNS_TIMEOUT', `no time was left to ask the primary ${this.context.server}`),
    );
  }

  /** When the next attempt comes after one that failed. Notes in `tried` what has happened. */
  #nextAfter(
    kind: Failure['kind'],
    tried: Tried,
    address: PrimaryAddress,
  ): 'now' | 'after-pause' | 'give-up' {
    const addresses = this.#addresses.length;
    tried.attempts += 1;
    switch (kind) {
      case 'final':
        return 'give-up';
      case 'clock':
        if (tried.clockCorrected) return 'give-up';
        tried.clockCorrected = true;
        return 'now';
      case 'server-failure':
        tried.serverFailures += 1;
        return tried.serverFailures >= tried.maxServerFailures ? 'give-up' : 'after-pause';
      default:
        if (kind === 'unreachable') tried.unreachable += 1;
        if (tried.unreachable === UNREACHABLE_ATTEMPTS * addresses) return 'give-up';
        // A server closes idle connections, and may have done so in the moment in which this one was used again.
        if (kind === 'lost' && tried.attempts === 1) return 'now';
        address.failedAt = this.#clock.monotonic();
        // Each address has its turn before the pause.
        return tried.attempts % addresses === 0 ? 'after-pause' : 'now';
    }
  }

  /** The address that has not failed, or failed longest ago. */
  #bestAddress(): PrimaryAddress {
    return this.#addresses.reduce((best, other) => (other.failedAt < best.failedAt ? other : best));
  }

  /** Waits until the next attempt may start; false when there is no time for one, or the breaker is open. */
  async #pause(round: number, deadline: Deadline): Promise<boolean> {
    const timeLeft = deadline - this.#clock.monotonic() - LEAST_TIME;
    if (timeLeft <= 0 || this.#breaker.fault !== undefined) return false;
    await pause(this.#clock, Math.min(withJitter(PAUSES[round] ?? LONGEST_PAUSE), timeLeft));
    return true;
  }

  /** Sends the request once, tells the breaker whether an answer came, and says what the answer means. */
  async #attempt(address: PrimaryAddress, request: PrimaryRequest, deadline: Deadline): Promise<Outcome> {
    const start = this.#clock.monotonic();
    const delivery = await address.ask(request, () => this.#newAttempt(request), deadline);
    if (delivery.kind === 'answered') {
      address.failedAt = Number.NEGATIVE_INFINITY;
      this.#breaker.answered();
      return this.#outcomeOf(delivery.reply, address.context);
    }
    const { kind } = delivery;
    const fault = deliveryFault(delivery, this.#primary.transport, address.context);
    if (kind === 'closed') return { kind: 'final', fault };
    // A silence that the deadline cut short says nothing of the primary.
    const isSilent = kind === 'silent' && this.#clock.monotonic() - start >= STREAM_TIME;
    if (isSilent || kind === 'lost' || kind === 'unreachable') this.#breaker.unanswered(start, fault);
    return { kind, fault };
  }

  #outcomeOf(reply: Reply, context: AnswerContext): Outcome {
    switch (reply.kind) {
      case 'answer':
        if (isTruncated(reply)) {
          const text = `the primary ${context.server} sent a truncated answer over TCP`;
          return { kind: 'final', fault: unconfirmed('DNS_UNVERIFIED', text) };
        }
        if (reply.message.rcode !== Rcode.SERVFAIL) return reply;
        return {
          kind: 'server-failure',
          fault: faultOf('DNS_SERVER_FAILURE', { code: 'server-failure' }, context),
        };
      case 'clock': {
        const ahead = reply.serverTime - this.#now();
        const fault = faultOf('DNS_CLOCK', { code: 'clocks-apart', seconds: ahead }, context);
        if (Math.abs(ahead) > MAX_CLOCK_CORRECTION) return { kind: 'final', fault };
        this.#correctClock(ahead, context);
        return { kind: 'clock', fault };
      }
      case 'unverified': {
        const fault = hintFault(reply.hint, context);
        return { kind: fault.code === 'DNS_SERVER_FAILURE' ? 'server-failure' : 'final', fault };
      }
    }
  }

  /** Asks all addresses at once. Any answer is enough, so it needs no key. */
  async #probe(): Promise<void> {
    const request = { ...anyQuery(this.#primary), unsigned: true };
    const deadline = this.#clock.monotonic() + STREAM_TIME;
    await Promise.all(this.#addresses.map((address) => this.#attempt(address, request, deadline)));
  }

  #newAttempt(request: PrimaryRequest): Exchange<Reply> {
    const key = request.unsigned ? undefined : this.#primary.tsig;
    return attemptOf(request, key, this.#now() + this.#clockOffset);
  }

  /** Seconds since 1970, by our clock. */
  #now(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  /** Several requests in flight may learn of the difference at once. It is logged once. */
  #correctClock(ahead: number, { server }: AnswerContext): void {
    const isNew = Math.abs(ahead - this.#clockOffset) > 1;
    this.#clockOffset = ahead;
    if (!isNew) return;
    this.#logger.warn('The clock of a primary differs from ours: set one of them; TSIG times are corrected', {
      primary: server,
      secondsAhead: ahead,
    });
  }
}

const failure = (fault: DnsFault): DnsResult<never> => ({ ok: false, fault });
