import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UserName } from '../../../../src/domain/user.ts';
import { Authenticator } from '../../../support/authenticator.ts';
import { SITE, Visitor } from '../../../support/visitor.ts';
import { type Service, startService, user } from '../http/service.ts';

const MINUTE = 60_000;
const HERE = { origin: SITE };

const start = () =>
  startService({
    web: SITE,
    trustedProxies: ['127.0.0.1'],
    users: [
      user('alice', 's3cret', ['home.example.org'], { tokens: { 'router-token': undefined } }),
      user('bob', 'hunter2', []),
      user('carol', 'open sesame', [], { networks: ['198.51.100.0/24'] }),
    ],
  });

/** Asks for a challenge as `passkeys.js` does, with the fields of the form that stands on the page. */
async function challengeFor(visitor: Visitor, action: string, fields: Record<string, string> = {}) {
  const page = visitor.page;
  const [, token = ''] = /name="form" value="([^"]*)"/.exec(page.body) ?? [];
  const { status, body } = await visitor.open(`${action}/challenge`, { form: { form: token, ...fields } });
  visitor.page = page;
  return status === 200 ? JSON.parse(body) : undefined;
}

async function addPasskey(visitor: Visitor, authenticator: Authenticator, name = 'Phone'): Promise<void> {
  await visitor.open('/account');
  const options = await challengeFor(visitor, '/account/passkeys', { name });
  await visitor.send('/account/passkeys', { name, answer: authenticator.make(options, HERE) });
}

async function signInWith(visitor: Visitor, authenticator: Authenticator, signed = {}): Promise<number> {
  await visitor.open('/');
  const options = await challengeFor(visitor, '/sign-in/passkey');
  const answer = authenticator.use(options, { ...HERE, ...signed });
  return (await visitor.send('/sign-in/passkey', { answer })).status;
}

/** A service whose user alice has a passkey. */
async function withPasskey(): Promise<{ service: Service; authenticator: Authenticator; visitor: Visitor }> {
  const service = await start();
  const authenticator = new Authenticator();
  const visitor = new Visitor(service);
  await visitor.signIn('alice', 's3cret');
  await addPasskey(visitor, authenticator);
  return { service, authenticator, visitor };
}

