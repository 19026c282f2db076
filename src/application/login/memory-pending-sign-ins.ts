import { BoundedMap } from '../../domain/bounded-map.ts';
import type { Clock } from '../ports/clock.ts';
import { type PendingSignIns, SIGN_IN_LIFE } from '../ports/pending-sign-ins.ts';

/** Enough for ten thousand who sign in at once, and few enough that nobody can fill the memory. */
const MOST = 10_000;

/** Those of one process, which forgets them when it ends. */
export class MemoryPendingSignIns implements PendingSignIns {
  readonly #clock: Clock;
  readonly #kept = new BoundedMap<string, { readonly value: string; readonly until: number }>(MOST);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async keep(key: string, value: string): Promise<void> {
    this.#kept.set(key, { value, until: this.#clock.monotonic() + SIGN_IN_LIFE });
  }

  async take(key: string): Promise<string | undefined> {
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    return kept !== undefined && kept.until > this.#clock.monotonic() ? kept.value : undefined;
  }
}
