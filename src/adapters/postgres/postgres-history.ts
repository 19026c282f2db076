import { type History, type HistoryOptions, MOST_PENDING_EVENTS } from '../../application/ports/history.ts';
import { type Part, type PartOf, partOf } from '../../application/ports/part.ts';
import type { DomainName } from '../../domain/domain-name.ts';
import { type Event, isNameEvent, type NameEvent } from '../../domain/event.ts';
import { continues, isForeign, isTroubled, type NameSummary, summarise } from '../../domain/name-summary.ts';
import { folded } from '../../domain/search.ts';
import type { UserName } from '../../domain/user.ts';
import { endOf } from './all-rows.ts';
import type { Database } from './database.ts';
import { isPassing } from './database-fault.ts';
import { forgetRemovedUsers, removedUsers } from './removed-users.ts';
import type { Sql } from './sql.ts';

/** Milliseconds for which events are gathered. When the process is killed, these are lost. */
const GATHERING = 300;
/** Milliseconds until the next attempt when the database is away. */
const PAUSE = 1_000;
/** Events of one transaction. */
const TOGETHER = 1_000;
/** Old events that are removed at once. */
const SWEPT_TOGETHER = 5_000;
/** Milliseconds. */
const DAY = 24 * 60 * 60_000;

/** A name as it is in the table, and after the events of a batch. */
type Draft = {
  readonly name: DomainName;
  /** How many events it has had. */
  events: number;
  summary: NameSummary | undefined;
  readonly wasSilent: boolean;
  /** Those that are not the latest any more, with their numbers. */
  readonly earlier: { readonly number: number; readonly event: NameEvent }[];
};

/**
 * The events of names in the tables `name_states` and `name_events`. They are written in batches: nobody waits for one,
 * and while the database is away they wait in memory, up to a bound.
 */
export class PostgresHistory implements History {
  readonly #database: Database;
  readonly #options: HistoryOptions;
  #pending: NameEvent[] = [];
  #cancel: (() => void) | undefined;
  #writing: Promise<void> | undefined;
  /** True since the log has said that nothing can be written. */
  #isAway = false;
  #isClosed = false;

  constructor(database: Database, options: HistoryOptions) {
    this.#database = database;
    this.#options = options;
  }

  tell(event: Event): void {
    if (!isNameEvent(event) || isForeign(event)) return;
    if (this.#pending.length >= MOST_PENDING_EVENTS) {
      this.#options.lost(1);
      return;
    }
    this.#pending.push(event);
    this.#writeIn(GATHERING);
  }

