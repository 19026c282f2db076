import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '../../application/ports/clock.ts';
import type { Lease } from '../../application/ports/lease.ts';
import type { Listener } from '../../application/ports/listener.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { PeriodicWork } from '../../application/service/periodic-work.ts';
import type { Database } from './database.ts';

/** Milliseconds between two signs of life. */
const INTERVAL = 2_000;
/** An instance without a sign of life for this many milliseconds counts as dead. Then another one does its work. */
const TERM = 10_000;
/** Milliseconds by which this instance ends earlier than another one begins. */
const MARGIN = 2_000;

export type PostgresInstancePorts = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
};

/**
 * This process as one of several: a row in the table `instances`. One of them, the holder of the row in `leases`, does
 * the work that is done once for all.
 */
export class PostgresInstance implements Lease, Listener {
  readonly id = randomUUID();
  readonly #database: Database;
  readonly #ports: PostgresInstancePorts;
  readonly #signs: PeriodicWork;
  /** As of the monotonic clock. */
  #heldUntil = Number.NEGATIVE_INFINITY;
  #isHolder = false;
  #failed = false;

  constructor(database: Database, ports: PostgresInstancePorts) {
    this.#database = database;
    this.#ports = ports;
    this.#signs = new PeriodicWork(
      () => this.#giveSign(),
      INTERVAL,
      ports.clock,
      (error) => this.#warn(error),
    );
  }

  isHeld(): boolean {
    return this.#ports.clock.monotonic() < this.#heldUntil;
  }

  start(): Promise<readonly string[]> {
    return this.#signs.start();
  }

  stop(): Promise<void> {
    return this.#signs.stop();
  }

  /** When everything has ended here, another instance need not wait until it takes over. */
  async leave(): Promise<void> {
    this.#heldUntil = Number.NEGATIVE_INFINITY;
    await this.#database.change(async (sql) => {
      await sql`delete from dynonym.instances where id = ${this.id}`;
      await sql`delete from dynonym.leases where holder = ${this.id}`;
    });
  }

  async #giveSign(): Promise<void> {
    const asked = this.#ports.clock.monotonic();
    const isHolder = await this.#database.change(async (sql) => {
      await sql`
        insert into dynonym.instances (id, host, process, version)
        values (${this.id}, ${hostname()}, ${process.pid}, ${this.#ports.version})
        on conflict (id) do update set seen = now()`;
      await sql`delete from dynonym.instances where seen < now() - interval '1 hour'`;
      const held = await sql`
        insert into dynonym.leases as lease (name, holder, until)
        values ('work', ${this.id}, now() + ${TERM} * interval '1 ms')
        on conflict (name) do update set holder = excluded.holder, until = excluded.until
        where lease.holder = excluded.holder or lease.until < now()
        returning holder`;
      return held.count > 0;
    });
    this.#heldUntil = isHolder ? asked + TERM - MARGIN : Number.NEGATIVE_INFINITY;
    if (isHolder && !this.#isHolder) {
      this.#ports.logger.info('This instance does the work that is done once for all instances');
    }
    this.#isHolder = isHolder;
    this.#failed = false;
  }

  #warn(error: Error): void {
    if (!this.#failed) this.#ports.logger.warn('Other instances cannot hear of this one', { error });
    this.#failed = true;
  }
}
