import type { Socket } from 'node:net';
import type { Clock, Deadline } from '../../application/ports/clock.ts';
import { FrameReader, frame } from '../dns-wire/frame-reader.ts';
import { MessageIds } from './message-ids.ts';
import type { Delivery, Exchange, Patience, Transport } from './transport.ts';

/** An unused connection is closed after this time, before the least patient server (PowerDNS, 5 s) does it. */
const IDLE_TIME = 3_000;

/**
 * How long a server may take to accept a connection: by then TCP has asked a second time (RFC 6298), after a
 * second. TCP asks ever less often; a new connection is sooner there when the way to the server is free again.
 */
const CONNECT_TIME = 1_500;

/** What is under way on one connection at most; the rest waits. */
const MAX_UNDER_WAY = 16;

/**
 * Connections to one server at most; PowerDNS takes 20 in all. There are several, because name servers leave
 * Nagle's algorithm on: the second of two pipelined answers waits for our system to acknowledge the first,
 * which takes it 40 ms. Messages are pipelined only when every connection has one under way.
 */
const MAX_CONNECTIONS = 4;

/** Opens a connection. One that is `secure` is TLS, and may be written to only when it says `secureConnect`. */
export type OpenConnection = () => { readonly socket: Socket; readonly secure: boolean };

/** What becomes of a message without an answer. */
type Failure = Exclude<Delivery<never>, { kind: 'answered' }>;

/** An exchange for which there was no place. */
type Waiting = { start(connection: Connection): void; fail(failure: Failure): void };

/**
 * A few persistent connections on which messages are pipelined (RFC 7766 section 6.2.1). Answers come in any
 * order and belong to the message with their id. Connections are opened when they are needed.
 */
export class StreamTransport implements Transport {
  readonly #open: OpenConnection;
  readonly #clock: Clock;
  #connections: readonly Connection[] = [];
  /** The oldest first. */
  readonly #waiting = new Set<Waiting>();
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
      const connection = this.#freeConnection();
      if (connection !== undefined) start(connection);
      else this.#wait({ start, fail: resolve }, patience.deadline);
    });
  }

  close(): void {
    this.#closed = true;
    for (const { fail } of this.#waiting) fail({ kind: 'closed' });
    this.#waiting.clear();
    for (const connection of this.#connections) connection.close();
  }

  #wait({ start, fail }: Waiting, deadline: Deadline): void {
    const cancel = this.#clock.schedule(Math.max(0, deadline - this.#clock.monotonic()), () => {
      this.#waiting.delete(waiting);
      fail({ kind: 'crowded' });
    });
    const waiting: Waiting = {
      start: (connection) => {
        cancel();
        start(connection);
      },
      fail: (failure) => {
        cancel();
        fail(failure);
      },
    };
    this.#waiting.add(waiting);
  }

  #startNext(): void {
    const [next] = this.#waiting;
    const connection = next === undefined ? undefined : this.#freeConnection();
    if (next === undefined || connection === undefined) return;
    this.#waiting.delete(next);
    next.start(connection);
  }

  /** An idle connection, a new one, or the one with the least to do; undefined when all are full. */
  #freeConnection(): Connection | undefined {
    this.#connections = this.#connections.filter(({ ended }) => !ended);
    const [first, ...others] = this.#connections;
    const leastBusy = others.reduce(
      (best, other) => (other.underWay < (best?.underWay ?? 0) ? other : best),
      first,
    );
    if (
      leastBusy !== undefined &&
      (leastBusy.underWay === 0 || this.#connections.length === MAX_CONNECTIONS)
    ) {
      return leastBusy.underWay < MAX_UNDER_WAY ? leastBusy : undefined;
    }
    const connection = new Connection(this.#open(), this.#clock);
    this.#connections = [...this.#connections, connection];
    return connection;
  }
}

type UnderWay = { judge(octets: Buffer): void; fail(failure: Failure): void };

class Connection {
  readonly #socket: Socket;
  readonly #secure: boolean;
  readonly #clock: Clock;
  readonly #ids = new MessageIds<UnderWay>();
  readonly #frames = new FrameReader();
  #connected = false;
  #gathering = false;
  readonly #cancelConnecting: () => void;
  #cancelIdle: () => void = () => {};
  ended = false;

