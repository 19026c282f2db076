import { createSocket, type Socket } from 'node:dgram';
import type { NotifyTarget, ServedZone } from '../../../application/manage/settings.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { LogFields, Logger } from '../../../application/ports/logger.ts';
import type { IpAddress } from '../../../domain/ip-address.ts';
import { type SocketAddress, socketText } from '../../../domain/socket-address.ts';
import { Rcode, rcodeText } from '../../dns-wire/constants.ts';
import type { Zone } from '../zone.ts';
import type { ZoneStoreFace } from '../zone-store.ts';
import { judgeNotifyReply, notifyMessage } from './notify-message.ts';

/** Milliseconds to wait for the answer to the first message. Each repetition doubles them. */
const FIRST_PATIENCE = 1_000;
const LAST_PATIENCE = 64_000;
/** Milliseconds that a whole series of messages takes. */
const LONGEST_SILENCE = 2 * LAST_PATIENCE - FIRST_PATIENCE;
/** Milliseconds from an answer to the next message, which covers all changes in between. */
const INTERVAL = 200;

/**
 * Notifies the secondaries of every change, and of every zone once at the start (RFC 1996). Gives a function that ends
 * this. `sockets` are those of this server: secondaries know it by their addresses.
 */
export function notifySecondaries(
  zones: Pick<ZoneStoreFace, 'zones' | 'subscribe'>,
  served: readonly ServedZone[],
  sockets: readonly SocketAddress[],
  ports: { readonly clock: Clock; readonly logger: Logger },
): () => void {
  const secondariesOf = ({ notify }: ServedZone) =>
    notify.map((target) => new Secondary(target, sourceFor(target.socket.address, sockets), ports));
  const secondaries = new Map(served.map((zone) => [zone.name as string, secondariesOf(zone)]));
  const tell = (zone: Zone) => {
    for (const secondary of secondaries.get(zone.name) ?? []) secondary.tell(zone);
  };
  const unsubscribe = zones.subscribe(tell);
  for (const zone of zones.zones) tell(zone);
  return () => {
    unsubscribe();
    for (const secondary of [...secondaries.values()].flat()) secondary.close();
  };
}

/** One secondary of one zone. */
class Secondary {
  readonly #target: NotifyTarget;
  readonly #source: string | undefined;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Ends the pending wait. */
  #wake: () => void = () => {};
  #isNotifying = false;
  #hasChanged = false;
  /** True when a new change may end the wait for an answer. */
  #isLate = false;
  /** When the first message since the last answer was sent. */
  #silentSince: number | undefined;
  #closed = false;

  constructor(
    target: NotifyTarget,
    source: string | undefined,
    { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  ) {
    this.#target = target;
    this.#source = source;
    this.#clock = clock;
    this.#logger = logger;
  }

  tell(zone: Zone): void {
    this.#hasChanged = true;
    if (this.#isLate) this.#wake();
    if (this.#isNotifying || this.#closed) return;
    this.#isNotifying = true;
    void this.#notifyAll(zone).finally(() => {
      this.#isNotifying = false;
    });
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  async #notifyAll(zone: Zone): Promise<void> {
    while (this.#hasChanged && !this.#closed) {
      await this.#notifyOnce(zone);
      if (!this.#closed) await this.#wait(INTERVAL);
    }
  }

  /** Repeats the message until there is an answer, or a new change, which begins a new series. */
  async #notifyOnce(zone: Zone): Promise<void> {
    this.#silentSince ??= this.#clock.monotonic();
    for (let patience = FIRST_PATIENCE; patience <= LAST_PATIENCE && !this.#closed; patience *= 2) {
      // The message has the present SOA.
      this.#hasChanged = false;
      const rcode = await this.#attempt(zone, patience);
      if (rcode !== undefined) {
        this.#silentSince = undefined;
        // Any RCODE ends the series (RFC 1996 section 3.6).
        if (rcode !== Rcode.NOERROR) this.#warn('A secondary refuses NOTIFY', zone, rcodeText(rcode));
        else this.#logger.debug('A secondary has answered NOTIFY', this.#fields(zone));
        return;
      }
      if (!this.#hasChanged) continue;
      // Where changes keep coming, no series is completed. The operator must be told nevertheless.
      if (this.#clock.monotonic() - this.#silentSince < LONGEST_SILENCE) return;
      break;
    }
    this.#silentSince = undefined;
    if (!this.#closed) {
      this.#warn('A secondary does not answer NOTIFY; it finds the change at its next refresh', zone);
    }
  }

  /** The RCODE of the answer. Undefined when none comes within `patience` milliseconds. */
  async #attempt(zone: Zone, patience: number): Promise<number | undefined> {
    const { socket: address, key } = this.#target;
    const notify = notifyMessage(zone, key, Math.floor(this.#clock.now() / 1000));
    const socket = createSocket(address.address.family === 'ipv6' ? 'udp6' : 'udp4');
    let rcode: number | undefined;
    socket.on('message', (octets) => {
      rcode ??= judgeNotifyReply(octets, notify, key, Math.floor(this.#clock.now() / 1000));
      if (rcode !== undefined) this.#wake();
    });
    // For example, there is no route. The next attempt comes at its time.
    socket.on('error', () => {});
    send(socket, notify.octets, address, this.#source);
    await this.#wait(FIRST_PATIENCE);
    const more = patience - FIRST_PATIENCE;
    if (more > 0 && rcode === undefined && !this.#hasChanged && !this.#closed) {
      this.#isLate = true;
      await this.#wait(more);
      this.#isLate = false;
    }
    socket.close();
    return rcode;
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.schedule(milliseconds, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #warn(event: string, zone: Zone, rcode?: string): void {
    this.#logger.warn(event, { ...this.#fields(zone), rcode });
  }

  #fields(zone: Zone): LogFields {
    return { zone: zone.name, secondary: socketText(this.#target.socket) };
  }
}

/** Uses a connected socket: the kernel then drops answers from other addresses. */
function send(socket: Socket, octets: Buffer, to: SocketAddress, source: string | undefined): void {
  const connect = () => {
    // Node passes a failure to this callback, although its types do not say so.
    socket.connect(to.port, to.address.text, (failure?: Error) => {
      if (failure === undefined) socket.send(octets);
    });
  };
  if (source === undefined) connect();
  else socket.bind({ address: source }, connect);
}

/**
 * The address to send from: secondaries accept NOTIFY from the address of their primary only. Undefined lets the system
 * choose, where the server listens at a wildcard or loopback address.
 */
function sourceFor(target: IpAddress, sockets: readonly SocketAddress[]): string | undefined {
  return sockets
    .map(({ address }) => address)
    .find(({ family, text }) => family === target.family && !/^(?:0\.0\.0\.0|127\..*|::1?)$/.test(text))
    ?.text;
}
