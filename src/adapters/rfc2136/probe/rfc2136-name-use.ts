import type { Primary } from '../../../application/manage/settings.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { NameUse } from '../../../application/ports/name-use.ts';
import type { DomainName } from '../../../domain/domain-name.ts';
import { Rcode, RrType } from '../../dns-wire/constants.ts';
import type { Message } from '../../dns-wire/message.ts';
import { aliasIn, referralIn } from '../read-message.ts';
import { query } from '../requests.ts';
import { firstResult, withChannel } from './channel.ts';

/** Asks the primary for the SOA record of the name: NXDOMAIN says that nothing is below it either. */
export class Rfc2136NameUse implements NameUse {
  readonly #primaryOf: (zone: DomainName) => Primary;
  readonly #clock: Clock;

  constructor(primaryOf: (zone: DomainName) => Primary, clock: Clock) {
    this.#primaryOf = primaryOf;
    this.#clock = clock;
  }

  isUsed(zone: DomainName, name: DomainName): Promise<boolean | undefined> {
    return firstResult(this.#primaryOf(zone), async (server) => {
      const heard = await withChannel(server, this.#clock, (channel) => channel.ask(query(name, RrType.SOA)));
      return heard.kind === 'answer' ? isUsedBy(heard.message, name) : undefined;
    });
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
