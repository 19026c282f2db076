import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { domainName } from '../../../../src/domain/domain-name.ts';
import { parseServerSocket } from '../../../../src/domain/socket-address.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { valueIn } from '../../../support/parsed.ts';
import { SITE, Visitor } from '../../../support/visitor.ts';
import { basic, type ServiceOptions, startService, user } from '../http/service.ts';

const HOME = 'home.example.org';
const PAGES = ['', '/people', '/people/alice', '/names', '/servers', '/sign-ins', '/changes'];

async function signedIn(options: ServiceOptions = {}, name = 'root') {
  const service = await startService({
    web: SITE,
    hosts: [],
    trustedProxies: ['127.0.0.1'],
    users: [
      user('root', 's3cret', [], { admin: true }),
      user('alice', 's3cret', [HOME, 'cam.example.org'], { tokens: { secret: undefined } }),
    ],
    ...options,
  });
  const visitor = new Visitor(service);
  await visitor.signIn(name, 's3cret');
  return { service, visitor };
}

const find = async ({ service }: Awaited<ReturnType<typeof signedIn>>, name: string) =>
  service.users.find(name as UserName);

const report = (address: string, as = basic('alice', 's3cret')) =>
  ({
    target: `/nic/update?hostname=${HOME}&myip=${address}`,
    options: { as, headers: { 'User-Agent': 'FRITZ!Box <b>' } },
  }) as const;

describe('The pages of the operator', () => {
  it('are there for operators, and for no other user, who is told that there is no such page', async () => {
    const { service, visitor } = await signedIn();
    const alice = new Visitor(service);
    await alice.signIn('alice', 's3cret');
    assert.ok(!alice.page.body.includes('/operator'));
    const unknown = (await alice.open('/hosts/nobody.example.org')).body;
    for (const page of PAGES) {
      assert.equal((await visitor.open(`/operator${page}`)).status, 200, page);
      const answer = await alice.open(`/operator${page}`);
      assert.equal(answer.status, 404, page);
      assert.equal(answer.body, unknown);
    }
    const form = { form: /name="form" value="([^"]+)"/.exec(alice.page.body)?.[1] ?? '' };
    for (const action of [
      '/people/add',
      '/people/invite',
      '/people/revoke-link',
      '/people/alice/operator',
      '/people/alice/remove',
      '/people/alice/password',
      '/servers/check',
    ]) {
      assert.equal((await alice.open(`/operator${action}`, { form })).status, 404, action);
    }
    assert.deepEqual(service.events.of('managed'), []);
  });

  it('ask whoever is not signed in to do so, and take no token', async () => {
    const { service } = await signedIn({
      users: [user('root', 's3cret', [HOME], { admin: true, tokens: { 'a-token': undefined } })],
    });
    const stranger = new Visitor(service);
    await stranger.open('/operator');
    assert.match(stranger.text, /Please sign in/);
    await stranger.signIn('root', 'a-token');
    assert.match(stranger.text, /do not go together/);
  });

  it('end for an operator who is one no more, or is removed, while signed in', async () => {
    const both = await signedIn();
    const { service, visitor } = both;
    await service.users.setRights('root' as UserName, { admin: false });
    assert.equal((await visitor.open('/operator/people')).status, 404);
    await service.users.setRights('root' as UserName, { admin: true });
    await visitor.open('/operator/people');
    await service.users.remove('root' as UserName);
    const { form = '' } = { form: /name="form" value="([^"]+)"/.exec(visitor.page.body)?.[1] };
    const answer = await visitor.open('/operator/people/add', { form: { form, user: 'eve', password: 'x' } });
    assert.equal(answer.status, 403);
    assert.equal(await find(both, 'eve'), undefined);
  });

  it('are in German where the browser asks for it', async () => {
    const { service } = await signedIn();
    const visitor = new Visitor(service, { 'Accept-Language': 'de' });
    await visitor.signIn('root', 's3cret');
    for (const [page, title] of Object.entries({
      '': 'Heute',
      '/people': 'Personen',
      '/changes': 'Änderungen',
    })) {
      await visitor.open(`/operator${page}`);
      assert.ok(visitor.text.includes(title), page);
    }
  });
});

