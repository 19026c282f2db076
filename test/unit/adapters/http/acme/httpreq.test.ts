import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALICE, type Answer, BOB, basic, HOME, startService, user } from '../service.ts';

const VALUE = 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ';
const OTHER = '0-hR1zCTVcrYBXsCVHGVFtvWw4Vhe6bKFHCvFhaVXaE';
const CHALLENGE = `_acme-challenge.${HOME}`;
const FQDN = `${CHALLENGE}.`;

const inShort = ({ status, headers, body }: Answer) => [status, headers['content-type'], body];
const JSON_TYPE = 'application/json';
const TEXT = 'text/plain; charset=utf-8';

const post = (body: string, as?: string, type = JSON_TYPE) => ({
  method: 'POST',
  body,
  type,
  ...(as !== undefined && { as }),
});
const default_ = (fqdn = FQDN, value = VALUE) => JSON.stringify({ fqdn, value });

describe('httpreq', () => {
  it('lego presents two values at one name, for a name and its wildcard, and cleans up each', async () => {
    const { ask, dns } = await startService();
    for (const value of [VALUE, OTHER]) {
      const answer = await ask('/acme/present', post(default_(FQDN, value), ALICE));
      assert.deepEqual(inShort(answer), [200, JSON_TYPE, `{"fqdn":"${FQDN}","value":"${value}"}\n`]);
    }
    assert.deepEqual(dns.addressesOf(CHALLENGE), [VALUE, OTHER]);
    const answer = await ask('/acme/cleanup', post(default_(), ALICE));
    assert.deepEqual(inShort(answer), [200, JSON_TYPE, `{"fqdn":"${FQDN}","value":"${VALUE}"}\n`]);
    assert.deepEqual(dns.addressesOf(CHALLENGE), [OTHER]);
  });

  it('lego in RAW mode leaves the digest to the server (RFC 8555 section 8.4)', async () => {
    const { ask, dns } = await startService();
    const body = JSON.stringify({ domain: HOME, token: 'tok', keyAuth: 'tok.thumb' });
    // printf %s tok.thumb | openssl dgst -sha256 -binary | basenc --base64url
    const digest = 'sYAwVrqDtVOuJZvAHurSAYPoEt5fFV_C4bdSOOW-o5Y';
    const { status, body: answered } = await ask('/acme/present', post(body, ALICE));
    assert.deepEqual([status, JSON.parse(answered)], [200, { fqdn: FQDN, value: digest }]);
    assert.deepEqual(dns.addressesOf(CHALLENGE), [digest]);
    // As acmeproxy spells it.
    const respelt = JSON.stringify({ domain: HOME, token: 'tok', keyauth: 'tok.thumb' });
    assert.equal((await ask('/acme/cleanup', post(respelt, ALICE))).status, 200);
    assert.deepEqual(dns.addressesOf(CHALLENGE), []);
  });

  it('acme.sh greps the value between quotes, and its JSON has blanks', async () => {
    const { ask } = await startService();
    const body = `{"fqdn": "${FQDN}", "value": "${VALUE}"}`;
    for (const path of ['/acme/present', '/acme/cleanup']) {
      const answer = await ask(path, post(body, ALICE));
      assert.ok(answer.body.includes(`"${VALUE}"`));
    }
  });

  it('Caddy has both fields verbatim in the answer, and keys in another case', async () => {
    const { ask } = await startService();
    const fqdn = '_ACME-challenge.Home.example.org.';
    const body = JSON.stringify({ FQDN: fqdn, Value: VALUE });
    const answer = await ask('/acme/present', post(body, ALICE));
    assert.deepEqual([answer.status, JSON.parse(answer.body)], [200, { fqdn, value: VALUE }]);
  });

  for (const type of ['', 'application/x-www-form-urlencoded', 'text/plain']) {
    it(`JSON is read whatever its type says: "${type}"`, async () => {
      const { ask, dns } = await startService();
      const request = post(default_(), ALICE, type);
      const headers = type === '' ? { 'Content-Type': [] } : {};
      assert.equal((await ask('/acme/present', { ...request, headers })).status, 200);
      assert.deepEqual(dns.addressesOf(CHALLENGE), [VALUE]);
    });
  }

  it('two clients at one name at once: both values stand, and each removes its own', async () => {
    const { ask, dns } = await startService();
    await Promise.all(
      [VALUE, OTHER].map((value) => ask('/acme/present', post(default_(FQDN, value), ALICE))),
    );
    assert.deepEqual(dns.addressesOf(CHALLENGE).toSorted(), [OTHER, VALUE].toSorted());
    await Promise.all(
      [VALUE, OTHER].map((value) => ask('/acme/cleanup', post(default_(FQDN, value), ALICE))),
    );
    assert.deepEqual(dns.addressesOf(CHALLENGE), []);
  });

  it('an effective name is the challenge of a name of the user, or is refused', async () => {
    const { ask, dns } = await startService();
    const own = '_acme-challenge.cam.example.org.';
    assert.equal((await ask('/acme/present', post(default_(own), ALICE))).status, 200);
    for (const foreign of ['_acme-challenge.bobhost.example.org.', 'home.example.org.', `x.${FQDN}`]) {
      assert.equal((await ask('/acme/present', post(default_(foreign), ALICE))).status, 403);
    }
    assert.equal(dns.applied.length, 1);
  });
});

