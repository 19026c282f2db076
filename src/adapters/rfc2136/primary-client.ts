import type { Primary } from '../../application/manage/settings.ts';
import type { Clock, Deadline } from '../../application/ports/clock.ts';
import { DnsFault, type DnsFaultCode } from '../../application/ports/dns-fault.ts';
import type { DnsResult } from '../../application/ports/dns-updater.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { PrimaryState } from '../../application/ports/primary-health.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { type ServerSocket, socketText } from '../../domain/socket-address.ts';
import { Rcode, RrType } from '../dns-wire/constants.ts';
import type { Message } from '../dns-wire/message.ts';
import type { AnswerContext } from './about.ts';
import { clockFault, faultOf, hintFault, servfailFault } from './answer-fault.ts';
import { Attempt, type PrimaryRequest, type Reply } from './attempt.ts';
import { Breaker } from './breaker.ts';
import { CLOSED } from './causes.ts';
import { isTruncated, PrimaryAddress, STREAM_TIME, type Transports } from './primary-address.ts';
import { query } from './query.ts';
import type { Delivery } from './transport.ts';

/** Pauses between attempts, in milliseconds; each is taken between its half and its whole, by chance. */
const PAUSES = [200, 400, 800, 1_600] as const;
const LONGEST_PAUSE = 3_200;
/** What the last attempt has at least, in milliseconds: with less than that left, nobody is asked again. */
const LEAST_TIME = 500;
/** A primary that takes no connection may be restarting; with the pauses that is three seconds. */
const UNREACHABLE_ATTEMPTS = PAUSES.length + 1;
/** A clock that is off by more than a day is wrong, and correcting it here would hide that. */
export const MAX_CLOCK_CORRECTION = 86_400;

type NoAnswer = Exclude<Delivery<Reply>, { kind: 'answered' }>;

/** What came of an attempt: a reply, or what it means that there is none. */
type Heard =
  | { readonly kind: 'answered'; readonly reply: Reply }
  | { readonly kind: NoAnswer['kind']; readonly fault: DnsFault };

const ROOT = '' as DomainName;

/**
 * Asks one primary until there is an answer that counts: it belongs to the request, and it verified when a
 * key is configured. Every attempt has an id, a time and a signature of its own.
 *
 * A primary that is known not to answer is not asked.
 */
export class PrimaryClient {
  readonly #primary: Primary;
  /** In the order of the configuration. */
  readonly #addresses: readonly PrimaryAddress[];
  readonly #breaker: Breaker;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Seconds that the server's clock is ahead of ours, as far as it told in an answer that verified. */
  #clockOffset = 0;

  /** @param transportsTo the way to one of its addresses; called once for each. */
  constructor(
    primary: Primary,
    transportsTo: (socket: ServerSocket) => Transports,
    clock: Clock,
    logger: Logger,
  ) {
    this.#primary = primary;
    this.#addresses = [primary.socket, ...(primary.fallbackSockets ?? [])].map(
      (socket) => new PrimaryAddress(socket, primary.tsig, transportsTo(socket), clock),
    );
    this.#breaker = new Breaker(socketText(primary.socket), () => this.#probe(), clock, logger);
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Of the address that is asked now. */
  get context(): AnswerContext {
    return this.#bestAddress().context;
  }

