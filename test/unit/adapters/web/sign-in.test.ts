import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SITE, Visitor } from '../../../support/visitor.ts';
import { startService, user } from '../http/service.ts';

const start = () =>
  startService({
    web: SITE,
    trustedProxies: ['127.0.0.1'],
    users: [
      user('alice', 's3cret', ['home.example.org'], { tokens: { 'router-token': undefined } }),
      user('bob', 'hunter2', []),
    ],
  });

describe('The pages', () => {
  it('show the hosts of whoever signs in, and the sign-in page to all others', async () => {
    const visitor = new Visitor(await start());
    await visitor.open('/');
    assert.match(visitor.text, /^Sign in/);
    await visitor.signIn('alice', 's3cret');
    assert.match(visitor.text, /^My hosts .* home\.example\.org new/);
  });

  it('do not tell whether the name or the password was wrong, and keep the name', async () => {
    const service = await start();
    const visitor = new Visitor(service);
    const texts: string[] = [];
    for (const [name, password] of [
      ['alice', 'wrong'],
      ['nobody', 's3cret'],
      ['alice', 'router-token'],
      ['', 's3cret'],
    ] as const) {
      const answer = await visitor.signIn(name, password);
      assert.equal(answer.status, 422);
      assert.ok(name === '' || answer.body.includes(`value="${name}"`));
      texts.push(visitor.text);
    }
    assert.equal(new Set(texts).size, 1);
  });

  it('pause after too many wrong passwords, and say until when', async () => {
    const visitor = new Visitor(await start());
    for (let guess = 0; guess < 10; guess += 1) await visitor.signIn('alice', `wrong-${guess}`);
    const answer = await visitor.signIn('alice', 's3cret');
    assert.equal(answer.status, 429);
    assert.equal(answer.headers['retry-after'], '60');
    assert.match(visitor.text, /in one minute/);
  });

  it('lead to the page that was asked for, and to no other site', async () => {
    const visitor = new Visitor(await start());
    await visitor.open('/account');
    assert.match(visitor.text, /Please sign in/);
    await visitor.send('/sign-in', { user: 'alice', password: 's3cret' });
    assert.equal(visitor.path, '/account');
    for (const next of ['https://example.net/', '//example.net', '/\\example.net', '/\t/example.net']) {
      const other = new Visitor(await start());
      await other.open('/');
      await other.send('/sign-in', { user: 'alice', password: 's3cret', next });
      assert.equal(other.path, '/');
    }
  });

  it('give each sign-in a session of its own, whatever cookie came before', async () => {
    const visitor = new Visitor(await start());
    visitor.cookies.set('__Host-session', 'planted');
    await visitor.signIn('alice', 's3cret');
    assert.notEqual(visitor.cookies.get('__Host-session'), 'planted');
  });

  it('end the session at sign-out, on the server too', async () => {
    const visitor = new Visitor(await start());
    await visitor.signIn('alice', 's3cret');
    const before = new Map(visitor.cookies);
    await visitor.send('/sign-out');
    assert.match(visitor.text, /You have signed out/);
    for (const [name, value] of before) visitor.cookies.set(name, value);
    await visitor.open('/account');
    assert.match(visitor.text, /^Sign in/);
  });

  it('refuse forms that another site sends, or that carry no token of this browser', async () => {
    const service = await start();
    const visitor = new Visitor(service);
    await visitor.signIn('alice', 's3cret');
    for (const headers of [
      { Origin: 'https://example.net' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'none' },
      { Origin: 'null' },
      { Origin: '' },
      { Origin: `${SITE}.example.net` },
      { Origin: SITE.replace('https:', 'http:') },
      { Origin: `${SITE}:8443` },
    ]) {
      await visitor.open('/account');
      assert.equal((await visitor.send('/sign-out', {}, { headers })).status, 403);
    }
    await visitor.open('/account');
    assert.equal((await visitor.send('/sign-out', { form: '' })).status, 403);
    const other = new Visitor(service);
    await other.signIn('bob', 'hunter2');
    const [, token = ''] = /name="form" value="([^"]*)"/.exec(other.page.body) ?? [];
    assert.equal((await visitor.open('/sign-out', { form: { form: token } })).status, 403);
    await visitor.open('/account');
    assert.match(visitor.text, /^Account/);
  });

  it('carry headers that keep other sites out, and stay in no cache', async () => {
    const visitor = new Visitor(await start());
    for (const path of ['/', '/account']) {
      const { headers } = await visitor.open(path);
      assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/);
      assert.equal(headers['x-frame-options'], 'DENY');
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(headers['strict-transport-security'], 'max-age=31536000');
    }
  });

  it('send cookies that no script reads and that travel over HTTPS alone', async () => {
    const visitor = new Visitor(await start());
    await visitor.open('/');
    const { headers } = await visitor.open('/sign-in', {
      form: { form: '' },
      headers: { 'Sec-Fetch-Site': 'same-origin' },
    });
    assert.equal(headers['set-cookie'], undefined);
    const [cookie = ''] = [(await new Visitor(await start()).open('/')).headers['set-cookie'] ?? ''].flat();
    assert.match(cookie, /^__Host-visit=[\w-]+; path=\/; samesite=lax; secure; httponly$/);
  });

  it('are not shown over plain HTTP', async () => {
    const visitor = new Visitor(await start(), { 'X-Forwarded-Proto': 'http' });
    assert.equal((await visitor.open('/')).status, 403);
    assert.match(visitor.text, /https:\/\/dyn\.example\.org/);
  });

  it('speak the language of the browser, or the one that was chosen', async () => {
    const visitor = new Visitor(await start(), { 'Accept-Language': 'de-AT, en;q=0.5' });
    await visitor.open('/');
    assert.match(visitor.text, /^Anmelden/);
    await visitor.send('/language', { language: 'en' });
    assert.match(visitor.text, /^Sign in/);
  });

  it('stay where they are when the language changes, or come to the page of the form that was wrong', async () => {
    const visitor = new Visitor(await start());
    const changed = async (from: string) => {
      await visitor.send('/language', { language: 'en' }, { headers: { Referer: `${SITE}${from}` } });
      return visitor.path;
    };
    await visitor.signIn('alice', 'wrong');
    assert.equal(await changed('/sign-in'), '/');
    await visitor.signIn('alice', 's3cret');
    assert.equal(await changed('/account'), '/account');
    assert.equal(await changed('/account/password'), '/account');
    assert.equal(await changed('/hosts/home.example.org/settings'), '/hosts/home.example.org');
    for (const from of ['//example.net', '/\\example.net', '/nothing', '']) {
      assert.equal(await changed(from), '/', from);
    }
    await visitor.send('/language', {}, { headers: { Referer: 'https://example.net/account' } });
    assert.equal(visitor.path, '/');
  });

  it('leave updates at / alone, but not those that another site makes a browser send', async () => {
    const service = await start();
    const target = '/?hostname=home.example.org&myip=192.0.2.1';
    const headers = { 'X-Forwarded-For': '192.0.2.7' };
    const as = `Basic ${Buffer.from('alice:s3cret').toString('base64')}`;
    assert.equal((await service.ask(target, { as, headers })).body, 'good 192.0.2.1\n');
    for (const path of [target, '/nic/update?hostname=home.example.org&myip=192.0.2.2']) {
      for (const site of ['cross-site', 'same-site']) {
        const foreign = { as, headers: { ...headers, 'Sec-Fetch-Site': site } };
        assert.equal((await service.ask(path, foreign)).status, 403, site);
      }
      // Somebody has typed the address.
      const typed = { as, headers: { ...headers, 'Sec-Fetch-Site': 'none' } };
      assert.equal((await service.ask(path, typed)).status, 200);
    }
    assert.equal(
      (await service.ask('/ip', { headers: { ...headers, 'Sec-Fetch-Site': 'cross-site' } })).body,
      '192.0.2.7',
    );
  });
});

describe('Without [web]', () => {
  it('there are no pages', async () => {
    const service = await startService({ trustedProxies: ['127.0.0.1'] });
    for (const path of ['/', '/account', '/assets/style.css']) {
      assert.equal((await service.ask(path)).status, 404);
    }
  });
});
