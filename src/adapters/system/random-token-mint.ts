import { createHash, randomBytes } from 'node:crypto';
import type { TokenMint } from '../../application/ports/token-mint.ts';

/** 256 random bits in 43 characters. A fast digest is enough, because such a token cannot be guessed. */
export class RandomTokenMint implements TokenMint {
  issue(): string {
    return randomBytes(32).toString('base64url');
  }

  digestOf(secret: string): string {
    return createHash('sha256').update(secret, 'utf8').digest('hex');
  }
}
