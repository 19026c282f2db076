import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { UserName } from '../../../../src/domain/user.ts';
import { OpenStream } from '../../../support/event-source.ts';
import { SITE, Visitor } from '../../../support/visitor.ts';
import { basic, type ServiceOptions, startService, user } from '../http/service.ts';

const HOME = 'home.example.org';
const CAM = 'cam.example.org';

async function signedIn(options: ServiceOptions = {}) {
  const service = await startService({
    web: SITE,
    trustedProxies: ['127.0.0.1'],
    users: [user('alice', 's3cret', [HOME, CAM]), user('bob', 'hunter2', ['bobhost.example.org'])],
    ...options,
  });
  const visitor = new Visitor(service);
  await visitor.signIn('alice', 's3cret');
  return { service, visitor };
}

/** Chooses a client for home alone. The page has the token, and the stream that belongs to it. */
async function setUp(options: ServiceOptions = {}, path = '/setup', client = 'ddclient4') {
  const { service, visitor } = await signedIn(options);
  await visitor.open(path);
  await visitor.open(path, {
    form: {
      form: /name="form" value="([^"]*)"/.exec(visitor.page.body)?.[1] ?? '',
      client,
      [`name:${HOME}`]: '1',
    },
  });
  const { body } = visitor.page;
  const secret = /<pre id="token"[^>]*>([^<]*)</.exec(body)?.[1] ?? assert.fail(body);
  const events = /data-live="([^"]*)"/.exec(body)?.[1] ?? assert.fail(body);
  const token = new URLSearchParams(events.split('?')[1]).get('token') ?? '';
  const report = (name: string, password = secret) =>
    service.ask(`/nic/update?hostname=${name}&myip=203.0.113.7`, {
      as: basic('alice', password),
      headers: { 'X-Forwarded-For': '203.0.113.7' },
    });
  const cookie = (of: Visitor) => [...of.cookies].map((pair) => pair.join('=')).join('; ');
  const follow = async (of = visitor) => {
    const stream = await OpenStream.open(service.port, events, {
      Cookie: cookie(of),
      'X-Forwarded-For': '192.0.2.7',
      'X-Forwarded-Proto': 'https',
    });
    after(() => stream.response.destroy());
    await service.clock.advance(0);
    return stream;
  };
  return { service, visitor, secret, token, report, follow };
}

describe('Set up', () => {
  it('shows all devices and programs, and the names of the user, all of them chosen', async () => {
    const { visitor } = await signedIn();
    await visitor.open('/setup');
    assert.match(visitor.text, /Which device or program\?.*FRITZ!Box.*ddclient.*Which names\?.*home.*cam/);
    assert.equal(visitor.page.body.match(/type="checkbox"[^>]* checked/g)?.length, 2);
    assert.ok(!visitor.page.body.includes('bobhost'));
  });

  it('gives the text with user, token and names in it, and a token that is good for these names alone', async () => {
    const { visitor, service, secret, token, report } = await setUp();
    const [, text = ''] = /<pre id="text"[^>]*>(.*?)<\/pre>/s.exec(visitor.page.body) ?? [];
    for (const part of ['alice', secret, HOME, 'dyn.example.org']) assert.ok(text.includes(part), part);
    assert.ok(!text.includes(CAM));
    assert.match(visitor.text, /shown only once/);
    assert.match(token, /^ddclient4-[0-9a-f]{6}$/);
    assert.equal((await report(HOME)).body, 'good 203.0.113.7\n');
    assert.equal((await report(CAM)).body, '!yours\n');
    const [deed] = service.events.of('managed');
    assert.deepEqual([deed?.deed, deed?.by, deed?.way, deed?.token], ['token-added', 'alice', 'page', token]);
    assert.equal(visitor.page.headers['cache-control'], 'no-store');
  });

  it('says beside the field what is missing, and keeps what was chosen', async () => {
    const { visitor } = await signedIn();
    await visitor.open('/setup');
    const answer = await visitor.send('/setup');
    assert.equal(answer.status, 422);
    assert.match(visitor.text, /Please choose one\./);
    assert.equal(answer.body.match(/ checked/g)?.length, 2);
    const { user: odd } = { user: 'a#b' };
    const other = await signedIn({ users: [user(odd, 's3cret', [HOME])] });
    await other.visitor.signIn(odd, 's3cret');
    await other.visitor.open('/setup');
    await other.visitor.send('/setup', { client: 'ddclient' });
    assert.match(other.visitor.text, /ddclient misreads/);
    assert.match(other.visitor.page.body, /value="ddclient"[^>]* checked/);
  });

  it('makes no token for names of others, and says so to whoever has none', async () => {
    const { visitor, service } = await signedIn({ users: [user('alice', 's3cret', [])] });
    await visitor.open('/setup');
    assert.match(visitor.text, /You have no name yet/);
    assert.ok(!visitor.page.body.includes('type="radio"'));
    assert.equal(service.events.of('managed').length, 0);
  });

  it('shows what has come without a script too, and only of tokens of the user', async () => {
    const { visitor, service, token, report } = await setUp();
    await visitor.open(`/setup/${token}`);
    assert.match(visitor.text, /Waiting for a request/);
    await report(HOME);
    await visitor.open(`/setup/${token}`);
    assert.match(visitor.text, /Good: home\.example\.org is 203\.0\.113\.7/);
    const bob = new Visitor(service);
    await bob.signIn('bob', 'hunter2');
    assert.equal((await bob.open(`/setup/${token}`)).status, 404);
    assert.equal((await bob.open(`/setup/events?token=${token}`)).status, 204);
  });
});

