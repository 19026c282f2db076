import type { DatabaseAddress, DatabaseHost } from '../../application/manage/database-address.ts';
import { DynonymError } from '../../domain/errors.ts';
import { DatabaseConnections, transaction } from './database-connections.ts';
import { databaseFault } from './database-fault.ts';
import { assertSchema } from './schema.ts';
import type { Sql } from './sql.ts';

/** Milliseconds that a question may take, and a change. */
const LOOK_TIME = 2_000;
const CHANGE_TIME = 10_000;
/** Milliseconds that a change may do nothing in its middle: a process that was frozen keeps its locks no longer. */
const IDLE_TIME = 8_000;
/** Connections for questions, and as many for changes, so that a question never waits for a change. */
const CONNECTIONS = 4;
/** Ends the message of a change that timed out. */
const MAY_BE_MADE = '; the change may have been made: look before you repeat it';

/** A connection that listens. */
export type Listening = { readonly ended: Promise<void>; close(): Promise<void> };

type Connections = { readonly looks: DatabaseConnections; readonly changes: DatabaseConnections };

/**
 * A PostgreSQL database. It is connected to when somebody asks, and never before its tables are known to be those of
 * this version. Every rejection is a DynonymError.
 *
 * Nothing that is sent changes the state of a connection, so each question may travel on another one: a pooler such as
 * PgBouncer in transaction mode may stand between.
 */
export class Database {
  readonly #address: DatabaseAddress;
  #connections: Promise<Connections> | undefined;
  #closed = false;

  constructor(address: DatabaseAddress) {
    this.#address = address;
  }

  /** Rejects unless the database is there and has our tables. */
  async check(): Promise<void> {
    await this.#ready();
  }

  /** Asks a question that changes nothing. When its connection ends before the answer, it is asked again. */
  async ask<Answer>(question: (sql: Sql) => PromiseLike<Answer>): Promise<Answer> {
    const { looks } = await this.#ready();
    return this.#told(() => looks.within(LOOK_TIME, question));
  }

  /** Does some work in one transaction: all of it or nothing. */
  async change<Outcome>(work: (sql: Sql) => Promise<Outcome>): Promise<Outcome> {
    const { changes } = await this.#ready();
    const { begin, mayRepeat } = once(work);
    const limited = async (sql: Sql) => {
      await limitTime(sql);
      return begin(sql);
    };
    return this.#told(() =>
      changes.within(CHANGE_TIME, (sql) => transaction(sql, limited), {
        mayRepeat,
        consequence: MAY_BE_MADE,
      }),
    );
  }

  /** As `change`, on a connection of its own, for as long as it takes, whatever tables there are. */
  async changeOnOwnConnection<Outcome>(work: (sql: Sql) => Promise<Outcome>): Promise<Outcome> {
    const { begin, mayRepeat } = once(work);
    return this.#told(async () => {
      const own = new DatabaseConnections(this.#address, { connections: 1, prepare: false });
      try {
        return await own.use((sql) => transaction(sql, begin), mayRepeat);
      } finally {
        await own.close(1);
      }
    });
  }

  /**
   * Hears what is told on a channel, on a connection of its own. Resolves to nothing where a pooler stands between:
   * whoever gets the same connection next would hear it in our place.
   */
  async listen(channel: string, heard: () => void): Promise<Listening | undefined> {
    let lost = () => {};
    const ended = new Promise<void>((resolve) => {
      lost = resolve;
    });
    let isListening = false;
    const listener = { heard, lost: () => isListening && lost() };
    const own = new DatabaseConnections(this.#address, { connections: 1, prepare: false, listener });
    try {
      isListening = await this.#told(() =>
        own.within(LOOK_TIME, async (sql) => {
          if (!(await isDirect(sql))) return false;
          await sql`listen ${sql(channel)}`;
          return true;
        }),
      );
      return isListening ? { ended, close: () => own.close(1) } : undefined;
    } finally {
      if (!isListening) await own.close(1);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connections = await this.#connections?.catch(() => undefined);
    if (connections === undefined) return;
    await Promise.all([connections.looks.close(2), connections.changes.close(2)]);
  }

  async #ready(): Promise<Connections> {
    if (this.#closed) throw new DynonymError('STORE_UNREACHABLE', 'dynonym is stopping');
    this.#connections ??= this.#told(() => this.#connected()).catch((error) => {
      // The next question tries again.
      this.#connections = undefined;
      throw error;
    });
    return this.#connections;
  }

  async #connected(): Promise<Connections> {
    const first = new DatabaseConnections(this.#address, { connections: 1, prepare: false });
    try {
      await first.within(CHANGE_TIME, (sql) => assertSchema(sql));
      // A pooler may lead the next question to where nothing was prepared.
      const prepare = await first.within(LOOK_TIME, isDirect);
      const options = { connections: CONNECTIONS, prepare };
      return {
        looks: new DatabaseConnections(this.#address, { ...options, statementTime: prepare && LOOK_TIME }),
        changes: new DatabaseConnections(this.#address, options),
      };
    } finally {
      await first.close(1);
    }
  }

  async #told<Outcome>(action: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await action();
    } catch (error) {
      throw databaseFault(error, this.#address);
    }
  }
}

/** Asks one of the hosts, on a connection of its own, whether or not it takes writes. Rejects with a DynonymError. */
export async function askHost<Answer>(
  address: DatabaseAddress,
  host: DatabaseHost,
  questions: (sql: Sql) => Promise<Answer>,
): Promise<Answer> {
  const only = { ...address, hosts: [host] };
  const own = new DatabaseConnections(only, { connections: 1, prepare: false, anyRole: true });
  try {
    return await own.within(CHANGE_TIME, questions);
  } catch (error) {
    throw databaseFault(error, address);
  } finally {
    await own.close(1);
  }
}

/**
 * Has PostgreSQL itself end what takes too long. We give up a change after that time, and PostgreSQL would not notice
 * while it waits for somebody's lock: its connections would become more and more. The limits belong to the transaction
 * and not to the connection, so that they hold behind a pooler too, and for locks of rows as for those of `locks.ts`.
 */
async function limitTime(sql: Sql): Promise<void> {
  await sql`
    select
      set_config('statement_timeout', ${String(CHANGE_TIME)}, true),
      set_config('idle_in_transaction_session_timeout', ${String(IDLE_TIME)}, true)`;
}

/** Whether the process that answers is the one that let us in. Otherwise there is a pooler between. */
async function isDirect(sql: Sql): Promise<boolean> {
  const answer = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return answer[0]?.pid === answer.state.pid;
}

/** Work that may be tried again for as long as nothing of it has begun. */
function once<Outcome>(work: (sql: Sql) => Promise<Outcome>) {
  let hasBegun = false;
  const begin = (sql: Sql) => {
    hasBegun = true;
    return work(sql);
  };
  return { begin, mayRepeat: () => !hasBegun };
}
