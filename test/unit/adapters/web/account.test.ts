import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SITE, Visitor } from '../../../support/visitor.ts';
import { basic, startService, user } from '../http/service.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const HOME = 'home.example.org';

const start = () =>
  startService({
    web: SITE,
    trustedProxies: ['127.0.0.1'],
    users: [
      user('alice', 's3cret', [HOME], { tokens: { 'router-token': undefined, 'camera-token': undefined } }),
      ...Array.from({ length: 10 }, (_, index) => user(`user-${index}`, `word-${index}`, [])),
    ],
  });

describe('The account', () => {
  it('shows sessions as the browsers that they are', async () => {
    const service = await start();
    const visitor = new Visitor(service, { 'User-Agent': FIREFOX });
    await new Visitor(service, { 'User-Agent': '<curl>' }).signIn('alice', 's3cret');
    await visitor.signIn('alice', 's3cret');
    await visitor.open('/account');
    assert.match(visitor.text, /Firefox on Linux 192\.0\.2\.7 just now this browser/);
    assert.match(visitor.page.body, /&lt;curl&gt;/);
  });

  it('shows when a token reported last', async () => {
    const service = await start();
    await service.ask(`/nic/update?hostname=${HOME}&myip=192.0.2.1`, { as: basic('', 'router-token') });
    const visitor = new Visitor(service);
    await visitor.signIn('alice', 's3cret');
    await visitor.open('/account');
    assert.match(visitor.text, /token-0 all your names addresses just now/);
    assert.match(visitor.text, /token-1 all your names addresses not known/);
  });

  it('says during a pause that there is one, and calls no password wrong', async () => {
    const service = await start();
    const visitor = new Visitor(service);
    await visitor.signIn('alice', 's3cret');
    const change = async (current: string) => {
      await visitor.open('/account');
      return visitor.send('/account/password', { current, next: 'new password' });
    };
    for (let guess = 0; guess < 10; guess += 1) await change(`guess ${guess}`);
    const paused = await change('s3cret');
    assert.equal(paused.status, 429);
    assert.match(String(paused.headers['retry-after']), /^[1-9]\d*$/);
    assert.match(visitor.text, /Too many wrong passwords came from your network/);
    assert.doesNotMatch(visitor.text, /This is not your current password/);
    await service.clock.advance(Number(paused.headers['retry-after']) * 1000);
    await change('s3cret');
    assert.match(visitor.text, /All other sessions have ended/);
  });

  it('changes the password and ends all other sessions, but not by a token', async () => {
    const service = await start();
    const [visitor, other] = [new Visitor(service), new Visitor(service)];
    for (const each of [visitor, other]) await each.signIn('alice', 's3cret');
    for (const current of ['wrong', 'router-token']) {
      await visitor.open('/account');
      assert.equal((await visitor.send('/account/password', { current, next: 'new word' })).status, 422);
      assert.match(visitor.text, /This is not your current password/);
    }
    const before = visitor.cookies.get('__Host-session');
    await visitor.open('/account');
    await visitor.send('/account/password', { current: 's3cret', next: 'n' });
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.text, /a password has at least 8 characters\./);
    await visitor.send('/account/password', { current: 's3cret', next: 'new word' });
    assert.match(visitor.text, /All other sessions have ended/);
    assert.notEqual(visitor.cookies.get('__Host-session'), before);
    await other.open('/account');
    assert.match(other.text, /^Sign in/);
  });

  it('offers both languages', async () => {
    const visitor = new Visitor(await start());
    await visitor.signIn('alice', 's3cret');
    await visitor.open('/account');
    await visitor.send('/language', { language: 'de' }, { headers: { Referer: `${SITE}/account` } });
    assert.match(visitor.text, /^Konto/);
  });
});

describe('Sign-in', () => {
  it('gives each of a hundred who sign in at the same time a session of their own', async () => {
    const service = await start();
    const visitors = Array.from({ length: 100 }, (_, index) => ({
      visitor: new Visitor(service, { 'X-Forwarded-For': `198.51.100.${index}` }),
      number: index % 10,
    }));
    await Promise.all(
      visitors.map(({ visitor, number }) => visitor.signIn(`user-${number}`, `word-${number}`)),
    );
    for (const { visitor, number } of visitors) {
      assert.ok(visitor.page.body.includes(`Signed in as user-${number}<`));
    }
    const cookies = visitors.map(({ visitor }) => visitor.cookies.get('__Host-session'));
    assert.equal(new Set(cookies).size, 100);
  });

  it('works as hard for somebody who does not exist', async () => {
    const service = await start();
    for (const name of ['alice', 'nobody']) {
      const before = service.passwords.verified.length;
      await new Visitor(service).signIn(name, 'wrong');
      assert.equal(service.passwords.verified.length, before + 1);
    }
  });

  it('is not made by another site: neither its form nor the token of its own browser counts', async () => {
    const service = await start();
    const [visitor, stranger] = [new Visitor(service), new Visitor(service)];
    await stranger.open('/');
    const [, form = ''] = /name="form" value="([^"]*)"/.exec(stranger.page.body) ?? [];
    await visitor.open('/');
    const fields = { form, user: 'user-1', password: 'word-1' };
    assert.equal((await visitor.open('/sign-in', { form: fields })).status, 403);
    await visitor.open('/');
    const headers = { Origin: 'https://example.net', 'Sec-Fetch-Site': 'cross-site' };
    for (const action of ['/sign-in', '/sign-in/passkey']) {
      await visitor.open('/');
      assert.equal((await visitor.send(action, fields, { headers })).status, 403);
    }
    assert.equal(visitor.cookies.has('__Host-session'), false);
  });
});