describe('the live line', () => {
  it('goes from waiting by way of what is wrong to success', async () => {
    const { service, follow, report } = await setUp();
    const stream = await follow();
    assert.equal(stream.response.headers['content-type'], 'text/event-stream; charset=utf-8');
    await stream.said(/Waiting for a request/);
    await report(HOME, 'wrong');
    await service.clock.advance(100);
    await stream.said(/wrong password \(from .*203\.0\.113\.7.*The token is the password/s);
    await report(CAM);
    await service.clock.advance(100);
    await stream.said(/A request came for cam\.example\.org, which this token may not change/);
    await report(HOME);
    await service.clock.advance(100);
    const last = await stream.said(/Good: .*home\.example\.org.* is .*203\.0\.113\.7/);
    assert.doesNotMatch(last, /wrong password/);
  });

  it('tells of pauses, and of networks from which the user may not log in', async () => {
    const { service, follow, report } = await setUp();
    const stream = await follow();
    for (let guess = 0; guess < 11; guess += 1) await report(HOME, `guess ${guess}`);
    await service.clock.advance(100);
    await stream.said(/203\.0\.113\.7<\/span>, where logins are paused.*The pause ends by itself/);
    const limited = await setUp({
      users: [user('alice', 's3cret', [HOME], { networks: ['192.0.2.0/24'] })],
    });
    const other = await limited.follow();
    await limited.report(HOME);
    await limited.service.clock.advance(100);
    await other.said(/from there you may not log in.*limited to certain networks/);
  });

  it('tells nobody of failures of another user', async () => {
    const { service, follow } = await setUp();
    const stream = await follow();
    await service.ask('/nic/update?hostname=x.example.org', { as: basic('bob', 'wrong') });
    assert.equal(service.events.of('login-failed').length, 1);
    await service.clock.advance(10_000);
    await stream.said(/Waiting/);
    await setImmediate();
    assert.equal(stream.events.length, 1);
  });

  it('says the same only once, and looks now and then for what another process took', async () => {
    const { service, follow, report } = await setUp();
    const stream = await follow();
    for (let guess = 0; guess < 5; guess += 1) await report(HOME, 'wrong');
    await service.clock.advance(100);
    await stream.said(/wrong password/);
    await service.clock.advance(15_000);
    await report(HOME);
    await service.clock.advance(100);
    await stream.said(/Good/);
    assert.equal(stream.events.length, 3);
    assert.match(stream.text, /\n:\n\n/);
  });

  it('is told of the present state during a flood too, a few times a second', async () => {
    const { service, follow } = await setUp();
    const stream = await follow();
    const flood = { kind: 'login-failed', user: 'alice' as UserName, why: 'wrong' } as const;
    for (let at = 0; at < 100; at += 1) {
      service.arrivals.tell({ ...flood, at, from: `203.0.113.${at}` });
      await service.clock.advance(10);
    }
    await stream.said(/203\.0\.113\.8/);
    await service.clock.advance(100);
    await stream.said(/203\.0\.113\.99/);
    assert.ok(stream.events.length < 15, `${stream.events.length} events`);
  });

  it('ends with the session', async () => {
    const { service, visitor, follow } = await setUp();
    const other = new Visitor(service);
    await other.signIn('alice', 's3cret');
    const stream = await follow();
    await other.open('/account');
    await other.send('/account/sessions/end', {});
    await service.clock.advance(5_000);
    await stream.ended();
    assert.equal((await visitor.open('/')).status, 200);
    assert.match(visitor.text, /User name/);
  });

  it('ends when the token is revoked', async () => {
    const { service, visitor, token, follow } = await setUp();
    const stream = await follow();
    await visitor.open(`/account/tokens/${token}/revoke`);
    await visitor.send(`/account/tokens/${token}/revoke`);
    await service.clock.advance(5_000);
    await stream.ended();
  });

  it('ends when the service stops, which does not wait for anything else', async () => {
    const { service, follow } = await setUp();
    const stream = await follow();
    await Promise.all([service.stop(), service.arrivals.stop()]);
    await stream.ended();
    const late = await setUp();
    await late.service.arrivals.stop();
    await (await late.follow()).ended();
  });

  it('is open a few times for each user, and another one ends the oldest', async () => {
    const { service, follow } = await setUp();
    const streams = [];
    for (let count = 0; count < 8; count += 1) streams.push(await follow());
    await Promise.all(streams.slice(0, 2).map((stream) => stream.ended()));
    await service.clock.advance(5_000);
    assert.deepEqual(
      streams.map(({ isOver }) => isOver),
      [true, true, false, false, false, false, false, false],
    );
  });

  it('leaves nothing behind when the browser leaves', async () => {
    const { service, follow } = await setUp();
    const pending = service.clock.pending;
    const stream = await follow();
    assert.ok(service.clock.pending > pending);
    stream.response.destroy();
    await stream.ended();
    for (let tries = 0; service.clock.pending > pending && tries < 100; tries += 1) {
      await service.clock.advance(5_000);
    }
    assert.equal(service.clock.pending, pending);
  });

  it('is for nobody who has not signed in', async () => {
    const { service } = await signedIn();
    const answer = await service.ask('/setup/events?token=x', { headers: { 'X-Forwarded-Proto': 'https' } });
    assert.equal(answer.status, 303);
  });
});

describe('Certificates', () => {
  const value = 'v'.padEnd(43, '-');
  const present = (service: Awaited<ReturnType<typeof startService>>, secret: string, name: string) =>
    service.ask('/acme/present', {
      method: 'POST',
      as: basic('alice', secret),
      body: JSON.stringify({ fqdn: `_acme-challenge.${name}.`, value }),
    });

  it('give a token that is good for certificates alone, and show the challenge arrive and stand', async () => {
    const { service, visitor, secret, report, follow } = await setUp({}, '/certificates', 'lego-httpreq');
    assert.match(visitor.page.body, /HTTPREQ_PASSWORD=/);
    const stream = await follow();
    assert.equal((await report(HOME)).body, '!yours\n');
    assert.equal((await present(service, secret, CAM)).status, 403);
    await service.clock.advance(100);
    await stream.said(/certificate of cam\.example\.org.*this token gets no certificate for it/);
    assert.equal((await present(service, secret, HOME)).status, 200);
    await service.clock.advance(100);
    await stream.said(/Good: the challenge for home\.example\.org is in the DNS/);
    await visitor.open('/certificates');
    assert.match(
      visitor.text,
      /Challenges that stand.*home\.example\.org _acme-challenge\.home\.example\.org/,
    );
  });

  it('say where the operator has not allowed any', async () => {
    const { visitor } = await signedIn({ users: [user('alice', 's3cret', [HOME], { certificates: false })] });
    await visitor.open('/certificates');
    assert.match(visitor.text, /The operator has not allowed certificates.*No challenge stands now/);
  });

  it('speak German too', async () => {
    const { service } = await signedIn();
    const visitor = new Visitor(service, { 'Accept-Language': 'de' });
    await visitor.signIn('alice', 's3cret');
    await visitor.open('/setup');
    assert.match(visitor.text, /Welches Gerät oder Programm\?/);
    await visitor.open('/certificates');
    assert.match(visitor.text, /Zurzeit steht keine Challenge/);
  });
});
