import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DynonymError } from '../../../../src/domain/errors.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { ApiClient, OPERATIONS } from '../../../support/api-client.ts';
import { basic, startService, updatesSent } from '../http/service.ts';
import { BOBHOST, CAM, HOME, start, startApi, USERS } from './household.ts';

const ALL = OPERATIONS.map(({ method, path, operation }) => ({
  method,
  path: path.replaceAll(/\{\w+\}/g, HOME),
  reads: method === 'GET',
  isOfOperators: operation.security.some(({ token }) => token.includes('api:operate')),
  // The routes of hosts are for tokens that are limited to some of them too.
  wholeAccount: !/^\/(?:hosts|account$)/.test(path),
  id: operation.operationId,
}));

describe('Who may use the API', () => {
  it('a token alone: no other credentials, no cookie, and nobody without', async () => {
    const service = await startApi();
    for (const { method, path } of ALL) {
      for (const authorization of [
        undefined,
        basic('alice', 's3cret'),
        'Token write',
        'Bearer',
        'Bearer a b',
      ]) {
        const headers = authorization === undefined ? undefined : { Authorization: authorization };
        const answer = await new ApiClient(service, undefined).ask(method, path, headers && { headers });
        assert.equal(answer.status, 401);
        assert.equal(answer.headers['www-authenticate'], 'Bearer realm="dynonym"');
      }
    }
    const { status, headers } = await new ApiClient(service, 'unknown').ask('GET', '/account');
    assert.equal(status, 401);
    assert.equal(headers['www-authenticate'], 'Bearer realm="dynonym", error="invalid_token"');
  });

  it('everybody comes back later while the database is away, and a fault of ours is told apart', async () => {
    const { service, api } = await start();
    service.users.findByTokenDigest = () => Promise.reject(new DynonymError('STORE_TIMEOUT', 'to 192.0.2.1'));
    const { status, headers, body, json } = await api.ask('GET', '/hosts');
    assert.deepEqual([status, headers['retry-after']], [503, '10']);
    assert.deepEqual([json.status, json.type], [503, '/api/v1/#not-confirmed']);
    assert.doesNotMatch(body, /192\.0\.2\.1|STORE/);
    assert.match(service.logger.text, /STORE_TIMEOUT/);
    service.users.findByTokenDigest = () => Promise.reject(new TypeError('of nothing'));
    const fault = await api.ask('GET', '/hosts');
    assert.deepEqual([fault.status, fault.headers['retry-after']], [500, undefined]);
  });

  it('a token that is not made for it opens nothing', async () => {
    const service = await startApi();
    for (const secret of ['updates', 'certificates']) {
      for (const { method, path } of ALL) {
        const { status, headers } = await new ApiClient(service, secret).ask(method, path);
        assert.equal(status, 403);
        assert.match(String(headers['www-authenticate']), /error="insufficient_scope"/);
      }
    }
  });

  it('a token of the API reports nothing elsewhere', async () => {
    const service = await startApi();
    for (const target of [
      `/nic/update?hostname=${HOME}&myip=203.0.113.7`,
      `/dns/update?domain=${HOME}&ipv4=203.0.113.7`,
    ]) {
      for (const as of ['Bearer write', basic('alice', 'write')]) {
        const { body, status } = await service.ask(target, { as });
        assert.ok(status >= 400 && status !== 401, `${target}: ${status} ${body}`);
      }
    }
    assert.deepEqual(updatesSent(service.dns), []);
  });

  it('a token that may read changes nothing', async () => {
    const service = await startApi();
    const api = new ApiClient(service, 'read');
    for (const { method, path, reads, isOfOperators, id } of ALL) {
      const { status } = await api.ask(method, path);
      assert.equal(status, reads && !isOfOperators ? 200 : 403, id);
    }
    assert.deepEqual(updatesSent(service.dns), []);
    assert.deepEqual(
      service.events.told.filter(({ kind }) => kind === 'managed'),
      [],
    );
  });

  it('a token for one name sees that name and nothing of the account', async () => {
    const api = new ApiClient(await startApi(), 'cam');
    for (const { method, path, wholeAccount, id } of ALL) {
      const { status } = await api.ask(method, path, { headers: { 'If-Match': '*' } });
      if (wholeAccount) assert.equal(status, 403, id);
      else if (path.includes(HOME)) assert.equal(status, 404, id);
      else assert.equal(status, 200, id);
    }
    const { json } = await api.ask('GET', '/hosts');
    assert.deepEqual(
      json.hosts.map(({ name }: { name: string }) => name),
      [CAM],
    );
    assert.equal((await api.ask('GET', `/hosts/${CAM}`)).status, 200);
  });

  it('the name of somebody else gets the answer of one that there is not', async () => {
    const { api } = await start();
    const ofHosts = ALL.filter(({ path }) => path.startsWith(`/hosts/${HOME}`));
    for (const { method, path } of ofHosts) {
      const sent = { headers: { 'If-Match': '*' } };
      const answers = [];
      for (const name of [BOBHOST, 'unknown.example.org', 'no%20name', '%zz']) {
        const { status, body } = await api.ask(method, path.replace(HOME, name), sent);
        answers.push({ status, body });
      }
      for (const answer of answers) assert.deepEqual(answer, answers[0]);
      assert.equal(answers[0]?.status, 404);
    }
  });

  it('nobody by the token of a user who was removed, or that was revoked', async () => {
    const { service, api } = await start();
    const bob = new ApiClient(service, 'bob');
    assert.equal((await bob.ask('GET', '/account')).status, 200);
    await service.users.remove('bob' as UserName);
    assert.equal((await bob.ask('GET', '/account')).status, 401);
    const { json } = await api.ask('GET', '/account');
    assert.equal((await api.ask('DELETE', `/tokens/${json.token.name}`)).status, 204);
    assert.equal((await api.ask('GET', '/account')).status, 401);
  });

  it('who guesses tokens is paused, and is told until when', async () => {
    const service = await startApi();
    for (let guess = 0; guess < 50; guess += 1) {
      await new ApiClient(service, `guess-${guess}`).ask('GET', '/account');
    }
    const { status, headers } = await new ApiClient(service, 'write').ask('GET', '/account');
    assert.equal(status, 429);
    assert.equal(headers['retry-after'], '60');
    assert.equal((await new ApiClient(service, 'write', '192.0.2.99').ask('GET', '/account')).status, 200);
  });

  it('by HTTPS only, because a token travels', async () => {
    const { api } = await start();
    const { status, json } = await api.ask('GET', '/account', { headers: { 'X-Forwarded-Proto': 'http' } });
    assert.equal(status, 403);
    assert.equal(json.type, '/api/v1/#insecure');
  });

  it('sixty requests at once, then two a second, each token by itself', async () => {
    const { service, api } = await start();
    const statuses = async (count: number) => {
      const answers = await Promise.all(Array.from({ length: count }, () => api.ask('GET', '/account')));
      return answers.map(({ status }) => status).sort();
    };
    assert.deepEqual(await statuses(61), [...Array(60).fill(200), 429]);
    const { headers } = await api.ask('GET', '/account');
    assert.equal(headers['retry-after'], '1');
    assert.equal((await new ApiClient(service, 'read').ask('GET', '/account')).status, 200);
    service.clock.advance(1_000);
    assert.deepEqual(await statuses(3), [200, 200, 429]);
    service.clock.advance(3_600_000);
    assert.deepEqual(await statuses(61), [...Array(60).fill(200), 429]);
  });

  it('nobody where there are no pages', async () => {
    const service = await startService({ users: USERS });
    const answer = await service.ask('/api/v1/account', { as: 'Bearer write' });
    assert.equal(answer.status, 404);
    assert.equal((await service.ask('/api/v1/openapi.json')).status, 404);
  });
});

