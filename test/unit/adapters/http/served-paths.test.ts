import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRoute, SERVED_PATHS } from '../../../../src/adapters/http/served-paths.ts';

describe('a route that a listener is limited to', () => {
  it('is a path that is served, in any case, with or without a final slash', () => {
    for (const route of [...SERVED_PATHS, '/NIC/Update', '/ip/']) {
      assert.deepEqual(parseRoute(route), { ok: true, value: route });
    }
  });

  for (const route of ['/nic/updat', 'nic/update']) {
    it(`is refused as ${JSON.stringify(route)}, with the path that was probably meant`, () => {
      const reason = 'nothing is served at this path; did you mean "/nic/update"?';
      assert.deepEqual(parseRoute(route), { ok: false, reason });
    });
  }

  for (const route of ['/metrics', '/ip?x', '']) {
    it(`is refused as ${JSON.stringify(route)}`, () => {
      assert.match((parseRoute(route) as { reason: string }).reason, /^nothing is served at this path; /);
    });
  }

  it('is refused with all paths where none is near', () => {
    assert.deepEqual(parseRoute('/no/such/place'), {
      ok: false,
      reason: `nothing is served at this path; routes are ${SERVED_PATHS.join(', ')}`,
    });
  });
});
