import type { IpAddress } from '../../domain/ip-address.ts';
import { siteOf } from '../../domain/network.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';

const MINUTE = 60_000;

/** So many failures from one site within {@link WINDOW} bring a pause. */
const FAILURES = 10;
const WINDOW = 10 * MINUTE;
/** The first pause; each further one is twice as long. */
const FIRST_PAUSE = MINUTE;
const LONGEST_PAUSE = 60 * MINUTE;
/** After so long without a failure a site is forgotten, and with it how long its last pause was. */
const MEMORY = 2 * LONGEST_PAUSE;
/** Sites that are remembered at most; then those that failed longest ago go. About 200 octets each. */
const MAX_SITES = 100_000;

type Site = {
  /** When the failures of the last window happened, the oldest first. */
  failures: number[];
  pausedUntil: number;
  /** Length of the next pause. */
  nextPause: number;
  forgetAt: number;
};

/**
 * Makes guessing passwords slow. A site, that is an IPv4 address or an IPv6 /64, that fails too often is
 * turned away for a while, even with the right password; the same user from another site is not.
 */
export class LoginLimiter {
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Those that failed longest ago first. */
  readonly #sites = new Map<string, Site>();

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Milliseconds until a login from here is judged again; undefined when it is now. */
  pauseOf(address: IpAddress): number | undefined {
    const site = this.#sites.get(siteOf(address));
    if (site === undefined) return undefined;
    const left = site.pausedUntil - this.#clock.monotonic();
    return left > 0 ? left : undefined;
  }

  /**
   * Credentials from here were wrong. Returns the pause that this brought, in milliseconds. What was sent before a
   * pause began and failed in it counts no more: one burst brings one pause.
   */
  failed(address: IpAddress): number | undefined {
    const now = this.#clock.monotonic();
    const key = siteOf(address);
    const known = this.#sites.get(key);
    if (known !== undefined && now < known.pausedUntil) return undefined;
    const site =
      known !== undefined && now < known.forgetAt
        ? known
        : { failures: [], pausedUntil: 0, nextPause: FIRST_PAUSE, forgetAt: 0 };
    // Set anew, so that the order of the map is that of the last failures.
    this.#sites.delete(key);
    this.#sites.set(key, site);
    this.#forgetOldest();

    site.failures = [...site.failures.filter((time) => now - time < WINDOW), now];
    site.forgetAt = now + MEMORY;
    if (site.failures.length < FAILURES) return undefined;

    const pause = site.nextPause;
    site.failures = [];
    site.pausedUntil = now + pause;
    site.nextPause = Math.min(LONGEST_PAUSE, 2 * pause);
    this.#logger.warn('too many logins failed from one place, which has to wait', {
      site: key,
      seconds: pause / 1000,
    });
    return pause;
  }

  #forgetOldest(): void {
    if (this.#sites.size <= MAX_SITES) return;
    const [oldest] = this.#sites.keys();
    if (oldest !== undefined) this.#sites.delete(oldest);
  }
}

/** What whoever judges logins needs of it. Where several processes serve, one of them counts for all. */
export type LoginLimits = Pick<LoginLimiter, 'pauseOf' | 'failed'>;