describe('Today', () => {
  it('says that nothing needs the operator, or what does: names in trouble, primaries, paused sign-ins', async () => {
    const primary = valueIn(parseServerSocket('192.0.2.53:53'));
    const { service, visitor } = await signedIn();
    await visitor.open('/operator');
    assert.match(visitor.text, /Nothing needs you now.*All names/);

    service.dns.fail('lookUp', HOME, 'DNS_REFUSED');
    const { target, options } = report('198.51.100.9');
    await service.ask(target, options);
    await visitor.open('/operator');
    assert.match(visitor.text, /Names in trouble home\.example\.org failed .*refuses changes.* of alice/);
    assert.ok(!visitor.page.body.includes('cam.example.org'));
    assert.ok(!visitor.page.body.includes('<b>'));

    const away = await signedIn({
      primaries: [{ primary, trouble: 'no answer' }],
      certificate: { notAfter: 0, isOurs: true, finding: 'certificate-overdue' },
    });
    for (let guess = 0; guess < 10; guess += 1) {
      await away.service.ask(`/nic/update?hostname=${HOME}`, { as: basic('alice', `guess-${guess}`) });
    }
    await away.visitor.open('/operator');
    assert.match(away.visitor.text, /The primary 192\.0\.2\.53:53 does not answer: no answer/);
    assert.match(away.visitor.text, /The certificate for HTTPS ends soon/);
    assert.match(away.visitor.text, /Sign-ins from one place are paused/);
  });
});

describe('People', () => {
  it('finds users by their name and by their granted names, a part of the list at a time', async () => {
    const many = Array.from({ length: 120 }, (_, index) => user(`u${index}`, 'x', [`h${index}.example.org`]));
    const { visitor } = await signedIn({ users: [user('root', 's3cret', [], { admin: true }), ...many] });
    await visitor.open('/operator/people');
    assert.match(visitor.text, /root operator none never u0 h0\.example\.org never u1 /);
    const next = /href="([^"]*after=[^"]*)">More</;
    let parts = 1;
    for (let link = next.exec(visitor.page.body); link !== null; link = next.exec(visitor.page.body)) {
      await visitor.open(link[1]?.replaceAll('&amp;', '&') ?? '');
      parts += 1;
    }
    assert.equal(parts, 3);
    assert.match(visitor.text, /u99 .*From the start/);
    assert.ok(!visitor.page.body.includes('>u0<'));
    await visitor.open('/operator/people?q=H77.EXAMPLE.ORG');
    assert.match(visitor.text, /u77/);
    assert.ok(!visitor.page.body.includes('>u78<'));
    await visitor.open('/operator/people?q=nobody&after=%00');
    assert.match(visitor.text, /Nothing was found/);
  });

  it('shows when a device of the user reported last', async () => {
    const { service, visitor } = await signedIn();
    const { target, options } = report('198.51.100.9');
    await service.ask(target, options);
    await service.clock.advance(3_600_000);
    await visitor.open('/operator/people');
    assert.match(visitor.text, /alice home\.example\.org cam\.example\.org 1 hour ago/);
  });

  it('adds a user, keeps what was typed where it is wrong, and never sends a password back', async () => {
    const both = await signedIn();
    const { visitor } = both;
    await visitor.open('/operator/people');
    for (const [name, reason] of [
      ['a:b', /a user name has no colon/],
      ['constructor', /cannot have a user of this name/],
      ['\u202eevil', /a user name has no invisible characters/],
      ['alice', /There is a user of this name/],
    ] as const) {
      const answer = await visitor.send('/operator/people/add', { user: name, password: 'correct horse' });
      assert.equal(answer.status, 422);
      assert.match(visitor.text, reason);
      assert.ok(answer.body.includes(`value="${name}"`));
      assert.ok(!answer.body.includes('correct horse'));
    }
    await visitor.send('/operator/people/add', { user: 'carol', password: 'correct horse' });
    assert.equal(visitor.path, '/operator/people/carol?done=added');
    assert.deepEqual((await find(both, 'carol'))?.domains, []);
  });

  it('invites with at least one name, and says which name is none', async () => {
    const { visitor } = await signedIn();
    await visitor.open('/operator/people');
    await visitor.send('/operator/people/invite', { grants: ' ', below: '' });
    assert.match(visitor.text, /Name at least one name/);
    await visitor.send('/operator/people/invite', { grants: 'a.example.org 192.0.2.1', below: 'org' });
    assert.match(visitor.text, /that is an address.*a whole name is needed/);
  });
});

