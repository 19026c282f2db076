import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  addressFromOctets,
  addressOctets,
  type Ipv6Address,
  parseIpv6,
} from '../../../src/domain/ip-address.ts';
import { joinPrefix, parseIpv6Prefix, parsePrefixLength, prefixOf } from '../../../src/domain/ipv6-prefix.ts';
import { fuzzRuns } from '../../support/fuzz-runs.ts';
import { reasonIn, valueIn } from '../../support/parsed.ts';

const numRuns = fuzzRuns(2000);

const address = (text: string) => valueIn(parseIpv6(text));
const prefix = (text: string) => valueIn(parseIpv6Prefix(text));

const anyAddress = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((octets) => addressFromOctets(octets) as Ipv6Address);

describe('an IPv6 prefix', () => {
  const readings: readonly [text: string, canonical: string][] = [
    ['2001:db8:1:2::/64', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:a:b:c:d/64', '2001:db8:1:2::/64'],
    ['2001:DB8:1:FFFF::1/56', '2001:db8:1:ff00::/56'],
    ['2001:db8:1:ffff::/59', '2001:db8:1:ffe0::/59'],
    ['2001:db8:1:ffff::/62', '2001:db8:1:fffc::/62'],
    ['2001:db8::1/128', '2001:db8::1/128'],
    ['ffff::/0', '::/0'],
    ['ffff::/1', '8000::/1'],
  ];
  for (const [text, canonical] of readings) {
    it(`${text} is ${canonical}: host bits are dropped`, () => {
      const { network, length, text: written } = prefix(text);
      assert.equal(written, canonical);
      assert.equal(`${network.text}/${length}`, canonical);
    });
  }

  const refusals: readonly [text: string, reason: RegExp][] = [
    ['', /written like 2001:db8:1::\/56/],
    ['2001:db8::', /written like 2001:db8:1::\/56/],
    ['2001:db8::/', /number of 0 to 128/],
    ['2001:db8::/129', /number of 0 to 128/],
    ['2001:db8::/-1', /number of 0 to 128/],
    ['2001:db8::/064', /number of 0 to 128/],
    ['2001:db8::/6 4', /number of 0 to 128/],
    ['2001:db8::/64/64', /number of 0 to 128/],
    ['2001:db8::/6.4', /number of 0 to 128/],
    ['2001:db8::/ffff::', /number of 0 to 128/],
    ['/64', /an IPv6 address/],
    ['2001:db8/64', /an IPv6 address/],
    ['fe80::1%eth0/64', /an IPv6 address/],
    ['192.0.2.0/24', /an IPv6 address/],
    ['::ffff:192.0.2.0/120', /written as IPv4/],
  ];
  for (const [text, reason] of refusals) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.match(reasonIn(parseIpv6Prefix(text)), reason);
    });
  }

  it('is not looked for in a text without end', () => {
    for (const unit of ['/', '1', '::/64', '1:'])
      assert.ok(reasonIn(parseIpv6Prefix(unit.repeat(1_000_000))));
  });
});

describe('an address behind a prefix', () => {
  const joins: readonly [prefix: string, interfaceId: string, joined: string][] = [
    ['2001:db8:1:2::/64', '::a:b:c:d', '2001:db8:1:2:a:b:c:d'],
    ['2001:db8:1:ff00::/56', '::12:a:b:c:d', '2001:db8:1:ff12:a:b:c:d'],
    ['2001:db8:1:ff00::/56', '::a:b:c:d', '2001:db8:1:ff00:a:b:c:d'],
    ['2001:db8:1:ff00::/56', '2001:db8:ffff:aa12:a:b:c:d', '2001:db8:1:ff12:a:b:c:d'],
    ['2001:db8:1:ffe0::/59', '::ffff:0:0:0:1', '2001:db8:1:ffff::1'],
    ['2001:db8::/32', '::1', '2001:db8::1'],
    ['2001:db8::7/128', '::1', '2001:db8::7'],
    ['::/0', '2001:db8::1', '2001:db8::1'],
  ];
  for (const [network, interfaceId, joined] of joins) {
    it(`${network} with ${interfaceId} is ${joined}`, () => {
      assert.deepEqual(joinPrefix(prefix(network), address(interfaceId)), { family: 'ipv6', text: joined });
    });
  }

  const anyLength = fc.nat(128);

  const numberOf = (one: Ipv6Address): bigint =>
    addressOctets(one).reduce((number, octet) => (number << 8n) | BigInt(octet), 0n);
  const maskOf = (length: number): bigint => ((1n << BigInt(length)) - 1n) << BigInt(128 - length);
  const ALL = (1n << 128n) - 1n;

  it('is (prefix AND mask) OR (interface id AND NOT mask), whatever the length', () => {
    fc.assert(
      fc.property(anyAddress, anyLength, anyAddress, (one, length, interfaceId) => {
        const mask = maskOf(length);
        const joined = joinPrefix(prefixOf(one, length), interfaceId);
        assert.equal(numberOf(joined), (numberOf(one) & mask) | (numberOf(interfaceId) & ~mask & ALL));
      }),
      { numRuns },
    );
  });

  it('has that prefix, and is itself again behind its own', () => {
    fc.assert(
      fc.property(anyAddress, anyLength, anyAddress, (one, length, interfaceId) => {
        const network = prefixOf(one, length);
        assert.equal(numberOf(network.network), numberOf(one) & maskOf(length));
        assert.deepEqual(prefixOf(joinPrefix(network, interfaceId), length), network);
        assert.deepEqual(joinPrefix(network, one), one);
      }),
      { numRuns },
    );
  });
});

describe('the length of a prefix that hosts move with', () => {
  for (const [value, length] of [
    ['32', 32],
    [48, 48],
    ['56', 56],
    [64, 64],
  ] as const) {
    it(`${JSON.stringify(value)}: read`, () => {
      assert.equal(valueIn(parsePrefixLength(value)), length);
    });
  }

  const mistakes = ['', '31', '65', '128', '129', '-1', '064', '6.4', ' 64', '/64', 'sixty', '1e2'];
  for (const value of [...mistakes, 0, 1, 31, 65, 80, 128, -1, 48.5, Number.NaN]) {
    it(`${JSON.stringify(value)}: refused`, () => {
      assert.match(reasonIn(parsePrefixLength(value)), /32 to 64/);
    });
  }

  it('lets no two interface ids of 64 bits become one address', () => {
    const interfaceId = fc
      .uint8Array({ minLength: 8, maxLength: 8 })
      .map((octets) => addressFromOctets(Uint8Array.from([...new Uint8Array(8), ...octets])) as Ipv6Address);
    fc.assert(
      fc.property(
        anyAddress,
        fc.integer({ min: 32, max: 64 }),
        interfaceId,
        interfaceId,
        (one, length, a, b) => {
          const [joined, other] = [a, b].map((id) => joinPrefix(prefixOf(one, length), id).text);
          assert.equal(joined === other, a.text === b.text);
        },
      ),
      { numRuns },
    );
  });
});
