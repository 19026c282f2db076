import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { DynonymError } from '../../../../src/domain/errors.ts';
import { until } from '../../../support/until.ts';
import { ALICE, basic, CAM, HOME, startService, user } from './service.ts';

const A = '203.0.113.7';
const TOKEN = 'Zm9v-YmFy_MTIz';

describe('what is not there', () => {
  for (const path of ['/', '/nope', '/dns', '/nic', '/ip/x', '/IPS', '/dns/update/x', '/%69p', '/..', '/%']) {
    it(`${path}: 404`, async () => {
      const { ask } = await startService();
      const { status, headers, body } = await ask(path);
      assert.deepEqual([status, body], [404, '404 Not Found\n']);
      assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
      assert.equal(headers['content-length'], '14');
    });
  }

  it('is a problem document for those who prefer JSON', async () => {
    const { ask } = await startService();
    const { headers, body } = await ask('/nope', { headers: { Accept: 'application/json' } });
    assert.equal(headers['content-type'], 'application/problem+json');
    assert.deepEqual(JSON.parse(body), { type: 'about:blank', title: 'Not Found', status: 404 });
  });
});

describe('what a page of another site makes a browser send', () => {
  it('updates nothing, with or without pages of our own; a program and a typed address do, and echoes are for all', async () => {
    const { ask } = await startService();
    const update = '/nic/update?hostname=home.example.org&myip=203.0.113.8';
    for (const [site, status] of [
      ['cross-site', 403],
      ['same-site', 403],
      ['none', 200],
      ['same-origin', 200],
    ] as const) {
      const { status: given } = await ask(update, { as: ALICE, headers: { 'Sec-Fetch-Site': site } });
      assert.equal(given, status, site);
    }
    assert.equal((await ask('/ip', { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status, 200);
  });
});

describe('when something breaks inside', () => {
  const secretive = new Error('the password is s3cret');

  for (const [path, status, body] of [
    ['/dns/update?domain=home.example.org', 500, '500 Internal Server Error\n'],
    ['/nic/update?hostname=home.example.org', 503, '911\n'],
  ] as const) {
    it(`${path.split('?')[0]} tells the client nothing of it, and the log everything`, async () => {
      const { ask, users, logger } = await startService();
      users.find = () => Promise.reject(secretive);
      const answer = await ask(path, { as: ALICE });
      assert.deepEqual([answer.status, answer.body], [status, body]);
      const [entry] = logger.at('error');
      assert.equal(entry?.fields['error'], secretive);
      assert.equal(entry?.fields['path'], path.split('?')[0]);
    });
  }

  for (const [what, path, request, status, body] of [
    ['/dns/update as of any other fault', `/dns/update?domain=${HOME}`, { as: ALICE }, 500, /^500 /],
    ['dyndns2 as of any other fault', `/nic/update?hostname=${HOME}`, { as: ALICE }, 503, /^911\n$/],
    [
      'a certificate program',
      '/acme/present',
      { method: 'POST', as: ALICE, body: '{}' },
      503,
      /^503 Service/,
    ],
    ['acme-dns', '/acme-dns/accounts', { as: ALICE }, 503, /^\{"error":"db_error"\}\n$/],
  ] as const) {
    it(`while the database is away, it tells ${what}, and when to come back`, async () => {
      const { ask, users } = await startService();
      users.find = () => Promise.reject(new DynonymError('STORE_UNREACHABLE', 'no connection to 192.0.2.1'));
      const answer = await ask(path, request);
      assert.deepEqual([answer.status, answer.headers['retry-after']], [status, '10']);
      assert.match(answer.body, body);
      assert.doesNotMatch(answer.body, /192\.0\.2\.1|STORE/);
    });
  }

  it('what is thrown and is no error is told too', async () => {
    const { ask, users, logger } = await startService();
    users.find = () => Promise.reject('text');
    assert.equal((await ask('/dns/update', { as: ALICE })).status, 500);
    assert.equal(logger.at('error').length, 1);
  });

  it('and not even that can be told, the client is told all the same, and the next request is served', async () => {
    const { ask, users, logger } = await startService();
    const { find } = users;
    const { error } = logger;
    users.find = () => Promise.reject(secretive);
    logger.error = () => {
      throw new Error('the log is gone');
    };
    const { status, body } = await ask('/dns/update', { as: ALICE });
    assert.deepEqual([status, body], [500, 'Internal Server Error']);
    users.find = find;
    logger.error = error;
    assert.equal((await ask(`/nic/update?hostname=${HOME}`, { as: ALICE })).status, 200);
  });

  it('the next request is served', async () => {
    const { ask, users } = await startService();
    const { find } = users;
    users.find = () => Promise.reject(secretive);
    await ask(`/nic/update?hostname=${HOME}`, { as: ALICE });
    users.find = find;
    assert.equal((await ask(`/nic/update?hostname=${HOME}`, { as: ALICE })).status, 200);
  });
});

describe('what the log tells', () => {
  it('of an update: who, what, from where, with which outcome, how long it took', async () => {
    const { ask, logger } = await startService();
    await ask(`/nic/update?hostname=${HOME},void.example.org,x&myip=${A}`, { as: ALICE, from: '127.0.0.3' });
    assert.deepEqual(logger.at('info'), [
      {
        level: 'info',
        event: 'An update request was answered',
        fields: {
          user: 'alice',
          token: undefined,
          tried: undefined,
          client: '127.0.0.3',
          program: undefined,
          names: [HOME, 'void.example.org'],
          outcome: ['good', 'nohost', 'notfqdn'],
          reason: 'hostname: not a domain name of two labels or more',
          addresses: ['203.0.113.7'],
          faults: undefined,
          fault: undefined,
          path: '/nic/update',
          milliseconds: 0,
        },
      },
    ]);
  });

  it('of /dns/update the same', async () => {
    const { ask, logger } = await startService({
      users: [user('alice', 's3cret', [HOME], { tokens: { [TOKEN]: undefined } })],
    });
    await ask(`//dns/update?domain=${HOME}&ipv4=${A}`, { as: `Bearer ${TOKEN}` });
    assert.deepEqual(logger.at('info')[0]?.fields, {
      user: 'alice',
      token: 'token-0',
      tried: undefined,
      client: '127.0.0.1',
      program: undefined,
      names: [HOME],
      outcome: ['changed'],
      reason: undefined,
      addresses: ['203.0.113.7'],
      faults: undefined,
      fault: undefined,
      path: '/dns/update',
      milliseconds: 0,
    });
  });

  for (const [situation, target, outcome] of [
    ['missing credentials', '/nic/update', 'challenge'],
    [
      'a malformed request',
      '/nic/update?myip=x&username=alice&password=s3cret&hostname=home.example.org',
      'badagent',
    ],
    ['missing credentials of /dns/update', '/dns/update', 'challenge'],
  ] as const) {
    it(`of ${situation} too`, async () => {
      const { ask, logger } = await startService();
      await ask(target);
      const [entry, ...others] = logger.at('info');
      assert.deepEqual([entry?.fields['outcome'], others], [[outcome], []]);
    });
  }

  for (const [target, reason] of [
    [`/nic/update?hostname=${HOME}&myip=hunter2`, 'myip: not an address, nor a prefix of 32 to 64 bits'],
    [`/nic/update?hostname=${HOME}&myipv4=2001:db8::1`, 'myipv4: not an IPv4 address'],
    [
      `/nic/update?hostname=${HOME}&myipv6:${HOME}=hunter2`,
      'myipv6:HOST: not an IPv6 address, nor a prefix of 32 to 64 bits',
    ],
    [`/nic/update?hostname=${HOME}&prefix=2001:db8::/8`, 'prefix: not an IPv6 prefix of 32 to 64 bits'],
    [`/nic/update?hostname=${HOME}&myipv4:a..b=${A}`, 'myipv4:HOST, myipv6:HOST: HOST is no domain name'],
    [`/nic/update?hostname=${HOME}&myip=${A}&ip=192.0.2.9`, 'ip: it contradicts another value'],
    [`/nic/update?hostname=${HOME}&offline=YES&offline=NO`, 'offline: two values contradict each other'],
    [
      `/nic/update?hostname=${HOME}&myipv4:void.example.org=${A}`,
      'a value for a further name that these credentials may not change',
    ],
    [`/nic/update?hostname=${'x.example.org,'.repeat(21)}`, 'more than 20 names'],
    ['/nic/update', 'hostname: missing'],
    [`/dns/update?domain=${HOME}&ipv4=hunter2`, /^ipv4: /],
  ] as const) {
    it(`of ${target}: what is wrong with it, and never the value`, async () => {
      const { ask, logger } = await startService({ users: [user('alice', 's3cret', [HOME, CAM])] });
      await ask(target, { as: basic('alice', 's3cret') });
      const told = String(logger.at('info')[0]?.fields['reason']);
      if (typeof reason === 'string') assert.equal(told, reason);
      else assert.match(told, reason);
      assert.doesNotMatch(told, /hunter2/);
    });
  }

  for (const code of ['DNS_REFUSED', 'DNS_TIMEOUT'] as const) {
    it(`of ${code} also why, in the same line, which is a warning`, async () => {
      const { ask, dns, logger } = await startService();
      dns.fail('apply', HOME, code);
      await ask(`/nic/update?hostname=${HOME},${CAM}&myip=${A}`, { as: ALICE });
      const [entry, ...others] = logger.entries;
      assert.deepEqual(others, []);
      assert.deepEqual([entry?.level, entry?.event], ['warn', 'An update request was answered']);
      const { names, faults, fault } = entry?.fields ?? {};
      assert.deepEqual([names, faults], [[HOME, CAM], [code]]);
      assert.equal((fault as { code: string } | undefined)?.code, code);
    });
  }

  it('of wrong credentials whose they were, if there is such a user, and of a challenge that it is one', async () => {
    const { ask, logger } = await startService();
    for (const path of ['/nic/update', '/dns/update']) {
      await ask(path, { as: basic('alice', 'wr0ng') });
      await ask(path, { as: basic('nobody', 'wr0ng') });
      await ask(path, { as: 'Bearer wr0ng' });
      await ask(path);
    }
    const told = logger.at('info').map(({ fields }) => [fields['tried'], ...(fields['outcome'] as string[])]);
    assert.deepEqual(
      told,
      ['badauth', 'not-authenticated'].flatMap((word) => [
        ['alice', word],
        [undefined, word],
        [undefined, word],
        [undefined, 'challenge'],
      ]),
    );
  });

  for (const [agent, program] of [
    ['ddclient/3.10.0', 'ddclient/3.10.0'],
    ['\x1b[31m\tred \xfc'.replaceAll('\x1b', ''), '[31m?red ?'],
    ['x'.repeat(5_000), 'x'.repeat(80)],
    ['', undefined],
  ] as const) {
    it(`of the client program what is harmless: ${program}`, async () => {
      const { ask, logger } = await startService();
      await ask('/nic/update', { headers: { 'User-Agent': agent } });
      assert.equal(logger.at('info')[0]?.fields['program'], program);
    });
  }

  it('of what broke inside, to the audit log too', async () => {
    const { ask, users, audit } = await startService();
    users.find = () => Promise.reject(new DynonymError('STORE_BROKEN', 'broken'));
    await ask('/nic/update', { as: ALICE });
    users.find = () => Promise.reject(new Error('broken'));
    await ask('/dns/update', { as: ALICE });
    await ask('/acme/present', { as: ALICE, method: 'POST', body: '{}', type: 'application/json' });
    const told = audit.entries.map(({ fields }) => [fields['path'], fields['outcome'], fields['faults']]);
    assert.deepEqual(told, [
      ['/nic/update', ['failed'], ['STORE_BROKEN']],
      ['/dns/update', ['failed'], ['unexpected']],
      ['/acme/present', ['failed'], ['unexpected']],
    ]);
  });

  it('of a client that leaves in the middle of its request nothing but at the level of debug', async () => {
    const { port, audit, logger } = await startService();
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /acme/present HTTP/1.1\r\nHost: example.org\r\nContent-Length: 100\r\n\r\n{"fqdn"');
    await until(() => socket.bytesWritten > 0, { what: 'the request to be sent' });
    socket.end();
    await until(() => logger.entries.length > 0, { what: 'the server to see it' });
    assert.deepEqual(
      logger.entries.map(({ level }) => level),
      ['debug'],
    );
    assert.deepEqual(audit.entries, []);
  });

  it('of requests for an address nothing', async () => {
    const { ask, logger } = await startService();
    await ask('/ip');
    await ask('/nope');
    assert.deepEqual(logger.entries, []);
  });

  it('never a secret, however it came and whatever became of it', async () => {
    const { ask, users, dns, logger, clock } = await startService();
    const requests = async () => {
      const glued = '/nic/update%20http:/alice:s3cret@x';
      for (const path of ['/nic/update', '/', '/dns/update', '/nope', '/ip', glued]) {
        for (const password of ['s3cret', 'wr0ng']) {
          // So that failures are not so many that nothing is judged any more.
          await clock.advance(10 * 60_000);
          await ask(`${path}?hostname=${HOME}&username=alice&password=${password}&token=t0ken`);
          await ask(`${path}?hostname=${HOME}`, { as: basic('alice', password) });
          await ask(`${path}?hostname=${HOME}`, { as: `Bearer ${password}` });
          await ask(path, { method: 'POST', body: `hostname=${HOME}&user=alice&pass=${password}` });
        }
      }
    };
    await requests();
    dns.fail('apply', HOME, 'DNS_TIMEOUT');
    await requests();
    users.find = () => Promise.reject(new Error('broken'));
    await requests();
    assert.ok(logger.at('error').length > 0);
    assert.doesNotMatch(logger.text, /s3cret|wr0ng|t0ken/);
    assert.ok(!logger.text.includes(basic('alice', 's3cret')));
  });
});
