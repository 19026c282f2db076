import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Clock } from '../../application/ports/clock.ts';
import type { SocketAddress } from '../../domain/socket-address.ts';
import type { Delivery, Exchange, Patience, Transport } from './transport.ts';

/**
 * A new connected socket for each exchange: its port is unpredictable, the kernel drops what comes from
 * elsewhere, and a closed port is reported (RFC 5452 section 9.2).
 */
export class UdpTransport implements Transport {
  readonly #server: SocketAddress;
  readonly #clock: Clock;
  /** Ends each exchange under way. */
  readonly #underWay = new Set<() => void>();
  #closed = false;

  constructor(server: SocketAddress, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
  }

  exchange<Reply>(exchange: Exchange<Reply>, { answerTime, deadline }: Patience): Promise<Delivery<Reply>> {
    if (this.#closed) return Promise.resolve({ kind: 'closed' });
    return new Promise((resolve) => {
      const socket = createSocket(this.#server.address.family === 'ipv6' ? 'udp6' : 'udp4');
      const settle = (delivery: Delivery<Reply>) => {
        if (!this.#underWay.delete(stop)) return;
        cancel();
        socket.close();
        resolve(delivery);
      };
      const stop = () => settle({ kind: 'closed' });
      const time = Math.max(0, Math.min(answerTime, deadline - this.#clock.monotonic()));
      const cancel = this.#clock.schedule(time, () => settle({ kind: 'silent' }));
      this.#underWay.add(stop);

      const fail = (cause: Error) => settle({ kind: 'unreachable', cause });
      socket.on('error', fail);
      socket.on('message', (octets) => {
        const reply = exchange.judge(octets);
        if (reply !== undefined) settle({ kind: 'answered', reply });
      });
      // Node gives a failure, such as no route to the server, to whoever waits for either; its types do not say so.
      socket.connect(this.#server.port, this.#server.address.text, (failure?: Error) => {
        if (failure !== undefined) fail(failure);
        else if (this.#underWay.has(stop)) {
          socket.send(exchange.message(randomInt(0x10000)), (error) => {
            if (error !== null) fail(error);
          });
        }
      });
    });
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#underWay) stop();
  }
}
