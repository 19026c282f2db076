import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { domainName } from '../../../../../src/domain/domain-name.ts';
import { networkText, parseNetwork } from '../../../../../src/domain/network.ts';
import type { UserName } from '../../../../../src/domain/user.ts';
import { allOf } from '../../../../support/all-of.ts';
import { valueIn } from '../../../../support/parsed.ts';
import { ALICE, type Answer, BOB, basic, HOME, type ServiceOptions, startService, user } from '../service.ts';

const TXT = 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ';
const ZONE = domainName('acme.example.org');
const FORBIDDEN = [401, '{"error":"forbidden"}\n'];

const inShort = ({ status, body }: Answer) => [status, body];

const open = (options: ServiceOptions = {}) =>
  startService({
    users: [
      user('alice', 's3cret', [HOME, 'cam.example.org', '*.lab.example.org']),
      user('bob', 'hunter2', ['bobhost.example.org']),
    ],
    ...options,
  });

const post = (as: string | undefined, body = '') => ({
  method: 'POST',
  body,
  type: 'application/json',
  ...(as !== undefined && { as }),
});
const named = (domain: string, more: object = {}) => JSON.stringify({ domain, ...more });

describe('registering an account of acme-dns', () => {
  it('for a name gives its challenge, in one line and in the order of acme-dns, and the account writes it', async () => {
    const { ask, dns } = await open();
    const answer = await ask('/acme-dns/register', post(ALICE, named(HOME)));
    assert.equal(answer.status, 201);
    assert.equal(answer.headers['content-type'], 'application/json');
    const { password, ...account } = JSON.parse(answer.body);
    const fulldomain = `_acme-challenge.${HOME}`;
    assert.deepEqual(account, { username: 'alice', fulldomain, subdomain: HOME, allowfrom: [] });
    assert.match(
      answer.body,
      /^\{"username":.*"password":.*"fulldomain":.*"subdomain":.*"allowfrom":\[\]\}\n$/,
    );
    const headers = { 'X-Api-User': 'alice', 'X-Api-Key': password };
    const update = (subdomain: string) =>
      ask('/acme-dns/update', { ...post(undefined, JSON.stringify({ subdomain, txt: TXT })), headers });
    assert.deepEqual(inShort(await update(HOME)), [200, `{"txt": "${TXT}"}`]);
    assert.deepEqual(dns.addressesOf(fulldomain), [TXT]);
    assert.deepEqual(inShort(await update('cam.example.org')), FORBIDDEN);
  });

  it('for a wildcard gives the challenge of the name above it', async () => {
    const { ask } = await open();
    const { status, body } = await ask('/acme-dns/register', post(ALICE, named('*.lab.example.org')));
    assert.deepEqual([status, JSON.parse(body).fulldomain], [201, '_acme-challenge.lab.example.org']);
  });

  for (const body of ['', ' \r\n', 'null', '{}', '{"allowfrom":[]}']) {
    it(`without a name is for the only one of the credentials: ${JSON.stringify(body)}`, async () => {
      const { ask } = await open();
      const { status, body: answered } = await ask('/acme-dns/register', post(BOB, body));
      assert.deepEqual([status, JSON.parse(answered).subdomain], [201, 'bobhost.example.org']);
    });
  }

  it('without a name, and with several that it may be for, asks which one', async () => {
    const { ask } = await open();
    const answer = await ask('/acme-dns/register', post(ALICE));
    assert.deepEqual(inShort(answer), [400, '{"error":"domain_needed"}\n']);
  });

  it('takes a token that gets certificates, for its own names', async () => {
    const tokens = { wide: undefined, narrow: [HOME] };
    const alice = user('alice', 's3cret', [HOME, 'cam.example.org'], {
      tokens,
      use: 'updates and certificates',
    });
    const { ask } = await open({ users: [alice] });
    const register = (secret: string, domain: string) =>
      ask('/acme-dns/register', post(basic('alice', secret), named(domain)));
    assert.equal((await register('wide', 'cam.example.org')).status, 201);
    assert.equal((await register('narrow', HOME)).status, 201);
    assert.deepEqual(inShort(await register('narrow', 'cam.example.org')), FORBIDDEN);
  });

  it('is refused to an account and to every other token for certificates alone', async () => {
    const carol = user('carol', 'c4rol', [HOME], { tokens: { only: undefined }, use: 'certificates' });
    const { ask, users } = await open({ users: [carol], accountZone: ZONE });
    const asCarol = post(basic('carol', 'c4rol'), named(HOME, { allowfrom: ['127.0.0.1/32'] }));
    const account = JSON.parse((await ask('/acme-dns/register', asCarol)).body).password;
    const before = JSON.stringify(await allOf(users.list()));
    for (const secret of ['only', account]) {
      for (const body of ['', named(HOME)]) {
        const answer = await ask('/acme-dns/register', post(basic('carol', secret), body));
        assert.deepEqual(inShort(answer), FORBIDDEN);
      }
    }
    assert.equal(JSON.stringify(await allOf(users.list())), before);
  });

  for (const [what, as, body] of [
    ['no credentials', undefined, ''],
    ['a wrong password', basic('alice', 'wrong'), named(HOME)],
    ['a token for updates', basic('carol', 'secret'), named(HOME)],
    ['a user who gets no certificates', basic('dave', 'd4ve'), named('dave.example.org')],
    ['the name of another user', BOB, named(HOME)],
    ['a name of nobody', BOB, named('nobody.example.org')],
    ['a name whose certificate covers one of another user', basic('erin', '3rin'), named('example.org')],
  ] as const) {
    it(`${what}: forbidden, and nothing is kept`, async () => {
      const { ask, users } = await open({
        users: [
          user('alice', 's3cret', [HOME]),
          user('bob', 'hunter2', ['bobhost.example.org']),
          user('carol', 'c4rol', [HOME], { tokens: { secret: undefined } }),
          user('dave', 'd4ve', ['dave.example.org'], { certificates: false }),
          user('erin', '3rin', ['example.org']),
        ],
      });
      const before = JSON.stringify(await allOf(users.list()));
      assert.deepEqual(inShort(await ask('/acme-dns/register', post(as, body))), FORBIDDEN);
      assert.equal(JSON.stringify(await allOf(users.list())), before);
    });
  }

  for (const [what, body, status, error] of [
    ['JSON that cannot be read', '{', 400, 'malformed_json_payload'],
    ['a list', '[]', 400, 'malformed_json_payload'],
    ['a list of networks that is none', '{"allowfrom":"192.0.2.0/24"}', 400, 'malformed_json_payload'],
    ['a network that is none', '{"allowfrom":["192.0.2.0/33"]}', 400, 'invalid_allowfrom_cidr'],
    ['no text as a network', '{"allowfrom":[null]}', 400, 'invalid_allowfrom_cidr'],
    [
      'too many networks',
      JSON.stringify({ allowfrom: Array(21).fill('192.0.2.0/24') }),
      400,
      'invalid_allowfrom_cidr',
    ],
    ['a name that is none', named('a..b'), 400, 'bad_domain'],
    ['a megabyte', 'x'.repeat(1 << 20), 413, 'malformed_json_payload'],
  ] as const) {
    it(`${what}: ${error}`, async () => {
      const { ask } = await open();
      assert.deepEqual(inShort(await ask('/acme-dns/register', post(BOB, body))), [
        status,
        `{"error":"${error}"}\n`,
      ]);
    });
  }

  it('another method than POST is none', async () => {
    const { ask } = await open();
    const answer = await ask('/acme-dns/register', { as: ALICE });
    assert.deepEqual(inShort(answer), [405, '{"error":"method_not_allowed"}\n']);
    assert.equal(answer.headers['allow'], 'POST');
  });

  it('wrong passwords lead to a pause here too', async () => {
    const { ask } = await open();
    for (let guess = 0; guess < 10; guess += 1) {
      await ask('/acme-dns/register', post(basic('alice', `guess-${guess}`)));
    }
    const answer = await ask('/acme-dns/register', post(ALICE, named(HOME)));
    assert.deepEqual([answer.status, answer.headers['retry-after']], [429, '60']);
  });

  it('ends at a hundred accounts of a user, also when many are registered at once', async () => {
    const { ask, users } = await open();
    const answers = await Promise.all(
      Array.from({ length: 103 }, () => ask('/acme-dns/register', post(BOB))),
    );
    const refused = answers.filter(({ status }) => status !== 201);
    assert.deepEqual(refused.map(inShort), Array(3).fill([403, '{"error":"too_many_accounts"}\n']));
    assert.equal((await users.find('bob' as UserName))?.tokens.length, 100);
    assert.equal((await ask('/acme-dns/register', post(ALICE, named(HOME)))).status, 201);
  });
});

