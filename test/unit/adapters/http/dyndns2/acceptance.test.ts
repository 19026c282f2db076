import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../../../../support/until.ts';
import {
  ALICE,
  BOBHOST,
  CAM,
  changedNames,
  HOME,
  NAS,
  type Service,
  startService,
  updatesSent,
} from '../service.ts';

const A = '203.0.113.7';
const AAAA = '2001:db8::7';

/** An update by alice: the status and the body of the answer. */
async function update(service: Service, query: string, path = '/nic/update'): Promise<[number, string]> {
  const { status, body } = await service.ask(`${path}?${query}`, { as: ALICE });
  return [status, body];
}

describe('dyndns2: what clients rely on', () => {
  it('a new IPv4 address sets the A and leaves the AAAA alone', async () => {
    const service = await startService();
    service.dns.put(HOME, AAAA);
    assert.deepEqual(await update(service, `hostname=${HOME}&myip=${A}`), [200, `good ${A}\n`]);
    assert.deepEqual(service.dns.addressesOf(HOME), [A, AAAA]);
  });

  it('the same address again changes nothing', async () => {
    const service = await startService();
    await update(service, `hostname=${HOME}&myip=${A}`);
    assert.deepEqual(await update(service, `hostname=${HOME}&myip=${A}`), [200, `nochg ${A}\n`]);
    assert.equal(updatesSent(service.dns).length, 1);
  });

  it('without credentials the answer is a challenge, and nobody is to blame', async () => {
    const service = await startService();
    const answer = await service.ask(`/nic/update?hostname=${HOME}&myip=${A}`);
    assert.equal(answer.status, 401);
    assert.equal(answer.body, 'badauth\n');
    assert.equal(answer.headers['www-authenticate'], 'Basic realm="dynonym"');
    assert.deepEqual(service.dns.applied, []);
  });

  it('two names give two lines and travel in one UPDATE', async () => {
    const service = await startService();
    const answer = await update(service, `hostname=${HOME},${CAM}&myip=${A}`);
    assert.deepEqual(answer, [200, `good ${A}\ngood ${A}\n`]);
    assert.deepEqual(changedNames(service.dns), [[HOME, CAM]]);
  });

  it('a name that nobody was granted is nohost', async () => {
    const service = await startService();
    assert.deepEqual(await update(service, `hostname=void.example.org&myip=${A}`), [404, 'nohost\n']);
    assert.deepEqual(service.dns.applied, []);
  });

  it('a name of somebody else is !yours', async () => {
    const service = await startService();
    assert.deepEqual(await update(service, `hostname=${BOBHOST}&myip=${A}`), [403, '!yours\n']);
    assert.deepEqual(service.dns.applied, []);
  });

  it('a name without a dot is notfqdn', async () => {
    const service = await startService();
    assert.deepEqual(await update(service, `hostname=home&myip=${A}`), [400, 'notfqdn\n']);
  });

  it('both families in one list go into one UPDATE', async () => {
    const service = await startService();
    const answer = await update(service, `hostname=${HOME}&myip=${A},${AAAA}`);
    assert.deepEqual(answer, [200, `good ${A},${AAAA}\n`]);
    assert.deepEqual(service.dns.addressesOf(HOME), [A, AAAA]);
    assert.equal(updatesSent(service.dns).length, 1);
  });

  it('an IPv6 address in another notation is the same address', async () => {
    const service = await startService();
    service.dns.put(HOME, AAAA);
    const expanded = '2001:0db8:0000:0000:0000:0000:0000:0007';
    assert.deepEqual(await update(service, `hostname=${HOME}&myip=${expanded}`), [200, `nochg ${AAAA}\n`]);
    assert.deepEqual(service.dns.applied, []);
  });

  it('one parameter for each family is as good as a list', async () => {
    const service = await startService();
    const answer = await update(service, `hostname=${HOME}&myip=${A}&myipv6=${AAAA}`);
    assert.deepEqual(answer, [200, `good ${A},${AAAA}\n`]);
    assert.deepEqual(service.dns.addressesOf(HOME), [A, AAAA]);
    assert.equal(updatesSent(service.dns).length, 1);
  });

  it('an empty myip means the address that a trusted proxy names, and deletes nothing', async () => {
    const service = await startService({ trustedProxies: ['127.0.0.1/32'] });
    service.dns.put(HOME, AAAA);
    const answer = await service.ask(`/nic/update?hostname=${HOME}&myip=`, {
      as: ALICE,
      headers: { 'X-Forwarded-For': '198.51.100.9' },
    });
    assert.deepEqual([answer.status, answer.body], [200, 'good 198.51.100.9\n']);
    assert.deepEqual(service.dns.addressesOf(HOME), ['198.51.100.9', AAAA]);
  });

  it('X-Forwarded-For of anybody else is not believed', async () => {
    const service = await startService({ trustedProxies: ['127.0.0.2/32'] });
    const answer = await service.ask(`/nic/update?hostname=${HOME}`, {
      as: ALICE,
      headers: { 'X-Forwarded-For': '198.51.100.9' },
    });
    assert.deepEqual([answer.status, answer.body], [200, 'good 127.0.0.1\n']);
  });

  it('an empty myipv6 beside an address deletes nothing', async () => {
    const service = await startService();
    service.dns.put(HOME, AAAA);
    assert.deepEqual(await update(service, `hostname=${HOME}&myip=${A}&myipv6=`), [200, `good ${A}\n`]);
    assert.deepEqual(service.dns.addressesOf(HOME), [A, AAAA]);
  });

  it('placeholders and unspecified addresses are ignored beside an address', async () => {
    const service = await startService();
    service.dns.put(HOME, A);
    const answer = await service.ask(
      `/nic/update?hostname=${HOME}&myip=%3Cipaddr%3E,0.0.0.0&myipv6=${AAAA}`,
      {
        as: ALICE,
      },
    );
    assert.deepEqual([answer.status, answer.body], [200, `good ${AAAA}\n`]);
    assert.deepEqual(service.dns.addressesOf(HOME), [A, AAAA]);
  });

  for (const path of [
    ...['/v3/update', '/update', '/dyndns/update'],
    ...['//nic/update', '/nic//update', '/', '//'],
  ]) {
    it(`${path} is served as /nic/update is`, async () => {
      const service = await startService();
      assert.deepEqual(await update(service, `hostname=${HOME}&myip=${A}`, path), [200, `good ${A}\n`]);
      assert.deepEqual(service.dns.addressesOf(HOME), [A]);
    });
  }

  for (const [what, agent] of [
    ['none', undefined],
    ['an empty one', ''],
    ['one that names no version', 'Wget'],
    ['that of a browser', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
    ['an odd one', '() { :; }; \t<b>%00 \xfc'],
  ] as const) {
    it(`any User-Agent is served: ${what}`, async () => {
      const service = await startService();
      const headers = agent === undefined ? {} : { 'User-Agent': agent };
      for (const path of ['/nic/update', '/dns/update']) {
        const query = `hostname=${HOME}&myip=${A}&domain=${HOME}&ipv4=${A}`;
        const { status } = await service.ask(`${path}?${query}`, { as: ALICE, headers });
        assert.equal(status, 200, path);
      }
      assert.equal((await service.ask('/checkip', { headers })).status, 200);
    });
  }

  for (const [code, fault] of [
    ['911', 'DNS_UNREACHABLE'],
    ['911', 'DNS_TIMEOUT'],
    ['911', 'DNS_SERVER_FAILURE'],
    ['dnserr', 'DNS_REFUSED'],
    ['dnserr', 'DNS_NOT_ZONE'],
    ['dnserr', 'DNS_CNAME'],
  ] as const) {
    it(`${fault} is ${code}, and the same request succeeds later`, async () => {
      const service = await startService();
      service.dns.fail('apply', HOME, fault);
      assert.deepEqual(await update(service, `hostname=${HOME}&myip=${A}`), [503, `${code}\n`]);
      service.dns.recover();
      assert.deepEqual(await update(service, `hostname=${HOME}&myip=${A}`), [200, `good ${A}\n`]);
    });
  }

  it('two different addresses at once leave one A, that of the later accepted request', async () => {
    const service = await startService();
    const { reached, resume } = service.dns.pauseNext('lookUp');
    const first = update(service, `hostname=${HOME}&myip=${A}`);
    await reached;
    const second = update(service, `hostname=${HOME}&myip=198.51.100.9`);
    await until(() => service.passwords.calls.length === 2, { what: 'the second request to be accepted' });
    resume();
    const answers = await Promise.all([first, second]);
    assert.deepEqual(answers, [
      [200, `good ${A}\n`],
      [200, 'good 198.51.100.9\n'],
    ]);
    assert.deepEqual(service.dns.addressesOf(HOME), ['198.51.100.9']);
  });

  it('one request for each family at once leaves both', async () => {
    const service = await startService();
    const answers = await Promise.all([
      update(service, `hostname=${HOME}&myip=${A}`),
      update(service, `hostname=${HOME}&myip=${AAAA}`),
    ]);
    assert.deepEqual(answers, [
      [200, `good ${A}\n`],
      [200, `good ${AAAA}\n`],
    ]);
    assert.deepEqual(service.dns.addressesOf(HOME), [A, AAAA]);
  });

  it('a prefix moves the follower in the same UPDATE and adds no line', async () => {
    const service = await startService();
    const answer = await update(
      service,
      `hostname=${HOME}&ip6lanprefix=2001:db8:1:2::/64&myipv6=2001:db8:1:ff::1`,
    );
    assert.deepEqual(answer, [200, 'good 2001:db8:1:ff::1\n']);
    assert.deepEqual(service.dns.addressesOf(HOME), ['2001:db8:1:ff::1']);
    assert.deepEqual(service.dns.addressesOf(NAS), ['2001:db8:1:2:a:b:c:d']);
    assert.deepEqual(changedNames(service.dns), [[HOME, NAS]]);
  });
});
