import { randomUUID } from 'node:crypto';
import type { Clock } from '../../application/ports/clock.ts';
import type { Listener } from '../../application/ports/listener.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Arrival, SharedArrivals } from '../../application/ports/shared-arrivals.ts';
import { PeriodicWork } from '../../application/service/periodic-work.ts';
import type { UserName } from '../../domain/user.ts';
import type { Database } from './database.ts';
import { LOCKS, lock } from './locks.ts';

/** Milliseconds between two looks. */
const LOOKING = 400;
/** Milliseconds for which somebody who sets something up is told what comes. */
const HOUR = 3_600_000;
/** What is told at once. Further arrivals are left out: the page shows the last ones only. */
const TOGETHER = 50;

export type PostgresArrivalsPorts = { readonly clock: Clock; readonly logger: Logger };

/** The tables `set_ups` and `arrivals`. */
export class PostgresArrivals implements SharedArrivals, Listener {
  readonly #id = randomUUID();
  readonly #database: Database;
  readonly #looks: PeriodicWork;
  #arrived: (arrival: Arrival) => void = () => {};
  /** Users who opened a set-up page here. The other instances have not been told of them yet. */
  readonly #announced = new Set<UserName>();
  /** Until when who sets something up here is told what comes elsewhere, by the monotonic clock. */
  readonly #here = new Map<UserName, number>();
  #elsewhere: ReadonlySet<UserName> = new Set();
  #untold: Arrival[] = [];
  /** The number of the last arrival that is known. Undefined before the first look. */
  #seen: string | undefined;
  readonly #clock: Clock;
  #isAway = false;

  constructor(database: Database, { clock, logger }: PostgresArrivalsPorts) {
    this.#database = database;
    this.#clock = clock;
    const failed = (error: Error) => {
      if (!this.#isAway) logger.warn('Set-up pages hear of this instance alone', { error });
      this.#isAway = true;
    };
    this.#looks = new PeriodicWork(() => this.#look(), LOOKING, clock, failed);
  }

  start(): Promise<readonly string[]> {
    return this.#looks.start();
  }

  stop(): Promise<void> {
    return this.#looks.stop();
  }

  expect(user: UserName): void {
    this.#announced.add(user);
    this.#here.set(user, this.#clock.monotonic() + HOUR);
  }

  isExpectedElsewhere(user: UserName): boolean {
    return this.#elsewhere.has(user);
  }

  tell(arrival: Arrival): void {
    if (this.#untold.length < TOGETHER) this.#untold.push(arrival);
  }

  onArrival(arrived: (arrival: Arrival) => void): void {
    this.#arrived = arrived;
  }

  async #look(): Promise<void> {
    if (this.#announced.size > 0) await this.#announce([...this.#announced]);
    if (this.#untold.length > 0) await this.#write([...this.#untold]);
    const rows = await this.#database.ask(
      (sql) => sql<{ owner: UserName }[]>`
        select distinct owner from dynonym.set_ups where instance <> ${this.#id} and until > now()`,
    );
    this.#elsewhere = new Set(rows.map(({ owner }) => owner));
    for (const [user, until] of this.#here) if (until <= this.#clock.monotonic()) this.#here.delete(user);
    if (this.#here.size > 0) await this.#read([...this.#here.keys()]);
    this.#isAway = false;
  }

  async #announce(users: readonly UserName[]): Promise<void> {
    this.#seen ??= await this.#last();
    await this.#database.change(async (sql) => {
      await sql`delete from dynonym.set_ups where until <= now()`;
      await sql`
        insert into dynonym.set_ups (owner, instance, until)
        select unnest(${sql.typed.texts(users)}), ${this.#id}, now() + interval '1 hour'
        on conflict (owner, instance) do update set until = excluded.until`;
    });
    for (const user of users) this.#announced.delete(user);
  }

  async #write(arrivals: readonly Arrival[]): Promise<void> {
    await this.#database.change(async (sql) => {
      // One after another, so that whoever has read up to one number misses no smaller one.
      await lock(sql, LOCKS.arrivals);
      await sql`delete from dynonym.arrivals where at < now() - interval '10 minutes'`;
      const rows = arrivals.map((event) => ({ owner: event.user, event }));
      await sql`
        insert into dynonym.arrivals (instance, owner, event)
        select ${this.#id}, owner, event
        from json_to_recordset(${sql.typed.json(rows)}) as new (owner text, event json)`;
    });
    this.#untold = this.#untold.slice(arrivals.length);
  }

  async #read(users: readonly UserName[]): Promise<void> {
    const rows = await this.#database.ask(
      (sql) => sql<{ number: string; event: Arrival }[]>`
        select number, event from dynonym.arrivals
        where number > ${this.#seen ?? '0'} and instance <> ${this.#id}
          and owner = any(${sql.typed.texts(users)})
        order by number`,
    );
    this.#seen = rows.at(-1)?.number ?? this.#seen;
    for (const { event } of rows) this.#arrived(event);
  }

  async #last(): Promise<string> {
    const [row] = await this.#database.ask(
      (sql) => sql<{ last: string }[]>`select coalesce(max(number), 0) as last from dynonym.arrivals`,
    );
    return row?.last ?? '0';
  }
}
