import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/application/ports/clock.ts';

type Scheduled = { readonly due: number; readonly action: () => void };

/** A clock that stands still until the test moves it. */
export class ManualClock implements Clock {
  #wall: number;
  #elapsed = 0;
  /** In the order in which they were scheduled. */
  #scheduled: readonly Scheduled[] = [];

  /** Starts at `start`, milliseconds since 1970-01-01 UTC. */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#wall = start;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  schedule(milliseconds: number, action: () => void): () => void {
    const entry: Scheduled = { due: this.#elapsed + Math.max(0, milliseconds), action };
    this.#scheduled = [...this.#scheduled, entry];
    return () => this.#forget(entry);
  }

  soon(action: () => void): void {
    void Promise.resolve().then(action);
  }

  /** How many actions wait for their time: what was left behind is seen here. */
  get pending(): number {
    return this.#scheduled.length;
  }

  /**
   * Lets time pass. What becomes due runs in the order of its time, each at its own time, and the promises
   * that it settles are followed before the next one runs. `advance(0)` runs what is due already.
   */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds;
    await setImmediate();
    for (let next = this.#nextUntil(end); next !== undefined; next = this.#nextUntil(end)) {
      this.#pass(next.due - this.#elapsed);
      this.#forget(next);
      next.action();
      await setImmediate();
    }
    this.#pass(end - this.#elapsed);
  }

  /** Somebody sets the system's clock: `now` jumps, and nothing becomes due. */
  setWallClock(milliseconds: number): void {
    this.#wall = milliseconds;
  }

  #nextUntil(end: number): Scheduled | undefined {
    let next: Scheduled | undefined;
    for (const entry of this.#scheduled) {
      if (entry.due <= end && (next === undefined || entry.due < next.due)) next = entry;
    }
    return next;
  }

  #forget(entry: Scheduled): void {
    this.#scheduled = this.#scheduled.filter((other) => other !== entry);
  }

  #pass(milliseconds: number): void {
    this.#elapsed += milliseconds;
    this.#wall += milliseconds;
  }
}
