import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns';
import type { Clock } from '../../application/ports/clock.ts';
import type { ServerSocket } from '../../domain/socket-address.ts';
import type { Delivery, Exchange, Patience, Transport } from './transport.ts';

/**
 * Uses a new connected socket for each exchange: its port is unpredictable, the kernel drops datagrams from other
 * addresses, and a closed port is reported (RFC 5452 section 9.2).
 */
export class UdpTransport implements Transport {
  readonly #server: ServerSocket;
  readonly #clock: Clock;
  /** Each cancels one exchange in flight. */
  readonly #pending = new Set<() => void>();
  #closed = false;

  constructor(server: ServerSocket, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
  }

  exchange<Reply>(exchange: Exchange<Reply>, { answerTime, deadline }: Patience): Promise<Delivery<Reply>> {
    if (this.#closed) return Promise.resolve({ kind: 'closed' });
    return new Promise((resolve) => {
      let socket: Socket | undefined;
      const settle = (delivery: Delivery<Reply>) => {
        if (!this.#pending.delete(cancel)) return;
        cancelTimer();
        socket?.close();
        resolve(delivery);
      };
      const cancel = () => settle({ kind: 'closed' });
      const fail = (cause: Error) => settle({ kind: 'unreachable', cause });
      const time = Math.max(0, Math.min(answerTime, deadline - this.#clock.monotonic()));
      const cancelTimer = this.#clock.schedule(time, () => settle({ kind: 'silent' }));
      this.#pending.add(cancel);

      const send = (address: string, family: number) => {
        const opened = createSocket(family === 6 ? 'udp6' : 'udp4');
        socket = opened;
        opened.on('error', fail);
        const id = randomInt(0x10000);
        opened.on('message', (octets) => {
          // Whoever forges the address of the server has to guess the id too, whatever the datagram is otherwise.
          if (octets.length < 2 || octets.readUInt16BE(0) !== id) return;
          const reply = exchange.judge(octets);
          if (reply !== undefined) settle({ kind: 'answered', reply });
        });
        // Node passes a failure, such as "no route to the server", to this callback, though its types do not say so.
        opened.connect(this.#server.port, address, (failure?: Error) => {
          if (failure !== undefined) fail(failure);
          else if (this.#pending.has(cancel)) {
            opened.send(exchange.message(id), (error) => {
              if (error !== null) fail(error);
            });
          }
        });
      };
      if ('address' in this.#server) {
        const { family, text } = this.#server.address;
        send(text, family === 'ipv6' ? 6 : 4);
        return;
      }
      // TCP tries both families, a datagram only one: IPv4, which containers use most.
      lookup(this.#server.host, { order: 'ipv4first' }, (failure, address, family) => {
        if (failure !== null) fail(failure);
        else if (this.#pending.has(cancel)) send(address, family);
      });
    });
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#pending) cancel();
  }
}
