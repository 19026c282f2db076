/** Slow, salted hashes of passwords. Runs beside the event loop, never on it. */
export interface PasswordHasher {
  /** A new hash with a new salt, in the modular crypt form. */
  hash(password: string): Promise<string>;

  /** True when `passwordHash` is a hash of `password`; false also for a hash of a form that is not known. */
  verify(passwordHash: string, password: string): Promise<boolean>;

  /** Costs what `verify` costs, and tells nothing: what is done for a user who does not exist. */
  verifyNobody(password: string): Promise<void>;

  /** True when `passwordHash` has a form that `verify` can judge. */
  recognises(passwordHash: string): boolean;
}
