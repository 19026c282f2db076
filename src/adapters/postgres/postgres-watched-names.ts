import { expectationOf } from '../../application/history/expected-names.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { DueName, PutBack, Seen, WatchedNames } from '../../application/ports/watched-names.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import type { Database } from './database.ts';
import { databaseClock, type Sql } from './sql.ts';

/** Milliseconds until every name is looked at again, even if the clock of the database was set back. */
const LONGEST = 24 * 60 * 60_000;

type SetRow = { readonly expect: number | null; readonly offline_after: number | null };

type Row = {
  readonly name: DomainName;
  /** Whatever changes the row changes its version. */
  readonly version: string;
  readonly reported_at: string | null;
  readonly heard: string | null;
  readonly silent: Seen['silent'] | null;
  readonly users: readonly SetRow[] | null;
  readonly host: SetRow | null;
};

/** The table `watched`. Triggers add names, and make them due at once. */
export class PostgresWatchedNames implements WatchedNames {
  readonly #database: Database;
  readonly #clock: Clock;
  /**
   * What is added to our monotonic clock to give the time of the database. Found once: while this process watches, it
   * does not matter that somebody sets a clock.
   */
  #offset: number | undefined;
  /** Of the rows that were given last. */
  #versions: ReadonlyMap<DomainName, string> = new Map();

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async due(now: number, most: number): Promise<readonly DueName[]> {
    const offset = await this.#found();
    for (;;) {
      const rows = await this.#database.ask((sql) => dueRows(sql, Math.floor(now + offset), most));
      this.#versions = new Map(rows.map(({ name, version }) => [name, version]));
      const due: DueName[] = [];
      const unexpected: DomainName[] = [];
      for (const row of rows) {
        const expectation = expectationOf(
          (row.users ?? []).map(setOf),
          row.host ? setOf(row.host) : undefined,
        );
        if (expectation === undefined) unexpected.push(row.name);
        else due.push({ name: row.name, expectation, seen: seenOf(row, offset) });
      }
      if (unexpected.length > 0) await this.#remove(unexpected);
      if (due.length > 0 || rows.length === 0) return due;
    }
  }

  async putBack(names: readonly PutBack[]): Promise<void> {
    if (names.length === 0) return;
    const offset = await this.#found();
    const latest = this.#clock.monotonic() + LONGEST;
    const rows = names.map(({ name, seen, due }) => ({
      name,
      version: this.#versions.get(name),
      silent: seen?.silent,
      due: Math.ceil(Math.min(due, latest) + offset),
      ...(seen && { reported_at: seen.reportedAt, heard: Math.floor(seen.heard + offset) }),
    }));
    await this.#database.change(async (sql) => {
      await locked(
        sql,
        names.map(({ name }) => name),
      );
      await sql`
        update dynonym.watched set
          due = case when watched.xmin::text = back.version then back.due else watched.due end,
          reported_at = back.reported_at, heard = back.heard, silent = back.silent
        from json_to_recordset(${sql.typed.json(rows)})
          as back (name text, version text, due bigint, reported_at bigint, heard bigint, silent text)
        where watched.name = back.name`;
    });
  }

  async silent(): Promise<number> {
    const [row] = await this.#database.ask(
      (sql) =>
        sql<{ silent: string }[]>`select count(*) as silent from dynonym.watched where silent is not null`,
    );
    return Number(row?.silent);
  }

  async #found(): Promise<number> {
    if (this.#offset === undefined) {
      const [row] = await this.#database.ask(
        (sql) => sql<{ now: string }[]>`select now from ${databaseClock(sql)} as clock`,
      );
      this.#offset = Number(row?.now) - Math.round(this.#clock.monotonic());
    }
    return this.#offset;
  }

  async #remove(names: readonly DomainName[]): Promise<void> {
    const rows = names.map((name) => ({ name, version: this.#versions.get(name) }));
    await this.#database.change(async (sql) => {
      await locked(sql, names);
      await sql`
        delete from dynonym.watched
        using json_to_recordset(${sql.typed.json(rows)}) as gone (name text, version text)
        where watched.name = gone.name and watched.xmin::text = gone.version`;
    });
  }
}

/** Names that are due, with what is set for their users and for themselves. */
const dueRows = (sql: Sql, now: number, most: number) => sql<Row[]>`
  with due as (
    (select *, xmin::text as version from dynonym.watched where due <= ${now} order by due limit ${most})
    union all
    (select *, xmin::text as version from dynonym.watched where due > ${now + 2 * LONGEST} limit ${most})
  )
  select
    name, version, reported_at, heard, silent,
    (
      select json_agg(json_build_object('expect', expect, 'offline_after', offline_after) order by users.id)
      from dynonym.grants join dynonym.users on users.id = grants.owner
      where grants.name = due.name and (expect is not null or offline_after is not null)
    ) as users,
    (
      select json_build_object('expect', expect, 'offline_after', offline_after)
      from dynonym.hosts where hosts.name = due.name
    ) as host
  from due limit ${most}`;

/** All lock in one order, so that no two wait for each other. */
const locked = (sql: Sql, names: readonly DomainName[]) => sql`
  select from dynonym.watched where name = any(${sql.typed.texts(names)}) order by name for update`;

const setOf = ({ expect, offline_after }: SetRow) => ({
  expect: expect ?? undefined,
  offlineAfter: offline_after ?? undefined,
});

function seenOf({ reported_at, heard, silent }: Row, offset: number): Seen | undefined {
  if (reported_at === null || heard === null) return undefined;
  const seen = { reportedAt: Number(reported_at), heard: Number(heard) - offset };
  return silent === null ? seen : { ...seen, silent };
}
