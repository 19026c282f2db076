import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Metrics, noMetrics } from '../../../../src/application/ports/metrics.ts';
import { ALICE, basic, HOME, startService } from './service.ts';

const ADDRESS = '203.0.113.7';

/** What was counted, each as a line. */
function recording(): { readonly metrics: Metrics; readonly lines: string[] } {
  const lines: string[] = [];
  const metrics: Metrics = {
    ...noMetrics,
    requestAnswered: (...values) => void lines.push(`request ${values.join(' ')}`),
    loginJudged: (outcome) => void lines.push(`login ${outcome}`),
    challengeAnswered: (...values) => void lines.push(`challenge ${values.filter(Boolean).join(' ')}`),
    nameUpdated: (outcome, fault) => void lines.push(`name ${[outcome, fault].filter(Boolean).join(' ')}`),
  };
  return { metrics, lines };
}

describe('what is counted of HTTP', () => {
  it('an update: the login, each name, the request', async () => {
    const { metrics, lines } = recording();
    const { ask } = await startService({ metrics });
    await ask(`//nic/update?hostname=${HOME},void.example.org&myip=${ADDRESS}`, { as: ALICE });
    await ask(`/dns/update?domain=${HOME}&ipv4=${ADDRESS}`, { as: ALICE });
    assert.deepEqual(lines, [
      'login authenticated',
      'name changed',
      'name unknown-name',
      'request /nic/update 200 0',
      'login authenticated',
      'name unchanged',
      'request /dns/update 200 0',
    ]);
  });

  it('a challenge: what was asked, and what came of it, with the code of a failure', async () => {
    const { metrics, lines } = recording();
    const { ask, dns } = await startService({ metrics });
    const value = 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ';
    const post = (action: string, name: string) => {
      const body = JSON.stringify({ fqdn: `_acme-challenge.${name}`, value });
      return ask(`/acme/${action}`, { method: 'POST', body, as: ALICE });
    };
    await post('present', HOME);
    await post('present', 'void.example.org');
    dns.fail('apply', `_acme-challenge.${HOME}`, 'DNS_TIMEOUT');
    await post('cleanup', HOME);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('challenge')),
      ['challenge present done', 'challenge present refused', 'challenge cleanUp failed DNS_TIMEOUT'],
    );
  });

  it('a failure with its code', async () => {
    const { metrics, lines } = recording();
    const { ask, dns } = await startService({ metrics });
    dns.fail('apply', HOME, 'DNS_REFUSED');
    await ask(`/nic/update?hostname=${HOME}&myip=${ADDRESS}`, { as: ALICE });
    assert.deepEqual(lines.slice(1), ['name failed DNS_REFUSED', 'request /nic/update 503 0']);
  });

  it('a wrong login; none where no credentials were shown', async () => {
    const { metrics, lines } = recording();
    const { ask } = await startService({ metrics });
    await ask('/nic/update', { as: basic('alice', 'wrong') });
    await ask('/nic/update');
    assert.deepEqual(lines, ['login rejected', 'request /nic/update 401 0', 'request /nic/update 401 0']);
  });

  it('requests for an address, and everything else under one name', async () => {
    const { metrics, lines } = recording();
    const { ask } = await startService({ metrics });
    for (const path of ['/ip', '/nic/checkip.html', '/nope', '/NOPE/2', '/%00']) await ask(path);
    assert.deepEqual(lines, [
      'request /ip 200 0',
      'request /nic/checkip.html 200 0',
      'request other 404 0',
      'request other 404 0',
      'request other 404 0',
    ]);
  });

  it('a route in any spelling under its name', async () => {
    const { metrics, lines } = recording();
    const { ask } = await startService({ metrics });
    for (const path of ['/CheckIP/', '/NIC/update', '/dyndns/update/', '//']) await ask(path);
    assert.deepEqual(lines, [
      'request /checkip 200 0',
      'request /nic/update 401 0',
      'request /dyndns/update 401 0',
      'request / 404 0',
    ]);
  });

  it('the account of a name under the route of all accounts', async () => {
    const { metrics, lines } = recording();
    const { ask } = await startService({ metrics });
    for (const path of ['/acme-dns/accounts', `/acme-dns/accounts/${HOME}`]) await ask(path);
    assert.deepEqual(lines, ['request /acme-dns/accounts 401 0', 'request /acme-dns/accounts 401 0']);
  });

  it('a request that broke inside', async () => {
    const { metrics, lines } = recording();
    const { ask, users } = await startService({ metrics });
    users.find = () => Promise.reject(new Error('broken'));
    await ask(`/dns/update?domain=${HOME}`, { as: ALICE });
    assert.deepEqual(lines, ['request /dns/update 500 0']);
  });
});
