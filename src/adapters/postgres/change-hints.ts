import type { Clock } from '../../application/ports/clock.ts';
import type { Listener } from '../../application/ports/listener.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { PeriodicWork } from '../../application/service/periodic-work.ts';
import type { Database, Listening } from './database.ts';
import { CHANGES_CHANNEL, type PostgresChangeLog } from './postgres-change-log.ts';

/** Milliseconds between two hints. What is heard meanwhile is one hint. */
const SPACING = 50;
/** Milliseconds until a connection that was lost is set up again. The log is asked every 0.4 s meanwhile. */
const PAUSE = 10_000;

export type ChangeHintsPorts = { readonly clock: Clock; readonly logger: Logger };

/**
 * Listens for changes by other instances, so that the log is asked at once. It is a hint and no more: the log is asked
 * every 0.4 s whether anything is heard or not. Not behind a pooler, where nobody can listen.
 */
export class ChangeHints implements Listener {
  readonly #database: Pick<Database, 'listen'>;
  readonly #log: Pick<PostgresChangeLog, 'hint'>;
  readonly #ports: ChangeHintsPorts;
  readonly #listens: PeriodicWork;
  #listening: Listening | undefined;
  #isPooled = false;
  #isStopped = false;
  /** A hint was given a moment ago, and perhaps another one is due. */
  #isResting = false;
  #isDue = false;
  #cancel = () => {};

  constructor(
    database: Pick<Database, 'listen'>,
    log: Pick<PostgresChangeLog, 'hint'>,
    ports: ChangeHintsPorts,
  ) {
    this.#database = database;
    this.#log = log;
    this.#ports = ports;
    // Why there is no connection is told by those that cannot do without one.
    this.#listens = new PeriodicWork(
      () => this.#listen(),
      PAUSE,
      ports.clock,
      () => {},
    );
  }

  start(): Promise<readonly string[]> {
    return this.#listens.start();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#listening?.close();
    await this.#listens.stop();
  }

  /** Resolves when the connection has ended. */
  async #listen(): Promise<void> {
    if (this.#isPooled) return;
    const listening = await this.#database.listen(CHANGES_CHANNEL, () => this.#heard());
    this.#isPooled = listening === undefined;
    if (listening === undefined) {
      this.#ports.logger.info('A pooler is in front of PostgreSQL: changes are asked for, and not heard of');
      return;
    }
    this.#listening = listening;
    if (!this.#isStopped) await listening.ended;
    await listening.close();
  }

  #heard(): void {
    this.#isDue = true;
    if (this.#isResting || this.#isStopped) return;
    this.#isDue = false;
    this.#isResting = true;
    this.#cancel = this.#ports.clock.schedule(SPACING, () => {
      this.#isResting = false;
      if (this.#isDue) this.#heard();
    });
    this.#log.hint();
  }
}