describe('A user', () => {
  it('gets names and loses them', async () => {
    const both = await signedIn();
    const { visitor } = both;
    await visitor.open('/operator/people/alice');
    await visitor.send('/operator/people/alice/grant', { name: 'NAS.example.org.' });
    assert.match(visitor.text, /Saved\..*nas\.example\.org new/);
    await visitor.send('/operator/people/alice/grant', { name: 'nas.example.org' });
    assert.match(visitor.text, /has this name already/);
    await visitor.send('/operator/people/alice/grant', { name: 'nas' });
    assert.match(visitor.text, /a whole name is needed/);
    await visitor.open(`/operator/people/alice/revoke/${HOME}`);
    assert.match(visitor.text, /Revoke home\.example\.org from alice\?/);
    await visitor.send(`/operator/people/alice/revoke/${HOME}`);
    assert.deepEqual((await find(both, 'alice'))?.domains, ['cam.example.org', 'nas.example.org']);
  });

  it('gets rights: certificates, and networks to log in from', async () => {
    const both = await signedIn();
    const { visitor } = both;
    await visitor.open('/operator/people/alice');
    const rights = { certificates: 'on', networks: '192.0.2.0/24 2001:db8::/32' };
    await visitor.send('/operator/people/alice/rights', { ...rights, networks: '192.0.2.0/33' });
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.page.body, /value="on" checked/);
    assert.equal((await find(both, 'alice'))?.certificates, undefined);
    await visitor.send('/operator/people/alice/rights', rights);
    const alice = await find(both, 'alice');
    assert.deepEqual([alice?.certificates, alice?.networks.length], [true, 2]);
    await visitor.send('/operator/people/alice/rights', { certificates: 'default', networks: '' });
    assert.deepEqual((await find(both, 'alice'))?.networks, []);
  });

  it('loses a token that the operator revokes, after a question', async () => {
    const both = await signedIn();
    const { visitor } = both;
    await visitor.open('/operator/people/alice');
    assert.match(visitor.text, /token-0 all names of the user addresses Revoke/);
    await visitor.open('/operator/people/alice/tokens/token-0/revoke');
    await visitor.send('/operator/people/alice/tokens/token-0/revoke');
    assert.deepEqual((await find(both, 'alice'))?.tokens, []);
  });

  it('is removed after a question, and the sessions of this user end', async () => {
    const both = await signedIn();
    const { service, visitor } = both;
    const alice = new Visitor(service);
    await alice.signIn('alice', 's3cret');
    await visitor.open('/operator/people/alice/remove');
    assert.match(visitor.text, /Remove alice\?.*2 names belong to this user no more/);
    await visitor.send('/operator/people/alice/remove');
    assert.match(visitor.text, /The user is removed/);
    assert.equal(await find(both, 'alice'), undefined);
    await alice.open(`/hosts/${HOME}`);
    assert.match(alice.text, /Please sign in/);
    assert.equal((await visitor.open('/operator/people/alice')).status, 404);
  });

  it('stays an operator where nobody else is one', async () => {
    const both = await signedIn();
    const { visitor } = both;
    await visitor.open('/operator/people/root');
    const answer = await visitor.send('/operator/people/root/operator', { admin: 'off' });
    assert.equal(answer.status, 409);
    assert.match(visitor.text, /This is the only operator/);
    await visitor.open('/operator/people/root/remove');
    await visitor.send('/operator/people/root/remove');
    assert.match(visitor.text, /This is the only operator/);
    assert.equal((await find(both, 'root'))?.admin, true);
  });

  it('is an operator no more where there is another, and two cannot dismiss each other at once', async () => {
    const both = await signedIn({
      users: [user('root', 's3cret', [], { admin: true }), user('alice', 's3cret', [HOME], { admin: true })],
    });
    const { service, visitor } = both;
    const alice = new Visitor(service);
    await alice.signIn('alice', 's3cret');
    await visitor.open('/operator/people/alice');
    await alice.open('/operator/people/root');
    await Promise.all([
      visitor.send('/operator/people/alice/operator', { admin: 'off' }),
      alice.send('/operator/people/root/operator', { admin: 'off' }),
    ]);
    const left = [await find(both, 'root'), await find(both, 'alice')].filter((one) => one?.admin === true);
    assert.equal(left.length, 1);
  });
});

