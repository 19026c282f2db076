import type { Primary } from '../../../application/manage/settings.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { PrimaryReach } from '../../../application/ports/primary-reach.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import { RrType } from '../../dns-wire/constants.ts';
import { transportsTo } from '../create-rfc2136-dns-updater.ts';
import { query } from '../requests.ts';
import { Channel } from './channel.ts';

const ROOT = '' as DomainName;

/** Asks for an SOA record over a new connection: that an old one is still open proves nothing. */
export class Rfc2136PrimaryReach implements PrimaryReach {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asks all addresses. An answer at one of them is enough. */
  async reach(primary: Primary): Promise<string | undefined> {
    const sockets = [primary.socket, ...(primary.fallbackSockets ?? [])];
    const troubles = await Promise.all(sockets.map((socket) => this.#troubleAt({ ...primary, socket })));
    return troubles.includes(undefined) ? undefined : troubles[0];
  }

  async #troubleAt(primary: Primary): Promise<string | undefined> {
    const channel = new Channel(transportsTo(primary, this.#clock), this.#clock);
    try {
      const [name] = primary.zones;
      const heard = await channel.ask(query(name ?? ROOT, RrType.SOA));
      if (heard.kind !== 'trouble') return undefined;
      switch (heard.cause.code) {
        case 'unreachable':
          return heard.detail;
        case 'not-dns':
          return 'what answers is no name server';
        default:
          return 'no answer';
      }
    } finally {
      channel.close();
    }
  }
}
