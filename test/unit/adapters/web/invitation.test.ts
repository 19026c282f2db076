import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseNetwork } from '../../../../src/domain/network.ts';
import type { UserName } from '../../../../src/domain/user.ts';
import { valueIn } from '../../../support/parsed.ts';
import { SITE, Visitor } from '../../../support/visitor.ts';
import { type Service, startService, user } from '../http/service.ts';

const DAY = 24 * 60 * 60 * 1000;
const BELOW = 'users.dyn.example.org';
const PASSWORD = 'correct horse';

async function withOperator() {
  const service = await startService({
    web: SITE,
    trustedProxies: ['127.0.0.1'],
    users: [
      user('root', 's3cret', [], { admin: true }),
      user('bob', 'hunter2', [`bob.${BELOW}`, 'bobhost.example.org']),
    ],
  });
  const operator = new Visitor(service);
  await operator.signIn('root', 's3cret');
  return { service, operator };
}

/** The path of the link that the operator gets. */
async function invite(operator: Visitor, fields: Readonly<Record<string, string>>): Promise<string> {
  await operator.open('/operator/people');
  return linkOn(await operator.send('/operator/people/invite', fields));
}

function linkOn({ status, body }: { readonly status: number; readonly body: string }): string {
  assert.equal(status, 200);
  const [, path = ''] = /<code id="link">https:\/\/dyn\.example\.org(\/invitation\/[^<]+)</.exec(body) ?? [];
  assert.notEqual(path, '');
  return path;
}

async function accept(service: Service, link: string, fields: Readonly<Record<string, string>>) {
  const visitor = new Visitor(service);
  await visitor.open(link);
  const answer = await visitor.send(link, { password: PASSWORD, ...fields });
  return { visitor, answer };
}

const namesOf = async (service: Service, name: string) =>
  (await service.users.find(name as UserName))?.domains;

