import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connectionLimit } from '../../../../src/adapters/http/connection-limit.ts';

describe('the connections that a socket may have', () => {
  it('are as many as were asked for where enough files may be open', () => {
    assert.equal(connectionLimit(1, 20_000, 1_048_576), 20_000);
  });

  it('leave files for everything else', () => {
    assert.equal(connectionLimit(1, 20_000, 1_024), 824);
  });

  it('are shared by all sockets', () => {
    assert.equal(connectionLimit(2, 20_000, 1_024), 412);
  });

  it('are never none', () => {
    assert.equal(connectionLimit(2, 20_000, 64), 1);
  });
});
