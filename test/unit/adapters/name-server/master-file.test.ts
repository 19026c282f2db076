import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RrType } from '../../../../src/adapters/dns-wire/constants.ts';
import { isRdata } from '../../../../src/adapters/dns-wire/rdata.ts';
import { WireFault } from '../../../../src/adapters/dns-wire/wire-fault.ts';
import { parseMasterFile } from '../../../../src/adapters/name-server/master-file/parse-master-file.ts';
import { remarkText } from '../../../../src/adapters/name-server/master-file/place.ts';
import { checkZone } from '../../../../src/adapters/name-server/master-file/zone-checks.ts';
import { rdataText } from '../../../../src/adapters/name-server/rdata/rdata-text.ts';
import { Zone } from '../../../../src/adapters/name-server/zone.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import { rdataOf, recordsOfEveryType } from '../../../support/random-records.ts';
import { recordsOf, textOf, zoneOf } from '../../../support/zone-of.ts';

const ZONE = 'example.org';

const parse = (text: string) => parseMasterFile(Buffer.from(text, 'latin1'), ZONE, 'x.zone');

/** The records, each in one line. */
const read = (text: string): readonly string[] =>
  parse(text).records.map(
    ({ owner, ttl, type, rdata }) => `${owner} ${ttl} ${type} ${rdataText(type, rdata, ZONE)}`,
  );

/** What is wrong, each with its line. */
const problemsIn = (text: string): readonly string[] =>
  parse(text).problems.map(({ line, reason }) => `${line}: ${reason}`);

const checksOf = (text: string) => {
  const { problems, warnings } = checkZone(ZONE, parse(`$TTL 300\n${text}`));
  const said = (remarks: typeof problems) => remarks.map(({ line, reason }) => `${line - 1}: ${reason}`);
  return { problems: said(problems), warnings: said(warnings) };
};

/** Written and read again. */
const again = (zone: Zone): Zone => new Zone(zone.name, recordsOf(zone.name, textOf(zone)));

describe('A master file is read:', () => {
  it('owners that are taken over, the origin, absolute and relative names', () => {
    const text = `$TTL 60
@     A  192.0.2.1
      A  192.0.2.2
www   A  192.0.2.3
; a comment

\tAAAA 2001:db8::1
$ORIGIN sub
host  CNAME www
$ORIGIN example.net.
      MX 10 mail
a.b.  CNAME @`;
    assert.deepEqual(read(text), [
      'example.org 60 1 192.0.2.1',
      'example.org 60 1 192.0.2.2',
      'www.example.org 60 1 192.0.2.3',
      'www.example.org 60 28 2001:db8::1',
      'host.sub.example.org 60 5 www.sub',
      'host.sub.example.org 60 15 10 mail.example.net.',
      'a.b 60 5 example.net.',
    ]);
    assert.deepEqual(problemsIn(text), []);
  });

  it('TTL and class in either order, in units, taken from $TTL, the record before, or the SOA', () => {
    const soa = '@ SOA a. b. 1 2 3 4 1m\n';
    assert.deepEqual(
      read(
        `${soa}a A 192.0.2.1\nb 1h30m IN A 192.0.2.2\nc A 192.0.2.3\n$TTL 1W\nd CLASS1 7 A 192.0.2.4\ne IN A 192.0.2.5`,
      ),
      [
        'example.org 60 6 a. b. 1 2 3 4 60',
        'a.example.org 60 1 192.0.2.1',
        'b.example.org 5400 1 192.0.2.2',
        'c.example.org 5400 1 192.0.2.3',
        'd.example.org 7 1 192.0.2.4',
        'e.example.org 604800 1 192.0.2.5',
      ],
    );
  });

  it('lines in parentheses, quotes, comments within, line ends of all systems', () => {
    const text = `$TTL 60\r\n@ SOA a. b. ( 1 ; serial ) "
  2 3
  4 5 ) ; done\r\nt TXT ( "a;b(" c\\;d
  "e" )\nu TXT "\\"q\\" \\065 \\\\"`;
    assert.deepEqual(read(text), [
      'example.org 60 6 a. b. 1 2 3 4 5',
      't.example.org 60 16 "a;b(" "c;d" "e"',
      'u.example.org 60 16 "\\"q\\" A \\\\"',
    ]);
  });

  it('names with escapes, in their one form', () => {
    assert.deepEqual(
      read('$TTL 1\n\\119ww A 192.0.2.1\na\\.b A 192.0.2.2\n\\@ A 192.0.2.3\nx\\000y A 192.0.2.4'),
      [
        'www.example.org 1 1 192.0.2.1',
        'a\\.b.example.org 1 1 192.0.2.2',
        '@.example.org 1 1 192.0.2.3',
        'x\\000y.example.org 1 1 192.0.2.4',
      ],
    );
  });

  it('types by number, and any data as octets (RFC 3597)', () => {
    assert.deepEqual(
      read(
        '$TTL 1\na TYPE1 192.0.2.1\nb A \\# 4 c000 0202\nc TYPE65280 \\# 0\nd type65280 \\# 2 ( ab\n CD )',
      ),
      [
        'a.example.org 1 1 192.0.2.1',
        'b.example.org 1 1 192.0.2.2',
        'c.example.org 1 65280 \\# 0',
        'd.example.org 1 65280 \\# 2 ABCD',
      ],
    );
  });

  it('octets that are not ASCII in texts as they are', () => {
    const { records } = parseMasterFile(Buffer.from('$TTL 1\nt TXT "zürich"'), ZONE, 'x.zone');
    assert.equal(records[0]?.rdata.toString('utf8', 1), 'zürich');
  });

  it('behind a byte order mark', () => {
    const { records, problems } = parseMasterFile(Buffer.from('\ufeff$TTL 1\na A 192.0.2.1'), ZONE, 'x.zone');
    assert.deepEqual([records.length, problems], [1, []]);
  });
});

