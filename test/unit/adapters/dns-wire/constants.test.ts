import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RrType, rcodeText, typeFromText, typeText } from '../../../../src/adapters/dns-wire/constants.ts';

describe('the name of a type', () => {
  it('is found from its number and back, for every type that has one', () => {
    for (const [text, number] of Object.entries(RrType)) {
      assert.equal(typeText(number), text);
      assert.equal(typeFromText(text), number);
    }
  });

  it('is TYPE and the number where there is none', () => {
    assert.equal(typeText(65280), 'TYPE65280');
    assert.equal(typeFromText('TYPE65280'), 65280);
    assert.equal(typeFromText('TYPE0'), 0);
  });

  it('may be written in any case, and with a number where there is a name', () => {
    assert.equal(typeFromText('aAaA'), RrType.AAAA);
    assert.equal(typeFromText('type28'), RrType.AAAA);
  });

  for (const text of ['', 'NOPE', 'TYPE', 'TYPE65536', 'TYPE01', 'TYPE-1', 'TYPE1 ', 'constructor', 'ſOA']) {
    it(`is not "${text}"`, () => {
      assert.equal(typeFromText(text), undefined);
    });
  }
});

describe('the name of an RCODE', () => {
  for (const [rcode, text] of [
    [0, 'NOERROR'],
    [5, 'REFUSED'],
    [9, 'NOTAUTH'],
    [16, 'BADSIG'],
    [18, 'BADTIME'],
    [23, 'BADCOOKIE'],
    [11, 'RCODE11'],
    [4095, 'RCODE4095'],
  ] as const) {
    it(`of ${rcode} is ${text}`, () => {
      assert.equal(rcodeText(rcode), text);
    });
  }
});