  async ofName(name: DomainName, limit: number): Promise<readonly NameEvent[]> {
    await this.#write();
    const { events } = this.#options.limits;
    const rows = await this.#database.ask(
      (sql) => sql<{ event: NameEvent }[]>`
        (select summary -> 'latest' as event, events as number from dynonym.name_states where name = ${name})
        union all
        (select event, number from dynonym.name_events where name = ${name} order by number desc limit ${limit})
        order by number desc
        limit ${Math.min(limit, events)}`,
    );
    const since = this.#oldest();
    return rows.map(({ event }) => event).filter(({ at }) => at >= since);
  }

  async states(names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, NameSummary>> {
    await this.#write();
    const rows = await this.#database.ask(
      (sql) => sql<{ summary: NameSummary }[]>`
        select summary from dynonym.name_states where name = any(${sql.typed.texts(names)})`,
    );
    const since = this.#oldest();
    const found = rows.filter(({ summary }) => summary.latest.at >= since);
    return new Map(found.map(({ summary }) => [summary.name, summary]));
  }

  async troubled({ search, after = '' as DomainName, most }: Part<DomainName>): Promise<PartOf<NameSummary>> {
    await this.#write();
    const sought = folded(search);
    const rows = await this.#database.ask(
      (sql) => sql<{ summary: NameSummary }[]>`
        select summary from dynonym.name_states
        where troubled and name > ${after} and name >= ${sought} and name < ${endOf(sought)}
          and (summary -> 'latest' ->> 'at')::bigint >= ${this.#oldest()}
        order by name limit ${most + 1}`,
    );
    return partOf(
      rows.map(({ summary }) => summary),
      most,
    );
  }

  rememberedUsers(): Promise<readonly UserName[]> {
    return removedUsers(this.#database);
  }

  async forget(users: ReadonlySet<UserName>): Promise<void> {
    await this.#write();
    await this.#database.change(async (sql) => {
      const gone = sql.typed.texts([...users]);
      await sql`
        with forgotten as (delete from dynonym.name_states where reporter = any(${gone}) returning name)
        delete from dynonym.name_events where name in (select name from forgotten)`;
      await sql`delete from dynonym.name_events where reporter = any(${gone})`;
    });
  }

  /** Removes what is too old, a part at a time. An instance whose clock is wrong removes nothing that is younger. */
  async sweep(isStopped: () => boolean): Promise<void> {
    const { days } = this.#options.limits;
    await forgetRemovedUsers(this.#database);
    for (let removed = SWEPT_TOGETHER; removed >= SWEPT_TOGETHER && !isStopped(); ) {
      removed = await this.#database.change(async (sql) => {
        const events = await sql`
          delete from dynonym.name_events where ctid = any(array(
            select ctid from dynonym.name_events
            where at < least(${this.#oldest()}, extract(epoch from now() - ${days} * interval '1 day') * 1000)::bigint
            limit ${SWEPT_TOGETHER}))`;
        // Not before its earlier events: the name would begin to count again, at a number that one of them has.
        const names = await sql`
          delete from dynonym.name_states where ctid = any(array(
            select ctid from dynonym.name_states as state
            where day < least(to_timestamp(${this.#oldest() / 1000}), now() - ${days} * interval '1 day')::date - 1
              and not exists (select from dynonym.name_events as event where event.name = state.name)
            limit ${SWEPT_TOGETHER}))`;
        return Math.max(events.count, names.count);
      });
    }
  }

  /** Resolves when all that was told is written, or is lost because the database is away. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#write().catch(() => {});
    if (this.#pending.length > 0) this.#options.lost(this.#pending.length);
    this.#pending = [];
  }

  #writeIn(milliseconds: number): void {
    if (this.#isClosed) return;
    this.#cancel ??= this.#options.clock.schedule(milliseconds, () => {
      this.#cancel = undefined;
      void this.#write().catch(() => this.#writeIn(PAUSE));
    });
  }

  /** Resolves when all that was told before is written. Rejects while the database is away. */
  async #write(): Promise<void> {
    // What is being written now began before, and may lack the last events.
    await this.#writing?.catch(() => {});
    if (this.#pending.length === 0) return;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    for (let left = this.#pending.length; left > 0; left -= TOGETHER) {
      const batch = this.#pending.slice(0, TOGETHER);
      try {
        await this.#database.change((sql) => this.#keep(sql, batch));
      } catch (error) {
        this.#failed(error as Error, batch.length);
        throw error;
      }
      this.#pending.splice(0, batch.length);
      if (this.#isAway) this.#options.logger.info('The history is written again');
      this.#isAway = false;
    }
  }

  #failed(error: Error, events: number): void {
    const { logger, lost } = this.#options;
    if (isPassing(error)) {
      if (!this.#isAway) logger.warn('The history waits for the database', { error });
      this.#isAway = true;
      return;
    }
    // The same events would fail again.
    this.#pending.splice(0, events);
    lost(events);
    logger.error('Events are missing in the history', { events, error });
  }

  async #keep(sql: Sql, batch: readonly NameEvent[]): Promise<void> {
    const names = [...new Set(batch.map(({ name }) => name))].toSorted();
    const drafts = await draftsOf(sql, names);
    for (const event of batch) take(drafts.get(event.name), event);
    const written = [...drafts.values()];
    await writeStates(sql, written);
    // Where no event was added, no name has too many.
    if (await addEarlier(sql, written)) await removeOldest(sql, written, this.#options.limits.events);
    await wake(sql, written);
  }

  #oldest(): number {
    const { clock, limits } = this.#options;
    return clock.now() - limits.days * DAY;
  }
}