describe('A master file that includes others', () => {
  const importFile = (files: Readonly<Record<string, string>>) =>
    parseMasterFile(Buffer.from(files['x.zone'] ?? ''), ZONE, 'x.zone', (name, from) => {
      const path = join(dirname(from), name);
      const text = files[path];
      if (text === undefined) throw new WireFault('WIRE_UNWRITABLE', `there is no ${path}`);
      return { path, octets: Buffer.from(text) };
    });
  const shownIn = (files: Readonly<Record<string, string>>) => {
    const { records, problems } = importFile(files);
    assert.deepEqual(problems, []);
    return records.map(({ owner, ttl, rdata }) => `${owner} ${ttl} ${rdata[3]}`);
  };
  const problemsOf = (files: Readonly<Record<string, string>>) => importFile(files).problems.map(remarkText);

  it('goes on behind each with its own origin and owner, and with the TTL that was set there', () => {
    assert.deepEqual(
      shownIn({
        'x.zone':
          '$TTL 60\na A 192.0.2.1\n$INCLUDE sub.zone sub ; a comment\n A 192.0.2.4\n$include sub.zone',
        'sub.zone': '\ufeffb A 192.0.2.2\n$ORIGIN deeper\n$TTL 1h\nc A 192.0.2.3\n',
      }),
      [
        'a.example.org 60 1',
        'b.sub.example.org 60 2',
        'c.deeper.sub.example.org 3600 3',
        'a.example.org 3600 4',
        'b.example.org 3600 2',
        'c.deeper.example.org 3600 3',
      ],
    );
  });

  it('finds them from where it is itself, also under names with spaces', () => {
    const files = {
      'x.zone': '$TTL 60\n$INCLUDE "hosts/of the house.zone"',
      'hosts/of the house.zone': '$INCLUDE more\\ of\\032them',
      'hosts/more of them': 'a A 192.0.2.1',
    };
    assert.deepEqual(shownIn(files), ['a.example.org 60 1']);
  });

  it('has its problems with the files in which they are, those of each file together', () => {
    assert.deepEqual(
      problemsOf({
        'x.zone': '$TTL 60\n$INCLUDE sub.zone\nx A\n$INCLUDE no.zone\n$INCLUDE sub.zone sub too\n$INCLUDE',
        'sub.zone': ' A 192.0.2.1\nok A 192.0.2.1\ny A (',
      }),
      [
        '"x.zone", line 3: an IPv4 address is missing',
        '"x.zone", line 4: there is no no.zone',
        '"x.zone", line 5: $INCLUDE takes a file, and optionally an origin',
        '"x.zone", line 6: $INCLUDE takes a file, and optionally an origin',
        '"sub.zone", line 1: there is no name here, and no earlier one to inherit',
        '"sub.zone", line 3: a "(" without its ")"',
      ],
    );
  });

  it('tells of records that do not go together where each of them is', () => {
    const file = importFile({
      'x.zone': '$TTL 60\n@ SOA a. b. 1 2 3 4 5\n@ NS a.\n$INCLUDE sub.zone\nx A 192.0.2.1',
      'sub.zone': 'x CNAME a.\nx TXT "x"\n',
    });
    assert.deepEqual(checkZone(ZONE, file).problems.map(remarkText), [
      '"x.zone", line 5: x.example.org is an alias (CNAME, "sub.zone", line 1): A is not allowed beside it',
      '"sub.zone", line 2: x.example.org is an alias (CNAME, line 1): TXT is not allowed beside it',
    ]);
  });

  it('may not include itself, nor ever more', () => {
    const loop = { 'x.zone': '$INCLUDE y.zone', 'y.zone': '$INCLUDE x.zone' };
    assert.deepEqual(problemsOf(loop), ['"y.zone", line 1: "x.zone" includes itself']);
    const chain = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [at === 0 ? 'x.zone' : `${at}`, `$INCLUDE ${at + 1}`]),
    );
    assert.deepEqual(problemsOf(chain), ['"10", line 1: more than 10 files include each other']);
  });
});