describe('an account that is limited to networks', () => {
  it('is used from there, and from elsewhere it is forbidden', async () => {
    const { ask, dns } = await open();
    const networks = { allowfrom: ['127.0.0.2/32', '2001:db8::/32'] };
    const { body } = await ask('/acme-dns/register', post(ALICE, named(HOME, networks)));
    const { password, allowfrom } = JSON.parse(body);
    assert.deepEqual(allowfrom, networks.allowfrom);
    const update = (from: string) =>
      ask('/acme-dns/update', {
        ...post(undefined, JSON.stringify({ subdomain: HOME, txt: TXT })),
        headers: { 'X-Api-User': 'alice', 'X-Api-Key': password },
        from,
      });
    assert.deepEqual(inShort(await update('127.0.0.1')), FORBIDDEN);
    assert.deepEqual(dns.applied, []);
    assert.equal((await update('127.0.0.2')).status, 200);
  });
});

describe('an account that a token with networks registers', () => {
  const NETWORKS = ['127.0.0.0/24', '2001:db8::/32'];
  const withNetworks = () => {
    const alice = user('alice', 's3cret', [HOME], {
      tokens: { t: undefined },
      use: 'updates and certificates',
    });
    const networks = NETWORKS.map((text) => valueIn(parseNetwork(text)));
    return open({ users: [{ ...alice, tokens: alice.tokens.map((token) => ({ ...token, networks })) }] });
  };

  for (const [what, asked, allowed] of [
    ['asks for none: has those of the token', undefined, NETWORKS],
    ['asks for narrower ones: has these', ['127.0.0.128/25', '2001:db8:1::/48'], undefined],
    ['asks for the same: has these', NETWORKS, undefined],
    ['asks for a wider one: is not made', ['127.0.0.0/23'], 'forbidden'],
    [
      'asks for one that is inside and one elsewhere: is not made',
      ['127.0.0.1/32', '192.0.2.0/24'],
      'forbidden',
    ],
  ] as const) {
    it(what, async () => {
      const { ask, users } = await withNetworks();
      const body = named(HOME, asked && { allowfrom: asked });
      const answer = await ask('/acme-dns/register', post(basic('alice', 't'), body));
      const { tokens = [] } = (await users.find('alice' as UserName)) ?? {};
      if (allowed === 'forbidden') {
        assert.deepEqual([inShort(answer), tokens.length], [FORBIDDEN, 1]);
        return;
      }
      assert.deepEqual(JSON.parse(answer.body).allowfrom, allowed ?? asked);
      assert.deepEqual(tokens[1]?.networks?.map(networkText), allowed ?? asked);
    });
  }
});