describe('An invitation', () => {
  it('says who invites and what one gets, makes a user of whoever accepts it, and leads on to the set-up', async () => {
    const { service, operator } = await withOperator();
    const link = await invite(operator, { grants: 'home.example.org, CAM.example.org', below: '' });
    const visitor = new Visitor(service);
    await visitor.open(link);
    assert.match(visitor.text, /root invites you.*home\.example\.org cam\.example\.org/);
    await visitor.send(link, { user: 'alice', password: PASSWORD });
    assert.equal(visitor.path, '/setup');
    assert.deepEqual(await namesOf(service, 'alice'), ['home.example.org', 'cam.example.org']);
    await visitor.open('/');
    assert.match(visitor.text, /home\.example\.org new .*cam\.example\.org new/);
    assert.deepEqual(
      service.events.of('managed').map(({ by, way, deed }) => [by, way, deed]),
      [
        ['root', 'page', 'invitation-made'],
        ['alice', 'page', 'user-added'],
        ['alice', 'page', 'name-granted'],
        ['alice', 'page', 'name-granted'],
      ],
    );
  });

  it('is good once, and only for a day', async () => {
    const { service, operator } = await withOperator();
    const [used, old] = [
      await invite(operator, { grants: 'home.example.org' }),
      await invite(operator, { grants: 'home.example.org' }),
    ];
    await accept(service, used, { user: 'alice' });
    const visitor = new Visitor(service);
    assert.equal((await visitor.open(used)).status, 404);
    assert.match(visitor.text, /This link is not good any more/);
    await visitor.open(old);
    await service.clock.advance(DAY);
    assert.equal((await visitor.send(old, { user: 'late', password: PASSWORD })).status, 404);
    assert.equal((await visitor.open('/invitation/nothing')).status, 404);
    assert.equal(await namesOf(service, 'late'), undefined);
  });

  it('makes one user where two accept it at once', async () => {
    const { service, operator } = await withOperator();
    const link = await invite(operator, { grants: 'home.example.org' });
    const answers = await Promise.all(
      ['one', 'two'].map(async (name) => (await accept(service, link, { user: name })).visitor.path),
    );
    assert.deepEqual(answers.toSorted(), ['/setup', link].toSorted());
    const added = service.events.of('managed').filter(({ deed }) => deed === 'user-added');
    assert.equal(added.length, 1);
  });

  it('lets one choose a name below another: not a reserved, a granted or a used one, and not two the same', async () => {
    const { service, operator } = await withOperator();
    const link = await invite(operator, { below: BELOW });
    const other = await invite(operator, { below: BELOW });
    service.nameUse.used.add(`nas.${BELOW}`);
    const visitor = new Visitor(service);
    await visitor.open(link);
    for (const [name, reason] of [
      ['', /a name is needed/],
      ['www', /this name is reserved/],
      ['NS1', /this name is reserved/],
      ['-x', /letters, digits and inner hyphens/],
      ['xn--bcher-kva', /letters, digits and inner hyphens/],
      ['a.b', /letters, digits and inner hyphens/],
      ['bob', /This name is taken/],
      ['nas', /This name is taken/],
    ] as const) {
      const answer = await visitor.send(link, { user: 'alice', password: PASSWORD, name });
      assert.equal(answer.status, 422, name);
      assert.match(visitor.text, reason, name);
      assert.match(answer.body, /value="alice"/);
      assert.ok(!answer.body.includes(PASSWORD));
    }
    const paths = await Promise.all([
      accept(service, link, { user: 'alice', name: 'Home' }),
      accept(service, other, { user: 'carol', name: 'home' }),
    ]);
    assert.deepEqual(paths.map(({ answer }) => answer.status === 422).toSorted(), [false, true]);
    const holders = [await namesOf(service, 'alice'), await namesOf(service, 'carol')];
    assert.deepEqual(
      holders.filter((names) => names !== undefined),
      [[`home.${BELOW}`]],
    );
    // Whoever came too late still has the link.
    const late = paths.find(({ answer }) => answer.status === 422)?.visitor;
    assert.match(late?.text ?? '', /This name is taken/);
    await late?.send(late.path, { user: 'dave', password: PASSWORD, name: 'dave' });
    assert.deepEqual(await namesOf(service, 'dave'), [`dave.${BELOW}`]);
  });

  it('says so where the name servers do not tell whether a name is free, and stays good', async () => {
    const { service, operator } = await withOperator();
    const link = await invite(operator, { below: BELOW });
    service.nameUse.answers = false;
    const { visitor, answer } = await accept(service, link, { user: 'alice', name: 'home' });
    assert.equal(answer.status, 422);
    assert.match(visitor.text, /could not find out whether this name is free/);
    service.nameUse.answers = true;
    await visitor.send(link, { user: 'alice', password: PASSWORD, name: 'home' });
    assert.deepEqual(await namesOf(service, 'alice'), [`home.${BELOW}`]);
  });

  it('keeps a user name that somebody has, says so, and stays good', async () => {
    const { service, operator } = await withOperator();
    const link = await invite(operator, { grants: 'home.example.org' });
    const { visitor, answer } = await accept(service, link, { user: 'bob' });
    assert.equal(answer.status, 422);
    assert.match(visitor.text, /Somebody has this user name/);
    await visitor.send(link, { user: 'bob2', password: PASSWORD });
    assert.equal(visitor.path, '/setup');
  });

  it('says in both languages that no new user can have a name, beside the field, and stays good', async () => {
    const { service, operator } = await withOperator();
    const link = await invite(operator, { grants: 'home.example.org' });
    for (const [user, english, german] of [
      ['toString', /cannot have a user of this name; choose another one/, /als Benutzername nicht möglich/],
      ['ol\u200bga', /a user name has no invisible characters/, /hat keine unsichtbaren Zeichen/],
    ] as const) {
      for (const [language, reason] of [
        ['en', english],
        ['de', german],
      ] as const) {
        const visitor = new Visitor(service, { 'Accept-Language': language });
        await visitor.open(link);
        const answer = await visitor.send(link, { user, password: PASSWORD });
        assert.equal(answer.status, 422);
        assert.match(visitor.text, reason);
        assert.match(answer.body, /<input[^>]*name="user"[^>]*aria-invalid/);
        assert.equal(await namesOf(service, user), undefined);
      }
    }
    assert.equal((await accept(service, link, { user: 'olga' })).visitor.path, '/setup');
  });

  it('lets nobody choose a name below a wildcard, and says so to the operator', async () => {
    const { operator } = await withOperator();
    await operator.open('/operator/people');
    const { status } = await operator.send('/operator/people/invite', { below: '*.example.org' });
    assert.equal(status, 422);
    assert.match(operator.text, /there are no names below a wildcard/);
  });

  it('ends when it is revoked, and when its maker is no operator any more', async () => {
    const { service, operator } = await withOperator();
    const [revoked, orphaned] = [
      await invite(operator, { grants: 'home.example.org' }),
      await invite(operator, { grants: 'home.example.org' }),
    ];
    await operator.open('/operator/people');
    // The latest link comes first.
    const digests = [...operator.page.body.matchAll(/name="digest" value="([^"]+)"/g)].map(
      ([, one]) => one ?? '',
    );
    await operator.send('/operator/people/revoke-link', { digest: digests[1] ?? '' });
    assert.match(operator.text, /The link is revoked/);
    await operator.send('/operator/people/revoke-link', { digest: digests[1] ?? '' });
    assert.match(operator.text, /This link was not open any more.*look whether/i);
    assert.doesNotMatch(operator.text, /The link is revoked/);
    const visitor = new Visitor(service);
    assert.equal((await visitor.open(revoked)).status, 404);
    assert.equal((await visitor.open(orphaned)).status, 200);
    await service.users.setRights('root' as UserName, { admin: false });
    assert.equal((await visitor.open(orphaned)).status, 404);
  });

  it('shows markup in every field as text', async () => {
    const { service, operator } = await withOperator();
    const link = await invite(operator, { below: BELOW });
    const bad = '"><script>alert(1)</script>';
    const { answer } = await accept(service, link, { user: bad, name: bad });
    assert.equal(answer.status, 422);
    assert.ok(!answer.body.includes('<script>alert'));
    const { visitor } = await accept(service, link, { user: bad, name: 'home' });
    assert.equal(visitor.path, '/setup');
    for (const path of ['/operator/people', '/operator/names', '/operator/changes', '/operator']) {
      const page = await operator.open(path);
      assert.ok(!page.body.includes('<script>alert'), path);
    }
    await operator.open(`/operator/people/${encodeURIComponent(bad)}`);
    assert.equal(operator.page.status, 200);
    assert.ok(!operator.page.body.includes('<script>alert'));
    await operator.open('/operator/people');
    const refused = await operator.send('/operator/people/invite', { grants: bad, below: bad });
    assert.equal(refused.status, 422);
    assert.ok(!refused.body.includes('<script>alert'));
    assert.equal(
      (await operator.open(`/operator/people?q=${encodeURIComponent(bad)}`)).body.includes('<script>alert'),
      false,
    );
  });

  it('is in German where the browser asks for it, its mistakes too', async () => {
    const { service, operator } = await withOperator();
    const link = await invite(operator, { below: BELOW });
    const visitor = new Visitor(service, { 'Accept-Language': 'de' });
    await visitor.open(link);
    assert.match(visitor.text, /root lädt Sie zu dynonym ein/);
    await visitor.send(link, { user: 'a:b', password: '', name: 'www' });
    assert.match(visitor.text, /dieser Name ist reserviert.*keinen Doppelpunkt.*ein leeres Passwort/);
  });
});