/** What is known of names. Until the transaction ends, nobody else writes about them. */
async function draftsOf(sql: Sql, names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, Draft>> {
  const known = await lockedDrafts(sql, names);
  const others = names.filter((name) => !known.has(name));
  if (others.length === 0) return known;
  await sql`
    insert into dynonym.name_states (name)
    select unnest(${sql.typed.texts(others)}) as name order by name
    on conflict do nothing`;
  return new Map([...known, ...(await lockedDrafts(sql, others))]);
}

/** All lock in one order, so that no two wait for each other. */
async function lockedDrafts(sql: Sql, names: readonly DomainName[]): Promise<ReadonlyMap<DomainName, Draft>> {
  const rows = await sql<{ name: DomainName; events: string; summary: NameSummary | null }[]>`
    select name, events, summary from dynonym.name_states
    where name = any(${sql.typed.texts(names)}) order by name for update`;
  return new Map(
    rows.map(({ name, events, summary }) => [
      name,
      {
        name,
        events: Number(events),
        summary: summary ?? undefined,
        earlier: [],
        wasSilent: summary?.silent !== undefined,
      },
    ]),
  );
}

/** What is known of each name now, with its latest event. */
async function writeStates(sql: Sql, drafts: readonly Draft[]): Promise<void> {
  const states = drafts.map(({ name, events, summary }) => ({
    name,
    events,
    reporter: summary?.report?.user,
    summary,
    troubled: summary !== undefined && isTroubled(summary),
    day: new Date(summary?.latest.at ?? 0).toISOString().slice(0, 10),
  }));
  await sql`
    update dynonym.name_states as state
    set events = new.events, reporter = new.reporter, day = new.day, troubled = new.troubled,
      summary = new.summary
    from json_to_recordset(${sql.typed.json(states)})
      as new (name text, events bigint, reporter text, day date, troubled boolean, summary json)
    where state.name = new.name`;
}

/** Keeps the events before the latest of each name. False where there are none. */
async function addEarlier(sql: Sql, drafts: readonly Draft[]): Promise<boolean> {
  const earlier = drafts.flatMap((draft) =>
    draft.earlier.map(({ number, event }) => ({
      name: draft.name,
      number,
      at: event.at,
      event,
      ...(event.kind === 'reported' && { reporter: event.user }),
    })),
  );
  if (earlier.length === 0) return false;
  await sql`
    insert into dynonym.name_events (name, number, at, reporter, event)
    select name, number, at, reporter, event
    from json_to_recordset(${sql.typed.json(earlier)})
      as new (name text, number bigint, at bigint, reporter text, event json)`;
  return true;
}

/** Leaves the last `most` events of each name. */
async function removeOldest(sql: Sql, drafts: readonly Draft[], most: number): Promise<void> {
  const oldest = drafts.map(({ name, events }) => ({ name, number: events - most }));
  await sql`
    delete from dynonym.name_events as event
    using json_to_recordset(${sql.typed.json(oldest)}) as gone (name text, number bigint)
    where event.name = gone.name and event.number <= gone.number`;
}

/** Names that were silent and are reported again are looked at next. */
async function wake(sql: Sql, drafts: readonly Draft[]): Promise<void> {
  const names = drafts.filter(({ wasSilent, summary }) => wasSilent && summary?.silent === undefined);
  if (names.length === 0) return;
  await sql`
    update dynonym.watched set due = 0
    where name in (
      select name from dynonym.watched
      where name = any(${sql.typed.texts(names.map(({ name }) => name))}) order by name for update)`;
}

/** Adds an event. A report that includes the latest takes its place. */
function take(draft: Draft | undefined, event: NameEvent): void {
  if (draft === undefined) throw new Error('a name that was just written is not there');
  const before = draft.summary?.latest;
  draft.summary = summarise(draft.summary, event);
  if (before !== undefined && continues(draft.summary.latest, before)) return;
  if (before !== undefined) draft.earlier.push({ number: draft.events, event: before });
  draft.events += 1;
}
