/** Slow, salted hashes of passwords. Runs beside the event loop, never on it. */
export interface PasswordHasher {
  /** A new hash with a new salt, in the modular crypt form. */
  hash(password: string): Promise<string>;

  /** True when `passwordHash` is a hash of `password`; false also for a hash of a form that is not known. */
  verify(passwordHash: string, password: string): Promise<boolean>;

  /**
   * A hash that no password fits, with the cost of a new one. Passwords of users who do not exist are compared with it.
   */
  readonly hashOfNobody: string;

  /** True when `passwordHash` has a form that `verify` can judge. */
  recognises(passwordHash: string): boolean;
}