describe('What the API does not take', () => {
  for (const [title, sent, status, type] of [
    ['a body that is not JSON', { body: '{"ttl":' }, 400, 'not-json'],
    ['a body that says one thing twice', { body: '{"ttl":60,"ttl":120}' }, 400, 'not-json'],
    ['a body that says it twice in two spellings', { body: '{"ttl":60,"\\u0074tl":60}' }, 400, 'not-json'],
    ['a body that says it twice inside', { body: '{"ttl":60,"a":[{"b":{"c":":","c":1}}]}' }, 400, 'not-json'],
    ['a body of many levels', { body: `${'['.repeat(8000)}${']'.repeat(8000)}` }, 422, 'invalid'],
    [
      'a body of another type',
      { body: 'ttl=1', type: 'application/x-www-form-urlencoded' },
      415,
      'wrong-type',
    ],
    ['a compressed body', { body: '{}', headers: { 'Content-Encoding': 'gzip' } }, 415, 'wrong-type'],
    ['a body that is too large', { body: JSON.stringify({ follows: 'x'.repeat(17_000) }) }, 413, 'too-large'],
    ['a list', { json: [] }, 422, 'invalid'],
    ['null', { json: null }, 422, 'invalid'],
  ] as const) {
    it(title, async () => {
      const { api } = await start();
      const answer = await api.ask('PATCH', `/hosts/${HOME}/settings`, sent);
      assert.equal(answer.status, status);
      assert.equal(answer.json.type, `/api/v1/#${type}`);
      assert.equal(answer.json.status, status);
    });
  }

  it('values that are not valid: all of them are told, each with its place', async () => {
    const { api } = await start();
    const { status, json } = await api.ask('PATCH', `/hosts/${HOME}/settings?x=1&x=2`, {
      json: { ttl: -1, expect: 'soon', interface_id: 7, 'a/b': 1 },
    });
    assert.equal(status, 422);
    const places = json.errors.map(
      ({ pointer, parameter }: Record<string, string>) => pointer ?? `?${parameter}`,
    );
    assert.deepEqual(places, ['?x', '#/ttl', '#/expect', '#/interface_id', '#/a~1b']);
    for (const { detail } of json.errors) assert.ok(detail.length > 0);
  });

  it('another method, or another path', async () => {
    const { api } = await start();
    const { status, headers } = await api.ask('POST', `/hosts/${HOME}/settings`);
    assert.equal(status, 405);
    assert.equal(headers['allow'], 'GET, PATCH');
    for (const path of ['/nothing', '/hosts/x/y/z', '/openapi.json/x']) {
      const { status, json } = await api.ask('GET', path);
      assert.equal(status, 404);
      assert.equal(json.type, '/api/v1/#not-found');
    }
  });
});