  /** As far as it was asked, by all of its addresses. */
  get state(): PrimaryState {
    return { primary: this.#primary.socket, answers: this.#breaker.fault === undefined };
  }

  close(): void {
    this.#breaker.close();
    for (const address of this.#addresses) address.close();
  }

  /**
   * An answer that counts, with any RCODE but SERVFAIL; or why there is none.
   *
   * @param serverFailures how often SERVFAIL is heard before it is the outcome.
   */
  async ask(
    request: PrimaryRequest,
    deadline: Deadline,
    serverFailures = Number.POSITIVE_INFINITY,
  ): Promise<DnsResult<Message>> {
    // None in advance: an error takes longer to make than a query.
    let fault: DnsFault | undefined;
    let corrected = false;
    let unreachable = 0;
    let failures = 0;
    const addresses = this.#addresses.length;
    for (let attempt = 0; this.#clock.monotonic() < deadline; attempt += 1) {
      if (this.#breaker.fault !== undefined) return { ok: false, fault: this.#breaker.fault };
      const address = this.#bestAddress();
      const { context } = address;
      const heard = await this.#attempt(address, request, deadline);
      if (heard.kind !== 'answered') {
        fault = heard.fault;
        if (heard.kind === 'closed') break;
        if (heard.kind === 'unreachable') unreachable += 1;
        if (unreachable === UNREACHABLE_ATTEMPTS * addresses) break;
        // The server may have closed an idle connection at the moment when it was used: nobody's trouble.
        if (heard.kind === 'lost' && attempt === 0) continue;
        address.failedAt = this.#clock.monotonic();
        // Each address has its turn before the pause.
        if ((attempt + 1) % addresses !== 0) continue;
      } else if (heard.reply.kind === 'clock') {
        const ahead = this.#secondsAhead(heard.reply.serverTime);
        fault = clockFault(ahead, context);
        if (corrected || Math.abs(ahead) > MAX_CLOCK_CORRECTION) break;
        corrected = true;
        this.#correctClock(ahead, context);
        continue;
      } else if (heard.reply.kind === 'unverified') {
        fault = hintFault(heard.reply.hint, context);
        if (fault.code !== 'DNS_SERVER_FAILURE') break;
      } else if (isTruncated(heard.reply)) {
        const text = `the primary ${context.server} sent a truncated answer over TCP`;
        fault = unconfirmed('DNS_UNVERIFIED', text);
        break;
      } else {
        const { message } = heard.reply;
        if (message.rcode !== Rcode.SERVFAIL) return { ok: true, value: message };
        fault = servfailFault(context);
      }
      if (fault.code === 'DNS_SERVER_FAILURE') failures += 1;
      if (failures >= serverFailures) break;
      const round = Math.floor(attempt / addresses);
      const pause = Math.min(pauseAfter(round), deadline - this.#clock.monotonic() - LEAST_TIME);
      if (pause <= 0 || this.#breaker.fault !== undefined) break;
      await new Promise<void>((resolve) => this.#clock.schedule(pause, resolve));
    }
    fault ??= unconfirmed('DNS_TIMEOUT', `no time was left to ask the primary ${this.context.server}`);
    return { ok: false, fault };
  }

  /** The one that did not fail, or failed longest ago. So one that answers is kept. */
  #bestAddress(): PrimaryAddress {
    return this.#addresses.reduce((best, other) => (other.failedAt < best.failedAt ? other : best));
  }

  /** One attempt at one address, of whose outcome the breaker learns. */
  async #attempt(address: PrimaryAddress, request: PrimaryRequest, deadline: Deadline): Promise<Heard> {
    const start = this.#clock.monotonic();
    const delivery = await address.ask(request, () => this.#newAttempt(request), deadline);
    if (delivery.kind === 'answered') {
      address.failedAt = Number.NEGATIVE_INFINITY;
      this.#breaker.answered();
      return delivery;
    }
    const { kind } = delivery;
    const fault = this.#deliveryFault(delivery, address.context);
    // A silence that the deadline cut short says nothing of the primary.
    const silent = kind === 'silent' && this.#clock.monotonic() - start >= STREAM_TIME;
    if (silent || kind === 'lost' || kind === 'unreachable') this.#breaker.unanswered(start, fault);
    return { kind, fault };
  }

  /** Asks all addresses at once. Any answer will do, and needs no key. */
  async #probe(): Promise<void> {
    const [zone = ROOT] = this.#primary.zones;
    const request = { ...query(zone, RrType.SOA), unsigned: true };
    const deadline = this.#clock.monotonic() + STREAM_TIME;
    await Promise.all(this.#addresses.map((address) => this.#attempt(address, request, deadline)));
  }

  #newAttempt(request: PrimaryRequest): Attempt {
    const key = request.unsigned ? undefined : this.#primary.tsig;
    return new Attempt(request, key, this.#now() + this.#clockOffset);
  }

  /** Seconds since 1970, by our clock. */
  #now(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  #secondsAhead(serverTime: number): number {
    return serverTime - this.#now();
  }

  /** Several that are under way learn of it at once; it is told once. */
  #correctClock(ahead: number, { server }: AnswerContext): void {
    const news = Math.abs(ahead - this.#clockOffset) > 1;
    this.#clockOffset = ahead;
    if (!news) return;
    this.#logger.warn('the clock of a primary differs from ours: set one of them; TSIG times are corrected', {
      primary: server,
      secondsAhead: ahead,
    });
  }

  /** What the operator hears when no answer came: whether it was done cannot be known. */
  #deliveryFault(delivery: NoAnswer, context: AnswerContext): DnsFault {
    const { transport } = this.#primary;
    switch (delivery.kind) {
      case 'unreachable': {
        const { cause } = delivery;
        const about = { ...context, transport, detail: cause.message };
        return faultOf('DNS_UNREACHABLE', { code: 'unreachable' }, about, cause);
      }
      case 'lost':
        return faultOf('DNS_UNREACHABLE', { code: 'not-dns' }, { ...context, detail: CLOSED });
      case 'silent':
        return faultOf('DNS_TIMEOUT', { code: 'no-answer' }, context);
      case 'crowded':
        return unconfirmed('DNS_OVERLOADED', `too much is waiting for the primary ${context.server} already`);
      case 'closed':
        return unconfirmed('DNS_STOPPED', 'dynonym is stopping');
    }
  }
}

/** Chance keeps those who failed together from coming back together. */
function pauseAfter(attempt: number): number {
  return (PAUSES[attempt] ?? LONGEST_PAUSE) * (0.5 + Math.random() / 2);
}

const unconfirmed = (code: DnsFaultCode, text: string): DnsFault =>
  new DnsFault(code, `could not confirm: ${text}`);
