import { hash, randomBytes } from 'node:crypto';
import type { Clock } from '../../application/ports/clock.ts';
import type { CredentialMemory } from '../../application/ports/credential-memory.ts';
import { BoundedMap } from '../../domain/bounded-map.ts';

/** Milliseconds since the last use. Most clients come every few minutes, and some twice a day. */
const REMEMBER = 24 * 60 * 60_000;
/** The most passwords in memory, with about 150 octets each. */
const MAX_REMEMBERED = 100_000;

/** Keeps a keyed digest of each verified password. The random key never leaves this process. */
export class KeyedCredentialMemory implements CredentialMemory {
  readonly #clock: Clock;
  readonly #key = randomBytes(32).toString('base64');
  /** The time at which each digest expires. */
  readonly #until = new BoundedMap<string, number>(MAX_REMEMBERED);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  knows(passwordHash: string, password: string): boolean {
    const digest = this.#digestOf(passwordHash, password);
    const until = this.#until.get(digest);
    const now = this.#clock.monotonic();
    if (until === undefined || now >= until) return false;
    // Set again, so that the map drops the least recently used digest first.
    this.#until.set(digest, now + REMEMBER);
    return true;
  }

  learn(passwordHash: string, password: string): void {
    this.#until.set(this.#digestOf(passwordHash, password), this.#clock.monotonic() + REMEMBER);
  }

  forget(passwordHash: string, password: string): void {
    this.#until.delete(this.#digestOf(passwordHash, password));
  }

  /**
   * The key, then the length of the hash, so that no two pairs give the same text. HMAC would take several times as
   * long. It is not needed against length extension, because no digest ever leaves this process.
   */
  #digestOf(passwordHash: string, password: string): string {
    return hash('sha256', `${this.#key}${passwordHash.length}:${passwordHash}${password}`, 'base64');
  }
}
