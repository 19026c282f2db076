import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { domainName } from '../../../../../src/domain/domain-name.ts';
import type { User } from '../../../../../src/domain/user.ts';
import { ALICE, type Answer, basic, HOME, startService, user } from '../service.ts';

const TXT = 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ';
const CHALLENGE = `_acme-challenge.${HOME}`;
const ACCOUNT = {
  fulldomain: CHALLENGE,
  subdomain: HOME,
  username: 'alice',
  password: 'secret',
  server_url: '',
};
const FORBIDDEN = [401, '{"error":"forbidden"}\n'];
const AS_TOKEN = basic('alice', 'secret');

const inShort = ({ status, body }: Answer) => [status, body];

const open = (use: 'updates' | 'certificates' = 'certificates') =>
  startService({
    users: [
      user('alice', 's3cret', [HOME, 'cam.example.org'], { tokens: { secret: undefined }, use }),
      user('bob', 'hunter2', ['bobhost.example.org']),
    ],
  });

const update = (body: unknown, key = 'secret', name = 'alice') => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  // As acme.sh posts it.
  type: 'application/x-www-form-urlencoded',
  headers: { 'X-Api-User': name, 'X-Api-Key': key },
});

/** An account that was imported: a user without names, whose password stands for the token with the challenge name. */
const IMPORTED = '8e5700ea-a4bf-41c7-8a77-e990661dcc6a';
const importedAccount = (network = '127.0.0.0/8'): User => {
  const account = user('c36f50e8', 'old password', [], { networks: [network] });
  const token = { name: 'acme-dns', digest: '0'.repeat(64), domains: [], use: 'certificates' } as const;
  return { ...account, tokens: [{ ...token, challenge: domainName(`${IMPORTED}.auth.example.org`) }] };
};

describe('an imported account of acme-dns', () => {
  const openImported = () => startService({ users: [importedAccount(), user('alice', 's3cret', [HOME])] });
  const old = (subdomain: string, key = 'old password') => update({ subdomain, txt: TXT }, key, 'c36f50e8');

  for (const path of ['/acme-dns/update', '/update']) {
    it(`adds its value at ${path} with its old password`, async () => {
      const { ask, dns } = await openImported();
      assert.deepEqual(inShort(await ask(path, old(IMPORTED))), [200, `{"txt": "${TXT}"}`]);
      assert.deepEqual(dns.addressesOf(`${IMPORTED}.auth.example.org`), [TXT]);
    });
  }

  for (const [what, request] of [
    ['another password', old(IMPORTED, 'another')],
    ['another subdomain', old(HOME)],
    ['the beginning of its subdomain', old('8e5700ea')],
    ['an empty subdomain', old('')],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      const { ask, dns } = await openImported();
      const { status } = await ask('/update', request);
      assert.ok(status === 401 || status === 400, String(status));
      assert.deepEqual(dns.applied, []);
    });
  }

  it('is refused from outside of its networks', async () => {
    const { ask, dns } = await startService({ users: [importedAccount('192.0.2.0/24')] });
    assert.deepEqual(inShort(await ask('/update', old(IMPORTED))), FORBIDDEN);
    assert.deepEqual(dns.applied, []);
  });

  it('changes no address', async () => {
    const { ask, dns } = await openImported();
    const as = basic('c36f50e8', 'old password');
    const { status } = await ask(`/nic/update?hostname=${HOME}&myip=203.0.113.7`, { as });
    assert.equal(status, 403);
    assert.deepEqual(dns.applied, []);
  });

  it('/update without the field of acme-dns stays a report of addresses', async () => {
    const { ask } = await openImported();
    const options = { method: 'POST', as: ALICE, body: `hostname=${HOME}&myip=203.0.113.7` };
    assert.deepEqual(inShort(await ask('/update', options)), [200, 'good 203.0.113.7\n']);
  });
});

