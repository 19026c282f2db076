import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Logger } from '../../../application/ports/logger.ts';
import type { SocketAddress } from '../../../domain/socket-address.ts';
import type { NameServer } from '../name-server.ts';
import { listenFault } from './listen-fault.ts';

/** Octets of datagrams that the kernel keeps while this process is busy. */
const RECEIVE_BUFFER = 1024 * 1024;

/** Serves DNS over UDP at one address. */
export class UdpEndpoint {
  readonly #server: Pick<NameServer, 'handle'>;
  readonly #logger: Logger;
  readonly #socket: Socket;
  /** Replies that are not ready yet: each resolves when it is sent or dropped. */
  readonly #pending = new Set<Promise<void>>();
  #closed = false;

  /** `ipv6Only` where another endpoint has the IPv4 side of the port. */
  constructor(
    server: Pick<NameServer, 'handle'>,
    { address, ipv6Only }: { readonly address: SocketAddress; readonly ipv6Only: boolean },
    logger: Logger,
  ) {
    this.#server = server;
    this.#logger = logger;
    this.#socket = createSocket({
      type: address.address.family === 'ipv6' ? 'udp6' : 'udp4',
      ipv6Only,
      recvBufferSize: RECEIVE_BUFFER,
      // Replies go to addresses, so there is no name to look up.
      lookup: (host, _options, found) => found(null, host, address.address.family === 'ipv6' ? 6 : 4),
    });
  }

  async start(address: SocketAddress): Promise<void> {
    // Waits for the event before `bind`, which may emit it at once.
    const listening = once(this.#socket, 'listening');
    try {
      this.#socket.bind({ address: address.address.text, port: address.port, exclusive: true });
      await listening;
    } catch (cause) {
      throw listenFault(cause as NodeJS.ErrnoException, address, 'UDP');
    }
    this.#socket.on('message', (octets, from) => this.#receive(octets, from));
    this.#socket.on('error', (error) => this.#logger.warn('A DNS socket has failed', { error }));
  }

  /** Reads nothing more, and sends the pending replies until the deadline. */
  async stop(deadline: Promise<unknown>): Promise<void> {
    this.#socket.removeAllListeners('message');
    await Promise.race([Promise.all(this.#pending), deadline]);
    this.#closed = true;
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  #receive(octets: Buffer, from: RemoteInfo): void {
    // A datagram from port 0 is forged: nothing can be sent there.
    if (from.port === 0) return;
    const reply = this.#server.handle(octets, { transport: 'udp', address: from.address });
    if (Buffer.isBuffer(reply)) this.#send(reply, from);
    else if (reply instanceof Promise) this.#sendLater(reply, from);
  }

  #sendLater(reply: Promise<Buffer>, from: RemoteInfo): void {
    const sent = reply.then((octets) => this.#send(octets, from));
    this.#pending.add(sent);
    void sent.then(() => this.#pending.delete(sent));
  }

  /** A reply after the deadline is dropped, as the network may drop any datagram. */
  #send(octets: Buffer, { port, address }: RemoteInfo): void {
    if (!this.#closed) this.#socket.send(octets, port, address);
  }
}
