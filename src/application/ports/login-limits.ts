import type { IpAddress } from '../../domain/ip-address.ts';

/** Credentials that a client shows, and from where. */
export type LoginAttempt = {
  readonly from: IpAddress;
  /** The user name as it was typed, whether such a user exists or not; undefined for a token that came without one. */
  readonly name: string | undefined;
  readonly secret: string;
  /** The stored hash that the secret is compared with; undefined where there is none. */
  readonly passwordHash: string | undefined;
};

/** No credentials are judged there, also not the right ones. */
export type LoginPause = {
  readonly kind: 'paused';
  /** The typed name at that site is paused, or the site as a whole. */
  readonly scope: 'name' | 'site';
  /** How long the pause still lasts. */
  readonly milliseconds: number;
};

/**
 * Makes guessing slow: counts the wrong credentials of each typed name at each site, of each site, and of each IPv6 /48,
 * and pauses where there are too many. `application/login/lock-out.ts` has the numbers. Everybody who judges logins
 * shares the counts. A secret is kept as a keyed digest at most.
 */
export interface LoginLimits {
  /**
   * What is known of an attempt before it is judged: `wrong` if the same credentials were settled as wrong there before,
   * with the same stored hash. It saves the work of judging and promises nothing: `settle` decides.
   */
  look(attempt: LoginAttempt): Promise<LoginPause | { readonly kind: 'wrong' } | { readonly kind: 'open' }>;

  /**
   * Looks for a pause and counts what is wrong, in one step. A client may learn the verdict only if the result is
   * undefined; otherwise the attempt does not count, and the client learns of the pause alone. So of attempts that are
   * judged at the same time no more than the limit learn their verdict.
   *
   * The same wrong credentials from the same site count once, as long as they keep coming and the stored hash stays. What
   * is right takes nothing off a count.
   */
  settle(attempt: LoginAttempt, verdict: 'right' | 'wrong'): Promise<LoginPause | undefined>;
}
