import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALICE, BOB, BOBHOST, basic, CAM, HOME, startService } from './service.ts';

const MINUTE = 60_000;

/** Guesses that were all judged. */
async function afterFailures(count: number, as: (guess: number) => string) {
  const service = await startService({ trustedProxies: ['127.0.0.0/8'] });
  for (let guess = 0; guess < count; guess += 1) {
    const { status } = await service.ask(`/nic/update?hostname=${HOME}`, { as: as(guess) });
    assert.equal(status, 401);
  }
  return service;
}

describe('after ten failed logins of a name from an address', () => {
  const tenFailures = () => afterFailures(10, (guess) => basic('alice', `guess ${guess}`));

  it('dyndns2 says abuse, even to the right password, and when to come back', async () => {
    const { ask, dns } = await tenFailures();
    const { status, body, headers } = await ask(`/nic/update?hostname=${HOME}`, { as: ALICE });
    assert.deepEqual([status, body, headers['retry-after']], [429, 'abuse\n', '60']);
    assert.equal(dns.applied.length, 0);
  });

  it('the original route says 429', async () => {
    const { ask } = await tenFailures();
    const { status, headers } = await ask(`/dns/update?domain=${HOME}`, { as: ALICE });
    assert.deepEqual([status, headers['retry-after']], [429, '60']);
  });

  it('other users at that address, and the same user at another, are served', async () => {
    const { ask } = await tenFailures();
    assert.equal((await ask(`/nic/update?hostname=${BOBHOST}`, { as: BOB })).body, 'good 127.0.0.1\n');
    const elsewhere = { as: ALICE, headers: { 'X-Forwarded-For': '192.0.2.1' } };
    assert.equal((await ask(`/nic/update?hostname=${HOME}`, elsewhere)).body, 'good 192.0.2.1\n');
  });

  it('what shows no credentials is answered as ever', async () => {
    const { ask } = await tenFailures();
    assert.equal((await ask('/ip')).body, '127.0.0.1');
    assert.equal((await ask(`/nic/update?hostname=${HOME}`)).status, 401);
  });

  it('a minute later the right password counts again', async () => {
    const { ask, clock } = await tenFailures();
    await clock.advance(MINUTE);
    assert.equal((await ask(`/nic/update?hostname=${HOME}`, { as: ALICE })).status, 200);
  });
});

describe('after fifty failed logins from an address', () => {
  const fiftyFailures = () => afterFailures(50, (guess) => `Bearer guess-${guess}`);

  it('dyndns2 says 911, so that devices with the right password come back, and when', async () => {
    const { ask, dns } = await fiftyFailures();
    const { status, body, headers } = await ask(`/nic/update?hostname=${HOME}`, { as: ALICE });
    assert.deepEqual([status, body, headers['retry-after']], [503, '911\n', '60']);
    assert.equal(dns.applied.length, 0);
  });

  it('the original route says 503', async () => {
    const { ask } = await fiftyFailures();
    const { status, headers } = await ask(`/dns/update?domain=${HOME}`, { as: ALICE });
    assert.deepEqual([status, headers['retry-after']], [503, '60']);
  });

  it('other addresses are served', async () => {
    const { ask } = await fiftyFailures();
    const elsewhere = { as: ALICE, headers: { 'X-Forwarded-For': '192.0.2.1' } };
    assert.equal((await ask(`/nic/update?hostname=${HOME}`, elsewhere)).body, 'good 192.0.2.1\n');
  });
});

it('a device with an old password never brings a pause', async () => {
  const { ask } = await afterFailures(60, () => basic('alice', 'an old password'));
  assert.equal((await ask(`/nic/update?hostname=${HOME}`, { as: ALICE })).status, 200);
});

it('requests without credentials never bring a pause', async () => {
  const { ask } = await startService();
  for (let request = 0; request < 30; request += 1) {
    assert.equal((await ask(`/nic/update?hostname=${CAM}`)).status, 401);
  }
  assert.equal((await ask(`/nic/update?hostname=${CAM}`, { as: ALICE })).status, 200);
});
