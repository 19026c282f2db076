import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Turns } from './turns.ts';

/** Answers one request. */
export type Serve = (request: IncomingMessage, response: ServerResponse) => unknown;

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

/**
 * Octets that Node's parser gets at a time. They are few, because it makes all requests that are in them at once, even
 * where the connection is closed meanwhile.
 */
const PIECE = 1_024;

/**
 * A connection. Its requests are served one after another. So updates that a client sends without waiting for answers
 * take effect in their order (RFC 9112 section 9.3.2).
 *
 * Nothing is read while a request is served, except for its own body. What the client sends meanwhile fills the buffers
 * of the system, and then the client has to wait. Requests that have waited take turns with those of other connections.
 */
export class HttpConnection {
  readonly socket: Socket;
  readonly #serve: Serve;
  readonly #turns: Pick<Turns, 'take'>;
  /** What has not been answered, in the order of the requests. The first is being served. */
  readonly #owed: Exchange[] = [];
  /** The finished answer that the client had not taken when {@link isUnreadSinceLastLook} was called last. */
  #untaken: ServerResponse | undefined;
  #isDiscarding = false;

  constructor(socket: Socket, serve: Serve, turns: Pick<Turns, 'take'>) {
    this.socket = socket;
    this.#serve = serve;
    this.#turns = turns;
    // With this listener, `read` decides what Node's own listener of `data` gets.
    socket.on('readable', () => this.#read());
  }

  /** The last response that is owed. */
  get last(): ServerResponse | undefined {
    return this.#owed.at(-1)?.response;
  }

  /** The last response that is owed to a request which came whole. */
  get lastToWhole(): ServerResponse | undefined {
    return this.#owed.findLast(({ request }) => request.complete)?.response;
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    this.#owed.push({ request, response });
    // The system has the whole answer, or the connection has ended.
    response.on('close', () => this.#next());
    if (this.#owed.length === 1) this.#serve(request, response);
  }

  /** From now on everything is read at once and ignored. */
  discard(): void {
    this.#isDiscarding = true;
    this.#read();
  }

  /** True when the client has not taken an answer since the last call. */
  isUnreadSinceLastLook(): boolean {
    const answer = this.#owed[0]?.response;
    const untaken = answer?.writableEnded === true ? answer : undefined;
    const isUnread = untaken !== undefined && untaken === this.#untaken;
    this.#untaken = untaken;
    return isUnread;
  }

  #next(): void {
    this.#owed.shift();
    // Nobody is left to hear of the others.
    if (this.socket.destroyed) this.#owed.length = 0;
    else if (this.#owed.length > 0) this.#turns.take(() => this.#serveFirst());
    else if (this.socket.readableLength > 0) this.#turns.take(() => this.#read());
    else this.#read();
  }

  #serveFirst(): void {
    const first = this.#owed[0];
    if (first !== undefined && !this.socket.destroyed) this.#serve(first.request, first.response);
  }

  #read(): void {
    while (this.#mayRead()) {
      const { readableLength } = this.socket;
      // Without a length it hears of the end.
      const piece =
        readableLength > 0 ? this.socket.read(Math.min(PIECE, readableLength)) : this.socket.read();
      if (piece === null) return;
    }
  }

  #mayRead(): boolean {
    const served = this.#owed[0];
    return this.#isDiscarding || served === undefined || !served.request.complete;
  }
}
