import type { Clock } from '../../application/ports/clock.ts';
import { BoundedMap } from '../../domain/bounded-map.ts';

/** How many requests a token may make at once. */
const BURST = 60;
/** Milliseconds until it may make one more. */
const REFILL = 500;
/** How many tokens are remembered. */
const MOST = 10_000;

/** A bucket of requests for each token, which fills with time. */
export class RateLimit {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** When the bucket is full again. */
  readonly #fullAt = new BoundedMap<string, number>(MOST);

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Takes a request out of the bucket. Gives the milliseconds to wait where it is empty, else 0. */
  take(token: string): number {
    const now = this.#clock.monotonic();
    const fullAt = Math.max(this.#fullAt.get(token) ?? 0, now) + REFILL;
    const wait = fullAt - now - BURST * REFILL;
    if (wait <= 0) this.#fullAt.set(token, fullAt);
    return Math.max(wait, 0);
  }
}
