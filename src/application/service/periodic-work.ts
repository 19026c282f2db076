import type { Clock } from '../ports/clock.ts';
import type { Lease } from '../ports/lease.ts';
import type { Listener } from '../ports/listener.ts';

/** Work with many steps asks before each of them whether it shall end. */
type Work = (isStopped: () => boolean) => Promise<void>;

/** Does some work from the start on, again and again. A rejection is told, and the work goes on. */
export class PeriodicWork implements Listener {
  readonly #work: Work;
  readonly #interval: number;
  readonly #clock: Clock;
  readonly #failed: (error: Error) => void;
  #cancel: (() => void) | undefined;
  #working: Promise<void> = Promise.resolve();
  #stopped = false;

  /** @param interval milliseconds from the end of the work to its next beginning */
  constructor(work: Work, interval: number, clock: Clock, failed: (error: Error) => void) {
    this.#work = work;
    this.#interval = interval;
    this.#clock = clock;
    this.#failed = failed;
  }

  async start(): Promise<readonly string[]> {
    this.#workIn(0);
    return [];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#working;
  }

  #workIn(milliseconds: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#clock.schedule(milliseconds, () => {
      this.#working = this.#work(() => this.#stopped).catch(this.#failed);
      void this.#working.then(() => this.#workIn(this.#interval));
    });
  }
}

/** The same work for several processes: it is passed over while another one of them does it, and `otherwise` is done. */
export const whileHeld =
  (lease: Lease, work: Work, otherwise = () => {}): Work =>
  async (isStopped) => {
    if (lease.isHeld()) await work(() => isStopped() || !lease.isHeld());
    else otherwise();
  };
