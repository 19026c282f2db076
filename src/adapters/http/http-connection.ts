import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Answers one request. */
export type Serve = (request: IncomingMessage, response: ServerResponse) => unknown;

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

/**
 * A connection, whose requests are served one after another: two updates that were sent in one go take effect in
 * their order (RFC 9112 section 9.3.2 allows more only where nothing is changed).
 */
export class HttpConnection {
  readonly socket: Socket;
  readonly #serve: Serve;
  /** What has not been answered, in the order of the requests. The first is being served. */
  readonly #owed: Exchange[] = [];
  /** The answer that the client had not taken when it was looked at last. */
  #untaken: ServerResponse | undefined;

  constructor(socket: Socket, serve: Serve) {
    this.socket = socket;
    this.#serve = serve;
  }

  /** How many requests wait for those before them. */
  get waiting(): number {
    return Math.max(0, this.#owed.length - 1);
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
    const next = this.#owed[0];
    if (next === undefined) return;
    // Not at once: other connections have their turn in between.
    setImmediate(() => {
      if (!this.socket.destroyed) this.#serve(next.request, next.response);
    });
  }
}
