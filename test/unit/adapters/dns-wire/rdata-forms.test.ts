import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RrType } from '../../../../src/adapters/dns-wire/constants.ts';
import { encodeName } from '../../../../src/adapters/dns-wire/name.ts';
import { isRdata, namesIn, rdataKey } from '../../../../src/adapters/dns-wire/rdata.ts';
import { isSignature, rdataFormOf } from '../../../../src/adapters/dns-wire/rdata-forms.ts';
import { isDataType } from '../../../../src/adapters/name-server/zone-rules.ts';

const hex = (octets: string): Buffer => Buffer.from(octets.replaceAll(' ', ''), 'hex');

describe('The table of RDATA forms', () => {
  it('has every type with a name that a zone can hold', () => {
    const missing = Object.entries(RrType)
      .filter(([, type]) => isDataType(type) && !isSignature(type) && rdataFormOf(type) === undefined)
      .map(([name]) => name);
    assert.deepEqual(missing, []);
  });

  const upper = encodeName('Host.Example.ORG');
  const lower = encodeName('host.example.org');
  const before: readonly [type: keyof typeof RrType, before: string, behind: string][] = [
    ['NS', '', ''],
    ['MB', '', ''],
    ['MG', '', ''],
    ['MR', '', ''],
    ['MX', '4141', ''],
    ['RT', '4141', ''],
    ['NAPTR', '41414141 0141 0142 00', ''],
    ['SRV', '414141414141', ''],
    ['SOA', '00', '41'.repeat(20)],
    ['MINFO', '00', ''],
    ['PX', '4141 00', ''],
  ];
  for (const [type, start, end] of before) {
    it(`compares names in ${type} without case, and nothing else`, () => {
      const keyOf = (name: Buffer, first = start) =>
        rdataKey(RrType[type], Buffer.concat([hex(first), name, hex(end)]));
      assert.equal(keyOf(upper), keyOf(lower));
      if (start.includes('41')) assert.notEqual(keyOf(upper), keyOf(upper, start.replace('41', '61')));
    });
  }

  it('compares names of SVCB, and all of TXT, octet by octet', () => {
    const service = (name: Buffer) => rdataKey(RrType.SVCB, Buffer.concat([hex('0001'), name]));
    assert.notEqual(service(upper), service(lower));
    assert.notEqual(rdataKey(RrType.TXT, hex('0141')), rdataKey(RrType.TXT, hex('0161')));
  });

  it('knows where names begin, where that does not depend on the data', () => {
    assert.deepEqual(namesIn(RrType.SOA), { offset: 0, count: 2 });
    assert.deepEqual(namesIn(RrType.HTTPS), { offset: 2, count: 1 });
    assert.equal(namesIn(RrType.NAPTR), undefined);
    assert.equal(namesIn(RrType.A), undefined);
    assert.equal(namesIn(65_280), undefined);
  });
});

describe('The substitution of a NAPTR', () => {
  const isTaken = (text: string): boolean => {
    const octets = Buffer.from(text, 'latin1');
    return isRdata(
      RrType.NAPTR,
      Buffer.concat([hex('0001 0001 00 00'), Buffer.of(octets.length), octets, hex('00')]),
    );
  };
  for (const text of [
    '',
    '!^.*$!sip:info@example.net!',
    '!^(\\+441632960083)$!sip:\\1@example.net!',
    '!^urn:cid:.+@([^\\.]+\\.)(.*)$!\\2!i',
    '/[-[:alpha:]a-z]{1,3}|b+/x/',
  ]) {
    it(`is taken: ${text}`, () => assert.ok(isTaken(text)));
  }
  for (const text of [
    '!',
    '!a!b',
    '!a!b!x',
    '!a!b!I',
    '!!b!',
    '1a1b1',
    '!(a!b!',
    '!a)!b!',
    '!*a!b!',
    '!a**!b!',
    '!a{3,1}!b!',
    '![z-a]!b!',
    '![a-z-]!b!',
    '![[:foo:]]!b!',
    '!a|!b!',
    '!(a)!\\2!',
    '!a!\\0!',
  ]) {
    it(`is refused, as BIND refuses it: ${text}`, () => assert.ok(!isTaken(text)));
  }
});
