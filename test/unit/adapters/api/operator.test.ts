import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UserName } from '../../../../src/domain/user.ts';
import { ApiClient, OPERATIONS } from '../../../support/api-client.ts';
import { userNamed } from '../../../support/fixtures.ts';
import { Visitor } from '../../../support/visitor.ts';
import { BOBHOST, CAM, HOME, NAS, start, startApi, TARGET } from './household.ts';

const olga = 'olga' as UserName;

describe('The API for operators', () => {
  it('is closed for every token of a user who is none, and for all other tokens of an operator', async () => {
    const { service, operator } = await start();
    const { json } = await operator.ask('POST', '/users/olga/tokens', { json: { use: 'api:write' } });
    await operator.ask('POST', '/users/alice/tokens', { json: { use: 'api:operate', name: 'high' } });
    const made = await operator.ask('POST', '/users/alice/tokens', { json: { use: 'api:operate' } });
    const names = { use: 'api:operate', names: [BOBHOST] };
    await operator.ask('PUT', `/users/olga/names/${BOBHOST}`);
    const limited = await operator.ask('POST', '/users/olga/tokens', { json: names });
    const ofOperators = OPERATIONS.filter(({ operation }) =>
      operation.security.some(({ token }) => token.includes('api:operate')),
    );
    assert.ok(ofOperators.length >= 20);
    for (const secret of ['read', 'write', 'bob', json.secret, made.json.secret, limited.json.secret]) {
      service.clock.advance(60_000);
      for (const { method, path } of ofOperators) {
        const { status } = await new ApiClient(service, secret).ask(
          method,
          path.replaceAll(/\{\w+\}/g, 'bob'),
        );
        assert.equal(status, 403, `${method} ${path}`);
      }
    }
  });

  it('is closed at once when the owner of the token is no operator any more', async () => {
    const { service, operator } = await start();
    assert.equal((await operator.ask('GET', '/users')).status, 200);
    await service.users.setRights(olga, { admin: false });
    assert.equal((await operator.ask('GET', '/users')).status, 403);
    assert.equal((await operator.ask('GET', '/account')).json.token.scope, 'api:write');
  });

  it('a token that may write makes none that may operate, although its owner is an operator', async () => {
    const { service, operator } = await start();
    const { json } = await operator.ask('POST', '/tokens', { json: { use: 'api:write' } });
    const api = new ApiClient(service, json.secret);
    assert.equal((await api.ask('POST', '/tokens', { json: { use: 'api:write' } })).status, 201);
    assert.equal((await api.ask('POST', '/tokens', { json: { use: 'api:operate' } })).status, 403);
  });

  it('lists users a page at a time, searches their names, and says when they reported', async () => {
    const { service, api, operator } = await start();
    await api.ask('PUT', `/hosts/${HOME}/addresses`, { json: { ipv4: '203.0.113.7' } });
    const first = (await operator.ask('GET', '/users?limit=2')).json;
    assert.deepEqual(
      first.users.map(({ name }: { name: string }) => name),
      ['alice', 'bob'],
    );
    assert.equal(first.users[0].reported, new Date(service.clock.now()).toISOString());
    assert.equal(first.next, 'bob');
    const second = (await operator.ask('GET', '/users?limit=2&after=bob')).json;
    assert.deepEqual([second.users[0].name, second.users.length, second.next], ['olga', 1, null]);
    assert.deepEqual(
      (await operator.ask('GET', '/users?search=BOBHOST.example.org')).json.users.map(
        ({ name }: { name: string }) => name,
      ),
      ['bob'],
    );
  });

  it('adds a user who can sign in, and says where a name is taken', async () => {
    const { service, operator } = await start();
    const carol = { name: 'carol', password: 'open sesame', names: ['carol.example.org'] };
    const { status, json, headers } = await operator.ask('POST', '/users', { json: carol });
    assert.equal(status, 201);
    assert.equal(headers['location'], '/api/v1/users/carol');
    assert.deepEqual(json.names, ['carol.example.org']);
    assert.equal((await operator.ask('POST', '/users', { json: carol })).status, 409);
    const visitor = new Visitor(service);
    await visitor.signIn('carol', 'open sesame');
    assert.match(visitor.text, /carol\.example\.org/);
    const wrong = { name: 'a:b', password: '', names: ['no name'] };
    const { json: refused } = await operator.ask('POST', '/users', { json: wrong });
    assert.deepEqual(
      refused.errors.map(({ pointer }: { pointer: string }) => pointer),
      ['#/name', '#/password', '#/names/0'],
    );
  });

  it('refuses names that no new user can have at the field, and knows users who have them', async () => {
    const { service, operator } = await start();
    for (const [name, detail] of [
      ['constructor', /choose another one/],
      ['__proto__', /choose another one/],
      ['\u202eevil', /invisible characters/],
      [' alice', /no space at its beginning or end/],
      ['u\u0308ni', /type it instead of copying it/],
    ] as const) {
      const path = `/users/${encodeURIComponent(name)}`;
      const { status, json } = await operator.ask('POST', '/users', {
        json: { name, password: 'open sesame' },
      });
      assert.equal(status, 422);
      const [error, ...others] = json.errors;
      assert.deepEqual([error.pointer, others], ['#/name', []]);
      assert.match(error.detail, detail);
      assert.equal((await operator.ask('GET', path)).status, 404);
      await service.users.add(userNamed(name, ['home.example.org']));
      assert.deepEqual((await operator.ask('GET', path)).json.names, ['home.example.org']);
      assert.equal((await operator.ask('DELETE', path, { headers: { 'If-Match': '*' } })).status, 204);
    }
  });

  it('makes no link to choose a name below a wildcard, below which nobody can have one', async () => {
    const { operator } = await start();
    const { status, json } = await operator.ask('POST', '/invitations', { json: { below: '*.example.org' } });
    assert.equal(status, 422);
    assert.equal(json.errors[0].pointer, '#/below');
    assert.match(json.errors[0].detail, /there are no names below a wildcard/);
    const granted = await operator.ask('POST', '/invitations', { json: { names: ['*.example.org'] } });
    assert.equal(granted.status, 201);
  });

  it('changes rights only where nobody has changed them since they were seen', async () => {
    const { operator } = await start();
    const { headers, json } = await operator.ask('GET', '/users/bob');
    assert.deepEqual(json.networks, []);
    const seen = { 'If-Match': String(headers['etag']) };
    const change = { json: { networks: ['192.0.2.0/24'], certificates: false, operator: true } };
    const changed = await operator.ask('PATCH', '/users/bob', { ...change, headers: seen });
    assert.equal(changed.status, 200);
    assert.deepEqual(changed.json.networks, ['192.0.2.0/24']);
    assert.equal(changed.json.certificates, false);
    assert.equal(changed.json.operator, true);
    assert.equal((await operator.ask('PATCH', '/users/bob', { ...change, headers: seen })).status, 412);
    assert.equal((await operator.ask('DELETE', '/users/bob', { headers: seen })).status, 412);
    assert.equal((await operator.ask('DELETE', '/users/bob')).status, 428);
    const etag = { 'If-Match': String(changed.headers['etag']) };
    const back = { certificates: null };
    const { json: last } = await operator.ask('PATCH', '/users/bob', { json: back, headers: etag });
    assert.equal(last.certificates, null);
    assert.deepEqual(last.networks, ['192.0.2.0/24']);
  });

  it('of many changes at once that have seen the same, one is made', async () => {
    const { operator } = await start();
    const { headers } = await operator.ask('GET', '/users/bob');
    const seen = { 'If-Match': String(headers['etag']) };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        operator.ask('PATCH', '/users/bob', { json: { networks: [`192.0.2.${index}`] }, headers: seen }),
      ),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ status }) => status === 412).length, 7);
  });

  it('keeps the last operator', async () => {
    const { operator } = await start();
    const headers = { 'If-Match': '*' };
    const removal = await operator.ask('DELETE', '/users/olga', { headers });
    assert.equal(removal.status, 409);
    assert.equal(removal.json.type, '/api/v1/#last-operator');
    assert.equal(
      (await operator.ask('PATCH', '/users/olga', { json: { operator: false }, headers })).status,
      409,
    );
    await operator.ask('PATCH', '/users/bob', { json: { operator: true }, headers });
    assert.equal((await operator.ask('DELETE', '/users/olga', { headers })).status, 204);
    assert.equal((await operator.ask('GET', '/users')).status, 401);
  });

  it('grants and revokes names, and tells who did it', async () => {
    const { operator } = await start();
    assert.equal((await operator.ask('PUT', '/users/bob/names/NEW.example.org.')).status, 204);
    assert.equal((await operator.ask('PUT', '/users/bob/names/new.example.org')).status, 204);
    assert.deepEqual((await operator.ask('GET', '/users/bob')).json.names, [BOBHOST, 'new.example.org']);
    assert.equal((await operator.ask('DELETE', '/users/bob/names/new.example.org')).status, 204);
    assert.equal((await operator.ask('DELETE', '/users/bob/names/new.example.org')).status, 404);
    assert.equal((await operator.ask('PUT', '/users/nobody/names/new.example.org')).status, 404);
    const { json } = await operator.ask('GET', '/changes?limit=2');
    assert.deepEqual(
      json.changes.map(({ by, way, deed, user, name }: Record<string, string>) => [
        by,
        way,
        deed,
        user,
        name,
      ]),
      [
        ['olga', 'api', 'name-revoked', 'bob', 'new.example.org'],
        ['olga', 'api', 'name-granted', 'bob', 'new.example.org'],
      ],
    );
  });

  it('makes a link for a lost password, which is listed, works once, and can be withdrawn', async () => {
    const { service, operator } = await start();
    const made = (await operator.ask('POST', '/users/bob/link')).json;
    const listed = (await operator.ask('GET', '/invitations')).json.invitations;
    assert.deepEqual(
      listed.map(({ id, password_of }: Record<string, string>) => [id, password_of]),
      [[made.id, 'bob']],
    );
    assert.equal(listed[0].until, made.until);
    assert.ok(!JSON.stringify(listed).includes(made.link.split('/').pop()));
    assert.equal((await operator.ask('DELETE', `/invitations/${made.id}`)).status, 204);
    assert.equal((await operator.ask('DELETE', `/invitations/${made.id}`)).status, 404);
    const visitor = new Visitor(service);
    const { pathname } = new URL(made.link);
    await visitor.open(pathname);
    assert.equal(visitor.page.status, 404);
    const { json: nothing } = await operator.ask('POST', '/invitations', { json: {} });
    assert.deepEqual(nothing.errors[0].pointer, '#/names');
  });

  it('sets a password, which ends the sessions of the user', async () => {
    const { service, operator } = await start();
    const visitor = new Visitor(service);
    await visitor.signIn('bob', 'hunter2');
    assert.equal(
      (await operator.ask('PUT', '/users/bob/password', { json: { next: 'open sesame' } })).status,
      204,
    );
    await visitor.open('/account');
    assert.match(visitor.text, /Please sign in/);
    await visitor.signIn('bob', 'open sesame');
    assert.match(visitor.text, /bobhost/);
  });

  it('lists all names with their holders in the order of the names, or those in trouble alone', async () => {
    const { service, api, operator } = await start();
    await api.ask('PUT', `/hosts/${NAS}/addresses`, { json: { ipv4: '203.0.113.7' } });
    const { json } = await operator.ask('GET', '/names?limit=3');
    assert.equal(json.next, HOME);
    const all = (await operator.ask('GET', '/names')).json.names;
    assert.deepEqual(
      all.map(({ name }: { name: string }) => name),
      [BOBHOST, CAM, HOME, NAS],
    );
    assert.equal(all.at(-1).name, NAS);
    assert.equal(all.at(-1).state, 'up-to-date');
    assert.deepEqual(all.at(-1).addresses.ipv4, ['203.0.113.7']);
    assert.deepEqual((await operator.ask('GET', '/names?search=bob')).json.names[0].users, ['bob']);
    const troubled = async () => (await operator.ask('GET', '/names?trouble=true')).json;
    assert.deepEqual(await troubled(), { names: [], next: null });
    service.dns.fail('lookUp', CAM, 'DNS_REFUSED');
    await api.ask('PUT', `/hosts/${CAM}/addresses`, { json: { ipv4: '203.0.113.9' } });
    assert.deepEqual(
      (await troubled()).names.map(({ name, users, state }: Record<string, unknown>) => [name, users, state]),
      [[CAM, ['alice'], 'failed']],
    );
  });

  it('tells what check finds, in its words', async () => {
    const { operator } = await start({
      findings: [{ code: 'user-without-domains', user: 'bob' as UserName }],
      certificate: { notAfter: undefined, isOurs: true, finding: 'certificate-missing' },
      primaries: [
        { primary: { address: { family: 'ipv4', text: '192.0.2.53' }, port: 53 }, trouble: 'no answer yet' },
      ],
    });
    const { json } = await operator.ask('GET', '/check');
    assert.deepEqual(json.primaries, [{ primary: '192.0.2.53:53', trouble: 'no answer yet' }]);
    assert.equal(json.certificate, 'certificate-missing');
    assert.equal(json.findings[0].code, 'user-without-domains');
    assert.match(json.findings[0].problem, /the user bob may change no name/);
  });

  it('tells how notices go, tests a target, and never shows the secret part of its address', async () => {
    const { service, operator } = await start({ notices: [TARGET] });
    service.noticeSender.answer = () => ({ kind: 'failed', reason: 'it answered 500', refused: false });
    const tested = await operator.ask('POST', `/notices/${TARGET.id}/test`);
    assert.deepEqual(tested.json, { outcome: 'failed', reason: 'it answered 500' });
    assert.equal((await operator.ask('POST', '/notices/nothing/test')).status, 404);
    const at = service.clock.now();
    const notice = { id: '1', event: 'paused', at, text: 'Logins are paused', facts: {} } as const;
    service.sendNotices.add(TARGET, notice);
    await service.clock.advance(0);
    const { json, body } = await operator.ask('GET', '/notices');
    assert.equal(json.targets[0].target, 'https://alerts.example.org');
    assert.equal(json.targets[0].waiting, 1);
    assert.deepEqual(
      json.targets[0].attempts.map(({ outcome, reason }: Record<string, string>) => [outcome, reason]),
      [['failed', 'it answered 500']],
    );
    assert.ok(!body.includes('secret-path'));
  });

  it('tells where logins fail, and never what was typed where no user is of that name', async () => {
    const service = await startApi();
    for (const name of ['bob', 'my-password']) {
      const as = `Basic ${Buffer.from(`${name}:wrong`).toString('base64')}`;
      const headers = { 'X-Forwarded-For': '198.51.100.9', 'X-Forwarded-Proto': 'https' };
      await service.ask(`/nic/update?hostname=${BOBHOST}`, { as, headers });
    }
    const { json, body } = await new ApiClient(service, 'operate').ask('GET', '/sites');
    assert.ok(json.sites.length >= 2);
    for (const { site } of json.sites) assert.equal(site, '198.51.100.9');
    assert.ok(json.sites.some(({ user }: { user: string }) => user === 'bob'));
    assert.ok(!body.includes('my-password'));
  });
});
