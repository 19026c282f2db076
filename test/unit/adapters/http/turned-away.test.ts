import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALICE, basic, CAM, HOME, startService } from './service.ts';

const MINUTE = 60_000;

async function afterTenFailures() {
  const service = await startService({ trustedProxies: ['127.0.0.0/8'] });
  for (let failure = 0; failure < 10; failure += 1) {
    const { status } = await service.ask(`/nic/update?hostname=${HOME}`, { as: basic('alice', 'guess') });
    assert.equal(status, 401);
  }
  return service;
}

describe('after ten failed logins from an address', () => {
  it('dyndns2 says abuse, even to the right password, and when to come back', async () => {
    const { ask, dns } = await afterTenFailures();
    const { status, body, headers } = await ask(`/nic/update?hostname=${HOME}`, { as: ALICE });
    assert.deepEqual([status, body, headers['retry-after']], [429, 'abuse\n', '60']);
    assert.equal(dns.applied.length, 0);
  });

  it('the original route says 429', async () => {
    const { ask } = await afterTenFailures();
    const { status, headers } = await ask(`/dns/update?domain=${HOME}`, { as: ALICE });
    assert.deepEqual([status, headers['retry-after']], [429, '60']);
  });

  it('other addresses are served', async () => {
    const { ask } = await afterTenFailures();
    const elsewhere = { as: ALICE, headers: { 'X-Forwarded-For': '192.0.2.1' } };
    assert.equal((await ask(`/nic/update?hostname=${HOME}`, elsewhere)).body, 'good 192.0.2.1\n');
  });

  it('what shows no credentials is answered as ever', async () => {
    const { ask } = await afterTenFailures();
    assert.equal((await ask('/ip')).body, '127.0.0.1');
    assert.equal((await ask(`/nic/update?hostname=${HOME}`)).status, 401);
  });

  it('a minute later the right password counts again', async () => {
    const { ask, clock } = await afterTenFailures();
    await clock.advance(MINUTE);
    assert.equal((await ask(`/nic/update?hostname=${HOME}`, { as: ALICE })).status, 200);
  });
});

it('requests without credentials never bring a pause', async () => {
  const { ask } = await startService();
  for (let request = 0; request < 30; request += 1) {
    assert.equal((await ask(`/nic/update?hostname=${CAM}`)).status, 401);
  }
  assert.equal((await ask(`/nic/update?hostname=${CAM}`, { as: ALICE })).status, 200);
});
