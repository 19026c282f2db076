import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALICE, BOBHOST, basic, CAM, HOME, startService, user } from '../service.ts';

const A = '203.0.113.7';
const AAAA = '2001:db8::7';
const TOKEN = 'Zm9v-YmFy_MTIz';

/** What dyndns1 says: a title for people, and two codes for programs. */
const inDyndns1 = (title: string, code: string) =>
  `<TITLE>${title}</TITLE>\nreturn code: ${code}\nerror code: ${code}\n`;

describe('/nic/dyndns speaks dyndns1', () => {
  const edit = `/nic/dyndns?action=edit&started=1&hostname=YES`;

  it('after a change and without one', async () => {
    const { ask, dns } = await startService();
    const first = await ask(`${edit}&host_id=${HOME}&myip=${A}`, { as: ALICE });
    assert.deepEqual([first.status, first.body], [200, inDyndns1(`good ${A}`, 'NOERROR')]);
    assert.equal(first.headers['content-type'], 'text/plain; charset=utf-8');
    assert.deepEqual(dns.addressesOf(HOME), [A]);
    const second = await ask(`${edit}&host_id=${HOME}&myip=${A}`, { as: ALICE });
    assert.deepEqual([second.status, second.body], [200, inDyndns1(`nochg ${A}`, 'NOERROR')]);
  });

  for (const [situation, target, options, status, code] of [
    ['without credentials', `${edit}&host_id=${HOME}`, {}, 401, 'badauth'],
    ['with wrong credentials', `${edit}&host_id=${HOME}`, { as: basic('alice', 'x') }, 401, 'badauth'],
    ['a name of somebody else', `${edit}&host_id=${BOBHOST}`, { as: ALICE }, 403, '!yours'],
    ['a name of nobody', `${edit}&host_id=void.example.org`, { as: ALICE }, 404, 'nohost'],
    ['no name', edit, { as: ALICE }, 400, 'notfqdn'],
    ['a wrong address', `${edit}&host_id=${HOME}&myip=x`, { as: ALICE }, 400, 'badagent'],
    ['a wrong method', edit, { method: 'DELETE' }, 405, 'badagent'],
    ['no answer of the primary', `${edit}&host_id=${CAM}&myip=${A}`, { as: ALICE }, 503, '911'],
    ['one name of two', `${edit}&host_id=${HOME},${CAM}&myip=${A}`, { as: ALICE }, 503, '911'],
  ] as const) {
    it(`${situation}: ${code}`, async () => {
      const { ask, dns } = await startService();
      dns.fail('apply', CAM, 'DNS_TIMEOUT');
      const answer = await ask(target, options);
      assert.deepEqual([answer.status, answer.body], [status, inDyndns1(code, code.toUpperCase())]);
    });
  }
});

describe('a DuckDNS request to /update', () => {
  const start = (offline = false) =>
    startService({
      users: [user('alice', 's3cret', [HOME, CAM], { offline, tokens: { [TOKEN]: undefined } })],
      hosts: [],
    });
  const mine = `/update?domains=${HOME}&token=${TOKEN}`;

  for (const [situation, rest, addresses] of [
    ['one address', `&ip=${A}`, [A]],
    ['both families', `&ip=${A}&ipv6=${AAAA}`, [A, AAAA]],
    ['no address', '&ip=&verbose=true', ['127.0.0.1']],
    ['a clear that says no', `&ip=${A}&clear=false`, [A]],
  ] as const) {
    it(`with ${situation} is OK`, async () => {
      const { ask, dns } = await start();
      const { status, body } = await ask(mine + rest);
      assert.deepEqual([status, body], [200, 'OK']);
      assert.deepEqual(dns.addressesOf(HOME), addresses);
    });
  }

  it('names several domains', async () => {
    const { ask, dns } = await start();
    assert.equal((await ask(`/update?Domains=${HOME},${CAM}&token=${TOKEN}&ip=${A}`)).body, 'OK');
    assert.deepEqual([dns.addressesOf(HOME), dns.addressesOf(CAM)], [[A], [A]]);
  });

  it('with clear=true takes the name off the DNS where that is allowed', async () => {
    for (const [offline, body, left] of [
      [true, 'OK', []],
      [false, 'KO', [A]],
    ] as const) {
      const { ask, dns } = await start(offline);
      dns.put(HOME, A);
      assert.equal((await ask(`${mine}&clear=true`)).body, body);
      assert.deepEqual(dns.addressesOf(HOME), left);
    }
  });

  for (const rest of [`&txt=x&ip=${A}`, '&txt=', '&TXT=x&clear=true']) {
    it(`with ${rest} is a challenge: KO, and no address is touched`, async () => {
      const { ask, dns } = await start(true);
      dns.put(HOME, '198.51.100.1');
      const { status, body } = await ask(mine + rest);
      assert.deepEqual([status, body], [400, 'KO']);
      assert.deepEqual(dns.addressesOf(HOME), ['198.51.100.1']);
    });
  }

  for (const [situation, target, status] of [
    ['a wrong token', `/update?domains=${HOME}&token=x`, 401],
    ['no token', `/update?domains=${HOME}`, 401],
    ['a foreign name', `/update?domains=${BOBHOST}&token=${TOKEN}`, 404],
    ['a wrong address', `${mine}&ip=x`, 400],
    ['one name of two that fails', `/update?domains=${HOME},x&token=${TOKEN}`, 200],
  ] as const) {
    it(`with ${situation} is KO`, async () => {
      const { ask } = await start();
      const answer = await ask(target);
      assert.deepEqual([answer.status, answer.body], [status, 'KO']);
    });
  }

  it('that names a hostname is dyndns2', async () => {
    const { ask } = await start();
    assert.equal((await ask(`${mine}&hostname=${HOME}&ip=${A}`)).body, `good ${A}\n`);
  });

  it('is none on other paths', async () => {
    const { ask } = await start();
    const target = `/nic/update?domains=${HOME}&token=${TOKEN}`;
    assert.equal((await ask(target)).body, 'notfqdn\n');
  });
});
