/** Makes update tokens, and the digests by which they are recognised. */
export interface TokenMint {
  /** A new secret of `[A-Za-z0-9_-]`, with at least 128 random bits. */
  issue(): string;

  /** SHA-256, 64 lower-case hexadecimal digits. */
  digestOf(secret: string): string;
}
