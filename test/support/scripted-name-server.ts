import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { FrameReader, frame } from '../../src/adapters/dns-wire/frame-reader.ts';
import { type Message, parseMessage } from '../../src/adapters/dns-wire/message.ts';
import type { SocketAddress } from '../../src/domain/socket-address.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

/** What the server does about a request, one action after another. */
export type Action =
  /** A datagram, or over TCP a message with its length. */
  | { readonly send: Buffer }
  /** Octets as they are: over TCP without a length. */
  | { readonly raw: Buffer }
  /** These octets as they are, again and again, until nobody takes them any more. */
  | { readonly flood: Buffer }
  /** Until this holds. */
  | { readonly when: () => boolean }
  /** The connection; over UDP there is none. */
  | 'close';

export type Request = {
  readonly message: Message;
  readonly via: 'udp' | 'tcp';
  /** How many came before it, over UDP and TCP. */
  readonly index: number;
};

export type ServerScript = {
  readonly onRequest: (request: Request) => readonly Action[];
  /** What is done about a connection before anything came. */
  readonly onConnection?: () => readonly Action[];
};

/** Datagrams of one flood at most. */
const FLOOD = 2_000;

/** A name server on 127.0.0.1, UDP and TCP on one port, that answers what a test says, however wrong. */
export class ScriptedNameServer {
  readonly socket: SocketAddress;
  readonly requests: Request[] = [];
  readonly #script: ServerScript;
  readonly #udp: UdpSocket = createSocket('udp4');
  readonly #tcp: Server;
  readonly #connections = new Set<Socket>();
  #stopped = false;

  private constructor(port: number, script: ServerScript) {
    this.socket = { address: { family: 'ipv4', text: '127.0.0.1' }, port };
    this.#script = script;
    this.#udp.on('message', (octets, from) => {
      this.#take(octets, 'udp', (action) => this.#actByUdp(action, from));
    });
    this.#tcp = createServer((connection) => this.#serve(connection));
  }

  static async start(script: ServerScript): Promise<ScriptedNameServer> {
    const port = await freePort();
    const server = new ScriptedNameServer(port, script);
    server.#udp.bind(port, '127.0.0.1');
    server.#tcp.listen(port, '127.0.0.1');
    await Promise.all([once(server.#udp, 'listening'), once(server.#tcp, 'listening')]);
    return server;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const connection of this.#connections) connection.destroy();
    this.#udp.close();
    this.#tcp.close();
    await Promise.all([once(this.#udp, 'close'), once(this.#tcp, 'close')]);
  }

  #serve(connection: Socket): void {
    this.#connections.add(connection);
    connection.on('close', () => this.#connections.delete(connection));
    // Whoever is asked so rudely may well reset the connection.
    connection.on('error', () => {});
    connection.setNoDelay(true);
    const act = (action: Action) => actByTcp(action, connection);
    const frames = new FrameReader();
    connection.on('data', (chunk: Buffer) => {
      for (const octets of frames.push(chunk)) this.#take(octets, 'tcp', act);
    });
    void this.#perform(this.#script.onConnection?.() ?? [], act);
  }

  #take(octets: Buffer, via: 'udp' | 'tcp', act: (action: Action) => void | Promise<void>): void {
    const request = { message: parseMessage(octets), via, index: this.requests.length };
    this.requests.push(request);
    void this.#perform(this.#script.onRequest(request), act);
  }

  async #perform(actions: readonly Action[], act: (action: Action) => void | Promise<void>): Promise<void> {
    for (const action of actions) {
      if (action !== 'close' && 'when' in action) {
        await until(() => this.#stopped || action.when(), { what: 'the moment to answer' });
      } else if (!this.#stopped) {
        await act(action);
      }
    }
  }

  async #actByUdp(action: Action, { address, port }: RemoteInfo): Promise<void> {
    if (action === 'close' || 'when' in action) return;
    const octets = 'send' in action ? action.send : 'raw' in action ? action.raw : action.flood;
    for (let sent = 0; sent < ('flood' in action ? FLOOD : 1) && !this.#stopped; sent += 1) {
      // What can no longer be taken is not this server's trouble.
      await new Promise<void>((resolve) => this.#udp.send(octets, port, address, () => resolve()));
    }
  }
}

async function actByTcp(action: Action, connection: Socket): Promise<void> {
  if (action === 'close') {
    connection.end();
  } else if ('send' in action) {
    connection.write(frame(action.send));
  } else if ('raw' in action) {
    connection.write(action.raw);
  } else if ('flood' in action) {
    const closed = once(connection, 'close');
    while (!connection.destroyed) {
      if (!connection.write(action.flood)) await Promise.race([once(connection, 'drain'), closed]);
      else await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
