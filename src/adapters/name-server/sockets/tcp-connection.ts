import type { Socket } from 'node:net';
import type { Clock } from '../../../application/ports/clock.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import { FrameReader, frame } from '../../dns-wire/frame-reader.ts';
import type { NameServer } from '../name-server.ts';

/** Milliseconds without a complete request and without progress of an answer, after which the connection is closed. */
export const IDLE_TIME = 10_000;
/** Pending requests of a connection. */
const MAX_PENDING = 100;
/** Octets of answers that the client has not read. */
const MAX_UNSENT = 256 * 1024;
/** Requests of this connection that are answered before others have their turn. */
const REQUESTS_PER_TURN = 100;

/**
 * One client over TCP (RFC 7766). Requests are pipelined, and an answer is sent as soon as it is there. Reading stops
 * while the client does not read its answers.
 */
export class TcpConnection {
  readonly #socket: Socket;
  readonly #address: string;
  readonly #server: Pick<NameServer, 'handle'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #frames = new FrameReader();
  readonly #requests: Buffer[] = [];
  #stream: Generator<Buffer> | undefined;
  #pending = 0;
  /** True when no more requests are read. */
  #ending = false;
  #willWork = false;
  #cancelTimer: () => void = () => {};

  constructor(
    socket: Socket,
    address: string,
    server: Pick<NameServer, 'handle'>,
    clock: Clock,
    logger: Logger,
  ) {
    this.#socket = socket;
    this.#address = address;
    this.#server = server;
    this.#clock = clock;
    this.#logger = logger;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => this.finish());
    socket.on('drain', () => {
      this.#progress();
      this.#work();
    });
    // The client has gone. 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#cancelTimer());
    this.#progress();
  }

  /** True when no request is pending, and no answer is left to send. */
  get isIdle(): boolean {
    return (
      this.#requests.length === 0 &&
      this.#stream === undefined &&
      this.#pending === 0 &&
      this.#socket.writableLength === 0
    );
  }

  /** Reads no more requests, and closes when the earlier ones are answered. */
  finish(): void {
    this.#ending = true;
    this.#socket.pause();
    this.#work();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    for (const octets of this.#frames.push(chunk)) this.#requests.push(octets);
    if (this.#requests.length > 0) this.#progress();
    this.#work();
  }

  #work(): void {
    if (this.#socket.destroyed) return;
    this.#socket.cork();
    for (let turns = REQUESTS_PER_TURN; turns > 0 && this.#hasRoom(); turns -= 1) {
      if (this.#stream !== undefined) {
        this.#sendNext(this.#stream);
        break;
      }
      const octets = this.#requests.shift();
      if (octets === undefined) break;
      this.#answer(octets);
    }
    this.#socket.uncork();
    this.#carryOn();
  }

  /** Schedules more work, closes the connection, or reads on. */
  #carryOn(): void {
    const waiting = this.#requests.length > 0 || this.#stream !== undefined;
    if (waiting && this.#hasRoom()) this.#workLater();
    if (this.#ending) {
      if (!waiting && this.#pending === 0) this.#socket.destroySoon();
    } else if (waiting || !this.#hasRoom()) {
      this.#socket.pause();
    } else {
      this.#socket.resume();
    }
  }

  #hasRoom(): boolean {
    return this.#pending < MAX_PENDING && this.#socket.writableLength < MAX_UNSENT;
  }

  /** Lets other connections have their turn first. */
  #workLater(): void {
    if (this.#willWork) return;
    this.#willWork = true;
    setImmediate(() => {
      this.#willWork = false;
      this.#work();
    });
  }

  #answer(octets: Buffer): void {
    const reply = this.#server.handle(octets, { transport: 'tcp', address: this.#address });
    if (Buffer.isBuffer(reply)) this.#send(reply);
    else if (reply instanceof Promise) void this.#sendLater(reply);
    else this.#stream = reply;
  }

  #sendNext(stream: Generator<Buffer>): void {
    try {
      const { done, value } = stream.next();
      if (done) this.#stream = undefined;
      else this.#send(value);
    } catch (error) {
      // The client must not take the messages so far for the whole answer.
      this.#logger.error('Could not answer a DNS request', { error: error as Error });
      this.destroy();
    }
  }

  async #sendLater(reply: Promise<Buffer>): Promise<void> {
    this.#pending += 1;
    this.#send(await reply);
    this.#pending -= 1;
    this.#work();
  }

  #send(octets: Buffer): void {
    if (this.#socket.destroyed) return;
    this.#socket.write(frame(octets));
    this.#progress();
  }

  #progress(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.schedule(IDLE_TIME, () => {
      // A slow disk delays the answer of an update. The client is not idle.
      if (this.#pending > 0) this.#progress();
      else this.destroy();
    });
  }
}
