import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { ApiClient, DOCUMENT, OPERATIONS } from '../../../support/api-client.ts';
import { fuzzRuns } from '../../../support/fuzz-runs.ts';
import { Visitor } from '../../../support/visitor.ts';
import { BOBHOST, CAM, HOME, start, startApi, TARGET } from './household.ts';

describe('The document of the API', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(DOCUMENT));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, '3.1');
  });

  it('is served to anybody, and shown as a page without anything foreign', async () => {
    const service = await startApi();
    const { json } = await new ApiClient(service, undefined).ask('GET', '/openapi.json');
    assert.deepEqual(json, JSON.parse(JSON.stringify(DOCUMENT)));
    const visitor = new Visitor(service);
    const isOnPage = (path: string, body: string) => body.includes(`<code>${path}</code>`);
    for (const page of ['/api/v1/', '/api/v1', '/api/v1/operators']) {
      const { status, body, headers } = await visitor.open(page);
      assert.equal(status, 200);
      assert.match(String(headers['content-security-policy']), /default-src 'none'/);
      assert.doesNotMatch(body, /(?:src|href)="(?:https?:)?\/\//);
      assert.ok(body.length < 32_000, `${page}: ${body.length} characters`);
      for (const { method, path, operation } of OPERATIONS) {
        const isOfOperators = operation.security.some(({ token }) => token.includes('api:operate'));
        assert.equal(isOnPage(`${method} ${path}`, body), isOfOperators === page.endsWith('operators'), path);
      }
      for (const [, target] of body.matchAll(/href="#(\w+)"/g)) {
        assert.ok(target === 'content' || body.includes(`id="${target}"`), `${page}: #${target}`);
      }
      if (page.endsWith('operators')) continue;
      for (const problem of Object.keys(DOCUMENT.components.examples)) {
        assert.ok(body.includes(`id="${problem}"`), problem);
      }
    }
  });

  it('describes every route: each is done once, and each answer is as described', async () => {
    const { service, api, operator } = await start({ notices: [TARGET] });
    await new Visitor(service).signIn('alice', 's3cret');
    const { json } = await api.ask('GET', '/sessions');
    await api.ask('DELETE', `/sessions/${json.sessions[0].id}`);
    await api.ask('GET', '/account');
    await api.ask('PUT', `/hosts/${HOME}/addresses`, { json: { ipv4: '203.0.113.7', ipv6: '2001:db8::7' } });
    await api.ask('GET', '/hosts');
    await api.ask('GET', `/hosts/${HOME}`);
    await api.ask('GET', `/hosts/${HOME}/events`);
    await api.ask('DELETE', `/hosts/${HOME}/addresses`);
    await api.ask('GET', `/hosts/${HOME}/settings`);
    const headers = { 'If-Match': '*' };
    await api.ask('PATCH', `/hosts/${HOME}/settings`, { json: { ttl: 300 }, headers });
    await api.ask('POST', '/tokens', { json: { name: 'new' } });
    await api.ask('GET', '/tokens');
    await api.ask('DELETE', '/tokens/new');
    const target = await api.ask('POST', '/account/notices', { json: { to: 'https://hooks.example.org/a' } });
    await api.ask('GET', '/account/notices');
    await api.ask('POST', `/account/notices/${target.json.id}/test`);
    await api.ask('DELETE', `/account/notices/${target.json.id}`);
    await api.ask('PUT', '/account/password', { json: { current: 's3cret', next: 'open sesame' } });

    await operator.ask('GET', '/users');
    const carol = { name: 'carol', password: 'open sesame', names: ['carol.example.org'] };
    await operator.ask('POST', '/users', { json: carol });
    await operator.ask('GET', '/users/carol');
    await operator.ask('PATCH', '/users/carol', { json: { certificates: true }, headers });
    await operator.ask('PUT', `/users/carol/names/${CAM}`);
    await operator.ask('DELETE', `/users/carol/names/${CAM}`);
    await operator.ask('PUT', '/users/carol/password', { json: { next: 'another one' } });
    await operator.ask('POST', '/users/carol/link');
    await operator.ask('POST', '/users/carol/tokens', { json: { name: 'router' } });
    await operator.ask('GET', '/users/carol/tokens');
    await operator.ask('DELETE', '/users/carol/tokens/router');
    await operator.ask('DELETE', '/users/carol', { headers });
    const made = await operator.ask('POST', '/invitations', { json: { below: 'users.example.org' } });
    await operator.ask('GET', '/invitations');
    await operator.ask('DELETE', `/invitations/${made.json.id}`);
    for (const path of ['/names', '/changes', '/check', '/notices', '/sites'])
      await operator.ask('GET', path);
    await operator.ask('POST', `/notices/${TARGET.id}/test`);
    assert.deepEqual(
      [...api.done, ...operator.done].sort(),
      OPERATIONS.map(({ operation }) => operation.operationId).sort(),
    );
  });

  it('holds for random requests, and none of them fails', { timeout: 120_000 }, async () => {
    const { service, api, operator } = await start({ notices: [TARGET] });
    await fc.assert(
      fc.asyncProperty(randomRequest, fc.boolean(), async ({ method, path, sent }, byOperator) => {
        service.clock.advance(60_000);
        const { status } = await (byOperator ? operator : api).ask(method, path, sent);
        assert.ok(status < 500, `${method} ${path} ${JSON.stringify(sent)}: ${status}`);
      }),
      { numRuns: fuzzRuns(300, 20_000) },
    );
  });
});

