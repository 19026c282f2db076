import type { IpAddress } from '../../domain/ip-address.ts';
import { siteOf } from '../../domain/network.ts';
import type { User } from '../../domain/user.ts';
import type { CredentialMemory } from '../ports/credential-memory.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { FairQueue } from './fair-queue.ts';
import { KnownSites } from './known-sites.ts';
import type { LoginLimits } from './login-limiter.ts';

export type PasswordVerdict =
  | { readonly kind: 'right' | 'wrong' }
  /** Too many failures from there, some of them while this one waited. */
  | { readonly kind: 'paused'; readonly milliseconds: number }
  /** Too many passwords wait to be judged. */
  | { readonly kind: 'overloaded' };

const RIGHT: PasswordVerdict = { kind: 'right' };
const WRONG: PasswordVerdict = { kind: 'wrong' };

/**
 * Compares a password with what is stored of a user. What was right not long ago is known at once; all else
 * costs the slow hash, of which a few run at a time, each site in its turn, and first those sites where
 * somebody logged in before: a flood of wrong passwords, also one from very many addresses, leaves users who
 * are known in one of these ways served.
 */
export class VerifyPassword {
  readonly #passwords: PasswordHasher;
  readonly #memory: CredentialMemory;
  readonly #queue: FairQueue;
  readonly #limits: LoginLimits;
  readonly #knownSites = new KnownSites();
  /**
   * The hash of the user whose password was verified last. Where all hashes are of one kind and cost, time then does
   * not tell who exists, also if new ones would differ.
   */
  #typicalHash: string;

  constructor(passwords: PasswordHasher, memory: CredentialMemory, queue: FairQueue, limits: LoginLimits) {
    this.#passwords = passwords;
    this.#memory = memory;
    this.#queue = queue;
    this.#limits = limits;
    this.#typicalHash = passwords.hashOfNobody;
  }

  /** For a user who does not exist the same work is done, and the password is wrong. Counts what is wrong. */
  async execute(user: User | undefined, password: string, from: IpAddress): Promise<PasswordVerdict> {
    const site = siteOf(from);
    if (user !== undefined && this.#memory.knows(user.passwordHash, password)) {
      this.#knownSites.learn(user.name, site);
      return RIGHT;
    }
    const goesFirst = this.#knownSites.has(site);
    const verdict = await this.#queue.run(site, () => this.#judge(user, password, from), { goesFirst });
    return verdict === 'full' ? { kind: 'overloaded' } : verdict;
  }

  /**
   * The queue judges one password of a site at a time. What is wrong is counted, and what is right is remembered, before
   * the next has its turn: a site gets no more tries by sending them all at once, and a router that reports several
   * names at once costs one hash.
   */
  async #judge(user: User | undefined, password: string, from: IpAddress): Promise<PasswordVerdict> {
    const milliseconds = this.#limits.pauseOf(from);
    if (milliseconds !== undefined) return { kind: 'paused', milliseconds };
    if (!(await this.#fits(user, password)) || user === undefined) {
      this.#limits.failed(from);
      return WRONG;
    }
    this.#memory.learn(user.passwordHash, password);
    this.#knownSites.learn(user.name, siteOf(from));
    this.#typicalHash = user.passwordHash;
    return RIGHT;
  }

  async #fits(user: User | undefined, password: string): Promise<boolean> {
    if (user !== undefined && this.#memory.knows(user.passwordHash, password)) return true;
    return this.#passwords.verify(user?.passwordHash ?? this.#typicalHash, password);
  }
}
