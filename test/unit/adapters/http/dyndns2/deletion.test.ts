import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALICE, BOBHOST, basic, CAM, HOME, startService, user } from '../service.ts';

const A = '203.0.113.7';
const AAAA = '2001:db8::7';

/** A host of nsupdate.info: a user of its own, who may remove its addresses. */
const open = async (offline = true) => {
  const service = await startService({
    users: [user(HOME, 's3cret', [HOME], { offline }), user('bob', 'hunter2', [BOBHOST])],
    hosts: [],
  });
  await service.ask(`/nic/update?myip=${A},${AAAA}`, { as: HOST });
  return service;
};
const HOST = basic(HOME, 's3cret');

describe('/nic/delete of nsupdate.info', () => {
  for (const [what, query, answer, left] of [
    ['an IPv4 address removes A', `?myip=${A}`, 'deleted A\n', [AAAA]],
    ['0.0.0.0 removes A', '?myip=0.0.0.0', 'deleted A\n', [AAAA]],
    [':: removes AAAA', `?hostname=${HOME}&myip=::`, 'deleted AAAA\n', [A]],
    ['a prefix removes AAAA', '?myip=2001:db8:1::/56', 'deleted AAAA\n', [A]],
    ['both families remove both', `?myip=${AAAA},${A}`, 'deleted AAAA,A\n', []],
    ['without an address, the family of the client counts', '', 'deleted A\n', [AAAA]],
    ['an empty address is none', '?myip=', 'deleted A\n', [AAAA]],
  ] as const) {
    it(what, async () => {
      const { ask, dns } = await open();
      const { status, body } = await ask(`/nic/delete${query}`, { as: HOST });
      assert.deepEqual([status, body], [200, answer]);
      assert.deepEqual(dns.addressesOf(HOME), left);
    });
  }

  it('what is gone already is deleted too', async () => {
    const { ask } = await open();
    await ask('/nic/delete?myip=::', { as: HOST });
    const { status, body } = await ask('/nic/delete?myip=::', { as: HOST });
    assert.deepEqual([status, body], [200, 'deleted AAAA\n']);
  });

  for (const [what, query, as, status, code] of [
    ['no credentials', '?myip=::', undefined, 401, 'badauth'],
    ['a name of somebody else', `?hostname=${BOBHOST}&myip=::`, HOST, 403, '!yours'],
    ['a name of nobody', `?hostname=${CAM}&myip=::`, HOST, 404, 'nohost'],
    ['what is no address', '?myip=x', HOST, 400, 'badagent'],
    ['what is no name', '?hostname=home&myip=::', HOST, 400, 'notfqdn'],
  ] as const) {
    it(`with ${what}: ${code}, and nothing is removed`, async () => {
      const { ask, dns } = await open();
      const answer = await ask(`/nic/delete${query}`, as === undefined ? {} : { as });
      assert.deepEqual([answer.status, answer.body], [status, `${code}\n`]);
      assert.deepEqual(dns.addressesOf(HOME), [A, AAAA]);
    });
  }

  it('who may not remove addresses hears !donator', async () => {
    const { ask, dns } = await open(false);
    const { status, body } = await ask('/nic/delete?myip=::', { as: HOST });
    assert.deepEqual([status, body], [403, '!donator\n']);
    assert.deepEqual(dns.addressesOf(HOME), [A, AAAA]);
  });

  it('a HEAD request removes nothing', async () => {
    const { ask, dns } = await open();
    assert.equal((await ask('/nic/delete?myip=::', { as: HOST, method: 'HEAD' })).status, 405);
    assert.deepEqual(dns.addressesOf(HOME), [A, AAAA]);
    assert.equal((await ask('/nic/delete', { as: ALICE })).status, 401);
  });
});
