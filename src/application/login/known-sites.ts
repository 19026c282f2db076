import { BoundedMap } from '../../domain/bounded-map.ts';
import type { UserName } from '../../domain/user.ts';

/** Sites that are remembered of one user: a home, an office, and two on the way. */
const SITES_OF_ONE = 4;
/** Users of whom sites are remembered at most, 300 octets each. */
const MAX_USERS = 100_000;

/** The sites (`siteOf`) where users logged in with the right password: the last four of each user. */
export class KnownSites {
  /** The sites of each user, the one of the last login at the end. */
  readonly #sites = new BoundedMap<UserName, readonly string[]>(MAX_USERS);
  /** The user who logged in last at each site. */
  readonly #users = new BoundedMap<string, UserName>(SITES_OF_ONE * MAX_USERS);

  has(site: string): boolean {
    const user = this.#users.get(site);
    return user !== undefined && this.#sites.get(user)?.includes(site) === true;
  }

  learn(user: UserName, site: string): void {
    const others = (this.#sites.get(user) ?? []).filter((other) => other !== site);
    const sites = [...others, site];
    const forgotten = sites.length > SITES_OF_ONE ? sites.shift() : undefined;
    this.#sites.set(user, sites);
    this.#users.set(site, user);
    // So that one user cannot fill the map. Where somebody else logged in since, the site stays known.
    if (forgotten !== undefined && this.#users.get(forgotten) === user) this.#users.delete(forgotten);
  }
}
