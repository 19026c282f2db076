import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DnsFaultCode } from '../../../../../src/application/ports/dns-fault.ts';
import {
  ALICE,
  BOBHOST,
  basic,
  CAM,
  HOME,
  host,
  NAS,
  type Service,
  startService,
  updatesSent,
  user,
  WILDCARD,
} from '../service.ts';

const A = '203.0.113.7';
const AAAA = '2001:db8::7';
const VOID = 'void.example.org';

async function update({ ask }: Service, query: string): Promise<[number, string]> {
  const { status, body } = await ask(`/nic/update?${query}`, { as: ALICE });
  return [status, body];
}

function failing(service: Service, faults: Readonly<Record<string, DnsFaultCode>>): void {
  for (const [name, code] of Object.entries(faults)) service.dns.fail('lookUp', name, code);
}

describe('dyndns2: the status of several lines', () => {
  for (const [names, status, codes] of [
    [[HOME, VOID], 200, ['good', 'nohost']],
    [[HOME, BOBHOST, 'x', VOID, NAS], 200, ['good', '!yours', 'notfqdn', 'nohost', 'dnserr']],
    [[HOME, CAM], 503, ['good', '911']],
    [[HOME, BOBHOST, 'x', VOID, CAM], 503, ['good', '!yours', 'notfqdn', 'nohost', '911']],
    [[BOBHOST, CAM], 503, ['!yours', '911']],
    [[NAS, 'x', VOID], 503, ['dnserr', 'notfqdn', 'nohost']],
    [['x', VOID, BOBHOST], 403, ['notfqdn', 'nohost', '!yours']],
    [['x', VOID], 404, ['notfqdn', 'nohost']],
    [['x', 'y'], 400, ['notfqdn', 'notfqdn']],
  ] as const) {
    it(`${codes.join(', ')}: ${status}`, async () => {
      const service = await startService();
      failing(service, { [CAM]: 'DNS_TIMEOUT', [NAS]: 'DNS_REFUSED' });
      const lines = codes.map((code) => (code === 'good' ? `good ${A}\n` : `${code}\n`));
      const answer = await update(service, `hostname=${names.join()}&myip=${A}`);
      assert.deepEqual(answer, [status, lines.join('')]);
    });
  }

  it('a name that the name server refuses does not spoil the others', async () => {
    const service = await startService();
    service.dns.fail('apply', CAM, 'DNS_REFUSED');
    const answer = await update(service, `hostname=${CAM},${HOME}&myip=${A}`);
    assert.deepEqual(answer, [200, `dnserr\ngood ${A}\n`]);
    assert.deepEqual([service.dns.addressesOf(CAM), service.dns.addressesOf(HOME)], [[], [A]]);
  });

  it('names of several zones are changed by one request', async () => {
    const elsewhere = 'home.example.net';
    const service = await startService({
      users: [user('alice', 's3cret', [HOME, elsewhere])],
      zones: ['example.org', 'example.net'],
    });
    const answer = await update(service, `hostname=${HOME},${elsewhere}&myip=${A}`);
    assert.deepEqual(answer, [200, `good ${A}\ngood ${A}\n`]);
    assert.deepEqual(
      updatesSent(service.dns)
        .map(({ zone }) => zone)
        .sort(),
      ['example.net', 'example.org'],
    );
  });
});

