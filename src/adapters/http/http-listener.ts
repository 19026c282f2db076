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
import type { LogFields, Logger } from '../../application/ports/logger.ts';
import type { ConnectionsPerSite } from './connections-per-site.ts';
import { HttpConnection, type Serve } from './http-connection.ts';
import { listenFault } from './listen-fault.ts';
import type { ListeningPlace } from './listening-place.ts';
import { Turns } from './turns.ts';

/** What a client may use. Times are milliseconds. */
export type HttpLimits = {
  /** For the head of a request, and for the first octet of a connection. */
  readonly headersTimeout: number;
  /** For a request with its body. */
  readonly requestTimeout: number;
  /** Between two requests of a connection. */
  readonly keepAliveTimeout: number;
  /** Between two checks whether a client has used up one of these times. */
  readonly connectionsCheckingInterval: number;
  /** Octets of the head of a request, its target included. */
  readonly maxHeaderSize: number;
  /** Header fields of a request. */
  readonly maxFields: number;
  readonly maxConnections: number;
  /** For the client to take an answer. It is checked at this interval, so that it may take up to twice as long. */
  readonly takingTimeout: number;
};

export const HTTP_LIMITS: HttpLimits = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
  maxFields: 1_000,
  maxConnections: 20_000,
  takingTimeout: 10_000,
};

/** Milliseconds. The log tells of a limit that was reached once in this time. */
const TELLING_INTERVAL = 60 * 60_000;

/** Milliseconds for which a connection is read after its last answer. A reset would cost the client that answer. */
const LINGER_TIME = 1_000;

/** The status for octets that Node's parser cannot read; 400 for codes that are not listed. */
const STATUS_OF_PARSER_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Serves HTTP on one socket: an IPv4 or IPv6 address, or both families at `[::]`. */
export class HttpListener implements Listener {
  readonly #place: ListeningPlace;
  readonly #logger: Logger;
  readonly #limits: HttpLimits;
  readonly #sites: Pick<ConnectionsPerSite, 'admit'> | undefined;
  readonly #server: Server | SecureServer;
  /** Node's own list of idle connections lacks those on which no request was sent yet. */
  readonly #connections = new Map<Duplex, HttpConnection>();
  readonly #turns = new Turns();
  /** Connections whose TLS handshake has not ended, by their two ends. */
  readonly #handshakes = new Map<string, Socket>();
  /** Connections on which nothing can be read any more. */
  readonly #unreadable = new WeakSet<Duplex>();
  /** When the log was told last of a limit, by the line. */
  readonly #toldAt = new Map<string, number>();
  #listening: Promise<void> = Promise.resolve();
  #endWatch = () => {};
  #look: NodeJS.Timeout | undefined;
  #stopping = false;

