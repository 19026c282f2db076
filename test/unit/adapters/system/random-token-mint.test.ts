import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RandomTokenMint } from '../../../../src/adapters/system/random-token-mint.ts';
import { parseSigningSecret, signingSecretOf } from '../../../../src/domain/notice.ts';
import { parseTokenDigest } from '../../../../src/domain/update-token.ts';

const mint = new RandomTokenMint();

describe('update tokens', () => {
  it('are 43 characters that fit a URL and a header, each another one', () => {
    const tokens = new Set(Array.from({ length: 1000 }, () => mint.issue()));
    assert.equal(tokens.size, 1000);
    for (const token of tokens) assert.match(token, /^[A-Za-z0-9_-]{43}$/);
  });

  it('are known again by the SHA-256 of their text', () => {
    // FIPS 180-4, the example of one block.
    assert.equal(mint.digestOf('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    assert.deepEqual(parseTokenDigest(mint.digestOf(mint.issue())).ok, true);
  });

  it('make keys for the signatures of notices', () => {
    assert.equal(parseSigningSecret(signingSecretOf(mint.issue())).ok, true);
  });
});
