import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ALICE,
  BOBHOST,
  basic,
  HOME,
  type RequestOptions,
  type Service,
  startService,
  updatesSent,
  WILDCARD,
} from './service.ts';

const A = '203.0.113.7';
const AAAA = '2001:db8::7';

async function update(
  { ask }: Service,
  query: string,
  options: RequestOptions = {},
): Promise<[number, string]> {
  const { status, body } = await ask(`/dns/update?${query}`, { as: ALICE, ...options });
  return [status, body];
}

describe('/dns/update', () => {
  it('tells from where and by which program a name was reported', async () => {
    const service = await startService();
    await update(service, `domain=${HOME}&ipv4=${A}`, { headers: { 'User-Agent': 'inadyn/2.12' } });
    const [report] = service.events.of('reported');
    assert.deepEqual(
      [report?.name, report?.user, report?.from, report?.program],
      [HOME, 'alice', '127.0.0.1', 'inadyn/2.12'],
    );
  });

  it('sets the A and leaves the AAAA alone', async () => {
    const service = await startService();
    service.dns.put(HOME, AAAA);
    assert.deepEqual(await update(service, `domain=${HOME}&ipv4=${A}`), [200, `good ${A}\n`]);
    assert.deepEqual(service.dns.addressesOf(HOME), [A, AAAA]);
  });

  it('sets the AAAA and leaves the A alone', async () => {
    const service = await startService();
    service.dns.put(HOME, A);
    assert.deepEqual(await update(service, `domain=${HOME}&ipv6=${AAAA}`), [200, `good ${AAAA}\n`]);
    assert.deepEqual(service.dns.addressesOf(HOME), [A, AAAA]);
  });

  it('sets both in one UPDATE', async () => {
    const service = await startService();
    const answer = await update(service, `domain=${HOME}&ipv6=${AAAA}&ipv4=${A}`);
    assert.deepEqual(answer, [200, `good ${A},${AAAA}\n`]);
    assert.equal(updatesSent(service.dns).length, 1);
  });

  it('sets the address of the client when none is given', async () => {
    const service = await startService();
    assert.deepEqual(await update(service, `domain=${HOME}`), [200, 'good 127.0.0.1\n']);
    assert.deepEqual(service.dns.addressesOf(HOME), ['127.0.0.1']);
  });

  it('sets the IPv6 address of a client behind a trusted proxy', async () => {
    const service = await startService({ trustedProxies: ['127.0.0.1/32'] });
    const headers = { 'X-Forwarded-For': AAAA };
    assert.deepEqual(await update(service, `domain=${HOME}`, { headers }), [200, `good ${AAAA}\n`]);
  });

  it('says so when nothing had to be changed', async () => {
    const service = await startService();
    service.dns.put(HOME, A);
    assert.deepEqual(await update(service, `domain=${HOME}&ipv4=${A}`), [200, `nochg ${A}\n`]);
    assert.deepEqual(service.dns.applied, []);
  });

  for (const written of ['HOME.Example.ORG', 'home.example.org.', 'home%2Eexample%2Eorg']) {
    it(`knows ${written} as home.example.org`, async () => {
      const service = await startService();
      assert.equal((await update(service, `domain=${written}&ipv4=${A}`))[0], 200);
      assert.deepEqual(service.dns.addressesOf(HOME), [A]);
    });
  }

  it('knows a wildcard name that was granted, and not the names that it matches', async () => {
    const service = await startService();
    assert.equal((await update(service, `domain=${WILDCARD}&ipv4=${A}`))[0], 200);
    assert.equal((await update(service, `domain=x.w.example.org&ipv4=${A}`))[0], 403);
  });

  it('takes a form', async () => {
    const service = await startService();
    const { status } = await service.ask('/dns/update', {
      method: 'POST',
      as: ALICE,
      body: `domain=${HOME}&ipv4=${A}`,
    });
    assert.equal(status, 200);
    assert.deepEqual(service.dns.addressesOf(HOME), [A]);
  });

  it('is found behind two slashes', async () => {
    const { ask } = await startService();
    assert.equal((await ask(`//dns//update?domain=${HOME}`, { as: ALICE })).status, 200);
  });

  for (const [mistake, query] of [
    ['no domain', ''],
    ['an empty domain', 'domain='],
    ['a domain of another case', `Domain=${HOME}`],
    ['two domains', `domain=${HOME}&domain=${HOME}`],
    ['a NUL in the domain', 'domain=home%00.example.org'],
    ['an escape that is none', 'domain=home%zz.example.org'],
    ['an address as IPv4 that is none', `domain=${HOME}&ipv4=203.0.113`],
    ['an IPv4 address with a leading zero', `domain=${HOME}&ipv4=203.0.113.07`],
    ['an IPv6 address as IPv4', `domain=${HOME}&ipv4=${AAAA}`],
    ['an empty ipv4', `domain=${HOME}&ipv4=`],
    ['two ipv4', `domain=${HOME}&ipv4=${A}&ipv4=${A}`],
    ['an IPv4 address as IPv6', `domain=${HOME}&ipv6=${A}`],
    ['an IPv4-mapped address', `domain=${HOME}&ipv6=::ffff:203.0.113.7`],
    ['a zone id', `domain=${HOME}&ipv6=fe80::1%25eth0`],
    ['a prefix', `domain=${HOME}&ipv6=2001:db8::/64`],
    ['a list', `domain=${HOME}&ipv4=${A},${A}`],
    ['one good family and one bad', `domain=${HOME}&ipv4=${A}&ipv6=none`],
    ['deleting', `domain=${HOME}&ipv4=&offline=YES`],
  ] as const) {
    it(`${mistake}: 400, and nothing is changed`, async () => {
      const service = await startService();
      service.dns.put(HOME, '198.51.100.1', '2001:db8::1');
      const [status, body] = await update(service, query);
      assert.equal(status, 400);
      assert.match(body, /^400 Bad Request: (?:domain|ipv4|ipv6): .+\n$/);
      assert.deepEqual(service.dns.applied, []);
    });
  }

  it('a parameter in query and form is one that is repeated', async () => {
    const service = await startService();
    const answer = await update(service, `domain=${HOME}`, { method: 'POST', body: `domain=${HOME}` });
    assert.deepEqual(answer, [400, '400 Bad Request: domain: this parameter is given twice\n']);
  });

  it('offline gets no power here', async () => {
    const service = await startService();
    service.dns.put(HOME, A, AAAA);
    await update(service, `domain=${HOME}&ipv4=${A}&offline=YES`);
    assert.deepEqual(service.dns.addressesOf(HOME), [A, AAAA]);
  });

  for (const [situation, options] of [
    ['no credentials', {}],
    ['a wrong password', { as: basic('alice', 'wrong') }],
    ['an unknown user', { as: basic('mallory', 's3cret') }],
    ['a scheme that is not known', { as: 'Digest username="alice"' }],
  ] as const) {
    it(`${situation}: 401 with a challenge`, async () => {
      const { ask, dns } = await startService();
      const { status, headers, body } = await ask(`/dns/update?domain=${HOME}`, options);
      assert.equal(status, 401);
      assert.equal(headers['www-authenticate'], 'Basic realm="dynonym"');
      assert.equal(body, '401 Unauthorized\n');
      assert.deepEqual(dns.applied, []);
    });
  }

  it('credentials in the query are none here', async () => {
    const { ask } = await startService();
    const answer = await ask(`/dns/update?domain=${HOME}&username=alice&password=s3cret`);
    assert.equal(answer.status, 401);
  });

  for (const name of [BOBHOST, 'void.example.org', 'sub.home.example.org', 'home']) {
    it(`${name}, which is not granted: 403, whoever has it`, async () => {
      const service = await startService();
      const [status, body] = await update(service, `domain=${name}&ipv4=${A}`);
      assert.equal(status, 403);
      assert.equal(body, '403 Forbidden: these credentials may not change this domain\n');
      assert.deepEqual(service.dns.applied, []);
    });
  }

  it('credentials are judged before the form, and that before the right', async () => {
    const service = await startService();
    assert.equal((await update(service, 'domain=', { as: basic('alice', 'x') }))[0], 401);
    assert.equal((await update(service, `domain=${BOBHOST}&ipv4=x`))[0], 400);
  });

  for (const method of ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    it(`${method}: 405, and nothing is changed`, async () => {
      const { ask, dns } = await startService();
      const { status, headers } = await ask(`/dns/update?domain=${HOME}`, { method, as: ALICE });
      assert.deepEqual([status, headers['allow']], [405, 'GET, POST']);
      assert.deepEqual(dns.applied, []);
    });
  }
});

