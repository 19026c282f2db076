import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Rcode, RrClass, RrType, rcodeText } from '../../../../src/adapters/dns-wire/constants.ts';
import { encodeName } from '../../../../src/adapters/dns-wire/name.ts';
import type { Zone } from '../../../../src/adapters/name-server/zone.ts';
import { judgeUpdate, type UpdateRecord } from '../../../../src/adapters/name-server/zone-update.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import { ModelZone, shownOf } from '../../../support/model-zone.ts';
import { recordsOf, textOf, zoneOf } from '../../../support/zone-of.ts';

const ZONE = 'example.org';
const NOTHING = Buffer.alloc(0);

/** `add` and `delete` of single records, in a line of a master file; `absent`, `present` with the same. */
const add = (line: string): UpdateRecord => inClass(line, RrClass.IN);
const remove = (line: string): UpdateRecord => ({ ...inClass(line, RrClass.NONE), ttl: 0 });
const holds = (line: string): UpdateRecord => ({ ...inClass(line, RrClass.IN), ttl: 0 });

function inClass(line: string, rrClass: number): UpdateRecord {
  const [record] = recordsOf(ZONE, line);
  assert.ok(record !== undefined);
  return { name: record.owner, type: record.type, class: rrClass, ttl: record.ttl, rdata: record.rdata };
}

/** So many octets of data that mean nothing. */
const addOctets = (length: number): UpdateRecord => ({
  ...add('h TYPE65280 \\# 0'),
  rdata: Buffer.alloc(length),
});

const bare = (name: string, type: number, rrClass: number): UpdateRecord => ({
  name: name === '@' ? ZONE : `${name}.${ZONE}`,
  type,
  class: rrClass,
  ttl: 0,
  rdata: NOTHING,
});
const removeAll = (name: string, type: number = RrType.ANY) => bare(name, type, RrClass.ANY);
const inUse = (name: string, type: number = RrType.ANY) => bare(name, type, RrClass.ANY);
const free = (name: string, type: number = RrType.ANY) => bare(name, type, RrClass.NONE);

/** Carries an update out, and tells its RCODE. */
function update(
  zone: Zone,
  updates: readonly UpdateRecord[],
  prerequisites: readonly UpdateRecord[] = [],
): string {
  const verdict = judgeUpdate(zone, { prerequisites, updates });
  if (verdict.kind === 'change') zone.apply(verdict.change);
  return rcodeText(verdict.kind === 'refused' ? verdict.rcode : Rcode.NOERROR);
}

/** The records of a zone but its SOA, and its serial. */
function shown(zone: Zone): readonly string[] {
  return [...zone.snapshot().nodes].flatMap(({ owner, rrsets }) =>
    rrsets.flatMap(({ type, ttl, rdatas }) =>
      rdatas.map(
        (rdata) => `${owner} ${ttl} ${type} ${type === RrType.SOA ? zone.serial : rdata.toString('hex')}`,
      ),
    ),
  );
}

