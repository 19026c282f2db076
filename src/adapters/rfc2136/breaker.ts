import type { Clock } from '../../application/ports/clock.ts';
import type { DnsFault } from '../../application/ports/dns-fault.ts';
import type { Events } from '../../application/ports/events.ts';
import type { Logger } from '../../application/ports/logger.ts';

/** It takes this many attempts in a row without an answer to open the breaker: one may be bad luck. */
const ATTEMPTS = 3;
/** It also takes this many milliseconds: a restart of the primary is shorter, and requests wait for its end. */
const OUTAGE = 3_000;
/**
 * The pauses between two probes, in milliseconds: the first one, and the longest. They find a primary within two
 * seconds of its return, at the cost of one query a second.
 */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 1_000;

/**
 * Opens when a primary has given no answer for a while. While it is open, requests fail at once, and one probe at a
 * time finds out when the primary is back. Any answer to any request closes it.
 */
export class Breaker {
  readonly #primary: string;
  readonly #probe: () => Promise<void>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #lastAnswer = Number.NEGATIVE_INFINITY;
  /** Attempts without an answer since the last answer, and the time at which the first of them began. */
  #attempts = 0;
  #silentSince = 0;
  #fault: DnsFault | undefined;
  readonly #events: Events;
  #cancelProbe: () => void = () => {};

  /** @param probe sends any request to the primary, and calls {@link answered} if an answer comes. */
  constructor(primary: string, probe: () => Promise<void>, clock: Clock, logger: Logger, events: Events) {
    this.#primary = primary;
    this.#probe = probe;
    this.#clock = clock;
    this.#logger = logger;
    this.#events = events;
  }

  /** The fault of the last attempt while the breaker is open; undefined while it is closed. */
  get fault(): DnsFault | undefined {
    return this.#fault;
  }

  answered(): void {
    this.#lastAnswer = this.#clock.monotonic();
    this.#attempts = 0;
    if (this.#fault === undefined) return;
    this.close();
    const silence = this.#lastAnswer - this.#silentSince;
    const fields = { primary: this.#primary, seconds: Math.round(silence / 1000) };
    this.#logger.info('A primary answers again', fields);
    const at = this.#clock.now();
    this.#events.tell({ kind: 'primary-back', at, server: this.#primary, since: at - silence });
  }

  /** An attempt that began at `start` got no answer. */
  unanswered(start: number, fault: DnsFault): void {
    // The primary has answered another request since then.
    if (start < this.#lastAnswer) return;
    if (this.#attempts === 0) this.#silentSince = start;
    this.#attempts += 1;
    if (this.#fault !== undefined) {
      this.#fault = fault;
    } else if (this.#attempts >= ATTEMPTS && this.#clock.monotonic() - this.#silentSince >= OUTAGE) {
      this.#fault = fault;
      const event = 'A primary does not answer: until it does, requests for its zones fail at once';
      this.#logger.error(event, { primary: this.#primary, error: fault });
      const [at, server] = [this.#clock.now(), this.#primary];
      this.#events.tell({ kind: 'primary-away', at, server, reason: fault.code });
      this.#scheduleProbe(FIRST_PAUSE);
    }
  }

  /** Stops the probes too. */
  close(): void {
    this.#fault = undefined;
    this.#cancelProbe();
  }

  #scheduleProbe(pause: number): void {
    this.#cancelProbe = this.#clock.schedule(withJitter(pause), async () => {
      await this.#probe();
      if (this.#fault !== undefined) this.#scheduleProbe(Math.min(pause * 2, LONGEST_PAUSE));
    });
  }
}

/** A random time between half of `milliseconds` and all of it, so that those who failed together spread out. */
export function withJitter(milliseconds: number): number {
  return milliseconds * (0.5 + Math.random() / 2);
}
