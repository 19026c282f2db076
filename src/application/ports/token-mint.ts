/** Makes update tokens, and knows them again by their digest. */
export interface TokenMint {
  /** A new secret of `[A-Za-z0-9_-]`, at least 128 bits of chance. */
  issue(): string;

  /** SHA-256, 64 lower-case hexadecimal digits. */
  digestOf(secret: string): string;
}
