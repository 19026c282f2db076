import type { Socket } from 'node:net';
import postgres from 'postgres';
import type { DatabaseAddress } from '../../application/manage/database-address.ts';
import { DynonymError } from '../../domain/errors.ts';
import { hasEnded, isReadOnly, isUnreached } from './database-fault.ts';
import { DatabaseSockets } from './database-sockets.ts';
import { type Sql, type Types, types } from './sql.ts';

/** Seconds. A connection that nobody needs is closed, and none grows old: firewalls forget it, or a failover. */
const IDLE_TIME = 30;
const LIFE_TIME = 1_800;
/** Seconds until a host must have let us in. */
const LOGIN_TIME = 3;
/** Seconds that work on connections which were replaced may still take. */
const LAST_TIME = 10;

type Client = { readonly sql: postgres.Sql<Types>; close(seconds: number): Promise<void> };

export type ConnectionsOptions = {
  readonly connections: number;
  readonly prepare: boolean;
  /**
   * Milliseconds after which PostgreSQL itself ends a question. It is a parameter of the connection, because questions
   * have no transaction. A pooler refuses it.
   */
  readonly statementTime?: number | false;
  /** Also a host that takes no writes will do. */
  readonly anyRole?: boolean;
  /** Hears what is told to a connection that listens, and that a connection has ended. Such a one is idle, and stays. */
  readonly listener?: { heard(): void; lost(): void };
};

/**
 * Some connections for the same purpose. After one has failed, new ones take the place of all: version 3.4.9 of the
 * package keeps in mind what it could not send any more, and would never send anything on that connection again.
 */
export class DatabaseConnections {
  readonly #address: DatabaseAddress;
  readonly #options: ConnectionsOptions;
  readonly #sockets: DatabaseSockets;
  #client: Client;

  constructor(address: DatabaseAddress, options: ConnectionsOptions) {
    this.#address = address;
    this.#options = options;
    this.#sockets = new DatabaseSockets(address);
    this.#client = openClient(address, options, this.#sockets);
  }

  /**
   * Does some work without a limit of time. When its connection ends, it is done again on another one, as long as
   * `mayRepeat` says so: one had ended before anybody needed it, or turned out to lead to a standby.
   */
  async use<Answer>(
    work: (sql: Client['sql']) => PromiseLike<Answer>,
    mayRepeat = (): boolean => true,
  ): Promise<Answer> {
    for (let attempt = 0; ; attempt += 1) {
      const client = this.#client;
      try {
        const answer = await work(client.sql);
        this.#sockets.succeeded();
        return answer;
      } catch (error) {
        // It was a primary when we connected to it.
        if (isReadOnly(error)) this.#sockets.dropSilent(Number.POSITIVE_INFINITY);
        if (isReadOnly(error) || isUnreached(error)) this.#replace(client);
        if (!hasEnded(error) || attempt >= 2 * this.#address.hosts.length || !mayRepeat()) throw error;
      }
    }
  }

  /** As `use`, and gives up after `milliseconds`. Then the connections that have been silent since are ended. */
  async within<Answer>(
    milliseconds: number,
    work: (sql: Client['sql']) => PromiseLike<Answer>,
    { mayRepeat = (): boolean => true, consequence = '' } = {},
  ): Promise<Answer> {
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const seconds = `${milliseconds / 1_000} s`;
        const cure = 'look at its load, and at the network';
        const message = `PostgreSQL did not answer within ${seconds}${consequence}; ${cure}`;
        reject(new DynonymError('STORE_TIMEOUT', message));
        this.#sockets.dropSilent(began);
      }, milliseconds);
    });
    try {
      return await this.use((sql) => Promise.race([work(sql), late]), mayRepeat);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(seconds: number): Promise<void> {
    await this.#client.close(seconds);
  }

  #replace(client: Client): void {
    if (this.#client !== client) return;
    this.#client = openClient(this.#address, this.#options, this.#sockets);
    void client.close(LAST_TIME);
  }
}

function openClient(
  address: DatabaseAddress,
  { connections, prepare, anyRole = false, statementTime = false, listener }: ConnectionsOptions,
  sockets: DatabaseSockets,
): Client {
  const own = new Set<Socket>();
  let isClosed = false;
  const options = {
    // Every choice is made here, because the package looks for others in the environment.
    host: 'localhost',
    port: 5432,
    user: address.user,
    database: address.database,
    pass: address.password ?? '',
    ssl: false,
    max: connections,
    prepare,
    fetch_types: false,
    types,
    max_pipeline: 100,
    idle_timeout: listener ? 0 : IDLE_TIME,
    max_lifetime: LIFE_TIME,
    connect_timeout: LOGIN_TIME,
    keep_alive: 60,
    // With `read-write`, the package takes a standby of PostgreSQL 14 and newer, too.
    ...(!anyRole && { target_session_attrs: 'primary' as const }),
    backoff: () => 0,
    onnotice: () => {},
    // In place of `listen` of the package, which connects again and again by itself, and without a pause.
    ...(listener && { onnotify: () => listener.heard(), onclose: () => listener.lost() }),
    connection: {
      application_name: 'dynonym',
      ...(statementTime !== false && { statement_timeout: statementTime }),
    },
    socket: async () => {
      // The package asks again and again for what was closed under it: nothing that was closed gets a connection.
      if (isClosed) return await new Promise<never>(() => {});
      const socket = await sockets.open();
      own.add(socket);
      socket.once('close', () => own.delete(socket));
      if (isClosed) socket.destroy();
      return socket;
    },
  };
  const sql = postgres(options) as unknown as Client['sql'];
  return {
    sql,
    async close(seconds) {
      await sql.end({ timeout: seconds });
      isClosed = true;
      // Those to a database that does not answer would stay, and keep the program from ending.
      for (const socket of own) socket.destroy();
    },
  };
}

/**
 * Does some work in one transaction: all of it or nothing. When the connection ends meanwhile, the package would send
 * the rest of the work, or its ROLLBACK, to a connection that is gone, which ends the program; or to the next one,
 * where it would be no part of the transaction. So nothing more is sent then.
 */
export async function transaction<Outcome>(
  sql: postgres.Sql<Types>,
  work: (sql: Sql) => Promise<Outcome>,
): Promise<Outcome> {
  let isOver = false;
  let isCommitting = false;
  let ended: unknown;
  const whileOpen = (inner: Sql): Sql =>
    new Proxy(inner, {
      apply(target, self, args) {
        if (isOver) throw new Error('the transaction is over');
        return Reflect.apply(target, self, args);
      },
    });
  const never = new Promise<never>(() => {});
  try {
    // The type of `begin` allows for a list of promises, of which it gives the results. An outcome is no such list.
    return (await sql.begin(async (inner) => {
      try {
        const outcome = await work(whileOpen(inner as unknown as Sql));
        if (isOver) return await never;
        isCommitting = true;
        return outcome;
      } catch (error) {
        if (!isOver && !hasEnded(error)) throw error;
        ended ??= error;
        return never;
      }
    })) as Outcome;
  } catch (error) {
    isOver = true;
    if (isCommitting && isUnreached(error)) throw unconfirmed(error);
    throw hasEnded(error) && hasEnded(ended) ? ended : error;
  }
}

function unconfirmed(cause: unknown): DynonymError {
  const message =
    'the connection to PostgreSQL ended during a commit; the change may have been made: look before you repeat it';
  return new DynonymError('STORE_UNREACHABLE', message, { cause });
}
