import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { until } from './until.ts';

/** The other end of a TCP connection, for octets that no client library would send. */
export class RawClient {
  readonly socket: Socket;
  /** All that came, octet by octet as characters. */
  received = '';
  /** True when the server has closed the connection. */
  closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.received += text;
    });
    // How a connection ends is part of what is tested: a reset shows as what was not received.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
    });
  }

  static async open(port: number, host = '127.0.0.1'): Promise<RawClient> {
    const client = new RawClient(connect(port, host));
    await once(client.socket, 'connect');
    return client;
  }

  send(octets: string | Buffer): void {
    this.socket.write(octets);
  }

  /** All that the server said until it closed the connection. */
  async toTheEnd(): Promise<string> {
    await until(() => this.closed, { what: 'the server to close the connection' });
    return this.received;
  }

  /** Waits for `text`. */
  async hears(text: string): Promise<void> {
    await until(() => this.received.includes(text), { what: `"${text}" after "${this.received}"` });
  }
}
