import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UserName } from '../../../../src/domain/user.ts';
import { SITE, Visitor } from '../../../support/visitor.ts';
import { HOME, startService, user } from '../http/service.ts';

/** Would run, if any of it got into a page as markup. */
const MARKUP = `"><script>alert(1)</script><img src=x onerror='alert(1)'>&amp;`;

async function start() {
  const service = await startService({
    web: SITE,
    trustedProxies: ['127.0.0.1'],
    users: [
      user('alice', 's3cret', [HOME], { tokens: { router: undefined } }),
      user('olga', 'correct horse', [], { admin: true }),
    ],
  });
  const alice = new Visitor(service);
  await alice.signIn('alice', 's3cret');
  return { service, alice };
}

/** Another tab of the same browser: it has the cookies, and a page of its own. */
function otherTab(service: Awaited<ReturnType<typeof start>>['service'], first: Visitor): Visitor {
  const tab = new Visitor(service);
  for (const [name, value] of first.cookies) tab.cookies.set(name, value);
  return tab;
}

describe('Every route of the pages', () => {
  const VALUES: Readonly<Record<string, string>> = {
    name: HOME,
    user: 'alice',
    token: 'token-0',
    secret: 'x',
  };

  it('answers everybody with the headers that keep other sites out, and no cache keeps what is private', async () => {
    const { service, alice } = await start();
    const olga = new Visitor(service);
    await olga.signIn('olga', 'correct horse');
    assert.ok(service.pageRoutes.length > 50);
    for (const visitor of [new Visitor(service), alice, olga]) {
      for (const [method, route] of service.pageRoutes) {
        const path = route.replace(/:(\w+)/g, (_, name) => VALUES[name] ?? 'x');
        const asked = { method, headers: visitor.requestHeaders, ...(method === 'POST' && { body: 'x=y' }) };
        const { status, headers } = await service.ask(path, asked);
        const what = `${method} ${path}: ${status}`;
        assert.ok(status < 500, what);
        assert.match(
          String(headers['content-security-policy']),
          /default-src 'none'.*frame-ancestors 'none'/,
          what,
        );
        assert.doesNotMatch(String(headers['content-security-policy']), /unsafe|https?:|\*/, what);
        assert.equal(headers['x-frame-options'], 'DENY', what);
        assert.equal(headers['x-content-type-options'], 'nosniff', what);
        assert.equal(headers['referrer-policy'], 'same-origin', what);
        assert.equal(headers['cross-origin-opener-policy'], 'same-origin', what);
        assert.equal(headers['cross-origin-resource-policy'], 'same-origin', what);
        assert.equal(headers['strict-transport-security'], 'max-age=31536000', what);
        if (!path.startsWith('/assets/')) {
          assert.equal(headers['cache-control'], 'no-store', what);
          assert.match(String(headers['vary']), /Accept-Language, Cookie/, what);
        }
        // No form of ours: nothing is done.
        if (method === 'POST') assert.equal(status, 403, what);
      }
    }
    assert.deepEqual(service.logger.at('error'), []);
    assert.deepEqual(
      service.events.told.filter(({ kind }) => kind === 'managed'),
      [],
    );
  });
});

describe('A browser with two tabs', () => {
  it('can send the forms of both', async () => {
    const { service, alice } = await start();
    const tab = otherTab(service, alice);
    await alice.open(`/hosts/${HOME}`);
    await tab.open(`/hosts/${HOME}`);
    await tab.send(`/hosts/${HOME}/settings`, { ttl: '120' });
    assert.equal(tab.page.status, 200);
    await alice.send(`/hosts/${HOME}/settings`, { ttl: '300' });
    assert.equal(alice.page.status, 200);
  });

  it('has no session in the one after signing out in the other, and an old form changes nothing', async () => {
    const { service, alice } = await start();
    const tab = otherTab(service, alice);
    await tab.open(`/hosts/${HOME}`);
    await alice.send('/sign-out');
    await tab.send(`/hosts/${HOME}/settings`, { ttl: '300' });
    assert.equal(tab.page.status, 403);
    assert.match(tab.text, /You have signed in or out since/);
    assert.deepEqual(
      service.events.told.filter(({ kind }) => kind === 'managed'),
      [],
    );
  });

  it('sends no form of one user in the name of another, who has signed in meanwhile', async () => {
    const { service, alice } = await start();
    const tab = otherTab(service, alice);
    await tab.open('/account');
    await alice.send('/sign-out');
    await alice.signIn('olga', 'correct horse');
    for (const [name, value] of alice.cookies) tab.cookies.set(name, value);
    await tab.send('/account/password', { current: 'correct horse', next: 'open sesame' });
    assert.equal(tab.page.status, 403);
  });
});

