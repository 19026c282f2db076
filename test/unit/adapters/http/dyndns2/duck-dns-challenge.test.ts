import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TokenUse } from '../../../../../src/domain/update-token.ts';
import { ALICE, type Answer, BOBHOST, HOME, startService, user } from '../service.ts';

const TXT = 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ';
const OTHER = '0-hR1zCTVcrYBXsCVHGVFtvWw4Vhe6bKFHCvFhaVXaE';
const CHALLENGE = `_acme-challenge.${HOME}`;
const MINE = `/update?domains=${HOME}&token=secret`;
const inShort = ({ status, body }: Answer) => [status, body];

const open = async (use: TokenUse = 'certificates') => {
  const tokens = { secret: undefined };
  const users = [user('alice', 's3cret', [HOME], { tokens, use }), user('bob', 'hunter2', [BOBHOST])];
  const service = await startService({ users });
  service.dns.put(HOME, '198.51.100.1');
  return service;
};

describe('txt= in the words of DuckDNS', () => {
  it('adds a value and removes it, as certbot-dns-duckdns does, and touches no address', async () => {
    const { ask, dns } = await open('updates and certificates');
    assert.deepEqual(inShort(await ask(`${MINE}&txt=${TXT}`)), [200, 'OK']);
    assert.deepEqual(inShort(await ask(`${MINE}&txt=${OTHER}&ip=203.0.113.7`)), [200, 'OK']);
    assert.deepEqual(dns.addressesOf(CHALLENGE), [TXT, OTHER]);
    assert.deepEqual(inShort(await ask(`${MINE}&txt=${TXT}&clear=true`)), [200, 'OK']);
    assert.deepEqual(dns.addressesOf(CHALLENGE), [OTHER]);
    assert.deepEqual(dns.addressesOf(HOME), ['198.51.100.1']);
  });

  it('with clear=true and no value, as acme.sh and lego send it, removes those that were set here, and no others', async () => {
    const { ask, dns } = await open();
    await ask(`${MINE}&txt=${TXT}`);
    await ask('/acme/present', {
      method: 'POST',
      body: JSON.stringify({ fqdn: '_acme-challenge.bobhost.example.org', value: OTHER }),
      as: 'Basic Ym9iOmh1bnRlcjI=',
    });
    assert.deepEqual(inShort(await ask(`${MINE}&txt=&clear=true`)), [200, 'OK']);
    assert.deepEqual(dns.addressesOf(CHALLENGE), []);
    assert.deepEqual(dns.addressesOf(`_acme-challenge.${BOBHOST}`), [OTHER]);
    assert.deepEqual(dns.addressesOf(HOME), ['198.51.100.1']);
  });

  it('never runs out of room, because some programs never clear', async () => {
    const { ask, dns, clock } = await open();
    for (let index = 0; index < 10; index += 1) {
      assert.deepEqual(inShort(await ask(`${MINE}&txt=${index}${TXT.slice(1)}`)), [200, 'OK']);
      await clock.advance(1_000);
    }
    assert.equal(dns.addressesOf(CHALLENGE).length, 8);
  });

  for (const [what, target, use, status] of [
    ['a token for updates', `${MINE}&txt=${TXT}`, 'updates', 403],
    ['the name of another user', `/update?domains=${BOBHOST}&token=secret&txt=${TXT}`, 'certificates', 403],
    ['a name of nobody', `/update?domains=nobody.example.org&token=secret&txt=${TXT}`, 'certificates', 403],
    ['a wrong token', `/update?domains=${HOME}&token=wrong&txt=${TXT}`, 'certificates', 401],
    ['no token', `/update?domains=${HOME}&txt=${TXT}`, 'certificates', 401],
    ['a value that is none', `${MINE}&txt=x`, 'certificates', 400],
    ['no value', `${MINE}&txt=`, 'certificates', 400],
    ['two values', `${MINE}&txt=${TXT}&txt=${OTHER}`, 'certificates', 400],
    ['two names', `/update?domains=${HOME},${HOME}&token=secret&txt=${TXT}`, 'certificates', 400],
    ['no name', `/update?domains=&token=secret&txt=${TXT}`, 'certificates', 400],
    ['clear=true and clear=false', `${MINE}&txt=${TXT}&clear=true&clear=false`, 'certificates', 400],
  ] as const) {
    it(`${what}: KO, and nothing is changed`, async () => {
      const { ask, dns } = await open(use);
      assert.deepEqual(inShort(await ask(target)), [status, 'KO']);
      assert.deepEqual(dns.applied, []);
    });
  }

  it('what the name server does not do is KO', async () => {
    const { ask, dns } = await open();
    dns.fail('apply', CHALLENGE, 'DNS_TIMEOUT');
    assert.deepEqual(inShort(await ask(`${MINE}&txt=${TXT}`)), [503, 'KO']);
  });

  it('takes the password of the user too, and wrong ones lead to a pause', async () => {
    const { ask } = await open();
    const target = `/update?domains=${HOME}&txt=${TXT}`;
    assert.deepEqual(inShort(await ask(target, { as: ALICE })), [200, 'OK']);
    for (let guess = 0; guess < 10; guess += 1) {
      await ask(target, { as: `Basic ${Buffer.from(`alice:guess-${guess}`).toString('base64')}` });
    }
    assert.deepEqual(inShort(await ask(target, { as: ALICE })), [429, 'KO']);
  });
});
