import type { DomainName } from '../../domain/domain-name.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import type { Principal } from '../../domain/principal.ts';
import type { UpdateToken } from '../../domain/update-token.ts';
import { mayLogInFrom, parseUserName, type User, type UserName } from '../../domain/user.ts';
import type { TokenMint } from '../ports/token-mint.ts';
import type { UserStore } from '../ports/user-store.ts';
import type { LoginLimits } from './login-limiter.ts';
import type { VerifyPassword } from './verify-password.ts';

/** What a client shows to say who it is. */
export type Credentials =
  /** A name with the password or a token of that user; an empty name with a token of anybody. */
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string };

/** What became of credentials. Who they belong to, where they are good. */
export type Authentication =
  | { readonly kind: 'authenticated'; readonly principal: Principal }
  /** `user` is whose password was tried, for the log alone; undefined where there is no user of that name. */
  | { readonly kind: 'rejected'; readonly user?: UserName }
  /** Too many failures from there: nothing is judged before `milliseconds` have passed. */
  | { readonly kind: 'paused'; readonly milliseconds: number }
  /** Too many passwords wait to be judged: come back. */
  | { readonly kind: 'overloaded' };

const REJECTED: Authentication = { kind: 'rejected' };

/** Judges credentials. A user who does not exist costs the work of a wrong password. */
export class AuthenticateUser {
  readonly #users: UserStore;
  readonly #tokens: TokenMint;
  readonly #verifyPassword: VerifyPassword;
  readonly #limits: LoginLimits;

  constructor(users: UserStore, tokens: TokenMint, verifyPassword: VerifyPassword, limits: LoginLimits) {
    this.#users = users;
    this.#tokens = tokens;
    this.#verifyPassword = verifyPassword;
    this.#limits = limits;
  }

  /** @param from the address of the client: who fails too often from one site is turned away there. */
  execute(credentials: Credentials, from: IpAddress): Promise<Authentication> {
    const milliseconds = this.#limits.pauseOf(from);
    if (milliseconds !== undefined) return Promise.resolve({ kind: 'paused', milliseconds });
    if (credentials.kind === 'token') return this.#byToken(credentials.token, from);
    if (credentials.user === '') return this.#byToken(credentials.password, from);
    return this.#byPassword(credentials.user, credentials.password, from);
  }

  async #byToken(secret: string, from: IpAddress): Promise<Authentication> {
    const digest = this.#tokens.digestOf(secret);
    const user = known(await this.#users.findByTokenDigest(digest), from);
    const token = user?.tokens.find((candidate) => candidate.digest === digest);
    if (user !== undefined && token !== undefined) return authenticated(user, token);
    this.#limits.failed(from);
    return REJECTED;
  }

  async #byPassword(userName: string, password: string, from: IpAddress): Promise<Authentication> {
    const name = parseUserName(userName);
    const named = name.ok ? await this.#users.find(name.value) : undefined;
    const user = known(named, from);
    if (user !== undefined && user.tokens.length > 0) {
      const digest = this.#tokens.digestOf(password);
      const token = user.tokens.find((candidate) => candidate.digest === digest);
      if (token !== undefined) return authenticated(user, token);
    }
    const verdict = await this.#verifyPassword.execute(user, password, from);
    if (verdict.kind === 'paused' || verdict.kind === 'overloaded') return verdict;
    if (verdict.kind === 'right' && user !== undefined) return authenticated(user);
    return named === undefined ? REJECTED : { kind: 'rejected', user: named.name };
  }
}

/** Outside of the networks of a user, there is no such user: nobody learns there whether a password is right. */
const known = (user: User | undefined, from: IpAddress): User | undefined =>
  user !== undefined && mayLogInFrom(user, from) ? user : undefined;

/** Some users have thousands of names. A store gives another object for a user who has changed. */
const authentications = new WeakMap<
  User | UpdateToken,
  { readonly of: User; readonly made: Authentication }
>();

function authenticated(user: User, token?: UpdateToken): Authentication {
  const key = token ?? user;
  const known = authentications.get(key);
  if (known?.of === user) return known.made;
  const granted = new Set(user.domains);
  // A right that the owner has lost is lost to the token too.
  const domains: ReadonlySet<DomainName> =
    token?.domains === undefined ? granted : new Set(token.domains.filter((domain) => granted.has(domain)));
  const principal = { user: user.name, domains, offline: user.offline, token: token?.name };
  const made: Authentication = { kind: 'authenticated', principal };
  authentications.set(key, { of: user, made });
  return made;
}
