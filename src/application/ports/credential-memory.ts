/**
 * Remembers pairs of a stored hash and a secret, for as long as they keep coming. Of verified passwords, it spares
 * clients that come every few minutes the slow hash; of wrong ones, it knows which were counted. These are two
 * memories: neither knows what the other has learnt.
 *
 * What is remembered belongs to one stored hash. When that changes, because the password did or the user is gone, it is
 * not found any more. A secret is kept as a keyed digest at most.
 */
export interface CredentialMemory {
  /** True when the pair was learnt, or known, not long ago. Takes microseconds. */
  knows(passwordHash: string, secret: string): boolean;

  learn(passwordHash: string, secret: string): void;
}

/** Remembers nothing: each login pays for the slow hash, and each failure counts. */
export const noCredentialMemory: CredentialMemory = { knows: () => false, learn() {} };