describe('A master file is refused, each problem with its line:', () => {
  const rows: readonly [string, string][] = [
    ['a A 192.0.2', 'an IPv4 address has four decimal numbers of 0 to 255, like 192.0.2.7'],
    ['a A', 'an IPv4 address is missing'],
    ['a A 192.0.2.1 192.0.2.2', '"192.0.2.2" follows the last field of the type'],
    ['a AAAA 192.0.2.1', '"192.0.2.1" is no IPv6 address like 2001:db8::7'],
    ['a AAAA fe80::1%eth0', '"fe80::1%eth0" is no IPv6 address like 2001:db8::7'],
    ['a MX mail', '"mail" is no number from 0 to 65535'],
    ['a MX 65536 mail', '"65536" is no number from 0 to 65535'],
    ['a CNAME a..b', 'the name "a..b.example.org" has an empty label'],
    ['a CNAME "b"', 'a name takes no quotes: "b"'],
    [`a CNAME ${'x'.repeat(64)}.`, `the name "${'x'.repeat(64)}" has a label of more than 63 octets`],
    [`a TXT "${'x'.repeat(256)}"`, 'a text has more than 255 octets: split it into several'],
    ['a TXT "\\256"', '"\\256" has a character that is no octet'],
    ['a TXT "open', 'a quote that is not closed on its line'],
    ['a TXT open\\', 'a backslash at the end of a line'],
    ['a TXT x )', 'a ")" without its "("'],
    ['a TXT x (', 'a "(" without its ")"'],
    ['a NONSENSE x', '"NONSENSE" is no record type'],
    ['a 300', 'the type is missing'],
    ['a ANY x', 'ANY is no type that a zone can have'],
    ['a CH A 192.0.2.1', 'CH: only the class IN is served'],
    ['a 3000000000 A 192.0.2.1', '"3000000000" is no TTL from 0 to 2147483647'],
    ['a 1x A 192.0.2.1', '"1x" is no TTL from 0 to 2147483647'],
    ['a TYPE65280 abcd', 'the data of TYPE65280 must be written as \\# LENGTH HEX (RFC 3597)'],
    ['a TYPE65280 \\# 3 abcd', '\\# announces 3 octets, and 2 follow'],
    ['a A \\# 3 abcdef', 'these data are not valid for A'],
    ['a DS 1 8 2 abcd', 'the digest does not have 32 octets'],
    ['a SSHFP 1 1 xyz', '"xyz" is not made of pairs of hexadecimal digits'],
    ['a OPENPGPKEY a-b', '"a-b" is no base64'],
    ['a CAA 0 a-b "x"', '"a-b" is no tag of letters and digits'],
    ['a SOA a. b. 1 2 3 4', 'a time is missing'],
    ['$TTL', '$TTL takes one time like 3600 or 1h'],
    ['$ORIGIN', '$ORIGIN takes one name'],
    ['$INCLUDE other.zone', '$INCLUDE works in zone import only: put the records themselves into this file'],
    ['$GENERATE 1-9 a$ A 192.0.2.$', '$GENERATE is not supported: named-compilezone expands it'],
    ['$NONSENSE', '$NONSENSE is no directive: there are $ORIGIN, $TTL and $INCLUDE'],
    [
      'a RRSIG A 8 2 300 20260101000000 20250101000000 1 example.org. AAAA',
      'RRSIG is of a signed zone, and zones are served unsigned: leave it out',
    ],
    ['a TYPE46 \\# 1 00', 'RRSIG is of a signed zone, and zones are served unsigned: leave it out'],
    [
      'a LOC 51 30 0 N 7 28 0 E 60m',
      'the data of LOC must be written as \\# LENGTH HEX (RFC 3597): "named-rrchecker -u" converts them',
    ],
    ['a LOC \\# 0', 'these data are not valid for LOC'],
  ];
  for (const [line, reason] of rows) {
    it(line.length > 60 ? `${line.slice(0, 60)}…` : line, () => {
      assert.deepEqual(problemsIn(`$TTL 300\n\n${line}`), [`3: ${reason}`]);
    });
  }

  it('a record without a TTL, and one without an owner', () => {
    assert.deepEqual(problemsIn('a A 192.0.2.1'), ['1: there is no TTL: begin the file with $TTL']);
    assert.deepEqual(problemsIn('$TTL 1\n A 192.0.2.1'), [
      '2: there is no name here, and no earlier one to inherit',
    ]);
  });

  it('all problems at once, in their order', () => {
    assert.deepEqual(
      problemsIn('$TTL 1\na A x\nb A (\n 1 )\nok A 192.0.2.1\nc TXT "\nd MX').map(
        (problem) => problem.split(':')[0],
      ),
      ['2', '3', '6', '7'],
    );
  });
});

