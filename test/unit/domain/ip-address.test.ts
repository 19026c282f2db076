import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  addressFromOctets,
  addressOctets,
  parseIpAddress,
  parseIpv4,
  parseIpv6,
  parsePeerAddress,
} from '../../../src/domain/ip-address.ts';
import { fuzzRuns } from '../../support/fuzz-runs.ts';
import { reasonIn, valueIn } from '../../support/parsed.ts';

const numRuns = fuzzRuns(2000);

/** What the URL parser of the platform writes for the same address, which is RFC 5952 too. */
function canonicalByUrl(text: string): string {
  return new URL(`http://[${text}]/`).hostname.slice(1, -1);
}

describe('an IPv4 address', () => {
  for (const text of ['0.0.0.0', '255.255.255.255', '192.0.2.7', '10.20.30.100']) {
    it(`is ${text}`, () => {
      assert.deepEqual(valueIn(parseIpv4(text)), { family: 'ipv4', text });
      assert.deepEqual(valueIn(parseIpAddress(text)), { family: 'ipv4', text });
    });
  }

  const refusals: readonly [text: string, why: string][] = [
    ['', 'nothing'],
    ['1.2', 'a short form'],
    ['1.2.3', 'a short form of three'],
    ['3221225991', 'a single number'],
    ['1.2.3.4.5', 'five numbers'],
    ['1.2.3.4.', 'a final dot'],
    ['.1.2.3', 'a dot in front'],
    ['1..2.3', 'an empty number'],
    ['010.0.0.1', 'a leading zero, octal to some'],
    ['192.0.2.00', 'two zeros'],
    ['0xc0.0.2.7', 'a hexadecimal number'],
    ['192.0.2.256', 'a number above 255'],
    ['192.0.2.1000', 'a number of four digits'],
    ['192.0.2.-1', 'a negative number'],
    ['192.0.2.+7', 'a sign'],
    ['192.0.2.7e0', 'an exponent'],
    ['192.0.2.7 ', 'a space behind'],
    [' 192.0.2.7', 'a space in front'],
    ['192.0.2.7\n', 'a line end'],
    ['192.0.2.7\0', 'a NUL'],
    ['192.0.2.7:53', 'a port'],
    ['192.0.2.7/24', 'a length'],
    ['192.0.2.7%eth0', 'a zone id'],
    ['192.0.2.٧', 'a digit of another script'],
    ['１９２.0.2.7', 'full-width digits'],
    ['192。0。2。7', 'ideographic dots'],
    ['home.example.org', 'a name'],
  ];
  for (const [text, why] of refusals) {
    it(`has not ${why}: ${JSON.stringify(text)}`, () => {
      assert.match(reasonIn(parseIpv4(text)), /four decimal numbers/);
    });
  }

  it('is never read from IPv6, nor the other way round', () => {
    assert.match(reasonIn(parseIpv4('2001:db8::7')), /IPv4/);
    assert.match(reasonIn(parseIpv6('192.0.2.7')), /IPv6/);
  });
});

describe('an IPv6 address', () => {
  const readings: readonly [text: string, canonical: string][] = [
    ['::', '::'],
    ['::1', '::1'],
    ['2001:db8::', '2001:db8::'],
    ['2001:DB8::A', '2001:db8::a'],
    ['2001:0db8:0000:0000:0000:0000:0000:0007', '2001:db8::7'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:192.0.2.33', '1:2:3:4:5:6:c000:221'],
    ['::192.0.2.33', '::c000:221'],
    ['0000:0000:0000:0000:0000:0001:255.255.255.255', '::1:ffff:ffff'],
    ['::ffff:0:192.0.2.33', '::ffff:0:c000:221'],
  ];
  for (const [text, canonical] of readings) {
    it(`${text} is ${canonical}`, () => {
      assert.deepEqual(valueIn(parseIpv6(text)), { family: 'ipv6', text: canonical });
      assert.deepEqual(valueIn(parseIpAddress(text)), { family: 'ipv6', text: canonical });
    });
  }

  const refusals: readonly [text: string, why: string][] = [
    ['', 'nothing'],
    [':', 'a colon'],
    [':::', 'three colons'],
    ['1:::2', 'three colons inside'],
    ['1::2::3', 'two gaps'],
    ['::1::', 'two gaps at the ends'],
    ['1:2:3:4:5:6:7', 'seven groups'],
    ['1:2:3:4:5:6:7:8:9', 'nine groups'],
    ['1:2:3:4::5:6:7:8', 'a gap that stands for nothing'],
    ['1:2:3:4:5:6:7:8::', 'a gap behind eight groups'],
    [':1:2:3:4:5:6:7', 'a single colon in front'],
    ['1:2:3:4:5:6:7:', 'a single colon behind'],
    ['12345::', 'a group of five digits'],
    ['2001:db8::g', 'a letter that is no digit'],
    ['2001:db8::-1', 'a sign'],
    ['2001:db8::0x1', 'a prefix of C'],
    ['192.0.2.7::', 'a dotted quad in front of the gap'],
    ['192.0.2.7:1:2:3:4:5:6', 'a dotted quad in front'],
    ['::192.0.2.7:1', 'a dotted quad inside'],
    ['::192.0.2', 'a short dotted quad'],
    ['::192.0.2.07', 'a leading zero in the dotted quad'],
    ['1:2:3:4:5:6:7:192.0.2.7', 'a dotted quad as the eighth group'],
    ['fe80::1%eth0', 'a zone id'],
    ['[2001:db8::7]', 'brackets'],
    ['[2001:db8::7]:53', 'a port'],
    ['2001:db8::7/64', 'a length'],
    [' 2001:db8::7', 'a space in front'],
    ['2001:db8::7\n', 'a line end'],
    ['2001:db8::٧', 'a digit of another script'],
  ];
  for (const [text, why] of refusals) {
    it(`has not ${why}: ${JSON.stringify(text)}`, () => {
      assert.match(reasonIn(parseIpv6(text)), /an IPv6 address is written like/);
    });
  }

  for (const text of ['::ffff:192.0.2.7', '::FFFF:c000:207', '0:0:0:0:0:ffff:0:0']) {
    it(`is not an IPv4 address that is mapped into IPv6: ${text}`, () => {
      assert.match(reasonIn(parseIpv6(text)), /written as IPv4/);
      assert.match(reasonIn(parseIpAddress(text)), /written as IPv4/);
    });
  }
});

describe('the address of a connection', () => {
  const readings: readonly [text: string, canonical: string][] = [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:2ff', '192.0.2.255'],
    ['2001:DB8::7', '2001:db8::7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:192.0.2.7%1', '192.0.2.7'],
  ];
  for (const [text, canonical] of readings) {
    it(`that is reported as ${text} is ${canonical}`, () => {
      assert.equal(valueIn(parsePeerAddress(text)).text, canonical);
    });
  }

  for (const text of ['', '%eth0', 'unix:/tmp/socket', '192.0.2.7:53', 'localhost']) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.ok(reasonIn(parsePeerAddress(text)));
    });
  }
});