describe('The other lists', () => {
  it('names say who holds what, and those that others follow have nobody', async () => {
    const { visitor } = await signedIn();
    await visitor.open('/operator/names?q=alice');
    assert.match(visitor.text, /cam\.example\.org alice new home\.example\.org alice new/);
    await visitor.open('/operator/names?trouble=1');
    assert.match(visitor.text, /Names in trouble.*Nothing was found/);
    await visitor.open('/operator/names?q=nothing');
    assert.match(visitor.text, /Nothing was found/);
  });

  it('name servers tell what check finds, each trouble once', async () => {
    const primary = valueIn(parseServerSocket('192.0.2.53:53'));
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((label) => domainName(`${label}.example.org`));
    const { visitor } = await signedIn({
      primaries: [{ primary, trouble: undefined }],
      findings: [{ code: 'user-without-domains', user: '<b>eve</b>' as UserName }],
      checked: names.map((domain) => ({
        domain,
        kind: 'name',
        users: [],
        primary: undefined,
        zone: undefined,
        findings: [
          {
            cause: { code: 'zone-unreadable', zone: domainName('example.org'), reason: 'no such file' },
            severity: 'problem',
          },
        ],
      })),
    });
    await visitor.open('/operator/servers');
    assert.match(visitor.text, /192\.0\.2\.53:53 answers/);
    await visitor.send('/operator/servers/check');
    assert.match(
      visitor.text,
      /a\.example\.org, .*e\.example\.org and 2 more The zone example\.org cannot be read: no such file.*<b>eve<\/b>/,
    );
    assert.ok(!visitor.page.body.includes('<b>eve'));
  });

  it('name servers tell in German what check finds, and what to do with a primary as the command says it', async () => {
    const home = domainName('home.example.org');
    const { service } = await signedIn({
      findings: [{ code: 'user-without-domains', user: 'eve' as UserName }],
      checked: [
        {
          ...{ domain: home, kind: 'name', users: [], primary: undefined, zone: undefined },
          findings: [
            { cause: { code: 'no-zone', servedHere: true }, severity: 'problem' },
            {
              cause: { code: 'secondary-lags', secondary: 'ns2.example.org' },
              ...{ severity: 'warning', problem: 'has a newer version', cure: 'let it notify' },
            },
          ],
        },
      ],
    });
    const visitor = new Visitor(service, { 'Accept-Language': 'de' });
    await visitor.signIn('root', 's3cret');
    await visitor.open('/operator/servers');
    await visitor.send('/operator/servers/check');
    assert.match(visitor.text, /Keine Zone von \[nameserver\] enthält home\.example\.org\. → Die Zone mit/);
    assert.match(visitor.text, /Der Benutzer eve darf keinen Namen ändern\./);
    assert.ok(
      visitor.page.body.includes('Befehl: <code>dynonym configure users auth eve DOMAIN</code>'),
      'the command is set apart, without a full stop',
    );
    assert.match(visitor.text, /ns2\.example\.org hat eine ältere Fassung der Zone\. Has a newer version\./);
  });

  it('name servers tell once, in the language of the page, what is the same for several users', async () => {
    const users = ['eve', 'bob'].map((name) => name as UserName);
    const { service, visitor } = await signedIn({
      findings: users.map((user) => ({ code: 'user-without-domains', user })),
    });
    await visitor.open('/operator/servers');
    await visitor.send('/operator/servers/check');
    assert.match(visitor.text, /eve, bob These users may change no name\./);
    const german = new Visitor(service, { 'Accept-Language': 'de' });
    await german.signIn('root', 's3cret');
    await german.open('/operator/servers');
    await german.send('/operator/servers/check');
    assert.match(german.text, /eve, bob Diese Benutzer dürfen keinen Namen ändern\./);
    assert.ok(
      german.page.body.includes('Befehl: <code>dynonym configure users auth USER DOMAIN</code>, für jeden.'),
      'the command is set apart',
    );
  });

  it('name servers say that all is fine', async () => {
    const { visitor } = await signedIn();
    await visitor.open('/operator/servers');
    assert.match(visitor.text, /The built-in name server takes the updates/);
    await visitor.send('/operator/servers/check');
    assert.match(visitor.text, /All is fine: 0 zones/);
  });

  it('sign-ins show where guesses come from, and no name that no user has', async () => {
    const { service, visitor } = await signedIn();
    await visitor.open('/operator/sign-ins');
    assert.match(visitor.text, /No wrong passwords came/);
    for (let guess = 0; guess < 10; guess += 1) {
      await service.ask(`/nic/update?hostname=${HOME}`, { as: basic('alice', `guess-${guess}`) });
    }
    await service.ask(`/nic/update?hostname=${HOME}`, { as: basic('my-password', 'alice') });
    await visitor.open('/operator/sign-ins');
    assert.match(visitor.text, /127\.0\.0\.1 alice 0 for one minute/);
    assert.match(visitor.text, /127\.0\.0\.1 all 11 no/);
    assert.match(visitor.text, /127\.0\.0\.1 a name that no user has 1 no/);
    assert.ok(!visitor.page.body.includes('my-password'));
  });

  it('changes tell who changed what, and by which way', async () => {
    const { visitor } = await signedIn();
    await visitor.open('/operator/people/alice');
    await visitor.send('/operator/people/alice/grant', { name: 'nas.example.org' });
    await visitor.open('/operator/changes');
    assert.match(visitor.text, /just now root on these pages granted a name alice · nas\.example\.org/);
  });
});
