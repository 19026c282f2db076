import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SITE, Visitor } from '../../../support/visitor.ts';
import { basic, type ServiceOptions, startService, user } from '../http/service.ts';

const HOME = 'home.example.org';

async function signedIn(options: ServiceOptions = {}) {
  const service = await startService({
    web: SITE,
    trustedProxies: ['127.0.0.1'],
    users: [
      user('alice', 's3cret', [HOME, 'cam.example.org'], { offline: true }),
      user('bob', 'hunter2', ['bobhost.example.org']),
    ],
    ...options,
  });
  const visitor = new Visitor(service);
  await visitor.signIn('alice', 's3cret');
  return { service, visitor };
}

const report = (parameters: string) => ({
  target: `/nic/update?hostname=${HOME}&${parameters}`,
  options: {
    as: basic('alice', 's3cret'),
    headers: { 'X-Forwarded-For': '198.51.100.9', 'User-Agent': 'FRITZ!Box <b>' },
  },
});

describe('My hosts', () => {
  it('show what was reported, by which program, and escape what it calls itself', async () => {
    const { service, visitor } = await signedIn();
    const { target, options } = report('myip=198.51.100.9');
    await service.ask(target, options);
    await visitor.open('/');
    assert.match(
      visitor.text,
      /home\.example\.org up to date 198\.51\.100\.9 reported just now by FRITZ!Box <b>/,
    );
    assert.ok(!visitor.page.body.includes('<b>'));
    assert.match(visitor.text, /cam\.example\.org new Nothing has reported this name yet/);
    assert.ok(!visitor.page.body.includes('bobhost'));
  });

  it('set a name to the address of the visitor', async () => {
    const { visitor, service } = await signedIn();
    await visitor.send('/hosts/address', { name: HOME });
    assert.match(
      visitor.text,
      /The name has this IPv4 address now\. Its IPv6 address is as it was.*home\.example\.org up to date 192\.0\.2\.7/,
    );
    assert.equal((await visitor.send('/hosts/address', { name: 'bobhost.example.org' })).status, 404);
    assert.deepEqual(new Set(service.events.of('changed').map(({ name }) => name)), new Set([HOME]));
  });
});

describe('The address of the visitor', () => {
  it('is shown with its family, and set in that family alone', async () => {
    const { service, visitor } = await signedIn();
    assert.match(visitor.text, /Your address over IPv4 now: 192\.0\.2\.7 .* over IPv6\./);
    await visitor.send('/hosts/address', { name: HOME });
    const other = new Visitor(service, { 'X-Forwarded-For': '2001:db8::7' });
    await other.signIn('alice', 's3cret');
    assert.match(other.text, /Your address over IPv6 now: 2001:db8::7 .* over IPv4\./);
    assert.match(other.page.body, /<button>Set its IPv6 address<\/button>/);
    await other.send('/hosts/address', { name: HOME });
    assert.match(other.text, /this IPv6 address now\. Its IPv4 address is as it was/);
    assert.match(other.text, /home\.example\.org up to date 192\.0\.2\.7 2001:db8::7/);
  });
});

