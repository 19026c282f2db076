import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { domainName } from '../../../../../src/domain/domain-name.ts';
import { RawClient } from '../../../../support/raw-client.ts';
import { until } from '../../../../support/until.ts';
import { HOME, type ServiceOptions, startService, user } from '../service.ts';

/*
 * Requests of programs that Debian does not package, octet by octet as they write them, and what each of them looks for
 * in the answer.
 */

const TXT = 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ';
const FQDN = `_acme-challenge.${HOME}.`;
/** alice:secret */
const BASIC = 'Authorization: Basic YWxpY2U6c2VjcmV0';
const ACME_SH = [
  'User-Agent: acme.sh/3.1.0 (https://github.com/acmesh-official/acme.sh)',
  'Accept: */*',
] as const;
const GO = ['User-Agent: Go-http-client/1.1'] as const;
const REQUESTS = [
  'User-Agent: python-requests/2.31.0',
  'Accept-Encoding: gzip, deflate',
  'Accept: */*',
  'Connection: keep-alive',
] as const;
const KEYS = ['X-Api-User: alice', 'X-Api-Key: secret'] as const;

const FORM = 'Content-Type: application/x-www-form-urlencoded';
const JSON_TYPE = 'Content-Type: application/json';

/** alice with one name and a token for certificates. */
async function open(options: ServiceOptions = {}) {
  const alice = user('alice', 's3cret', [HOME], {
    tokens: { secret: undefined },
    use: 'updates and certificates',
  });
  const service = await startService({ users: [alice], ...options });
  /** Sends a request as a program writes it, and reads the answer as far as its length goes. */
  const post = async (path: string, headers: readonly string[], body = '') => {
    const client = await RawClient.open(service.port);
    const head = [`POST ${path} HTTP/1.1`, `Host: 127.0.0.1:${service.port}`, ...headers];
    client.send(`${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    const whole = /^HTTP\/1\.1 (\d+) .*?Content-Length: (\d+).*?\r\n\r\n(.*)$/is;
    const answer = () => whole.exec(client.received);
    await until(() => answer()?.[3]?.length === Number(answer()?.[2]), { what: 'a whole answer' });
    client.socket.destroy();
    return { status: Number(answer()?.[1]), body: answer()?.[3] ?? '' };
  };
  const standing = () => service.dns.addressesOf(`_acme-challenge.${HOME}`);
  return { ...service, post, standing };
}

describe('programs of the httpreq family', () => {
  it('Traefik and lego: any 2xx is a success', async () => {
    const { post, standing } = await open();
    const body = `{"fqdn":"${FQDN}","value":"${TXT}"}\n`;
    const headers = [
      'User-Agent: goacme-lego/4.22.2 (release; linux; amd64)',
      'Accept: application/json',
      BASIC,
      JSON_TYPE,
      'Accept-Encoding: gzip',
    ];
    assert.equal((await post('/acme/present', headers, body)).status, 200);
    assert.deepEqual(standing(), [TXT]);
    assert.equal((await post('/acme/cleanup', headers, body)).status, 200);
    assert.deepEqual(standing(), []);
  });

  it('acme.sh (dns_acmeproxy): the value stands between quotes in the answer', async () => {
    const { post, standing } = await open();
    const body = `{"fqdn": "${FQDN}", "value": "${TXT}"}`;
    const headers = [...ACME_SH, BASIC, 'Accept: application/json', JSON_TYPE];
    for (const [path, left] of [
      ['/acme/present', [TXT]],
      ['/acme/cleanup', []],
    ] as const) {
      assert.ok((await post(path, headers, body)).body.includes(`"${TXT}"`));
      assert.deepEqual(standing(), left);
    }
  });

  it('Caddy (acmeproxy): exactly 200, and both fields as they were sent', async () => {
    const { post, standing } = await open();
    const headers = [...GO, BASIC, JSON_TYPE, 'Accept-Encoding: gzip'];
    const sent = { fqdn: FQDN, value: TXT };
    const { status, body } = await post('/acme/present', headers, `{"FQDN":"${FQDN}","Value":"${TXT}"}`);
    assert.deepEqual([status, JSON.parse(body)], [200, sent]);
    assert.deepEqual(standing(), [TXT]);
  });

  it('the webhook of cert-manager for httpreq: says no type, and 2xx is a success', async () => {
    const { post, standing } = await open();
    const headers = [...GO, BASIC, 'Accept-Encoding: gzip'];
    assert.equal((await post('/acme/present', headers, `{"fqdn":"${FQDN}","value":"${TXT}"}`)).status, 200);
    assert.deepEqual(standing(), [TXT]);
  });

  it('win-acme with the script of the snippet: JSON on several lines', async () => {
    const { post, standing } = await open();
    const body = `{\r\n    "value":  "${TXT}",\r\n    "fqdn":  "${FQDN}"\r\n}`;
    const agent =
      'User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; de-DE) WindowsPowerShell/5.1.17763.1';
    const { status } = await post('/acme/present', [BASIC, agent, FORM], body);
    assert.deepEqual([status, standing()], [200, [TXT]]);
  });
});

describe('programs of acme-dns', () => {
  it('goacmedns, and so lego: registers with null, and updates with the account', async () => {
    const { post, dns } = await open({ accountZone: domainName('acme.example.org') });
    const agent = ['User-Agent: goacme-lego/4.22.2 (release; linux; amd64)'];
    const headers = [...agent, BASIC, JSON_TYPE, 'Accept-Encoding: gzip'];
    const { status, body } = await post('/acme-dns/register', headers, 'null');
    assert.equal(status, 201);
    const { username, password, fulldomain, subdomain } = JSON.parse(body);
    const keys = [`X-Api-Key: ${password}`, `X-Api-User: ${username}`];
    const update = `{"subdomain":"${subdomain}","txt":"${TXT}"}`;
    assert.equal((await post('/acme-dns/update', [...agent, JSON_TYPE, ...keys], update)).status, 200);
    assert.deepEqual(dns.addressesOf(fulldomain), [TXT]);
  });

  it('acme.sh (dns_acmedns): registers without a body, and cuts the account out of one line', async () => {
    const { post, standing } = await open();
    const { body } = await post('/acme-dns/register', [...ACME_SH, BASIC, FORM]);
    // sed -n 's/^{.*\"username\":[ ]*\"\([^\"]*\)\".*}/\1/p'
    const cut = (key: string) => new RegExp(`^\\{.*"${key}": *"([^"]*)".*\\}$`, 'm').exec(body)?.[1];
    assert.deepEqual(
      [cut('username'), cut('subdomain'), cut('fulldomain')],
      ['alice', HOME, FQDN.slice(0, -1)],
    );
    const update = `{"subdomain":"${cut('subdomain')}", "txt": "${TXT}"}`;
    const keys = ['X-Api-User: alice', `X-Api-Key: ${cut('password')}`];
    assert.ok(
      (await post('/acme-dns/update', [...ACME_SH, ...keys, FORM], update)).body.includes(`"${TXT}"`),
    );
    assert.deepEqual(standing(), [TXT]);
  });

  it('the script of acme-dns for certbot: demands 201 and 200, and limits the account to networks', async () => {
    const { post, standing } = await open();
    const limited = '{"allowfrom": ["127.0.0.0/8", "::1/128"]}';
    const { status, body } = await post('/acme-dns/register', [...REQUESTS, BASIC], limited);
    const { password, subdomain, allowfrom } = JSON.parse(body);
    assert.deepEqual([status, allowfrom], [201, ['127.0.0.0/8', '::1/128']]);
    const headers = [...REQUESTS, 'X-Api-User: alice', `X-Api-Key: ${password}`, JSON_TYPE];
    const update = `{"subdomain": "${subdomain}", "txt": "${TXT}"}`;
    assert.deepEqual([(await post('/acme-dns/update', headers, update)).status, standing()], [200, [TXT]]);
    // Without networks it sends no body.
    assert.equal((await post('/acme-dns/register', [...REQUESTS, BASIC])).status, 201);
  });

  it('Caddy (acmedns): exactly 200', async () => {
    const { post, standing } = await open();
    const headers = [...GO, JSON_TYPE, 'X-Api-Key: secret', 'X-Api-User: alice', 'Accept-Encoding: gzip'];
    const { status } = await post('/acme-dns/update', headers, `{"subdomain":"${HOME}","txt":"${TXT}"}`);
    assert.deepEqual([status, standing()], [200, [TXT]]);
  });

  it('cert-manager (acmeDNS): 200, with the account of a JSON map', async () => {
    const { post, standing } = await open();
    const headers = ['User-Agent: cert-manager-goacmedns/dev', JSON_TYPE, ...KEYS, 'Accept-Encoding: gzip'];
    const { status, body } = await post(
      '/acme-dns/update',
      headers,
      `{"subdomain":"${HOME}","txt":"${TXT}"}`,
    );
    assert.deepEqual([status, JSON.parse(body), standing()], [200, { txt: TXT }, [TXT]]);
  });

  it('win-acme: registers with an empty body, and ignores the status of updates', async () => {
    const { post, standing } = await open();
    const agent = 'User-Agent: win-acme/2.2.9.1701 (+https://github.com/win-acme/win-acme)';
    const type = 'Content-Type: application/json; charset=utf-8';
    const { status, body } = await post('/acme-dns/register', [agent, BASIC, type]);
    const { username, password, subdomain } = JSON.parse(body);
    assert.equal(status, 201);
    const keys = [`X-Api-User: ${username}`, `X-Api-Key: ${password}`];
    await post('/acme-dns/update', [agent, ...keys, type], `{"subdomain":"${subdomain}","txt":"${TXT}"}`);
    assert.deepEqual(standing(), [TXT]);
  });
});
