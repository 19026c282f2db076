import type { Clock } from '../../../application/ports/clock.ts';
import type { Listener } from '../../../application/ports/listener.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import { aborted } from '../../../application/service/waiting.ts';
import { type SocketAddress, socketText } from '../../../domain/socket-address.ts';
import type { NameServer } from '../name-server.ts';
import { TCP_LIMITS, TcpEndpoint, type TcpLimits } from './tcp-endpoint.ts';
import { UdpEndpoint } from './udp-endpoint.ts';

/** Serves DNS over UDP and TCP at some sockets. `[::]` takes IPv4 too, unless another socket has its IPv4 port. */
export class DnsListener implements Listener {
  readonly #server: Pick<NameServer, 'handle'>;
  readonly #sockets: readonly SocketAddress[];
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #limits: TcpLimits;
  readonly #open: { stop(deadline: Promise<unknown>): Promise<void> }[] = [];
  #stopped = false;

  constructor(
    server: Pick<NameServer, 'handle'>,
    sockets: readonly SocketAddress[],
    clock: Clock,
    logger: Logger,
    limits = TCP_LIMITS,
  ) {
    this.#limits = limits;
    this.#server = server;
    this.#sockets = sockets;
    this.#clock = clock;
    this.#logger = logger;
  }

  async start(): Promise<readonly string[]> {
    const addresses: string[] = [];
    try {
      for (const socket of this.#sockets) {
        if (this.#stopped) break;
        addresses.push(`dns://${socketText(await this.#listen(socket))}`);
      }
    } catch (error) {
      await this.stop(AbortSignal.abort());
      throw error;
    }
    // `stop` was called while the last socket was opened.
    if (this.#stopped) await this.stop(AbortSignal.abort());
    return addresses;
  }

  async stop(signal: AbortSignal): Promise<void> {
    this.#stopped = true;
    const deadline = aborted(signal);
    await Promise.all(this.#open.splice(0).map((endpoint) => endpoint.stop(deadline)));
  }

  /** Gives the address with its port, which the system chooses for port 0. */
  async #listen(socket: SocketAddress): Promise<SocketAddress> {
    const ipv6Only =
      socket.address.family === 'ipv6' &&
      this.#sockets.some(({ address, port }) => address.family === 'ipv4' && port === socket.port);
    const tcp = new TcpEndpoint(this.#server, this.#clock, this.#logger, this.#limits);
    const address = { ...socket, port: await tcp.start(socket, { ipv6Only }) };
    this.#open.push(tcp);
    const udp = new UdpEndpoint(this.#server, { address, ipv6Only }, this.#logger);
    this.#open.push(udp);
    await udp.start(address);
    return address;
  }
}