describe('/dns/update for those who prefer JSON', () => {
  for (const accept of [
    'application/json',
    'application/problem+json',
    'application/json, */*',
    'text/plain;q=0.5, application/json',
  ]) {
    it(`${accept}: a problem document`, async () => {
      const { ask } = await startService();
      const { status, headers, body } = await ask('/dns/update', { as: ALICE, headers: { Accept: accept } });
      assert.equal(status, 400);
      assert.equal(headers['content-type'], 'application/problem+json');
      assert.deepEqual(JSON.parse(body), {
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        detail: 'domain: this parameter is missing',
      });
    });
  }

  for (const accept of [
    '*/*',
    'text/html, */*;q=0.1',
    'image/png',
    'text/plain, application/json',
    '',
    ';;,',
  ]) {
    it(`"${accept}" does not prefer it`, async () => {
      const { ask } = await startService();
      const { headers } = await ask('/dns/update', { as: ALICE, headers: { Accept: accept } });
      assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
    });
  }

  it('a change', async () => {
    const { ask } = await startService();
    const { headers, body } = await ask(`/dns/update?domain=Home.example.org&ipv4=${A}&ipv6=${AAAA}`, {
      as: ALICE,
      headers: { Accept: 'application/json' },
    });
    assert.equal(headers['content-type'], 'application/json');
    assert.deepEqual(JSON.parse(body), { domain: HOME, changed: true, ipv4: A, ipv6: AAAA });
  });
});
