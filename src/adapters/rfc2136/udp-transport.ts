import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Clock } from '../../application/ports/clock.ts';
import type { SocketAddress } from '../../domain/socket-address.ts';
import type { Delivery, Exchange, Transport } from './transport.ts';

/**
 * A new connected socket for each exchange: its port is unpredictable, the kernel drops what comes from
 * elsewhere, and a closed port is reported (RFC 5452 section 9.2).
 */
export class UdpTransport implements Transport {
  readonly #server: SocketAddress;
  readonly #clock: Clock;
  readonly #underWay = new Set<() => void>();

  constructor(server: SocketAddress, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
  }

  exchange<Reply>(exchange: Exchange<Reply>, time: number): Promise<Delivery<Reply>> {
    return new Promise((resolve) => {
      const socket = createSocket(this.#server.address.family === 'ipv6' ? 'udp6' : 'udp4');
      const settle = (delivery: Delivery<Reply>) => {
        if (!this.#underWay.delete(lose)) return;
        cancel();
        socket.close();
        resolve(delivery);
      };
      const lose = () => settle({ kind: 'lost' });
      const cancel = this.#clock.schedule(time, () => settle({ kind: 'silent' }));
      this.#underWay.add(lose);

      socket.on('error', (cause) => settle({ kind: 'unreachable', cause }));
      socket.on('message', (octets) => {
        const reply = exchange.judge(octets);
        if (reply !== undefined) settle({ kind: 'answered', reply });
      });
      socket.connect(this.#server.port, this.#server.address.text, () => {
        if (!this.#underWay.has(lose)) return;
        // A failure is told through the error event too.
        socket.send(exchange.message(randomInt(0x10000)), () => {});
      });
    });
  }

  close(): void {
    for (const lose of this.#underWay) lose();
  }
}
