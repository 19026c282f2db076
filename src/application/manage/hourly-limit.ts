import { BoundedMap } from '../../domain/bounded-map.ts';
import type { Clock } from '../ports/clock.ts';

const HOUR = 3_600_000;
const MOST_KEYS = 10_000;

/** Something that may be done a few times an hour for each key. */
export class HourlyLimit {
  readonly #most: number;
  readonly #clock: Clock;
  /** When it was done, within the last hour. */
  readonly #moments = new BoundedMap<string, readonly number[]>(MOST_KEYS);

  constructor(most: number, clock: Clock) {
    this.#most = most;
    this.#clock = clock;
  }

  isReached(key: string): boolean {
    return this.#lastHour(key).length >= this.#most;
  }

  count(key: string): void {
    this.#moments.set(key, [...this.#lastHour(key), this.#clock.monotonic()]);
  }

  #lastHour(key: string): readonly number[] {
    const since = this.#clock.monotonic() - HOUR;
    return (this.#moments.get(key) ?? []).filter((moment) => moment > since);
  }
}
