import assert from 'node:assert/strict';
import type { OutgoingHttpHeaders } from 'node:http';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BOB, BOBHOST, type Service, startService, user } from './service.ts';

/** The connection comes from a trusted proxy; further ones are in 192.0.2.0/24 and 2001:db8:ffff::/48. */
const TRUSTED = ['127.0.0.1/32', '192.0.2.0/24', '2001:db8:ffff::/48'];
const PEER = '127.0.0.1';

async function clientOf({ ask }: Service, headers: OutgoingHttpHeaders, from = PEER): Promise<string> {
  return (await ask('/ip', { headers, from })).body;
}

describe('the address of a client', () => {
  for (const [situation, headers, client] of [
    ['no field', {}, PEER],
    ['one client', { 'X-Forwarded-For': '198.51.100.9' }, '198.51.100.9'],
    ['an IPv6 client', { 'X-Forwarded-For': '2001:DB8:0::9' }, '2001:db8::9'],
    ['an IPv4-mapped client', { 'X-Forwarded-For': '::ffff:198.51.100.9' }, '198.51.100.9'],
    ['an entry with a port', { 'X-Forwarded-For': '198.51.100.9:4711' }, '198.51.100.9'],
    ['an IPv6 entry with a port', { 'X-Forwarded-For': '[2001:db8::9]:4711' }, '2001:db8::9'],
    [
      'a chain of trusted proxies',
      { 'X-Forwarded-For': '198.51.100.9, 192.0.2.1, 2001:db8:ffff::1' },
      '198.51.100.9',
    ],
    [
      'what a client wrote itself',
      { 'X-Forwarded-For': '203.0.113.1, 198.51.100.9, 192.0.2.1' },
      '198.51.100.9',
    ],
    ['several fields are one list', { 'X-Forwarded-For': ['203.0.113.1', '198.51.100.9'] }, '198.51.100.9'],
    ['only trusted proxies', { 'X-Forwarded-For': '192.0.2.1, 192.0.2.2' }, '192.0.2.1'],
    ['garbage before the client', { 'X-Forwarded-For': '"<script>, 198.51.100.9' }, '198.51.100.9'],
    ['X-Real-IP', { 'X-Real-IP': '198.51.100.9' }, PEER],
    ['Forwarded', { Forwarded: 'for=198.51.100.9' }, '198.51.100.9'],
    [
      'Forwarded with more',
      { Forwarded: 'by=192.0.2.1;For=198.51.100.9 ; proto=https;host="a, b"' },
      '198.51.100.9',
    ],
    ['Forwarded with IPv6 and port', { Forwarded: 'for="[2001:db8::9]:4711"' }, '2001:db8::9'],
    ['Forwarded with an obfuscated port', { Forwarded: 'for="198.51.100.9:_x1"' }, '198.51.100.9'],
    [
      'Forwarded with an escaped quote',
      { Forwarded: 'host="a\\", for=203.0.113.1";for=198.51.100.9' },
      '198.51.100.9',
    ],
    [
      'a chain in Forwarded',
      { Forwarded: 'for=203.0.113.1, for=198.51.100.9, for=192.0.2.1' },
      '198.51.100.9',
    ],
    ['a quote that a client left open', { Forwarded: 'for="203.0.113.1, for=198.51.100.9' }, '198.51.100.9'],
    [
      'a quote that a client left open before a quoted element',
      { Forwarded: 'proto=x;host=", for="[2001:db8::9]"' },
      '2001:db8::9',
    ],
    [
      'both fields agree',
      { Forwarded: 'for="[2001:db8::9]"', 'X-Forwarded-For': '2001:db8:0:0::9' },
      '2001:db8::9',
    ],
  ] as const satisfies readonly (readonly [string, OutgoingHttpHeaders, string])[]) {
    it(`behind a trusted proxy, ${situation}: ${client}`, async () => {
      assert.equal(await clientOf(await startService({ trustedProxies: TRUSTED }), headers), client);
    });
  }

  // What a client wrote into the field that the proxy does not write can bring about no more than this.
  for (const [situation, headers] of [
    ['garbage instead of an address', { 'X-Forwarded-For': '198.51.100.9, garbage' }],
    ['garbage behind a trusted hop', { 'X-Forwarded-For': '198.51.100.9, unknown, 192.0.2.1' }],
    ['an impossible port', { 'X-Forwarded-For': '198.51.100.9:99999' }],
    ['an empty field', { 'X-Forwarded-For': '' }],
    ['an unknown client', { Forwarded: 'for=unknown' }],
    ['an obfuscated client', { Forwarded: 'for=_hidden' }],
    ['no for', { Forwarded: 'for=198.51.100.9, proto=https' }],
    ['two for in one element', { Forwarded: 'for=198.51.100.9;for=203.0.113.1' }],
    ['an element that is malformed', { Forwarded: 'for=198.51.100.9 proto=https' }],
    ['a forged Forwarded', { Forwarded: 'for=203.0.113.1', 'X-Forwarded-For': '198.51.100.9' }],
    ['a Forwarded that names the proxy', { Forwarded: 'for=127.0.0.1', 'X-Forwarded-For': '198.51.100.9' }],
    ['a forged Forwarded without an address', { Forwarded: 'for=x', 'X-Forwarded-For': '198.51.100.9' }],
    ['a forged Forwarded that is empty', { Forwarded: '', 'X-Forwarded-For': '198.51.100.9' }],
    ['a forged X-Forwarded-For', { Forwarded: 'for=198.51.100.9', 'X-Forwarded-For': '203.0.113.1' }],
    [
      'a forged X-Forwarded-For without an address',
      { Forwarded: 'for=198.51.100.9', 'X-Forwarded-For': 'x' },
    ],
    ['two fields without an address', { Forwarded: 'for=x', 'X-Forwarded-For': 'x' }],
  ] as const satisfies readonly (readonly [string, OutgoingHttpHeaders])[]) {
    it(`behind a trusted proxy, ${situation}: the client is unknown, and refused`, async () => {
      const { ask } = await startService({ trustedProxies: TRUSTED });
      const { status, body } = await ask('/ip', { headers });
      assert.equal(status, 400);
      assert.match(body, /^400 Bad Request: X-Forwarded-For or Forwarded /);
    });
  }

  it('a forged field gives nobody the rights, and nobody else the failures, of the proxy', async () => {
    const users = [user('bob', 'hunter2', [BOBHOST], { networks: ['127.0.0.0/8'] })];
    const { ask, passwords } = await startService({ users, trustedProxies: ['127.0.0.0/8'] });
    const target = `/nic/update?hostname=${BOBHOST}&myip=192.0.2.1`;
    const headers = { 'X-Forwarded-For': '203.0.113.9' };
    assert.equal((await ask(target, { as: BOB, headers })).status, 401);
    for (let guess = 0; guess < 10; guess += 1) {
      const forged = await ask(target, { as: BOB, headers: { ...headers, Forwarded: 'for=x' } });
      assert.equal(forged.status, 400);
    }
    assert.deepEqual(passwords.verified, [passwords.hashOfNobody]);
    assert.equal((await ask(target, { as: BOB })).body, 'good 192.0.2.1\n');
  });

  it('nobody else is believed', async () => {
    const service = await startService({ trustedProxies: TRUSTED });
    const headers = { 'X-Forwarded-For': '198.51.100.9', Forwarded: 'for=198.51.100.9' };
    assert.equal(await clientOf(service, headers, '127.0.0.2'), '127.0.0.2');
  });

  it('without trusted proxies nobody is', async () => {
    const headers = { 'X-Forwarded-For': '198.51.100.9' };
    assert.equal(await clientOf(await startService(), headers), PEER);
  });

  it('a network of everybody is believed', async () => {
    const service = await startService({ trustedProxies: ['0.0.0.0/0', '::/0'] });
    assert.equal(await clientOf(service, { 'X-Forwarded-For': '203.0.113.1, 2001:db8::9' }), '203.0.113.1');
  });

  it('the port is that of the field, if it tells one', async () => {
    const { ask } = await startService({ trustedProxies: TRUSTED });
    const headers = { Forwarded: 'for="[2001:db8::9]:4711"' };
    assert.equal((await ask('/socket', { headers })).body, '[2001:db8::9]:4711');
    assert.equal((await ask('/port', { headers })).body, '4711');
    const withoutPort = await ask('/socket', { headers: { Forwarded: 'for=198.51.100.9' } });
    assert.match(withoutPort.body, /^198\.51\.100\.9:\d{4,5}$/);
  });

  it('whatever a client writes, what the proxy appended decides', async () => {
    const service = await startService({ trustedProxies: TRUSTED });
    const piece = fc.constantFrom(
      'for=',
      '203.0.113.1',
      '192.0.2.1',
      '"',
      '\\',
      ',',
      ';',
      '=',
      ' ',
      '[',
      ']',
      ':',
      'x',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
        const written = pieces.join('').trim();
        for (const headers of [
          { Forwarded: `${written}, for="[2001:db8::9]";proto=http` },
          { 'X-Forwarded-For': `${written}, 2001:db8::9` },
        ]) {
          assert.equal(await clientOf(service, headers), '2001:db8::9');
        }
      }),
      { numRuns: 100 },
    );
  });
});
