import type { Clock } from '../../application/ports/clock.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { NoticeStore, PendingNotice } from '../../application/ports/notice-store.ts';
import type { Notice } from '../../domain/notice.ts';
import type { UserName } from '../../domain/user.ts';
import type { Database } from './database.ts';
import { LOCKS, lock } from './locks.ts';
import type { Sql } from './sql.ts';

/** Notices that are read at once. */
const TOGETHER = 20_000;
/** What waits to be written. Beyond, notices are lost. */
const MOST_UNWRITTEN = 20_000;
/** Milliseconds until the next attempt when the database is away. */
const PAUSE = 1_000;

type Row = {
  readonly number: string;
  readonly target: string;
  readonly owner: UserName | null;
  readonly notice: Notice;
};

type Unwritten = { readonly pending: PendingNotice; readonly isGone: boolean };

export type PostgresNoticeStorePorts = { readonly clock: Clock; readonly logger: Logger };

/** The table `pending_notices`, where all instances keep notices, and one of them sends them. */
export class PostgresNoticeStore implements NoticeStore {
  readonly #database: Database;
  readonly #ports: PostgresNoticeStorePorts;
  #unwritten: Unwritten[] = [];
  #writing: Promise<void> | undefined;
  #cancel = () => {};
  /** The number of the last notice that was given. */
  #given = '0';
  #isAway = false;
  #isClosed = false;

  constructor(database: Database, ports: PostgresNoticeStorePorts) {
    this.#database = database;
    this.#ports = ports;
  }

  load(): Promise<readonly PendingNotice[]> {
    this.#given = '0';
    return this.more();
  }

  async more(): Promise<readonly PendingNotice[]> {
    const rows = await this.#database.ask(
      (sql) => sql<Row[]>`
        select number, target, owner, notice from dynonym.pending_notices
        where number > ${this.#given} order by number limit ${TOGETHER}`,
    );
    this.#given = rows.at(-1)?.number ?? this.#given;
    return rows.map(({ target, owner, notice }) => ({ target, owner: owner ?? undefined, notice }));
  }

  keep(pending: PendingNotice): void {
    this.#write({ pending, isGone: false });
  }

  forget(pending: PendingNotice): void {
    this.#write({ pending, isGone: true });
  }

  /** Tries once more to write what is left. Resolves when that has succeeded or failed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    await this.#writing;
    await this.#writeAll();
  }

  #write(change: Unwritten): void {
    if (this.#unwritten.length >= MOST_UNWRITTEN) return;
    this.#unwritten.push(change);
    if (this.#unwritten.length === MOST_UNWRITTEN) {
      this.#ports.logger.error('Too many notices wait for the database, and further ones are lost');
    }
    if (!this.#isAway) this.#begin();
  }

  #begin(): void {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
      if (this.#unwritten.length === 0 || this.#isClosed) return;
      if (this.#isAway) this.#cancel = this.#ports.clock.schedule(PAUSE, () => this.#begin());
      else this.#begin();
    });
  }

  async #writeAll(): Promise<void> {
    // What is kept and forgotten in the same turn of the event loop is written together.
    await Promise.resolve();
    const batch = [...this.#unwritten];
    if (batch.length === 0) return;
    try {
      await this.#database.change((sql) => write(sql, batch));
      this.#unwritten.splice(0, batch.length);
      this.#isAway = false;
    } catch (error) {
      if (!this.#isAway) {
        this.#ports.logger.error('Notices wait for the database', { error: error as Error });
      }
      this.#isAway = true;
    }
  }
}

async function write(sql: Sql, batch: readonly Unwritten[]): Promise<void> {
  const kept = batch.flatMap(({ isGone, pending: { target, owner, notice } }) =>
    isGone ? [] : [{ target, id: notice.id, owner, notice }],
  );
  const gone = batch.flatMap(({ isGone, pending: { target, notice } }) =>
    isGone ? [{ target, id: notice.id }] : [],
  );
  if (kept.length > 0) {
    // Writers take turns, so numbers become visible in ascending order, and a reader that has seen one has missed none
    // before it.
    await lock(sql, LOCKS.notices);
    await sql`
      insert into dynonym.pending_notices (target, id, owner, notice)
      select target, id, owner, notice
      from json_to_recordset(${sql.typed.json(kept)})
        as new (target text, id text, owner text, notice json)
      on conflict do nothing`;
  }
  if (gone.length > 0) {
    await sql`
      delete from dynonym.pending_notices as pending
      using json_to_recordset(${sql.typed.json(gone)}) as gone (target text, id text)
      where pending.target = gone.target and pending.id = gone.id`;
  }
}
