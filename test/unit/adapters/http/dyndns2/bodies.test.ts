import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALICE, HOME, type RequestOptions, type Service, startService } from '../service.ts';

const A = '203.0.113.7';
const B = '198.51.100.9';
const QUERY = `hostname=${HOME}&domain=${HOME}`;
const JSON_TYPE = 'application/json';

/** An update by alice with a body, on both kinds of route. */
const ways = [
  { path: '/nic/update', refusal: [400, 'badagent\n'] },
  {
    path: '/dns/update',
    refusal: [400, '400 Bad Request: the body is neither a form nor a flat JSON object of strings\n'],
  },
] as const;

function post({ ask }: Service, target: string, body: string, options: RequestOptions = {}) {
  return ask(target, { method: 'POST', as: ALICE, body, ...options });
}

describe('parameters in a body', () => {
  for (const type of [JSON_TYPE, 'Application/JSON; charset=utf-8']) {
    it(`may be a JSON object of the type ${type}`, async () => {
      const service = await startService();
      const update = JSON.stringify({ hostname: HOME, domain: HOME, myip: A, ipv4: A });
      for (const { path } of ways) {
        service.dns.put(HOME);
        assert.equal((await post(service, path, update, { type })).body, `good ${A}\n`, path);
        assert.deepEqual(service.dns.addressesOf(HOME), [A]);
      }
    });
  }

  it('may be JSON beside a query, in chunks, with credentials, and with any text in it', async () => {
    const service = await startService();
    const body = JSON.stringify({ myip: A, user: 'alice', pass: 's3cret', 'x"\\': '"{[\\"', __proto__x: '' });
    const answer = await service.ask(`/nic/update?hostname=${HOME}`, {
      method: 'PUT',
      body,
      type: JSON_TYPE,
      chunked: true,
    });
    assert.equal(answer.body, `good ${A}\n`);
  });

  for (const [what, body, options] of [
    ['text', `myip=${B}`, { type: 'text/plain' }],
    ['a form with files', `myip=${B}`, { type: 'multipart/form-data; boundary=x' }],
    ['no type', `myip=${B}`, { headers: { 'Content-Type': '' } }],
    ['a compressed form', `myip=${B}`, { headers: { 'Content-Encoding': 'gzip' } }],
    ['broken JSON', `{"myip":"${B}"`, { type: JSON_TYPE }],
    ['a list', `[{"myip":"${B}"}]`, { type: JSON_TYPE }],
    ['a string', `"${B}"`, { type: JSON_TYPE }],
    ['null', 'null', { type: JSON_TYPE }],
    ['a number', '{"ttl":60}', { type: JSON_TYPE }],
    ['a list in it', `{"myip":["${B}"]}`, { type: JSON_TYPE }],
    ['an object in it', `{"myip":{"x":"${B}"}}`, { type: JSON_TYPE }],
    ['one member twice', `{"myip":"${A}","myip":"${B}"}`, { type: JSON_TYPE }],
    ['one member twice, spelled otherwise', `{"myip":"${A}","my\\u0069p":"${B}"}`, { type: JSON_TYPE }],
  ] as const) {
    it(`${what} makes the request malformed, and nothing is changed`, async () => {
      const service = await startService();
      for (const { path, refusal } of ways) {
        for (const chunked of [false, true]) {
          const answer = await post(service, `${path}?${QUERY}`, body, { ...options, chunked });
          assert.deepEqual([answer.status, answer.body], refusal);
        }
      }
      assert.deepEqual(service.dns.applied, []);
    });
  }

  it('that are none are judged after the credentials', async () => {
    const service = await startService();
    const { status } = await service.ask('/nic/update', { method: 'POST', body: 'x', type: 'text/plain' });
    assert.equal(status, 401);
  });

  it('that disagree with the query are badagent', async () => {
    const service = await startService();
    const { body } = await post(service, `/nic/update?${QUERY}&myip=${A}`, `{"myip":"${B}"}`, {
      type: JSON_TYPE,
    });
    assert.equal(body, 'badagent\n');
    const twice = await post(service, `/dns/update?${QUERY}&ipv4=${A}`, `{"ipv4":"${A}"}`, {
      type: JSON_TYPE,
    });
    assert.equal(twice.status, 400);
    assert.deepEqual(service.dns.applied, []);
  });

  for (const type of ['text/plain', JSON_TYPE, 'application/x-www-form-urlencoded']) {
    it(`may be none at all, of the type ${type}`, async () => {
      const service = await startService();
      for (const chunked of [false, true]) {
        const { status } = await post(service, `/nic/update?${QUERY}&myip=${A}`, '', { type, chunked });
        assert.equal(status, 200);
      }
    });
  }

  it('are read behind GET too, since nothing that was said may be left out', async () => {
    const service = await startService();
    const { body } = await post(service, `/nic/update?${QUERY}&myip=${A}`, `myip=${B}`, { method: 'GET' });
    assert.equal(body, 'badagent\n');
  });

  it('of more than 16 KB are refused, whatever their type', async () => {
    const service = await startService();
    for (const type of ['text/plain', JSON_TYPE]) {
      const { status } = await post(service, `/nic/update?${QUERY}`, 'x'.repeat(16 * 1024 + 1), { type });
      assert.equal(status, 413);
    }
  });
});