describe('A passkey', () => {
  it('is added to the account, signs its user in, and is removed after a question', async () => {
    const { service, authenticator, visitor } = await withPasskey();
    assert.match(visitor.text, /The passkey is added/);
    assert.equal(visitor.path, '/account?done=passkey');
    assert.deepEqual(
      service.events.told.flatMap((event) => (event.kind === 'managed' ? [[event.deed, event.passkey]] : [])),
      [['passkey-added', 'Phone']],
    );

    const other = new Visitor(service);
    assert.equal(await signInWith(other, authenticator), 200);
    assert.match(other.text, /^My hosts/);

    await visitor.open('/account/passkeys/Phone/remove');
    assert.match(visitor.text, /^Remove the passkey Phone\?/);
    await visitor.send('/account/passkeys/Phone/remove');
    assert.match(visitor.text, /The passkey is removed/);
    const later = new Visitor(service);
    assert.equal(await signInWith(later, authenticator), 422);
    assert.match(later.text, /This passkey opens no account here/);
    await other.open('/account');
    assert.match(other.text, /^Account/, 'a session that it began goes on');
  });

  it('leads to the page that was asked for, and to no other site', async () => {
    const { service, authenticator } = await withPasskey();
    const visitor = new Visitor(service);
    for (const [next, path] of [
      ['/account', '/account'],
      ['https://example.net/', '/'],
      ['//example.net', '/'],
    ] as const) {
      await visitor.open('/');
      const options = await challengeFor(visitor, '/sign-in/passkey');
      await visitor.send('/sign-in/passkey', { answer: authenticator.use(options, HERE), next });
      assert.equal(visitor.path, path);
      await visitor.send('/sign-out');
    }
  });

  it('answers a challenge once, within five minutes, in the browser that asked for it', async () => {
    const { service, authenticator } = await withPasskey();
    const visitor = new Visitor(service);
    await visitor.open('/');
    const options = await challengeFor(visitor, '/sign-in/passkey');
    const answer = authenticator.use(options, HERE);

    const thief = new Visitor(service);
    await thief.open('/');
    await challengeFor(thief, '/sign-in/passkey');
    assert.equal((await thief.send('/sign-in/passkey', { answer })).status, 422);

    assert.equal((await visitor.send('/sign-in/passkey', { answer })).status, 200);
    await visitor.send('/sign-out');
    assert.equal((await visitor.send('/sign-in/passkey', { answer })).status, 422);

    const late = await challengeFor(visitor, '/sign-in/passkey');
    await service.clock.advance(5 * MINUTE);
    assert.equal(
      (await visitor.send('/sign-in/passkey', { answer: authenticator.use(late, HERE) })).status,
      422,
    );
  });

  it('is refused where its user was not verified, or another site asked for the signature', async () => {
    const { service, authenticator } = await withPasskey();
    for (const signed of [{ verified: false }, { origin: 'https://example.net' }]) {
      assert.equal(await signInWith(new Visitor(service), authenticator, signed), 422);
    }
  });

  it('is refused when its counter shows that somebody has a copy', async () => {
    const { service, authenticator } = await withPasskey();
    authenticator.counter = 7;
    assert.equal(await signInWith(new Visitor(service), authenticator), 200);
    authenticator.counter = 7;
    assert.equal(await signInWith(new Visitor(service), authenticator), 422);
  });

  it('shows when it was used last, where it counts, and writes nothing to the store of users where not', async () => {
    const { service, authenticator, visitor } = await withPasskey();
    const written: unknown[] = [];
    const write = service.users.setPasskeyUse.bind(service.users);
    service.users.setPasskeyUse = (...use) => {
      written.push(use);
      return write(...use);
    };
    await visitor.open('/account');
    assert.match(visitor.text, /Passkey Added Last used Phone just now not known/);
    authenticator.counter = -1; // it signs with 0, always
    assert.equal(await signInWith(new Visitor(service), authenticator), 200);
    assert.deepEqual(written, []);

    authenticator.counter = 6;
    await service.clock.advance(5 * MINUTE);
    const at = service.clock.now();
    assert.equal(await signInWith(new Visitor(service), authenticator), 200);
    assert.deepEqual(written, [['alice', 'Phone', { counter: 7, at }]]);
    await service.clock.advance(3 * MINUTE);
    await visitor.open('/account');
    assert.match(visitor.text, /Last used Phone 8 minutes ago 3 minutes ago/);
  });

  it('opens nothing outside the networks of its user, and nothing after the user was removed', async () => {
    const service = await start();
    const authenticator = new Authenticator();
    const office = { 'X-Forwarded-For': '198.51.100.7' };
    const carol = new Visitor(service, office);
    await carol.signIn('carol', 'open sesame');
    await addPasskey(carol, authenticator);
    assert.equal(await signInWith(new Visitor(service), authenticator), 422);
    assert.equal(await signInWith(new Visitor(service, office), authenticator), 200);
    await service.users.remove('carol' as UserName);
    assert.equal(await signInWith(new Visitor(service, office), authenticator), 422);
    await carol.open('/account');
    assert.match(carol.text, /^Sign in/, 'the cookie of a removed user opens nothing');
  });

  it('is no way to guess: wrong answers are counted as wrong passwords are', async () => {
    const { service } = await withPasskey();
    const visitor = new Visitor(service);
    for (let guess = 0; guess < 50; guess += 1) {
      await visitor.open('/');
      await visitor.send('/sign-in/passkey', { answer: `{"id":"guess-${guess}"}` });
    }
    const answer = await visitor.send('/sign-in/passkey', { answer: '{}' });
    assert.equal(answer.status, 429);
    assert.equal(answer.headers['retry-after'], '60');
  });

  it('cannot be added to a second account, nor twice, and each has its own name', async () => {
    const { service, authenticator, visitor } = await withPasskey();
    await addPasskey(visitor, authenticator, 'Again');
    assert.equal(visitor.page.status, 422);
    await addPasskey(visitor, new Authenticator(), 'Phone');
    assert.equal(visitor.page.status, 422);
    assert.match(visitor.text, /You have a passkey of this name already/);
    assert.match(visitor.page.body, /name="name"[^>]* value="Phone"/);
    const bob = new Visitor(service);
    await bob.signIn('bob', 'hunter2');
    await addPasskey(bob, authenticator);
    assert.equal(bob.page.status, 422);
    assert.equal((await service.users.findByPasskey(authenticator.id))?.name, 'alice');
  });

  it('asks for the password some minutes after the sign-in, and takes no token for it', async () => {
    const { service, visitor } = await withPasskey();
    await service.clock.advance(11 * MINUTE);
    await visitor.open('/account');
    const name = 'Tablet';
    assert.equal(await challengeFor(visitor, '/account/passkeys', { name }), undefined);
    for (const current of ['', 'wrong', 'router-token']) {
      assert.equal(await challengeFor(visitor, '/account/passkeys', { name, current }), undefined);
      await visitor.open('/account/passkeys/Phone/remove');
      const answer = await visitor.send('/account/passkeys/Phone/remove', { current });
      assert.equal(answer.status, 422);
      assert.match(visitor.text, /This is not your current password/);
    }
    await visitor.open('/account');
    const fields = { name, current: 's3cret' };
    const options = await challengeFor(visitor, '/account/passkeys', fields);
    await visitor.send('/account/passkeys', { ...fields, answer: new Authenticator().make(options, HERE) });
    assert.match(visitor.text, /The passkey is added/);
    await visitor.open('/account/passkeys/Phone/remove');
    await visitor.send('/account/passkeys/Phone/remove', { current: 's3cret' });
    assert.match(visitor.text, /The passkey is removed/);
  });

  it('says during a pause that there is one, where it asks for the password', async () => {
    const { service, visitor } = await withPasskey();
    await service.clock.advance(11 * MINUTE);
    const remove = async (current: string) => {
      await visitor.open('/account/passkeys/Phone/remove');
      return visitor.send('/account/passkeys/Phone/remove', { current });
    };
    for (let guess = 0; guess < 10; guess += 1) await remove(`guess ${guess}`);
    for (const ask of [
      () => remove('s3cret'),
      async () => {
        await visitor.open('/account');
        return visitor.send('/account/passkeys', { name: 'Tablet', current: 's3cret' });
      },
    ]) {
      const paused = await ask();
      assert.equal(paused.status, 429);
      assert.match(String(paused.headers['retry-after']), /^[1-9]\d*$/);
      assert.match(visitor.text, /Too many wrong passwords came from your network/);
    }
  });

  it('is not shown in a browser without JavaScript, and its name is never markup', async () => {
    const service = await start();
    const visitor = new Visitor(service);
    await visitor.open('/');
    assert.match(visitor.page.body, /<form [^>]*data-passkey="get"[^>]* hidden>/);
    await visitor.signIn('alice', 's3cret');
    await addPasskey(visitor, new Authenticator(), '<b>"Phone" & key/1');
    assert.match(visitor.page.body, /<form [^>]*data-passkey="create"[^>]* hidden>/);
    assert.match(visitor.page.body, /&lt;b&gt;&quot;Phone&quot; &amp; key\/1/);
    const [, path = ''] = /href="(\/account\/passkeys\/[^"]*)"/.exec(visitor.page.body) ?? [];
    await visitor.open(path);
    await visitor.send(path);
    assert.match(visitor.text, /The passkey is removed/);
  });

  it('leaves its scripts together below five kilobytes', async () => {
    const service = await start();
    let size = 0;
    for (const name of ['live.js', 'passkeys.js']) {
      size += (await service.ask(`/assets/${name}`)).body.length;
    }
    assert.ok(size > 0 && size < 5_000, `${size} octets`);
  });
});
