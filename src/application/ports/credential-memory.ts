/**
 * Spares clients that come every few minutes the slow hash: passwords that were verified are known again for
 * as long as they are used.
 *
 * What is remembered belongs to one stored hash. When that changes, because the password did or the user is
 * gone, nothing of it is found any more. Wrong passwords are not remembered, and so never cheap.
 */
export interface CredentialMemory {
  /** True when this password was learnt for this hash, or known, not long ago. Takes microseconds. */
  knows(passwordHash: string, password: string): boolean;

  /** `password` was verified against `passwordHash`. */
  learn(passwordHash: string, password: string): void;
}

/** Forgets everything: each login pays for the slow hash. */
export const noCredentialMemory: CredentialMemory = { knows: () => false, learn() {} };
