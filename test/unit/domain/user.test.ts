import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseChosenUserName, parseUserName } from '../../../src/domain/user.ts';
import { fuzzRuns } from '../../support/fuzz-runs.ts';
import { reasonIn, valueIn } from '../../support/parsed.ts';

describe('a user name', () => {
  for (const text of [
    'alice',
    'Alice',
    'home.example.org',
    'alice@example.org',
    'a b',
    '__proto__',
    'a.b',
    '"quoted"',
    'アリス',
    '👩‍💻',
    'a'.repeat(255),
  ]) {
    it(`is ${JSON.stringify(text.slice(0, 30))}, exactly as written`, () => {
      assert.equal(valueIn(parseUserName(text)), text);
    });
  }

  const refusals: readonly [text: string, reason: RegExp][] = [
    ['', /needed/],
    [':', /no colon/],
    ['alice:secret', /no colon/],
    ['alice\n', /control characters/],
    ['a\0b', /control characters/],
    ['a\tb', /control characters/],
    ['a\u0085b', /control characters/],
    ['a\u007fb', /control characters/],
    ['a\ud83d', /control characters/],
    ['\udc69a', /control characters/],
    ['a'.repeat(256), /255 characters/],
    ['a'.repeat(1_000_000), /255 characters/],
  ];
  for (const [text, reason] of refusals) {
    it(`is not ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.match(reasonIn(parseUserName(text)), reason);
    });
  }

  it('survives a file in UTF-8, and HTTP credentials, unchanged', () => {
    const units = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom('a', ':', '\ud800', '\udc00', '\n', 'é', '😀')).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(units, (text) => {
        const parsed = parseUserName(text);
        if (!parsed.ok) return;
        assert.equal(parsed.value, text);
        const bytes = Buffer.from(`${text}:secret`, 'utf8');
        assert.equal(bytes.toString('utf8').split(':')[0], text);
      }),
      { numRuns: fuzzRuns(1000) },
    );
  });
});

describe('a chosen user name', () => {
  for (const text of [
    'alice',
    'alice@example.org',
    'a b',
    '"quoted"',
    'アリス',
    '👩',
    'Üni',
    '...',
    '.alice.',
    'a'.repeat(255),
    'Constructor',
  ]) {
    it(`is ${JSON.stringify(text.slice(0, 30))}, exactly as written`, () => {
      assert.equal(valueIn(parseChosenUserName(text)), text);
    });
  }

  for (const text of ['', 'alice:secret', 'a\tb', 'a'.repeat(256)]) {
    it(`is not ${JSON.stringify(text.slice(0, 30))}, for the same reason as any name`, () => {
      assert.equal(reasonIn(parseChosenUserName(text)), reasonIn(parseUserName(text)));
    });
  }

  for (const name of Object.getOwnPropertyNames(Object.prototype)) {
    it(`is not ${name}, which a configuration cannot have; a user of that name in a database logs in`, () => {
      assert.match(reasonIn(parseChosenUserName(name)), /choose another one/);
      assert.equal(valueIn(parseUserName(name)), name);
    });
  }

  for (const [text, reason] of [
    ['.', /cannot be in a path/],
    ['..', /cannot be in a path/],
    [' alice', /no space at its beginning or end/],
    ['alice ', /no space at its beginning or end/],
    ['alice\u00a0', /no space at its beginning or end/],
    ['\u3000alice', /no space at its beginning or end/],
    ['U\u0308ni', /type it instead of copying it/],
  ] as const) {
    it(`is not ${encodeURI(text)}; a user who has that name logs in`, () => {
      assert.match(reasonIn(parseChosenUserName(text)), reason);
      assert.equal(valueIn(parseUserName(text)), text);
    });
  }

  for (const text of [
    '\u202eevil',
    'olga\u200b',
    'ol\u00adga',
    '\ufeffolga',
    'olga\u2066',
    'a\u2028b',
    'a\u2029b',
    '\u{e0041}olga',
    '👩‍💻',
  ]) {
    it(`is not ${encodeURI(text)}, which shows less than it has; a user who has that name logs in`, () => {
      assert.match(reasonIn(parseChosenUserName(text)), /invisible characters.*leave them out/);
      assert.equal(valueIn(parseUserName(text)), text);
    });
  }
});
