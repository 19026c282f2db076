import { hash, randomBytes } from 'node:crypto';
import type { Clock } from '../../application/ports/clock.ts';
import type { CredentialMemory } from '../../application/ports/credential-memory.ts';
import { BoundedMap } from '../../domain/bounded-map.ts';

/** Milliseconds since the last use. Most clients come every few minutes; some, twice a day. */
const REMEMBER = 24 * 60 * 60_000;
/** Passwords that are remembered at most, 150 octets each. */
const MAX_REMEMBERED = 100_000;

/** Keeps a digest of each verified password, under a key that this process made up and shows to nobody. */
export class KeyedCredentialMemory implements CredentialMemory {
  readonly #clock: Clock;
  readonly #key = randomBytes(32).toString('base64');
  /** Until when each digest counts. */
  readonly #until = new BoundedMap<string, number>(MAX_REMEMBERED);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  knows(passwordHash: string, password: string): boolean {
    const digest = this.#digestOf(passwordHash, password);
    const until = this.#until.get(digest);
    const now = this.#clock.monotonic();
    if (until === undefined || now >= until) return false;
    // Set again, so that the digest that was used longest ago is forgotten first.
    this.#until.set(digest, now + REMEMBER);
    return true;
  }

  learn(passwordHash: string, password: string): void {
    this.#until.set(this.#digestOf(passwordHash, password), this.#clock.monotonic() + REMEMBER);
  }

  /**
   * The key first, then the length, which keeps one pair from reading like another. No HMAC is needed, which takes
   * several times as long: nobody ever sees a digest, so that nobody can lengthen one.
   */
  #digestOf(passwordHash: string, password: string): string {
    return hash('sha256', `${this.#key}${passwordHash.length}:${passwordHash}${password}`, 'base64');
  }
}
