import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Clock, Deadline } from '../../application/ports/clock.ts';
import { FrameReader, frame } from '../dns-wire/frame-reader.ts';
import type { Delivery, Exchange, Patience, Transport } from './transport.ts';

/** An idle connection is closed after this time: earlier than PowerDNS does it, which has the least patience (5 s). */
const IDLE_TIME = 3_000;

/**
 * How long a server may take to accept a connection. TCP repeats its SYN after a second (RFC 6298) and then ever less
 * often, so a new connection finds out sooner that the way to the server is free again.
 */
const CONNECT_TIME = 1_500;

/** The most exchanges in flight on one connection. Others wait. */
const MAX_IN_FLIGHT = 16;

/**
 * The most connections to one server; PowerDNS takes 20 in all. There are several because name servers use Nagle's
 * algorithm: the second of two pipelined answers waits for the ACK of the first, which our system delays by 40 ms.
 * So messages are pipelined only when every connection has one in flight.
 */
const MAX_CONNECTIONS = 4;

/** Opens a connection. A `secure` one is TLS: it is connected when it emits `secureConnect`. */
export type OpenConnection = () => { readonly socket: Socket; readonly secure: boolean };

type Failure = Exclude<Delivery<never>, { kind: 'answered' }>;

/** An exchange that waits until a connection has room for it. */
type Waiting = { start(connection: Connection): void; fail(failure: Failure): void };

/**
 * Keeps a few connections open and pipelines messages on them (RFC 7766 section 6.2.1). Answers come in any order:
 * the id tells to which message each belongs. A connection is opened when it is needed.
 */
export class StreamTransport implements Transport {
  readonly #open: OpenConnection;
  readonly #clock: Clock;
  #connections: readonly Connection[] = [];
  /** The oldest first, each with the function that cancels its deadline. */
  readonly #waiting = new Map<Waiting, () => void>();
  #closed = false;

  constructor(open: OpenConnection, clock: Clock) {
    this.#open = open;
    this.#clock = clock;
  }

  exchange<Reply>(exchange: Exchange<Reply>, patience: Patience): Promise<Delivery<Reply>> {
    if (this.#closed) return Promise.resolve({ kind: 'closed' });
    return new Promise((resolve) => {
      const start = (connection: Connection) => {
        connection.send(exchange, patience, (delivery) => {
          resolve(delivery);
          this.#startNext();
        });
      };
      const connection = this.#connectionWithRoom();
      if (connection === undefined) this.#wait({ start, fail: resolve }, patience.deadline);
      else start(connection);
    });
  }

  close(): void {
    this.#closed = true;
    for (const [{ fail }, cancel] of this.#waiting) {
      cancel();
      fail({ kind: 'closed' });
    }
    this.#waiting.clear();
    for (const connection of this.#connections) connection.close();
  }

  #wait(waiting: Waiting, deadline: Deadline): void {
    const timeLeft = Math.max(0, deadline - this.#clock.monotonic());
    const cancel = this.#clock.schedule(timeLeft, () => {
      this.#waiting.delete(waiting);
      waiting.fail({ kind: 'crowded' });
    });
    this.#waiting.set(waiting, cancel);
  }

  #startNext(): void {
    const [next] = this.#waiting;
    const connection = next && this.#connectionWithRoom();
    if (next === undefined || connection === undefined) return;
    const [waiting, cancel] = next;
    this.#waiting.delete(waiting);
    cancel();
    waiting.start(connection);
  }

  /** An idle connection, else a new one, else the one with the fewest exchanges; undefined when all are full. */
  #connectionWithRoom(): Connection | undefined {
    this.#connections = this.#connections.filter(({ ended }) => !ended);
    let leastBusy: Connection | undefined;
    for (const connection of this.#connections) {
      if (connection.inFlight === 0) return connection;
      if (leastBusy === undefined || connection.inFlight < leastBusy.inFlight) leastBusy = connection;
    }
    if (leastBusy !== undefined && this.#connections.length === MAX_CONNECTIONS) {
      return leastBusy.inFlight < MAX_IN_FLIGHT ? leastBusy : undefined;
    }
    const connection = new Connection(this.#open(), this.#clock);
    this.#connections = [...this.#connections, connection];
    return connection;
  }
}

/** An exchange in flight. */
type Pending = { judge(octets: Buffer): void; fail(failure: Failure): void };

