import type { IpAddress } from '../domain/ip-address.ts';
import { siteOf } from '../domain/network.ts';
import type { User } from '../domain/user.ts';
import type { FairQueue } from './fair-queue.ts';
import type { CredentialMemory } from './ports/credential-memory.ts';
import type { PasswordHasher } from './ports/password-hasher.ts';

/**
 * Compares a password with what is stored of a user. What was right not long ago is known at once; all else
 * costs the slow hash, of which a few run at a time, each site in its turn, so that a flood of wrong
 * passwords leaves everyone else served.
 */
export class VerifyPassword {
  readonly #passwords: PasswordHasher;
  readonly #memory: CredentialMemory;
  readonly #queue: FairQueue;

  constructor(passwords: PasswordHasher, memory: CredentialMemory, queue: FairQueue) {
    this.#passwords = passwords;
    this.#memory = memory;
    this.#queue = queue;
  }

  /** For a user who does not exist the same work is done, and the password is wrong. */
  async execute(
    user: User | undefined,
    password: string,
    from: IpAddress,
  ): Promise<'right' | 'wrong' | 'overloaded'> {
    if (user !== undefined && this.#memory.knows(user.passwordHash, password)) return 'right';
    const right = await this.#queue.run(siteOf(from), () => this.#compare(user, password));
    if (right === 'full') return 'overloaded';
    if (right && user !== undefined) this.#memory.learn(user.passwordHash, password);
    return right ? 'right' : 'wrong';
  }

  async #compare(user: User | undefined, password: string): Promise<boolean> {
    if (user !== undefined) return this.#passwords.verify(user.passwordHash, password);
    await this.#passwords.verifyNobody(password);
    return false;
  }
}
