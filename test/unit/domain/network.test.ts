import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseIpAddress } from '../../../src/domain/ip-address.ts';
import { networkText, parseNetwork, siteOf, wideSiteOf } from '../../../src/domain/network.ts';
import { reasonIn, valueIn } from '../../support/parsed.ts';

describe('a network', () => {
  for (const [text, canonical] of [
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.0.2.7', '192.0.2.7/32'],
    ['192.0.2.7/8', '192.0.2.7/8'],
    ['2001:DB8:0::/32', '2001:db8::/32'],
    ['2001:db8::7', '2001:db8::7/128'],
    ['::/0', '::/0'],
  ] as const) {
    it(`is ${canonical} when it is written ${text}`, () => {
      assert.equal(networkText(valueIn(parseNetwork(text))), canonical);
    });
  }

  for (const text of [
    '',
    '/',
    '/24',
    '192.0.2/24',
    '192.0.2.0/',
    '192.0.2.0/24/1',
    '192.0.2.0/-1',
    '010.0.0.0/8',
    'fe80::%1/64',
  ]) {
    it(`is not "${text}"`, () => assert.match(reasonIn(parseNetwork(text)), /network/));
  }

  it('has no more bits than its address', () => {
    assert.match(reasonIn(parseNetwork('192.0.2.0/33')), /0 to 32/);
    assert.match(reasonIn(parseNetwork('2001:db8::/129')), /0 to 128/);
  });
});

describe('a site', () => {
  const site = (text: string) => siteOf(valueIn(parseIpAddress(text)));

  const sites: readonly [address: string, site: string, wideSite: string | undefined][] = [
    ['192.0.2.1', '192.0.2.1', undefined],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:db8::', '2001:db8:0:0::/64', '2001:db8:0::/48'],
    ['64:ff9b::192.0.2.1', '192.0.2.1', undefined],
    ['64:ff9b::', '0.0.0.0', undefined],
    ['64:ff9b::1:0:0', '64:ff9b:0:0::/64', '64:ff9b:0::/48'],
    ['64:ff9b:1::192.0.2.1', '64:ff9b:1:0::/64', '64:ff9b:1::/48'],
  ];
  for (const [address, expected, wide] of sites) {
    it(`of ${address} is ${expected}, in ${wide ?? 'no IPv6 network'}`, () => {
      assert.deepEqual([site(address), wideSiteOf(site(address))], [expected, wide]);
    });
  }
});