const value = fc.oneof(
  fc.constantFrom(HOME, CAM, BOBHOST, '203.0.113.7', '2001:db8::1', '::1:2:3:4', '1h', 'x', '*', ''),
  fc.constantFrom(null, 0, 300, -1, 1e30, true),
  fc.constantFrom('updates', 'api:read', 'api:operate'),
  fc.constantFrom([HOME], ['192.0.2.0/24'], ['x'], []),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const name = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(HOME, CAM, BOBHOST, 'token-9', 'HOME.example.org.', 'bob', 'alice', 'alerts'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }) },
);

/** A request for one of the operations: mostly with the members that it knows, and values of all sorts. */
const randomRequest = fc.constantFrom(...OPERATIONS).chain(({ method, path, operation }) => {
  const known = Object.keys(membersOf(operation.requestBody?.content['application/json']?.schema));
  const member = fc.oneof(fc.constantFrom(...known, 'other'), fc.string({ maxLength: 5 }));
  const body = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.dictionary(member, value, { maxKeys: 4 }).map((json) => JSON.stringify(json)),
    },
    { weight: 1, arbitrary: fc.jsonValue().map((json) => JSON.stringify(json)) },
    { weight: 1, arbitrary: fc.string() },
  );
  const parameter = fc.constantFrom('limit', 'after', 'search', 'other');
  return fc.record({
    method: fc.constant(method),
    path: fc
      .tuple(
        fc.array(name, { minLength: 2, maxLength: 2 }),
        fc.dictionary(parameter, fc.oneof(fc.string(), fc.nat().map(String)), { maxKeys: 2 }),
        fc.constantFrom('', '%zz', '%00'),
      )
      .map(([names, query, tail]) => {
        const left = [...names];
        const filled = path.replaceAll(
          /\{\w+\}/g,
          () => encodeURIComponent((left.pop() ?? '').replace(/^\.+$/, 'dots')) + tail,
        );
        return `${filled}?${new URLSearchParams(query)}`;
      }),
    sent: fc.record(
      {
        body,
        type: fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain'),
        headers: fc.constantFrom({ 'If-Match': '*' }, { 'If-Match': '"x", "y"' }, {}),
      },
      { requiredKeys: ['headers'] },
    ),
  });
});

function membersOf(schema: unknown): object {
  return (schema as { readonly properties?: object } | undefined)?.properties ?? {};
}