  constructor({ socket, secure }: ReturnType<OpenConnection>, clock: Clock) {
    this.#socket = socket;
    this.#secure = secure;
    this.#clock = clock;
    socket.setNoDelay(true);
    this.#cancelConnecting = clock.schedule(CONNECT_TIME, () =>
      this.#lose(new Error('no connection in time')),
    );
    socket.once('connect', this.#cancelConnecting);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      this.#connected = true;
    });
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#lose(error));
    socket.on('end', () => this.#lose());
    socket.on('close', () => this.#lose());
  }

  get underWay(): number {
    return this.#ids.size;
  }

  /** May settle twice; only the first time counts. After the second there is a place again. */
  send<Reply>(
    exchange: Exchange<Reply>,
    { answerTime, deadline }: Patience,
    settle: (delivery: Delivery<Reply>) => void,
  ): void {
    this.#cancelIdle();
    const underWay: UnderWay = {
      judge: (octets) => {
        const reply = exchange.judge(octets);
        if (reply === undefined) return;
        cancel();
        this.#release(id);
        settle({ kind: 'answered', reply });
      },
      fail: (failure) => {
        cancel();
        settle(failure);
      },
    };
    const id = this.#ids.assign(underWay);
    const cancelGivingUp = this.#clock.schedule(answerTime, () => this.#giveUp(underWay));
    // Whoever asked has no more time. That says nothing of the server, whose answer may come yet: the id stays
    // taken.
    const timeLeft = Math.max(0, deadline - this.#clock.monotonic());
    const cancelDeadline =
      timeLeft < answerTime ? this.#clock.schedule(timeLeft, () => settle(this.#silence())) : undefined;
    const cancel = () => {
      cancelGivingUp();
      cancelDeadline?.();
    };
    this.#write(frame(exchange.message(id)));
  }

  /**
   * To an idle server at once. When it is busy, all messages of one turn of the event loop leave together: a
   * write for each would take longer than all else that is done for a query.
   */
  #write(framed: Buffer): void {
    if (this.#ids.size > 1 && !this.#gathering) {
      this.#gathering = true;
      this.#socket.cork();
      setImmediate(() => {
        this.#gathering = false;
        this.#socket.uncork();
      });
    }
    // The socket keeps what is written until it is connected.
    this.#socket.write(framed);
  }

  close(): void {
    this.#finish(() => ({ kind: 'closed' }));
  }

  #receive(chunk: Buffer): void {
    for (const message of this.#frames.push(chunk)) {
      if (message.length >= 2) this.#ids.find(message.readUInt16BE(0))?.judge(message);
    }
  }

  #release(id: number): void {
    this.#ids.release(id);
    if (this.#ids.size === 0 && !this.ended) {
      this.#cancelIdle = this.#clock.schedule(IDLE_TIME, () => this.close());
    }
  }

  /**
   * The server is frozen, or this answer was lost. What else is under way here is better asked again on a new
   * connection, and nothing that comes late on this one must be taken for an answer.
   */
  #giveUp(late: UnderWay): void {
    const silence = this.#silence();
    this.#finish((one) => (one === late || !this.#connected ? silence : { kind: 'lost' }));
  }

  #silence(): Failure {
    return this.#connected
      ? { kind: 'silent' }
      : { kind: 'unreachable', cause: new Error('no connection in time') };
  }

  #lose(cause = new Error('the connection was closed')): void {
    const failure: Failure = this.#connected ? { kind: 'lost' } : { kind: 'unreachable', cause };
    this.#finish(() => failure);
  }

  #finish(failureOf: (underWay: UnderWay) => Failure): void {
    if (this.ended) return;
    this.ended = true;
    this.#cancelConnecting();
    this.#cancelIdle();
    const unanswered = this.#ids.values();
    if (unanswered.length > 0 && this.#connected && !this.#secure) {
      // What the server has not read yet it shall not do later: a reset takes most of that back.
      this.#socket.resetAndDestroy();
    } else {
      this.#socket.destroy();
    }
    for (const underWay of unanswered) underWay.fail(failureOf(underWay));
  }
}
