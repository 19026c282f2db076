import type { Socket } from 'node:net';
import type { Clock } from '../../application/ports/clock.ts';
import { FrameReader, frame } from './frame-reader.ts';
import { MessageIds } from './message-ids.ts';
import type { Delivery, Exchange, Transport } from './transport.ts';

/** An unused connection is closed after this time, before the least patient server (PowerDNS, 5 s) does it. */
const IDLE_TIME = 3_000;

/** What is under way on one connection at most; the rest waits. */
const MAX_UNDER_WAY = 16;

/**
 * Connections to one server at most; PowerDNS takes 20 in all. There are several, because name servers leave
 * Nagle's algorithm on: the second of two pipelined answers waits for our system to acknowledge the first,
 * which takes it 40 ms. Messages are pipelined only when every connection has one under way.
 */
const MAX_CONNECTIONS = 4;

/** Opens a connection, TCP or TLS. `connectedEvent` is the event after which it may be written to. */
export type OpenConnection = () => {
  readonly socket: Socket;
  readonly connectedEvent: 'connect' | 'secureConnect';
};

/**
 * A few persistent connections on which messages are pipelined (RFC 7766 section 6.2.1). Answers come in any
 * order and belong to the message with their id. Connections are opened when they are needed.
 */
export class StreamTransport implements Transport {
  readonly #open: OpenConnection;
  readonly #clock: Clock;
  #connections: readonly Connection[] = [];
  /** Exchanges that wait for a place on the connection, the oldest first. */
  readonly #waiting = new Set<() => void>();

  constructor(open: OpenConnection, clock: Clock) {
    this.#open = open;
    this.#clock = clock;
  }

  exchange<Reply>(exchange: Exchange<Reply>, time: number): Promise<Delivery<Reply>> {
    return new Promise((resolve) => {
      let connection: Connection | undefined;
      const start = () => {
        connection = this.#freeConnection();
        if (connection === undefined) {
          this.#waiting.add(start);
          return;
        }
        connection.send(exchange, (delivery) => {
          cancel();
          resolve(delivery);
          this.#startNext();
        });
      };
      const cancel = this.#clock.schedule(time, () => {
        this.#waiting.delete(start);
        resolve({ kind: 'silent' });
        // The server is frozen, or this answer was lost. What else waits on the connection is better asked
        // again on a new one, and nothing that comes late on this one must be taken for an answer.
        connection?.end();
      });
      start();
    });
  }

  close(): void {
    for (const connection of this.#connections) connection.end();
  }

  #startNext(): void {
    const [start] = this.#waiting;
    if (start === undefined) return;
    this.#waiting.delete(start);
    start();
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

type UnderWay = {
  judge(octets: Buffer): void;
  fail(delivery: { kind: 'lost' } | { kind: 'unreachable'; cause: Error }): void;
};

class Connection {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #ids = new MessageIds<UnderWay>();
  readonly #frames = new FrameReader();
  #connected = false;
  #cancelIdle: () => void = () => {};
  ended = false;

  constructor({ socket, connectedEvent }: ReturnType<OpenConnection>, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.setNoDelay(true);
    socket.once(connectedEvent, () => {
      this.#connected = true;
    });
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#finish(error));
    socket.on('end', () => this.#finish());
    socket.on('close', () => this.#finish());
  }

  get underWay(): number {
    return this.#ids.size;
  }

  send<Reply>(exchange: Exchange<Reply>, settle: (delivery: Delivery<Reply>) => void): void {
    this.#cancelIdle();
    const id = this.#ids.assign({
      judge: (octets) => {
        const reply = exchange.judge(octets);
        if (reply === undefined) return;
        this.#release(id);
        settle({ kind: 'answered', reply });
      },
      fail: settle,
    });
    // The socket keeps what is written until it is connected.
    this.#socket.write(frame(exchange.message(id)));
  }

  /** Closes at once; everything under way is `lost`. */
  end(): void {
    this.#finish();
  }

  #receive(chunk: Buffer): void {
    for (const message of this.#frames.push(chunk)) {
      if (message.length >= 2) this.#ids.find(message.readUInt16BE(0))?.judge(message);
    }
  }

  #release(id: number): void {
    this.#ids.release(id);
    if (this.#ids.size === 0 && !this.ended)
      this.#cancelIdle = this.#clock.schedule(IDLE_TIME, () => this.end());
  }

  #finish(error?: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.#cancelIdle();
    this.#socket.destroy();
    const delivery = this.#connected
      ? ({ kind: 'lost' } as const)
      : ({ kind: 'unreachable', cause: error ?? new Error('the connection was closed') } as const);
    for (const underWay of this.#ids.values()) underWay.fail(delivery);
  }
}