describe('Records are a zone', () => {
  const SOA = '@ SOA a. b. 1 2 3 4 5';
  const APEX = `${SOA}\n@ NS ns.example.net.`;
  const rows: readonly [string, string, string][] = [
    ['with a SOA', '@ NS a.', '0: the zone example.org has no SOA'],
    ['with an NS at the apex', SOA, '0: the zone example.org has no NS at its apex'],
    ['with one SOA only', `${APEX}\n@ SOA a. b. 2 2 3 4 5`, '3: the zone example.org has a SOA already'],
    [
      'with no SOA elsewhere',
      `${APEX}\nx SOA a. b. 2 2 3 4 5`,
      '3: SOA is allowed at the apex example.org only, and not at x.example.org',
    ],
    [
      'without strangers',
      `${APEX}\na.example.net. A 192.0.2.1`,
      '3: a.example.net lies outside of the zone example.org',
    ],
    [
      'without an alias that has other records',
      `${APEX}\na CNAME b\na A 192.0.2.1`,
      '4: a.example.org is an alias (CNAME, line 4): A is not allowed beside it',
    ],
    [
      'without an alias of two names',
      `${APEX}\na CNAME b\na CNAME c`,
      '4: a.example.org has a CNAME already',
    ],
    ['without the root', `${APEX}\n. A 192.0.2.1`, '3: . lies outside of the zone example.org'],
    [
      'without an NS at a wildcard',
      `${APEX}\n*.w NS ns.example.net.`,
      '3: *.w.example.org is a wildcard: NS is not allowed there (RFC 4592 section 4.2)',
    ],
    [
      'with an address for each name server',
      `${APEX}\n@ NS ns1\nns1 TXT "x"`,
      '3: the name server ns1.example.org has no address: give it an A or AAAA record',
    ],
    [
      'with an address for each name server that is its own',
      `${APEX}\n@ NS ns.w\n*.w A 192.0.2.1`,
      '3: the name server ns.w.example.org has no address: give it an A or AAAA record',
    ],
    [
      'with no alias for a name server',
      `${APEX}\n@ NS ns1\nns1 CNAME x`,
      '3: the name server ns1.example.org is an alias (RFC 2181 section 10.3)',
    ],
    [
      'with no name server below a DNAME',
      `${APEX}\n@ NS ns.d\nd DNAME x\nns.d A 192.0.2.1`,
      '3: the name server ns.d.example.org is an alias (RFC 2181 section 10.3)',
    ],
    [
      'without a record that is larger than a message',
      `${APEX}\nbig TYPE65280 \\# 65500 ${'00'.repeat(65_500)}`,
      '3: the TYPE65280 records of big.example.org have more than 64000 octets: they do not fit into a message',
    ],
    [
      'without an RRset that is larger than a message',
      `${APEX}\n${Array.from({ length: 300 }, (_, at) => `t TXT "${at}${'x'.repeat(240)}"`).join('\n')}`,
      '253: the TXT records of t.example.org have more than 64000 octets: they do not fit into a message',
    ],
  ];
  for (const [what, text, problem] of rows) {
    it(what, () => {
      assert.deepEqual(checksOf(text).problems, [problem]);
    });
  }

  const oddities: readonly [string, string, string][] = [
    [
      'a record that is there twice',
      'a A 192.0.2.1\nA A 192.0.2.1',
      '4: this A record of A.example.org is a duplicate',
    ],
    [
      'different TTLs in an RRset',
      'a A 192.0.2.1\na 60 A 192.0.2.2',
      '4: the A records of a.example.org must have one TTL: 300, that of the first one, is used (RFC 2181 section 5.2)',
    ],
    [
      'a delegation to a name server that is an alias',
      'd NS ns1\nns1 CNAME x',
      '3: the name server ns1.example.org is an alias (RFC 2181 section 10.3)',
    ],
    [
      'a delegation to itself without glue',
      'd NS ns.d',
      '3: the name server ns.d.example.org has no address: give it an A or AAAA record',
    ],
    [
      'records below a delegation',
      'd NS a.\nx.d TXT "x"',
      '4: x.d.example.org lies below the delegation of d.example.org: this TXT is never in an answer',
    ],
  ];
  for (const [what, text, warning] of oddities) {
    it(`with ${what}, which is odd`, () => {
      assert.deepEqual(checksOf(`${APEX}\n${text}`), { problems: [], warnings: [warning] });
    });
  }

  it('with a name server whose address is for the servers of a delegation to know', () => {
    const text = `${APEX}\n@ NS ns.d\nd NS ns.example.net.`;
    assert.deepEqual(checksOf(text), { problems: [], warnings: [] });
  });

  it('with glue below a delegation, an alias, and TTLs made one', () => {
    const text = `${APEX}\nd NS ns.d\nns.d A 192.0.2.1\na CNAME b\nb A 192.0.2.1\nb 60 A 192.0.2.2`;
    const { records, problems } = checkZone(ZONE, parse(`$TTL 300\n${text}`));
    assert.deepEqual(problems, []);
    assert.deepEqual(new Set(records.map(({ ttl }) => ttl)), new Set([300]));
  });
});

