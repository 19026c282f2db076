/** Names in a message at first, at least and at most. More than 300 win nothing on any server measured. */
const FIRST = 50;
const LEAST = 1;
const MOST = 300;

/** How long a primary should take for one message, in milliseconds: nobody shall wait long behind the others. */
const TARGET_TIME = 300;
const STEP = 10;

/**
 * How many names go into one message: more while the primary is quick, half as many when it is slow (additive
 * increase, multiplicative decrease). BIND takes 300 names in 8 ms, a PowerDNS with 5,000 names in its zone
 * needs 12 ms for each.
 */
export class BatchSize {
  #names = FIRST;

  get names(): number {
    return this.#names;
  }

  /** Learns from a message with `names` names that took `time` milliseconds. */
  observe(names: number, time: number): void {
    if (time > TARGET_TIME) this.#names = Math.max(LEAST, Math.floor(Math.min(names, this.#names) / 2));
    else if (names >= this.#names) this.#names = Math.min(MOST, this.#names + STEP);
  }
}
