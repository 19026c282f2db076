import { hash, randomBytes } from 'node:crypto';
import type { TokenMint } from '../../application/ports/token-mint.ts';

/** 256 random bits in 43 characters. A fast digest is enough, because such a token cannot be guessed. */
export class RandomTokenMint implements TokenMint {
  issue(): string {
    return randomBytes(32).toString('base64url');
  }

  digestOf(secret: string): string {
    return hash('sha256', secret, 'hex');
  }
}