describe('A zone is written', () => {
  it('so that people like to read it', () => {
    const zone = zoneOf(
      ZONE,
      `*.wild 60 TXT "x"
@ MX 10 mail
www A 192.0.2.2
www A 192.0.2.1
www AAAA 2001:db8::1
b.www CNAME www
$ORIGIN EXAMPLE.org.
Mail 3600 A 192.0.2.3
a-very-long-name-that-needs-more-room-than-others A 192.0.2.4
other CNAME www.example.com.
opaque TYPE65280 \\# 2 abcd
rare WALLET btc
old MB mail`,
    );
    assert.equal(
      textOf(zone),
      `$ORIGIN example.org.
$TTL 300
@                                   IN SOA       ns.example.net. hostmaster (
    1            ; serial
    3600         ; refresh
    600          ; retry
    86400        ; expire
    60 )         ; negative TTL
                                    IN NS        ns.example.net.
                                    IN MX        10 mail
a-very-long-name-that-needs-more-room-than-others      IN A         192.0.2.4
Mail                           3600 IN A         192.0.2.3
old                                 IN TYPE7     \\# 18 046D61696C074558414D504C45036F726700
opaque                              IN TYPE65280 \\# 2 ABCD
other                               IN CNAME     www.example.com.
rare                                IN TYPE262   \\# 4 03627463
*.wild                           60 IN TXT       "x"
www                                 IN A         192.0.2.1
                                    IN A         192.0.2.2
                                    IN AAAA      2001:db8::1
b.www                               IN CNAME     www
`,
    );
  });

  it('and read again as the same zone, whatever its records are', () => {
    fc.assert(
      fc.property(recordsOfEveryType(ZONE), (records) => {
        const zone = new Zone(ZONE, [...zoneOf(ZONE).snapshot().nodes.flatMap(recordsAt), ...records]);
        const copy = again(zone);
        assert.equal(textOf(copy), textOf(zone));
        assert.deepEqual(identities(copy), identities(zone));
      }),
      { numRuns: fuzzRuns(100) },
    );
  });
});

