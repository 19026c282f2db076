import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  parsePasskeyId,
  parsePasskeyName,
  parsePublicKey,
  parseSignatureCounter,
} from '../../../src/domain/passkey.ts';
import { parseIdentity } from '../../../src/domain/user.ts';
import { parseIssuer } from '../../../src/domain/web-origin.ts';

describe('What is read for passkeys and the provider', () => {
  for (const [what, parse, right, wrong] of [
    [
      'a passkey name',
      parsePasskeyName,
      ['Phone', 'Schlüssel 🔑', 'x'.repeat(64)],
      ['', ' ', 'a\nb', 'x'.repeat(65)],
    ],
    ['a credential ID', parsePasskeyId, ['A', 'a-_9', 'x'.repeat(1364)], ['', 'a=', 'a/b', 'x'.repeat(1365)]],
    ['a public key', parsePublicKey, ['pQECAyYgASFYIA-_'], ['', 'short', 'pQECAyYgASFYIA==']],
    ['an identity', parseIdentity, ['24400320', 'alice@example.org', 'ü'], ['', 'a\tb', 'x'.repeat(256)]],
    [
      'an issuer',
      parseIssuer,
      ['https://login.example.org', 'https://login.example.org/realms/home', 'http://127.0.0.1:3000'],
      [
        '',
        'login.example.org',
        'http://login.example.org',
        'https://a.example/?x',
        'https://u@a.example',
        'ftp://a.example',
      ],
    ],
  ] as const) {
    it(`${what}: taken where it is one, and refused with a reason where not`, () => {
      for (const text of right) assert.deepEqual(parse(text), { ok: true, value: text });
      for (const text of wrong) assert.equal(parse(text).ok, false, text);
    });
  }

  it('a passkey name: without the blanks around it', () => {
    assert.deepEqual(parsePasskeyName(' Phone '), { ok: true, value: 'Phone' });
  });

  it('a signature counter: a whole number of 32 bits', () => {
    for (const value of [0, 2 ** 32 - 1]) assert.equal(parseSignatureCounter(value).ok, true);
    for (const value of [-1, 0.5, 2 ** 32, Number.NaN]) assert.equal(parseSignatureCounter(value).ok, false);
  });
});
