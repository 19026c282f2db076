import { siteOf } from '../../domain/network.ts';
import type { User } from '../../domain/user.ts';
import type { CredentialMemory } from '../ports/credential-memory.ts';
import type { LoginAttempt, LoginLimits, LoginPause } from '../ports/login-limits.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { FairQueue } from '../turns/fair-queue.ts';
import { KnownSites } from './known-sites.ts';

export type PasswordVerdict =
  | { readonly kind: 'right' | 'wrong' }
  | LoginPause
  /** Too many passwords wait to be hashed. */
  | { readonly kind: 'overloaded' };

/**
 * Compares a password with the stored hash of a user, and settles the attempt. The slow hash is skipped for a password
 * that was verified not long ago, and for one that was wrong not long ago. All others wait for their turn: a few hashes
 * run at a time, at most one of each site, and sites where a user has logged in before come first. So a flood of wrong
 * passwords does not keep known users out, even when it comes from very many addresses.
 */
export class VerifyPassword {
  readonly #passwords: PasswordHasher;
  readonly #memory: CredentialMemory;
  readonly #queue: FairQueue;
  readonly #limits: LoginLimits;
  readonly #knownSites = new KnownSites();
  /**
   * The hash of the user whose password was verified last. For a user who does not exist, the password is compared with
   * this hash. So the time does not tell who exists, as long as all stored hashes have one kind and cost; hashes that
   * are made now may differ from these.
   */
  #typicalHash: string;

  constructor(passwords: PasswordHasher, memory: CredentialMemory, queue: FairQueue, limits: LoginLimits) {
    this.#passwords = passwords;
    this.#memory = memory;
    this.#queue = queue;
    this.#limits = limits;
    this.#typicalHash = passwords.hashOfNobody;
  }

  /** @param user undefined when there is no such user: the work is the same, and the outcome is `wrong`. */
  async execute(user: User | undefined, attempt: LoginAttempt): Promise<PasswordVerdict> {
    const known = await this.#recall(user, attempt);
    if (known.kind !== 'open') return known;
    const site = siteOf(attempt.from);
    const goesFirst = this.#knownSites.has(site);
    const verdict = await this.#queue.run(site, () => this.#judge(user, attempt), { goesFirst });
    return verdict === 'full' ? { kind: 'overloaded' } : verdict;
  }

  /** The outcome, where it is known without a hash. */
  #recall(
    user: User | undefined,
    attempt: LoginAttempt,
  ): Promise<PasswordVerdict | { readonly kind: 'open' }> {
    return user !== undefined && this.#memory.knows(user.passwordHash, attempt.secret)
      ? this.#settle(user, attempt, true)
      : this.#limits.look(attempt);
  }

  /**
   * The queue gives a site one turn at a time, and the attempt is settled before the turn ends. So a router that
   * reports several names at once costs one hash, and a site that guesses many passwords at once is counted as if it
   * had sent them one after another.
   */
  async #judge(user: User | undefined, attempt: LoginAttempt): Promise<PasswordVerdict> {
    const known = await this.#recall(user, attempt);
    if (known.kind !== 'open') return known;
    const fits = await this.#passwords.verify(user?.passwordHash ?? this.#typicalHash, attempt.secret);
    const verdict = await this.#settle(user, attempt, fits);
    if (verdict.kind === 'right' && user !== undefined) {
      this.#memory.learn(user.passwordHash, attempt.secret);
      this.#typicalHash = user.passwordHash;
    }
    return verdict;
  }

  async #settle(user: User | undefined, attempt: LoginAttempt, fits: boolean): Promise<PasswordVerdict> {
    const right = fits && user !== undefined;
    const pause = await this.#limits.settle(attempt, right ? 'right' : 'wrong');
    if (pause !== undefined) return pause;
    if (!right) return { kind: 'wrong' };
    this.#knownSites.learn(user.name, siteOf(attempt.from));
    return { kind: 'right' };
  }
}
