/** Names in a batch at first, at least and at most. More than 300 win nothing on any server measured. */
const FIRST = 50;
const LEAST = 1;
const MOST = 300;

/** How long a primary should take for one batch, in milliseconds, so that a change does not wait long behind others. */
const TARGET_TIME = 300;
const STEP = 10;

export type SentBatch = {
  /** How many names it had. */
  readonly count: number;
  /** Milliseconds until its last answer. */
  readonly time: number;
  /** The primary has done all of it. */
  readonly acknowledged: boolean;
};

/**
 * How many names go into one batch: more while the primary is quick, half as many when it is slow (additive
 * increase, multiplicative decrease). BIND takes 300 names in 8 ms, a PowerDNS with 5,000 names in its zone
 * needs 12 ms for each.
 */
export class BatchSize {
  #most = FIRST;

  get most(): number {
    return this.#most;
  }

  /** Learns from the time that a batch took. */
  observe({ count, time, acknowledged }: SentBatch): void {
    if (time > TARGET_TIME) {
      // A batch that was far from full was slow for another reason: a Knot pauses for a second now and then.
      if (count > this.#most / 2) this.#most = Math.max(LEAST, Math.floor(Math.min(count, this.#most) / 2));
    } else if (acknowledged && count >= this.#most) {
      this.#most = Math.min(MOST, this.#most + STEP);
    }
  }
}
