import { BoundedMap } from '../../domain/bounded-map.ts';
import type { Clock } from '../ports/clock.ts';

/** Milliseconds that somebody has for a sign-in. */
const LIFE = 5 * 60_000;
/** Enough for ten thousand who sign in at once, and few enough that nobody can fill the memory. */
const MOST = 10_000;

/**
 * What has to be known when a browser comes back: good once, and for five minutes. It is lost with the process; then a
 * sign-in begins anew.
 */
export class Pending<Value> {
  readonly #clock: Clock;
  readonly #kept = new BoundedMap<string, { readonly value: Value; readonly until: number }>(MOST);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param key names the browser, so that no other one can bring it back */
  keep(key: string, value: Value): void {
    this.#kept.set(key, { value, until: this.#clock.monotonic() + LIFE });
  }

  /** Undefined where nothing is kept any more. */
  take(key: string): Value | undefined {
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    return kept !== undefined && kept.until > this.#clock.monotonic() ? kept.value : undefined;
  }
}