describe('The page of a host', () => {
  it('tells what happened, and draws the addresses', async () => {
    const { service, visitor } = await signedIn();
    for (const address of ['198.51.100.9', '198.51.100.10']) {
      const { target, options } = report(`myip=${address}`);
      await service.ask(target, options);
      await service.clock.advance(3_600_000);
    }
    await visitor.open(`/hosts/${HOME}`);
    assert.match(visitor.text, /1 hour ago FRITZ!Box <b> reported 198\.51\.100\.10 → changed/);
    assert.doesNotMatch(visitor.text, /The DNS has/);
    assert.equal(visitor.page.body.match(/<rect /g)?.length, 2);
  });

  it('says beside a report when its change was visible, whichever of the two was told first', async () => {
    const { service, visitor } = await signedIn();
    const { target, options } = report('myip=198.51.100.9');
    await service.ask(target, options);
    const [changed] = service.events.of('changed');
    const [reported] = service.events.of('reported');
    assert.ok(changed && reported);
    const visible = { kind: 'visible', name: changed.name, at: changed.at, after: 400, servers: 3 } as const;
    for (const event of [visible, changed, visible, reported]) service.history.tell(event);
    await visitor.open(`/hosts/${HOME}`);
    assert.equal(visitor.text.match(/→ changed from 198\.51\.100\.9 Visible on all 3/g)?.length, 2);
    assert.equal(visitor.text.match(/Visible on all 3/g)?.length, 2);
    assert.doesNotMatch(visitor.text, /The DNS has/);
  });

  it('sets addresses, and keeps what was typed where it is wrong', async () => {
    const { visitor } = await signedIn();
    await visitor.open(`/hosts/${HOME}`);
    const answer = await visitor.send(`/hosts/${HOME}/addresses`, { ipv4: '300.1.1.1', ipv6: '2001:db8::7' });
    assert.equal(answer.status, 422);
    assert.match(answer.body, /value="300\.1\.1\.1"[^>]*aria-invalid/);
    assert.match(answer.body, /value="2001:db8::7"/);
    await visitor.send(`/hosts/${HOME}/addresses`, { ipv4: '203.0.113.7', ipv6: '2001:DB8::7' });
    assert.match(visitor.text, /The addresses are set\. up to date 203\.0\.113\.7 2001:db8::7/);
  });

  it('saves settings, each checked, and all problems are told at once', async () => {
    const { visitor, service } = await signedIn();
    const action = `/hosts/${HOME}/settings`;
    await visitor.open(`/hosts/${HOME}`);
    await visitor.send(action, { ttl: 'x', expect: '5', follows: 'bobhost.example.org' });
    assert.equal(visitor.page.body.match(/aria-invalid/g)?.length, 3);
    await visitor.open(`/hosts/${HOME}`);
    await visitor.send(action, { follows: HOME });
    assert.match(visitor.text, /a host cannot follow itself/);
    const german = new Visitor(service, { 'Accept-Language': 'de' });
    await german.signIn('alice', 's3cret');
    await german.open(`/hosts/${HOME}`);
    await german.send(action, { ttl: 'x', expect: '5', follows: HOME });
    assert.match(german.text, /eine TTL ist .* eine Dauer wird .* nicht sich selbst folgen/);
    await visitor.open(`/hosts/${HOME}`);
    await visitor.send(action, { ttl: '300', expect: '1h', follows: 'cam.example.org' });
    assert.match(visitor.text, /^home\.example\.org The settings are saved/);
    assert.match(visitor.page.body, /name="expect"[^>]*value="1h"/);
  });

  it('takes the name off after a question, where that is allowed', async () => {
    const { visitor } = await signedIn();
    await visitor.open(`/hosts/${HOME}`);
    await visitor.send(`/hosts/${HOME}/addresses`, { ipv4: '203.0.113.7' });
    await visitor.open(`/hosts/${HOME}/off`);
    await visitor.send(`/hosts/${HOME}/off`);
    assert.match(visitor.text, /It is off the DNS\. off no address/);
    const other = new Visitor((await signedIn()).service);
    await other.signIn('bob', 'hunter2');
    await other.open('/hosts/bobhost.example.org/off');
    await other.send('/hosts/bobhost.example.org/off');
    assert.match(other.text, /The operator has not allowed this/);
  });

  it('of somebody else is a page that does not exist, as that of a name that nobody has', async () => {
    const { visitor } = await signedIn();
    const pages: string[] = [];
    for (const name of ['bobhost.example.org', 'nobody.example.org', 'x..y', '%00', '%ff']) {
      const answer = await visitor.open(`/hosts/${name}`);
      assert.ok(answer.status === 404 || answer.status === 400, name);
      if (answer.status === 404) pages.push(visitor.text);
    }
    assert.equal(new Set(pages).size, 1);
  });
});
