import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALICE, HOME, startService } from './service.ts';

const UPDATE = `hostname=${HOME}&myip=203.0.113.7`;

describe('a socket with routes of its own', () => {
  const open = () => startService({ served: ['/nic/update', '/checkip/'] });

  for (const path of ['/nic/update', '//nic/update', '/NIC/Update', '/nic/update/']) {
    it(`serves ${path}`, async () => {
      const { ask } = await open();
      const { status, body } = await ask(`${path}?${UPDATE}`, { as: ALICE });
      assert.deepEqual([status, body], [200, 'good 203.0.113.7\n']);
    });
  }

  it('serves a route that was named with a final slash', async () => {
    const { ask } = await open();
    for (const path of ['/checkip', '/CheckIP/']) assert.equal((await ask(path)).body, '127.0.0.1\n');
  });

  for (const path of [
    '/v3/update',
    '/update',
    '/dyndns/update',
    '/dns/update',
    '/',
    '/ip',
    '/nic/update/x',
    '/nic%2fupdate',
    '/nic',
  ]) {
    it(`has no ${path}, and changes nothing`, async () => {
      const { ask, dns } = await open();
      const { status, body } = await ask(`${path}?${UPDATE}&domain=${HOME}`, { as: ALICE });
      assert.deepEqual([status, body], [404, '404 Not Found\n']);
      assert.deepEqual(dns.applied, []);
    });
  }

  it('redirects nobody', async () => {
    const { ask } = await open();
    for (const path of ['/nic/update', '/v3/update', '/ip']) {
      const { status, headers } = await ask(path);
      assert.ok(status >= 400);
      assert.equal(headers['location'], undefined);
    }
  });
});
