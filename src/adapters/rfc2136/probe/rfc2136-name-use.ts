import type { Primary } from '../../../application/manage/settings.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { NameUse } from '../../../application/ports/name-use.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import { Rcode, RrType } from '../../dns-wire/constants.ts';
import type { Message } from '../../dns-wire/message.ts';
import { transportsTo } from '../create-rfc2136-dns-updater.ts';
import { socketsOf } from '../primary-address.ts';
import { aliasIn, referralIn } from '../read-message.ts';
import { query } from '../requests.ts';
import { Channel } from './channel.ts';

/** Asks the primary for the SOA record of the name: NXDOMAIN says that nothing is below it either. */
export class Rfc2136NameUse implements NameUse {
  readonly #primaryOf: (zone: DomainName) => Primary;
  readonly #clock: Clock;

  constructor(primaryOf: (zone: DomainName) => Primary, clock: Clock) {
    this.#primaryOf = primaryOf;
    this.#clock = clock;
  }

  async isUsed(zone: DomainName, name: DomainName): Promise<boolean | undefined> {
    const primary = this.#primaryOf(zone);
    for (const socket of socketsOf(primary)) {
      const isUsed = await this.#askAt({ ...primary, socket }, name);
      if (isUsed !== undefined) return isUsed;
    }
    return undefined;
  }

  async #askAt(primary: Primary, name: DomainName): Promise<boolean | undefined> {
    const channel = new Channel(transportsTo(primary, this.#clock), this.#clock);
    try {
      const heard = await channel.ask(query(name, RrType.SOA));
      return heard.kind === 'answer' ? isUsedBy(heard.message, name) : undefined;
    } finally {
      channel.close();
    }
  }
}

function isUsedBy(message: Message, name: DomainName): boolean | undefined {
  if (referralIn(message, name) !== undefined) return true;
  if (!message.aa) return undefined;
  // The code of an alias is that of its target.
  if (aliasIn(message, name) !== undefined) return true;
  if (message.rcode === Rcode.NXDOMAIN) return false;
  return message.rcode === Rcode.NOERROR ? true : undefined;
}