describe('A link for a lost password', () => {
  it('sets a new one once, and ends all sessions of the user', async () => {
    const { service, operator } = await withOperator();
    const bob = new Visitor(service);
    await bob.signIn('bob', 'hunter2');
    await operator.open('/operator/people/bob');
    const link = linkOn(await operator.send('/operator/people/bob/password'));
    const visitor = new Visitor(service);
    await visitor.open(link);
    assert.match(visitor.text, /New password of bob/);
    await visitor.send(link, { password: '' });
    assert.match(visitor.text, /an empty password is no password/);
    await visitor.send(link, { password: PASSWORD });
    assert.match(visitor.text, /bobhost\.example\.org/);
    assert.equal((await visitor.open(link)).status, 404);
    await bob.open('/account');
    assert.match(bob.text, /Please sign in/);
    assert.match((await bob.signIn('bob', PASSWORD)).body, /bobhost\.example\.org/);
  });

  it('sets none from outside of the networks of the user, says so, and stays good', async () => {
    const { service, operator } = await withOperator();
    await operator.open('/operator/people/bob');
    const link = linkOn(await operator.send('/operator/people/bob/password'));
    const inside = new Visitor(service, { 'X-Forwarded-For': '192.0.2.8' });
    const outside = new Visitor(service, { 'X-Forwarded-For': '198.51.100.1' });
    await outside.open(link);
    await service.users.setRights('bob' as UserName, { networks: [valueIn(parseNetwork('192.0.2.0/24'))] });
    const answer = await outside.send(link, { password: PASSWORD });
    assert.equal(answer.status, 403);
    assert.match(outside.text, /From this network, bob may not sign in/);
    assert.equal((await outside.open(link)).status, 403);
    assert.doesNotMatch((await outside.signIn('bob', 'hunter2')).body, /bobhost/);
    await inside.open(link);
    assert.match((await inside.send(link, { password: PASSWORD })).body, /bobhost\.example\.org/);
    // The session is good where the user may sign in, and nowhere else.
    for (const [name, value] of inside.cookies) outside.cookies.set(name, value);
    await outside.open('/account');
    assert.match(outside.text, /Please sign in/);
    assert.equal((await inside.open('/account')).status, 200);
    assert.equal(inside.path, '/account');
  });

  it('ends when the password changes meanwhile, and does not open the account of another user of that name', async () => {
    const { service, operator } = await withOperator();
    await operator.open('/operator/people/bob');
    const link = linkOn(await operator.send('/operator/people/bob/password'));
    await service.users.remove('bob' as UserName);
    const visitor = new Visitor(service);
    assert.equal((await visitor.open(link)).status, 404);
    await service.users.add(user('bob', 'another', []));
    assert.equal((await visitor.open(link)).status, 404);
  });
});