  /** @param sites without it, the connections of a site are not limited */
  constructor(
    handle: Serve,
    place: ListeningPlace,
    logger: Logger,
    limits: HttpLimits = HTTP_LIMITS,
    sites?: Pick<ConnectionsPerSite, 'admit'>,
  ) {
    this.#place = place;
    this.#logger = logger;
    this.#limits = limits;
    this.#sites = sites;
    const { maxConnections, maxFields, takingTimeout, ...options } = limits;
    // A client without a Host field gets its answer too: nothing here depends on it.
    const common = { ...options, requireHostHeader: false };
    const serve: Serve = (request, response) => {
      if (request.rawHeaders.length > 2 * maxFields) refuseFields(response);
      else handle(request, response);
    };
    if (place.certificate === undefined) {
      this.#server = createServer(common);
      this.#server.on('connection', (socket) => {
        if (this.#admit(socket)) this.#track(socket, serve);
      });
    } else {
      this.#server = createSecureServer({ ...common, handshakeTimeout: limits.headersTimeout });
      this.#server.on('connection', (socket) => {
        if (this.#admit(socket)) this.#trackHandshake(socket);
      });
      this.#server.on('secureConnection', (socket) => {
        this.#handshakes.delete(endsOf(socket));
        this.#track(socket, serve);
      });
    }
    this.#server.maxConnections = maxConnections;
    // A client that has sent its last request may close its side: its answers are still owed.
    Object.assign(this.#server, { httpAllowHalfOpen: true });
    this.#server.on('drop', () => {
      this.#tell('Connections are closed: there are as many as there may be (see ulimit -n)', {
        connections: maxConnections,
      });
    });
    // Node silently drops the fields beyond this number. One more than may be there shows that there are too many.
    this.#server.maxHeadersCount = maxFields + 1;
    const take: Serve = (request, response) => this.#take(request, response);
    this.#server.on('request', take);
    // Other expectations than 100-continue are ignored, which RFC 9110 section 10.1.1 leaves to the server:
    // Node's own 417 would be chunked.
    this.#server.on('checkExpectation', take);
    this.#server.on('clientError', (error, socket) => this.#refuseUnreadable(error, socket));
    this.#server.on('connect', (_request, socket) => this.#refuse(socket, 400));
  }

  async start(): Promise<readonly string[]> {
    this.#listening = this.#listen();
    await this.#listening;
    this.#server.on('error', (error) => this.#logger.warn('A connection could not be accepted', { error }));
    this.#look = setInterval(() => this.#closeUnread(), this.#limits.takingTimeout).unref();
    const { address, port } = this.#server.address() as AddressInfo;
    const scheme = this.#place.certificate === undefined ? 'http' : 'https';
    return [`${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`];
  }

  async stop(deadline: AbortSignal): Promise<void> {
    this.#stopping = true;
    this.#endWatch();
    clearInterval(this.#look);
    // A server that is not listening yet cannot be closed; one that could not listen need not be.
    await this.#listening.catch(() => {});
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const [socket, { last }] of this.#connections) {
      // The connection ends with the last answer that it owes.
      if (last === undefined) socket.destroy();
      else last.shouldKeepAlive = false;
    }
    for (const socket of this.#handshakes.values()) socket.destroy();
    const cut = () => {
      for (const socket of this.#connections.keys()) socket.destroy();
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

  #admit(socket: Socket): boolean {
    if (this.#sites === undefined) return true;
    const leave = this.#sites.admit(socket.remoteAddress);
    if (leave === undefined) {
      const fields = { client: socket.remoteAddress };
      this.#tell(
        'Connections are closed: a site has as many as it may have (http.connections_per_site)',
        fields,
      );
      socket.destroy();
      return false;
    }
    socket.on('close', leave);
    return true;
  }

  #track(socket: Socket, serve: Serve): void {
    this.#connections.set(socket, new HttpConnection(socket, serve, this.#turns));
    socket.on('close', () => this.#connections.delete(socket));
  }

  #trackHandshake(socket: Socket): void {
    const ends = endsOf(socket);
    this.#handshakes.set(ends, socket);
    socket.on('close', () => this.#handshakes.delete(ends));
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const connection = this.#connections.get(socket);
    // What came in one piece is all read, also behind the request that closed the connection.
    if (connection === undefined || socket.destroyed) return;
    // A client of HTTP/1.0 reads until the end of the connection, also one that asked to keep it (inadyn).
    if (this.#stopping || request.httpVersionMinor === 0) response.shouldKeepAlive = false;
    connection.take(request, response);
  }

  #closeUnread(): void {
    for (const connection of this.#connections.values()) {
      if (!connection.isUnreadSinceLastLook()) continue;
      const { socket } = connection;
      this.#tell('Connections are closed: a client does not read its answers', {
        client: socket.remoteAddress,
      });
      socket.destroy();
    }
  }

  /** Logs that a limit was reached: at times, and not for each connection. */
  #tell(event: string, fields: LogFields): void {
    const now = performance.now();
    const toldAt = this.#toldAt.get(event);
    if (toldAt !== undefined && now - toldAt < TELLING_INTERVAL) return;
    this.#toldAt.set(event, now);
    this.#logger.warn(event, fields);
  }

  /** Octets that are no request, or that did not come in time. */
  #refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (this.#unreadable.has(socket)) return;
    // TLS failed, so there is nothing in which an answer could be said.
    const connection = this.#connections.get(socket);
    if (connection === undefined) return void socket.destroy();
    this.#unreadable.add(socket);
    const status = STATUS_OF_PARSER_CODE[error.code ?? ''] ?? 400;
    const earlier = connection.lastToWhole;
    // Answers keep the order of the requests that were sent in one go.
    if (earlier === undefined) this.#refuse(socket, status);
    else earlier.once('close', () => this.#refuse(socket, status));
  }

  /** The last answer on a connection, written without a parser that would know whose it is. */
  #refuse(socket: Duplex, status: number): void {
    if (!socket.writable) return;
    const title = `${status} ${STATUS_CODES[status]}`;
    socket.end(
      `HTTP/1.1 ${title}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
        `Content-Length: ${title.length + 1}\r\nConnection: close\r\n\r\n${title}\n`,
    );
    // Closing before all was read would reset the connection, and the client would lose the answer.
    this.#connections.get(socket)?.discard();
    setTimeout(() => socket.destroy(), LINGER_TIME).unref();
  }
}

/** TLS makes another object of a connection; its ends stay. */
const endsOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** Refuses a request with too many fields: one of those that were dropped might tell who the client is. */
function refuseFields(response: ServerResponse): void {
  const body = `431 ${STATUS_CODES[431]}\n`;
  response.shouldKeepAlive = false;
  response
    .writeHead(431, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': body.length })
    .end(body);
}