describe('an account for a domain elsewhere', () => {
  const withZone = () => open({ accountZone: ZONE });

  it('has a name of its own in the zone, of which nobody else writes the values', async () => {
    const { ask, dns } = await withZone();
    const accounts = await Promise.all(
      [ALICE, BOB].map(async (as) => JSON.parse((await ask('/acme-dns/register', post(as))).body)),
    );
    const [alice, bob] = accounts;
    assert.match(alice.subdomain, /^[0-9a-f]{32}$/);
    assert.equal(alice.fulldomain, `${alice.subdomain}.${ZONE}`);
    assert.notEqual(alice.subdomain, bob.subdomain);
    const update = ({ username, password }: typeof alice, subdomain: string) =>
      ask('/acme-dns/update', {
        ...post(undefined, JSON.stringify({ subdomain, txt: TXT })),
        headers: { 'X-Api-User': username, 'X-Api-Key': password },
      });
    assert.equal((await update(alice, alice.subdomain)).status, 200);
    assert.deepEqual(dns.addressesOf(alice.fulldomain), [TXT]);
    for (const foreign of [bob.subdomain, HOME, 'bobhost.example.org']) {
      assert.deepEqual(inShort(await update(alice, foreign)), FORBIDDEN);
    }
  });

  it('is none in the account store of lego, which has the names of the user', async () => {
    const { ask } = await withZone();
    const { subdomain, password } = JSON.parse((await ask('/acme-dns/register', post(ALICE))).body);
    const answer = await ask(`/acme-dns/accounts/${subdomain}`, { as: basic('alice', password) });
    assert.deepEqual(inShort(answer), [404, '{"error":"not_found"}\n']);
  });

  it('writes what a client sends after it has followed the alias itself, by the password too', async () => {
    const { ask, dns } = await withZone();
    const { fulldomain } = JSON.parse((await ask('/acme-dns/register', post(ALICE))).body);
    const body = JSON.stringify({ fqdn: `${fulldomain}.`, value: TXT });
    assert.equal((await ask('/acme/present', post(BOB, body))).status, 403);
    assert.equal((await ask('/acme/present', post(ALICE, body))).status, 200);
    assert.deepEqual(dns.addressesOf(fulldomain), [TXT]);
    assert.equal((await ask('/acme/cleanup', post(ALICE, body))).status, 200);
    assert.deepEqual(dns.addressesOf(fulldomain), []);
  });

  it('is for a name of the user where the request says so', async () => {
    const { ask } = await withZone();
    const { body } = await ask('/acme-dns/register', post(ALICE, named(HOME)));
    assert.equal(JSON.parse(body).fulldomain, `_acme-challenge.${HOME}`);
  });
});
