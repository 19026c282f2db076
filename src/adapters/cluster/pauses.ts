import type { Clock } from '../../application/ports/clock.ts';
import type { Pause } from './messages.ts';

/** Pauses that are remembered at most; then those that were learnt first go. */
const MOST = 100_000;

/** Which sites are turned away, and until when. */
export class Pauses {
  readonly #clock: Clock;
  /** When each ends; those learnt first come first. */
  readonly #ends = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  learn({ site, left }: Pause): void {
    this.#ends.delete(site);
    this.#ends.set(site, this.#clock.monotonic() + left);
    if (this.#ends.size <= MOST) return;
    const [oldest] = this.#ends.keys();
    if (oldest !== undefined) this.#ends.delete(oldest);
  }

  /** Milliseconds until the site is no longer turned away; undefined when it is not. */
  leftOf(site: string): number | undefined {
    const end = this.#ends.get(site);
    if (end === undefined) return undefined;
    const left = end - this.#clock.monotonic();
    if (left > 0) return left;
    this.#ends.delete(site);
    return undefined;
  }

  /** Those that last. */
  list(): readonly Pause[] {
    return [...this.#ends.keys()].flatMap((site) => {
      const left = this.leftOf(site);
      return left === undefined ? [] : [{ site, left }];
    });
  }
}
