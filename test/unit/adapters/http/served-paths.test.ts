import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkRoutes } from '../../../../src/adapters/http/served-paths.ts';
import { DEFAULT_SETTINGS } from '../../../../src/application/manage/settings.ts';

const listener = (...routes: readonly string[]) => ({ ...DEFAULT_SETTINGS.http, tls: false, routes });

describe('the routes that a listener is limited to', () => {
  it('are named in any case, with or without a final slash, as requests do', () => {
    checkRoutes([{ ...listener(), routes: undefined }, listener('/NIC/Update', '/ip/', '/')]);
  });

  it('are refused all together where nothing is served, each with its key and what might have been meant', () => {
    assert.throws(() => checkRoutes([listener('/ip'), listener('/nic/update', '/nic/updat', '/metrics')]), {
      code: 'HTTP_ROUTE_UNKNOWN',
      message:
        'http.listeners[1].routes[1]: nothing is served at "/nic/updat"; did you mean "/nic/update"?\n' +
        'http.listeners[1].routes[2]: nothing is served at "/metrics"; routes are /, /dns/update, /nic/update, ' +
        '/v3/update, /update, /dyndns/update, /nic/dyndns, /ip, /port, /socket, /checkip, /myip, /nic/checkip.html, ' +
        '/acme/present, /acme/cleanup, /acme-dns/update, /acme-dns/health, /acme-dns/accounts',
    });
  });
});