describe('The parameters of a service (RFC 9460 appendix D)', () => {
  const octetsOf = (words: string) => recordsOf(ZONE, `x SVCB ${words}`)[0]?.rdata.toString('hex');

  const rows: readonly [string, string, string?][] = [
    ['0 foo.example.com.', '000003666f6f076578616d706c6503636f6d00'],
    ['1 .', '000100'],
    ['16 foo.example.com. port=53', '001003666f6f076578616d706c6503636f6d00000300020035'],
    ['1 foo.example.com. key667=hello', '000103666f6f076578616d706c6503636f6d00029b000568656c6c6f'],
    [
      '1 foo.example.com. key667="hello\\210qoo"',
      '000103666f6f076578616d706c6503636f6d00029b000968656c6c6fd2716f6f',
    ],
    [
      '1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"',
      '000103666f6f076578616d706c6503636f6d0000060020' +
        '20010db800000000000000000000000120010db8000000000000000000530001',
      '1 foo.example.com. ipv6hint=2001:db8::1,2001:db8::53:1',
    ],
    [
      '16 foo.example.com. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1',
      '001003666f6f076578616d706c6503636f6d00000000040001000400010009026832056833' + '2d313900040004c0000201',
      '16 foo.example.com. mandatory=alpn,ipv4hint alpn=h2,h3-19 ipv4hint=192.0.2.1',
    ],
    [
      '16 foo.example.com. alpn="f\\\\\\\\oo\\\\,bar,h2"',
      '001003666f6f076578616d706c6503636f6d000001000c08665c6f6f2c626172026832',
    ],
  ];
  for (const [words, octets, written = words] of rows) {
    it(`of ${words} are read and written`, () => {
      assert.equal(octetsOf(words), octets);
      assert.equal(rdataText(RrType.SVCB, Buffer.from(octets, 'hex'), ZONE), written);
    });
  }

  for (const words of [
    '1 foo.example.com. key123=abc key123=def',
    '1 foo.example.com. mandatory',
    '1 foo.example.com. alpn',
    '1 foo.example.com. port',
    '1 foo.example.com. ipv4hint',
    '1 foo.example.com. ipv6hint',
    '1 foo.example.com. no-default-alpn=abc alpn=h2',
    '1 foo.example.com. no-default-alpn',
    '1 foo.example.com. mandatory=key123',
    '1 foo.example.com. mandatory=mandatory',
    '1 foo.example.com. mandatory=key123,key123 key123=abc',
    '1 foo.example.com. key65535=x',
    '1 foo.example.com. port=1 strange=x',
  ]) {
    it(`of ${words} are refused`, () => {
      assert.throws(() => octetsOf(words));
    });
  }
});