describe('httpreq refuses', () => {
  const REFUSED =
    '403 Forbidden: these credentials get no certificate for this name; the log of the server says why\n';

  it('the name of another user and a name of nobody in the same words', async () => {
    const { ask, dns } = await startService();
    for (const fqdn of [FQDN, '_acme-challenge.nobody.example.org.']) {
      const answer = await ask('/acme/present', post(default_(fqdn), BOB));
      assert.deepEqual(inShort(answer), [403, TEXT, REFUSED]);
    }
    assert.deepEqual(dns.applied, []);
  });

  it('a name whose certificate covers one of another user in these words too, and the log has the cause', async () => {
    const users = [user('alice', 's3cret', [HOME]), user('bob', 'hunter2', [`cam.${HOME}`])];
    const { ask, logger } = await startService({ users });
    assert.deepEqual(inShort(await ask('/acme/present', post(default_(), ALICE))), [403, TEXT, REFUSED]);
    const [line] = logger.at('warn');
    assert.deepEqual([line?.fields['user'], line?.fields['why']], ['alice', 'covers-others']);
  });

  for (const [use, status] of [
    [undefined, 403],
    ['updates', 403],
    ['certificates', 200],
    ['updates and certificates', 200],
  ] as const) {
    it(`a token for ${use ?? 'nothing in particular'}: ${status}`, async () => {
      const users = [user('alice', 's3cret', [HOME], { tokens: { secret: undefined }, ...(use && { use }) })];
      const { ask } = await startService({ users });
      assert.equal((await ask('/acme/present', post(default_(), basic('alice', 'secret')))).status, status);
      assert.equal((await ask('/acme/present', post(default_(), 'Bearer secret'))).status, status);
    });
  }

  it('a token for certificates alone that reports an address', async () => {
    const users = [user('alice', 's3cret', [HOME], { tokens: { secret: undefined }, use: 'certificates' })];
    const { ask, dns } = await startService({ users });
    const answer = await ask(`/nic/update?hostname=${HOME}&myip=192.0.2.1`, { as: basic('alice', 'secret') });
    assert.deepEqual([answer.status, answer.body], [403, '!yours\n']);
    assert.deepEqual(dns.applied, []);
  });

  for (const [what, body] of [
    ['no JSON', 'fqdn=x'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['unknown JSON', '{"name":"x"}'],
    ['a key twice', `{"fqdn":"${FQDN}","fqdn":"${FQDN}","value":"${VALUE}"}`],
    ['a name that is none', default_('a..b')],
    ['a value that is too short', default_(FQDN, VALUE.slice(1))],
    ['a value with other characters', default_(FQDN, `${VALUE.slice(1)}"`)],
    ['an address as the name', JSON.stringify({ domain: '', keyAuth: 'x' })],
  ] as const) {
    it(`${what}: 400`, async () => {
      const { ask, dns } = await startService();
      const answer = await ask('/acme/present', post(body, ALICE));
      assert.equal(answer.status, 400);
      assert.match(answer.body, /^400 Bad Request: /);
      assert.deepEqual(dns.applied, []);
    });
  }

  it('a body of a megabyte: 413, and no credentials: 401, and other methods: 405', async () => {
    const { ask } = await startService();
    assert.equal((await ask('/acme/present', post('x'.repeat(1 << 20), ALICE))).status, 413);
    const unknown = await ask('/acme/present', post(default_()));
    assert.deepEqual([unknown.status, unknown.headers['www-authenticate']], [401, 'Basic realm="dynonym"']);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await ask('/acme/present', { method, as: ALICE });
      assert.deepEqual([answer.status, answer.headers['allow']], [405, 'POST']);
    }
  });

  it('an eleventh wrong password: a pause, also for updates and for the right password', async () => {
    const { ask } = await startService();
    for (let guess = 0; guess < 10; guess += 1) {
      const wrong = basic('alice', `guess-${guess}`);
      assert.equal((await ask('/acme/present', post(default_(), wrong))).status, 401);
    }
    const paused = await ask('/acme/present', post(default_(), ALICE));
    assert.deepEqual([paused.status, paused.headers['retry-after']], [429, '60']);
    assert.equal((await ask(`/dns/update?domain=${HOME}`, { as: ALICE })).status, 429);
  });

  it('what the name server refuses: 500, and what could not be confirmed: 503', async () => {
    const { ask, dns } = await startService();
    dns.fail('apply', CHALLENGE, 'DNS_REFUSED');
    assert.equal((await ask('/acme/present', post(default_(), ALICE))).status, 500);
    dns.fail('apply', CHALLENGE, 'DNS_TIMEOUT');
    assert.equal((await ask('/acme/present', post(default_(), ALICE))).status, 503);
  });

  it('a ninth value at one name', async () => {
    const { ask } = await startService();
    const values = Array.from({ length: 9 }, (_, index) => `${index}${VALUE.slice(1)}`);
    const statuses: number[] = [];
    for (const value of values) {
      statuses.push((await ask('/acme/present', post(default_(FQDN, value), ALICE))).status);
    }
    assert.deepEqual(statuses, [...Array(8).fill(200), 403]);
  });
});
