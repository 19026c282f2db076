import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isOlder } from '../../../src/domain/serial.ts';

describe('Serials (RFC 1982)', () => {
  it('are older within half of the circle, and neither when exactly opposite', () => {
    assert.equal(isOlder(1, 2), true);
    assert.equal(isOlder(2, 1), false);
    assert.equal(isOlder(1, 1), false);
    assert.equal(isOlder(0xffff_ffff, 0), true);
    assert.equal(isOlder(0, 0x8000_0000), false);
    assert.equal(isOlder(0x8000_0000, 0), false);
    assert.equal(isOlder(0, 0x7fff_ffff), true);
  });
});
