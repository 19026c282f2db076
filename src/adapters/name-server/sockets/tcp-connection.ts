import type { Socket } from 'node:net';
import type { Clock } from '../../../application/ports/clock.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import { FrameReader, frame } from '../../dns-wire/frame-reader.ts';
import type { NameServer } from '../name-server.ts';
import { MessageStream } from '../secondaries/transfer-responder.ts';

/** Milliseconds without a whole request, and without an answer being taken, until a client is given up. */
export const IDLE_TIME = 10_000;
/** Requests of a connection whose answers are to come. */
const MAX_UNDER_WAY = 100;
/** Octets of answers that the client has not taken. */
const MAX_UNSENT = 256 * 1024;
/** Requests that are answered before others have their turn. */
const REQUESTS_PER_TURN = 100;

/**
 * One client over TCP (RFC 7766): requests are taken as they come, and an answer leaves when it is there. What
 * the client does not take is not made.
 */
export class TcpConnection {
  readonly #socket: Socket;
  readonly #address: string;
  readonly #server: Pick<NameServer, 'handle'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #frames = new FrameReader();
  readonly #requests: Buffer[] = [];
  #stream: MessageStream | undefined;
  #underWay = 0;
  /** No request will come any more. */
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
    // A client that goes away is nobody's fault; 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#cancelTimer());
    this.#progress();
  }

  /** Nothing is being done for the client, and nothing on its way to it. */
  get isIdle(): boolean {
    return (
      this.#requests.length === 0 &&
      this.#stream === undefined &&
      this.#underWay === 0 &&
      this.#socket.writableLength === 0
    );
  }

  /** Reads no more, and closes when all that was asked is answered. */
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

  /** Decides what is to happen next. */
  #carryOn(): void {
    const waiting = this.#requests.length > 0 || this.#stream !== undefined;
    if (waiting && this.#hasRoom()) this.#workLater();
    if (this.#ending) {
      if (!waiting && this.#underWay === 0) this.#socket.destroySoon();
    } else if (waiting || !this.#hasRoom()) {
      this.#socket.pause();
    } else {
      this.#socket.resume();
    }
  }

  #hasRoom(): boolean {
    return this.#underWay < MAX_UNDER_WAY && this.#socket.writableLength < MAX_UNSENT;
  }

  /** Others have their turn before. */
  #workLater(): void {
    if (this.#willWork) return;
    this.#willWork = true;
    setImmediate(() => {
      this.#willWork = false;
      this.#work();
    });
  }

  #answer(octets: Buffer): void {
    try {
      const reply = this.#server.handle(octets, { transport: 'tcp', address: this.#address });
      if (Buffer.isBuffer(reply)) this.#send(reply);
      else if (reply instanceof MessageStream) this.#stream = reply;
      else if (reply !== undefined) this.#sendLater(reply);
    } catch (error) {
      this.#giveUp(error as Error);
    }
  }

  #sendNext(stream: MessageStream): void {
    try {
      const octets = stream.next();
      if (octets === undefined) this.#stream = undefined;
      else this.#send(octets);
    } catch (error) {
      this.#giveUp(error as Error);
    }
  }

  #sendLater(reply: Promise<Buffer>): void {
    this.#underWay += 1;
    void reply
      .then(
        (octets) => this.#send(octets),
        (error: Error) => this.#giveUp(error),
      )
      .finally(() => {
        this.#underWay -= 1;
        this.#work();
      });
  }

  #send(octets: Buffer): void {
    if (this.#socket.destroyed) return;
    this.#socket.write(frame(octets));
    this.#progress();
  }

  #giveUp(error: Error): void {
    this.#logger.error('Could not answer a DNS request', { error });
    this.destroy();
  }

  #progress(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.schedule(IDLE_TIME, () => {
      // The disk may be slow; that is not the client's fault.
      if (this.#underWay > 0) this.#progress();
      else this.destroy();
    });
  }
}
