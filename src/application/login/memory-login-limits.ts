import { BoundedMap } from '../../domain/bounded-map.ts';
import { siteOf, wideSiteOf } from '../../domain/network.ts';
import type { Clock } from '../ports/clock.ts';
import type { CredentialMemory } from '../ports/credential-memory.ts';
import type { Events } from '../ports/events.ts';
import type { Logger } from '../ports/logger.ts';
import type {
  FailingLogins,
  LoginAttempt,
  LoginLimits,
  LoginOrigin,
  LoginPause,
} from '../ports/login-limits.ts';
import { afterFailure, type Failures, MOST_FAILURES, pauseLeft, recentFailures } from './lock-out.ts';

/** How many names at sites, how many sites, and how many networks are remembered, at about 300 octets each. */
const MAX_REMEMBERED = 100_000;
/** Characters of a typed name that are kept, so that long names cannot fill the memory. No user name is longer. */
const MAX_NAME = 256;

/** What is counted: failures with one name at a site, at a site, or in a network. */
export type CountKind = keyof typeof MOST_FAILURES;

/** One of the counts that an attempt belongs to. */
export type LoginCount = {
  readonly kind: CountKind;
  readonly scope: LoginPause['scope'];
  /** The site or the network. */
  readonly site: string;
  /** As it was typed, cut. Undefined: whatever names are typed. */
  readonly name: string | undefined;
  readonly most: number;
};

/** The site, its network, and the name at the site. */
export function countsOf({ from, name }: LoginOrigin): readonly LoginCount[] {
  const site = siteOf(from);
  const counts = [countOf('ofSite', 'site', site, undefined)];
  const network = wideSiteOf(site);
  if (network !== undefined) counts.push(countOf('ofNetwork', 'site', network, undefined));
  if (name !== undefined) counts.push(countOf('ofName', 'name', site, name.slice(0, MAX_NAME)));
  return counts;
}

const countOf = (
  kind: CountKind,
  scope: LoginPause['scope'],
  site: string,
  name: string | undefined,
): LoginCount => ({ kind, scope, site, name, most: MOST_FAILURES[kind] });

/** The longest pause of the site and its network. Without one, the pause of the name at that site. */
export function pauseOf(
  counts: readonly { readonly scope: LoginPause['scope']; readonly left: number }[],
): LoginPause | undefined {
  const longest = { name: 0, site: 0 };
  for (const { scope, left } of counts) longest[scope] = Math.max(longest[scope], left);
  const scope = longest.site > 0 ? 'site' : 'name';
  return longest[scope] > 0 ? { kind: 'paused', scope, milliseconds: longest[scope] } : undefined;
}

/** The limits of one process, which forgets them when it ends. */
export class MemoryLoginLimits implements LoginLimits {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #wrong: CredentialMemory;
  readonly #events: Events;
  readonly #failures: Readonly<Record<CountKind, BoundedMap<string, Failures>>> = {
    ofNetwork: new BoundedMap(MAX_REMEMBERED),
    ofSite: new BoundedMap(MAX_REMEMBERED),
    ofName: new BoundedMap(MAX_REMEMBERED),
  };

  /** @param wrong remembers which wrong credentials were counted; for nothing else. */
  constructor(clock: Clock, logger: Logger, wrong: CredentialMemory, events: Events) {
    this.#clock = clock;
    this.#logger = logger;
    this.#events = events;
    this.#wrong = wrong;
  }

  async pauseOf(origin: LoginOrigin): Promise<LoginPause | undefined> {
    return this.#pauseOf(countsOf(origin));
  }

  async look(attempt: LoginAttempt): ReturnType<LoginLimits['look']> {
    return this.#pauseOf(countsOf(attempt)) ?? { kind: this.knows(attempt) ? 'wrong' : 'open' };
  }

  /** Synchronous inside, so that no other attempt can come between the check and the count. */
  async settle(attempt: LoginAttempt, verdict: 'right' | 'wrong'): Promise<LoginPause | undefined> {
    const counts = countsOf(attempt);
    const pause = this.#pauseOf(counts);
    if (pause !== undefined || verdict === 'right') return pause;
    if (this.knows(attempt)) return undefined;
    this.#wrong.learn(comparedWith(attempt), attempt.secret);
    for (const count of counts) this.#add(count, attempt);
    return undefined;
  }

  async failing(most: number): Promise<readonly FailingLogins[]> {
    const now = this.#clock.monotonic();
    const found: FailingLogins[] = [];
    for (const [kind, all] of Object.entries(this.#failures)) {
      for (const [key, known] of all) {
        const [failures, paused] = [recentFailures(known, now), pauseLeft(known, now)];
        if (failures === 0 && paused === 0) continue;
        const end = kind === 'ofName' ? key.indexOf(' ') : key.length;
        const name = kind === 'ofName' ? key.slice(end + 1) : undefined;
        found.push({ site: key.slice(0, end), name, failures, paused });
      }
    }
    found.sort((one, other) => other.paused - one.paused || other.failures - one.failures);
    return found.slice(0, most);
  }

  /** True where these credentials were counted as wrong. */
  knows(attempt: LoginAttempt): boolean {
    return this.#wrong.knows(comparedWith(attempt), attempt.secret);
  }

  /** The credentials count again the next time, because their client has learnt nothing. */
  takeBack(attempt: LoginAttempt): void {
    this.#wrong.forget(comparedWith(attempt), attempt.secret);
  }

  /** Logs a pause that begins, and tells of it. */
  tellPause({ scope, site }: LoginCount, { name, passwordHash }: LoginAttempt, left: number): void {
    // A name that belongs to no user may be a password in the wrong field. So it is not told.
    const user = scope === 'name' && passwordHash !== undefined ? name : undefined;
    const fields = { site, ...(user !== undefined && { user }), seconds: Math.round(left / 1000) };
    this.#logger.warn('Too many different logins failed: a pause begins', fields);
    const at = this.#clock.now();
    this.#events.tell({ kind: 'paused', at, user, from: site, until: at + left });
  }

  #pauseOf(counts: readonly LoginCount[]): LoginPause | undefined {
    const now = this.#clock.monotonic();
    const left = (count: LoginCount) => pauseLeft(this.#failures[count.kind].get(keyOf(count)), now);
    return pauseOf(counts.map((count) => ({ scope: count.scope, left: left(count) })));
  }

  #add(count: LoginCount, attempt: LoginAttempt): void {
    const now = this.#clock.monotonic();
    const all = this.#failures[count.kind];
    const after = afterFailure(all.get(keyOf(count)), count.most, now);
    all.set(keyOf(count), after);
    const left = pauseLeft(after, now);
    if (left > 0) this.tellPause(count, attempt, left);
  }
}

const keyOf = ({ site, name }: LoginCount): string => (name === undefined ? site : `${site} ${name}`);

/**
 * Identifies what a secret was tried against. A wrong secret counts again at another site, or after a change of the
 * hash.
 */
const comparedWith = ({ from, name, passwordHash }: LoginAttempt): string =>
  JSON.stringify([siteOf(from), name, passwordHash]);
