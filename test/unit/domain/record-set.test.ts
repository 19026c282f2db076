import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { domainName } from '../../../src/domain/domain-name.ts';
import { parseIpAddress } from '../../../src/domain/ip-address.ts';
import { changesNothing, haveSameAddresses, type RecordSetChange } from '../../../src/domain/record-set.ts';
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

describe('a change of a name', () => {
  const change = (...recordSets: readonly RecordSetChange[]) => ({
    name: domainName('home.example.org'),
    recordSets,
  });
  const held: RecordSetChange = {
    type: 'A',
    ttl: ttl(60),
    addresses: addresses('192.0.2.7', '192.0.2.8'),
    replaces: addresses('192.0.2.8', '192.0.2.7'),
  };
  const absent: RecordSetChange = { type: 'AAAA', ttl: ttl(60), addresses: [], replaces: [] };

  it('changes nothing where each RRset replaces the same addresses', () => {
    assert.equal(changesNothing(change(held, absent)), true);
    assert.equal(changesNothing(change()), true);
  });

  it('changes something where one RRset differs, or replaces whatever there is', () => {
    assert.equal(changesNothing(change(held, { ...absent, addresses: addresses('2001:db8::7') })), false);
    assert.equal(changesNothing(change({ ...held, addresses: [] }, absent)), false);
    const { replaces: _, ...unconditional } = held;
    assert.equal(changesNothing(change(unconditional)), false);
  });
});
