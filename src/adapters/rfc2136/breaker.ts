import type { Clock } from '../../application/ports/clock.ts';
import type { DnsFault } from '../../application/ports/dns-fault.ts';
import type { Logger } from '../../application/ports/logger.ts';

/** Attempts in a row without an answer that it takes at least: one may be bad luck. */
const ATTEMPTS = 3;
/** Milliseconds without an answer that it takes at least. A restart is shorter, and is waited for. */
const TROUBLE = 3_000;
/**
 * Pauses between two probes, in milliseconds: the first, and the longest; each is taken between its half and its
 * whole, by chance. A primary that is back shall be found within two seconds, and a query a second bothers nobody.
 */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 1_000;

/**
 * Opens when a primary gives no answer to anybody for a while: then requests need not wait for it one by one. A
 * probe at a time finds out when it is back. An answer, whatever it says and whoever asked, closes it.
 */
export class Breaker {
  readonly #primary: string;
  readonly #probe: () => Promise<void>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #answered = Number.NEGATIVE_INFINITY;
  /** In a row, and when the first of them began. */
  #attempts = 0;
  #silentSince = 0;
  #fault: DnsFault | undefined;
  #cancelProbe: () => void = () => {};

  /** @param probe asks the primary anything; an answer comes back by {@link answered}. */
  constructor(primary: string, probe: () => Promise<void>, clock: Clock, logger: Logger) {
    this.#primary = primary;
    this.#probe = probe;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** While it is open, why: what the last attempt failed of. */
  get fault(): DnsFault | undefined {
    return this.#fault;
  }

  answered(): void {
    this.#answered = this.#clock.monotonic();
    this.#attempts = 0;
    if (this.#fault === undefined) return;
    this.close();
    this.#logger.info('a primary answers again', {
      primary: this.#primary,
      seconds: Math.round((this.#answered - this.#silentSince) / 1000),
    });
  }

  /** An attempt that began at `start` has failed for want of an answer. */
  unanswered(start: number, fault: DnsFault): void {
    // Since then the primary has answered others.
    if (start < this.#answered) return;
    if (this.#attempts === 0) this.#silentSince = start;
    this.#attempts += 1;
    if (this.#fault !== undefined) {
      this.#fault = fault;
    } else if (this.#attempts >= ATTEMPTS && this.#clock.monotonic() - this.#silentSince >= TROUBLE) {
      this.#fault = fault;
      const what = 'a primary does not answer: until it does, requests for its zones fail at once';
      this.#logger.error(what, { primary: this.#primary, error: fault });
      this.#scheduleProbe(FIRST_PAUSE);
    }
  }

  close(): void {
    this.#fault = undefined;
    this.#cancelProbe();
  }

  #scheduleProbe(pause: number): void {
    this.#cancelProbe = this.#clock.schedule(pause * (0.5 + Math.random() / 2), () => {
      void this.#probe().then(() => {
        if (this.#fault !== undefined) this.#scheduleProbe(Math.min(pause * 2, LONGEST_PAUSE));
      });
    });
  }
}