describe('The prerequisites of an update', () => {
  const zone = () =>
    zoneOf(ZONE, 'host A 192.0.2.1\nhost A 192.0.2.2\nhost TXT "x"\na.b A 192.0.2.3\n*.w A 192.0.2.4');
  const rows: readonly [string, UpdateRecord, string][] = [
    ['a name in use', inUse('host'), 'NOERROR'],
    ['a name in use, in other case', inUse('HOST'), 'NOERROR'],
    ['a name in use that is not', inUse('none'), 'NXDOMAIN'],
    ['a name in use that only has names below it', inUse('b'), 'NXDOMAIN'],
    ['a name in use that a wildcard would answer for', inUse('x.w'), 'NXDOMAIN'],
    ['a name not in use', free('none'), 'NOERROR'],
    ['a name not in use that only has names below it', free('b'), 'NOERROR'],
    ['a name not in use that is', free('host'), 'YXDOMAIN'],
    ['an RRset', inUse('host', RrType.A), 'NOERROR'],
    ['an RRset that is not there', inUse('host', RrType.AAAA), 'NXRRSET'],
    ['an RRset of an unknown type that is not there', inUse('host', 65280), 'NXRRSET'],
    ['no RRset', free('host', RrType.AAAA), 'NOERROR'],
    ['no RRset where there is one', free('host', RrType.A), 'YXRRSET'],
    ['a value that is one of two', holds('host A 192.0.2.1'), 'NXRRSET'],
    ['a value at a name that is not there', holds('none A 192.0.2.1'), 'NXRRSET'],
    ['a value that is all of the RRset', holds('a.b A 192.0.2.3'), 'NOERROR'],
    ['a name outside', holds('x.example.net. A 192.0.2.1'), 'NOTZONE'],
    ['a name above', { ...inUse('host'), name: 'org' }, 'NOTZONE'],
    ['a TTL', { ...inUse('host'), ttl: 1 }, 'FORMERR'],
    ['a TTL beside a value', add('a.b A 192.0.2.3'), 'FORMERR'],
    ['data beside class ANY', { ...inUse('host', RrType.A), rdata: Buffer.alloc(4) }, 'FORMERR'],
    ['data beside class NONE', { ...free('none'), rdata: Buffer.alloc(4) }, 'FORMERR'],
    ['class CH', { ...inUse('host'), class: RrClass.CH }, 'FORMERR'],
    ['type ANY with a value', { ...holds('host A 192.0.2.1'), type: RrType.ANY }, 'FORMERR'],
    ['a type of questions', inUse('host', RrType.AXFR), 'FORMERR'],
    ['an address of 3 octets', { ...holds('host A 192.0.2.1'), rdata: Buffer.alloc(3) }, 'FORMERR'],
  ];
  for (const [what, prerequisite, rcode] of rows) {
    it(`${what}: ${rcode}`, () => {
      const judged = zone();
      assert.equal(update(judged, [add('new A 192.0.2.9')], [prerequisite]), rcode);
      assert.equal(judged.serial, rcode === 'NOERROR' ? 2 : 1);
    });
  }

  it('compare a whole RRset, in any order, each record once', () => {
    const values = [holds('host A 192.0.2.2'), holds('host A 192.0.2.1'), holds('HOST A 192.0.2.2')];
    assert.equal(update(zone(), [], values), 'NOERROR');
    assert.equal(update(zone(), [], [...values, holds('host A 192.0.2.3')]), 'NXRRSET');
  });

  it('compare names in data without case', () => {
    const judged = zoneOf(ZONE, 'm MX 10 Mail.Example.NET.');
    assert.equal(update(judged, [], [holds('m MX 10 mail.example.net.')]), 'NOERROR');
  });
});