describe('dyndns2: offline', () => {
  const users = [user('alice', 's3cret', [HOME, CAM, WILDCARD])];
  const hosts = [host(HOME, { offline: true })];

  it('deletes both families where the host allows it, whatever addresses come with it', async () => {
    const service = await startService({ users, hosts });
    service.dns.put(HOME, A, AAAA);
    const answer = await update(service, `hostname=${HOME}&offline=YES&myip=198.51.100.9,2001:db8::/64`);
    assert.deepEqual(answer, [200, 'good\n']);
    assert.deepEqual(service.dns.addressesOf(HOME), []);
    assert.equal(updatesSent(service.dns).length, 1);
  });

  it('is nochg where there is nothing', async () => {
    const service = await startService({ users, hosts });
    assert.deepEqual(await update(service, `hostname=${HOME}&OFFLINE=yes`), [200, 'nochg\n']);
    assert.deepEqual(service.dns.applied, []);
  });

  it('is !donator where neither host nor user allows it', async () => {
    const service = await startService({ users, hosts });
    service.dns.put(CAM, A);
    assert.deepEqual(await update(service, `hostname=${CAM}&offline=YES`), [403, '!donator\n']);
    assert.deepEqual(service.dns.addressesOf(CAM), [A]);
  });

  it('is allowed for every name where the user allows it', async () => {
    const service = await startService({ users: [user('alice', 's3cret', [HOME, CAM], { offline: true })] });
    service.dns.put(CAM, A);
    assert.deepEqual(await update(service, `hostname=${CAM}&offline=YES`), [200, 'good\n']);
    assert.deepEqual(service.dns.addressesOf(CAM), []);
  });

  it('does not touch the hosts that follow', async () => {
    const service = await startService({ users, hosts: [...hosts, host(NAS, { follows: hosts[0]?.name })] });
    service.dns.put(HOME, A);
    service.dns.put(NAS, AAAA);
    await update(service, `hostname=${HOME}&offline=YES&prefix=2001:db8:1::/48`);
    assert.deepEqual(service.dns.addressesOf(NAS), [AAAA]);
  });

  for (const query of ['offline=YES&offline=NO', 'offline=YES&myip=x']) {
    it(`${query} makes no sense: badagent, and nothing is deleted`, async () => {
      const service = await startService({ users, hosts });
      service.dns.put(HOME, A);
      assert.deepEqual(await update(service, `hostname=${HOME}&${query}`), [400, 'badagent\n']);
      assert.deepEqual(service.dns.addressesOf(HOME), [A]);
    });
  }
});

describe('dyndns2: methods and forms', () => {
  const query = `hostname=${HOME}&myip=${A}`;

  for (const method of ['GET', 'POST', 'PUT']) {
    it(`${method} with a query is an update`, async () => {
      const { ask, dns } = await startService();
      const { status, body } = await ask(`/nic/update?${query}`, { method, as: ALICE });
      assert.deepEqual([status, body], [200, `good ${A}\n`]);
      assert.deepEqual(dns.addressesOf(HOME), [A]);
    });
  }

  for (const [method, body] of [
    ['HEAD', ''],
    ['DELETE', 'badagent\n'],
    ['PATCH', 'badagent\n'],
    ['OPTIONS', 'badagent\n'],
  ] as const) {
    for (const path of ['/nic/update', '/update', '/']) {
      it(`${method} ${path} is not allowed, also without credentials, and changes nothing`, async () => {
        const { ask, dns } = await startService();
        const answer = await ask(`${path}?${query}`, { method });
        assert.deepEqual([answer.status, answer.body], [405, body]);
        assert.equal(answer.headers['allow'], 'GET, POST, PUT');
        await ask(`${path}?${query}`, { method, as: ALICE });
        assert.deepEqual(dns.applied, []);
      });
    }
  }

  for (const method of ['POST', 'PUT']) {
    it(`${method} takes a form`, async () => {
      const { ask, dns } = await startService();
      const { body } = await ask('/nic/update', { method, as: ALICE, body: query });
      assert.equal(body, `good ${A}\n`);
      assert.deepEqual(dns.addressesOf(HOME), [A]);
    });
  }

  it('query and form are one list of parameters', async () => {
    const { ask } = await startService();
    const form = { method: 'POST', as: ALICE };
    const both = await ask(`/nic/update?hostname=${HOME}&myip=${AAAA}`, { ...form, body: `myip=${A}` });
    assert.equal(both.body, `good ${AAAA},${A}\n`);
    const contrary = await ask(`/nic/update?${query}`, { ...form, body: 'myip=198.51.100.9' });
    assert.deepEqual([contrary.status, contrary.body], [400, 'badagent\n']);
  });

  it('a form that is too long is refused, with its length told or not', async () => {
    const { ask, dns } = await startService();
    const long = { method: 'POST', as: ALICE, body: `${query}&x=${'y'.repeat(100_000)}` };
    const told = await ask('/nic/update', long);
    assert.deepEqual([told.status, told.body], [413, 'badagent\n']);
    const chunked = await ask('/nic/update', { ...long, chunked: true });
    assert.deepEqual([chunked.status, chunked.body], [413, 'badagent\n']);
    assert.deepEqual(dns.applied, []);
  });

  it('the answer is text also for those who prefer JSON', async () => {
    const { ask } = await startService();
    for (const options of [{ as: ALICE }, {}]) {
      const { headers } = await ask(`/nic/update?${query}`, {
        ...options,
        headers: { Accept: 'application/json' },
      });
      assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
    }
  });

  it('credentials are judged before the form', async () => {
    const { ask } = await startService();
    assert.equal((await ask('/nic/update?hostname=x&myip=x')).status, 401);
  });
});

