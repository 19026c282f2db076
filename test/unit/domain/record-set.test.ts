import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { domainName } from '../../../src/domain/domain-name.ts';
import { parseIpAddress } from '../../../src/domain/ip-address.ts';
import {
  addsRecords,
  haveSameValues,
  isConditionAlone,
  type NameChange,
  type RecordSet,
  type RecordSetChange,
} from '../../../src/domain/record-set.ts';
import { ttl } from '../../../src/domain/ttl.ts';
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
    it(`of [${one}] has the same values as one of [${other}]`, () => {
      assert.equal(haveSameValues(addresses(...one), addresses(...other)), true);
      assert.equal(haveSameValues(addresses(...other), addresses(...one)), true);
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
    it(`of [${one}] has other values than one of [${other}]`, () => {
      assert.equal(haveSameValues(addresses(...one), addresses(...other)), false);
      assert.equal(haveSameValues(addresses(...other), addresses(...one)), false);
    });
  }
});

describe('a change of a name', () => {
  const aOf = (...texts: readonly string[]): RecordSet => ({
    type: 'A',
    ttl: ttl(60),
    values: addresses(...texts),
  });
  const change = (...changes: readonly RecordSetChange[]): NameChange => ({
    name: domainName('home.example.org'),
    condition: [aOf('192.0.2.7')],
    changes,
  });

  it('is a condition alone when no RRset becomes anything else', () => {
    assert.equal(isConditionAlone(change()), true);
    assert.equal(isConditionAlone(change({ ...aOf(), kind: 'replace' })), false);
  });

  it('adds records when it replaces an RRset by values, or adds values', () => {
    assert.equal(addsRecords(change({ ...aOf('192.0.2.8'), kind: 'replace' })), true);
    assert.equal(addsRecords(change({ ...aOf('192.0.2.8'), kind: 'add' })), true);
    assert.equal(addsRecords(change({ ...aOf(), kind: 'replace' })), false);
    assert.equal(addsRecords(change({ ...aOf('192.0.2.8'), kind: 'remove' })), false);
    assert.equal(addsRecords(change()), false);
  });
});
