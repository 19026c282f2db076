import type { Primary } from '../../../application/manage/settings.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { PrimaryReach } from '../../../application/ports/primary-reach.ts';
import { socketsOf } from '../primary-address.ts';
import { anyQuery } from '../requests.ts';
import { withChannel } from './channel.ts';

/** Asks for an SOA record over a new connection: that an old one is still open proves nothing. */
export class Rfc2136PrimaryReach implements PrimaryReach {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asks all addresses. An answer at one of them is enough. */
  async reach(primary: Primary): Promise<string | undefined> {
    const troubles = await Promise.all(
      socketsOf(primary).map((socket) => this.#troubleAt({ ...primary, socket })),
    );
    return troubles.includes(undefined) ? undefined : troubles[0];
  }

  async #troubleAt(server: Primary): Promise<string | undefined> {
    const heard = await withChannel(server, this.#clock, (channel) => channel.ask(anyQuery(server)));
    if (heard.kind !== 'trouble') return undefined;
    switch (heard.cause.code) {
      case 'unreachable':
        return heard.detail;
      case 'not-dns':
        return 'what answers is no name server';
      default:
        return 'no answer';
    }
  }
}
