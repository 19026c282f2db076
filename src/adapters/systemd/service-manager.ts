import type { Clock } from '../../application/ports/clock.ts';
import type { Listener } from '../../application/ports/listener.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Notify } from './notify.ts';

/**
 * Tells systemd the state of the service (sd_notify(3), Type=notify). As the last listener, it reports that all have
 * started. Then it reports at intervals that the service is alive, and at the end that it stops.
 */
export class ServiceManager implements Listener {
  readonly #notify: Notify;
  /** Milliseconds after which systemd takes a silent service for dead. Undefined: never. */
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

  /** Runs `action`, and tells systemd when the reload begins and ends. */
  async reloading(action: () => Promise<void>): Promise<void> {
    // Type=notify-reload needs the time of its beginning by CLOCK_MONOTONIC, which is hrtime here.
    await this.#tell('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`);
    await action();
    await this.#tell('READY=1');
  }

  /** By a timer of the event loop, so that systemd hears nothing when the event loop hangs. */
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
