import type { Clock } from '../../application/ports/clock.ts';
import type { Listener } from '../../application/ports/listener.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Notify } from './notify.ts';

/**
 * Tells systemd how the service is (sd_notify(3), Type=notify): ready when all that starts before it has
 * started, then alive again and again, and stopping at the end.
 */
export class ServiceManager implements Listener {
  readonly #notify: Notify;
  /** Milliseconds after which systemd holds a service for dead that says nothing; undefined: never. */
  readonly #watchdog: number | undefined;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #callOff = () => {};
  #stopped = false;

  constructor(notify: Notify, watchdog: number | undefined, clock: Clock, logger: Logger) {
    this.#notify = notify;
    this.#watchdog = watchdog;
    this.#clock = clock;
    this.#logger = logger;
  }

  async start(): Promise<readonly string[]> {
    await this.#tell('READY=1');
    this.#keepAlive();
    return [];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#callOff();
    await this.#tell('STOPPING=1');
  }

  /** Does `action`, and lets systemd know how long the service is busy with it. */
  async reloading(action: () => Promise<void>): Promise<void> {
    // Type=notify-reload wants to know when it began, by the clock that CLOCK_MONOTONIC is (here hrtime).
    await this.#tell('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`);
    await action();
    await this.#tell('READY=1');
  }

  /** By a timer of the event loop: where that hangs, nobody says that it is alive. */
  #keepAlive(): void {
    if (this.#watchdog === undefined || this.#stopped) return;
    this.#callOff = this.#clock.schedule(this.#watchdog / 2, () => {
      void this.#tell('WATCHDOG=1');
      this.#keepAlive();
    });
  }

  async #tell(...variables: readonly string[]): Promise<void> {
    try {
      await this.#notify(variables);
    } catch (error) {
      this.#logger.warn('Could not notify systemd', { variables, error: error as Error });
    }
  }
}
