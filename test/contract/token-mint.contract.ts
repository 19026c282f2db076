import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TokenMint } from '../../src/application/ports/token-mint.ts';
import { parseTokenDigest } from '../../src/domain/update-token.ts';

/** What every TokenMint keeps to, but for chance: of that a fake has none. */
export function tokenMintContract(name: string, create: () => TokenMint): void {
  describe(`${name} as a token mint`, () => {
    it('issues another secret each time, of characters that fit a URL and a header', () => {
      const mint = create();
      const secrets = Array.from({ length: 100 }, () => mint.issue());
      assert.equal(new Set(secrets).size, 100);
      for (const secret of secrets) assert.match(secret, /^[A-Za-z0-9_-]+$/);
    });

    it('knows secrets by the SHA-256 of their text', () => {
      const mint = create();
      // FIPS 180-4, the example of one block.
      const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
      assert.equal(mint.digestOf('abc'), digest);
      assert.equal(mint.digestOf('pässwörd'), create().digestOf('pässwörd'));
      assert.equal(parseTokenDigest(mint.digestOf(mint.issue())).ok, true);
    });
  });
}