describe('An update', () => {
  const refusals: readonly [string, UpdateRecord, string][] = [
    ['of a name outside', { ...add('host A 192.0.2.1'), name: 'host.example.net' }, 'NOTZONE'],
    ['of a name that only ends alike', { ...add('host A 192.0.2.1'), name: 'xexample.org' }, 'NOTZONE'],
    ['that adds type ANY', { ...add('host A 192.0.2.1'), type: RrType.ANY }, 'FORMERR'],
    ['that adds type AXFR', { ...add('host A 192.0.2.1'), type: RrType.AXFR }, 'FORMERR'],
    ['that adds type OPT', { ...add('host A 192.0.2.1'), type: RrType.OPT }, 'FORMERR'],
    ['that adds an address of 3 octets', { ...add('host A 192.0.2.1'), rdata: Buffer.alloc(3) }, 'FORMERR'],
    ['that adds nothing', { ...add('host A 192.0.2.1'), rdata: NOTHING }, 'FORMERR'],
    ['that adds a CAA without a tag', { ...add('host CAA 0 issue "x"'), rdata: Buffer.of(0, 0) }, 'FORMERR'],
    ['that deletes with a TTL', { ...removeAll('host'), ttl: 60 }, 'FORMERR'],
    ['that deletes an RRset with data', { ...removeAll('host', 1), rdata: Buffer.alloc(4) }, 'FORMERR'],
    ['that deletes a record with a TTL', { ...remove('host A 192.0.2.1'), ttl: 60 }, 'FORMERR'],
    ['that deletes one record of type ANY', free('host'), 'FORMERR'],
    ['that deletes RRsets of type AXFR', removeAll('host', RrType.AXFR), 'FORMERR'],
    ['of class HS', { ...add('host A 192.0.2.1'), class: RrClass.HS }, 'FORMERR'],
    ['that adds what is larger than a message', addOctets(64_000), 'SERVFAIL'],
    ['that adds a name server without an address', add('@ NS ns1'), 'REFUSED'],
    ['that adds a name server that is an alias', add('@ NS alias'), 'REFUSED'],
  ];
  for (const [what, record, rcode] of refusals) {
    it(`${what} is refused with ${rcode}, and nothing of its message happens`, () => {
      const zone = zoneOf(ZONE, 'host A 192.0.2.1\nalias CNAME host');
      const before = textOf(zone);
      assert.equal(update(zone, [add('before A 192.0.2.1'), record, add('after A 192.0.2.1')]), rcode);
      assert.equal(textOf(zone), before);
    });
  }

  /** The zone before, the update, the zone after (without a line: as before, with the same serial). */
  const effects: readonly [string, string, readonly UpdateRecord[], string?][] = [
    ['adds a record', '', [add('h A 192.0.2.1')], 'h A 192.0.2.1'],
    ['adds to an RRset', 'h A 192.0.2.1', [add('H A 192.0.2.2')], 'h A 192.0.2.1\nh A 192.0.2.2'],
    ['adds an opaque type', '', [add('h TYPE65280 \\# 2 abcd')], 'h TYPE65280 \\# 2 abcd'],
    ['adds at a wildcard', '', [add('*.w A 192.0.2.1')], '*.w A 192.0.2.1'],
    ['passes over a record that is there', 'h A 192.0.2.1', [add('h A 192.0.2.1')]],
    ['passes over a record that differs in case only', 'h PTR a.B.', [add('h PTR A.b.')]],
    [
      'gives the RRset the TTL of the last record',
      'h A 192.0.2.1',
      [add('h 60 A 192.0.2.2')],
      'h 60 A 192.0.2.1\nh 60 A 192.0.2.2',
    ],
    ['changes a TTL alone', 'h A 192.0.2.1', [add('h 60 A 192.0.2.1')], 'h 60 A 192.0.2.1'],
    ['takes a TTL from 2^31 on as 0', '', [{ ...add('h A 192.0.2.1'), ttl: 2 ** 31 }], 'h 0 A 192.0.2.1'],
    [
      'replaces an RRset',
      'h A 192.0.2.1\nh TXT "x"',
      [removeAll('h', RrType.A), add('h A 192.0.2.2')],
      'h A 192.0.2.2\nh TXT "x"',
    ],
    [
      'replaces an RRset by itself: nothing',
      'h A 192.0.2.1',
      [removeAll('h', RrType.A), add('h A 192.0.2.1')],
    ],
    ['adds and then deletes: nothing', '', [add('h A 192.0.2.1'), removeAll('h')]],
    [
      'replaces twice: the last one stays',
      '',
      [removeAll('h', 1), add('h A 192.0.2.1'), removeAll('h', 1), add('h A 192.0.2.2')],
      'h A 192.0.2.2',
    ],
    ['deletes one record', 'h A 192.0.2.1\nh A 192.0.2.2', [remove('h A 192.0.2.1')], 'h A 192.0.2.2'],
    ['deletes a name', 'h A 192.0.2.1\nh TXT "x"\nx.h A 192.0.2.2', [removeAll('h')], 'x.h A 192.0.2.2'],
    [
      'deletes what is not there: nothing',
      'h A 192.0.2.1',
      [removeAll('n'), removeAll('h', RrType.AAAA), remove('h A 192.0.2.9')],
    ],
    ['is empty: nothing', 'h A 192.0.2.1', []],
    ['adds an address beside a CNAME: nothing', 'h CNAME a.', [add('h A 192.0.2.1')]],
    ['adds a CNAME beside an address: nothing', 'h A 192.0.2.1', [add('h CNAME a.')]],
    ['adds a CNAME beside a TXT: nothing', 'h TXT "x"', [add('h CNAME a.')]],
    ['replaces a CNAME', 'h CNAME a.', [add('h CNAME b.')], 'h CNAME b.'],
    ['replaces a DNAME', 'h DNAME a.', [add('h DNAME b.')], 'h DNAME b.'],
    ['makes an address an alias', 'h A 192.0.2.1', [removeAll('h'), add('h CNAME a.')], 'h CNAME a.'],
    ['adds a CNAME at the apex: nothing', '', [add('@ CNAME a.')]],
    ['adds a DS at the apex: nothing', '', [add('@ DS 1 8 5 ab')]],
    ['adds a SOA below the apex: nothing', '', [add('h SOA a. b. 9 1 1 1 1')]],
    ['adds an NS and a DNAME at a wildcard: nothing', '', [add('*.w NS a.'), add('*.w DNAME a.')]],
    [
      'adds a name server and its address',
      '',
      [add('@ NS ns1'), add('ns1 A 192.0.2.1')],
      '@ NS ns1\nns1 A 192.0.2.1',
    ],
    [
      'replaces the address of a name server by one of the other family',
      '@ NS ns1\nns1 A 192.0.2.1',
      [removeAll('ns1'), add('ns1 AAAA 2001:db8::1')],
      '@ NS ns1\nns1 AAAA 2001:db8::1',
    ],
    [
      'deletes a name server and its address',
      '@ NS ns1\nns1 A 192.0.2.1',
      [removeAll('ns1'), remove('@ NS ns1')],
      '',
    ],
    [
      'adds as much as fits a message',
      '',
      [addOctets(63_988)],
      `h TYPE65280 \\# 63988 ${'00'.repeat(63_988)}`,
    ],
    [
      'deletes the SOA: nothing',
      '',
      [removeAll('@', RrType.SOA), remove('@ SOA ns.example.net. hostmaster 1 3600 600 86400 60')],
    ],
    ['deletes all NS of the apex: nothing', '', [removeAll('@', RrType.NS)]],
    ['deletes the last NS of the apex: nothing', '', [remove('@ NS ns.example.net.')]],
    ['deletes all of the apex but SOA and NS', '@ TXT "x"\n@ A 192.0.2.1', [removeAll('@')], ''],
    [
      'deletes all but one NS of the apex',
      '@ NS b.',
      [remove('@ NS b.'), remove('@ NS ns.example.net.')],
      '',
    ],
    ['deletes every NS of a delegation', 'd NS a.\nd NS b.', [removeAll('d', RrType.NS)], ''],
    ['deletes the last NS of a delegation', 'd NS a.', [remove('d NS a.')], ''],
  ];
  for (const [what, before, updates, after] of effects) {
    it(`that ${what}`, () => {
      const zone = zoneOf(ZONE, before);
      assert.equal(update(zone, updates), 'NOERROR');
      const expected = zoneOf(ZONE, after ?? before);
      const serial = after === undefined ? 1 : 2;
      assert.deepEqual(
        [...shown(zone)].sort(),
        shown(expected)
          .map((line) => line.replace(/ 6 1$/, ` 6 ${serial}`))
          .sort(),
      );
    });
  }

  it('that makes an RRset larger than a message, record by record, is refused with SERVFAIL', () => {
    const zone = zoneOf(ZONE);
    const texts = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => add(`t TXT "${from + at}${'x'.repeat(240)}"`));
    assert.equal(update(zone, texts(0, 250)), 'NOERROR');
    assert.equal(update(zone, texts(250, 260)), 'SERVFAIL');
    assert.equal(update(zone, [...texts(250, 260), removeAll('t'), add('t TXT "x"')]), 'NOERROR');
  });

  it('that takes the last address of a name server is refused with REFUSED', () => {
    const zone = zoneOf(ZONE, '@ NS ns1\nns1 A 192.0.2.1\nns1 AAAA 2001:db8::1');
    assert.equal(update(zone, [removeAll('ns1', RrType.A)]), 'NOERROR');
    for (const deletion of [
      removeAll('ns1'),
      removeAll('ns1', RrType.AAAA),
      remove('ns1 AAAA 2001:db8::1'),
    ]) {
      assert.equal(update(zone, [deletion]), 'REFUSED');
    }
    assert.equal(update(zone, [removeAll('ns1'), add('ns1 CNAME x')]), 'REFUSED');
  });

  describe('of the SOA', () => {
    const soa = (serial: number, ttl = 300) =>
      add(`@ ${ttl} SOA ns.example.net. hostmaster ${serial} 1 2 3 4`);
    for (const [what, record, serial] of [
      ['takes it with its serial where that is later', soa(10), 10],
      ['takes it, with the next serial, where its own is the present one', soa(1), 2],
      ['passes over one that is earlier', soa(0xffff_ffff), 1],
      ['passes over one that is neither earlier nor later', soa(0x8000_0001), 1],
      ['takes one that is as late as can be', soa(0x8000_0000), 0x8000_0000],
    ] as const) {
      it(what, () => {
        const zone = zoneOf(ZONE);
        assert.equal(update(zone, [record]), 'NOERROR');
        assert.equal(zone.serial, serial);
        assert.equal(zone.soa.rdatas.length, 1);
      });
    }

    for (const [what, records, serial] of [
      ['takes the last of some that lead forward', [soa(10), soa(11)], 11],
      ['passes over one that is earlier than the one before it', [soa(10), soa(9)], 10],
      // 1 → 0x7fff_ffff → 0xffff_fffe: each step is forward, and both together are not.
      ['passes over one that leads behind the zone', [soa(0x7fff_ffff), soa(0xffff_fffe)], 0x7fff_ffff],
      ['passes over one that leads half of the circle on', [soa(0x8000_0000), soa(0x8000_0001)], 0x8000_0000],
    ] as const) {
      it(`${what}, in one message`, () => {
        const zone = zoneOf(ZONE);
        assert.equal(update(zone, records), 'NOERROR');
        assert.equal(zone.serial, serial);
      });
    }

    it('goes as far round the circle as one likes, in messages of their own', () => {
      const zone = zoneOf(ZONE);
      for (const serial of [0x7fff_ffff, 0xffff_fffe, 0x7fff_fffd]) {
        assert.equal(update(zone, [soa(serial)]), 'NOERROR');
        assert.equal(zone.serial, serial);
      }
    });

    it('does not make the serial of other changes move a second time', () => {
      const zone = zoneOf(ZONE);
      update(zone, [soa(10), add('h A 192.0.2.1')]);
      assert.equal(zone.serial, 10);
    });
  });
});

