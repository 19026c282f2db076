import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Listener } from '../../application/ports/listener.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { listenFault } from './listen-fault.ts';
import type { ListeningPlace } from './listening-place.ts';

/** How much time and room a client gets. Times are milliseconds. */
export type HttpLimits = {
  /** For the head of a request, and for the first octet of a connection. */
  readonly headersTimeout: number;
  /** For a request with its body. */
  readonly requestTimeout: number;
  /** Between two requests of a connection. */
  readonly keepAliveTimeout: number;
  /** How often the three above are looked after. */
  readonly connectionsCheckingInterval: number;
  /** Octets of the head of a request, its target included. */
  readonly maxHeaderSize: number;
  readonly maxConnections: number;
};

export const HTTP_LIMITS: HttpLimits = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
  maxConnections: 20_000,
};

/** For how long a connection stays readable after its last answer, so that the client gets to read that. */
const LINGER_TIME = 1_000;

/** What is answered to octets that Node's parser gives up on; 400 to all that is not here. */
const STATUS_OF_PARSER_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Serves HTTP on one socket: an IPv4 or IPv6 address, or both families at `[::]`. */
export class HttpListener implements Listener {
  readonly #place: ListeningPlace;
  readonly #logger: Logger;
  readonly #server: Server | SecureServer;
  /** Node's own list of idle connections lacks those that never sent a request. */
  readonly #connections = new Set<Socket>();
  /** Connections on which TLS has not been agreed on, by their two ends. */
  readonly #handshakes = new Map<string, Socket>();
  /** Responses that have not ended, the oldest first. */
  readonly #underWay = new Set<ServerResponse>();
  /** Connections on which nothing can be read any more. */
  readonly #unreadable = new WeakSet<Duplex>();
  #listening: Promise<void> = Promise.resolve();
  #endWatch = () => {};
  #stopping = false;

  constructor(
    handle: (request: IncomingMessage, response: ServerResponse) => unknown,
    place: ListeningPlace,
    logger: Logger,
    limits: HttpLimits = HTTP_LIMITS,
  ) {
    this.#place = place;
    this.#logger = logger;
    const { maxConnections, ...options } = limits;
    // A client without a Host field gets its answer too: nothing here depends on it.
    const common = { ...options, requireHostHeader: false };
    if (place.certificate === undefined) {
      this.#server = createServer(common);
      this.#server.on('connection', (socket) => this.#track(socket));
    } else {
      this.#server = createSecureServer({ ...common, handshakeTimeout: limits.headersTimeout });
      this.#server.on('connection', (socket) => this.#trackHandshake(socket));
      this.#server.on('secureConnection', (socket) => {
        this.#handshakes.delete(endsOf(socket));
        this.#track(socket);
      });
    }
    this.#server.maxConnections = maxConnections;
    const take = (request: IncomingMessage, response: ServerResponse) => {
      this.#follow(request, response);
      handle(request, response);
    };
    this.#server.on('request', take);
    // Other expectations than 100-continue are ignored, which RFC 9110 section 10.1.1 leaves to the server:
    // Node's own 417 would be chunked.
    this.#server.on('checkExpectation', take);
    this.#server.on('clientError', (error, socket) => this.#refuseUnreadable(error, socket));
    this.#server.on('connect', (_request, socket) => refuse(socket, 400));
  }

  async start(): Promise<readonly string[]> {
    this.#listening = this.#listen();
    await this.#listening;
    this.#server.on('error', (error) => this.#logger.warn('a connection could not be accepted', { error }));
    const { address, port } = this.#server.address() as AddressInfo;
    const scheme = this.#place.certificate === undefined ? 'http' : 'https';
    return [`${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`];
  }

  async stop(deadline: AbortSignal): Promise<void> {
    this.#stopping = true;
    this.#endWatch();
    // What is not listening yet cannot be closed; what could not listen need not be.
    await this.#listening.catch(() => {});
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    // The last response that each connection owes; the connection ends with it.
    const owed = new Map([...this.#underWay].map((response) => [response.req.socket, response]));
    for (const response of owed.values()) response.shouldKeepAlive = false;
    for (const socket of this.#connections) if (!owed.has(socket)) socket.destroy();
    for (const socket of this.#handshakes.values()) socket.destroy();
    const cut = () => {
      for (const socket of this.#connections) socket.destroy();
    };
    deadline.addEventListener('abort', cut);
    if (deadline.aborted) cut();
    await closed;
    deadline.removeEventListener('abort', cut);
  }

  async #listen(): Promise<void> {
    const { key, socket, descriptor, certificate } = this.#place;
    const server = this.#server;
    if (certificate !== undefined && 'setSecureContext' in server) {
      server.setSecureContext(await certificate.read());
      // Connections that there are keep the certificate that they have seen.
      if (!this.#stopping) this.#endWatch = certificate.watch((options) => server.setSecureContext(options));
    }
    await new Promise<void>((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) => reject(listenFault(error, { key, socket }));
      server.once('error', fail);
      const place =
        descriptor === undefined ? { host: socket.address.text, port: socket.port } : { fd: descriptor };
      server.listen(place, () => {
        server.off('error', fail);
        resolve();
      });
    });
  }

  #track(socket: Socket): void {
    this.#connections.add(socket);
    socket.on('close', () => this.#connections.delete(socket));
  }

  #trackHandshake(socket: Socket): void {
    const ends = endsOf(socket);
    this.#handshakes.set(ends, socket);
    socket.on('close', () => this.#handshakes.delete(ends));
  }

  #follow(request: IncomingMessage, response: ServerResponse): void {
    // A client of HTTP/1.0 reads until the end of the connection, also one that asked to keep it (inadyn).
    if (this.#stopping || request.httpVersionMinor === 0) response.shouldKeepAlive = false;
    this.#underWay.add(response);
    response.on('close', () => this.#underWay.delete(response));
  }

  /** Octets that are no request, or that did not come in time. */
  #refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (this.#unreadable.has(socket)) return;
    // TLS failed, so there is nothing in which an answer could be said.
    if (!this.#connections.has(socket as Socket)) return void socket.destroy();
    this.#unreadable.add(socket);
    const status = STATUS_OF_PARSER_CODE[error.code ?? ''] ?? 400;
    const earlier = [...this.#underWay].findLast(({ req }) => req.socket === socket && req.complete);
    // Answers keep the order of the requests that were sent in one go.
    if (earlier === undefined) refuse(socket, status);
    else earlier.once('close', () => refuse(socket, status));
  }
}

/** TLS makes another object of a connection; its ends stay. */
const endsOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** The last answer on a connection, written without a parser that would know whose it is. */
function refuse(socket: Duplex, status: number): void {
  if (!socket.writable) return;
  const title = `${status} ${STATUS_CODES[status]}`;
  socket.end(
    `HTTP/1.1 ${title}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${title.length + 1}\r\nConnection: close\r\n\r\n${title}\n`,
  );
  // Closing before all was read would reset the connection, and the client would lose the answer.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_TIME).unref();
}
