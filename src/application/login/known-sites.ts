import { BoundedMap } from '../../domain/bounded-map.ts';
import type { UserName } from '../../domain/user.ts';

/** How many sites are remembered for one user: a home, an office, and two more. */
const SITES_OF_ONE = 4;
/** For how many users sites are remembered, at about 300 octets each. */
const MAX_USERS = 100_000;

/** The sites (`siteOf`) where users logged in with the right password: the last four of each user. */
export class KnownSites {
  /** The sites of each user. That of the last login is the last. */
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
    // One user must not fill the map. A site where another user has logged in since stays known.
    if (forgotten !== undefined && this.#users.get(forgotten) === user) this.#users.delete(forgotten);
  }
}
