import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DynonymError } from '../../../../src/domain/errors.ts';
import { SITE, Visitor } from '../../../support/visitor.ts';
import { HOME, type Service, startService, user } from '../http/service.ts';

/** What browsers say that they take. */
const BROWSER = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const GERMAN = { 'Accept-Language': 'de' };

const start = () =>
  startService({
    web: SITE,
    trustedProxies: ['127.0.0.1'],
    users: [user('alice', 's3cret', [HOME]), user('olga', 'correct horse', [], { admin: true })],
  });

/** Lets every question for a user fail, as if the database were away. */
function breakUsers({ users }: Service, error: Error): void {
  users.find = () => Promise.reject(error);
}

const away = new DynonymError('STORE_UNREACHABLE', 'no connection to 192.0.2.1:5432');

describe('A path at which nothing is', () => {
  it('is a page for a browser, in its language, with the way back', async () => {
    const service = await start();
    for (const path of ['/nothing', '/hosts', '/operators/x', '/assets/nothing.css', '/nic', '/%E0%A4%A']) {
      const visitor = new Visitor(service, { ...BROWSER, ...GERMAN });
      assert.equal((await visitor.open(path)).status, 404, path);
      assert.match(visitor.text, /^Diese Seite gibt es nicht .* Zurück zum Anfang$/, path);
      assert.match(visitor.page.body, /<html lang="de">.*href="\/"/s);
    }
    assert.deepEqual(service.logger.at('error'), []);
  });

  it('has the menu of whoever is signed in, and a language that can be changed there', async () => {
    const visitor = new Visitor(await start(), BROWSER);
    await visitor.signIn('alice', 's3cret');
    await visitor.open('/nothing');
    assert.match(visitor.page.body, /<nav .*\/setup/s);
    await visitor.send('/language', { language: 'de' });
    await visitor.open('/nothing');
    assert.match(visitor.text, /^Diese Seite gibt es nicht/);
  });

  it('is a page also for whoever follows a link of another site', async () => {
    const visitor = new Visitor(await start(), { ...BROWSER, 'Sec-Fetch-Site': 'cross-site' });
    assert.equal((await visitor.open('/nothing')).status, 404);
    assert.match(visitor.text, /^There is no such page/);
  });

  it('is a line of text for a program, and a problem in JSON below /api/', async () => {
    const service = await start();
    const headers = { 'X-Forwarded-Proto': 'https' };
    for (const accept of [undefined, '*/*', 'text/plain']) {
      const answer = await service.ask('/nothing', {
        headers: { ...headers, ...(accept !== undefined && { Accept: accept }) },
      });
      assert.equal(answer.body, '404 Not Found\n');
    }
    const json = await service.ask('/nothing', { headers: { ...headers, Accept: 'application/json' } });
    assert.equal(json.headers['content-type'], 'application/problem+json');
    for (const path of ['/api/v1/nothing', '/api/v2/hosts', '/api/nothing']) {
      const answer = await service.ask(path, { headers: { ...headers, ...BROWSER } });
      assert.equal(answer.status, 404, path);
      assert.equal(answer.headers['content-type'], 'application/problem+json', path);
    }
    const posted = await service.ask('/nothing', { method: 'POST', headers: { ...headers, ...BROWSER } });
    assert.equal(posted.body, '404 Not Found\n');
  });

  it('is no page where an update goes, whatever the client takes', async () => {
    const service = await start();
    const headers = { 'X-Forwarded-Proto': 'https', ...BROWSER };
    const as = `Basic ${Buffer.from('alice:s3cret').toString('base64')}`;
    const other = await service.ask('/nic/update?hostname=cam.example.org', { as, headers });
    assert.equal(other.body, 'nohost\n');
    assert.equal((await service.ask('/nic/update', { method: 'DELETE', as, headers })).status, 405);
    assert.match(String((await service.ask('/dns/update', { headers })).headers['content-type']), /plain/);
  });

  it('is no page where there are none', async () => {
    const service = await startService();
    assert.equal((await service.ask('/nothing', { headers: BROWSER })).body, '404 Not Found\n');
  });
});

describe('A method that a page does not take', () => {
  it('is told on a page to a browser, and in a line to a program, with the methods that there are', async () => {
    const service = await start();
    const visitor = new Visitor(service, BROWSER);
    const page = await visitor.open('/sign-in');
    assert.equal(page.status, 405);
    assert.equal(page.headers['allow'], 'POST');
    assert.match(visitor.text, /^Nothing to see here .* Back to the start$/);
    const headers = { 'X-Forwarded-Proto': 'https' };
    const line = await service.ask('/account', { method: 'DELETE', headers });
    assert.equal(line.body, '405 Method Not Allowed\n');
    assert.equal(line.headers['allow'], 'GET, HEAD');
  });
});

describe('A page that cannot be shown', () => {
  it('says that the database is away, and when to come back, also to whoever is signed in', async () => {
    const service = await start();
    const visitor = new Visitor(service, { ...BROWSER, ...GERMAN });
    await visitor.signIn('alice', 's3cret');
    breakUsers(service, away);
    for (const path of ['/', '/account', '/nothing']) {
      const answer = await visitor.open(path);
      assert.equal(answer.status, 503, path);
      assert.equal(answer.headers['retry-after'], '10');
      assert.match(visitor.text, /^Im Augenblick nicht .* Zurück zum Anfang$/);
      assert.doesNotMatch(answer.body, /192\.0\.2\.1|STORE_|<form/);
    }
    assert.match(service.logger.text, /STORE_UNREACHABLE|no connection to 192/);
  });

  it('says so of a fault of ours, and logs its cause', async () => {
    const service = await start();
    const visitor = new Visitor(service, BROWSER);
    await visitor.signIn('alice', 's3cret');
    breakUsers(service, new TypeError('of nothing'));
    assert.equal((await visitor.open('/account')).status, 500);
    assert.match(visitor.text, /^That did not work/);
    assert.doesNotMatch(visitor.page.body, /of nothing/);
  });

  it('says that a form was too large', async () => {
    const visitor = new Visitor(await start(), BROWSER);
    await visitor.signIn('alice', 's3cret');
    await visitor.open('/account');
    await visitor.send('/account/password', { current: 'x'.repeat(20_000), next: 'y' });
    assert.equal(visitor.page.status, 413);
    assert.match(visitor.text, /^That was too much/);
  });
});

describe('Every page of a fault', () => {
  it('carries the headers of all pages, and stays in no cache', async () => {
    const service = await start();
    const visitor = new Visitor(service, BROWSER);
    await visitor.signIn('alice', 's3cret');
    const assertGuarded = async (path: string, status: number) => {
      const { headers, ...answer } = await visitor.open(path);
      assert.equal(answer.status, status, path);
      assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/);
      assert.equal(headers['x-frame-options'], 'DENY');
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'same-origin');
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
      assert.equal(headers['strict-transport-security'], 'max-age=31536000');
      assert.equal(headers['cache-control'], 'no-store');
      assert.match(String(headers['vary']), /Accept-Language, Cookie/);
    };
    await assertGuarded('/nothing', 404);
    await assertGuarded('/hosts/other.example.org', 404);
    await assertGuarded('/operator', 404);
    await assertGuarded('/invitation/nothing', 404);
    await assertGuarded('/sign-out', 405);
    breakUsers(service, away);
    await assertGuarded('/account', 503);
    breakUsers(service, new TypeError('of nothing'));
    await assertGuarded('/account', 500);
  });
});
