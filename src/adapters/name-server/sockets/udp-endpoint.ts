import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Logger } from '../../../application/ports/logger.ts';
import type { SocketAddress } from '../../../domain/socket-address.ts';
import type { NameServer } from '../name-server.ts';
import { listenFault } from './listen-fault.ts';

/** What the kernel keeps for us while we are busy. */
const RECEIVE_BUFFER = 1024 * 1024;

/** Serves DNS over UDP at one address. */
export class UdpEndpoint {
  readonly #server: Pick<NameServer, 'handle'>;
  readonly #logger: Logger;
  readonly #socket: Socket;
  /** Replies that are to come. */
  readonly #underWay = new Set<Promise<void>>();
  #closed = false;

  /** `ipv6Only`: another endpoint has the IPv4 side of the port. */
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
      // Replies go to addresses: there is nothing to look up.
      lookup: (host, _options, found) => found(null, host, address.address.family === 'ipv6' ? 6 : 4),
    });
  }

  async start(address: SocketAddress): Promise<void> {
    // Before it is told to: it may listen at once.
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

  /** Reads nothing more, and lets the replies leave that are to come. */
  async stop(deadline: Promise<void>): Promise<void> {
    this.#socket.removeAllListeners('message');
    await Promise.race([Promise.all(this.#underWay), deadline]);
    this.#closed = true;
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  #receive(octets: Buffer, from: RemoteInfo): void {
    // Nobody can be reached at port 0; it was forged.
    if (from.port === 0) return;
    try {
      const reply = this.#server.handle(octets, { transport: 'udp', address: from.address });
      if (Buffer.isBuffer(reply)) this.#send(reply, from);
      else if (reply instanceof Promise) this.#sendLater(reply, from);
    } catch (error) {
      this.#logger.error('Could not answer a DNS request', { error: error as Error });
    }
  }

  #sendLater(reply: Promise<Buffer>, from: RemoteInfo): void {
    const sent = reply.then(
      (octets) => this.#send(octets, from),
      (error: Error) => this.#logger.error('Could not answer a DNS request', { error }),
    );
    this.#underWay.add(sent);
    void sent.then(() => this.#underWay.delete(sent));
  }

  /** UDP promises nothing: what the network does not take is lost, and so is what comes behind the deadline. */
  #send(octets: Buffer, { port, address }: RemoteInfo): void {
    if (!this.#closed) this.#socket.send(octets, port, address);
  }
}
