import type { DomainName } from '../../domain/domain-name.ts';
import type { Network } from '../../domain/network.ts';
import type { UpdateToken } from '../../domain/update-token.ts';
import type { User, UserName } from '../../domain/user.ts';

/**
 * Who may change what. Every call sees all changes that were acknowledged before it began, also those of
 * other processes. A change is durable when its promise resolves, touches nothing but what it names, and is
 * never lost to a change that somebody else makes at the same time. A store that cannot be read or written
 * rejects with a DynonymError.
 */
export interface UserStore {
  /** Cost does not grow with the number of users. */
  find(name: UserName): Promise<User | undefined>;

  /** All users, in the order of the store. */
  list(): AsyncIterable<User>;

  /**
   * Those of `domains` that any user at all was granted, exactly so, in one question. Cost does not grow with the
   * number of users.
   */
  grantedOf(domains: readonly DomainName[]): Promise<ReadonlySet<DomainName>>;

  /**
   * True when a user other than `name` was granted a name that a certificate for `certified` and `*.certified` covers:
   * `certified` itself, or a name one label below, the wildcard there included. Cost does not grow with the number of
   * users.
   */
  isHeldByOthers(certified: DomainName, name: UserName): Promise<boolean>;

  /** The user whose token has this digest. Cost does not grow with the number of users. */
  findByTokenDigest(digest: string): Promise<User | undefined>;

  add(user: User): Promise<'added' | 'exists'>;

  /** Removes the user with all rights and tokens. */
  remove(name: UserName): Promise<'removed' | 'unknown-user'>;

  setPasswordHash(name: UserName, passwordHash: string): Promise<'changed' | 'unknown-user'>;

  grant(name: UserName, domain: DomainName): Promise<'granted' | 'already-granted' | 'unknown-user'>;

  revoke(name: UserName, domain: DomainName): Promise<'revoked' | 'not-granted' | 'unknown-user'>;

  /** From where the user may log in; none for everywhere. */
  setNetworks(name: UserName, networks: readonly Network[]): Promise<'changed' | 'unknown-user'>;

  /** Whether the user may get certificates; undefined takes the setting away. */
  setCertificates(name: UserName, allowed: boolean | undefined): Promise<'changed' | 'unknown-user'>;

  /** A user's tokens have different names. */
  addToken(name: UserName, token: UpdateToken): Promise<'added' | 'exists' | 'unknown-user'>;

  removeToken(name: UserName, token: string): Promise<'removed' | 'unknown-token' | 'unknown-user'>;
}
