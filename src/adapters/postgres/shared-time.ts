import type { Clock } from '../../application/ports/clock.ts';
import type { Database } from './database.ts';

/** The time that all instances share: that of the database. Its clock is asked once, and our monotonic one goes on. */
export class SharedTime {
  readonly #database: Database;
  readonly #clock: Clock;
  #offset: number | undefined;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** What is added to our monotonic clock. Undefined until it was found. */
  get known(): number | undefined {
    return this.#offset;
  }

  async offset(): Promise<number> {
    if (this.#offset === undefined) {
      const [row] = await this.#database.ask(
        (sql) => sql<{ now: number }[]>`select extract(epoch from clock_timestamp())::float8 * 1000 as now`,
      );
      this.#offset ??= Math.round((row?.now ?? 0) - this.#clock.monotonic());
    }
    return this.#offset;
  }
}
