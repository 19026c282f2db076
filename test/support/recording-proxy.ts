import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Opcode } from '../../src/adapters/dns-wire/constants.ts';
import { FrameReader } from '../../src/adapters/dns-wire/frame-reader.ts';
import { type Message, parseMessage } from '../../src/adapters/dns-wire/message.ts';
import type { SocketAddress } from '../../src/domain/socket-address.ts';
import { freePort } from './free-port.ts';

/** A message that passed on its way to the server. */
export type Passed = { readonly via: 'udp' | 'tcp'; readonly message: Message };

/** Stands between a client and a name server, UDP and TCP on one port, and remembers what is asked. */
export class RecordingProxy {
  readonly socket: SocketAddress;
  readonly passed: Passed[] = [];
  readonly #server: SocketAddress;
  readonly #udp: UdpSocket = createSocket('udp4');
  readonly #tcp: Server;
  readonly #open = new Set<{ destroy(): unknown }>();

  private constructor(server: SocketAddress, port: number) {
    this.#server = server;
    this.socket = { address: { family: 'ipv4', text: '127.0.0.1' }, port };
    this.#udp.on('message', (octets, from) => this.#passDatagram(octets, from.port));
    this.#tcp = createServer((client) => this.#passStream(client));
  }

  static async start(server: SocketAddress): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(server, await freePort());
    proxy.#udp.bind(proxy.socket.port, '127.0.0.1');
    proxy.#tcp.listen(proxy.socket.port, '127.0.0.1');
    await Promise.all([once(proxy.#udp, 'listening'), once(proxy.#tcp, 'listening')]);
    return proxy;
  }

  /** The UPDATE messages with changes that passed since the last call. Conditions alone are left out. */
  takeUpdates(): readonly Passed[] {
    return this.passed
      .splice(0)
      .filter(({ message: { opcode, authorities } }) => opcode === Opcode.UPDATE && authorities.length > 0);
  }

  async stop(): Promise<void> {
    for (const one of this.#open) one.destroy();
    this.#udp.close();
    this.#tcp.close();
    await Promise.all([once(this.#udp, 'close'), once(this.#tcp, 'close')]);
  }

  #passDatagram(octets: Buffer, clientPort: number): void {
    this.passed.push({ via: 'udp', message: parseMessage(octets) });
    const upstream = createSocket('udp4');
    const entry = { destroy: () => upstream.close() };
    this.#open.add(entry);
    upstream.once('message', (answer) => {
      this.#open.delete(entry);
      upstream.close();
      this.#udp.send(answer, clientPort, '127.0.0.1');
    });
    upstream.on('error', () => {});
    upstream.send(octets, this.#server.port, this.#server.address.text);
  }

  #passStream(client: Socket): void {
    const server = connect(this.#server.port, this.#server.address.text);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#open.add(one);
      one.setNoDelay(true);
      one.on('error', () => {});
      one.on('close', () => {
        this.#open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
    const frames = new FrameReader();
    client.on('data', (chunk: Buffer) => {
      for (const octets of frames.push(chunk)) {
        this.passed.push({ via: 'tcp', message: parseMessage(octets) });
      }
    });
  }
}