describe('acme-dns', () => {
  it('an update adds the value, and answers to the octet as acme-dns does', async () => {
    const { ask, dns } = await open();
    const answer = await ask('/acme-dns/update', update({ subdomain: HOME, txt: TXT }));
    assert.deepEqual(inShort(answer), [200, `{"txt": "${TXT}"}`]);
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.deepEqual(dns.addressesOf(CHALLENGE), [TXT]);
  });

  it('nobody cleans up: the oldest value makes room', async () => {
    const { ask, dns, clock } = await open();
    const values = Array.from({ length: 10 }, (_, index) => `${index}${TXT.slice(1)}`);
    for (const txt of values) {
      assert.equal((await ask('/acme-dns/update', update({ subdomain: HOME, txt }))).status, 200);
      await clock.advance(1_000);
    }
    assert.deepEqual(dns.addressesOf(CHALLENGE), values.slice(2));
  });

  for (const [what, request, answer] of [
    ['a foreign subdomain', update({ subdomain: 'bobhost.example.org', txt: TXT }), FORBIDDEN],
    ['a subdomain of nobody', update({ subdomain: 'nobody.example.org', txt: TXT }), FORBIDDEN],
    ['JSON that cannot be read', update('{'), FORBIDDEN],
    ['unknown JSON', update({ name: HOME }), FORBIDDEN],
    ['a megabyte', update('x'.repeat(1 << 20)), FORBIDDEN],
    ['a password', update({ subdomain: HOME, txt: TXT }, 's3cret'), FORBIDDEN],
    ['a wrong key', update({ subdomain: HOME, txt: TXT }, 'wrong'), FORBIDDEN],
    ['no key', update({ subdomain: HOME, txt: TXT }, ''), FORBIDDEN],
    ['a bad value', update({ subdomain: HOME, txt: 'x' }), [400, '{"error":"bad_txt"}\n']],
    ['a bad name', update({ subdomain: 'a..b', txt: TXT }), [400, '{"error":"bad_subdomain"}\n']],
    ['GET', { method: 'GET' }, [405, '{"error":"method_not_allowed"}\n']],
  ] as const) {
    it(`${what}: ${answer.join(' ').trim()}, and nothing is changed`, async () => {
      const { ask, dns } = await open();
      assert.deepEqual(inShort(await ask('/acme-dns/update', request)), answer);
      assert.deepEqual(dns.applied, []);
    });
  }

  it('a token that was not made for certificates is forbidden', async () => {
    const { ask } = await open('updates');
    assert.deepEqual(
      inShort(await ask('/acme-dns/update', update({ subdomain: HOME, txt: TXT }))),
      FORBIDDEN,
    );
  });

  it('what the name server does not do is an error of the database', async () => {
    const { ask, dns } = await open();
    dns.fail('apply', CHALLENGE, 'DNS_TIMEOUT');
    const answer = await ask('/acme-dns/update', update({ subdomain: HOME, txt: TXT }));
    assert.deepEqual(inShort(answer), [500, '{"error":"db_error"}\n']);
  });

  it('wrong keys lead to a pause', async () => {
    const { ask } = await open();
    for (let guess = 0; guess < 10; guess += 1) {
      await ask('/acme-dns/update', update({ subdomain: HOME, txt: TXT }, `guess-${guess}`));
    }
    const answer = await ask('/acme-dns/update', update({ subdomain: HOME, txt: TXT }));
    assert.deepEqual([answer.status, answer.headers['retry-after']], [429, '60']);
  });

  it('is healthy', async () => {
    assert.deepEqual(inShort(await (await open()).ask('/acme-dns/health')), [200, '']);
  });
});

describe('the account store of lego', () => {
  it('gives the token that the client came with as the account of each of its names', async () => {
    const { ask } = await open();
    const one = await ask(`/acme-dns/accounts/${HOME}`, { as: AS_TOKEN });
    assert.deepEqual([one.status, JSON.parse(one.body)], [200, ACCOUNT]);
    const all = JSON.parse((await ask('/acme-dns/accounts/', { as: AS_TOKEN })).body);
    assert.deepEqual(Object.keys(all), [HOME, 'cam.example.org']);
    assert.deepEqual(all[HOME], ACCOUNT);
  });

  it('says that an account that is put there is good: there is no CNAME to make', async () => {
    const { ask } = await open();
    const request = { method: 'POST', body: JSON.stringify(ACCOUNT), type: 'application/json', as: AS_TOKEN };
    assert.equal((await ask(`/acme-dns/accounts/${HOME}`, request)).status, 201);
  });

  it('knows no name of others, and of nobody', async () => {
    const { ask } = await open();
    for (const name of ['bobhost.example.org', 'nobody.example.org', 'a..b', '__proto__']) {
      assert.deepEqual(inShort(await ask(`/acme-dns/accounts/${name}`, { as: AS_TOKEN })), [
        404,
        '{"error":"not_found"}\n',
      ]);
    }
  });

  it('refuses a password, and no credentials', async () => {
    const { ask } = await open();
    assert.equal((await ask(`/acme-dns/accounts/${HOME}`, { as: ALICE })).status, 403);
    assert.deepEqual(inShort(await ask(`/acme-dns/accounts/${HOME}`)), FORBIDDEN);
  });

  it('is a route that a socket may be limited to', async () => {
    const { ask } = await startService({ served: ['/acme-dns/accounts'] });
    assert.equal((await ask(`/acme-dns/accounts/${HOME}`)).status, 401);
    assert.equal((await ask('/acme-dns/health')).status, 404);
  });
});
