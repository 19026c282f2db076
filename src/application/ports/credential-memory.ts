/**
 * Remembers pairs of a stored hash and a secret for as long as they are used. One memory holds verified passwords, so
 * that clients which report every few minutes need no slow hash. Another one holds wrong passwords, so that each counts
 * once.
 *
 * A pair belongs to one stored hash. When the password changes or the user is removed, the pair is not found any more.
 * A secret is kept as a keyed digest only.
 */
export interface CredentialMemory {
  /** True when the pair was learnt, or asked for, not long ago. Takes microseconds. */
  knows(passwordHash: string, secret: string): boolean;

  learn(passwordHash: string, secret: string): void;

  forget(passwordHash: string, secret: string): void;
}
