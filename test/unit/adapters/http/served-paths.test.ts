import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRoute, SERVED_PATHS, servedRouteOf } from '../../../../src/adapters/http/served-paths.ts';

describe('the route of a path', () => {
  it('is the path itself, in any spelling', () => {
    for (const route of SERVED_PATHS) assert.equal(servedRouteOf(route), route);
    assert.equal(servedRouteOf('/NIC/Update/'), '/nic/update');
  });

  it('is that of all accounts for the account of a name', () => {
    for (const path of ['/acme-dns/accounts/home.example.org', '/ACME-DNS/Accounts/_x/']) {
      assert.equal(servedRouteOf(path), '/acme-dns/accounts');
    }
  });

  it('is not known where nothing is served', () => {
    for (const path of ['', '/nope', '/nic/update/x', '/acme-dns/accounts/one/two', '/acme-dns/health/x']) {
      assert.equal(servedRouteOf(path), undefined);
    }
  });
});

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
