import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseChosenTokenName, parseTokenDigest, parseTokenName } from '../../../src/domain/update-token.ts';
import { reasonIn, valueIn } from '../../support/parsed.ts';

describe('the name of a token', () => {
  for (const text of ['router', 'FRITZ.Box-7590_2', '1', 'a'.repeat(64)]) {
    it(`is ${text}`, () => assert.equal(valueIn(parseTokenName(text)), text));
  }
  for (const text of ['', ' ', 'my router', 'a/b', 'a:b', 'a"b', 'é', 'router\n', 'a'.repeat(65)]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.match(reasonIn(parseTokenName(text)), /1 to 64 letters, digits, dots, hyphens or underscores/);
    });
  }
});

describe('the chosen name of a token', () => {
  for (const text of ['router', '...', '.a', 'a..b']) {
    it(`is ${text}`, () => assert.equal(valueIn(parseChosenTokenName(text)), text));
  }
  for (const text of ['.', '..']) {
    it(`is not ${text}, which no path of a URL can end with; a token that has that name is read`, () => {
      assert.match(reasonIn(parseChosenTokenName(text)), /cannot be in a path/);
      assert.equal(valueIn(parseTokenName(text)), text);
    });
  }
  it('is nothing that is no name of a token', () => {
    assert.equal(reasonIn(parseChosenTokenName('my router')), reasonIn(parseTokenName('my router')));
  });
});

describe('the digest of a token', () => {
  const digest = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

  it('has 64 lower-case hexadecimal digits', () => {
    assert.equal(valueIn(parseTokenDigest(digest)), digest);
  });
  for (const text of [
    '',
    digest.slice(1),
    `${digest}0`,
    digest.toUpperCase(),
    `${digest}\n`,
    `g${digest.slice(1)}`,
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.match(reasonIn(parseTokenDigest(text)), /64 lower-case hexadecimal digits/);
    });
  }
});
