import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { SocketAddress } from '../../../src/domain/socket-address.ts';
import { freePort } from '../../support/free-port.ts';

/** A network between dynonym and a name server (TCP) that is slow, or lets nothing through, as the test says. */
export class FaultyWay {
  readonly socket: SocketAddress;
  /** Milliseconds that everything takes in each direction. */
  delay = 0;
  /** How many pieces of data came through. */
  passed = 0;
  readonly #to: SocketAddress;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #cut: { readonly mended: Promise<void>; mend(): void } | undefined;

  private constructor(to: SocketAddress, port: number) {
    this.#to = to;
    this.socket = { address: { family: 'ipv4', text: '127.0.0.1' }, port };
    this.#server = createServer((client) => this.#pass(client));
  }

  static async start(to: SocketAddress): Promise<FaultyWay> {
    const way = new FaultyWay(to, await freePort());
    way.#server.listen(way.socket.port, '127.0.0.1');
    await once(way.#server, 'listening');
    return way;
  }

  /** From now on nothing comes through, and no end of a connection either. */
  cut(): void {
    let mend = () => {};
    const mended = new Promise<void>((resolve) => {
      mend = resolve;
    });
    this.#cut = { mended, mend };
  }

  /** What was on its way arrives now, in its order, also what nobody waits for any more. */
  mend(): void {
    this.#cut?.mend();
    this.#cut = undefined;
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(client: Socket): void {
    const server = connect(this.#to.port, this.#to.address.text);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#open.add(from);
      from.setNoDelay(true);
      let earlier = Promise.resolve();
      const inTurn = (action: () => void) => {
        const delayed = pause(this.delay);
        earlier = earlier.then(async () => {
          await delayed;
          await this.#cut?.mended;
          action();
        });
      };
      from.on('data', (chunk) => {
        inTurn(() => {
          this.passed += 1;
          to.write(chunk);
        });
      });
      from.on('error', () => {});
      from.on('close', () => {
        this.#open.delete(from);
        inTurn(() => to.end());
      });
    }
  }
}
