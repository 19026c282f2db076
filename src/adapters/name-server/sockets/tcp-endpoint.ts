import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../../application/ports/clock.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import { type IpAddress, parsePeerAddress } from '../../../domain/ip-address.ts';
import { siteOf } from '../../../domain/network.ts';
import type { SocketAddress } from '../../../domain/socket-address.ts';
import type { NameServer } from '../name-server.ts';
import { listenFault } from './listen-fault.ts';
import { TcpConnection } from './tcp-connection.ts';

/** The most connections to one socket, and from one client (RFC 7766 section 6.2.2). */
export type TcpLimits = { readonly connections: number; readonly connectionsPerClient: number };

export const TCP_LIMITS: TcpLimits = { connections: 1_000, connectionsPerClient: 50 };

/** Serves DNS over TCP at one address. */
export class TcpEndpoint {
  readonly #handler: Pick<NameServer, 'handle'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #limits: TcpLimits;
  readonly #server: Server;
  /** The oldest first. */
  readonly #connections = new Set<TcpConnection>();
  /** The number of connections of each client, by its site. */
  readonly #perClient = new Map<string, number>();

  constructor(handler: Pick<NameServer, 'handle'>, clock: Clock, logger: Logger, limits = TCP_LIMITS) {
    this.#limits = limits;
    this.#handler = handler;
    this.#clock = clock;
    this.#logger = logger;
    // A client may close its side after its last request (RFC 7766 section 6.2.4).
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
  }

  /** Resolves to the port. `ipv6Only` where another endpoint has the IPv4 side of the port. */
  async start(address: SocketAddress, { ipv6Only }: { readonly ipv6Only: boolean }): Promise<number> {
    this.#server.listen({ host: address.address.text, port: address.port, ipv6Only, exclusive: true });
    try {
      await once(this.#server, 'listening');
    } catch (cause) {
      throw listenFault(cause as NodeJS.ErrnoException, address, 'TCP');
    }
    this.#server.on('error', (error) => this.#logger.warn('A connection could not be accepted', { error }));
    return (this.#server.address() as AddressInfo).port;
  }

  /** Accepts and reads nothing more. Earlier requests are answered until the deadline. */
  async stop(deadline: Promise<unknown>): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const connection of this.#connections) connection.finish();
    await Promise.race([closed, deadline]);
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    const address = parsePeerAddress(socket.remoteAddress ?? '');
    // A socket has no address when its client has gone already.
    if (!address.ok || !this.#makeRoomFor(address.value)) {
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    const site = siteOf(address.value);
    const { text } = address.value;
    const connection = new TcpConnection(socket, text, this.#handler, this.#clock, this.#logger);
    this.#connections.add(connection);
    this.#count(site, 1);
    socket.once('close', () => {
      this.#connections.delete(connection);
      this.#count(site, -1);
    });
  }

  /** Where all connections are taken, the oldest idle one is closed for the new client. */
  #makeRoomFor(client: IpAddress): boolean {
    if ((this.#perClient.get(siteOf(client)) ?? 0) >= this.#limits.connectionsPerClient) return false;
    if (this.#connections.size < this.#limits.connections) return true;
    for (const connection of this.#connections) {
      if (!connection.isIdle) continue;
      connection.destroy();
      return true;
    }
    return false;
  }

  #count(site: string, step: 1 | -1): void {
    const connections = (this.#perClient.get(site) ?? 0) + step;
    if (connections > 0) this.#perClient.set(site, connections);
    else this.#perClient.delete(site);
  }
}
