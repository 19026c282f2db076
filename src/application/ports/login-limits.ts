import type { IpAddress } from '../../domain/ip-address.ts';

/** Credentials of a client, and where they come from. */
export type LoginAttempt = {
  readonly from: IpAddress;
  /** The user name as it was typed, whether that user exists or not. Undefined for a token without a user name. */
  readonly name: string | undefined;
  readonly secret: string;
  /** The stored hash that the secret is compared with. Undefined when there is none. */
  readonly passwordHash: string | undefined;
};

/** Where an attempt comes from, and under which name. */
export type LoginOrigin = Pick<LoginAttempt, 'from' | 'name'>;

/** While a pause lasts, no credentials are accepted, not even right ones. */
export type LoginPause = {
  readonly kind: 'paused';
  /** The typed name at that site is paused, or the site as a whole. */
  readonly scope: 'name' | 'site';
  /** Milliseconds until the pause ends. */
  readonly milliseconds: number;
};

/** Where credentials were wrong within the last minutes, or are paused. */
export type FailingLogins = {
  /** The IPv4 address or IPv6 network. */
  readonly site: string;
  /** As it was typed, and may be a password in the wrong field. Undefined: whatever names were typed there. */
  readonly name: string | undefined;
  /** Different wrong credentials within the last ten minutes, since the last pause. */
  readonly failures: number;
  /** Milliseconds until the pause ends; 0 without one. */
  readonly paused: number;
};

/**
 * Makes guessing slow. Counts the wrong credentials of each typed name at each site, of each site, and of each IPv6
 * /48, and starts a pause when there are too many. `application/login/lock-out.ts` has the numbers. All parts of the
 * program that authenticate share the counts. A secret is kept as a keyed digest only.
 */
export interface LoginLimits {
  /** The pause of a typed name at its site, or of the site as a whole. It costs less than `look`. */
  pauseOf(origin: LoginOrigin): Promise<LoginPause | undefined>;

  /**
   * Tells what is known of an attempt before its secret is verified. It is `wrong` if the same credentials were settled
   * as wrong at this site before, against the same stored hash. This only saves work. `settle` decides.
   */
  look(attempt: LoginAttempt): Promise<LoginPause | { readonly kind: 'wrong' } | { readonly kind: 'open' }>;

  /**
   * Looks for a pause and counts wrong credentials, in one step. When the result is undefined, the client may learn
   * whether the credentials were right. Otherwise the attempt does not count, and the client learns only of the pause.
   * So concurrent attempts cannot get more verdicts than the limit allows.
   *
   * The same wrong credentials from the same site count once, as long as they are used and the stored hash stays. Right
   * credentials do not lower a count.
   */
  settle(attempt: LoginAttempt, verdict: 'right' | 'wrong'): Promise<LoginPause | undefined>;

  /**
   * The places where logins fail now, at most `most` of them. Those with the longest pause come first, then those with the
   * most failures.
   */
  failing(most: number): Promise<readonly FailingLogins[]>;
}
