import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  closestZone,
  type DomainName,
  domainName,
  isAtOrBelow,
  parentOf,
  parseDomainName,
} from '../../../src/domain/domain-name.ts';
import { fuzzRuns } from '../../support/fuzz-runs.ts';
import { reasonIn, valueIn } from '../../support/parsed.ts';

const numRuns = fuzzRuns(1000);

describe('a domain name', () => {
  const readings: readonly [text: string, name: string, why: string][] = [
    ['home.example.org', 'home.example.org', 'is itself'],
    ['Home.EXAMPLE.Org', 'home.example.org', 'has no case'],
    ['home.example.org.', 'home.example.org', 'may have a final dot'],
    ['org', 'org', 'may be a single label'],
    ['a-b--c.example.org', 'a-b--c.example.org', 'may have hyphens inside its labels'],
    ['_acme-challenge.example.org', '_acme-challenge.example.org', 'may have a label with an underscore'],
    ['_', '_', 'may be an underscore'],
    ['a_b_.example.org', 'a_b_.example.org', 'may have underscores anywhere'],
    ['4.3.2.1.in-addr.arpa', '4.3.2.1.in-addr.arpa', 'may have labels of digits'],
    ['*.lab.example.org', '*.lab.example.org', 'may be a wildcard'],
    ['bücher.example.org', 'xn--bcher-kva.example.org', 'is kept as A-labels'],
    ['BÜCHER.example.org', 'xn--bcher-kva.example.org', 'has no case in U-labels either'],
    ['bu\u0308cher.example.org', 'xn--bcher-kva.example.org', 'is the same when it is decomposed'],
    ['XN--BCHER-KVA.example.org', 'xn--bcher-kva.example.org', 'may come as A-labels in any case'],
    ['*.bücher.example.org', '*.xn--bcher-kva.example.org', 'may be a wildcard below a U-label'],
    ['bücher.example.org.', 'xn--bcher-kva.example.org', 'may have a final dot behind U-labels'],
    ['straße.example.org', 'xn--strae-oqa.example.org', 'keeps its ß (IDNA 2008)'],
    ['βόλος.example.org', 'xn--nxasmm1c.example.org', 'keeps its final sigma (IDNA 2008)'],
    ['例え。テスト', 'xn--r8jz45g.xn--zckzah', 'may have ideographic dots'],
    ['a．b｡org', 'a.b.org', 'may have full-width and half-width dots'],
    ['ｈｏｍｅ１.example.org', 'home1.example.org', 'may have full-width letters and digits'],
    ['\u212Aelvin.example.org', 'kelvin.example.org', 'has a Kelvin sign for a k'],
    [
      'क्\u200dष.example.org',
      'xn--11b2ezcw70k.example.org',
      'keeps a zero-width joiner where a script needs it',
    ],
    ['soft\u00adhyphen.example.org', 'softhyphen.example.org', 'loses what nobody sees'],
    ['😀.example.org', 'xn--e28h.example.org', 'may have characters beyond the basic plane'],
  ];
  for (const [text, name, why] of readings) {
    it(`${why}: ${JSON.stringify(text)}`, () => {
      assert.equal(valueIn(parseDomainName(text)), name);
    });
  }

  const refusals: readonly [text: string, reason: RegExp, why: string][] = [
    ['', /needed/, 'nothing'],
    ['.', /needed/, 'the root'],
    ['..', /empty labels/, 'two dots'],
    ['.example.org', /empty labels/, 'a dot in front'],
    ['home..example.org', /empty labels/, 'two dots in a row'],
    ['home.example.org..', /empty labels/, 'two final dots'],
    ['bücher。。example.org', /empty labels/, 'two ideographic dots in a row'],
    ['\u00ad.example.org', /empty labels/, 'a label of which nothing is left'],
    ['-home.example.org', /inner hyphens/, 'a hyphen in front of a label'],
    ['home-.example.org', /inner hyphens/, 'a hyphen at the end of a label'],
    ['home .example.org', /letters, digits/, 'a space'],
    [' home.example.org', /letters, digits/, 'a space in front'],
    ['home.example.org\n', /letters, digits/, 'a line end'],
    ['home\0.example.org', /letters, digits/, 'a NUL'],
    ['home%2eexample.org', /letters, digits/, 'a percent sign'],
    ['home\\.example.org', /letters, digits/, 'an escape'],
    ['home.example.org:80', /letters, digits/, 'a port'],
    ['user@example.org', /letters, digits/, 'a mail address'],
    ['http://example.org/', /letters, digits/, 'a URL'],
    ['[2001:db8::1]', /letters, digits/, 'an address in brackets'],
    ['a,b', /letters, digits/, 'a list'],
    ['*', /asterisk/, 'an asterisk alone'],
    ['*.', /asterisk/, 'an asterisk at the root'],
    ['*.*.example.org', /asterisk/, 'two asterisks'],
    ['home.*.example.org', /asterisk/, 'an asterisk inside'],
    ['*home.example.org', /asterisk/, 'an asterisk beside letters'],
    ['*bücher.example.org', /asterisk/, 'an asterisk beside a U-label'],
    ['１９２.0.2.1', /international/, 'what would turn into an IPv4 address'],
    ['１９２。0。2。1', /international/, 'what would turn into an IPv4 address, by its dots too'],
    ['０x7f.1', /international/, 'what would turn into an IPv4 address in a short, hexadecimal form'],
    ['１', /international/, 'a full-width number'],
    ['bücher%2eexample.org', /international/, 'a percent sign beside U-labels'],
    ['ｂ％41.example.org', /international/, 'a full-width percent sign'],
    ['bücher@example.org', /international/, 'user information beside U-labels'],
    ['bücher.example.org:80', /international/, 'a port behind U-labels'],
    ['bücher.example.org/x', /international/, 'a path behind U-labels'],
    ['bücher.example.org?x', /international/, 'a query behind U-labels'],
    ['bücher.example.org#x', /international/, 'a fragment behind U-labels'],
    ['bücher.example.org\\x', /international/, 'a backslash behind U-labels'],
    ['bü\tcher.example.org', /international/, 'a tab that a URL would lose'],
    ['bü\ncher.example.org', /international/, 'a line end that a URL would lose'],
    ['bü cher.example.org', /international/, 'a space beside U-labels'],
    ['bü\u3000cher.example.org', /international/, 'an ideographic space'],
    ['℀.example.org', /international/, 'a character that stands for one with a slash'],
    ['a\u200db.example.org', /international/, 'a zero-width joiner where no script needs it'],
    ['\u0300.example.org', /international/, 'a combining character in front'],
    ['\ud83d.example.org', /international/, 'half a surrogate pair'],
    ['bücher.xn--a', /international/, 'an A-label beside a U-label that is none'],
    ['\u0085.example.org', /international/, 'a control character beyond ASCII'],
    ['\uffff.example.org', /international/, 'a noncharacter'],
  ];
  for (const [text, reason, why] of refusals) {
    it(`cannot be ${why}: ${JSON.stringify(text)}`, () => {
      assert.match(reasonIn(parseDomainName(text)), reason);
    });
  }

  it('has labels of up to 63 octets', () => {
    assert.ok(parseDomainName(`${'a'.repeat(63)}.example.org`).ok);
    assert.match(reasonIn(parseDomainName(`${'a'.repeat(64)}.example.org`)), /63 characters/);
  });

  it('has labels of up to 63 octets counted as A-labels', () => {
    // "xn--" and the ending take their part of the 63.
    const longest = `${'a'.repeat(55)}ü`;
    assert.equal(valueIn(parseDomainName(`${longest}.org`)).length, '.org'.length + 63);
    assert.match(reasonIn(parseDomainName(`a${longest}.org`)), /63 characters/);
  });

  it('has up to 253 characters, which are 255 octets on the wire, with or without the final dot', () => {
    const label = 'a'.repeat(63);
    const longest = `${label}.${label}.${label}.${'a'.repeat(61)}`;
    assert.equal(longest.length, 253);
    assert.equal(valueIn(parseDomainName(longest)), longest);
    assert.equal(valueIn(parseDomainName(`${longest}.`)), longest);
    assert.match(reasonIn(parseDomainName(`${longest}a`)), /253 characters/);
  });

  it('has up to 253 characters counted as A-labels', () => {
    const text = Array.from({ length: 20 }, () => 'bücher').join('.');
    assert.equal(text.length, 139);
    assert.match(reasonIn(parseDomainName(text)), /253 characters/);
  });

  it('may have 127 labels', () => {
    const most = Array.from({ length: 127 }, () => 'a').join('.');
    assert.equal(valueIn(parseDomainName(most)), most);
  });

  // Of a size that is never read to an end if the work grows with more than the length.
  for (const unit of ['a', '.', '-', 'a-', '*', '_.', 'ü', 'ü.', '。', '\ud800', '\u200d', '%41']) {
    it(`is not looked for in a million of ${JSON.stringify(unit)}`, () => {
      assert.match(reasonIn(parseDomainName(unit.repeat(1_000_000))), /253 characters/);
    });
  }

  it('that the program writes itself is checked as well', () => {
    assert.equal(domainName('Home.example.org.'), 'home.example.org');
    assert.throws(() => domainName('home example'), {
      name: 'TypeError',
      message: /"home example": a label/,
    });
  });
});

