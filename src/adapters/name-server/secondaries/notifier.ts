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

/** Milliseconds for the answer to the first message; twice as many for each that follows. */
const FIRST_PATIENCE = 1_000;
const LAST_PATIENCE = 64_000;
/** Milliseconds of a whole series of messages. */
const LONGEST_SILENCE = 2 * LAST_PATIENCE - FIRST_PATIENCE;
/** Milliseconds from one answer to the next message. Changes in between are told together. */
const INTERVAL = 200;

/** Tells the secondaries of every change, and of every zone once at the start (RFC 1996). */
export class Notifier {
  readonly #secondaries = new Map<string, readonly Secondary[]>();
  readonly #unsubscribe: () => void;

  /** `sockets` are the addresses that the secondaries know this server by. */
  constructor(
    zones: Pick<ZoneStoreFace, 'zones' | 'subscribe'>,
    served: readonly ServedZone[],
    sockets: readonly SocketAddress[],
    ports: { readonly clock: Clock; readonly logger: Logger },
  ) {
    for (const { name, notify } of served) {
      this.#secondaries.set(
        name,
        notify.map((target) => new Secondary(target, sourceFor(target.socket.address, sockets), ports)),
      );
    }
    this.#unsubscribe = zones.subscribe((zone) => this.#tell(zone));
    for (const zone of zones.zones) this.#tell(zone);
  }

  close(): void {
    this.#unsubscribe();
    for (const secondary of [...this.#secondaries.values()].flat()) secondary.close();
  }

  #tell(zone: Zone): void {
    for (const secondary of this.#secondaries.get(zone.name) ?? []) secondary.tell(zone);
  }
}

/** One secondary of one zone. */
class Secondary {
  readonly #target: NotifyTarget;
  readonly #source: string | undefined;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** What ends the waiting under way, and lets it go on. */
  #wake: () => void = () => {};
  #isTelling = false;
  #hasChanged = false;
  /** The answer is late, and a change need not wait for it. */
  #isLate = false;
  /** When the first of those messages left that have no answer. */
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
    if (this.#isTelling || this.#closed) return;
    this.#isTelling = true;
    void this.#tellAll(zone).finally(() => {
      this.#isTelling = false;
    });
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  async #tellAll(zone: Zone): Promise<void> {
    while (this.#hasChanged && !this.#closed) {
      await this.#tellOnce(zone);
      if (!this.#closed) await this.#wait(INTERVAL);
    }
  }

  /** A series of messages, until there is an answer, or a change that deserves a series of its own. */
  async #tellOnce(zone: Zone): Promise<void> {
    this.#silentSince ??= this.#clock.monotonic();
    for (let patience = FIRST_PATIENCE; patience <= LAST_PATIENCE && !this.#closed; patience *= 2) {
      // The message has the zone as it is now.
      this.#hasChanged = false;
      const rcode = await this.#attempt(zone, patience);
      if (rcode !== undefined) {
        this.#silentSince = undefined;
        // Any answer is one (RFC 1996 section 3.6): to ask again would not change it.
        if (rcode !== Rcode.NOERROR) this.#warn('A secondary does not take NOTIFY', zone, rcodeText(rcode));
        else this.#logger.debug('A secondary knows of the change', this.#fields(zone));
        return;
      }
      if (!this.#hasChanged) continue;
      // Where changes never end, no series is whole, and the operator has to hear of it all the same.
      if (this.#clock.monotonic() - this.#silentSince < LONGEST_SILENCE) return;
      break;
    }
    this.#silentSince = undefined;
    if (!this.#closed) {
      this.#warn('A secondary does not answer NOTIFY; it will find changes when it looks itself', zone);
    }
  }

  /** Gives the RCODE of the answer; undefined when there is none in time. */
  async #attempt(zone: Zone, patience: number): Promise<number | undefined> {
    const { socket: address, key } = this.#target;
    const notify = notifyMessage(zone, key, Math.floor(this.#clock.now() / 1000));
    const socket = createSocket(address.address.family === 'ipv6' ? 'udp6' : 'udp4');
    let rcode: number | undefined;
    socket.on('message', (octets) => {
      rcode ??= judgeNotifyReply(octets, notify, key, Math.floor(this.#clock.now() / 1000));
      if (rcode !== undefined) this.#wake();
    });
    // No route, nobody there: the next attempt may fare better, at its time.
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

/** From a connected socket, so that the kernel lets nobody else answer. */
function send(socket: Socket, octets: Buffer, to: SocketAddress, source: string | undefined): void {
  const connect = () => {
    // Node gives a failure to whoever waits for either; its types do not say so.
    socket.connect(to.port, to.address.text, (failure?: Error) => {
      if (failure === undefined) socket.send(octets);
    });
  };
  if (source === undefined) connect();
  else socket.bind({ address: source }, connect);
}

/**
 * Secondaries take NOTIFY from the address of their primary only. An address that stands for all or for this
 * machine alone says nothing about that: then the system chooses.
 */
function sourceFor(target: IpAddress, sockets: readonly SocketAddress[]): string | undefined {
  return sockets
    .map(({ address }) => address)
    .find(({ family, text }) => family === target.family && !/^(?:0\.0\.0\.0|127\..*|::1?)$/.test(text))
    ?.text;
}
