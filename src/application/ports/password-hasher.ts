/** Slow, salted hashes of passwords. Runs beside the event loop, never on it. */
export interface PasswordHasher {
  /** A new hash with a new salt, in the modular crypt form. */
  hash(password: string): Promise<string>;

  /** True when `passwordHash` is a hash of `password`; false also for a hash of a form that is not known. */
  verify(passwordHash: string, password: string): Promise<boolean>;

  /** A hash that no password fits, of the cost of new ones: what passwords of users who do not exist meet. */
  readonly hashOfNobody: string;

  /** True when `passwordHash` has a form that `verify` can judge. */
  recognises(passwordHash: string): boolean;
}
