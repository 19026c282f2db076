import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseIpAddress } from '../../../src/domain/ip-address.ts';
import { haveSameAddresses } from '../../../src/domain/record-set.ts';
import { valueIn } from '../../support/parsed.ts';

const addresses = (...texts: readonly string[]) => texts.map((text) => valueIn(parseIpAddress(text)));

describe('a record set', () => {
  const same: readonly [one: string[], other: string[]][] = [
    [[], []],
    [['192.0.2.7'], ['192.0.2.7']],
    [
      ['192.0.2.7', '192.0.2.8'],
      ['192.0.2.8', '192.0.2.7'],
    ],
    [['2001:db8::7'], ['2001:0DB8:0:0:0:0:0:7']],
    [['192.0.2.7', '192.0.2.7'], ['192.0.2.7']],
  ];
  for (const [one, other] of same) {
    it(`of [${one}] has the same addresses as one of [${other}]`, () => {
      assert.equal(haveSameAddresses(addresses(...one), addresses(...other)), true);
      assert.equal(haveSameAddresses(addresses(...other), addresses(...one)), true);
    });
  }

  const different: readonly [one: string[], other: string[]][] = [
    [['192.0.2.7'], []],
    [['192.0.2.7'], ['192.0.2.8']],
    [['192.0.2.7', '192.0.2.8'], ['192.0.2.7']],
    [
      ['192.0.2.7', '192.0.2.8'],
      ['192.0.2.7', '192.0.2.9'],
    ],
    [
      ['192.0.2.7', '192.0.2.7'],
      ['192.0.2.7', '192.0.2.8'],
    ],
  ];
  for (const [one, other] of different) {
    it(`of [${one}] has other addresses than one of [${other}]`, () => {
      assert.equal(haveSameAddresses(addresses(...one), addresses(...other)), false);
      assert.equal(haveSameAddresses(addresses(...other), addresses(...one)), false);
    });
  }
});
