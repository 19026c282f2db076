import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTtl, ttl } from '../../../src/domain/ttl.ts';
import { reasonIn, valueIn } from '../../support/parsed.ts';

describe('a TTL', () => {
  for (const value of [0, 60, 2_147_483_647]) {
    it(`is a number or a text of ${value}`, () => {
      assert.equal(valueIn(parseTtl(value)), value);
      assert.equal(valueIn(parseTtl(String(value))), value);
      assert.equal(ttl(value), value);
    });
  }

  for (const value of [-1, 2_147_483_648, 2 ** 53, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`is not ${value}, as a number or as a text`, () => {
      assert.match(reasonIn(parseTtl(value)), /whole number of seconds from 0 to 2147483647/);
      assert.match(reasonIn(parseTtl(String(value))), /whole number of seconds from 0 to 2147483647/);
      assert.throws(() => ttl(value), { name: 'TypeError' });
    });
  }

  for (const text of [
    '',
    ' ',
    '60 ',
    '+60',
    '1e3',
    '0x3c',
    '60s',
    '1h',
    '٦٠',
    '60\n',
    '9'.repeat(1_000_000),
  ]) {
    it(`is not the text ${JSON.stringify(text.slice(0, 20))}`, () => {
      assert.match(reasonIn(parseTtl(text)), /whole number/);
    });
  }
});