describe('Random updates', () => {
  const name = fc.constantFrom(ZONE, `a.${ZONE}`, `A.${ZONE}`, `b.${ZONE}`, `*.${ZONE}`, 'example.net');
  const data = fc.constantFrom(
    { type: RrType.A, rdata: Buffer.of(192, 0, 2, 1) },
    { type: RrType.A, rdata: Buffer.of(192, 0, 2, 2) },
    { type: RrType.CNAME, rdata: encodeName('x.example') },
    { type: RrType.CNAME, rdata: encodeName('X.example') },
    { type: RrType.CNAME, rdata: encodeName('y.example') },
    { type: RrType.TXT, rdata: Buffer.of(1, 65) },
    { type: RrType.NS, rdata: encodeName('ns.example.net') },
    { type: RrType.NS, rdata: encodeName('ns2.example.net') },
    { type: RrType.RRSIG, rdata: Buffer.of(1, 2, 3) },
    { type: RrType.MB, rdata: encodeName('X.example') },
    { type: RrType.MB, rdata: encodeName('x.example') },
  );
  const ttl = fc.constantFrom(0, 60, 300);
  const rrClass = fc.constantFrom(RrClass.IN, RrClass.ANY, RrClass.NONE);
  const record = fc
    .record({ name, data, ttl, class: rrClass, any: fc.boolean(), odd: fc.integer({ min: 0, max: 30 }) })
    .map(({ name, data, ttl, class: asked, any, odd }): UpdateRecord => {
      const isBare = asked === RrClass.ANY;
      return {
        name,
        type: isBare && any ? RrType.ANY : data.type,
        class: odd === 1 ? RrClass.HS : asked,
        ttl: asked === RrClass.IN || odd === 2 ? ttl : 0,
        rdata: isBare && odd !== 3 ? NOTHING : data.rdata,
      };
    });
  const prerequisite = fc
    .record({ name, data, class: rrClass, any: fc.boolean() })
    .map(({ name, data, class: asked, any }): UpdateRecord => {
      const isBare = asked !== RrClass.IN;
      const type = isBare && any ? RrType.ANY : data.type;
      return { name, type, class: asked, ttl: 0, rdata: isBare ? NOTHING : data.rdata };
    });

  it('do what the pseudocode of RFC 2136 does', () => {
    const message = fc.record({
      prerequisites: fc.array(prerequisite, { maxLength: 2 }),
      updates: fc.array(record, { maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
        const zone = zoneOf(ZONE);
        const model = new ModelZone(ZONE, zone.snapshot());
        for (const { prerequisites, updates } of messages) {
          const serial = zone.serial;
          const before = model.shown();
          assert.equal(update(zone, updates, prerequisites), rcodeText(model.update(prerequisites, updates)));
          assert.deepEqual(shownOf(zone.snapshot()), model.shown());
          assert.equal(zone.serial, before.join() === model.shown().join() ? serial : serial + 1);
        }
      }),
      { numRuns: fuzzRuns(1_000) },
    );
  });
});
