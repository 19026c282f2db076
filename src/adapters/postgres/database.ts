import postgres from 'postgres';
import type { DatabaseAddress, DatabaseHost } from '../../application/manage/database-address.ts';
import { DynonymError } from '../../domain/errors.ts';
import { databaseFault, hasEnded, isReadOnly } from './database-fault.ts';
import { DatabaseSockets } from './database-sockets.ts';
import { assertSchema } from './schema.ts';
import { sessionLimits } from './session-limits.ts';
import { type Sql, type Types, types } from './sql.ts';

/** Milliseconds that a question may take, and a change. */
const LOOK_TIME = 2_000;
const CHANGE_TIME = 10_000;
/** Seconds. A connection that nobody needs is closed, and none grows old: firewalls forget it, or a failover. */
const IDLE_TIME = 30;
const LIFE_TIME = 1_800;
/** Seconds until a host must have let us in. */
const LOGIN_TIME = 3;
/** Connections for questions, and as many for changes, so that a question never waits for a change. */
const CONNECTIONS = 4;

type Client = { readonly sql: postgres.Sql<Types>; readonly sockets: DatabaseSockets };
type Clients = { readonly looks: Client; readonly changes: Client };

/**
 * A PostgreSQL database. It is connected to when somebody asks, and never before its tables are known to be those of
 * this version. Every rejection is a DynonymError.
 *
 * Nothing that is sent changes the state of a connection, so each question may travel on another one: a pooler such as
 * PgBouncer in transaction mode may stand between.
 */
export class Database {
  readonly #address: DatabaseAddress;
  #clients: Promise<Clients> | undefined;
  #closed = false;

  constructor(address: DatabaseAddress) {
    this.#address = address;
  }

  /** Rejects unless the database is there and has our tables. */
  async check(): Promise<void> {
    await this.#ready();
  }

  /**
   * Asks a question that changes nothing. When its connection ends before the answer, the question is asked once more.
   */
  async ask<Answer>(question: (sql: Sql) => PromiseLike<Answer>): Promise<Answer> {
    const { looks } = await this.#ready();
    return this.#told(async () => {
      try {
        return await within(LOOK_TIME, looks, question);
      } catch (error) {
        if (!hasEnded(error)) throw error;
        return within(LOOK_TIME, looks, question);
      }
    });
  }

  /** Does some work in one transaction: all of it or nothing. */
  async change<Outcome>(work: (sql: Sql) => Promise<Outcome>): Promise<Outcome> {
    const { changes } = await this.#ready();
    return this.#told(() => within(CHANGE_TIME, changes, (sql) => transaction(sql, work)));
  }

  /** As `change`, on a connection of its own, for as long as it takes, whatever tables there are. */
  async alone<Outcome>(work: (sql: Sql) => Promise<Outcome>): Promise<Outcome> {
    return this.#told(async () => {
      const client = openClient(this.#address, { connections: 1, prepare: false });
      try {
        return await transaction(client.sql, work);
      } finally {
        await client.sql.end({ timeout: 1 });
      }
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const clients = await this.#clients?.catch(() => undefined);
    if (clients === undefined) return;
    await Promise.all([clients.looks, clients.changes].map(({ sql }) => sql.end({ timeout: 2 })));
  }

  async #ready(): Promise<Clients> {
    if (this.#closed) throw new DynonymError('STORE_UNREACHABLE', 'dynonym is stopping');
    this.#clients ??= this.#told(() => this.#connected()).catch((error) => {
      // The next question tries again.
      this.#clients = undefined;
      throw error;
    });
    return this.#clients;
  }

  async #connected(): Promise<Clients> {
    const first = openClient(this.#address, { connections: 1, prepare: false });
    try {
      await within(CHANGE_TIME, first, (sql) => assertSchema(sql));
      // A pooler may lead the next question to where nothing was prepared.
      const prepare = await within(LOOK_TIME, first, isDirect);
      const open = (time: number) => {
        const limits = prepare && sessionLimits(time);
        return openClient(this.#address, { connections: CONNECTIONS, prepare, limits });
      };
      return { looks: open(LOOK_TIME), changes: open(CHANGE_TIME) };
    } finally {
      await first.sql.end({ timeout: 1 });
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
  const client = openClient(only, { connections: 1, prepare: false, anyRole: true });
  try {
    return await within(CHANGE_TIME, client, questions);
  } catch (error) {
    throw databaseFault(error, address);
  } finally {
    await client.sql.end({ timeout: 1 });
  }
}

type ClientOptions = {
  readonly connections: number;
  readonly prepare: boolean;
  /** What PostgreSQL itself ends. */
  readonly limits?: ReturnType<typeof sessionLimits> | false;
  /** Also a host that takes no writes will do. */
  readonly anyRole?: boolean;
};

function openClient(
  address: DatabaseAddress,
  { connections, prepare, anyRole = false, limits = false }: ClientOptions,
): Client {
  const sockets = new DatabaseSockets(address);
  const options = {
    // Every choice is made here, because the package looks for others in the environment.
    ...{ host: 'localhost', port: 5432, user: address.user, database: address.database },
    ...{ pass: address.password ?? '', ssl: false, socket: () => sockets.open() },
    ...{ max: connections, prepare, fetch_types: false, types, max_pipeline: 100 },
    ...{ idle_timeout: IDLE_TIME, max_lifetime: LIFE_TIME, connect_timeout: LOGIN_TIME, keep_alive: 60 },
    ...{ backoff: () => 0, onnotice: () => {} },
    ...(!anyRole && { target_session_attrs: 'read-write' as const }),
    connection: { application_name: 'dynonym', ...limits },
  };
  return { sql: postgres(options) as unknown as Client['sql'], sockets };
}

/** Whether the process that answers is the one that let us in. Otherwise there is a pooler between. */
async function isDirect(sql: Sql): Promise<boolean> {
  const answer = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return answer[0]?.pid === answer.state.pid;
}

/** Does the work, and gives up after `milliseconds`. Then the connections that have been silent since are ended. */
async function within<Answer>(
  milliseconds: number,
  { sql, sockets }: Client,
  work: (sql: Client['sql']) => PromiseLike<Answer>,
): Promise<Answer> {
  const began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const message = `PostgreSQL did not answer within ${milliseconds / 1_000} s; look at its load, and at the network`;
      reject(new DynonymError('STORE_TIMEOUT', message));
      sockets.dropSilent(began);
    }, milliseconds);
  });
  try {
    const answer = await Promise.race([work(sql), late]);
    sockets.succeeded();
    return answer;
  } catch (error) {
    // It was a primary when we connected to it.
    if (isReadOnly(error)) sockets.dropSilent(Number.POSITIVE_INFINITY);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The types of the package say that a list of promises would be waited for. We give it none. */
const transaction = <Outcome>(sql: Client['sql'], work: (sql: Sql) => Promise<Outcome>): Promise<Outcome> =>
  sql.begin((inner) => work(inner as unknown as Sql)) as Promise<Outcome>;
