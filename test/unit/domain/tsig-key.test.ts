import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTsigAlgorithm, parseTsigSecret, TSIG_ALGORITHMS } from '../../../src/domain/tsig-key.ts';
import { reasonIn, valueIn } from '../../support/parsed.ts';

describe('a TSIG algorithm', () => {
  for (const algorithm of TSIG_ALGORITHMS) {
    it(`is ${algorithm}, in any case and with or without the final dot`, () => {
      for (const text of [algorithm, algorithm.toUpperCase(), `${algorithm}.`]) {
        assert.equal(valueIn(parseTsigAlgorithm(text)), algorithm);
      }
    });
  }

  it('is MD5 by its long name too', () => {
    assert.equal(valueIn(parseTsigAlgorithm('HMAC-MD5.SIG-ALG.REG.INT.')), 'hmac-md5');
    assert.equal(valueIn(parseTsigAlgorithm('hmac-md5.sig-alg.reg.int')), 'hmac-md5');
  });

  for (const text of [
    '',
    '.',
    'sha256',
    'hmac-sha-256',
    'hmac-sha256..',
    ' hmac-sha256',
    'hmac-sha256-128',
    'gss-tsig',
  ]) {
    it(`is not ${JSON.stringify(text)}, and the reason names those that there are`, () => {
      assert.match(reasonIn(parseTsigAlgorithm(text)), /hmac-sha256, hmac-sha512, .*hmac-md5$/);
    });
  }
});

it('a TSIG algorithm that is nearly written right is told how it is written', () => {
  for (const text of ['md5', 'MD5', 'hmac_md5', 'hmacmd5']) {
    assert.match(reasonIn(parseTsigAlgorithm(text)), /^write hmac-md5; the algorithm is one of /, text);
  }
});

describe('a TSIG secret', () => {
  // RFC 4648 section 10.
  const vectors: readonly [base64: string, secret: string][] = [
    ['Zg==', 'f'],
    ['Zm8=', 'fo'],
    ['Zm9v', 'foo'],
    ['Zm9vYg==', 'foob'],
    ['Zm9vYmE=', 'fooba'],
    ['Zm9vYmFy', 'foobar'],
  ];
  for (const [base64, secret] of vectors) {
    it(`is read from ${base64}`, () => {
      assert.deepEqual(Buffer.from(valueIn(parseTsigSecret(base64))).toString(), secret);
    });
  }

  it('may have all 256 octets', () => {
    const secret = Uint8Array.from({ length: 256 }, (_, octet) => octet);
    assert.deepEqual(valueIn(parseTsigSecret(Buffer.from(secret).toString('base64'))), secret);
  });

  it('is not nothing', () => {
    assert.match(reasonIn(parseTsigSecret('')), /not empty/);
  });

  for (const text of [
    'Zg',
    'Zg=',
    'Z===',
    '====',
    'Zm9v=',
    'Zm=v',
    'Zm9vYg==Zm9v',
    'Zm9v\n',
    ' Zm9v',
    'Zm8-',
    'Zm8_',
    'Zm9é',
  ]) {
    it(`is not ${JSON.stringify(text)}, and the reason does not repeat it`, () => {
      assert.equal(reasonIn(parseTsigSecret(text)), 'a TSIG secret is written in base64');
    });
  }

  it('is judged however long it is', () => {
    const long = 'A'.repeat(20_000_000);
    assert.match(reasonIn(parseTsigSecret(`${long}!!!!`)), /base64/);
    assert.match(reasonIn(parseTsigSecret(`${long}A`)), /base64/);
  });
});
