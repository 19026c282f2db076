import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rdataOf, recordValueIn } from '../../../../src/adapters/dns-wire/record-value.ts';

describe('the RDATA of TXT', () => {
  for (const length of [1, 255, 256, 510, 511]) {
    it(`has as many character-strings as ${length} octets take, and is read as one text`, () => {
      const value = { family: 'text', text: 'x'.repeat(length) } as const;
      const rdata = rdataOf(value);
      assert.equal(rdata.length, length + Math.ceil(length / 255));
      assert.equal(rdata[0], Math.min(length, 255));
      assert.deepEqual(recordValueIn('TXT', rdata), value);
    });
  }
});
