import { createHash } from 'node:crypto';
import type { TokenMint } from '../../src/application/ports/token-mint.ts';

/** Secrets that a test knows beforehand: `secret-1`, `secret-2`, … */
export class CountingTokenMint implements TokenMint {
  #issued = 0;

  issue(): string {
    this.#issued += 1;
    return `secret-${this.#issued}`;
  }

  digestOf(secret: string): string {
    return createHash('sha256').update(secret).digest('hex');
  }
}