class Connection {
  readonly #socket: Socket;
  readonly #secure: boolean;
  readonly #clock: Clock;
  /** By message id. */
  readonly #pending = new Map<number, Pending>();
  readonly #frames = new FrameReader();
  #connected = false;
  #corked = false;
  readonly #cancelConnectTime: () => void;
  #cancelIdleTime: () => void = () => {};
  ended = false;

  constructor({ socket, secure }: ReturnType<OpenConnection>, clock: Clock) {
    this.#socket = socket;
    this.#secure = secure;
    this.#clock = clock;
    socket.setNoDelay(true);
    this.#cancelConnectTime = clock.schedule(CONNECT_TIME, () => this.#lose(notInTime()));
    socket.once('connect', this.#cancelConnectTime);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      this.#connected = true;
    });
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#lose(error));
    socket.on('end', () => this.#lose());
    socket.on('close', () => this.#lose());
  }

  get inFlight(): number {
    return this.#pending.size;
  }

  /**
   * Calls `settle` with the outcome. After the deadline it may call it a second time, when the id is free again; only
   * the first outcome counts.
   */
  send<Reply>(
    exchange: Exchange<Reply>,
    { answerTime, deadline }: Patience,
    settle: (delivery: Delivery<Reply>) => void,
  ): void {
    this.#cancelIdleTime();
    const id = this.#freeId();
    const cancelAnswerTime = this.#clock.schedule(answerTime, () => this.#giveUp(pending));
    // The deadline of one request says nothing of the server. Its answer may still come, so the id stays taken.
    const timeLeft = Math.max(0, deadline - this.#clock.monotonic());
    const cancelDeadline =
      timeLeft < answerTime ? this.#clock.schedule(timeLeft, () => settle(this.#silence())) : undefined;
    const cancelTimers = () => {
      cancelAnswerTime();
      cancelDeadline?.();
    };
    const pending: Pending = {
      judge: (octets) => {
        const reply = exchange.judge(octets);
        if (reply === undefined) return;
        cancelTimers();
        this.#release(id);
        settle({ kind: 'answered', reply });
      },
      fail: (failure) => {
        cancelTimers();
        settle(failure);
      },
    };
    this.#pending.set(id, pending);
    this.#write(frame(exchange.message(id)));
  }

  close(): void {
    this.#end(() => ({ kind: 'closed' }));
  }

  /** Unpredictable, and unlike all others in flight (RFC 5452 section 4.3). */
  #freeId(): number {
    let id = randomInt(0x10000);
    while (this.#pending.has(id)) id = randomInt(0x10000);
    return id;
  }

  #release(id: number): void {
    this.#pending.delete(id);
    if (this.#pending.size === 0 && !this.ended) {
      this.#cancelIdleTime = this.#clock.schedule(IDLE_TIME, () => this.close());
    }
  }

  /**
   * Writes at once while the server is idle. Otherwise all messages of one turn of the event loop leave together: a
   * system call for each would take longer than the rest of the work for a query.
   */
  #write(framed: Buffer): void {
    if (this.#pending.size > 1 && !this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      setImmediate(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    // The socket keeps what is written until it is connected.
    this.#socket.write(framed);
  }

  #receive(chunk: Buffer): void {
    for (const message of this.#frames.push(chunk)) {
      if (message.length >= 2) this.#pending.get(message.readUInt16BE(0))?.judge(message);
    }
  }

  /**
   * Ends the connection because the answer to `late` did not come in time: the server hangs, or the answer was lost.
   * Other exchanges in flight had better be repeated on a new connection.
   */
  #giveUp(late: Pending): void {
    const silence = this.#silence();
    this.#end((one) => (one === late || !this.#connected ? silence : { kind: 'lost' }));
  }

  #silence(): Failure {
    return this.#connected ? { kind: 'silent' } : { kind: 'unreachable', cause: notInTime() };
  }

  #lose(cause = new Error('the connection was closed')): void {
    const failure: Failure = this.#connected ? { kind: 'lost' } : { kind: 'unreachable', cause };
    this.#end(() => failure);
  }

  #end(failureOf: (pending: Pending) => Failure): void {
    if (this.ended) return;
    this.ended = true;
    this.#cancelConnectTime();
    this.#cancelIdleTime();
    const unanswered = [...this.#pending.values()];
    // A reset makes the server discard most of the requests that it has not read, so that it does not execute them later.
    if (unanswered.length > 0 && this.#connected && !this.#secure) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
    for (const pending of unanswered) pending.fail(failureOf(pending));
  }
}

const notInTime = (): Error => new Error('no connection in time');