describe('RDATA', () => {
  it('of every type is read as it is written', () => {
    for (const [type, rdata] of rdataOf(ZONE)) {
      fc.assert(
        fc.property(rdata, (octets) => {
          assert.ok(isRdata(type, octets));
          const [record] = recordsOf(ZONE, `x TYPE${type} ${rdataText(type, octets, ZONE)}`);
          assert.deepEqual(record?.rdata, octets);
        }),
        { numRuns: fuzzRuns(100) },
      );
    }
  });

  it('of any octets is never half understood', () => {
    const types = fc.constantFrom(...rdataOf(ZONE).keys(), RrType.SOA, RrType.DNSKEY);
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 60 }), (type, array) => {
        const octets = Buffer.from(array);
        const words = rdataText(type, octets, ZONE);
        if (!isRdata(type, octets)) {
          assert.ok(words.startsWith('\\#'));
          assert.throws(() => recordsOf(ZONE, `x TYPE${type} ${words}`), /not valid/);
        } else {
          const [record] = recordsOf(ZONE, `x TYPE${type} ${words}`);
          assert.deepEqual(record?.rdata, octets);
        }
      }),
      { numRuns: fuzzRuns(2_000) },
    );
  });
});

describe('The parser of master files', () => {
  const fragment = fc.oneof(
    fc.constantFrom(
      ' ',
      '\n',
      '\t',
      '(',
      ')',
      '"',
      ';',
      '\\',
      '$ORIGIN',
      '$TTL 1\n',
      '@',
      '*',
      '.',
      '\\# 1 00',
      '300',
      'IN',
      '1h',
    ),
    fc.constantFrom(
      'A 192.0.2.1\n',
      'SOA',
      'TXT',
      'CNAME',
      'MX 1',
      'NAPTR',
      'CAA 0',
      'TYPE65280',
      'example.org.',
      '\\300',
    ),
    fc.uint8Array({ maxLength: 5 }).map((octets) => Buffer.from(octets).toString('latin1')),
  );

  it('says what is wrong with anything, or gives records that are written and read the same', () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 60 }), (fragments) => {
        const text = fragments.join(' ');
        const { records, problems } = parse(text);
        const lines = text.split('\n').length;
        for (const { line } of [...records, ...problems]) assert.ok(line >= 1 && line <= lines);
        for (const { type, rdata } of records) {
          const [copy] = recordsOf(ZONE, `x TYPE${type} ${rdataText(type, rdata, ZONE)}`);
          assert.deepEqual(copy?.rdata, rdata);
        }
      }),
      { numRuns: fuzzRuns(3_000) },
    );
  });

  it('takes time that grows with the size of the file only', () => {
    for (const text of ['"', '(', ')', '\\', '\\"', '"\\', 'a ', '\\# ', '" ', ';', 'a.', '1w']) {
      const { records, problems } = parse(`$TTL 1\nx TXT ${text.repeat(100_000)}`);
      // Fifty thousand empty texts are a record; all others are mistakes.
      assert.deepEqual([records.length, problems.length > 0], text === '"' ? [1, false] : [0, true], text);
    }
  });
});

const recordsAt = ({ owner, rrsets }: Pick<Zone['apex'], 'owner' | 'rrsets'>) =>
  rrsets.flatMap(({ type, ttl, rdatas }) => rdatas.map((rdata) => ({ owner, type, ttl, rdata })));

const identities = (zone: Zone): readonly string[] =>
  zone
    .snapshot()
    .nodes.flatMap(recordsAt)
    .map(({ owner, type, ttl, rdata }) => `${owner.toLowerCase()} ${type} ${ttl} ${rdata.toString('hex')}`)
    .sort();