/** Texts that come near to names, with everything in between that was ever mistaken for a part of one. */
const nearNames = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.stringMatching(/^[a-zA-Z0-9_-]{1,10}$/),
      fc.constantFrom(
        '.',
        '.',
        '。',
        '．',
        '*',
        '*.',
        'ü',
        'ß',
        'xn--',
        '１',
        '127',
        '%2e',
        '\u200d',
        '\ud800',
        '/',
        '@',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('every text', () => {
  it('is a name that reads as itself, or has a reason of one line', () => {
    fc.assert(
      fc.property(fc.oneof(nearNames, fc.string({ unit: 'binary' }), fc.string()), (text) => {
        const parsed = parseDomainName(text);
        if (!parsed.ok) {
          assert.match(parsed.reason, /^[^\n]+[^.\n]$/);
          return;
        }
        assert.deepEqual(parseDomainName(parsed.value), parsed);
        assert.match(parsed.value, /^(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/);
        assert.ok(parsed.value.length <= 253);
      }),
      { numRuns },
    );
  });

  it('of letters, digits and hyphens is the same name in any case and with a final dot', () => {
    const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/);
    const flips = fc.array(fc.boolean(), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), flips, (labels, upper) => {
        const name = labels.join('.');
        const mixed = [...name].map((c, at) => (upper[at % upper.length] ? c.toUpperCase() : c)).join('');
        assert.equal(valueIn(parseDomainName(mixed)), name);
        assert.equal(valueIn(parseDomainName(`${mixed}.`)), name);
      }),
      { numRuns },
    );
  });
});

describe('names in the tree', () => {
  const root = '' as DomainName;
  const [org, example, home] = ['org', 'example.org', 'home.example.org'].map(domainName) as [
    DomainName,
    DomainName,
    DomainName,
  ];

  it('lie at or below their zone on label boundaries only', () => {
    assert.equal(isAtOrBelow(home, example), true);
    assert.equal(isAtOrBelow(example, example), true);
    assert.equal(isAtOrBelow(example, root), true);
    assert.equal(isAtOrBelow(example, home), false);
    assert.equal(isAtOrBelow(domainName('badexample.org'), example), false);
  });

  it('have a parent, the root above the last', () => {
    assert.equal(parentOf(home), example);
    assert.equal(parentOf(org), root);
  });

  it('are held by the closest zone, in whatever order the zones are given', () => {
    for (const zones of [
      [org, example],
      [example, org],
    ]) {
      assert.equal(closestZone(home, zones), example);
      assert.equal(closestZone(domainName('other.org'), zones), org);
      assert.equal(closestZone(domainName('example.net'), zones), undefined);
    }
    assert.equal(closestZone(home, [root]), root);
    assert.equal(closestZone(home, []), undefined);
  });
});
