import { BoundedMap } from '../../domain/bounded-map.ts';
import { siteOf, wideSiteOf } from '../../domain/network.ts';
import type { Clock } from '../ports/clock.ts';
import type { CredentialMemory } from '../ports/credential-memory.ts';
import { type Events, noEvents } from '../ports/events.ts';
import type { Logger } from '../ports/logger.ts';
import type { FailingLogins, LoginAttempt, LoginLimits, LoginPause } from '../ports/login-limits.ts';
import { afterFailure, type Failures, MOST_FAILURES, pauseLeft, recentFailures } from './lock-out.ts';

/** How many names at sites, how many sites, and how many networks are remembered, at about 300 octets each. */
const MAX_REMEMBERED = 100_000;
/** Characters of a typed name that are kept, so that long names cannot fill the memory. No user name is longer. */
const MAX_NAME = 256;

/** One of the counts that an attempt belongs to. */
type Count = {
  readonly scope: LoginPause['scope'];
  readonly key: string;
  readonly failures: BoundedMap<string, Failures>;
  readonly most: number;
};

/** The limits of one process, which forgets them when it ends. */
export class MemoryLoginLimits implements LoginLimits {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #wrong: CredentialMemory;
  readonly #events: Events;
  readonly #names = new BoundedMap<string, Failures>(MAX_REMEMBERED);
  readonly #sites = new BoundedMap<string, Failures>(MAX_REMEMBERED);
  readonly #networks = new BoundedMap<string, Failures>(MAX_REMEMBERED);

  /** @param wrong remembers which wrong credentials were counted; for nothing else. */
  constructor(clock: Clock, logger: Logger, wrong: CredentialMemory, events: Events = noEvents) {
    this.#clock = clock;
    this.#logger = logger;
    this.#events = events;
    this.#wrong = wrong;
  }

  async look(attempt: LoginAttempt): ReturnType<LoginLimits['look']> {
    const pause = this.#pauseOf(this.#countsOf(attempt));
    if (pause !== undefined) return pause;
    return { kind: this.#wrong.knows(comparedWith(attempt), attempt.secret) ? 'wrong' : 'open' };
  }

  /** Synchronous inside, so that no other attempt can come between the check and the count. */
  async settle(attempt: LoginAttempt, verdict: 'right' | 'wrong'): Promise<LoginPause | undefined> {
    const counts = this.#countsOf(attempt);
    const pause = this.#pauseOf(counts);
    if (pause !== undefined || verdict === 'right') return pause;
    if (this.#wrong.knows(comparedWith(attempt), attempt.secret)) return undefined;
    this.#wrong.learn(comparedWith(attempt), attempt.secret);
    for (const count of counts) this.#add(count, attempt);
    return undefined;
  }

  async failing(most: number): Promise<readonly FailingLogins[]> {
    const now = this.#clock.monotonic();
    const found: FailingLogins[] = [];
    for (const all of [this.#networks, this.#sites, this.#names]) {
      for (const [key, known] of all) {
        const [failures, paused] = [recentFailures(known, now), pauseLeft(known, now)];
        if (failures === 0 && paused === 0) continue;
        const end = all === this.#names ? key.indexOf(' ') : key.length;
        const name = all === this.#names ? key.slice(end + 1) : undefined;
        found.push({ site: key.slice(0, end), name, failures, paused });
      }
    }
    found.sort((one, other) => other.paused - one.paused || other.failures - one.failures);
    return found.slice(0, most);
  }

  #countsOf({ from, name }: LoginAttempt): readonly Count[] {
    const site = siteOf(from);
    const counts: Count[] = [{ scope: 'site', key: site, failures: this.#sites, most: MOST_FAILURES.ofSite }];
    const network = wideSiteOf(site);
    if (network !== undefined) {
      counts.push({ scope: 'site', key: network, failures: this.#networks, most: MOST_FAILURES.ofNetwork });
    }
    if (name !== undefined) {
      const key = `${site} ${name.slice(0, MAX_NAME)}`;
      counts.push({ scope: 'name', key, failures: this.#names, most: MOST_FAILURES.ofName });
    }
    return counts;
  }

  /** The longest pause of the site and its network. Without one, the pause of the name at that site. */
  #pauseOf(counts: readonly Count[]): LoginPause | undefined {
    const now = this.#clock.monotonic();
    const longest = { name: 0, site: 0 };
    for (const { scope, key, failures } of counts) {
      longest[scope] = Math.max(longest[scope], pauseLeft(failures.get(key), now));
    }
    const scope = longest.site > 0 ? 'site' : 'name';
    return longest[scope] > 0 ? { kind: 'paused', scope, milliseconds: longest[scope] } : undefined;
  }

  #add({ scope, key, failures, most }: Count, { from, name, passwordHash }: LoginAttempt): void {
    const now = this.#clock.monotonic();
    const after = afterFailure(failures.get(key), most, now);
    failures.set(key, after);
    const left = pauseLeft(after, now);
    if (left === 0) return;
    const site = scope === 'site' ? key : siteOf(from);
    // A name that belongs to no user may be a password in the wrong field. So it is not told.
    const user = scope === 'name' && passwordHash !== undefined ? name : undefined;
    const fields = { site, ...(user !== undefined && { user }), seconds: left / 1000 };
    this.#logger.warn('too many different logins failed: a pause begins', fields);
    const at = this.#clock.now();
    this.#events.tell({ kind: 'paused', at, user, from: site, until: at + left });
  }
}

/**
 * Identifies what a secret was tried against. A wrong secret counts again at another site, or after a change of the
 * hash.
 */
const comparedWith = ({ from, name, passwordHash }: LoginAttempt): string =>
  JSON.stringify([siteOf(from), name, passwordHash]);
