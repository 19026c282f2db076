import type { Clock } from '../../src/application/ports/clock.ts';
import type { Life } from './network.ts';
import type { VirtualTime } from './virtual-time.ts';

/** 2026-01-01 UTC. */
const START = Date.UTC(2026, 0, 1);

/** The clock of one process: it goes too fast or too slowly, and somebody sets it. It stops when the process is killed. */
export class SimulatedClock implements Clock {
  /** Milliseconds by which the clock of the system is ahead. Somebody may set it. */
  ahead = 0;
  readonly #time: VirtualTime;
  readonly #rate: number;
  readonly #life: Life;

  /** @param rate seconds of this clock in a second */
  constructor(time: VirtualTime, rate: number, life: Life) {
    this.#time = time;
    this.#rate = rate;
    this.#life = life;
  }

  now(): number {
    return Math.floor(START + this.ahead + this.monotonic());
  }

  monotonic(): number {
    return this.#time.now * this.#rate;
  }

  schedule(milliseconds: number, action: () => void): () => void {
    return this.#time.plan(milliseconds / this.#rate, () => {
      if (this.#life.alive) action();
    });
  }

  soon(action: () => void): void {
    this.schedule(0, action);
  }
}