describe('dyndns2: paths', () => {
  it('/ without a hostname is not an update', async () => {
    const { ask, dns } = await startService();
    for (const method of ['GET', 'POST', 'HEAD', 'DELETE']) {
      assert.equal((await ask(`/?myip=${A}`, { method, as: ALICE })).status, 404);
    }
    assert.deepEqual(dns.applied, []);
  });

  it('/ with an empty hostname is one, for the default name', async () => {
    const { ask, dns } = await startService({ users: [user('alice', 's3cret', [CAM])] });
    assert.equal((await ask(`/?Hostname=&myip=${A}`, { as: ALICE })).body, `good ${A}\n`);
    assert.deepEqual(dns.addressesOf(CAM), [A]);
  });

  it('/ with a hostname in a form is one', async () => {
    const { ask } = await startService();
    const { body } = await ask('/', { method: 'POST', as: ALICE, body: `hostname=${HOME}&myip=${A}` });
    assert.equal(body, `good ${A}\n`);
  });

  for (const path of [
    '/nic/update%20http:/ipv6.example.org/nic/update',
    '/nic/update%20https://ipv6.example.org/nic/update',
    '/update+http://ipv6.example.org/update',
  ]) {
    const target = `${path}?hostname=${HOME}&myip=${A}`;

    it(`two URLs that were glued together (${path}) are a documented badagent`, async () => {
      const { ask, dns } = await startService();
      const { status, body } = await ask(target, { as: ALICE });
      assert.deepEqual([status, body], [400, 'badagent\n']);
      assert.deepEqual(dns.applied, []);
    });

    it(`and judged after method and credentials (${path})`, async () => {
      const { ask } = await startService();
      for (const as of [undefined, basic('alice', 'wrong')]) {
        const { status, headers, body } = await ask(target, as === undefined ? {} : { as });
        assert.deepEqual([status, body], [401, 'badauth\n']);
        assert.equal(headers['www-authenticate'], 'Basic realm="dynonym"');
      }
      const { status, headers, body } = await ask(target, { method: 'DELETE' });
      assert.deepEqual([status, body, headers['allow']], [405, 'badagent\n', 'GET, POST, PUT']);
    });
  }

  const GAP = `%20https://ddns.example.org/nic/update?hostname=${HOME}`;
  for (const [where, query, status, lines, home] of [
    ['an address', `hostname=${HOME}&myip=${A}${GAP}&myipv6=${AAAA}`, 400, ['badagent'], []],
    [
      'the last name',
      `myip=${A}&hostname=${HOME},${CAM}${GAP}&myipv6=${AAAA}`,
      200,
      [`good ${A},${AAAA}`, 'notfqdn'],
      [A, AAAA],
    ],
    ['the only name', `myip=${A}&hostname=${HOME}${GAP}&myipv6=${AAAA}`, 400, ['notfqdn'], []],
    [
      'a parameter that is ignored',
      `hostname=${HOME}&myip=${A}&system=dyndns${GAP}&myipv6=${AAAA}`,
      200,
      [`good ${A},${AAAA}`],
      [A, AAAA],
    ],
  ] as const) {
    it(`two URLs that were glued together behind ${where}: ${lines.join(', ')}`, async () => {
      const service = await startService();
      const answer = await update(service, query);
      assert.deepEqual(answer, [status, lines.map((line) => `${line}\n`).join('')]);
      assert.deepEqual(service.dns.addressesOf(HOME), home);
    });
  }

  it('two URLs that were glued together behind a password: badauth', async () => {
    const { ask, dns } = await startService();
    const { status, body } = await ask(
      `/nic/update?hostname=${HOME}&username=alice&password=s3cret${GAP}&myip=${A}`,
    );
    assert.deepEqual([status, body], [401, 'badauth\n']);
    assert.deepEqual(dns.applied, []);
  });

  it('of URLs that were glued together the log tells the first alone: the second may hold a password', async () => {
    const { ask, logger } = await startService();
    await ask('/nic/update%20http:/alice:s3cret@ddns.example.org/nic/update', { as: ALICE });
    assert.deepEqual(
      logger.entries.map(({ fields }) => [fields['user'], fields['outcome'], fields['path']]),
      [['alice', ['badagent'], '/nic/update']],
    );
  });
});
