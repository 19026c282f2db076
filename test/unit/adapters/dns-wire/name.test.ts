import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeName, lowerName, readName, readNameOctets } from '../../../../src/adapters/dns-wire/name.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import { octetsOf } from '../../../support/octets.ts';
import { wireFault } from '../../../support/wire-fault.ts';

const HEADER = Buffer.alloc(12);

/** The name at the start of what stands behind an empty header, or at `offset` of it. */
const read = (hex: string, offset = 0) => readName(Buffer.concat([HEADER, octetsOf(hex)]), 12 + offset);

describe('a name on the wire', () => {
  const names: readonly [what: string, hex: string, text: string][] = [
    ['the root', '00', ''],
    ['one label', '03 6f7267 00', 'org'],
    ['labels, their case kept', '03 777757 07 4578616d706c65 03 6f7267 00', 'wwW.Example.org'],
    ['a dot in a label', '03 612e62 00', 'a\\.b'],
    ['a backslash in a label', '03 615c62 00', 'a\\\\b'],
    ['octets outside of printable ASCII', '05 00207f80ff 00', '\\000\\032\\127\\128\\255'],
    ['what only master files escape', '06 22282924403b 00', '"()$@;'],
    ['a label that looks like an escape', '04 5c303436 00', '\\\\046'],
    ['a label of 63 octets', `3f ${'61'.repeat(63)} 00`, 'a'.repeat(63)],
    ['255 octets', `${'01 61'.repeat(127)} 00`, 'a.'.repeat(127).slice(0, -1)],
  ];
  for (const [what, hex, text] of names) {
    it(`reads and writes ${what}`, () => {
      assert.deepEqual(read(hex), { name: text, next: 12 + octetsOf(hex).length });
      assert.deepEqual(encodeName(text), octetsOf(hex));
    });
  }

  it('follows pointers back, and goes on behind the first', () => {
    const hex = '03 6f7267 00  01 61 c00c  01 62 c011  ff';
    assert.deepEqual(read(hex, 9), { name: 'b.a.org', next: 12 + 13 });
    assert.deepEqual(readNameOctets(Buffer.concat([HEADER, octetsOf(hex)]), 21), {
      octets: octetsOf('01 62 01 61 03 6f7267 00'),
      next: 12 + 13,
    });
  });

  it('follows a pointer to a pointer', () => {
    assert.deepEqual(read('03 6f7267 00  c00c  c011', 7), { name: 'org', next: 12 + 9 });
  });

  const refusals: readonly [what: string, hex: string, offset: number, message: RegExp][] = [
    ['a pointer to itself', 'c00c', 0, /does not lead back at octet 12$/],
    ['a loop of two pointers', 'c00e c00c', 2, /does not lead back at octet 12$/],
    ['a loop through a label', '01 61 c00c', 0, /does not lead back at octet 14$/],
    ['a pointer into the labels before it', '01 61 01 62 c00e', 0, /does not lead back at octet 16$/],
    ['a pointer forward', 'c00e 03 6f7267 00', 0, /does not lead back at octet 12$/],
    ['a pointer into the header', 'c000', 0, /into the header at octet 12$/],
    ['half a pointer', 'c0', 0, /ends within a name at octet 12$/],
    ['a label of type 01', '41 61 00', 0, /unknown type 0x40 at octet 12$/],
    ['a label of type 10', '81 61 00', 0, /unknown type 0x80 at octet 12$/],
    ['a label that runs over the end', '03 6162', 0, /ends within a label at octet 12$/],
    ['a missing end', '01 61', 0, /ends within a name at octet 14$/],
    ['nothing', '', 0, /ends within a name at octet 12$/],
    ['256 octets', `${'01 61'.repeat(126)} 02 6161 00`, 0, /more than 255 octets at octet 12$/],
    ['256 octets by a pointer', `${'01 61'.repeat(126)} 00  02 6161 c00c`, 253, /more than 255 octets/],
  ];
  for (const [what, hex, offset, message] of refusals) {
    it(`is refused: ${what}`, () => {
      assert.throws(() => read(hex, offset), wireFault('WIRE_MALFORMED', message));
    });
  }

  it('is refused when a chain of pointers is longer than any name', () => {
    const chain = (length: number) =>
      `00 ${Array.from({ length }, (_, index) => (index === 0 ? 'c00c' : (0xc00b + 2 * index).toString(16))).join('')}`;
    assert.deepEqual(read(chain(127), 1 + 2 * 126), { name: '', next: 12 + 1 + 2 * 127 });
    assert.throws(
      () => read(chain(128), 1 + 2 * 127),
      wireFault('WIRE_MALFORMED', /too many compression pointers/),
    );
  });
});

describe('a name in presentation text', () => {
  it('may be written with escapes that it does not need', () => {
    assert.deepEqual(encodeName('\\a\\"\\097.\\111rg'), octetsOf('03 612261 03 6f7267 00'));
  });

  const refusals: readonly [what: string, text: string, message: RegExp][] = [
    ['a dot alone', '.', /empty label/],
    ['a final dot', 'example.org.', /empty label/],
    ['a first dot', '.example.org', /empty label/],
    ['two dots', 'example..org', /empty label/],
    ['a label of 64 octets', `${'a'.repeat(64)}.org`, /more than 63 octets/],
    ['a label of 192 octets, whose length would be a pointer', 'a'.repeat(192), /more than 63 octets/],
    ['a label of 256 octets', 'a'.repeat(256), /more than 255 octets/],
    ['256 octets', `${'a.'.repeat(126)}aa`, /more than 255 octets/],
    ['a space', 'a b', /needs an escape/],
    ['a control character', 'a\n', /needs an escape/],
    ['characters outside of ASCII', 'š.org', /needs an escape/],
    ['half an escape', 'a\\', /broken escape/],
    ['an escape of one digit', 'a\\1', /broken escape/],
    ['an escape of two digits', 'a\\12.org', /broken escape/],
    ['an escape above 255', 'a\\256', /broken escape/],
  ];
  for (const [what, text, message] of refusals) {
    it(`is refused: ${what}`, () => {
      assert.throws(() => encodeName(text), wireFault('WIRE_UNWRITABLE', message));
    });
  }

  it('is compared without regard to the case of ASCII, escapes and other octets untouched', () => {
    assert.equal(lowerName('WWW.Ex\\.AMPLE.\\195\\Z'), 'www.ex\\.ample.\\195\\z');
  });
});

describe('every name', () => {
  const label = fc.uint8Array({ minLength: 1, maxLength: 63 });
  const name = fc
    .array(label, { maxLength: 8 })
    .map((labels) => labels.map((octets) => Buffer.from([octets.length, ...octets])))
    .map((labels) => Buffer.concat([...labels, Buffer.alloc(1)]))
    .filter((octets) => octets.length <= 255);

  it('survives the way from the wire to text and back', () => {
    fc.assert(
      fc.property(name, (octets) => {
        const { name: text, next } = readName(Buffer.concat([HEADER, octets]), 12);
        assert.equal(next, 12 + octets.length);
        assert.match(text, /^[!-~]*$/);
        assert.deepEqual(encodeName(text), octets);
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });

  it('has a text of its own', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        const [oneText, otherText] = [one, other].map(
          (octets) => readName(Buffer.concat([HEADER, octets]), 12).name,
        );
        assert.equal(oneText === otherText, one.equals(other));
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });
});
