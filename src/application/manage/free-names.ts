import type { DomainName } from '../../domain/domain-name.ts';
import type { Clock } from '../ports/clock.ts';
import type { DnsUpdater } from '../ports/dns-updater.ts';
import type { NameUse } from '../ports/name-use.ts';
import type { UserStore } from '../ports/user-store.ts';

/** Milliseconds to find the zone of a name. */
const PATIENCE = 10_000;

/** Whether somebody new can have a name. */
export class FreeNames {
  readonly #users: Pick<UserStore, 'grantedOf'>;
  readonly #dns: Pick<DnsUpdater, 'findZone'>;
  readonly #use: NameUse;
  readonly #clock: Clock;

  constructor(
    users: Pick<UserStore, 'grantedOf'>,
    dns: Pick<DnsUpdater, 'findZone'>,
    use: NameUse,
    clock: Clock,
  ) {
    this.#users = users;
    this.#dns = dns;
    this.#use = use;
    this.#clock = clock;
  }

  /** `free`: nobody was granted it, and the DNS has nothing at it or below it. */
  async look(name: DomainName): Promise<'free' | 'taken' | 'unknown'> {
    if ((await this.#users.grantedOf([name])).size > 0) return 'taken';
    const zone = await this.#dns.findZone(name, this.#clock.monotonic() + PATIENCE);
    // Below a delegation, or in no zone of ours, nobody could update it.
    if (!zone.ok) return zone.fault.refused ? 'taken' : 'unknown';
    const isUsed = await this.#use.isUsed(zone.value, name);
    return isUsed === undefined ? 'unknown' : isUsed ? 'taken' : 'free';
  }
}