describe('A private page', () => {
  const PATHS = ['/', `/hosts/${HOME}`, '/setup', '/certificates', '/account'];
  const OPERATORS = [
    '',
    '/people',
    '/people/alice',
    '/names',
    '/servers',
    '/sign-ins',
    '/notices',
    '/changes',
  ];

  it('is kept nowhere: the back button after sign-out asks again, and gets the sign-in', async () => {
    const { service, alice } = await start();
    for (const path of PATHS) {
      await alice.open(path);
      assert.match(String(alice.page.headers['cache-control']), /no-store/, path);
      assert.match(String(alice.page.headers['vary']), /Cookie/, path);
    }
    await alice.send('/sign-out');
    for (const path of PATHS) {
      await alice.open(path);
      assert.match(alice.text, /Sign in/, path);
      assert.doesNotMatch(alice.page.body, new RegExp(`>${HOME}`), path);
    }
    const olga = new Visitor(service);
    await olga.signIn('olga', 'correct horse');
    for (const path of OPERATORS) {
      await olga.open(`/operator${path}`);
      assert.equal(olga.page.status, 200, path);
      assert.match(String(olga.page.headers['cache-control']), /no-store/, path);
      assert.match(
        String(olga.page.headers['content-security-policy']),
        /default-src 'none'.*frame-ancestors 'none'/,
      );
    }
  });

  it('is closed at once to the cookie of a user who was removed, also where a new one has that name', async () => {
    const { service, alice } = await start();
    await service.users.remove('alice' as UserName);
    await alice.open('/account');
    assert.match(alice.text, /Please sign in/);
    await service.users.add(user('alice', 'another', [HOME]));
    await alice.open('/account');
    assert.match(alice.text, /Please sign in/);
  });

  it('leads nowhere else, whatever the request calls this host', async () => {
    const { service } = await start();
    for (const name of ['evil.example', 'evil.example:443']) {
      const visitor = new Visitor(service, {
        Host: name,
        'X-Forwarded-Host': name,
      });
      await visitor.open('/');
      assert.ok(!visitor.page.body.includes('evil.example'));
      const answer = await service.ask('/account', { headers: visitor.requestHeaders });
      assert.equal(answer.status, 303);
      assert.equal(answer.headers['location'], '/?next=%2Faccount');
    }
    const olga = new Visitor(service, { Host: 'evil.example' });
    await olga.signIn('olga', 'correct horse');
    await olga.open('/operator/people/alice');
    await olga.send('/operator/people/alice/password');
    assert.match(olga.text, /https:\/\/dyn\.example\.org\/invitation\//);
    assert.ok(!olga.page.body.includes('evil.example'));
  });
});

describe('A word of a query that somebody else has chosen', () => {
  it('shows no sentence but one of ours, and fails nowhere', async () => {
    const { service, alice } = await start();
    const olga = new Visitor(service);
    await olga.signIn('olga', 'correct horse');
    for (const word of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      for (const [visitor, path] of [
        [alice, '/'],
        [alice, '/account'],
        [alice, `/hosts/${HOME}`],
        [olga, '/operator/people'],
        [olga, '/operator/people/alice'],
      ] as const) {
        await visitor.open(`${path}?done=${word}`);
        assert.equal(visitor.page.status, 200, `${path} ${word}`);
        assert.doesNotMatch(visitor.page.body, /native code|\[object|class="note good/, `${path} ${word}`);
      }
    }
    assert.deepEqual(service.logger.at('error'), []);
  });
});

describe('Markup', () => {
  it('in what a device sends is text on every page that shows it', async () => {
    const { service, alice } = await start();
    const headers = { 'User-Agent': MARKUP };
    const asked = `/nic/update?hostname=${HOME}&myip=203.0.113.7`;
    await service.ask(asked, { as: 'Bearer router', headers });
    const olga = new Visitor(service, { 'User-Agent': MARKUP });
    await olga.signIn('olga', 'correct horse');
    const other = new Visitor(service, { 'User-Agent': MARKUP });
    await other.signIn('alice', 's3cret');
    for (const path of ['/', `/hosts/${HOME}`, '/account']) await assertNoMarkup(alice, path);
    for (const path of ['/operator', '/operator/names', '/account']) await assertNoMarkup(olga, path);
    await alice.open('/account');
    assert.match(alice.page.body, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
  });

  it('in every field of every form is text where it is shown again', async () => {
    const { service, alice } = await start();
    const olga = new Visitor(service);
    await olga.signIn('olga', 'correct horse');
    for (const [visitor, page, action, fields] of [
      [alice, `/hosts/${HOME}`, `/hosts/${HOME}/settings`, ['ttl', 'expect', 'follows', 'interfaceId']],
      [alice, `/hosts/${HOME}`, `/hosts/${HOME}/addresses`, ['ipv4', 'ipv6']],
      [alice, '/setup', '/setup', ['client', `name:${HOME}`]],
      [alice, '/account', '/account/password', ['current', 'next', 'user']],
      [alice, '/account', '/account/notices', ['to', 'kind', 'secret']],
      [olga, '/operator/people', '/operator/people/invite', ['grants', 'below']],
      [olga, '/operator/people', '/operator/people/add', ['user', 'password']],
      [olga, '/operator/people/alice', '/operator/people/alice/grant', ['name']],
      [olga, '/operator/people/alice', '/operator/people/alice/rights', ['networks', 'certificates']],
    ] as const) {
      await visitor.open(page);
      await visitor.send(action, Object.fromEntries(fields.map((field) => [field, MARKUP])));
      assertEscaped(visitor, action);
    }
    for (const path of [
      `/operator/people?q=${encodeURIComponent(MARKUP)}`,
      `/operator/names?q=${encodeURIComponent(MARKUP)}`,
      `/operator/people/alice/revoke/${encodeURIComponent(MARKUP)}`,
      `/operator/people/alice/tokens/${encodeURIComponent(MARKUP)}/revoke`,
      `/operator/people/${encodeURIComponent(MARKUP)}`,
      `/operator?done=${encodeURIComponent(MARKUP)}`,
    ]) {
      await assertNoMarkup(olga, path);
    }
    await assertNoMarkup(alice, `/account/tokens/${encodeURIComponent(MARKUP)}/revoke`);
  });

  it('in the name of a user is text for operators', async () => {
    const { service } = await start();
    await service.users.add(user(MARKUP.replace(':', ''), 'pw', [HOME]));
    const olga = new Visitor(service);
    await olga.signIn('olga', 'correct horse');
    const path = `/operator/people/${encodeURIComponent(MARKUP)}`;
    for (const one of ['/operator/people', '/operator/names', path, `${path}/remove`]) {
      await assertNoMarkup(olga, one);
      assert.match(olga.page.body, /&lt;script&gt;/, one);
    }
  });

  async function assertNoMarkup(visitor: Visitor, path: string): Promise<void> {
    await visitor.open(path);
    assertEscaped(visitor, path);
  }

  function assertEscaped({ page }: Visitor, where: string): void {
    assert.ok(page.status < 500, `${where}: ${page.status}`);
    assert.doesNotMatch(page.body, /<script>|<img src=x|onerror='/, where);
  }
});
