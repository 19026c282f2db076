import type { UserName } from '../../domain/user.ts';

/** Sites that are remembered of one user; a home, an office, and two on the way. */
const SITES_OF_ONE = 4;
/** Users of whom sites are remembered at most; then those who logged in longest ago go. 300 octets each. */
const MAX_USERS = 100_000;

/**
 * Where users logged in with the right password. Nobody gets among these sites who has no password, and who has
 * one gets no more than a few of them in.
 */
export class KnownSites {
  /** The sites of each user, the one that was used longest ago first; so are the users. */
  readonly #sites = new Map<UserName, readonly string[]>();
  /** Who logged in last at each of these sites. */
  readonly #users = new Map<string, UserName>();

  has(site: string): boolean {
    return this.#users.has(site);
  }

  learn(user: UserName, site: string): void {
    const others = (this.#sites.get(user) ?? []).filter((other) => other !== site);
    const forgotten = others.splice(0, Math.max(0, others.length + 1 - SITES_OF_ONE));
    // Set anew, so that the order of the map is that of the last logins.
    this.#sites.delete(user);
    this.#sites.set(user, [...others, site]);
    this.#users.set(site, user);
    this.#forget(user, forgotten);

    if (this.#sites.size <= MAX_USERS) return;
    const [oldest] = this.#sites;
    if (oldest === undefined) return;
    this.#sites.delete(oldest[0]);
    this.#forget(...oldest);
  }

  /** A site where somebody else logged in since stays known. */
  #forget(user: UserName, sites: readonly string[]): void {
    for (const site of sites) if (this.#users.get(site) === user) this.#users.delete(site);
  }
}