describe('octets', () => {
  it('are in network order', () => {
    assert.deepEqual([...addressOctets(valueIn(parseIpv4('192.0.2.7')))], [192, 0, 2, 7]);
    assert.deepEqual(
      [...addressOctets(valueIn(parseIpv6('2001:db8::a:7')))],
      [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 7],
    );
  });

  it('of any number but 4 and 16 are no address', () => {
    for (const length of [0, 3, 5, 15, 17]) {
      assert.throws(() => addressFromOctets(new Uint8Array(length)), { name: 'RangeError' });
    }
  });

  it('and text stand for each other, the text being that of RFC 5952', () => {
    const octet = fc.oneof(fc.constant(0), fc.constant(255), fc.nat(255));
    const octets = fc
      .constantFrom(4, 16)
      .chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
    const zeros = fc.array(octet, { minLength: 16, maxLength: 16 }).map((values) => Uint8Array.from(values));
    fc.assert(
      fc.property(fc.oneof(octets, zeros), (given) => {
        const address = addressFromOctets(given);
        assert.deepEqual(addressOctets(address), given);
        assert.equal(valueIn(parsePeerAddress(address.text)).text, peerText(given, address.text));
        if (address.family === 'ipv6') assert.equal(address.text, canonicalByUrl(address.text));
      }),
      { numRuns },
    );
  });
});

/** A mapped address is shown to be what it maps. */
function peerText(octets: Uint8Array, text: string): string {
  const mapped = octets.length === 16 && octets.slice(0, 12).join('.') === '0.0.0.0.0.0.0.0.0.0.255.255';
  return mapped ? octets.slice(12).join('.') : text;
}

describe('every text', () => {
  const nearAddresses = fc
    .array(
      fc.oneof(
        fc.constantFrom(':', '::', '.', '%', '[', ']', '/', '0', '00', 'ffff', '255', '256', '١', ' '),
        fc.stringMatching(/^[0-9a-fA-F]{1,5}$/),
        fc.ipV4(),
        fc.ipV6(),
      ),
      { maxLength: 16 },
    )
    .map((parts) => parts.join(''));
  const groups = fc
    .array(fc.constantFrom('0', '0', '1', 'ab', 'FFFF'), { minLength: 6, maxLength: 9 })
    .map((parts) => parts.join(':'));
  const texts = fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), nearAddresses, groups, fc.string());

  it('is an IPv4 address exactly when the platform takes it for one', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseIpv4(text);
        assert.equal(parsed.ok, isIPv4(text));
        if (parsed.ok) assert.equal(parsed.value.text, text);
      }),
      { numRuns },
    );
  });

  it('is an IPv6 address exactly when the platform takes it for one, but for mapped ones and zone ids', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseIpv6(text);
        const platform = isIPv6(text) && !text.includes('%') ? canonicalByUrl(text) : undefined;
        const expected =
          platform?.startsWith('::ffff:') && platform.split(':').length === 5 ? undefined : platform;
        assert.equal(parsed.ok ? parsed.value.text : undefined, expected);
        if (parsed.ok) assert.deepEqual(parseIpv6(parsed.value.text), parsed);
      }),
      { numRuns },
    );
  });

  it('gives an address or a reason, however long it is', () => {
    for (const unit of ['1', '.', ':', '::', '1.', '1:', '%', 'f', '٧']) {
      const text = unit.repeat(1_000_000);
      for (const parse of [parseIpv4, parseIpv6, parseIpAddress, parsePeerAddress]) {
        assert.ok(reasonIn(parse(text)));
      }
    }
  });
});
