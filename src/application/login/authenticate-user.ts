import type { LoginFailed } from '../../domain/event.ts';
import type { IpAddress } from '../../domain/ip-address.ts';
import { type Principal, principalOf } from '../../domain/principal.ts';
import { mayBeUsedFrom, type UpdateToken } from '../../domain/update-token.ts';
import { mayLogInFrom, parseUserName, type User, type UserName } from '../../domain/user.ts';
import type { Clock } from '../ports/clock.ts';
import type { Events } from '../ports/events.ts';
import type { LoginAttempt, LoginLimits, LoginPause } from '../ports/login-limits.ts';
import type { TokenMint } from '../ports/token-mint.ts';
import type { UserStore } from '../ports/user-store.ts';
import type { VerifyPassword } from './verify-password.ts';

/** The credentials of a client. */
export type Credentials =
  /** A name with the password or a token of that user; an empty name with a token of any user. */
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string };

/** The outcome for credentials. */
export type Authentication =
  | { readonly kind: 'authenticated'; readonly principal: Principal }
  /** `user` is the user whose password was tried, for the log only. Undefined when there is no user of that name. */
  | { readonly kind: 'rejected'; readonly user?: UserName }
  | LoginPause
  /** Too many passwords wait to be hashed: the client has to come back. */
  | { readonly kind: 'overloaded' };

/** Who is told that credentials of a user were turned away. */
export type Telling = { readonly events: Events; readonly clock: Pick<Clock, 'now'> };

const REJECTED: Authentication = { kind: 'rejected' };

/** Authenticates a user. For a user who does not exist, the work is the same as for a wrong password. */
export class AuthenticateUser {
  readonly #users: Pick<UserStore, 'find' | 'findByTokenDigest'>;
  readonly #tokens: TokenMint;
  readonly #verifyPassword: VerifyPassword;
  readonly #limits: LoginLimits;
  readonly #telling: Telling;

  constructor(
    users: Pick<UserStore, 'find' | 'findByTokenDigest'>,
    tokens: TokenMint,
    verifyPassword: VerifyPassword,
    limits: LoginLimits,
    telling: Telling,
  ) {
    this.#users = users;
    this.#tokens = tokens;
    this.#verifyPassword = verifyPassword;
    this.#limits = limits;
    this.#telling = telling;
  }

  /** @param from the address of the client, for the networks of the user and for the limits. */
  execute(credentials: Credentials, from: IpAddress): Promise<Authentication> {
    if (credentials.kind === 'token') return this.#byToken(credentials.token, from);
    if (credentials.user === '') return this.#byToken(credentials.password, from);
    return this.#byPassword(credentials.user, credentials.password, from);
  }

  async #byToken(secret: string, from: IpAddress): Promise<Authentication> {
    const attempt = { from, name: undefined, secret, passwordHash: undefined };
    const pause = await this.#limits.pauseOf(attempt);
    if (pause !== undefined) return pause;
    const digest = this.#tokens.digestOf(secret);
    const user = inReach(await this.#users.findByTokenDigest(digest), from);
    const token = tokenOf(user, digest, from);
    if (user !== undefined && token !== undefined) return this.#accept(attempt, principalOf(user, token));
    return (await this.#limits.settle(attempt, 'wrong')) ?? REJECTED;
  }

  async #byPassword(typedName: string, secret: string, from: IpAddress): Promise<Authentication> {
    // From a paused site, no request makes the store look for a user.
    const pause = await this.#limits.pauseOf({ from, name: undefined });
    if (pause !== undefined) return pause;
    const name = parseUserName(typedName);
    const named = name.ok ? await this.#users.find(name.value) : undefined;
    const user = inReach(named, from);
    const outcome = await this.#judge(user, typedName, secret, from);
    if (named === undefined) return outcome;
    if (outcome.kind === 'paused') this.#tell(named, from, 'paused');
    if (outcome.kind !== 'rejected') return outcome;
    this.#tell(named, from, user === undefined ? 'elsewhere' : 'wrong');
    return { kind: 'rejected', user: named.name };
  }

  async #judge(
    user: User | undefined,
    typedName: string,
    secret: string,
    from: IpAddress,
  ): Promise<Authentication> {
    const attempt = { from, name: typedName, secret, passwordHash: user?.passwordHash };
    if (user !== undefined && user.tokens.length > 0) {
      const token = tokenOf(user, this.#tokens.digestOf(secret), from);
      if (token !== undefined) return this.#accept(attempt, principalOf(user, token));
    }
    const verdict = await this.#verifyPassword.execute(user, attempt);
    if (verdict.kind === 'paused' || verdict.kind === 'overloaded') return verdict;
    if (verdict.kind === 'right' && user !== undefined) {
      return { kind: 'authenticated', principal: principalOf(user) };
    }
    return REJECTED;
  }

  #tell({ name }: User, from: IpAddress, why: LoginFailed['why']): void {
    const { events, clock } = this.#telling;
    events.tell({ kind: 'login-failed', at: clock.now(), user: name, from: from.text, why });
  }

  async #accept(attempt: LoginAttempt, principal: Principal): Promise<Authentication> {
    return (await this.#limits.settle(attempt, 'right')) ?? { kind: 'authenticated', principal };
  }
}

/**
 * Outside of a user's networks, that user does not exist: a client there must not learn whether a password is right.
 */
const inReach = (user: User | undefined, from: IpAddress): User | undefined =>
  user !== undefined && mayLogInFrom(user, from) ? user : undefined;

/** Outside of its networks, a token does not exist either. */
const tokenOf = (user: User | undefined, digest: string, from: IpAddress): UpdateToken | undefined =>
  user?.tokens.find((token) => token.digest === digest && mayBeUsedFrom(token, from));
