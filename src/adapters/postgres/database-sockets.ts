import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, isIP, Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import {
  type DatabaseAddress,
  type DatabaseHost,
  type DatabaseTls,
  databaseHostText,
} from '../../application/manage/database-address.ts';
import { DynonymError } from '../../domain/errors.ts';
import { reasonAndPathOf, reasonOf } from '../files/system-error.ts';

/** Milliseconds that one host may take until a connection to it stands. */
const CONNECT_TIME = 2_000;
/** A connection that ended after fewer milliseconds was of no use: its host takes no writes, or is going down. */
const SHORT_LIFE = 1_000;
/** Milliseconds to the next attempt when none of the hosts was of use. */
const PAUSE = 200;

/** What a client sends first to have TLS (PostgreSQL protocol 3.0, SSLRequest). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** An open connection, and when something was heard on it last. */
type Open = { readonly socket: Socket; heard: number };

/**
 * Opens connections to the hosts of an address, one host after the other. The package `postgres` asks for a connection
 * when it needs one. When the host turns out to be a standby, the package closes the connection and asks again, and the
 * next host has its turn.
 *
 * The package can choose among hosts itself. But while no host answers, it tries again without a pause and without end.
 */
export class DatabaseSockets {
  readonly #hosts: readonly DatabaseHost[];
  readonly #tls: DatabaseTls;
  readonly #open = new Set<Open>();
  #turn = 0;
  /** Hosts that were of no use, one after the other. */
  #useless = 0;

  constructor({ hosts, tls }: DatabaseAddress) {
    this.#hosts = hosts;
    this.#tls = tls;
  }

  /** Never rejects, because the package would wait for ever then. When no host is reached, the socket says so. */
  async open(): Promise<Socket> {
    if (this.#useless >= this.#hosts.length) await setTimeout(PAUSE);
    let failure: Error | undefined;
    for (let attempt = 0; attempt < this.#hosts.length; attempt += 1) {
      const host = this.#hosts[this.#turn % this.#hosts.length] as DatabaseHost;
      try {
        return this.#tracked(await connectTo(host, this.#tls), host);
      } catch (error) {
        failure = error as Error;
        this.#pass(host);
      }
    }
    const socket = new Socket();
    setImmediate(() => socket.destroy(failure));
    return socket;
  }

  /** A host was of use. */
  succeeded(): void {
    this.#useless = 0;
  }

  /** Ends the connections on which nothing was heard since `time`, of `performance.now()`. */
  dropSilent(time: number): void {
    for (const { socket, heard } of this.#open) {
      if (heard <= time) socket.destroy();
    }
  }

  #tracked(socket: Socket, host: DatabaseHost): Socket {
    const began = performance.now();
    const open: Open = { socket, heard: began };
    this.#open.add(open);
    socket.on('data', () => {
      open.heard = performance.now();
    });
    socket.once('close', () => {
      this.#open.delete(open);
      if (performance.now() - began < SHORT_LIFE) this.#pass(host);
    });
    return socket;
  }

  #pass(host: DatabaseHost): void {
    this.#useless += 1;
    if (this.#hosts[this.#turn % this.#hosts.length] === host) this.#turn += 1;
  }
}

async function connectTo(host: DatabaseHost, tls: DatabaseTls): Promise<Socket> {
  const place = databaseHostText(host);
  const signal = AbortSignal.timeout(CONNECT_TIME);
  const socket = connect(
    host.host.startsWith('/')
      ? { path: `${host.host}/.s.PGSQL.${host.port}` }
      : { host: host.host, port: host.port, noDelay: true, keepAlive: true },
  );
  try {
    await once(socket, 'connect', { signal });
  } catch (error) {
    socket.destroy();
    const reason = signal.aborted ? 'no answer' : reasonOf(error);
    throw new DynonymError('STORE_UNREACHABLE', unreached(place, reason), { cause: error });
  }
  if (tls === 'off') return socket;
  try {
    return await secured(socket, host, tls, signal);
  } catch (error) {
    socket.destroy();
    const message = `PostgreSQL at ${place} is not reached by TLS: ${reasonAndPathOf(error)}; ${TLS_CURE}`;
    throw new DynonymError('STORE_TLS', message, { cause: error });
  }
}

const TLS_CURE = 'look at sslmode and sslrootcert in the address of [store]';

const unreached = (place: string, reason: string): string =>
  `PostgreSQL is not reached at ${place}: ${reason}; look whether it runs, and whether [store] names the right host`;

async function secured(
  plain: Socket,
  { host }: DatabaseHost,
  { proves, ca }: Exclude<DatabaseTls, 'off'>,
  signal: AbortSignal,
): Promise<Socket> {
  plain.write(SSL_REQUEST);
  const [answer] = (await once(plain, 'data', { signal })) as [Buffer];
  // More than one octet was not encrypted, so whoever stands between could have sent it.
  if (answer.toString('latin1') !== 'S') throw new Error('it offers no TLS');
  const socket = connectTls({
    socket: plain,
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca: await readFile(ca) }),
    rejectUnauthorized: proves !== 'nothing',
    checkServerIdentity: (_name, certificate) =>
      proves === 'name' ? checkServerIdentity(host, certificate) : undefined,
  });
  await once(socket, 'secureConnect', { signal });
  return socket;
}
